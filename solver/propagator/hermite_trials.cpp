// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "solver/propagator/hermite_objective.hpp"
#include "solver/propagator/march.hpp"

namespace umkehr {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

Grid with_few_points(const Grid& grid) {
  constexpr std::size_t most[] = {80, 24, 12};
  std::vector<Axis> axes = grid.axes();
  for (Axis& axis : axes) axis.points = std::min(axis.points, most[axes.size() - 1]);
  return Grid(std::move(axes));
}

std::vector<double> equal_times(const std::vector<double>& times, std::size_t intervals) {
  if (times.size() < 2) return times;
  std::vector<double> few(intervals + 1);
  for (std::size_t n = 0; n <= intervals; ++n)
    few[n] = times.front() +
             (times.back() - times.front()) * static_cast<double>(n) / static_cast<double>(intervals);
  few.back() = times.back();
  return few;
}

/// Mean and standard deviation of the law along an axis.
struct Moments {
  double mean, deviation;
};

Moments moments_of(const Law& law, const Grid& grid, std::size_t axis) {
  if (const GaussianMixture* mixture = std::get_if<GaussianMixture>(&law)) {
    const Eigen::Index k = static_cast<Eigen::Index>(axis);
    return {mixture->mean()[k], std::sqrt(std::max(mixture->covariance()(k, k), 0.0))};
  }
  const Points x = grid.centres();
  std::vector<double> density(grid.size());
  cell_means(law, grid, density);
  double mass = 0, first = 0, second = 0;
  for (std::size_t i = 0; i < density.size(); ++i) {
    mass += density[i];
    first += density[i] * x[axis][i];
    second += density[i] * x[axis][i] * x[axis][i];
  }
  return {first / mass, std::sqrt(std::max(second / mass - first * first / (mass * mass), 0.0))};
}

/// From the first coefficients: E psi_1 and E psi_2.
Moments moments_of(std::span<const double> state, const std::vector<HermiteBasis>& bases, std::size_t axis) {
  std::size_t stride = 1;
  for (std::size_t k = axis + 1; k < bases.size(); ++k) stride *= bases[k].modes;
  const double first = state[stride] / state[0];
  const double second = bases[axis].modes > 2 ? std::sqrt(2.0) * state[2 * stride] / state[0] + 1 : 1;
  return {bases[axis].centre + bases[axis].scale * first,
          bases[axis].scale * std::sqrt(std::max(second - first * first, 0.0))};
}

}  // namespace

HermiteTrials::HermiteTrials(const Process& process, const Grid& grid, const Law& initial,
                             const std::vector<double>& times)
    : process_(process), grid_(with_few_points(grid)), initial_(initial), times_(equal_times(times, 8)) {
  for (std::size_t k = 0; k < grid.dimension(); ++k) {
    const Axis& axis = grid.axis(k);
    const Moments start = moments_of(initial, grid, k);
    midpoint_.push_back(start.mean);
    ranges_.push_back(
        {axis.from, axis.to, std::max(0.5 * start.deviation, axis.length() / 200), axis.length() / 3});
  }
}

HermiteRange HermiteTrials::range(std::size_t axis) const {
  return ranges_[axis];
}

double HermiteTrials::badness(const HermiteChoice& choice, std::size_t axis) try {
  Hermite trial(process_, grid_, times_.front(), choice);
  std::vector<double> state = trial.state_of(initial_), errors;
  std::vector<double> left(grid_.dimension(), infinity), right(grid_.dimension(), -infinity);
  const Observer observe = [&](std::size_t n, std::span<const double> now) {
    errors.push_back(trial.tail(now, axis));
    for (std::size_t k = 0; k < left.size(); ++k) {
      const Moments moments = moments_of(now, trial.bases_at(times_[n]), k);
      left[k] = std::min(left[k], moments.mean - 2 * moments.deviation);
      right[k] = std::max(right[k], moments.mean + 2 * moments.deviation);
    }
  };
  int steps = 0;
  const Progress give_up = [&](double) {
    if (++steps > 400) throw StepFailure("a trial run needs too many steps");
  };
  march_forward(trial, state, times_, {.tolerance = 1e-3, .step = {}, .scheme = 0}, observe, give_up);
  for (std::size_t k = 0; k < left.size(); ++k) midpoint_[k] = 0.5 * (left[k] + right[k]);
  return badness_of(errors);
} catch (const StepFailure&) {
  return infinity;
} catch (const std::invalid_argument&) {
  return infinity;  // the law or a coefficient does not fit this basis
}

}  // namespace umkehr
