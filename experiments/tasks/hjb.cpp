// SPDX-License-Identifier: GPL-3.0-or-later
// The task "hjb" (3.24): the value lambda of a terminal value under the best control, the control u = -D grad lambda, and
// the density of a process that is steered by it.
#include "solver/hjb/hjb.hpp"

#include "experiments/tasks/shared/closed_forms.hpp"
#include "experiments/tasks/shared/task_cost.hpp"
#include "experiments/tasks/shared/task_group.hpp"
#include "experiments/tasks/shared/task_reader.hpp"
#include "grids/failure.hpp"
#include "solver/hjb/controlled_density.hpp"
#include "solver/kolmogorov/narrow_feature.hpp"

namespace umkehr {
namespace {

constexpr std::size_t slope_points = 6;  // that slopes take

const std::vector<std::string>& hjb_methods() {
  static const std::vector<std::string> names = {"finite-difference", "spectral", "log-transform"};
  return names;
}

class Hjb final : public Task {
 public:
  explicit Hjb(TaskReader& in)
      : choices_(read_choices(in)), terminal_(in.terminal()), initial_(in.density_if_given("initial")) {}

  TaskText text() const override { return {method(), "", control_text(choices_.step, choices_.tolerance)}; }

  void check(const Problem& on) const override {
    for (const Axis& axis : on.grid.axes())
      if (axis.points < slope_points)
        throw UnfitProblem("axis " + axis.name + ": " + std::to_string(axis.points) +
                           " points; slopes need at least " + std::to_string(slope_points));
    require_wide_features(on.process, on.grid, on.start, on.stop);
    require_wide_features(terminal_, on.grid, on.stop);
    if (!initial_) return;
    require_wide_features(*initial_, on.grid);
    std::vector<double> means(on.grid.size());
    cell_means(*initial_, on.grid, means);
  }

  TaskCost cost(const Problem& on) const override {
    if (choices_.method == HjbMethod::log_transform)
      return {0, a_kernel_entry * times_of(on) * cells_of(on) * cells_of(on),
              std::to_string(on.grid.size()) + " cells"};
    KolmogorovChoices march;
    march.step = choices_.step;
    march.tolerance = choices_.tolerance;
    if (choices_.method == HjbMethod::spectral) march.method = Method::fourier;
    return march_cost(on, march, 3);
  }

  TaskMemory memory(const Problem& on) const override {
    const double fields = (1 + axes_of(on)) * times_of(on);
    return {(3 * fields + 30) * field_of(on), fields * field_of(on)};
  }

  SolvedTask solve(const Problem& on, Replays&, const Progress& progress) const override {
    const auto [steered, seconds] = timed([&] {
      return initial_
                 ? steer(on.process, on.grid, terminal_, *initial_, on.start, on.stop, on.times, choices_,
                         progress)
                 : Steered{solve_hjb(on.process, on.grid, terminal_, on.stop, on.times, choices_, progress),
                           {}};
    });
    const HjbSolution& solution = steered.control;
    TaskGroup group(
        *this, on.grid,
        {{"method", method()}, {"terminal", terminal_.text()}, {"steps", std::to_string(solution.steps)}});
    group.add_times_and_axes(solution.value.times());
    group.add_field("value", solution.value.values());
    group.add_vector("control", solution.control);
    if (!solution.error.empty()) group.add("value_error", {"t"}, solution.error);
    if (initial_) {
      group.add_field("density", steered.density.values());
      group.note_cell_means("density");
    }
    return group.solved(seconds, solution.warnings, solution.steps, solution.refused);
  }

  void add_closed_form(const Group& run, ClosedForms& known) const override { known.none(run.name); }

 private:
  const std::string& method() const { return hjb_methods()[static_cast<std::size_t>(choices_.method)]; }

  static HjbChoices read_choices(TaskReader& in) {
    HjbChoices choices;
    choices.method =
        in.choice("method", usual_hjb_method(in.input.process.process, in.grid(), in.input.times.start));
    if (choices.method == HjbMethod::finite_difference) choices.order = static_cast<int>(in.count("order"));
    if (choices.order == 3) refuse(*in.section.find("order"), "order", "is not allowed; 2 or 4 is");
    in.step_control(choices.tolerance, choices.step);
    return choices;
  }

  HjbChoices choices_;
  Formula terminal_;            // lambda at `stop`
  std::optional<Law> initial_;  // of the process under control, whose density is then given too
};

}  // namespace

TaskKind hjb_task() {
  using enum TaskKey::Type;
  return {"hjb",
          TaskKeys{{"terminal", formula, "lambda at stop, a formula", "a formula, lambda at stop"},
                   {"method", word, "how the equation is solved", {}, {}, {}, hjb_methods()},
                   {"order", count, "the order in space", "of finite differences, 2 or 4", count_range(2, 4),
                    usual_count(2)},
                   {"initial", density, "the density at the start, to be steered",
                    "for the density of the process under control"}} +
              step_keys(),
          {{"value", "value lambda", "3.24"},
           {"control_*", "control u = -D d lambda / d*", "3.24"},
           {"value_error", "largest error of value relative to 1 + lambda - min lambda, estimated", "3.24"},
           {"density", "density of the process under control", "3.26"}},
          read_as<Hjb>};
}

}  // namespace umkehr
