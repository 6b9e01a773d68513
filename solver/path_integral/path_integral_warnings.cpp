// SPDX-License-Identifier: GPL-3.0-or-later
// What makes a sliced path integral wrong: features finer than its spline, walls that drift crosses, and slices so long that
// trajectories cross. Each is said with its size and with what would do.
#include <algorithm>
#include <cmath>
#include <sstream>

#include "solver/path_integral/path_integral.hpp"

namespace umkehr {

/// About how wrong the spline is half-way between centres, relative to the sum of the largest coefficients.
double PathIntegral::spline_misfit(std::span<const double> state, std::size_t axis) const {
  const std::vector<double> spectrum = transforms_[axis].spectrum(values(state));
  double wrong = 0, all = 0;
  for (std::size_t i = 0; i < spectrum.size(); ++i) {
    wrong += spectrum[i] * spline_error(transforms_[axis].wavenumbers()[i] * grid_.axis(axis).spacing());
    all += spectrum[i];
  }
  return all > 0 ? wrong / all : 0;
}

namespace {

constexpr double misfit_limit = 1e-8;
constexpr double populated_share = 1e-6;  // of the largest density
constexpr double wall_limit = 1e-9;       // of the largest density

}  // namespace

/// Largest |density| beside the walls of an axis, relative to the largest anywhere.
double PathIntegral::density_at_walls(std::span<const double> state, std::size_t axis) const {
  const std::size_t stride = grid_.stride(axis), n = grid_.axis(axis).points;
  double most = 0, beside = 0;
  for (std::size_t i = 0; i < grid_.size(); ++i) {
    const std::size_t layer = i / stride % n;
    most = std::max(most, std::abs(state[i]));
    if (layer == 0 || layer == n - 1) beside = std::max(beside, std::abs(state[i]));
  }
  return most > 0 ? beside / most : 0;
}

std::vector<std::string> PathIntegral::warnings(std::span<const double> state, double t) const {
  std::vector<std::string> found;
  for (std::size_t k = 0; k < grid_.dimension() && push_.acts(); ++k) {
    const Axis& axis = grid_.axis(k);
    const double misfit = spline_misfit(state, k);
    if (!(misfit > misfit_limit)) continue;
    const double finer = std::pow(misfit / (0.1 * misfit_limit), 1.0 / 8);
    std::ostringstream text;
    text.precision(2);
    text << "the spline along " << axis.name << " is off by " << misfit << " between the centres at t = " << t
         << " (1e-8 is allowed): the density has features finer than the spacing " << axis.spacing()
         << ", or reaches a wall; take points = "
         << std::ceil(std::min(finer, 8.0) * static_cast<double>(axis.points) / 2) * 2
         << " or more, or trust only times at which they have spread";
    found.push_back(text.str());
  }
  // What is too fine for a spline ripples as far as the walls.
  for (std::size_t k = 0; k < grid_.dimension() && push_.acts() && found.empty(); ++k) {
    const double beside = density_at_walls(state, k);
    if (!(beside > wall_limit) || !push_.crosses_walls(k, t)) continue;
    std::ostringstream text;
    text.precision(2);
    text << "the density beside a wall of " << grid_.axis(k).name << " that drift crosses is " << beside
         << " of its maximum at t = " << t
         << " (1e-9 is allowed): there sliced kernels are of order 1; widen the axis, or "
         << "take method = \"finite-volume\"";
    found.push_back(text.str());
  }
  if (order_ == 1 && last_slice_ > 0) {
    const double most = *std::max_element(values(state).begin(), values(state).end());
    const double stretch = push_.min_stretch(t, last_slice_, values(state), populated_share * most);
    if (stretch < 0) {
      std::ostringstream text;
      text.precision(2);
      text << "one slice of order 1 pushes neighbours past each other: 1 + dt dF/dx falls to " << stretch
           << " at t = " << t << "; take dt = " << 0.5 * last_slice_ / (1 - stretch) << " or order = 2";
      found.push_back(text.str());
    }
  }
  return found;
}

}  // namespace umkehr
