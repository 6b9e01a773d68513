// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/particles/schemes/euler_maruyama.hpp"

#include <cmath>

namespace umkehr {

void EulerMaruyama::step(const Motion& motion, double t, double h, std::size_t, const Increments& increments,
                         Points& x, StepSpace& space) const {
  motion.drift(x, t, space.first);
  motion.diffusion(t, space.noise);
  for (std::size_t k = 0; k < motion.dimension; ++k) {
    const double sigma = std::sqrt(space.noise[k]);
    const double *drift = space.first[k].data(), *noise = increments.noise[k].data();
    double* to = x[k].data();
    for (std::size_t i = 0; i < x.count(); ++i) to[i] += h * drift[i] + sigma * noise[i];
  }
}

}  // namespace umkehr
