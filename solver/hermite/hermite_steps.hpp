// SPDX-License-Identifier: GPL-3.0-or-later
// How Hermite coefficients move in time: dc/ds = B(s)^T c for a density and -da/ds = B(s) a for a value, with
// B_mn = <w psi_m, L psi_n>. Which of the schemes is used depends on the process alone.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "grids/hermite.hpp"
#include "solver/stepping/propagator.hpp"

namespace umkehr {

/// Errors of steps are relative to the coefficients' Euclidean norm.
class HermiteSteps : public Propagator {
 public:
  /// In which a state at this time is expanded.
  virtual std::vector<HermiteBasis> bases_at(double t) = 0;

  /// Euclidean size of what the quadrature of F and V gets wrong in the rate at which coefficients change, found with
  /// twice as many points; zero for closed forms.
  virtual double misprojection(std::span<const double>, [[maybe_unused]] double t,
                               [[maybe_unused]] bool of_value) {
    return 0;
  }
  virtual std::size_t memory() const = 0;
};

}  // namespace umkehr
