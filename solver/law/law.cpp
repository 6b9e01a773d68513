// SPDX-License-Identifier: GPL-3.0-or-later
// Cell means are 5-point Gauss-Legendre sums along each axis, between the borders of pieces of a formula. Values at points are normalised by the sum over the
// grid's centres instead, h^d sum P(x_i) = 1, which is exact to rounding where spectral methods are.
#include "solver/law/law.hpp"

#include <algorithm>
#include <cmath>
#include <sstream>

#include "grids/at_wall.hpp"
#include "grids/failure.hpp"
#include "grids/gauss_rule.hpp"
#include "solver/law/circle.hpp"
#include "solver/law/gridded_law.hpp"
#include "solver/process/pieces.hpp"
#include "solver/process/seam.hpp"

namespace umkehr {

namespace {

constexpr std::size_t nodes = 5;

[[noreturn]] void refuse_value(const Grid& grid, const Points& x, std::size_t i, double value) {
  std::ostringstream message;
  message << "the density is " << value << " at";
  for (std::size_t k = 0; k < grid.dimension(); ++k)
    message << (k == 0 ? " " : ", ") << grid.axis(k).name << " = " << x[k][i];
  message << (std::isfinite(value) ? "; it must not be negative" : "; it must be finite");
  throw UnfitProblem(message.str());
}

void check_values(const Grid& grid, const Points& x, std::span<const double> values) {
  for (std::size_t i = 0; i < values.size(); ++i)
    if (!(values[i] >= 0) || !std::isfinite(values[i])) refuse_value(grid, x, i, values[i]);
}

void check_mass(double mass) {
  if (!(mass > 0)) throw UnfitProblem("the density is zero everywhere on the grid");
  if (!std::isfinite(mass)) throw UnfitProblem("the mass of the density on the grid is not finite");
}

double sum(std::span<const double> values) {
  double total = 0;
  for (const double value : values) total += value;
  return total;
}

/// Unnormalised values of a law at points of `grid`.
void evaluate(const FormulaLaw& law, const Grid& grid, const Points& x, std::span<double> out) {
  law.density(x, 0.0, out);
  check_values(grid, x, out);
}

void evaluate(const GriddedLaw& law, const Grid& grid, const Points& x, std::span<double> out) {
  interpolate(law, x, out);
  check_values(grid, x, out);
}

/// One row of cells along the last axis: all quadrature nodes of all its cells.
template <class AnyLaw>
void mean_over_row(const AnyLaw& law, const Grid& grid, std::size_t first, std::span<double> means) {
  const GaussRule<nodes>& rule = gauss_legendre<nodes>();
  const std::size_t d = grid.dimension(), cells = means.size();
  std::size_t per_cell = 1;
  for (std::size_t k = 0; k < d; ++k) per_cell *= nodes;
  Points x(d, cells * per_cell);
  std::vector<double> values(x.count()), weights(per_cell, 1.0);
  for (std::size_t k = 0, inner = per_cell / nodes; k < d; ++k, inner /= nodes) {
    const Axis& axis = grid.axis(k);
    for (std::size_t q = 0; q < per_cell; ++q) weights[q] *= 0.5 * rule.weight[q / inner % nodes];
    for (std::size_t i = 0; i < cells; ++i)
      for (std::size_t q = 0; q < per_cell; ++q)
        x[k][i * per_cell + q] = axis.centre((first + i) / grid.stride(k) % axis.points) +
                                 axis.spacing() * (0.5 * rule.node[q / inner % nodes]);
  }
  evaluate(law, grid, x, values);
  for (std::size_t i = 0; i < cells; ++i) {
    means[i] = 0;
    for (std::size_t q = 0; q < per_cell; ++q) means[i] += weights[q] * values[i * per_cell + q];
  }
}

template <class AnyLaw>
void means_of(const AnyLaw& law, const Grid& grid, std::span<double> out) {
  const std::size_t row = grid.axis(grid.dimension() - 1).points;
  for (std::size_t first = 0; first < grid.size(); first += row)
    mean_over_row(law, grid, first, out.subspan(first, row));
}

void normalise(const Grid& grid, std::span<double> means) {
  const double mass = sum(means) * grid.cell_volume();
  check_mass(mass);
  for (double& mean : means) mean /= mass;
}

bool same_cells(const Grid& a, const Grid& b) {
  if (a.dimension() != b.dimension()) return false;
  for (std::size_t k = 0; k < a.dimension(); ++k)
    if (a.axis(k).from != b.axis(k).from || a.axis(k).to != b.axis(k).to ||
        a.axis(k).points != b.axis(k).points)
      return false;
  return true;
}

void cell_means_of(const GaussianMixture& law, const Grid& grid, std::span<double> out) {
  wrapped(law, grid).cell_means(grid, out);
  check_mass(sum(out) * grid.cell_volume());
}

void cell_means_of(const FormulaLaw& law, const Grid& grid, std::span<double> out) {
  means_of(law, grid, out);
  replace_cut_cells({law.density, grid.dimension()}, grid, 0.0, out);
  normalise(grid, out);
}

void cell_means_of(const GriddedLaw& law, const Grid& grid, std::span<double> out) {
  if (same_cells(law.grid, grid)) {
    check_values(grid, grid.centres(), law.density);
    std::copy(law.density.begin(), law.density.end(), out.begin());
  } else {
    means_of(law, grid, out);
  }
  normalise(grid, out);
}

void density_of(const GaussianMixture& law, const Grid& grid, const Points& x, std::span<double> out) {
  wrapped(law, grid).density(x, out);
}

void unscaled(const GaussianMixture& law, const Grid& grid, const Points& x, std::span<double> out) {
  density_of(law, grid, x, out);
}

template <class AnyLaw>
void unscaled(const AnyLaw& law, const Grid& grid, const Points& x, std::span<double> out) {
  evaluate(law, grid, x, out);
}

template <class AnyLaw>
void density_of(const AnyLaw& law, const Grid& grid, const Points& x, std::span<double> out) {
  std::vector<double> at_centres(grid.size());
  evaluate(law, grid, grid.centres(), at_centres);
  const double mass = sum(at_centres) * grid.cell_volume();
  check_mass(mass);
  evaluate(law, grid, x, out);
  for (double& value : out) value /= mass;
}

}  // namespace

void cell_means(const Law& law, const Grid& grid, std::span<double> out) {
  std::visit([&](const auto& any) { cell_means_of(any, grid, out); }, law);
}

void centre_values(const Law& law, const Grid& grid, std::span<double> out) {
  density_at(law, grid, grid.centres(), out);
  if (!has_pieces(law, grid)) return;
  const auto& formula = std::get<FormulaLaw>(law);
  std::vector<double> at_centres(grid.size());
  evaluate(formula, grid, grid.centres(), at_centres);
  std::vector<double> means = at_centres;
  replace_cut_cells({formula.density, grid.dimension()}, grid, 0.0, means);
  const double mass = sum(at_centres) * grid.cell_volume();
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = means[i] / mass;
}

bool reaches_walls(const Law& law, const Grid& grid) {
  constexpr double share = 0.01;
  std::vector<double> means(grid.size());
  cell_means(law, grid, means);
  return share_at_walls(grid, means) >= share;
}

bool has_pieces(const Law& law, const Grid& grid) {
  const auto* formula = std::get_if<FormulaLaw>(&law);
  return formula != nullptr && is_in_pieces(formula->density, grid, 0.0);
}

PointMasses point_masses(const Law& law, const Grid& grid) {
  const auto* formula = std::get_if<FormulaLaw>(&law);
  const Pieces pieces(formula != nullptr ? formula->density : Coefficient(1.0), grid.dimension());
  Nodes nodes = nodes_of(pieces, grid, 0.0);
  PointMasses masses{std::move(nodes.points), std::vector<double>(nodes.weight.size()),
                     std::move(nodes.weight)};
  std::visit([&](const auto& any) { unscaled(any, grid, masses.places, masses.density); }, law);
  for (std::size_t i = 0; i < masses.mass.size(); ++i) masses.mass[i] *= masses.density[i];
  const double total = sum(masses.mass);
  check_mass(total);
  for (std::vector<double>* values : {&masses.density, &masses.mass})
    for (double& value : *values) value /= total;
  return masses;
}

void density_at(const Law& law, const Grid& grid, const Points& x, std::span<double> out) {
  std::visit([&](const auto& any) { density_of(any, grid, x, out); }, law);
}

}  // namespace umkehr
