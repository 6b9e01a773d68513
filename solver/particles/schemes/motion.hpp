// SPDX-License-Identifier: GPL-3.0-or-later
// dx = f(x, t) dt + sqrt(D(t)) dW (2.2) on a clock of its own, and one Brownian increment: what a step in time needs.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <vector>

#include "grids/points.hpp"
#include "solver/process/process.hpp"

namespace umkehr {

struct Motion {
  std::size_t dimension = 0;
  /// f at a batch, (d, points); from several threads at once.
  std::function<void(const Points& x, double t, Components& out)> drift;
  /// D_k, (d); may vanish.
  std::function<void(double t, std::span<double> out)> diffusion;
};

/// Forward, with the drift and the noise of a process.
Motion motion_of(const Process& process);

/// Over a step of length h: W_k(t + h) - W_k(t), and int (W_k(s) - W_k(t)) ds where a scheme asks for it. (d, points) each.
struct Increments {
  Components noise, area;
};

/// Fields that steps write to, kept between them.
struct StepSpace {
  StepSpace(std::size_t dimension, std::size_t points);
  Components first, second;        ///< drifts
  Points between;                  ///< positions of stages
  std::vector<double> noise, end;  ///< sqrt(D) at the beginning, at the end of a step
};

}  // namespace umkehr
