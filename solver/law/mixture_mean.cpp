// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/law/mixture_mean.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <optional>
#include <utility>

#include "grids/dense/dense_matrix.hpp"
#include "grids/failure.hpp"
#include "solver/law/whitened.hpp"

namespace umkehr {
namespace {

constexpr double cut = 8.6;  // standard deviations; exp(-cut^2/2) is below rounding
constexpr double first_step = 0.5;
constexpr double finest_step[] = {1e-3, 0.01, 0.06};
constexpr double many_nodes = 4e6;  // of a lattice

using Values = std::vector<double>;

/// Trapezoidal nodes -n h .. n h along one whitened axis.
struct Trapezoid {
  Values node, weight;
  explicit Trapezoid(double step) {
    const int n = static_cast<int>(cut / step);
    for (int i = -n; i <= n; ++i) {
      node.push_back(i * step);
      weight.push_back(step * std::exp(-0.5 * node.back() * node.back()) / std::sqrt(2 * std::numbers::pi));
    }
  }
};

void add(const Values& weights, const std::vector<Values>& values, double share, Values& total) {
  for (std::size_t j = 0; j < total.size(); ++j) {
    double sum = 0;
    for (std::size_t i = 0; i < weights.size(); ++i)
      if (weights[i] > 0) sum += weights[i] * values[j][i];
    total[j] += share * sum;
  }
}

/// total += weight int N(z) f(m + L z) dz, over planes of constant first coordinate.
void add_component(const Gaussian& gaussian, const Eigen::MatrixXd& factor, const PointFunctions& f,
                   double step, Values& total) {
  const Trapezoid rule(step);
  const std::size_t n = rule.node.size(), d = static_cast<std::size_t>(gaussian.mean.size());
  std::size_t plane = 1;
  for (std::size_t k = 1; k < d; ++k) plane *= n;
  Points x(d, d == 1 ? n : plane);
  Values weights(x.count());
  std::vector<Values> values(total.size(), Values(x.count()));
  for (std::size_t first = 0; first < (d == 1 ? 1 : n); ++first) {
    for (std::size_t k = 0; k < d; ++k)
      std::fill(x[k].begin(), x[k].end(), gaussian.mean[static_cast<Eigen::Index>(k)]);
    std::fill(weights.begin(), weights.end(), 1.0);
    for (std::size_t j = 0, inner = plane * n; j < d; ++j, inner /= n)
      for (std::size_t i = 0; i < x.count(); ++i) {
        const std::size_t place = d == 1 ? i : j == 0 ? first : i % inner / (inner / n);
        weights[i] *= rule.weight[place];
        for (std::size_t k = j; k < d; ++k)
          x[k][i] += factor(static_cast<Eigen::Index>(k), static_cast<Eigen::Index>(j)) * rule.node[place];
      }
    f(x, values);
    add(weights, values, gaussian.weight, total);
  }
}

/// A box around all components and their least standard deviation in any direction.
struct Extent {
  std::vector<double> low, high;
  double least = std::numeric_limits<double>::infinity();

  explicit Extent(const GaussianMixture& law)
      : low(law.dimension(), std::numeric_limits<double>::infinity()), high(low.size(), -low.front()) {
    for (const Gaussian& gaussian : law.components()) {
      if (gaussian.weight == 0) continue;
      least = std::min(least, std::sqrt(symmetric_eigenvalues(gaussian.covariance)[0]));
      for (std::size_t k = 0; k < low.size(); ++k) {
        const auto i = static_cast<Eigen::Index>(k);
        const double reach = cut * std::sqrt(gaussian.covariance(i, i));
        low[k] = std::min(low[k], gaussian.mean[i] - reach);
        high[k] = std::max(high[k], gaussian.mean[i] + reach);
      }
    }
  }
  double nodes(double step) const {
    double count = 1;
    for (std::size_t k = 0; k < low.size(); ++k) count *= 1 + std::floor((high[k] - low[k]) / (step * least));
    return count;
  }
};

/// total += int P f on a lattice of spacing step * extent.least, over planes of constant first coordinate.
void add_lattice(const GaussianMixture& law, const Extent& extent, const PointFunctions& f, double step,
                 Values& total) {
  const std::size_t d = extent.low.size();
  const double spacing = step * extent.least;
  std::vector<std::size_t> counts;
  for (std::size_t k = 0; k < d; ++k)
    counts.push_back(1 + static_cast<std::size_t>((extent.high[k] - extent.low[k]) / spacing));
  std::size_t plane = 1;
  for (std::size_t k = 1; k < d; ++k) plane *= counts[k];
  Points x(d, d == 1 ? counts[0] : plane);
  Values weights(x.count());
  std::vector<Values> values(total.size(), Values(x.count()));
  for (std::size_t first = 0; first < (d == 1 ? 1 : counts[0]); ++first) {
    for (std::size_t i = 0; i < x.count(); ++i)
      for (std::size_t k = d, rest = i; k-- > 0;) {
        const std::size_t place = d > 1 && k == 0 ? first : rest % counts[k];
        rest /= counts[k];
        x[k][i] = extent.low[k] + spacing * static_cast<double>(place);
      }
    law.density(x, weights);
    f(x, values);
    add(weights, values, std::pow(spacing, static_cast<double>(d)), total);
  }
}

Values with_step(const GaussianMixture& law, const std::vector<Eigen::MatrixXd>& factors,
                 const std::optional<Extent>& lattice, const PointFunctions& f, double step,
                 std::size_t count) {
  Values total(count);
  if (lattice) {
    add_lattice(law, *lattice, f, step, total);
    return total;
  }
  for (std::size_t c = 0; c < factors.size(); ++c)
    if (law.components()[c].weight > 0) add_component(law.components()[c], factors[c], f, step, total);
  return total;
}

/// Where one rule for all components needs fewer nodes than one for each.
std::optional<Extent> worthwhile_lattice(const GaussianMixture& law) {
  if (law.components().size() < 8) return std::nullopt;
  Extent extent(law);
  const double each = std::pow(2 * cut / first_step + 1, static_cast<double>(law.dimension()));
  const double lattice = extent.nodes(first_step);
  const bool fewer = lattice < std::min(many_nodes, each * static_cast<double>(law.components().size()));
  return fewer ? std::optional(std::move(extent)) : std::nullopt;
}

}  // namespace

MixtureMean mixture_mean(const GaussianMixture& law, std::size_t count, const PointFunctions& f,
                         double accuracy) {
  const std::size_t d = law.dimension();
  if (d < 1 || d > 3) throw UnfitProblem("means over a mixture are taken in one to three dimensions");
  if (law.is_singular()) throw UnfitProblem("a mixture with a point mass or a flat component has no density");
  std::vector<Eigen::MatrixXd> factors;
  for (const Gaussian& gaussian : law.components())
    factors.push_back(gaussian.weight > 0 ? cholesky_factor(gaussian.covariance).value()
                                          : Eigen::MatrixXd(gaussian.covariance));
  const std::optional<Extent> lattice = worthwhile_lattice(law);
  double step = first_step;
  MixtureMean mean{with_step(law, factors, lattice, f, step, count), 1};
  while (mean.change > accuracy && step > finest_step[d - 1]) {
    step /= 2;
    const Values coarse = std::exchange(mean.value, with_step(law, factors, lattice, f, step, count));
    mean.change = 0;
    for (std::size_t j = 0; j < count; ++j)
      mean.change =
          std::max(mean.change, std::abs(mean.value[j] - coarse[j]) / (1 + std::abs(mean.value[j])));
  }
  return mean;
}

}  // namespace umkehr
