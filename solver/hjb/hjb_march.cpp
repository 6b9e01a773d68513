// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/hjb/hjb_march.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>

#include "solver/process/time_jumps.hpp"
#include "solver/stepping/step_size.hpp"

namespace umkehr {
namespace {

[[noreturn]] void fail(const char* what, double s) {
  char text[240];
  std::snprintf(
      text, sizeof text,
      "%s at t = %.10g; start later, take a terminal value that falls less steeply, or a larger tolerance",
      what, s);
  throw StepFailure(text);
}

class March {
 public:
  March(const HjbProblem& problem, HjbScheme& scheme, HjbSolution& solution)
      : problem_(problem),
        scheme_(scheme),
        solution_(solution),
        size_(problem.choices.tolerance, duration(), scheme.error_order()),
        state_(scheme.initial()),
        s_(problem.stop),
        jumps_(time_jumps(problem.process, problem.times.front(), problem.stop)) {}

  void run() {
    scheme_.check(state_, s_);
    for (std::size_t n = problem_.times.size(); n-- > 0;) {
      const double target = problem_.times[n];
      for (auto jump = jumps_.rbegin(); jump != jumps_.rend(); ++jump)
        if (s_ >= jump->after && jump->after > target) {
          steps_to(jump->after);
          s_ = jump->before;
        }
      steps_to(target);
      if (target == problem_.stop)
        problem_.terminal_field(solution_.value[n], controls_at(solution_, n));
      else
        scheme_.fields(state_, target, solution_.value[n], controls_at(solution_, n));
    }
  }

 private:
  double duration() const { return problem_.stop - problem_.times.front(); }

  void steps_to(double target) { problem_.choices.step ? equal_steps_to(target) : adaptive_steps_to(target); }

  void equal_steps_to(double target) {
    const double from = s_;
    const double count = std::ceil((from - target) / *problem_.choices.step * (1 - 1e-12));
    for (double n = 1; n <= count; ++n) {
      const double to = n == count ? target : from - (from - target) * (n / count);
      scheme_.step(state_, s_, s_ - to, error_);
      if (!std::isfinite(size_of_error())) fail("lambda is not finite (a shorter step may help)", s_);
      accept(to);
    }
  }

  void adaptive_steps_to(double target) {
    while (s_ > target) {
      stop_creeping();
      const double remaining = s_ - target, length = size_.next(remaining), elapsed = problem_.stop - s_;
      const double to = length == remaining ? target : s_ - length;
      if (to == s_) fail("no step is short enough", s_);
      before_ = state_;
      scheme_.step(state_, s_, s_ - to, error_);
      const double error = size_of_error();
      last_length_ = length;
      if (error <= size_.allowance(elapsed, length)) {
        size_.accepted(elapsed, length, error);
        accept(to);
        continue;
      }
      if (size_.is_too_short())
        fail(std::isfinite(error) ? "no step is short enough, as where lambda becomes infinite,"
                                  : "lambda is not finite",
             s_);
      state_ = before_;
      ++solution_.refused;
      size_.refused_for_error(elapsed, length, error);
    }
  }

  /// Ends what would go on for more steps than are worth waiting for.
  void stop_creeping() const {
    const double most = static_cast<double>(scheme_.most_steps()),
                 done = static_cast<double>(solution_.steps + solution_.refused),
                 rest = (s_ - problem_.times.front()) / last_length_;
    if (done < most && (done < most / 20 || rest < 2 * most)) return;
    char text[240];
    std::snprintf(text, sizeof text,
                  "%.0f steps have gone by, the last one of length %.2g, and about %.1g more are needed from "
                  "t = %.6g; a larger tolerance, fewer details or a smaller box may help",
                  done, last_length_, rest, s_);
    throw StepFailure(text);
  }

  void accept(double to) {
    ++solution_.steps;
    s_ = to;
    scheme_.check(state_, s_);
    if (problem_.progress) problem_.progress((problem_.stop - s_) / duration());
  }

  /// Largest |error|/(1 + lambda - min lambda); infinite where lambda is not finite.
  double size_of_error() const {
    const double least = *std::min_element(state_.begin(), state_.end());
    double largest = 0;
    for (std::size_t i = 0; i < state_.size(); ++i) {
      const double relative = std::abs(error_[i]) / (1 + state_[i] - least);
      if (!std::isfinite(relative)) return std::numeric_limits<double>::infinity();
      largest = std::max(largest, relative);
    }
    return largest;
  }

  const HjbProblem& problem_;
  HjbScheme& scheme_;
  HjbSolution& solution_;
  StepSize size_;
  std::vector<double> state_, before_, error_;
  double s_, last_length_ = std::numeric_limits<double>::infinity();
  std::vector<TimeJump> jumps_;
};

}  // namespace

void march(const HjbProblem& problem, HjbScheme& scheme, HjbSolution& solution) {
  March(problem, scheme, solution).run();
}

}  // namespace umkehr
