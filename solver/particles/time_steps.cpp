// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/particles/time_steps.hpp"

#include <algorithm>
#include <cmath>

#include "grids/failure.hpp"

namespace umkehr {
namespace {

constexpr double max_steps = 2147483648.0;

/// The ends of stretches of smooth coefficients between times that a step must hit.
std::vector<double> landings(double start, const std::vector<double>& through,
                             const std::vector<TimeJump>& jumps) {
  std::vector<double> all = through;
  all.push_back(start);
  for (const TimeJump& jump : jumps)
    if (jump.before > start && jump.after < through.back()) {
      all.push_back(jump.before);
      all.push_back(jump.after);
    }
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

/// `place(a, b, share)` is the time between two landings at that share of the steps between them.
template <class Count, class At>
TimeSteps steps_through(double start, const std::vector<double>& through, const std::vector<TimeJump>& jumps,
                        const Count& count, const At& place) {
  const std::vector<double> all = landings(start, through, jumps);
  TimeSteps steps{{all.front()}, {}};
  for (std::size_t n = 0; n + 1 < all.size(); ++n) {
    const double parts = std::max(1.0, std::ceil(count(all[n], all[n + 1]) * (1 - 1e-12)));
    if (static_cast<double>(steps.times.size()) + parts > max_steps)
      throw UnfitProblem("that is more than 2^31 steps; take a larger `dt`");
    for (double i = 1; i < parts; ++i) steps.times.push_back(place(all[n], all[n + 1], i / parts));
    steps.times.push_back(all[n + 1]);
  }
  for (const double t : through)
    steps.saved.push_back(static_cast<std::size_t>(
        std::lower_bound(steps.times.begin(), steps.times.end(), t) - steps.times.begin()));
  return steps;
}

}  // namespace

TimeSteps equal_steps(double start, const std::vector<double>& through, const std::vector<TimeJump>& jumps,
                      double dt) {
  return steps_through(
      start, through, jumps, [dt](double a, double b) { return (b - a) / dt; },
      [](double a, double b, double share) { return a + (b - a) * share; });
}

TimeSteps graded_steps(double start, const std::vector<double>& through, const std::vector<TimeJump>& jumps,
                       double dt, const std::function<double(double)>& measure) {
  const double stop = through.back(), all = measure(stop) - measure(start), step = all * dt / (stop - start);
  return steps_through(
      start, through, jumps, [&](double a, double b) { return (measure(b) - measure(a)) / step; },
      [&](double a, double b, double share) {
        const double wanted = measure(a) + share * (measure(b) - measure(a));
        for (int halving = 0; halving < 60; ++halving) {
          const double middle = 0.5 * (a + b);
          (measure(middle) < wanted ? a : b) = middle;
        }
        return b;
      });
}

}  // namespace umkehr
