// SPDX-License-Identifier: GPL-3.0-or-later
// The task "reverse-diffusion" (3.29-3.35): an earlier Fokker-Planck task back from its end, by Anderson's formula.
#include "solver/reversal/reverse_diffusion.hpp"

#include "experiments/tasks/shared/exact_density.hpp"
#include "experiments/tasks/shared/forward_law.hpp"
#include "experiments/tasks/shared/kolmogorov_choices.hpp"
#include "experiments/tasks/shared/task_cost.hpp"
#include "experiments/text/short_number.hpp"
#include "solver/kolmogorov/narrow_feature.hpp"

namespace umkehr {
namespace {

constexpr double dense_times = 200;  // at about so many a reversal keeps the law that it reverses

bool is_of_points(const Law& law) {
  const auto* mixture = std::get_if<GaussianMixture>(&law);
  return mixture != nullptr && mixture->is_singular();
}

class ReverseDiffusion final : public Task {
 public:
  explicit ReverseDiffusion(TaskReader& in) : forward_(in.forward(*this)) {
    check_first_law(in);
    choices_.kolmogorov = read_choices(in);
    choices_.initial = in.density_if_given("initial");
    if (choices_.initial && is_of_points(*choices_.initial))
      refuse(*in.section.find("initial"), "initial",
             "holds a point, which the noise end cannot start from; give it a width");
    forward_->is_replayed = true;
  }

  TaskText text() const override {
    return {name_of(march().method), march().scheme,
            "of " + of + ", " + control_text(march().step, march().tolerance)};
  }

  /// The process was looked at for the task that this one refers to.
  void check(const Problem& on) const override {
    if (!choices_.initial) return;
    require_wide_features(*choices_.initial, on.grid);
    std::vector<double> values(on.grid.size());
    density_at(*choices_.initial, on.grid, on.grid.centres(), values);
  }

  TaskCost cost(const Problem& on) const override { return march_cost(on, march(), 4); }

  TaskMemory memory(const Problem& on) const override {
    const double fields = (1 + axes_of(on)) * field_of(on),
                 exact = asks_for_exact_density(*this) ? field_of(on) : 0;
    return {3 * kolmogorov_memory(on, march()) + dense_times * fields, times_of(on) * (fields + exact)};
  }

  SolvedTask solve(const Problem& on, Replays& replays, const Progress& progress) const override {
    KolmogorovChoices forward_choices = forward_->choices;
    forward_choices.estimates_errors = forward_choices.follows_grid = false;
    const auto [solution, seconds] = timed([&] {
      return reverse_diffusion(replays.at(of), forward_->initial, on.start, forward_choices, choices_,
                               progress);
    });
    TaskGroup group(*this, on.grid,
                    {{"of", of},
                     {"method", name_of(march().method)},
                     {"scheme", march().scheme},
                     {"steps", std::to_string(solution.run.steps.size())}});
    group.note_bases(solution.hermite_centre, solution.hermite_scale);
    if (choices_.initial) group.note("start", "initial");
    group.add_times_and_axes(solution.density.times());
    group.add_field("density", solution.density.values());
    group.add_vector("control", solution.control);
    group.add("error", {"t"}, solution.error);
    group.add_scalar("action", solution.action.action);
    group.add_scalar("action_running", solution.action.running);
    group.add_scalar("normalisation", solution.action.normalisation);
    group.add_scalar("density_error", solution.density_error);
    group.add_scalar("ways_difference", solution.ways_difference);
    group.add_scalar("lost", solution.lost);
    group.add_scalar("start_kl", solution.start_kl);
    group.add_scalar("endpoint_kl", solution.endpoint_kl);
    if (march().method == Method::finite_volume) group.note_cell_means("density");
    std::vector<std::string> warnings = solution.warnings;
    if (asks_for_exact_density(*this))
      add_exact_density(law(on, affine_process(on)), on.grid, solution.density.times(), group, warnings);
    return group.solved(seconds, warnings, solution.run.steps.size(), solution.run.refused);
  }

  void add_closed_form(const Group& run, ClosedForms& known) const override {
    add_forward_law(law(known.problem, known.affine()), run, known);
  }

 private:
  const KolmogorovChoices& march() const { return choices_.kolmogorov; }

  /// What the exact reversal goes through is the forward law.
  KnownLaw law(const Problem& on, const std::optional<AffineProcess>& process) const {
    if (process && (choices_.initial || process->is_killed()))
      return {{}, "no closed form is known of a reversal from another start or of a killed process"};
    return known_law(on, process, *forward_);
  }

  /// There must be a way back, and the law at the data end must have a score.
  void check_first_law(TaskReader& in) const {
    const Times& times = in.input.times;
    const TomlValue& value = in.require("of");
    if (!(times.saved.front() < times.stop))
      refuse(value, "of", "has nowhere to return to: [time] saves its stop alone; save an earlier time too");
    if (is_of_points(forward_->initial) && times.saved.front() == times.start)
      refuse(value, "of",
             "starts from points, which have no score to return along; let [time] save from a time after " +
                 short_number(times.start) + " on, or give its density a width");
  }

  /// Those of the forward task, unless the task brings its own.
  KolmogorovChoices read_choices(TaskReader& in) const {
    Section& section = in.section;
    KolmogorovChoices choices = forward_->choices;
    choices.estimates_errors = choices.follows_grid = false;
    choices.hermite_centre.clear();
    choices.hermite_scale.clear();
    // What uses the symmetry of a process in a potential does not serve its reversal.
    if (choices.scheme == "symmetrised") choices.scheme = schemes(choices.method).front();
    for (const char* key : {"method", "scheme", "order"})
      if (section.has(key))
        refuse(*section.find(key), key, "cannot be chosen here: it is that of the task that `of` names");
    const bool brings_its_own = section.has("dt") || section.has("tolerance");
    if (brings_its_own) choices.step.reset();
    if (!choices.step) in.step_control(choices.tolerance, choices.step);
    if (choices.method == Method::hermite) in.hermite_bases(choices.hermite_centre, choices.hermite_scale);
    return choices;
  }

  std::shared_ptr<ForwardRun> forward_;
  ReverseDiffusionChoices choices_;
};

}  // namespace

TaskKind reverse_diffusion_task() {
  using enum TaskKey::Type;
  return {"reverse-diffusion",
          TaskKeys{{"of", task, "the task to reverse, one that solves \"fokker-planck\"",
                    "a fokker-planck task, whose method it takes"},
                   {"initial", density, "the density at the noise end instead of the exact one",
                    "a density at stop to start from"}} +
              step_keys() + hermite_keys(),
          {{"density", "density of the reverse process, by Anderson's formula", "3.35, 3.40"},
           exact_density_variable(),
           {"control_*", "control u = D d ln P / d*", "3.34, 3.35"},
           {"error", "relative L1 distance of the density from the law to come back", "3.31-3.33"},
           {"action", "action A* = h(P_i) - h(P_f), i the noise end", "3.22"},
           {"action_running", "the same as int E[D S^2/2 + div F] dt", "3.22"},
           {"normalisation", "E_i ln Z, Z the mass of the killed reference", "3.16"},
           {"density_error", "error at the first time, the data end", "3.31-3.33"},
           {"ways_difference", "largest relative L1 distance of the bridge's density from Anderson's",
            "3.29-3.35"},
           {"lost", "forward mass that was killed or absorbed, which does not come back", "2.33a"},
           {"start_kl", "D_KL(P(stop) || initial)", "A.4"},
           {"endpoint_kl", "D_KL(P || density) at the first time", "A.4"}},
          read_as<ReverseDiffusion>};
}

}  // namespace umkehr
