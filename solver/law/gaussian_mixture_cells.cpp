// SPDX-License-Identifier: GPL-3.0-or-later
// Means over cells, axis by axis: given the coordinates before it, x_k is normal with mean m_k + sum_j<k L_kj z_j and
// standard deviation L_kk (L the Cholesky factor). The last axis is integrated in closed form, and so is every axis
// that nothing after it depends on; the others by Gauss-Legendre panels as narrow as the Gaussian asks for.
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>
#include <optional>

#include "grids/failure.hpp"
#include "grids/gauss_rule.hpp"
#include "grids/machine/lanes.hpp"
#include "grids/machine/team.hpp"
#include "solver/law/whitened.hpp"

namespace umkehr {

namespace {

constexpr double reach = 39;             // standard deviations beyond which a density underflows
constexpr double correlated_reach = 13;  // beyond which panels are spared: below 1e-36 of the maximum
constexpr std::size_t many = 64;         // components, far in whose own tails lie others

/// The n-point Gauss-Legendre sum of exp(-z^2/2) over eight intervals of half-width `half` about `centre`.
template <std::size_t n>
Lanes over_intervals(Lanes centre, double half) {
  const GaussRule<n>& rule = gauss_legendre<n>();
  Lanes sum{};
  for (std::size_t q = n / 2; q < n; ++q) {
    const double place = half * rule.node[q];
    const Lanes left = centre - place, right = centre + place;
    const double weight = half * rule.weight[q];
    sum += weight * lanes::exp(-0.5 * right * right);
    if (place > 0) sum += weight * lanes::exp(-0.5 * left * left);
  }
  return sum;
}

/// The probability of a <= z <= b, to full relative accuracy where it varies by orders of magnitude.
double normal_probability(double a, double b) {
  const double inner = a * std::numbers::sqrt2 / 2, outer = b * std::numbers::sqrt2 / 2;
  if (inner > 0) return 0.5 * (std::erfc(inner) - std::erfc(outer));
  if (outer < 0) return 0.5 * (std::erfc(-outer) - std::erfc(-inner));
  return 0.5 * (std::erf(outer) - std::erf(inner));
}

/// Probabilities of eight neighbouring intervals of a standard normal law, the first from `start`.
Lanes normal_probabilities(double start, double width) {
  const double variation =
      width * (1 + std::max(std::abs(start), std::abs(start + 8 * width)));  // of ln density
  Lanes centre, result;
  for (std::size_t i = 0; i < lanes::width; ++i) centre[i] = start + width * (static_cast<double>(i) + 0.5);
  if (variation < 5) {
    constexpr double factor = 0.5 * std::numbers::inv_sqrtpi * std::numbers::sqrt2;
    if (variation < 0.02) return factor * over_intervals<3>(centre, 0.5 * width);
    if (variation < 0.5) return factor * over_intervals<5>(centre, 0.5 * width);
    return factor * over_intervals<10>(centre, 0.5 * width);
  }
  for (std::size_t i = 0; i < lanes::width; ++i)
    result[i] = normal_probability(start + width * static_cast<double>(i),
                                   start + width * static_cast<double>(i + 1));
  return result;
}

double normal_density(double z) {
  constexpr double factor = 0.5 * std::numbers::inv_sqrtpi * std::numbers::sqrt2;
  return factor * std::exp(-0.5 * z * z);
}

/// A point mass, given to the two nearest centres so that its mean is kept; beyond the last centre, to that one.
void share_point(const Axis& axis, double x, std::span<double> means) {
  if (x < axis.from || x > axis.to) return;
  const double place = (x - axis.from) / axis.spacing() - 0.5;
  const auto last = static_cast<std::ptrdiff_t>(axis.points) - 1;
  const auto left = static_cast<std::ptrdiff_t>(std::floor(place));
  const double share = place - std::floor(place);
  const auto give = [&](std::ptrdiff_t i, double mass) {
    const auto inside = axis.boundary == Boundary::periodic ? (i + last + 1) % (last + 1)
                                                            : std::clamp<std::ptrdiff_t>(i, 0, last);
    means[static_cast<std::size_t>(inside)] += mass / axis.spacing();
  };
  give(left, 1 - share);
  give(left + 1, share);
}

struct Range {
  std::size_t first = 0, last = 0;  // cells first <= i < last
};

/// Cells of a range that a normal law reaches.
Range within_reach(const Axis& axis, double mean, double deviation, Range range, double within = reach) {
  const auto clamp = [&](double cell) {
    return static_cast<std::size_t>(
        std::clamp(cell, static_cast<double>(range.first), static_cast<double>(range.last)));
  };
  const double h = axis.spacing(), place = (mean - axis.from) / h, width = within * deviation / h;
  return {clamp(std::floor(place - width)), clamp(std::ceil(place + width))};
}

/// Adds factor times the cell means of a normal law over `range` to `means`, one a cell of the range.
void add_normal(const Axis& axis, double mean, double deviation, double factor, Range range,
                std::span<double> means) {
  const double width = axis.spacing() / deviation;
  factor /= axis.spacing();
  for (std::size_t i = range.first; i < range.last; i += lanes::width) {
    const Lanes probabilities = normal_probabilities((axis.face(i) - mean) / deviation, width);
    const std::size_t count = std::min(lanes::width, range.last - i);
    for (std::size_t j = 0; j < count; ++j) means[i - range.first + j] += factor * probabilities[j];
  }
}

/// Cell means of a one-dimensional law over the cells that it reaches.
struct AxisMeans {
  Range range{0, 1};
  std::vector<double> value{1.0};

