// SPDX-License-Identifier: GPL-3.0-or-later
// Integrals of several functions of time at once: panels of 15 points after Kronrod, the one that is worst halved until
// the 15 agree with the 7 of Gauss among them (QUADPACK's rule). Singular ends cost a panel an octave.
#pragma once

#include <cstddef>
#include <functional>
#include <vector>

namespace umkehr {

struct QuadratureChoices {
  double tolerance =
      1e-10;  ///< sum of the panels' |15 points - 7 points|, relative to the integral; the 15 are far better
  std::size_t max_panels = 200;
};

struct TimeIntegral {
  std::vector<double> value;
  double error = 0;           ///< the largest relative one that is left, on the safe side
  std::vector<double> edges;  ///< of the panels, ascending
};

using TimeFunctions = std::function<std::vector<double>(double t)>;

TimeIntegral integrate(const TimeFunctions& f, double start, double stop,
                       const QuadratureChoices& choices = {});

/// The nodes of fixed panels, ascending, and their weights.
struct TimeNodes {
  std::vector<double> time, weight;
};
TimeNodes panel_nodes(const std::vector<double>& edges);

}  // namespace umkehr
