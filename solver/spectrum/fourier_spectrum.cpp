// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/spectrum/fourier_spectrum.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>
#include <string>

#include "grids/interpolation/cardinal.hpp"
#include "solver/spectrum/spectrum.hpp"

namespace umkehr {
namespace {

constexpr double deepest = 36;  // exp(-36) = 2e-16

/// Adds entry(i, j, k) of each axis k between unknowns that differ in that coordinate alone (or not at all).
template <class Entry>
void add_along_axes(const Grid& grid, CardinalOperator& op, const Entry& entry) {
  std::vector<Eigen::Index> unknown(grid.size(), -1);
  for (std::size_t n = 0; n < op.centres.size(); ++n) unknown[op.centres[n]] = static_cast<Eigen::Index>(n);
  for (std::size_t n = 0; n < op.centres.size(); ++n)
    for (std::size_t k = 0; k < grid.dimension(); ++k) {
      const std::size_t cell = op.centres[n], i = cell / grid.stride(k) % grid.axis(k).points;
      for (std::size_t j = 0; j < grid.axis(k).points; ++j) {
        const Eigen::Index m = unknown[cell - i * grid.stride(k) + j * grid.stride(k)];
        if (m >= 0) op.matrix(static_cast<Eigen::Index>(n), m) += entry(i, j, k, cell);
      }
    }
}

CardinalOperator zero_on(std::vector<std::size_t> centres) {
  require_room(centres.size());
  const auto size = static_cast<Eigen::Index>(centres.size());
  return {Eigen::MatrixXd::Zero(size, size), std::move(centres)};
}

Eigen::Index at(std::size_t i) {
  return static_cast<Eigen::Index>(i);
}

}  // namespace

std::vector<double> finite_values(const Coefficient& coefficient, const Points& x, double t,
                                  const char* what) {
  std::vector<double> out(x.count());
  coefficient(x, t, out);
  for (const double value : out)
    if (!std::isfinite(value))
      throw std::invalid_argument(std::string(what) + " is not finite at t = " + std::to_string(t));
  return out;
}

void require_room(std::size_t unknowns) {
  if (unknowns > most_spectral_unknowns)
    throw std::invalid_argument("this spectrum would need a dense matrix of " + std::to_string(unknowns) +
                                " unknowns, of which " + std::to_string(most_spectral_unknowns) +
                                " are allowed; take fewer points or method = \"finite-volume\"");
}

std::vector<std::size_t> stationary_centres(const std::vector<double>& phi) {
  const double least = *std::min_element(phi.begin(), phi.end());
  std::vector<std::size_t> centres;
  for (std::size_t i = 0; i < phi.size(); ++i)
    if ((phi[i] - least) / 2 <= deepest) centres.push_back(i);
  return centres;
}

CardinalOperator symmetric_operator(const Process& process, const Grid& grid, double t,
                                    const std::vector<double>& phi) {
  CardinalOperator op = zero_on(stationary_centres(phi));

  const Points x = grid.centres();
  std::vector<double> well = finite_values(process.killing, x, t, "the killing rate");
  std::vector<Eigen::MatrixXd> kinetic;
  for (std::size_t k = 0; k < grid.dimension(); ++k) {
    const double diffusion = process.diffusion[k](t);
    kinetic.push_back(-0.5 * diffusion * cardinal_second_derivative(grid.axis(k)));
    const std::vector<double> force = finite_values(process.drift[k], x, t, "the drift");
    const std::vector<double> slope =
        finite_values(process.drift[k].formula()->derivative(k), x, t, "the drift's derivative");
    for (std::size_t i = 0; i < well.size(); ++i)
      well[i] += force[i] * force[i] / (2 * diffusion) + slope[i] / 2;
  }
  add_along_axes(grid, op, [&](std::size_t i, std::size_t j, std::size_t k, std::size_t cell) {
    return kinetic[k](at(i), at(j)) + (i == j && k == 0 ? well[cell] : 0.0);
  });
  return op;
}

CardinalOperator general_operator(const Process& process, const Grid& grid, double t) {
  require_room(grid.size());
  std::vector<std::size_t> all(grid.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  CardinalOperator op = zero_on(std::move(all));
  const Points x = grid.centres();
  const std::vector<double> killing = finite_values(process.killing, x, t, "the killing rate");
  std::vector<Eigen::MatrixXd> first, second;
  std::vector<std::vector<double>> drift;
  for (std::size_t k = 0; k < grid.dimension(); ++k) {
    first.push_back(cardinal_derivative(grid.axis(k)));
    second.push_back(0.5 * process.diffusion[k](t) * cardinal_second_derivative(grid.axis(k)));
    drift.push_back(finite_values(process.drift[k], x, t, "the drift"));
  }
  add_along_axes(grid, op, [&](std::size_t i, std::size_t j, std::size_t k, std::size_t cell) {
    return -drift[k][cell] * first[k](at(i), at(j)) - second[k](at(i), at(j)) +
           (i == j && k == 0 ? killing[cell] : 0.0);
  });
  return op;
}

}  // namespace umkehr
