// SPDX-License-Identifier: GPL-3.0-or-later
// Means over cells, axis by axis: given the coordinates before it, x_k is normal with mean m_k + sum_j<k L_kj z_j and
// standard deviation L_kk (L the Cholesky factor). The last axis is integrated in closed form, and so is every axis
// that nothing after it depends on; the others by Gauss-Legendre panels as narrow as the Gaussian asks for.
#include <algorithm>
#include <array>
#include <boost/math/quadrature/gauss.hpp>
#include <cmath>
#include <limits>
#include <numbers>
#include <stdexcept>

#include "solver/law/whitened.hpp"

namespace umkehr {

namespace {

constexpr double reach = 39;  // standard deviations beyond which a density underflows

/// The n-point Gauss-Legendre sum of f over [a, b].
template <unsigned n, class Function>
double gauss_legendre(const Function& f, double a, double b) {
  return boost::math::quadrature::gauss<double, n>::integrate(f, a, b);
}

double normal_density(double z) {
  constexpr double factor = 0.5 * std::numbers::inv_sqrtpi * std::numbers::sqrt2;
  return factor * std::exp(-0.5 * z * z);
}

/// The probability of a <= z <= b, to full relative accuracy in the tails and for narrow intervals.
double normal_probability(double a, double b) {
  const double variation = (b - a) * (1 + std::max(std::abs(a), std::abs(b)));  // of the density, relative
  if (variation < 0.02) return gauss_legendre<3>(normal_density, a, b);
  if (variation < 0.5) return gauss_legendre<5>(normal_density, a, b);
  const double inner = a * std::numbers::sqrt2 / 2, outer = b * std::numbers::sqrt2 / 2;
  if (inner > 0) return 0.5 * (std::erfc(inner) - std::erfc(outer));
  if (outer < 0) return 0.5 * (std::erfc(-outer) - std::erfc(-inner));
  return 0.5 * (std::erf(outer) - std::erf(inner));
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

Range cells_within_reach(const Axis& axis, double mean, double deviation) {
  const auto clamp = [&](double cell) { return std::clamp(cell, 0.0, static_cast<double>(axis.points)); };
  const double h = axis.spacing(), place = (mean - axis.from) / h, width = reach * deviation / h;
  return {static_cast<std::size_t>(clamp(std::floor(place - width))),
          static_cast<std::size_t>(clamp(std::ceil(place + width)))};
}

/// Adds factor times the cell means of a normal law to `means`.
void add_normal(const Axis& axis, double mean, double deviation, double factor, std::span<double> means) {
  const auto [first, last] = cells_within_reach(axis, mean, deviation);
  factor /= axis.spacing();
  for (std::size_t i = first; i < last; ++i) {
    const double a = (axis.face(i) - mean) / deviation, b = (axis.face(i + 1) - mean) / deviation;
    means[i] += factor * normal_probability(a, b);
  }
}

/// A component whose axes are independent: its cell means are products.
void add_independent(const Grid& grid, const Gaussian& gaussian, std::span<double> out) {
  std::array<std::vector<double>, 3> means;
  std::array<Range, 3> ranges;
  ranges.fill({0, 1});
  means.fill({1.0});
  for (std::size_t k = 0; k < grid.dimension(); ++k) {
    const Axis& axis = grid.axis(k);
    const auto row = static_cast<Eigen::Index>(k);
    const double mean = gaussian.mean[row], deviation = std::sqrt(gaussian.covariance(row, row));
    means[k].assign(axis.points, 0.0);
    ranges[k] = deviation > 0 ? cells_within_reach(axis, mean, deviation) : Range{0, axis.points};
    if (deviation > 0)
      add_normal(axis, mean, deviation, 1, means[k]);
    else
      share_point(axis, mean, means[k]);
  }
  const std::size_t n2 = grid.dimension() > 1 ? grid.axis(1).points : 1;
  const std::size_t n3 = grid.dimension() > 2 ? grid.axis(2).points : 1;
  for (std::size_t i = ranges[0].first; i < ranges[0].last; ++i)
    for (std::size_t j = ranges[1].first; j < ranges[1].last; ++j) {
      const double factor = gaussian.weight * means[0][i] * means[1][j];
      double* row = out.data() + (i * n2 + j) * n3;
      for (std::size_t k = ranges[2].first; k < ranges[2].last; ++k) row[k] += factor * means[2][k];
    }
}

/// A component with correlated axes.
class Correlated {
 public:
  Correlated(const Grid& grid, const Gaussian& gaussian, std::span<double> out)
      : grid_(grid), mean_(gaussian.mean), z_(gaussian.mean.size()), out_(out) {
    const std::optional<Eigen::MatrixXd> factor = cholesky_factor(gaussian.covariance);
    if (!factor)
      throw std::domain_error(
          "a covariance that is flat in a direction oblique to the axes has no cell means");
    factor_ = *factor;
    add(0, 0, gaussian.weight);
  }

 private:
  /// Longest panel in z_k over which the conditional laws after axis k change little.
  double panel(Eigen::Index k) const {
    double length = 1;
    for (Eigen::Index j = k + 1; j < factor_.rows(); ++j)
      length = std::min(length, factor_(j, j) / std::abs(factor_(j, k)));
    return length;
  }

  /// Cells from `offset` on along axis k and those after it, given z_j for j < k.
  void add(std::size_t k, std::size_t offset, double factor) {
    const auto row = static_cast<Eigen::Index>(k);
    const Axis& axis = grid_.axis(k);
    const double mean = mean_[row] + factor_.row(row).head(row).dot(z_.head(row)),
                 deviation = factor_(row, row);
    if (k + 1 == grid_.dimension())
      return add_normal(axis, mean, deviation, factor, out_.subspan(offset, axis.points));
    const auto [first, last] = cells_within_reach(axis, mean, deviation);
    for (std::size_t i = first; i < last; ++i) {
      const double a = std::max((axis.face(i) - mean) / deviation, -reach);
      const double b = std::min((axis.face(i + 1) - mean) / deviation, reach);
      add_cell(k, offset + i * grid_.stride(k), factor / axis.spacing(), a, b);
    }
  }

  void add_cell(std::size_t k, std::size_t offset, double factor, double a, double b) {
    using Rule = boost::math::quadrature::gauss<double, 10>;
    const auto row = static_cast<Eigen::Index>(k);
    const double panels = std::ceil((b - a) / panel(row)), half = 0.5 * (b - a) / panels;
    for (double p = 0; p < panels; ++p)
      for (std::size_t q = 0; q < Rule::abscissa().size(); ++q)
        for (const double side : {-1.0, 1.0}) {
          z_[row] = a + half * (2 * p + 1 + side * Rule::abscissa()[q]);
          add(k + 1, offset, factor * half * Rule::weights()[q] * normal_density(z_[row]));
        }
  }

  const Grid& grid_;
  Eigen::VectorXd mean_, z_;
  Eigen::MatrixXd factor_;
  std::span<double> out_;
};

}  // namespace

void GaussianMixture::cell_means(const Grid& grid, std::span<double> out) const {
  if (grid.dimension() != dimension()) throw std::invalid_argument("grid and mixture differ in dimension");
  std::fill(out.begin(), out.end(), 0.0);
  for (const Gaussian& gaussian : components_) {
    if (gaussian.weight == 0) continue;
    if (gaussian.covariance.isDiagonal(0))
      add_independent(grid, gaussian, out);
    else
      Correlated(grid, gaussian, out);
  }
}

}  // namespace umkehr
