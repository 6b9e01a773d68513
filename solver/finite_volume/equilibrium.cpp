// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/finite_volume/equilibrium.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "grids/machine/elementary.hpp"
#include "solver/process/quasi_potential.hpp"

namespace umkehr {
namespace {

constexpr std::size_t rule = 5;
constexpr std::array<double, rule> nodes = {-0.90617984593866399280, -0.53846931010568309104, 0.0,
                                            0.53846931010568309104, 0.90617984593866399280};
constexpr std::array<double, rule> node_weights = {0.23692688505618908751, 0.47862867049936646804,
                                                   0.56888888888888888889, 0.47862867049936646804,
                                                   0.23692688505618908751};

/// The nodes within one cell relative to its centre, and their weights, which add up to one.
struct CellRule {
  Points offsets;
  std::vector<double> weights;
};

CellRule cell_rule(const Grid& grid) {
  std::size_t count = 1;
  for (std::size_t k = 0; k < grid.dimension(); ++k) count *= rule;
  CellRule result{Points(grid.dimension(), count), std::vector<double>(count, 1.0)};
  for (std::size_t n = 0; n < count; ++n)
    for (std::size_t k = 0, rest = n; k < grid.dimension(); ++k, rest /= rule) {
      result.offsets[k][n] = 0.5 * grid.axis(k).spacing() * nodes[rest % rule];
      result.weights[n] *= 0.5 * node_weights[rest % rule];
    }
  return result;
}

/// Coordinates of all nodes of the cells from `first` on, one node of every cell after the other.
void place_nodes(const Grid& grid, const CellRule& cell, std::size_t first, Points& x) {
  const std::size_t count = cell.weights.size(), cells = x.count() / count;
  std::vector<double> centre(cells);
  for (std::size_t k = 0; k < grid.dimension(); ++k) {
    const Axis& axis = grid.axis(k);
    std::size_t index = first / grid.stride(k) % axis.points, within = first % grid.stride(k);
    for (double& each : centre) {
      each = axis.centre(index);
      if (++within < grid.stride(k)) continue;
      within = 0;
      index = index + 1 == axis.points ? 0 : index + 1;
    }
    for (std::size_t q = 0; q < count; ++q)
      for (std::size_t i = 0; i < cells; ++i) x[k][q * cells + i] = centre[i] + cell.offsets[k][q];
  }
}

/// -ln of the mean of exp(-phi) over each cell, without overflow. Leaves nothing of `phi`.
void minus_log_means(std::span<double> phi, std::span<const double> weights, std::span<double> out) {
  const std::size_t cells = out.size();
  std::copy_n(phi.begin(), cells, out.begin());
  for (std::size_t n = cells; n < phi.size(); n += cells)
    for (std::size_t i = 0; i < cells; ++i) out[i] = std::min(out[i], phi[n + i]);
  for (std::size_t n = 0; n < phi.size(); n += cells)
    for (std::size_t i = 0; i < cells; ++i) phi[n + i] = out[i] - phi[n + i];
  lanes::exp(phi, phi);
  const std::span<double> mean = phi.first(cells);
  for (double& each : mean) each *= weights[0];
  for (std::size_t q = 1; q < weights.size(); ++q)
    for (std::size_t i = 0; i < cells; ++i) mean[i] += weights[q] * phi[q * cells + i];
  lanes::log(mean, mean);
  for (std::size_t i = 0; i < cells; ++i) out[i] -= mean[i];
}

}  // namespace

std::vector<double> equilibrium_exponents(const Process& process, const Grid& grid) {
  const std::optional<QuasiPotential> potential = QuasiPotential::of(process, grid);
  if (!potential) return {};
  const CellRule cell = cell_rule(grid);
  const std::size_t count = cell.weights.size(), block = std::max<std::size_t>(1, 4096 / count);
  std::vector<double> exponents(grid.size());
  for (std::size_t first = 0; first < grid.size(); first += block) {
    const std::size_t cells = std::min(block, grid.size() - first);
    Points x(grid.dimension(), cells * count);
    place_nodes(grid, cell, first, x);
    std::vector<double> phi(cells * count);
    (*potential)(x, phi);
    minus_log_means(phi, cell.weights, std::span(exponents).subspan(first, cells));
  }
  return exponents;
}

}  // namespace umkehr