  AxisMeans() = default;
  AxisMeans(const Axis& axis, double mean, double deviation, Range within) : range(within) {
    if (deviation > 0) {
      range = within_reach(axis, mean, deviation, within);
      value.assign(range.last - range.first, 0.0);
      add_normal(axis, mean, deviation, 1, range, value);
    } else {
      value.assign(axis.points, 0.0);
      share_point(axis, mean, value);
      value.erase(value.begin(), value.begin() + static_cast<std::ptrdiff_t>(within.first));
    }
  }
};

/// A component whose axes are independent: its cell means are products.
void add_independent(const Grid& grid, const Gaussian& gaussian, Range slab, std::span<double> out) {
  std::array<AxisMeans, 3> means;
  for (std::size_t k = 0; k < grid.dimension(); ++k) {
    const auto row = static_cast<Eigen::Index>(k);
    const double deviation = std::sqrt(gaussian.covariance(row, row));
    means[k] =
        AxisMeans(grid.axis(k), gaussian.mean[row], deviation, k == 0 ? slab : Range{0, grid.axis(k).points});
    if (means[k].range.first == means[k].range.last) return;
  }
  const auto& [first, second, third] = means;
  const std::size_t n2 = grid.dimension() > 1 ? grid.axis(1).points : 1;
  const std::size_t n3 = grid.dimension() > 2 ? grid.axis(2).points : 1;
  for (std::size_t i = first.range.first; i < first.range.last; ++i)
    for (std::size_t j = second.range.first; j < second.range.last; ++j) {
      const double factor =
          gaussian.weight * first.value[i - first.range.first] * second.value[j - second.range.first];
      double* row = out.data() + (i * n2 + j) * n3 + third.range.first;
      for (std::size_t k = 0; k < third.value.size(); ++k) row[k] += factor * third.value[k];
    }
}

/// A component with correlated axes, of Cholesky factor L.
class Correlated {
 public:
  Correlated(const Grid& grid, const Gaussian& gaussian, const Eigen::MatrixXd& factor, double last_reach,
             std::span<double> out)
      : grid_(grid),
        gaussian_(gaussian),
        factor_(factor),
        last_reach_(last_reach),
        z_(gaussian.mean.size()),
        out_(out) {}

  void add(Range slab) { add(0, slab, 0, gaussian_.weight); }

