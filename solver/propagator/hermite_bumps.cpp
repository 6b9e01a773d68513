// SPDX-License-Identifier: GPL-3.0-or-later
#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>
#include <limits>

#include "solver/propagator/hermite_objective.hpp"

namespace umkehr {
namespace {

/// sum_{n >= N} |c_n| + epsilon sum_{n < N} |c_n| of a bump of unit weight, the first sum as far as 3/2 N.
double missed(const Bump& bump, const HermiteBasis& basis) {
  const double mean = basis.scaled(bump.mean);
  const double spread = bump.variance / (basis.scale * basis.scale) - 1;
  double before = 0, now = 1, head = 0, tail = 0;
  for (std::size_t n = 0; n < basis.modes + basis.modes / 2; ++n) {
    (n < basis.modes ? head : tail) += std::abs(now);
    const double order = static_cast<double>(n);
    const double next = (mean * now + spread * std::sqrt(order) * before) / std::sqrt(order + 1);
    before = now;
    now = next;
  }
  return tail + std::numeric_limits<double>::epsilon() * head;
}

void add_bumps(const Gaussian& component, Eigen::Index axis, std::vector<Bump>& bumps) {
  const double variance = component.covariance(axis, axis), mean = component.mean[axis];
  if (!(variance > 0)) return;  // a point: no basis resolves it, and every basis carries it
  const Eigen::VectorXd deviation = component.covariance.diagonal().cwiseMax(1e-300).cwiseSqrt().cwiseInverse();
  const Eigen::MatrixXd correlation = deviation.asDiagonal() * component.covariance * deviation.asDiagonal();
  const Eigen::VectorXd stretch =
      Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>(correlation, Eigen::EigenvaluesOnly).eigenvalues();
  bumps.push_back({component.weight, mean, variance * std::max(stretch.minCoeff(), 0.0)});
  if (stretch.maxCoeff() > stretch.minCoeff())
    bumps.push_back({component.weight, mean, variance * stretch.maxCoeff()});
}

}  // namespace

double badness_of(const std::vector<double>& errors) {
  double worst = -std::numeric_limits<double>::infinity(), sum = 0;
  for (double error : errors) {
    if (!std::isfinite(error)) return std::numeric_limits<double>::infinity();
    const double size = std::log(std::max(error, 1e-18));
    worst = std::max(worst, size);
    sum += size;
  }
  return errors.empty() ? 0 : worst + sum / static_cast<double>(errors.size());
}

std::vector<double> thinned(const std::vector<double>& times, std::size_t most) {
  if (times.size() <= most) return times;
  std::vector<double> few;
  for (std::size_t i = 0; i < most; ++i) few.push_back(times[i * (times.size() - 1) / (most - 1)]);
  return few;
}

BumpsOverTime::BumpsOverTime(const AffineProcess& process, const GaussianMixture& initial,
                             const std::vector<double>& times, std::size_t axis) {
  GaussianMixture law = initial;
  const std::vector<double> few = thinned(times, 32);
  for (std::size_t n = 0; n < few.size(); ++n) {
    if (n > 0) law = process.push(law, few[n - 1], few[n]);
    std::vector<Bump> bumps;
    for (const Gaussian& component : law.components()) add_bumps(component, static_cast<Eigen::Index>(axis), bumps);
    if (!bumps.empty()) bumps_.push_back(std::move(bumps));
  }
}

HermiteRange BumpsOverTime::range() const {
  const double huge = std::numeric_limits<double>::max();
  HermiteRange range{huge, -huge, huge, 0};
  for (const std::vector<Bump>& bumps : bumps_)
    for (const Bump& bump : bumps) {
      const double deviation = std::sqrt(bump.variance);
      range.left = std::min(range.left, bump.mean - 2 * deviation);
      range.right = std::max(range.right, bump.mean + 2 * deviation);
      range.least_scale = std::min(range.least_scale, 0.7 * deviation);
    }
  range.most_scale = range.right - range.left;
  range.least_scale = std::max(range.least_scale, 1e-3 * range.most_scale);
  return range;
}

double BumpsOverTime::badness(const HermiteBasis& basis) const {
  std::vector<double> errors;
  for (const std::vector<Bump>& bumps : bumps_) {
    double sum = 0, mass = 0;
    for (const Bump& bump : bumps) {
      sum += bump.weight * missed(bump, basis);
      mass += bump.weight;
    }
    errors.push_back(sum / mass);
  }
  return badness_of(errors);
}

}  // namespace umkehr
