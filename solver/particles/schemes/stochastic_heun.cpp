// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/particles/schemes/stochastic_heun.hpp"

#include <cmath>

namespace umkehr {

void StochasticHeun::step(const Motion& motion, double t, double h, std::size_t, const Increments& increments,
                          Points& x, StepSpace& space) const {
  motion.diffusion(t, space.noise);
  motion.diffusion(t + h, space.end);
  motion.drift(x, t, space.first);
  for (std::size_t k = 0; k < motion.dimension; ++k) {
    const double sigma = std::sqrt(space.noise[k]);
    const double *drift = space.first[k].data(), *noise = increments.noise[k].data(), *from = x[k].data();
    double* to = space.between[k].data();
    for (std::size_t i = 0; i < x.count(); ++i) to[i] = from[i] + h * drift[i] + sigma * noise[i];
  }
  motion.drift(space.between, t + h, space.second);
  for (std::size_t k = 0; k < motion.dimension; ++k) {
    const double sigma = (std::sqrt(space.noise[k]) + std::sqrt(space.end[k])) / 2;
    const double *first = space.first[k].data(), *second = space.second[k].data(),
                 *noise = increments.noise[k].data();
    double* to = x[k].data();
    for (std::size_t i = 0; i < x.count(); ++i) to[i] += h / 2 * (first[i] + second[i]) + sigma * noise[i];
  }
}

}  // namespace umkehr
