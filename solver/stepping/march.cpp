// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/stepping/march.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>

#include "grids/finite.hpp"
#include "solver/stepping/step_size.hpp"

namespace umkehr {
namespace {

[[noreturn]] void fail(const char* what, double t) {
  char text[160];
  std::snprintf(text, sizeof text, "%s at t = %.10g", what, t);
  throw StepFailure(text);
}

/// Moves a state from saved time to saved time, upwards or downwards.
class March {
 public:
  March(Discretisation& discretisation, std::span<double> state, std::span<const double> times,
        const Progress& progress, bool forward)
      : discretisation_(discretisation),
        state_(state),
        times_(times),
        progress_(progress),
        forward_(forward),
        time_(forward ? times.front() : times.back()) {}

  /// Steps to a saved time and ends one at each jump on the way, for which `go_to` takes the steps.
  template <class GoTo>
  void pass_jumps_to(double target, std::span<const TimeJump> jumps, const GoTo& go_to);
  void equal_steps_to(double target, double longest, int scheme);
  void adaptive_steps_to(double target, int scheme, StepSize& size);
  Marched finish();

 private:
  Step step_to(double stop, int scheme) const;
  void take(const Step& step);
  double take_with_error(const Step& step);
  void accept(const Step& step, double error);
  void tell() const;
  double elapsed() const { return std::abs(time_ - (forward_ ? times_.front() : times_.back())); }
  double after(double step) const { return forward_ ? time_ + step : time_ - step; }
  bool acceptable() const { return !forward_ || discretisation_.acceptable(state_); }

  Discretisation& discretisation_;
  std::span<double> state_;
  std::span<const double> times_;
  const Progress& progress_;
  bool forward_;
  double time_;
  std::vector<double> before_;
  Marched marched_;
};

Step March::step_to(double stop, int scheme) const {
  return forward_ ? Step{time_, stop, scheme} : Step{stop, time_, scheme};
}

void March::take(const Step& step) {
  forward_ ? discretisation_.forward(state_, step) : discretisation_.backward(state_, step);
}

double March::take_with_error(const Step& step) {
  return forward_ ? discretisation_.forward_with_error(state_, step)
                  : discretisation_.backward_with_error(state_, step);
}

void March::accept(const Step& step, double error) {
  marched_.steps.push_back(step);
  marched_.error += error;
  time_ = forward_ ? step.stop : step.start;
  tell();
}

void March::tell() const {
  if (progress_) progress_(elapsed() / (times_.back() - times_.front()));
}

template <class GoTo>
void March::pass_jumps_to(double target, std::span<const TimeJump> jumps, const GoTo& go_to) {
  const auto pass = [&](double near, double far) {
    if (time_ != near) go_to(near);
    time_ = far;
  };
  if (forward_) {
    for (const TimeJump& jump : jumps)
      if (time_ <= jump.before && jump.before < target) pass(jump.before, jump.after);
  } else {
    for (auto jump = jumps.rbegin(); jump != jumps.rend(); ++jump)
      if (time_ >= jump->after && jump->after > target) pass(jump->after, jump->before);
  }
  if (time_ != target) go_to(target);
}

void March::equal_steps_to(double target, double longest, int scheme) {
  const double start = time_, length = target - start;
  const double count = std::max(1.0, std::ceil(std::abs(length) / longest * (1 - 1e-12)));
  for (double n = 1; n <= count; ++n) {
    const double stop = n == count ? target : start + length * (n / count);
    const Step step = step_to(stop, discretisation_.scheme_of_step(scheme, marched_.steps.size()));
    take(step);
    if (!all_finite(state_)) fail("the solution is not finite (a shorter step may help)", time_);
    accept(step, 0);
  }
}

void March::adaptive_steps_to(double target, int scheme, StepSize& size) {
  while (time_ != target) {
    const double remaining = std::abs(target - time_), length = size.next(remaining);
    const double stop = length == remaining ? target : after(length);
    if (stop == time_) fail("no step is short enough", time_);
    const bool falls_back = size.is_too_short() && discretisation_.fallback_scheme() != 0;
    const Step step = step_to(stop, falls_back ? discretisation_.fallback_scheme() : scheme);
    before_.assign(state_.begin(), state_.end());
    const double error = take_with_error(step);
    const bool finite = std::isfinite(error) && all_finite(state_);
    if (finite && (falls_back || (error <= size.allowance(elapsed(), length) && acceptable()))) {
      falls_back ? size.fell_back(length) : size.accepted(elapsed(), length, error);
      accept(step, error);
      continue;
    }
    if (size.is_too_short()) fail(finite ? "no step is short enough" : "the solution is not finite", time_);
    std::copy(before_.begin(), before_.end(), state_.begin());
    ++marched_.refused;
    tell();
    if (finite && error <= size.allowance(elapsed(), length))
      size.refused_as_unacceptable(length);
    else
      size.refused_for_error(elapsed(), length, error);
  }
}

Marched March::finish() {
  if (!forward_) std::reverse(marched_.steps.begin(), marched_.steps.end());
  return std::move(marched_);
}

Marched march(Discretisation& discretisation, std::span<double> state, std::span<const double> times,
              const StepControl& control, const Observer& observer, const Progress& progress, bool forward) {
  March run(discretisation, state, times, progress, forward);
  StepSize size(control.tolerance, times.back() - times.front(), discretisation.error_order());
  const bool equal = control.step || discretisation.steps_are_exact();
  const double longest = control.step.value_or(std::numeric_limits<double>::infinity());
  for (std::size_t k = 0; k < times.size(); ++k) {
    const std::size_t n = forward ? k : times.size() - 1 - k;
    if (k > 0)
      run.pass_jumps_to(times[n], control.jumps, [&](double target) {
        equal ? run.equal_steps_to(target, longest, control.scheme)
              : run.adaptive_steps_to(target, control.scheme, size);
      });
    if (observer) observer(n, state);
  }
  return run.finish();
}

}  // namespace

Marched march_forward(Discretisation& discretisation, std::span<double> state, std::span<const double> times,
                      const StepControl& control, const Observer& observer, const Progress& progress) {
  return march(discretisation, state, times, control, observer, progress, true);
}

Marched march_backward(Discretisation& discretisation, std::span<double> state, std::span<const double> times,
                       const StepControl& control, const Observer& observer, const Progress& progress) {
  return march(discretisation, state, times, control, observer, progress, false);
}

void replay_backward(Discretisation& discretisation, std::span<double> state, std::span<const double> times,
                     std::span<const Step> steps, const Observer& observer, const Progress& progress) {
  const double duration = times.back() - times.front();
  std::size_t n = times.size();
  const auto observe_at = [&](double time) {
    for (; n > 0 && times[n - 1] >= time; --n)
      if (observer) observer(n - 1, state);
  };
  observe_at(times.back());
  for (std::size_t k = steps.size(); k-- > 0;) {
    discretisation.backward(state, steps[k]);
    if (!all_finite(state)) fail("the value is not finite", steps[k].start);
    if (progress) progress((times.back() - steps[k].start) / duration);
    observe_at(k > 0 ? steps[k - 1].stop
                     : steps[k].start);  // apart by one number at a jump of the coefficients
  }
}

}  // namespace umkehr
