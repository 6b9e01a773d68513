// SPDX-License-Identifier: GPL-3.0-or-later
// The task "action-gap" (3.36-3.43): what a trial score costs beyond the exact one, in action, score matching and ends.
#include "solver/action/action_gap.hpp"

#include "experiments/tasks/shared/closed_forms.hpp"
#include "experiments/tasks/shared/kolmogorov_choices.hpp"
#include "experiments/tasks/shared/score_input.hpp"
#include "experiments/tasks/shared/task_cost.hpp"
#include "experiments/text/short_number.hpp"
#include "solver/action/path_divergence.hpp"
#include "solver/law/affine.hpp"
#include "solver/law/circle.hpp"
#include "solver/particles/brownian_source.hpp"

namespace umkehr {
namespace {

constexpr std::size_t max_particles = 1'000'000'000, max_steps = 1'000'000, max_seed = std::size_t{1} << 53;
constexpr double a_particle_step = 5e-8;  // seconds, an axis

class ActionGapTask final : public Task {
 public:
  explicit ActionGapTask(TaskReader& in)
      : forward_(in.forward(*this)), score_(read_score(in.require("score"), in.input)) {
    choices_.forward = forward_->choices;
    choices_.forward.estimates_errors = choices_.forward.follows_grid = false;
    start_ = read_time(in, "start", in.input.times.start);
    stop_ = read_time(in, "stop", in.input.times.stop);
    choices_.tolerance = in.number("tolerance");
    choices_.particles = in.count("particles");
    choices_.seed = in.count("seed");
    choices_.steps = in.count("steps");
    check_times(in);
    check_score(score_, in.require("score"), start_, stop_, in.input);
  }

  TaskText text() const override {
    return {name_of(choices_.forward.method), "",
            "of " + of + ", tolerance " + short_number(choices_.tolerance) + ", " +
                short_number(static_cast<double>(choices_.particles)) + " particles"};
  }

  void check(const Problem& on) const override {
    check_action_gap(on.process, on.grid, score_.score, on.start, start_, stop_);
  }

  TaskCost cost(const Problem& on) const override {
    TaskCost cost = march_cost(on, choices_.forward);
    cost.seconds += 2e-3 * cells_of(on);
    cost.seconds += a_particle_step * axes_of(on) * static_cast<double>(choices_.particles * choices_.steps);
    return cost;
  }

  TaskMemory memory(const Problem& on) const override {
    const double of_particles =
        choices_.particles > 0 && !has_closed_form(on) ? path_divergence_memory(on.grid, choices_.steps) : 0;
    return {150 * (2 + axes_of(on)) * field_of(on) + of_particles + law_memory(forward_->initial), 0};
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
                     {"stop", list_text({stop_})},
                     {"particles", std::to_string(choices_.particles)},
                     {"seed", std::to_string(choices_.seed)},
                     {"generator", std::string(BrownianSource::name)}});
    group.add_scalar("gap_action", gap.action);
    group.add_scalar("gap_score_matching", gap.score_matching);
    group.add_scalar("gap_score_matching_error", gap.score_matching_error);
    group.add_scalar("gap_feasible", gap.feasible);
    group.add_scalar("endpoint_kl", gap.endpoint_kl);
    group.add_scalar("dsm_constant", gap.dsm_constant);
    add_estimate(group, "gap_path_kl", gap.path_kl);
    add_estimate(group, "dsm", gap.dsm);
    add_estimate(group, "gap_dsm", gap.dsm_gap);
    return group.solved(seconds, gap.warnings);
  }

  void add_closed_form(const Group& run, ClosedForms& known) const override { known.none(run.name); }

 private:
  bool has_closed_form(const Problem& on) const {
    return std::holds_alternative<GaussianMixture>(forward_->initial) && !has_circle(on.grid) &&
           AffineProcess::of(on.process).has_value();
  }

  static void add_estimate(TaskGroup& group, const std::string& name,
                           const std::optional<Estimate>& estimate) {
    if (!estimate) return;
    group.add_scalar(name, estimate->value);
    group.add_scalar(name + "_error", estimate->error);
  }

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
  return {
      "action-gap",
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
        TomlValue::of(ActionGapChoices{}.tolerance)},
       {"particles", count, "how many particles estimate the gap again",
        "that estimate the gap again; 0: none", count_range(0, max_particles),
        usual_count(PathDivergenceChoices{}.particles)},
       {"seed", count, "of the random numbers of particles", {}, count_range(0, max_seed), usual_count(0)},
       {"steps", count, "how many steps a particle takes", "of a particle", count_range(2, max_steps),
        usual_count(ActionGapChoices{}.steps)}},
      {{"gap_action", "A[u-hat] - A[u], lambda and P frozen", "3.36"},
       {"gap_score_matching", "1/2 int D int P |S - grad ln P|^2", "3.37"},
       {"gap_score_matching_error", "estimated, of the cells of the law", "3.37"},
       {"gap_feasible", "the same under the model's own density", "3.36"},
       {"endpoint_kl", "D_KL(P(start) || law that the model generates)", "3.18"},
       {"gap_path_kl", "D_KL(exact reverse paths || model paths), Girsanov on particles", "3.37"},
       {"gap_path_kl_error", "its standard error", "3.37"},
       {"dsm_constant", "I(x(start); x_0) - I(x(stop); x_0)", "3.43"},
       {"dsm", "denoising loss 1/2 int D E|S - grad ln P(x|x_0)|^2, by particles", "3.43"},
       {"dsm_error", "its standard error", "3.43"},
       {"gap_dsm", "dsm - dsm_constant", "3.43"},
       {"gap_dsm_error", "its standard error", "3.43"}},
      read_as<ActionGapTask>};
}

}  // namespace umkehr
