// SPDX-License-Identifier: GPL-3.0-or-later
// The path between two points that minimises the Onsager-Machlup action (onsager_machlup.hpp): Newton's iteration on the
// discretised action, its block-tridiagonal Hessian shifted until it is positive definite (Levenberg, Marquardt), each
// step halved until the action falls. Of order 2 in the length of the pieces. An action may have several minima: the
// search starts from the straight line and from lines bent to either side along each axis.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "solver/path/onsager_machlup.hpp"

namespace umkehr {

struct MostProbablePathChoices {
  std::size_t points = 400;  ///< pieces of equal length in time, at least 2
  double tolerance = 1e-10;  ///< the last Newton step, relative to the ends and to what diffusion adds
  /// Whether div F / 2 counts: the most probable path, rather than the path of the most probable noise.
  bool with_divergence = true;
  std::size_t iterations = 500;  ///< at most, from each start
  bool search = true;            ///< from bent lines too, not only from the straight one
};

struct MostProbablePath {
  Path path;  ///< `points` + 1 times
  Action action;
  double action_error = 0;         ///< estimated from half as many pieces
  std::vector<double> lagrangian;  ///< at the middle of each piece
  std::vector<double> energy;      ///< sum_k v_k dL/dv_k - L there: constant where nothing depends on time
  std::size_t iterations = 0;      ///< of the search that found it
  std::vector<double>
      minima;  ///< actions of the distinct local minima that were found, ascending; the first is this one
  std::vector<std::string> warnings;
};

/// Throws std::invalid_argument for choices that do not fit, StepFailure where no search converges.
MostProbablePath most_probable_path(const Process& process, const std::vector<double>& from,
                                    const std::vector<double>& to, double start, double stop,
                                    const MostProbablePathChoices& choices = {});

}  // namespace umkehr
