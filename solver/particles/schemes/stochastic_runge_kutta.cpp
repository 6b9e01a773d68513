// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/particles/schemes/stochastic_runge_kutta.hpp"

#include <cmath>

namespace umkehr {

void StochasticRungeKutta::step(const Motion& motion, double t, double h, std::size_t,
                                const Increments& increments, Points& x, StepSpace& space) const {
  motion.diffusion(t, space.noise);
  motion.diffusion(t + h, space.end);
  motion.drift(x, t, space.first);
  for (std::size_t k = 0; k < motion.dimension; ++k) {
    const double sigma = 1.5 / h * std::sqrt(space.end[k]);
    const double *drift = space.first[k].data(), *area = increments.area[k].data(), *from = x[k].data();
    double* to = space.between[k].data();
    for (std::size_t i = 0; i < x.count(); ++i) to[i] = from[i] + 0.75 * h * drift[i] + sigma * area[i];
  }
  motion.drift(space.between, t + 0.75 * h, space.second);
  for (std::size_t k = 0; k < motion.dimension; ++k) {
    const double end = std::sqrt(space.end[k]), change = (std::sqrt(space.noise[k]) - end) / h;
    const double *first = space.first[k].data(), *second = space.second[k].data(),
                 *noise = increments.noise[k].data(), *area = increments.area[k].data();
    double* to = x[k].data();
    for (std::size_t i = 0; i < x.count(); ++i)
      to[i] += h / 3 * (first[i] + 2 * second[i]) + end * noise[i] + change * area[i];
  }
}

}  // namespace umkehr