 private:
  /// Longest panel in z_k over which the conditional laws after axis k change little.
  double panel(Eigen::Index k) const {
    double length = 1;
    for (Eigen::Index j = k + 1; j < factor_.rows(); ++j)
      length = std::min(length, 2 * factor_(j, j) / std::abs(factor_(j, k)));
    return length;
  }

  /// Cells from `offset` on along axis k and those after it, given z_j for j < k.
  void add(std::size_t k, Range range, std::size_t offset, double weight) {
    const auto row = static_cast<Eigen::Index>(k);
    const Axis& axis = grid_.axis(k);
    const double mean = gaussian_.mean[row] + factor_.row(row).head(row).dot(z_.head(row));
    const double deviation = factor_(row, row);
    range = within_reach(axis, mean, deviation, range, last_reach_);
    if (k + 1 == grid_.dimension())
      return add_normal(axis, mean, deviation, weight, range, out_.subspan(offset + range.first));
    for (std::size_t i = range.first; i < range.last; ++i) {
      const double a = std::max((axis.face(i) - mean) / deviation, -correlated_reach);
      const double b = std::min((axis.face(i + 1) - mean) / deviation, correlated_reach);
      if (a < b) add_cell(k, offset + i * grid_.stride(k), weight / axis.spacing(), a, b);
    }
  }

  void add_cell(std::size_t k, std::size_t offset, double weight, double a, double b) {
    const GaussRule<10>& rule = gauss_legendre<10>();
    const auto row = static_cast<Eigen::Index>(k);
    const Range next{0, grid_.axis(k + 1).points};
    const double panels = std::ceil((b - a) / panel(row)), half = 0.5 * (b - a) / panels;
    for (double p = 0; p < panels; ++p)
      for (std::size_t q = 0; q < 10; ++q) {
        const std::size_t i = outwards(10, q);
        z_[row] = a + half * (2 * p + 1 + rule.node[i]);
        add(k + 1, next, offset, weight * half * rule.weight[i] * normal_density(z_[row]));
      }
  }

  const Grid& grid_;
  const Gaussian& gaussian_;
  const Eigen::MatrixXd& factor_;
  double last_reach_;
  Eigen::VectorXd z_;
  std::span<double> out_;
};

/// Cholesky factors of the correlated components, empty ones for the others.
std::vector<Eigen::MatrixXd> factors(const std::vector<Gaussian>& components) {
  std::vector<Eigen::MatrixXd> result(components.size());
  for (std::size_t c = 0; c < components.size(); ++c) {
    if (components[c].covariance.isDiagonal(0)) continue;
    const std::optional<Eigen::MatrixXd> factor = cholesky_factor(components[c].covariance);
    if (!factor)
      throw UnfitProblem("a covariance that is flat in a direction oblique to the axes has no cell means");
    result[c] = *factor;
  }
  return result;
}

}  // namespace

void GaussianMixture::cell_means(const Grid& grid, std::span<double> out) const {
  if (grid.dimension() != dimension()) throw UnfitProblem("grid and mixture differ in dimension");
  const std::vector<Eigen::MatrixXd> factor = factors(components_);
  std::fill(out.begin(), out.end(), 0.0);
  const double last_reach = components_.size() > many ? correlated_reach : reach;
  // Every cell sums its components in their order, so the number of slabs leaves results as they are.
  const std::size_t points = grid.axis(0).points, slabs = std::min<std::size_t>(points, 8);
  const double a_slab = 10 * static_cast<double>(components_.size() * grid.size() / slabs);
  share(slabs, a_slab, [&](std::size_t s) {
    const Range slab{points * s / slabs, points * (s + 1) / slabs};
    for (std::size_t c = 0; c < components_.size(); ++c) {
      if (components_[c].weight == 0) continue;
      if (factor[c].size() == 0)
        add_independent(grid, components_[c], slab, out);
      else
        Correlated(grid, components_[c], factor[c], last_reach, out).add(slab);
    }
  });
}

}  // namespace umkehr
