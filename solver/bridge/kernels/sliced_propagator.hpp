// SPDX-License-Identifier: GPL-3.0-or-later
// ln K(y, stop | x, start) of any process on one axis: path integrals in n slices (path/dense_kernel.hpp), which are
// positive and so relatively accurate in the tails too, extrapolated to infinitely many on logarithms. A slice of order 2 is
// symmetric in time, so that
//   ln K_n = ln K + c_2 n^-2 + c_4 n^-4 + ..,
// and Neville's scheme removes one term a level (Richardson; Bulirsch and Stoer, Numer. Math. 6 (1964) 413).
#pragma once

#include <span>
#include <vector>

#include "grids/axis.hpp"
#include "solver/process/process.hpp"

namespace umkehr {

struct SlicedChoices {
  double tolerance = 1e-10;       ///< of `error`
  std::size_t max_points = 1024;  ///< to which a coarse axis is refined so that slices are resolved
};

struct SlicedPropagator {
  std::vector<double> log_kernel;  ///< (x, y) in C order
  std::vector<float> doubt;        ///< of each, estimated
  double error = 0;  ///< largest doubt, times exp((joint density's logarithm - its maximum) / 8)
  std::size_t slices = 0, refinement = 1;
};

/// The joint density is that of both ends, with `log_density` at `start`, or a constant if that is empty. Throws
/// UnfitProblem where not even 8 slices are resolved.
SlicedPropagator sliced_propagator(const Process& process, const Axis& axis, double start, double stop,
                                   std::span<const double> log_density = {},
                                   const SlicedChoices& choices = {});

}  // namespace umkehr
