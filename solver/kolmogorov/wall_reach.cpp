// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/kolmogorov/wall_reach.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <sstream>

#include "grids/middle_half.hpp"
#include "solver/finite_volume/finite_volume.hpp"

namespace umkehr {
namespace {

constexpr double felt = 1e-6;
constexpr std::array<std::size_t, 3> max_points = {192, 48, 20};
constexpr int steps = 100;

Grid coarse_grid(const Grid& grid, std::size_t axis) {
  std::vector<Axis> axes = grid.axes();
  for (std::size_t k = 0; k < axes.size(); ++k) {
    axes[k].points = std::min(axes[k].points, max_points[axes.size() - 1]);
    if (k == axis)
      axes[k].boundary = Boundary::absorbing;
    else if (axes[k].boundary == Boundary::absorbing)
      axes[k].boundary = Boundary::reflecting;
  }
  return Grid(std::move(axes));
}

/// Distance from a wall at which the probabilities, from that wall on, fall to what is felt.
double distance(const std::vector<double>& probability, double spacing) {
  for (std::size_t i = 0; i < probability.size(); ++i) {
    if (probability[i] > felt) continue;
    if (i == 0) return 0.5 * spacing;
    const double above = std::log(probability[i - 1] / felt);
    const double below = std::log(felt / std::max(probability[i], 1e-12));
    return spacing * (static_cast<double>(i) - 0.5 + above / (above + below));
  }
  return spacing * static_cast<double>(probability.size());
}

}  // namespace

WallReach wall_reach(const Process& process, const Grid& grid, std::size_t axis, double start, double stop,
                     double share) {
  Process unkilled = process;
  unkilled.killing = 0.0;
  const Grid coarse = coarse_grid(grid, axis);
  const Axis& line = coarse.axis(axis);
  FiniteVolume volumes(unkilled, coarse);
  std::vector<double> survival(volumes.size());
  for (std::size_t cell = 0; cell < coarse.size(); ++cell) {
    const double x = line.centre(cell / coarse.stride(axis) % line.points);
    survival[cell] = std::min(x - line.from, line.to - x) >= share * line.length() ? 1 : 0;
  }
  const Scheme* scheme = finite_volume_scheme("backward-euler", false);
  const Step whole{start, stop, scheme};
  for (int n = steps; n-- > 0;) volumes.backward(survival, whole.part(n, steps));

  std::vector<double> probability(line.points);
  for (std::size_t cell = 0; cell < coarse.size(); ++cell) {
    double& most = probability[cell / coarse.stride(axis) % line.points];
    if (in_middle_half(coarse, cell, axis)) most = std::max(most, 1 - survival[cell]);
  }
  const double lower = distance(probability, line.spacing());
  std::reverse(probability.begin(), probability.end());
  return {lower, distance(probability, line.spacing())};
}

std::string wall_reach_warning(const Axis& axis, const WallReach& reach, double start) {
  std::ostringstream text;
  text.precision(3);
  if (reach.lower + reach.upper >= axis.length()) {
    text << "at t = " << start << " values feel the walls of " << axis.name << " everywhere (" << axis.from
         << " to " << axis.to << "): a path meets a wall with a probability above 1e-6";
  } else {
    text << "at t = " << start << " values feel the walls of " << axis.name << " below "
         << axis.from + reach.lower << " and above " << axis.to - reach.upper
         << ": from there a path meets a wall with a probability above 1e-6";
  }
  text << "; where these values matter take walls further out, or method hermite";
  return text.str();
}

}  // namespace umkehr
