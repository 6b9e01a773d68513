// SPDX-License-Identifier: GPL-3.0-or-later
// The exact law of a process at any time: the closed form where the process is affine and its initial law a mixture, else a
// solution of the Fokker-Planck equation (2.6) at the nodes of Gauss-Kronrod panels, by polynomials of degree 14 between them.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "solver/kolmogorov/fokker_planck.hpp"
#include "solver/law/affine.hpp"
#include "solver/score/law_at_time.hpp"

namespace umkehr {

class LawPath {
 public:
  virtual ~LawPath() = default;
  virtual std::shared_ptr<const LawAtTime> at(double t) const = 0;
  /// Panels on which a quadrature in time finds the law without interpolation; none where any time is as good.
  virtual std::vector<double> panels() const { return {}; }
  virtual bool is_exact() const { return false; }
  /// What is to be said of a numerical solution.
  virtual std::vector<std::string> warnings() const { return {}; }
};

/// Throws std::domain_error where the law at `start` is a point, and as solve_fokker_planck does.
std::unique_ptr<LawPath> law_path(const Process& process, const Grid& grid, const Law& initial, double origin,
                                  double start, double stop, const KolmogorovChoices& choices,
                                  const Progress& progress = {});

/// The same law, known at the nodes of the panels and interpolated between them, component by component: for those who ask
/// for it at thousands of times.
std::unique_ptr<LawPath> between_nodes(const LawPath& exact, const std::vector<double>& edges);

}  // namespace umkehr
