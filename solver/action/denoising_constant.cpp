// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/action/denoising_constant.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "grids/failure.hpp"

namespace umkehr {
namespace {

bool same_place(const Gaussian& a, const Gaussian& b) {
  return a.mean == b.mean && a.covariance == b.covariance;
}

/// Each law once, weights adding up to one.
GaussianMixture merged(const GaussianMixture& law) {
  std::vector<Gaussian> kept;
  const double mass = law.mass();
  for (Gaussian gaussian : law.components()) {
    gaussian.weight /= mass;
    const auto same = std::find_if(kept.begin(), kept.end(),
                                   [&](const Gaussian& earlier) { return same_place(earlier, gaussian); });
    if (same == kept.end())
      kept.push_back(std::move(gaussian));
    else
      same->weight += gaussian.weight;
  }
  return GaussianMixture(std::move(kept));
}

double information_at_origin(const GaussianMixture& law) {
  double sum = 0;
  for (const Gaussian& gaussian : law.components()) {
    if (gaussian.weight == 0) continue;
    if (!gaussian.covariance.isZero(0)) return std::numeric_limits<double>::infinity();
    sum -= gaussian.weight * std::log(gaussian.weight);
  }
  return sum;
}

}  // namespace

double mutual_information(const AffineProcess& process, const GaussianMixture& initial, double origin,
                          double t) {
  if (process.is_killed())
    throw UnfitProblem("the denoising constant is not defined for a process with killing");
  if (!(t >= origin))
    throw UnfitProblem("x_0 is given at t = " + std::to_string(origin) + ", after t = " + std::to_string(t));
  const GaussianMixture law = merged(initial);
  if (t == origin) return information_at_origin(law);
  const Eigen::VectorXd centre = Eigen::VectorXd::Zero(static_cast<Eigen::Index>(process.dimension()));
  const GaussianMixture kernel = process.transition(centre, origin, t);
  if (kernel.is_singular())
    throw UnfitProblem("the noise does not reach every direction by t = " + std::to_string(t) +
                       ", so that the denoising constant is not defined");
  return process.push(law, origin, t).entropy() - kernel.entropy();
}

double denoising_constant(const AffineProcess& process, const GaussianMixture& initial, double origin,
                          double start, double stop) {
  return mutual_information(process, initial, origin, start) -
         mutual_information(process, initial, origin, stop);
}

}  // namespace umkehr
