// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>

#include "grids/failure.hpp"
#include "grids/machine/infinity.hpp"
#include "solver/hermite/hermite_exponential.hpp"
#include "solver/hermite/hermite_projection.hpp"
#include "solver/hermite/search/hermite_objective.hpp"

namespace umkehr {
namespace {

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

/// From the first coefficients of one axis: E psi_1 and E psi_2.
Moments moments_of(const std::vector<double>& c, const HermiteBasis& basis) {
  const double first = c[1] / c[0], second = c.size() > 2 ? std::sqrt(2.0) * c[2] / c[0] + 1 : 1;
  return {basis.centre + basis.scale * first, basis.scale * std::sqrt(std::max(second - first * first, 0.0))};
}

/// The last coefficients relative to the mass.
double tail_of(const std::vector<double>& c) {
  const Eigen::Map<const Eigen::VectorXd> all(c.data(), static_cast<Eigen::Index>(c.size()));
  if (!all.allFinite() || c[0] == 0) return infinity;
  return all.tail(std::max<Eigen::Index>(2, all.size() / 16)).cwiseAbs().maxCoeff() / std::abs(c[0]);
}

}  // namespace

HermiteTrials::HermiteTrials(const Process& process, const Grid& grid, const Law& initial,
                             const std::vector<double>& times)
    : process_(process), grid_(grid), initial_(initial), times_(equal_times(times, 8)) {
  if (AffineProcess::of(process) && axes_are_apart(process)) times_.resize(1);
  for (std::size_t k = 0; k < grid.dimension(); ++k) {
    const Axis& axis = grid.axis(k);
    const Moments start = moments_of(initial, grid, k);
    midpoint_.push_back(start.mean);
    ranges_.push_back(
        {axis.from, axis.to, std::max(0.5 * start.deviation, axis.length() / 200), axis.length() / 3});
  }
}

double HermiteTrials::truncation_error(const HermiteChoice& choice, std::size_t axis) try {
  constexpr std::size_t max_modes = 96;
  std::vector<HermiteBasis> bases;
  for (std::size_t k = 0; k < grid_.dimension(); ++k)
    bases.push_back(
        {choice.centre[k], choice.scale[k], k == axis ? std::min(grid_.axis(k).points, max_modes) : 1});
  HermiteExponential steps(process_, bases);
  std::vector<double> c = hermite_coefficients(initial_, grid_, bases), errors;
  double left = infinity, right = -infinity;
  for (std::size_t n = 0; n < times_.size(); ++n) {
    if (n > 0) steps.forward(c, {times_[n - 1], times_[n]});
    errors.push_back(tail_of(c));
    const Moments moments = moments_of(c, bases[axis]);
    left = std::min(left, moments.mean - 2 * moments.deviation);
    right = std::max(right, moments.mean + 2 * moments.deviation);
  }
  midpoint_[axis] = 0.5 * (left + right);
  return badness_of(errors);
} catch (const UnfitProblem&) {
  return infinity;  // the law or a coefficient does not fit this basis
}

}  // namespace umkehr
