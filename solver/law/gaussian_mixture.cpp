// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/law/gaussian_mixture.hpp"

#include <cmath>
#include <string>

#include "grids/dense/dense_matrix.hpp"
#include "grids/failure.hpp"
#include "solver/law/whitened.hpp"

namespace umkehr {

namespace {

void refuse_component(std::size_t component, const std::string& what) {
  throw UnfitProblem("component " + std::to_string(component + 1) + " of the mixture: " + what);
}

bool is_positive_semidefinite(const Eigen::MatrixXd& covariance) {
  if (covariance.isDiagonal(0)) return (covariance.diagonal().array() >= 0).all();
  if (cholesky_factor(covariance)) return true;
  const Eigen::VectorXd eigenvalues = symmetric_eigenvalues(covariance);
  return eigenvalues.minCoeff() >= -1e-12 * std::abs(eigenvalues.maxCoeff());
}

void check_component(const Gaussian& gaussian, std::size_t dimension, std::size_t number) {
  const auto d = static_cast<Eigen::Index>(dimension);
  const Eigen::MatrixXd& covariance = gaussian.covariance;
  if (!(gaussian.weight >= 0) || !std::isfinite(gaussian.weight))
    refuse_component(number, "the weight must be >= 0");
  if (d == 0 || gaussian.mean.size() != d || covariance.rows() != d || covariance.cols() != d)
    refuse_component(number, "mean and covariance must have the dimension of the first mean");
  if (!gaussian.mean.allFinite() || !covariance.allFinite())
    refuse_component(number, "mean or covariance is not finite");
  const double asymmetry = (covariance - covariance.transpose()).cwiseAbs().maxCoeff();
  if (asymmetry > 1e-12 * covariance.cwiseAbs().maxCoeff())
    refuse_component(number, "the covariance is not symmetric");
  if (!is_positive_semidefinite(covariance))
    refuse_component(number, "the covariance is not positive semi-definite");
}

}  // namespace

GaussianMixture::GaussianMixture(std::vector<Gaussian> components) : components_(std::move(components)) {
  for (std::size_t c = 0; c < components_.size(); ++c) check_component(components_[c], dimension(), c);
  whitened_ = Whitened::of(components_);
}

std::size_t GaussianMixture::dimension() const {
  return components_.empty() ? 0 : static_cast<std::size_t>(components_[0].mean.size());
}

double GaussianMixture::mass() const {
  double sum = 0;
  for (const Gaussian& gaussian : components_) sum += gaussian.weight;
  return sum;
}

Eigen::VectorXd GaussianMixture::mean() const {
  Eigen::VectorXd sum = Eigen::VectorXd::Zero(static_cast<Eigen::Index>(dimension()));
  for (const Gaussian& gaussian : components_) sum += gaussian.weight * gaussian.mean;
  return sum / mass();
}

Eigen::MatrixXd GaussianMixture::covariance() const {
  const Eigen::VectorXd centre = mean();
  Eigen::MatrixXd sum = Eigen::MatrixXd::Zero(centre.size(), centre.size());
  for (const Gaussian& gaussian : components_) {
    const Eigen::VectorXd from_centre = gaussian.mean - centre;
    sum += gaussian.weight * (gaussian.covariance + from_centre * from_centre.transpose());
  }
  return sum / mass();
}

bool GaussianMixture::is_singular() const {
  return whitened_ == nullptr;
}

GaussianMixture empirical_law(const Points& samples, double bandwidth) {
  if (samples.count() == 0) throw UnfitProblem("an empirical law needs at least one sample");
  if (!(bandwidth >= 0)) throw UnfitProblem("the bandwidth must be >= 0");
  const auto d = static_cast<Eigen::Index>(samples.dimension());
  const Eigen::MatrixXd covariance = bandwidth * bandwidth * Eigen::MatrixXd::Identity(d, d);
  std::vector<Gaussian> components(
      samples.count(), {1.0 / static_cast<double>(samples.count()), Eigen::VectorXd(d), covariance});
  for (std::size_t i = 0; i < samples.count(); ++i)
    for (Eigen::Index k = 0; k < d; ++k) components[i].mean[k] = samples[static_cast<std::size_t>(k)][i];
  return GaussianMixture(std::move(components));
}

}  // namespace umkehr
