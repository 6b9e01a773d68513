// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/tasks/task_text.hpp"

#include <optional>

#include "experiments/tasks/task_input.hpp"
#include "experiments/tasks/task_kinds.hpp"
#include "experiments/text/short_number.hpp"

namespace umkehr {
namespace {

std::string control_of(const std::optional<double>& step, double tolerance) {
  return step ? "dt " + short_number(*step) : "tolerance " + short_number(tolerance);
}

std::string control_of(const KolmogorovChoices& choices) {
  return choices.follows_grid && !choices.step ? "tolerance from the grid"
                                               : control_of(choices.step, choices.tolerance);
}

struct Describe {
  TaskText operator()(const FokkerPlanckTask& task) const {
    const KolmogorovChoices& choices = task.choices;
    return {"", name_of(choices.method), choices.scheme, control_of(choices), task.reason};
  }
  TaskText operator()(const BackwardKolmogorovTask& task) const {
    const KolmogorovChoices& choices = task.choices;
    return {"", name_of(choices.method), choices.scheme,
            task.of.empty() ? control_of(choices) : "replays " + task.of};
  }
  TaskText operator()(const SpectrumTask& task) const {
    return {"", name_of(task.choices.method), "", std::to_string(task.choices.count) + " eigenvalues"};
  }
  TaskText operator()(const HjbTask& task) const {
    return {"", name_of(task.choices.method), "", control_of(task.choices.step, task.choices.tolerance)};
  }
  TaskText operator()(const MostProbablePathTask& task) const {
    return {"", "newton", "", std::to_string(task.points) + " points"};
  }
  TaskText operator()(const SchroedingerBridgeTask& task) const {
    const BridgeChoices& choices = task.choices;
    const bool marches = choices.method == BridgeMethod::propagator;
    return {"", name_of(choices.method), marches ? name_of(choices.propagator) : "",
            control_of({}, choices.system.tolerance)};
  }
  TaskText operator()(const ReverseDiffusionTask& task) const {
    const KolmogorovChoices& choices = task.choices.kolmogorov;
    return {"", name_of(choices.method), choices.scheme,
            "of " + task.of + ", " + control_of(choices.step, choices.tolerance)};
  }
  TaskText operator()(const ActionGapTask& task) const {
    return {"", name_of(task.forward.choices.method), "",
            "of " + task.of + ", tolerance " + short_number(task.tolerance)};
  }
  TaskText operator()(const CellsTask& task) const {
    const Cells& cells = task.cells.front();
    return {"", "schroedinger-system", "",
            std::to_string(cells.initial.size()) + " cells to " + std::to_string(cells.final.size()) + ", " +
                std::to_string(task.totals.size()) + " numbers of particles"};
  }
};

}  // namespace

TaskText text_of(const Task& task) {
  TaskText text = std::visit(Describe{}, task.problem);
  text.kind = kind_of(task).name;
  return text;
}

}  // namespace umkehr
