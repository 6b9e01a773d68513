// SPDX-License-Identifier: GPL-3.0-or-later
// The task "backward-kolmogorov" (2.26-2.29, 2.33b): the value J of a terminal value, by steps of its own or by those of
// an earlier Fokker-Planck task, transposed.
#include "solver/kolmogorov/backward_kolmogorov.hpp"

#include "experiments/tasks/shared/kolmogorov_choices.hpp"
#include "experiments/tasks/shared/task_cost.hpp"
#include "experiments/tasks/shared/value_law.hpp"
#include "solver/kolmogorov/setup_check.hpp"

namespace umkehr {
namespace {

class BackwardKolmogorov final : public Task {
 public:
  explicit BackwardKolmogorov(TaskReader& in)
      : choices_(in.section.find("of") ? taken_over(in) : read_kolmogorov_choices(in)),
        terminal_(in.terminal()) {}

  TaskText text() const override {
    return {name_of(choices_.method), choices_.scheme, of.empty() ? control_text(choices_) : "replays " + of};
  }

  void check(const Problem& on) const override {
    check_setup(on.process, on.grid, terminal_, on.start, on.stop, choices_);
  }

  TaskCost cost(const Problem& on) const override { return march_cost(on, choices_); }

  TaskMemory memory(const Problem& on) const override {
    return {kolmogorov_memory(on, choices_), (of.empty() ? 1 : 2) * times_of(on) * field_of(on)};
  }

  SolvedTask solve(const Problem& on, Replays& replays, const Progress& progress) const override {
    const auto [solution, seconds] = timed([&] {
      return of.empty() ? solve_backward_kolmogorov(on.process, on.grid, terminal_, on.stop, on.times,
                                                    choices_, progress)
                        : replay_backward_kolmogorov(replays.at(of), terminal_, progress);
    });
    TaskGroup group(*this, on.grid, {{"terminal", terminal_.text()}});
    note_kolmogorov(choices_, solution.run, group);
    if (!of.empty()) group.note("of", of);
    group.note_bases(solution.hermite_centre, solution.hermite_scale);
    group.add_times_and_axes(solution.value.times());
    group.add_field("value", solution.value.values());
    if (!solution.pairing.empty()) group.add("pairing", {"t"}, solution.pairing);
    group.add_errors(solution.errors, solution.run.error);
    return group.solved(seconds, solution.warnings, solution.run.steps.size(), solution.run.refused);
  }

  void add_closed_form(const Group& run, ClosedForms& known) const override {
    if (known.affine(name)) add_value_law(terminal_, choices_.method, run, known);
  }

 private:
  /// The choices of the task whose steps are replayed.
  KolmogorovChoices taken_over(TaskReader& in) {
    const std::shared_ptr<ForwardRun> run = in.forward(*this);
    const Method method = run->choices.method;
    if (in.choice("method", method) != method)
      refuse(*in.section.find("method"), "method", "is not that of the task it replays, " + name_of(method));
    for (const char* key : {"scheme", "order", "tolerance", "dt", "centre", "scale"})
      if (in.section.has(key))
        refuse(*in.section.find(key), key,
               "cannot be chosen beside \"of\", which replays the steps of " + of);
    run->is_replayed = true;
    return run->choices;
  }

  KolmogorovChoices choices_;
  Formula terminal_;  // J at `stop`
};

}  // namespace

TaskKind backward_kolmogorov_task() {
  using enum TaskKey::Type;
  const std::string equation = "2.26-2.29, 2.33b",
                    error = "largest error of J at the first time, relative to its largest value, by the ";
  return {"backward-kolmogorov",
          TaskKeys{{"terminal", formula, "the value J at stop, a formula", "a formula, the value at stop"},
                   {"of", task, "a fokker-planck task, whose steps are replayed",
                    "a fokker-planck task, whose steps are replayed"}} +
              kolmogorov_keys(),
          {{"value", "J = E[J1(x(stop)) exp(-int V) | x(t) = x]", equation},
           {"pairing", "<P, J>, constant in t", equation},
           {"grid_error", error + "cells, estimated", equation},
           {"step_error", error + "steps in time, estimated", equation}},
          read_as<BackwardKolmogorov>};
}

}  // namespace umkehr
