// SPDX-License-Identifier: GPL-3.0-or-later
// -int P ln P by the quadrature of mixture_mean.hpp. One Gaussian is closed form.
#include <cmath>
#include <numbers>

#include "grids/failure.hpp"
#include "solver/law/mixture_mean.hpp"
#include "solver/law/whitened.hpp"

namespace umkehr {

namespace {

double entropy_of_gaussian(const Gaussian& gaussian, const Eigen::MatrixXd& factor) {
  const auto d = static_cast<double>(gaussian.mean.size());
  const double unit = 0.5 * d * (1 + std::log(2 * std::numbers::pi)) + factor.diagonal().array().log().sum();
  return gaussian.weight * (unit - std::log(gaussian.weight));
}

}  // namespace

double GaussianMixture::entropy() const {
  const std::size_t d = dimension();
  if (d < 1 || d > 3) throw UnfitProblem("the entropy is computed in one to three dimensions");
  if (is_singular()) throw UnfitProblem("a mixture with a point mass or a flat component has no entropy");
  if (components_.size() == 1)
    return entropy_of_gaussian(components_[0], cholesky_factor(components_[0].covariance).value());
  const auto log_density_at = [this](const Points& x, std::vector<std::vector<double>>& out) {
    log_density(x, out[0]);
  };
  return -mixture_mean(*this, 1, log_density_at).value[0];
}

}  // namespace umkehr
