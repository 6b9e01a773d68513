// SPDX-License-Identifier: GPL-3.0-or-later
// The task "reverse-diffusion".
#include <cmath>

#include "experiments/tasks/task_input.hpp"
#include "experiments/text/short_number.hpp"

namespace umkehr {
namespace {

/// There must be a way back, and the law at the data end must have a score.
void check_first_law(const TomlValue& of, const FokkerPlanckTask& forward, const TaskInput& input) {
  if (!(input.times.saved.front() < input.times.stop))
    refuse(of, "of", "has nowhere to return to: [time] saves its stop alone; save an earlier time too");
  const GaussianMixture* mixture = std::get_if<GaussianMixture>(&forward.initial);
  if (mixture && mixture->is_singular() && input.times.saved.front() == input.times.start)
    refuse(of, "of",
           "starts from points, which have no score to return along; let [time] save from a time after " +
               short_number(input.times.start) + " on, or give its density a width");
}

/// Those of the forward task, unless the task brings its own.
KolmogorovChoices read_reverse_choices(Section& section, const TaskInput& input,
                                       const KolmogorovChoices& forward) {
  KolmogorovChoices choices = forward;
  choices.estimates_errors = choices.follows_grid = false;
  choices.hermite_centre.clear();
  choices.hermite_scale.clear();
  // What uses the symmetry of a process in a potential does not serve its reversal.
  if (choices.scheme == "symmetrised") choices.scheme = schemes(choices.method).front();
  for (const char* key : {"method", "scheme", "order"})
    if (section.has(key))
      refuse(*section.find(key), key, "cannot be chosen here: it is that of the task that `of` names");
  if (section.has("dt") || section.has("tolerance")) choices.step.reset();
  if (section.has("dt") || section.has("tolerance") || !choices.step)
    read_step_control(section, input.times, choices.tolerance, choices.step);
  read_hermite_bases(section, input, choices);
  return choices;
}

}  // namespace

ReverseDiffusionTask read_reverse_diffusion(Section& section, const TaskInput& input) {
  const TomlValue& of = section.require("of", "the task to reverse, one that solves \"fokker-planck\"");
  const FokkerPlanckTask& forward = read_forward_task(of, input);
  check_first_law(of, forward, input);
  ReverseDiffusionTask task{of.string, forward.choices, {}};
  task.forward.estimates_errors = task.forward.follows_grid = false;
  task.choices.kolmogorov = read_reverse_choices(section, input, forward.choices);
  if (TomlValue* initial = section.find("initial")) {
    task.choices.initial = read_law(*initial, "initial", input.laws);
    const GaussianMixture* mixture = std::get_if<GaussianMixture>(&*task.choices.initial);
    if (mixture && mixture->is_singular())
      refuse(*initial, "initial", "holds a point, which the noise end cannot start from; give it a width");
  }
  return task;
}

}  // namespace umkehr
