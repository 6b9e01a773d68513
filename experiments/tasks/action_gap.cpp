// SPDX-License-Identifier: GPL-3.0-or-later
// The task "action-gap" (3.36-3.43): what a trial score costs beyond the exact one, in action, score matching and ends.
#include "solver/action/action_gap.hpp"

#include <stdexcept>

#include "experiments/tasks/shared/closed_forms.hpp"
#include "experiments/tasks/shared/kolmogorov_choices.hpp"
#include "experiments/tasks/shared/score_input.hpp"
#include "experiments/tasks/shared/task_cost.hpp"
#include "experiments/text/short_number.hpp"

namespace umkehr {
namespace {

class ActionGapTask final : public Task {
 public:
  explicit ActionGapTask(TaskReader& in)
      : forward_(in.forward(*this)), score_(read_score(in.require("score"), in.input)) {
    choices_.forward = forward_->choices;
    choices_.forward.estimates_errors = choices_.forward.follows_grid = false;
    start_ = read_time(in, "start", in.input.times.start);
    stop_ = read_time(in, "stop", in.input.times.stop);
    choices_.tolerance = in.number("tolerance");
    check_times(in);
    check_score(score_, in.require("score"), start_, stop_, in.input);
  }

  TaskText text() const override {
    return {name_of(choices_.forward.method), "",
            "of " + of + ", tolerance " + short_number(choices_.tolerance)};
  }

  void check(const Problem& on) const override {
    check_action_gap(on.process, on.grid, score_.score, on.start, start_, stop_);
  }

  TaskCost cost(const Problem& on) const override {
    TaskCost cost = march_cost(on, choices_.forward);
    cost.seconds += 2e-3 * cells_of(on);
    return cost;
  }

  TaskMemory memory(const Problem& on) const override {
    return {150 * (2 + axes_of(on)) * field_of(on) + law_memory(forward_->initial), 0};
  }

  SolvedTask solve(const Problem& on, Replays&, const Progress& progress) const override {
    const auto [gap, seconds] = timed([&] {
      return action_gap(on.process, on.grid, forward_->initial, on.start, score_.score, start_, stop_,
                        choices_, progress);
    });
    TaskGroup group(*this, on.grid,
                    {{"method", gap.exact_law ? "closed-form" : "numerical"},
                     {"model", gap.exact_model ? "closed-form" : "numerical"},
                     {"of", of},
                     {"score", score_.text},
                     {"start", list_text({start_})},
                     {"stop", list_text({stop_})}});
    group.add_scalar("gap_action", gap.action);
    group.add_scalar("gap_score_matching", gap.score_matching);
    group.add_scalar("gap_score_matching_error", gap.score_matching_error);
    group.add_scalar("gap_feasible", gap.feasible);
    group.add_scalar("endpoint_kl", gap.endpoint_kl);
    group.add_scalar("dsm_constant", gap.dsm_constant);
    return group.solved(seconds, gap.warnings);
  }

  void add_closed_form(const Group& run, ClosedForms& known) const override { known.none(run.name); }

 private:
  static double read_time(TaskReader& in, const char* key, double usual) {
    const Times& times = in.input.times;
    return read_number(in.section.with_default(key, TomlValue::of(usual)), key,
                       {times.start, times.stop, true, true});
  }

  void check_times(TaskReader& in) const {
    if (!(start_ < stop_))
      refuse(in.require("stop"), "stop", "does not lie after start = " + short_number(start_));
    const auto* mixture = std::get_if<GaussianMixture>(&forward_->initial);
    if (mixture && mixture->is_singular() && start_ <= in.input.times.start)
      refuse(in.require("start"), "start",
             "is where the law of " + of + " is a point, which has no score; take a later one");
  }

  std::shared_ptr<const ForwardRun> forward_;
  WrittenScore score_;
  ActionGapChoices choices_;
  double start_ = 0, stop_ = 1;  // on the forward clock
};

}  // namespace

TaskKind action_gap_task() {
  using enum TaskKey::Type;
  return {"action-gap",
          {{"of", task, "a fokker-planck task, whose process is reversed",
            "a fokker-planck task, which is reversed"},
           {"score", other, "formulas for the score of the model, or { field, variable }",
            "formulas that may use the exact score_x, ..., or { field = \"file.h5\", variable = "
            "\"group/score\" }"},
           {"start", number, "where the time of the gap starts, on the forward clock"},
           {"stop", number, "where it stops, on the forward clock"},
           {"tolerance",
            number,
            "the error of the integrals over time that is allowed, relative",
            {},
            any_tolerance,
            TomlValue::of(ActionGapChoices{}.tolerance)}},
          {{"gap_action", "A[u-hat] - A[u], lambda and P frozen", "3.36"},
           {"gap_score_matching", "1/2 int D int P |S - grad ln P|^2", "3.37"},
           {"gap_score_matching_error", "estimated, of the cells of the law", "3.37"},
           {"gap_feasible", "the same under the model's own density", "3.36"},
           {"endpoint_kl", "D_KL(P(start) || law that the model generates)", "3.18"},
           {"dsm_constant", "I(x(start); x_0) - I(x(stop); x_0)", "3.43"}},
          read_as<ActionGapTask>};
}

}  // namespace umkehr
