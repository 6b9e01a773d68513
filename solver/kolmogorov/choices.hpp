// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "solver/process/time_jumps.hpp"

namespace umkehr {

enum class Method { finite_volume, fourier, hermite, path_integral };

/// Numerical choices of a run, forward or backward; the defaults suit most problems.
struct KolmogorovChoices {
  Method method = Method::finite_volume;
  std::string scheme;             ///< one of schemes(method); empty: the first of them
  double tolerance = 1e-8;        ///< bounds the estimated relative error in time at the end
  std::optional<double> step;     ///< fixed instead of adaptive
  bool estimates_errors = false;  ///< of finite volumes (grid_errors.hpp)
  bool follows_grid = false;  ///< steps as accurate as the error of the cells deserves, where it is estimated
  std::vector<TimeJump> jumps;         ///< of coefficients that are C++ functions; formulas show theirs
  int order = 2;                       ///< path integral: of the sliced kernel, 1 or 2
  std::vector<double> hermite_centre;  ///< one an axis; empty: searched
  std::vector<double> hermite_scale;   ///< one an axis; empty: searched
};

/// Names of the schemes in time that a method knows, its usual one first.
std::vector<std::string> schemes(Method method);

}  // namespace umkehr
