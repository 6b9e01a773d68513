// SPDX-License-Identifier: GPL-3.0-or-later
// -int P ln P = -sum_c w_c int N(z) ln P(m_c + L_c z) dz, each by the trapezoidal rule in the component's own whitened
// coordinates z, which converges exponentially; steps are halved until the value stands. One Gaussian is closed form.
#include <algorithm>
#include <cmath>
#include <numbers>
#include <stdexcept>

#include "solver/law/whitened.hpp"

namespace umkehr {

namespace {

constexpr double cut = 8.6;        // standard deviations; exp(-cut^2/2) is below rounding
constexpr double accuracy = 1e-8;  // of the step before the last: halving a step squares the error

double entropy_of_gaussian(const Gaussian& gaussian, const Eigen::MatrixXd& factor) {
  const auto d = static_cast<double>(gaussian.mean.size());
  const double unit = 0.5 * d * (1 + std::log(2 * std::numbers::pi)) + factor.diagonal().array().log().sum();
  return gaussian.weight * (unit - std::log(gaussian.weight));
}

/// Trapezoidal nodes -n h .. n h along one whitened axis.
struct Trapezoid {
  std::vector<double> node, weight;
  explicit Trapezoid(double step) {
    const int n = static_cast<int>(cut / step);
    for (int i = -n; i <= n; ++i) {
      node.push_back(i * step);
      weight.push_back(step * std::exp(-0.5 * node.back() * node.back()) / std::sqrt(2 * std::numbers::pi));
    }
  }
};

/// -int N(z) ln P(m + L z) dz over planes of constant first coordinate.
double share(const GaussianMixture& mixture, const Gaussian& gaussian, const Eigen::MatrixXd& factor,
             double step) {
  const Trapezoid rule(step);
  const std::size_t n = rule.node.size(), d = mixture.dimension();
  std::size_t plane = 1;
  for (std::size_t k = 1; k < d; ++k) plane *= n;
  double total = 0;
  Points x(d, plane);
  std::vector<double> values(plane), weights(plane);
  for (std::size_t first = 0; first < n; ++first) {
    for (std::size_t k = 0; k < d; ++k)
      std::fill(x[k].begin(), x[k].end(), gaussian.mean[static_cast<Eigen::Index>(k)]);
    std::fill(weights.begin(), weights.end(), 1.0);
    for (std::size_t j = 0, inner = plane * n; j < d; ++j, inner /= n)
      for (std::size_t i = 0; i < plane; ++i) {
        const std::size_t place = j == 0 ? first : i % inner / (inner / n);
        weights[i] *= rule.weight[place];
        for (std::size_t k = j; k < d; ++k)
          x[k][i] += factor(static_cast<Eigen::Index>(k), static_cast<Eigen::Index>(j)) * rule.node[place];
      }
    mixture.log_density(x, values);
    double sum = 0;
    for (std::size_t i = 0; i < plane; ++i) sum -= weights[i] * values[i];
    total += sum;
  }
  return total;
}

}  // namespace

double GaussianMixture::entropy() const {
  const std::size_t d = dimension();
  if (d < 1 || d > 3) throw std::invalid_argument("the entropy is computed in one to three dimensions");
  if (is_singular())
    throw std::domain_error("a mixture with a point mass or a flat component has no entropy");
  const double finest = d == 1 ? 1e-3 : d == 2 ? 0.01 : 0.06;
  double total = 0;
  for (const Gaussian& gaussian : components_) {
    if (gaussian.weight == 0) continue;
    const Eigen::MatrixXd factor = cholesky_factor(gaussian.covariance).value();
    if (components_.size() == 1) return entropy_of_gaussian(gaussian, factor);
    double step = 0.5, value = share(*this, gaussian, factor, step), change = 1;
    while (change > accuracy * (1 + std::abs(value)) && step > finest) {
      const double coarse = value;
      step /= 2;
      value = share(*this, gaussian, factor, step);
      change = std::abs(value - coarse);
    }
    total += gaussian.weight * value;
  }
  return total;
}

}  // namespace umkehr
