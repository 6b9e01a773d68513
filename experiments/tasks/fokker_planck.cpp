// SPDX-License-Identifier: GPL-3.0-or-later
// The task "fokker-planck" (2.6, 2.33a): the density from its initial law, with score, mass and entropy.
#include "solver/kolmogorov/fokker_planck.hpp"
#include "experiments/tasks/shared/exact_density.hpp"
#include "experiments/tasks/shared/forward_law.hpp"
#include "experiments/tasks/shared/kolmogorov_choices.hpp"
#include "experiments/tasks/shared/task_cost.hpp"
#include "solver/kolmogorov/setup_check.hpp"
#include "solver/kolmogorov/usual_choice.hpp"

namespace umkehr {
namespace {

/// Method and scheme where the experiment names none, and why these. Where it says how steps are chosen it wants steps.
std::string fill_in_usual(TaskReader& in, const Law& initial) {
  Section& section = in.section;
  const auto choose = [&](const auto& usual) {
    return usual(in.input.process.process, in.grid(), initial, in.input.times.start, in.input.times.stop);
  };
  const bool is_built_on = in.input.built_on.contains(section.find("name")->string);
  if (is_built_on || section.has("scheme") || section.has("dt") || section.has("tolerance")) return "";
  if (section.has("method")) {
    const TomlValue& method = *section.find("method");
    if (!method.is(TomlValue::Kind::string) || method.string != name_of(Method::fourier)) return "";
    const UsualChoice chosen = choose(usual_fourier_choice);
    section.with_default("scheme", TomlValue::of(chosen.scheme));
    return chosen.reason;
  }
  const UsualChoice chosen = choose(usual_choice);
  section.with_default("method", TomlValue::of(name_of(chosen.method)));
  section.with_default("scheme", TomlValue::of(chosen.scheme));
  return chosen.reason;
}

class FokkerPlanck final : public Task {
 public:
  explicit FokkerPlanck(TaskReader& in) {
    forward = std::make_shared<ForwardRun>();
    forward->initial = in.density("initial");
    reason_ = fill_in_usual(in, forward->initial);
    forward->choices = read_kolmogorov_choices(in);
  }

  TaskText text() const override {
    return {name_of(choices().method), choices().scheme, control_text(choices()), reason_};
  }

  void check(const Problem& on) const override {
    check_setup(on.process, on.grid, forward->initial, on.start, on.stop, choices());
  }

  TaskCost cost(const Problem& on) const override {
    TaskCost cost = march_cost(on, choices());
    cost.seconds += cell_means_seconds(forward->initial, on.grid);
    return cost;
  }

  TaskMemory memory(const Problem& on) const override {
    return {kolmogorov_memory(on, choices()) + law_memory(forward->initial),
            (2 + axes_of(on) + forward->is_replayed + asks_for_exact_density(*this)) * times_of(on) *
                field_of(on)};
  }

  SolvedTask solve(const Problem& on, Replays& replays, const Progress& progress) const override {
    FokkerPlanckReplay* replay = nullptr;
    KolmogorovChoices own = choices();
    if (forward->is_replayed) {
      own.estimates_errors = own.follows_grid = false;  // what builds on the run is held against it
      replay = &replays[name];
      replay->stop = on.stop;
    }
    const auto [solution, seconds] = timed([&] {
      return solve_fokker_planck(on.process, on.grid, forward->initial, on.start, on.times, own, progress,
                                 replay, wanted(on.grid));
    });
    TaskGroup group = group_of(on.grid, solution);
    std::vector<std::string> warnings = solution.warnings;
    if (asks_for_exact_density(*this))
      add_exact_density(known_law(on, affine_process(on), *forward), on.grid, solution.density.times(), group,
                        warnings);
    return group.solved(seconds, warnings, solution.run.steps.size(), solution.run.refused);
  }

  void add_closed_form(const Group& run, ClosedForms& known) const override {
    add_forward_law(known_law(known.problem, known.affine(), *forward), run, known);
  }

 private:
  const KolmogorovChoices& choices() const { return forward->choices; }

  FokkerPlanckFields wanted(const Grid& grid) const {
    FokkerPlanckFields fields{is_written("log_density"), false};
    for (const Axis& axis : grid.axes()) fields.score = fields.score || is_written("score_" + axis.name);
    return fields;
  }

  TaskGroup group_of(const Grid& grid, const FokkerPlanckSolution& solution) const {
    TaskGroup group(*this, grid, {});
    note_kolmogorov(choices(), solution.run, group);
    group.note_bases(solution.hermite_centre, solution.hermite_scale);
    group.add_times_and_axes(solution.density.times());
    group.add_field("density", solution.density.values());
    if (solution.log_density.size() > 0) group.add_field("log_density", solution.log_density.values());
    group.add_vector("score", solution.score);
    group.add("mass", {"t"}, solution.mass);
    group.add("entropy", {"t"}, solution.entropy);
    group.add_scalar("mass_error", solution.mass_error);
    group.add_scalar("minimum", solution.minimum);
    group.add_errors(solution.errors, solution.run.error);
    if (choices().method == Method::finite_volume) group.note_cell_means("density");
    return group;
  }

  std::string reason_;  // for a method or a scheme that nobody chose
};

}  // namespace

TaskKind fokker_planck_task() {
  using enum TaskKey::Type;
  const std::string equation = "2.6, 2.33a", error = "relative L1 error of P at the last time by the ";
  return {
      "fokker-planck",
      TaskKeys{{"initial", density, "the density at the start", "the density at start"}} + kolmogorov_keys(),
      {{"density", "density P", equation},
       exact_density_variable(),
       {"log_density", "ln P", equation},
       {"score_*", "score, d ln P / d*", equation},
       {"mass", "mass, int P dx", equation},
       {"entropy", "entropy, -int P ln P dx", equation},
       {"mass_error", "largest |mass + outflow + killed - initial mass|", equation},
       {"minimum", "smallest value of P", equation},
       {"grid_error", error + "cells, estimated", equation},
       {"step_error", error + "steps in time, estimated", equation}},
      read_as<FokkerPlanck>};
}

}  // namespace umkehr
