// SPDX-License-Identifier: GPL-3.0-or-later
// The path between two points that minimises the Onsager-Machlup action (onsager_machlup.hpp): Newton's iteration on the
// discretised action, its block-tridiagonal Hessian shifted until it is positive definite (Levenberg, Marquardt), each
// step halved until the action falls. Of order 2 in the length of the pieces. An action may have many minima: the search
// (path_search.hpp) starts from several families of paths, around each periodic axis by each way that may be the best.
// Even pieces serve where they resolve the path; else, as in long times that it waits through, graded ones
// (path_times.hpp), and as many as it takes.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "solver/paths/onsager_machlup.hpp"

namespace umkehr {

struct MostProbablePathChoices {
  std::size_t points = 400;  ///< pieces, at least 2, at whose ends the path is given
  double tolerance = 1e-10;  ///< the last Newton step, relative to the ends and to what diffusion adds
  /// Whether div F / 2 counts: the most probable path, rather than the path of the most probable noise.
  bool with_divergence = true;
  std::size_t iterations = 500;  ///< at most, from each start
  bool search = true;            ///< from all families, not only from the straight line
  /// Whose periodic axes close upon themselves, and whose walls the path must not cross.
  std::optional<Grid> grid = {};
};

struct MostProbablePath {
  Path path;  ///< `points` + 1 times; along a periodic axis it goes on beyond the axis
  Action action;
  double action_error = 0;         ///< of its discretisation, from twice and four times as many pieces
  std::size_t pieces = 0;          ///< that the action was summed over, a multiple of `points`
  std::vector<double> lagrangian;  ///< at the middle of each of them
  std::vector<double> energy;      ///< sum_k v_k dL/dv_k - L there: constant where nothing depends on time
  std::size_t iterations = 0;      ///< of the search that found it
  std::vector<double>
      minima;  ///< actions of the distinct local minima that were found, ascending; the first is this one
  std::vector<Path> minimum_paths;  ///< at the times of `path`
  std::vector<std::string> warnings;
};

/// Throws what most_probable_path() would throw before it searches: UnfitProblem for choices that do not fit and
/// for a drift that jumps where a periodic axis closes, UnfitProblem where the action is not defined.
void check_most_probable_path(const Process& process, const std::vector<double>& from,
                              const std::vector<double>& to, double start, double stop,
                              const MostProbablePathChoices& choices = {});

/// Throws as above, and NumericalFailure where no search converges, where the path cannot be resolved, and where it crosses a
/// wall of `grid`.
MostProbablePath most_probable_path(const Process& process, const std::vector<double>& from,
                                    const std::vector<double>& to, double start, double stop,
                                    const MostProbablePathChoices& choices = {});

}  // namespace umkehr
