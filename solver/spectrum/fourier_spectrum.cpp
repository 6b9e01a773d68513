// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/spectrum/fourier_spectrum.hpp"

#include <algorithm>
#include <numeric>
#include <string>
#include <utility>

#include "grids/failure.hpp"
#include "solver/spectrum/spectrum.hpp"

namespace umkehr {
namespace {

constexpr double deepest = 36;  // exp(-36) = 2e-16

std::vector<CardinalAxis> axes_of(const Grid& grid) {
  std::vector<CardinalAxis> axes;
  for (const Axis& axis : grid.axes()) axes.push_back(cardinal_axis(axis));
  return axes;
}

CardinalOperator minus(const CardinalGenerator& generator, double t, std::vector<std::size_t> centres) {
  CardinalOperator op{generator.matrix(t), std::move(centres)};
  op.matrix *= -1;
  return op;
}

}  // namespace

void require_room(std::size_t unknowns) {
  if (unknowns > max_spectral_unknowns)
    throw UnfitProblem("this spectrum would need a dense matrix of " + std::to_string(unknowns) +
                       " unknowns, of which " + std::to_string(max_spectral_unknowns) +
                       " are allowed; take fewer points or method = \"finite-volume\"");
}

std::vector<std::size_t> stationary_centres(const std::vector<double>& phi) {
  const double least = *std::min_element(phi.begin(), phi.end());
  std::vector<std::size_t> centres;
  for (std::size_t i = 0; i < phi.size(); ++i)
    if ((phi[i] - least) / 2 <= deepest) centres.push_back(i);
  return centres;
}

NodeCoefficients well_of(const Process& process, const Points& x, double t) {
  NodeCoefficients well;
  well.killing = finite_values(process.killing, x, t, "the killing rate");
  for (std::size_t k = 0; k < process.dimension(); ++k) {
    const double diffusion = process.diffusion[k](t);
    well.diffusion.push_back(diffusion);
    const std::vector<double> force = finite_values(process.drift[k], x, t, "the drift");
    const std::vector<double> slope =
        finite_values(process.drift[k].formula()->derivative(k), x, t, "the drift's derivative");
    for (std::size_t i = 0; i < x.count(); ++i)
      well.killing[i] += force[i] * force[i] / (2 * diffusion) + slope[i] / 2;
  }
  return well;
}

CardinalOperator symmetric_operator(const Process& process, const Grid& grid, double t,
                                    const std::vector<double>& phi) {
  std::vector<std::size_t> centres = stationary_centres(phi);
  require_room(centres.size());
  const auto well = [&process](const Points& x, double at) { return well_of(process, x, at); };
  return minus(CardinalGenerator(axes_of(grid), well, centres), t, centres);
}

CardinalOperator general_operator(const Process& process, const Grid& grid, double t) {
  require_room(grid.size());
  std::vector<std::size_t> all(grid.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  return minus(CardinalGenerator(process, axes_of(grid)), t, std::move(all));
}

}  // namespace umkehr
