// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/kolmogorov/wall_weight.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <sstream>

#include "grids/at_wall.hpp"
#include "grids/failure.hpp"
#include "grids/machine/infinity.hpp"
#include "grids/middle_half.hpp"
#include "solver/finite_volume/finite_volume.hpp"
#include "solver/law/affine.hpp"
#include "solver/stepping/march.hpp"

namespace umkehr {
namespace {

constexpr std::array<std::size_t, 3> line_points = {768, 96, 24};
constexpr int coarse_steps = 100;

/// Fine enough for a lattice to have the tails of diffusion.
Grid coarse_grid(const Grid& grid) {
  std::vector<Axis> axes = grid.axes();
  for (Axis& axis : axes) {
    axis.points = line_points[axes.size() - 1];
    if (axis.boundary != Boundary::periodic) axis.boundary = Boundary::reflecting;
  }
  return Grid(std::move(axes));
}

bool has_walls(const Grid& grid) {
  return std::any_of(grid.axes().begin(), grid.axes().end(),
                     [](const Axis& axis) { return axis.boundary != Boundary::periodic; });
}

/// J(start) at the centres of a coarse grid. Where walls absorb, the cells at walls are emptied after each step: whatever
/// else a grid gets wrong is then the same with both kinds of wall.
std::vector<double> expected(const Process& process, const Grid& grid, std::vector<double> terminal,
                             double start, double stop, bool walls_absorb) {
  std::vector<std::size_t> emptied;
  for (std::size_t cell = 0; cell < grid.size() && walls_absorb; ++cell)
    if (is_at_wall(grid, cell)) emptied.push_back(cell);
  FiniteVolume volumes(process, grid);
  terminal.resize(volumes.size());
  const Scheme* scheme = finite_volume_scheme("sdirk2", false);
  const Step whole{start, stop, scheme};
  for (int n = coarse_steps; n-- > 0;) {
    for (const std::size_t cell : emptied) terminal[cell] = 0;
    volumes.backward(terminal, whole.part(n, coarse_steps));
  }
  terminal.resize(grid.size());
  return terminal;
}

/// J between reflecting and between absorbing walls, and how many paths meet no wall.
struct Expectations {
  Grid grid;
  std::vector<double> reflecting, absorbing, survival;

  Expectations(const Process& process, const Grid& fine, const std::vector<double>& terminal, double start,
               double stop)
      : grid(coarse_grid(fine)) {
    Process unkilled = process;
    unkilled.killing = 0.0;
    reflecting = expected(process, grid, terminal, start, stop, false);
    absorbing = expected(process, grid, terminal, start, stop, true);
    survival = expected(unkilled, grid, std::vector<double>(grid.size(), 1.0), start, stop, true);
  }
};

/// What is not finite was made by the walls.
double share_of(double reflecting, double absorbing, double min_scale) {
  if (!std::isfinite(reflecting) || !std::isfinite(absorbing)) return 1;
  const double scale = std::max(reflecting, min_scale);
  return scale > 0 ? std::clamp((reflecting - absorbing) / scale, 0.0, 1.0) : 0;
}

bool creates_mass(const Process& process, const Grid& grid, double start, double stop) {
  if (const auto constant = process.killing.constant_value()) return false;
  const Points centres = grid.centres();
  std::vector<double> rate(grid.size());
  constexpr int samples = 9;
  for (int n = 0; n < samples; ++n) {
    process.killing(centres, start + (stop - start) * (n + 0.5) / samples, rate);
    if (*std::min_element(rate.begin(), rate.end()) < 0) return true;
    if (!process.killing.depends_on_time()) break;
  }
  return false;
}

/// The cell of a coarse grid in which each cell of the fine one has its centre.
std::size_t coarse_cell(const Grid& coarse, const Grid& fine, std::size_t cell) {
  std::size_t found = 0;
  for (std::size_t k = 0; k < fine.dimension(); ++k) {
    const Axis& axis = coarse.axis(k);
    const double x = fine.axis(k).centre(cell / fine.stride(k) % fine.axis(k).points);
    const auto i = static_cast<std::size_t>(std::max(0.0, (x - axis.from) / axis.spacing()));
    found += std::min(i, axis.points - 1) * coarse.stride(k);
  }
  return found;
}

/// Whether the law of the process, were there no walls, has an infinite mass; nothing where no closed form knows.
std::optional<bool> is_infinite_on_the_line(const Process& process, double start, double stop) try {
  const std::optional<AffineProcess> affine = AffineProcess::of(process);
  if (!affine) return std::nullopt;
  affine->transport(start, stop);
  return false;
} catch (const UnfitProblem&) {
  return true;
}

}  // namespace

WallWeight wall_weight(const Process& process, const Grid& grid, const Law& initial, double start,
                       double stop) {
  if (!has_walls(grid) || !(start < stop) || !creates_mass(process, grid, start, stop)) return {};
  const Expectations means(process, grid, std::vector<double>(coarse_grid(grid).size(), 1.0), start, stop);
  std::vector<double> density(grid.size());
  cell_means(initial, grid, density);
  double mass = 0, reflecting = 0, absorbing = 0, survival = 0;
  for (std::size_t i = 0; i < density.size(); ++i) {
    const std::size_t cell = coarse_cell(means.grid, grid, i);
    mass += density[i];
    reflecting += density[i] * means.reflecting[cell];
    absorbing += density[i] * means.absorbing[cell];
    survival += density[i] * means.survival[cell];
  }
  return {share_of(reflecting, absorbing, 0), std::max(0.0, 1 - survival / mass)};
}

WallWeight wall_weight(const Process& process, const Grid& grid, const Coefficient& terminal, double start,
                       double stop) {
  if (!has_walls(grid) || !(start < stop)) return {};
  const Grid coarse = coarse_grid(grid);
  std::vector<double> sizes(coarse.size());
  terminal(coarse.centres(), stop, sizes);
  const auto is_finite = [](double value) { return std::isfinite(value); };
  if (!std::all_of(sizes.begin(), sizes.end(), is_finite)) return {};  // the methods say where
  double all = 0, central = 0;
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    sizes[i] = std::abs(sizes[i]);
    all = std::max(all, sizes[i]);
    if (in_middle_half(coarse, i)) central = std::max(central, sizes[i]);
  }
  const Expectations means(process, grid, sizes, start, stop);
  // Values far below the terminal one may well come from the walls.
  const double scale = central > 0 ? central : 1e-12 * all;
  WallWeight least{infinity, 0};
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    if (!in_middle_half(coarse, i)) continue;
    const double share = share_of(means.reflecting[i], means.absorbing[i], scale);
    if (share < least.share) least = {share, std::max(0.0, 1 - means.survival[i])};
  }
  return std::isfinite(least.share) ? least : WallWeight{};
}

