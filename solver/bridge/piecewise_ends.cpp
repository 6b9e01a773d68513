// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/bridge/piecewise_ends.hpp"

#include <cmath>
#include <vector>

#include "grids/at_wall.hpp"
#include "grids/interpolation/local_interpolation.hpp"

namespace umkehr {
namespace {

/// int P f less the sum over cells.
double lacking_of_mean(const PointMasses& exact, const Grid& grid, std::span<const double> marginal,
                       std::vector<double> f) {
  std::vector<bool> finite(f.size());
  for (std::size_t i = 0; i < f.size(); ++i) finite[i] = std::isfinite(f[i]);
  continue_linearly(grid, f, finite);
  std::vector<double> between(exact.mass.size());
  interpolate_locally(grid, f, exact.places, between);
  double lacking = 0;
  for (std::size_t i = 0; i < exact.mass.size(); ++i)
    if (exact.mass[i] > 0) lacking += exact.mass[i] * between[i];
  for (std::size_t i = 0; i < f.size(); ++i)
    if (marginal[i] > 0) lacking -= grid.cell_volume() * marginal[i] * f[i];
  return lacking;
}

double lacking_of_entropy(const PointMasses& exact, const Grid& grid, std::span<const double> marginal) {
  double lacking = 0;
  for (std::size_t i = 0; i < exact.mass.size(); ++i)
    if (exact.mass[i] > 0) lacking += exact.mass[i] * std::log(exact.density[i]);
  for (const double p : marginal)
    if (p > 0) lacking -= grid.cell_volume() * p * std::log(p);
  return lacking;
}

}  // namespace

bool needs_integrals(const Law& law, const Grid& grid, std::span<const double> marginal) {
  constexpr double nothing = 1e-6;
  const auto* mixture = std::get_if<GaussianMixture>(&law);
  if (mixture != nullptr && mixture->is_singular()) return false;
  return has_pieces(law, grid) || share_at_walls(grid, marginal) > nothing;
}

double lacking_of_sums(const Law& initial, const Law& final, const Grid& grid, std::span<const double> first,
                       std::span<const double> last, const SchroedingerSolution& solution) {
  double lacking = 0;
  if (needs_integrals(initial, grid, first))
    lacking -= lacking_of_mean(point_masses(initial, grid), grid, first, solution.log_chi_initial);
  if (needs_integrals(final, grid, last)) {
    const PointMasses exact = point_masses(final, grid);
    lacking += lacking_of_entropy(exact, grid, last) -
               lacking_of_mean(exact, grid, last, solution.log_chi_hat_final);
  }
  return lacking;
}

}  // namespace umkehr
