// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/stepping/march.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>

#include "grids/failure.hpp"
#include "grids/finite.hpp"
#include "solver/stepping/step_size.hpp"

namespace umkehr {
namespace {

[[noreturn]] void fail(const char* what, double t, const std::string& remedy = {}) {
  char time[40];
  std::snprintf(time, sizeof time, " at t = %.10g", t);
  throw NumericalFailure(what + (time + remedy));
}

/// Moves a state from saved time to saved time, upwards or downwards.
class March {
 public:
  March(Propagator& propagator, std::span<double> state, std::span<const double> times,
        const StepControl& control, const Progress& progress, Direction direction)
      : propagator_(propagator),
        state_(state),
        control_(control),
        progress_(progress),
        direction_(direction),
        duration_(times.back() - times.front()),
        begin_(forward() ? times.front() : times.back()),
        time_(begin_),
        size_(control.tolerance, duration_, propagator.error_order()) {}

  /// Steps to a saved time and ends one at each jump on the way.
  void pass_jumps_to(double target);
  Marched finish();

 private:
  bool forward() const { return direction_ == Direction::forward; }
  Step step_to(double stop, const Scheme* scheme) const;
  void steps_to(double target);
  void equal_steps_to(double target);
  void adaptive_steps_to(double target);
  void accept(const Step& step, double error);
  void tell() const;
  double elapsed() const { return std::abs(time_ - begin_); }
  double after(double step) const { return forward() ? time_ + step : time_ - step; }
  bool acceptable() const { return !forward() || propagator_.acceptable(state_); }

  Propagator& propagator_;
  std::span<double> state_;
  const StepControl& control_;
  const Progress& progress_;
  Direction direction_;
  double duration_, begin_, time_;
  StepSize size_;
  std::vector<double> before_;
  Marched marched_;
};

Step March::step_to(double stop, const Scheme* scheme) const {
  return forward() ? Step{time_, stop, scheme} : Step{stop, time_, scheme};
}

void March::accept(const Step& step, double error) {
  marched_.steps.push_back(step);
  marched_.error += error;
  time_ = forward() ? step.stop : step.start;
  propagator_.check(state_, time_);
  tell();
}

void March::tell() const {
  if (progress_) progress_(elapsed() / duration_);
}

void March::pass_jumps_to(double target) {
  const auto pass = [&](double near, double far) {
    if (time_ != near) steps_to(near);
    time_ = far;
  };
  if (forward()) {
    for (const TimeJump& jump : control_.jumps)
      if (time_ <= jump.before && jump.before < target) pass(jump.before, jump.after);
  } else {
    for (auto jump = control_.jumps.rbegin(); jump != control_.jumps.rend(); ++jump)
      if (time_ >= jump->after && jump->after > target) pass(jump->after, jump->before);
  }
  if (time_ != target) steps_to(target);
}

void March::steps_to(double target) {
  control_.step || propagator_.steps_are_exact() ? equal_steps_to(target) : adaptive_steps_to(target);
}

void March::equal_steps_to(double target) {
  const double longest = control_.step.value_or(std::numeric_limits<double>::infinity());
  const double start = time_, length = target - start;
  const double count = std::max(1.0, std::ceil(std::abs(length) / longest * (1 - 1e-12)));
  for (double n = 1; n <= count; ++n) {
    const double stop = n == count ? target : start + length * (n / count);
    const Step step = step_to(stop, propagator_.scheme_of_step(control_.scheme, marched_.steps.size()));
    propagator_.advance(state_, step, direction_, false);
    if (!all_finite(state_))
      fail("the solution is not finite (a shorter step may help)", time_, control_.remedy);
    accept(step, 0);
  }
}

void March::adaptive_steps_to(double target) {
  while (time_ != target) {
    const double remaining = std::abs(target - time_), length = size_.next(remaining);
    const double stop = length == remaining ? target : after(length);
    if (stop == time_) fail("no step is short enough", time_, control_.remedy);
    const Scheme* fallback = size_.is_too_short() ? propagator_.fallback_scheme() : nullptr;
    const Step step = step_to(stop, fallback ? fallback : control_.scheme);
    before_.assign(state_.begin(), state_.end());
    const double error = propagator_.advance(state_, step, direction_, true);
    const bool finite = std::isfinite(error) && all_finite(state_);
    if (finite && (fallback || (error <= size_.allowance(elapsed(), length) && acceptable()))) {
      fallback ? size_.fell_back(length) : size_.accepted(elapsed(), length, error);
      accept(step, error);
      continue;
    }
    if (size_.is_too_short())
      fail(finite ? "no step is short enough" : "the solution is not finite", time_, control_.remedy);
    std::copy(before_.begin(), before_.end(), state_.begin());
    ++marched_.refused;
    tell();
    if (finite && error <= size_.allowance(elapsed(), length))
      size_.refused_as_unacceptable(length);
    else
      size_.refused_for_error(elapsed(), length, error);
  }
}

Marched March::finish() {
  if (!forward()) std::reverse(marched_.steps.begin(), marched_.steps.end());
  return std::move(marched_);
}

Marched march(Propagator& propagator, std::span<double> state, std::span<const double> times,
              const StepControl& control, const Observer& observer, const Progress& progress,
              Direction direction) {
  March run(propagator, state, times, control, progress, direction);
  for (std::size_t k = 0; k < times.size(); ++k) {
    const std::size_t n = direction == Direction::forward ? k : times.size() - 1 - k;
    if (k > 0) run.pass_jumps_to(times[n]);
    if (observer) observer(n, state);
  }
  return run.finish();
}

}  // namespace

Marched march_forward(Propagator& propagator, std::span<double> state, std::span<const double> times,
                      const StepControl& control, const Observer& observer, const Progress& progress) {
  return march(propagator, state, times, control, observer, progress, Direction::forward);
}

Marched march_backward(Propagator& propagator, std::span<double> state, std::span<const double> times,
                       const StepControl& control, const Observer& observer, const Progress& progress) {
  return march(propagator, state, times, control, observer, progress, Direction::backward);
}

void replay_backward(Propagator& propagator, std::span<double> state, std::span<const double> times,
                     std::span<const Step> steps, const Observer& observer, const Progress& progress) {
  const double duration = times.back() - times.front();
  std::size_t n = times.size();
  const auto observe_at = [&](double time) {
    for (; n > 0 && times[n - 1] >= time; --n)
      if (observer) observer(n - 1, state);
  };
  observe_at(times.back());
  for (std::size_t k = steps.size(); k-- > 0;) {
    propagator.backward(state, steps[k]);
    if (!all_finite(state)) fail("the value is not finite", steps[k].start);
    if (progress) progress((times.back() - steps[k].start) / duration);
    observe_at(k > 0 ? steps[k - 1].stop
                     : steps[k].start);  // apart by one number at a jump of the coefficients
  }
}

}  // namespace umkehr
