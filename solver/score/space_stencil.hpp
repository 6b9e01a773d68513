// SPDX-License-Identifier: GPL-3.0-or-later
// Between the centres of a grid: the tensor product of Lagrange polynomials on the 16 nearest centres of each axis.
// At a centre it is the value there; periodic axes wrap.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>

#include "grids/grid.hpp"

namespace umkehr {

class SpaceStencil {
 public:
  /// Nothing outside the walls.
  static std::optional<SpaceStencil> at(const Grid& grid, std::span<const double> x);
  double apply(std::span<const double> field) const;

 private:
  static constexpr std::size_t width = 16;
  struct Along {
    std::size_t count = 0;
    std::array<std::size_t, width> offset{};
    std::array<double, width> weight{};
  };
  static Along along(const Axis& axis, std::size_t stride, double cell);
  double sum(std::size_t axis, std::span<const double> field, std::size_t offset) const;

  std::size_t dimension_ = 0;
  std::array<Along, 3> axes_;
};

}  // namespace umkehr