namespace {

/// The same box with its axes twice as long, but for those whose ends are meant.
Grid twice_as_wide(const Grid& grid) {
  std::vector<Axis> axes = grid.axes();
  for (Axis& axis : axes) {
    if (axis.boundary != Boundary::reflecting) continue;
    const double half = 0.5 * axis.length();
    axis.from -= half;
    axis.to += half;
    axis.points *= 2;
  }
  return Grid(std::move(axes));
}

/// Whether the formulas mean anything there.
bool is_defined(const Process& process, const Grid& fine, double start, double stop) {
  const Grid grid = coarse_grid(fine);
  const Points centres = grid.centres();
  std::vector<double> values(grid.size());
  const auto is_finite = [&](const Coefficient& f, double t) {
    f(centres, t, values);
    return std::all_of(values.begin(), values.end(), [](double v) { return std::isfinite(v); });
  };
  for (const double t : {start + 0.01 * (stop - start), 0.5 * (start + stop)}) {
    if (!is_finite(process.killing, t)) return false;
    for (const Coefficient& drift : process.drift)
      if (!is_finite(drift, t)) return false;
  }
  return true;
}

void require_finite(const WallWeight& weight, const char* what, const Process& process, double start,
                    double stop) {
  if (!weight.is_artefact()) return;
  const std::optional<bool> infinite = is_infinite_on_the_line(process, start, stop);
  std::ostringstream text;
  text.precision(2);
  text << "a share of " << weight.share << " of the " << what
       << " comes from paths that met a wall, though a path does so with a probability of "
       << weight.probability << " only: ";
  if (infinite.value_or(false))
    text << "on the line the " << what << " is infinite, since the killing is negative and grows too fast";
  else
    text << "on the line the " << what << " is infinite, or far larger than this box shows";
  text << "; take a killing that is bounded from below, a terminal value that grows less, a shorter time, or "
          "walls that are meant";
  throw NumericalFailure(text.str());
}

/// By closed form. In a wide box cells next to walls may create a mass of their own, where drift does not keep what steps in
/// time leave there.
bool is_known_to_be_finite(const Process& process, const Law& initial, double start, double stop) try {
  const std::optional<AffineProcess> affine = AffineProcess::of(process);
  const auto* mixture = std::get_if<GaussianMixture>(&initial);
  if (!affine || mixture == nullptr) return false;
  affine->push(*mixture, start, stop);
  return true;
} catch (const UnfitProblem&) {
  return false;
}

bool is_known_to_be_finite(const Process&, const Coefficient&, double, double) {
  return false;
}

template <class Known>
void require_finite(const Process& process, const Grid& grid, const Known& known, const char* what,
                    double start, double stop, bool on_the_line) {
  constexpr double hardly = 1e-4;
  const WallWeight here = wall_weight(process, grid, known, start, stop);
  if (!on_the_line) require_finite(here, what, process, start, stop);
  if (is_known_to_be_finite(process, known, start, stop)) return;
  const Grid wide = twice_as_wide(grid);
  if ((!on_the_line && here.probability > hardly) || !is_defined(process, wide, start, stop)) return;
  std::optional<WallWeight> there;
  try {
    there = wall_weight(process, wide, known, start, stop);
  } catch (const UnfitProblem&) {
    return;  // the law is none so far out
  }
  require_finite(*there, what, process, start, stop);
}

}  // namespace

void require_finite_mass(const Process& process, const Grid& grid, const Law& initial, double start,
                         double stop, bool on_the_line) {
  if (creates_mass(process, grid, start, stop))
    require_finite(process, grid, initial, "mass", start, stop, on_the_line);
}

void require_finite_value(const Process& process, const Grid& grid, const Coefficient& terminal, double start,
                          double stop, bool on_the_line) {
  require_finite(process, grid, terminal, "value", start, stop, on_the_line);
}

}  // namespace umkehr
