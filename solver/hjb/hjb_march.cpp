// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/hjb/hjb_march.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "grids/failure.hpp"
#include "solver/process/time_jumps.hpp"
#include "solver/stepping/march.hpp"

namespace umkehr {
namespace {

constexpr const char* remedy =
    "; start later, take a terminal value that falls less steeply (lambda may become infinite), or a larger "
    "tolerance";

/// Infinite where lambda is not finite.
double size_of_error(std::span<const double> lambda, std::span<const double> error) {
  const double least = *std::min_element(lambda.begin(), lambda.end());
  double largest = 0;
  for (std::size_t i = 0; i < lambda.size(); ++i) {
    const double relative = std::abs(error[i]) / (1 + lambda[i] - least);
    if (!std::isfinite(relative)) return std::numeric_limits<double>::infinity();
    largest = std::max(largest, relative);
  }
  return largest;
}

}  // namespace

double HjbScheme::advance(std::span<double> state, const Step& step, Direction, bool with_error) {
  state_.assign(state.begin(), state.end());
  this->step(state_, step.stop, step.length(), error_);
  std::copy(state_.begin(), state_.end(), state.begin());
  if (!with_error) return 0;
  ++tried_;
  last_length_ = step.length();
  return size_of_error(state, error_);
}

void HjbScheme::stop_creeping(double s, double left) const {
  const double most = static_cast<double>(max_steps()), done = static_cast<double>(tried_),
               rest = left / last_length_;
  if (done < most && (done < most / 20 || rest < 2 * most)) return;
  char text[240];
  std::snprintf(text, sizeof text,
                "%.0f steps have gone by, the last one of length %.2g, and about %.1g more are needed from "
                "t = %.6g; a larger tolerance, fewer details or a smaller box may help",
                done, last_length_, rest, s);
  throw NumericalFailure(text);
}

void march(const HjbProblem& problem, HjbScheme& scheme, HjbSolution& solution) {
  const double first = problem.times.front(), stop = problem.stop;
  std::vector<double> times = problem.times, state = scheme.initial();
  if (times.back() != stop) times.push_back(stop);
  const auto observe = [&](std::size_t n, std::span<const double> lambda) {
    if (n == problem.times.size()) return;
    if (times[n] == stop)
      problem.terminal_field(solution.value[n], controls_at(solution, n));
    else
      scheme.fields(lambda, times[n], solution.value[n], controls_at(solution, n));
  };
  const auto progress = [&](double done) {
    const double left = (1 - done) * (stop - first);
    if (left > 0) scheme.stop_creeping(first + left, left);
    if (problem.progress) problem.progress(done);
  };
  scheme.check(state, stop);
  const StepControl control{problem.choices.tolerance, problem.choices.step, nullptr,
                            time_jumps(problem.process, first, stop), remedy};
  const Marched run = march_backward(scheme, state, times, control, observe, progress);
  solution.steps += run.steps.size();
  solution.refused += run.refused;
}

}  // namespace umkehr
