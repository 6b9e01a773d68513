// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/particles/schemes/motion.hpp"

namespace umkehr {

Motion motion_of(const Process& process) {
  return {process.dimension(),
          [drift = process.drift](const Points& x, double t, Components& out) {
            for (std::size_t k = 0; k < drift.size(); ++k) drift[k](x, t, out[k]);
          },
          [diffusion = process.diffusion](double t, std::span<double> out) {
            for (std::size_t k = 0; k < diffusion.size(); ++k) out[k] = diffusion[k](t);
          }};
}

StepSpace::StepSpace(std::size_t dimension, std::size_t points)
    : first(dimension, std::vector<double>(points)),
      second(first),
      between(dimension, points),
      noise(dimension),
      end(dimension) {}

}  // namespace umkehr
