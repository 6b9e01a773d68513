// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/action/relaxation_measure.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "solver/process/sampled_coefficient.hpp"

namespace umkehr {

std::function<double(double)> relaxation_measure(const Process& process, double start,
                                                 double variance_at_start, double variance_at_stop) {
  return [&process, start, variance_at_start, variance_at_stop](double t) {
    double noise = 0;
    for (const Coefficient& diffusion : process.diffusion) noise += time_integral(diffusion, start, t);
    return std::log(variance_at_start + noise) + noise / variance_at_stop;
  };
}

double min_variance(const GaussianMixture& mixture) {
  double least = std::numeric_limits<double>::infinity();
  for (const Gaussian& gaussian : mixture.components())
    if (gaussian.weight > 0) least = std::min(least, gaussian.covariance.diagonal().minCoeff());
  return least;
}

}  // namespace umkehr
