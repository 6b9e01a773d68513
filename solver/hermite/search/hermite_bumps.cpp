// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "grids/dense/dense_matrix.hpp"
#include "solver/hermite/hermite_kernel.hpp"
#include "solver/hermite/search/hermite_objective.hpp"

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
  const Eigen::VectorXd deviation =
      component.covariance.diagonal().cwiseMax(1e-300).cwiseSqrt().cwiseInverse();
  const Eigen::MatrixXd correlation = deviation.asDiagonal() * component.covariance * deviation.asDiagonal();
  const Eigen::VectorXd stretch = symmetric_eigenvalues(correlation);
  bumps.push_back({component.weight, mean, variance * std::max(stretch.minCoeff(), 0.0)});
  if (stretch.maxCoeff() > stretch.minCoeff())
    bumps.push_back({component.weight, mean, variance * stretch.maxCoeff()});
}

/// Reference bases that exist as long as the law does, being no wider.
std::vector<HermiteBasis> narrow_bases(const GaussianMixture& law) {
  std::vector<HermiteBasis> bases;
  const Eigen::VectorXd mean = law.mean();
  for (Eigen::Index k = 0; k < mean.size(); ++k) {
    double variance = law.covariance()(k, k);
    for (const Gaussian& component : law.components())
      if (component.covariance(k, k) > 0) variance = std::min(variance, component.covariance(k, k));
    bases.push_back({mean[k], variance > 0 ? 0.5 * std::sqrt(variance) : 1e-3, 1});
  }
  return bases;
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

std::optional<HermiteBasis> BasisMotion::of(const HermiteBasis& basis) const {
  const double ratio = basis.scale / reference.scale, delta = ratio * ratio - 1,
               mean = reference.scaled(basis.centre);
  const double denominator = 1 - curvature * delta;
  const double variance = 1 + spread + delta * carry * carry / denominator;
  if (!(denominator > 0) || !(variance > 0)) return std::nullopt;
  const double centre = shift + carry * (delta * tilt + mean) / denominator;
  return HermiteBasis{reference.centre + reference.scale * centre, reference.scale * std::sqrt(variance),
                      basis.modes};
}

BumpsOverTime::BumpsOverTime(const AffineProcess& process, const GaussianMixture& initial,
                             const std::vector<double>& times, std::size_t axis, bool axes_apart)
    : moves_(axes_apart) {
  const Eigen::Index k = static_cast<Eigen::Index>(axis);
  const std::vector<double> few = thinned(times, 24);
  const std::vector<HermiteBasis> references = narrow_bases(initial);
  GaussianMixture law = initial;
  for (std::size_t n = 0; n < few.size(); ++n) {
    if (n > 0) law = process.push(law, few[n - 1], few[n]);
    std::vector<Bump> bumps;
    for (const Gaussian& component : law.components()) add_bumps(component, k, bumps);
    if (bumps.empty()) continue;
    bumps_.push_back(std::move(bumps));
    motions_.emplace_back();
    if (!moves_ || n == 0) continue;
    const HermiteKernel kernel = HermiteKernel::of(process, references, few.front(), few[n]);
    motions_.back() = {references[axis],       kernel.spread(k, k), kernel.carry(k, k),
                       kernel.curvature(k, k), kernel.shift[k],     kernel.tilt[k]};
  }
}

HermiteRange BumpsOverTime::range() const {
  const double huge = std::numeric_limits<double>::max();
  HermiteRange range{huge, -huge, huge, 0};
  for (std::size_t n = 0; n < bumps_.size() && (n == 0 || !moves_); ++n)
    for (const Bump& bump : bumps_[n]) {
      const BasisMotion& motion = motions_[n];
      const double moved = motion.reference.scaled(bump.mean) - motion.shift;
      const double mean = motion.reference.centre + motion.reference.scale * moved / motion.carry;
      const double deviation = std::sqrt(bump.variance) / motion.carry;
      range.left = std::min(range.left, mean - 2 * deviation);
      range.right = std::max(range.right, mean + 2 * deviation);
      range.min_scale = std::min(range.min_scale, 0.5 * deviation);
    }
  range.max_scale = range.right - range.left;
  range.min_scale = std::max(range.min_scale, 1e-3 * range.max_scale);
  return range;
}

double BumpsOverTime::truncation_error(const HermiteBasis& basis) const {
  std::vector<double> errors;
  for (std::size_t n = 0; n < bumps_.size(); ++n) {
    const std::optional<HermiteBasis> moved = motions_[n].of(basis);
    if (!moved) return std::numeric_limits<double>::infinity();
    double sum = 0, mass = 0;
    for (const Bump& bump : bumps_[n]) {
      sum += bump.weight * missed(bump, *moved);
      mass += bump.weight;
    }
    errors.push_back(sum / mass);
  }
  return badness_of(errors);
}

}  // namespace umkehr
