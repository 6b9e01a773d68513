// SPDX-License-Identifier: GPL-3.0-or-later
// Numbers of spectral nodes to be tried one after the other, and how far beyond the walls they reach. The first of them are as
// many as interpolate the terminal value, drift and killing at a thousand points between the walls, so that nothing narrow
// passes between the nodes.
#pragma once

#include <cstddef>
#include <vector>

#include "solver/hjb/hjb_problem.hpp"
#include "solver/hjb/hjb_spectral.hpp"

namespace umkehr {

class SpectralLadder {
 public:
  /// Throws Unresolved if drift or killing are narrower than the most nodes.
  explicit SpectralLadder(const HjbProblem& problem);

  SpectralNodes nodes() const;
  /// More nodes on each axis that may have them; false if there is none.
  bool climb();
  /// As many in proportion, further beyond the walls; false where formulas are not finite there, or no more are tried.
  bool widen();
  /// Whether more points on some axis would let more nodes be taken.
  bool is_bound_by_points() const;

 private:
  std::size_t most(std::size_t axis) const;
  Axis widened(std::size_t axis, std::size_t reach) const;
  void resolve(std::size_t axis);
  void resolve_coefficient(std::size_t axis, const char* name, const Coefficient& f, double scale);
  bool is_finite_within(std::size_t reach) const;

  const HjbProblem& problem_;
  std::vector<std::size_t> counts_, rung_;
  std::size_t reach_ = 0, max_reach_ = 0;
};

}  // namespace umkehr
