// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/law/gridded_law.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "grids/failure.hpp"
#include "grids/interpolation/lagrange.hpp"
#include "grids/machine/team.hpp"

namespace umkehr {

void interpolate(const GriddedLaw& law, const Points& x, std::span<double> out) {
  if (law.density.size() != law.grid.size()) throw UnfitProblem("a gridded law has one value a cell");
  if (x.dimension() != law.grid.dimension()) throw UnfitProblem("points and gridded law differ in dimension");
  const bool has_negative =
      std::any_of(law.density.begin(), law.density.end(), [](double p) { return p < 0; });
  constexpr std::size_t width = 8;
  const double a_place = 20 * std::pow(4, static_cast<double>(x.dimension()));
  share(x.count(), a_place, [&](std::size_t i) {
    std::array<double, 3> place{};
    for (std::size_t k = 0; k < x.dimension(); ++k) place[k] = x[k][i];
    const auto stencil = GridStencil::within(law.grid, width, place);
    const double value = stencil ? (*stencil)(law.density) : 0;
    out[i] = has_negative ? value : std::max(value, 0.0);
  });
}

}  // namespace umkehr
