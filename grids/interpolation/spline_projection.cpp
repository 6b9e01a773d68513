// SPDX-License-Identifier: GPL-3.0-or-later
#include "grids/interpolation/spline_projection.hpp"

#include <cmath>

#include "grids/interpolation/spline.hpp"
#include "grids/interpolation/wall_transform.hpp"

namespace umkehr {

std::vector<double> spline_projection(const Grid& grid, Points points, std::span<const double> masses,
                                      std::span<const double> variances) {
  const SplineGrid spline(grid);
  for (std::size_t k = 0; k < grid.dimension(); ++k) spline.place(k, points[k]);
  std::vector<double> values(grid.size());
  spline.deposit(masses, points, values);
  for (std::size_t k = 0; k < grid.dimension(); ++k) {
    const double spacing = grid.axis(k).spacing(), variance = variances.empty() ? 0 : variances[k];
    const WallTransform transform(grid, k);
    std::vector<double> multiplier;
    for (const double kappa : transform.wavenumbers())
      multiplier.push_back(std::exp(-variance * kappa * kappa / 2) /
                           (spacing * spline_symbol(kappa * spacing)));
    transform.multiply(values, multiplier);
  }
  return values;
}

}  // namespace umkehr
