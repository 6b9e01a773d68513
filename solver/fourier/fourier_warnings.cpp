// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/fourier/fourier_warnings.hpp"

#include <algorithm>
#include <cmath>
#include <sstream>
#include <utility>

namespace umkehr {
namespace {

constexpr double fourier_wall_limit = 1e-12;
constexpr double spectrum_limit = 1e-10;

/// Largest |density| in each layer of cells across an axis.
std::vector<double> layers(const Grid& grid, std::span<const double> density, std::size_t axis) {
  std::vector<double> most(grid.axis(axis).points);
  for (std::size_t i = 0; i < density.size(); ++i) {
    double& layer = most[i / grid.stride(axis) % most.size()];
    layer = std::max(layer, std::abs(density[i]));
  }
  return most;
}

/// A density in the layer at a wall, and an eighth of the axis before it.
struct Wall {
  bool is_upper;
  double density, inside;
  bool is_reached() const { return inside > density; }
};

/// How far beyond a wall a density falls to the limit if its logarithm goes on as before the wall: for a confined law it
/// falls faster still. Where that is more than half an axis, as far as a Gaussian of the density's own width would.
double missing_length(const Axis& axis, const Wall& wall, const std::vector<double>& layer, double limit) {
  const double slope = std::log(std::max(wall.inside, 1e-300) / wall.density) / (axis.length() / 8);
  if (slope > 0 && std::log(wall.density / limit) / slope < axis.length() / 2)
    return std::log(wall.density / limit) / slope;
  double mass = 0, first = 0, second = 0;
  for (std::size_t i = 0; i < layer.size(); ++i) {
    const double x = axis.centre(i);
    mass += layer[i];
    first += layer[i] * x;
    second += layer[i] * x * x;
  }
  const double mean = first / mass, variance = second / mass - mean * mean;
  constexpr double deviations = 8;  // to 1e-14
  const double away = deviations * std::sqrt(std::max(variance, 0.0));
  const double end = wall.is_upper ? mean + away - axis.to : axis.from - (mean - away);
  return std::max(end, axis.length() / 2);
}

std::string wall_warning(const Axis& axis, const Wall& wall, const std::vector<double>& layer, double most,
                         double t) {
  const double length = missing_length(axis, wall, layer, 0.1 * fourier_wall_limit * most);
  std::ostringstream text;
  text.precision(2);
  text << "the density at the " << (wall.is_upper ? "upper" : "lower") << " wall of " << axis.name << " is "
       << wall.density / most << " of its maximum at t = " << t
       << " (1e-12 is allowed), and what crosses that wall "
       << "comes back at the other one; move ";
  if (wall.is_upper)
    text << "`to` up to " << axis.to + length;
  else
    text << "`from` down to " << axis.from - length;
  return text.str();
}

}  // namespace

std::vector<std::string> wall_warnings(const Grid& grid, std::span<const double> density, double t,
                                       double ripple) {
  const double limit = std::max(fourier_wall_limit, 2 * ripple);
  std::vector<std::string> found;
  for (std::size_t k = 0; k < grid.dimension(); ++k) {
    const Axis& axis = grid.axis(k);
    if (axis.boundary == Boundary::periodic) continue;
    const std::vector<double> layer = layers(grid, density, k);
    const double most = *std::max_element(layer.begin(), layer.end());
    const std::size_t n = layer.size();
    const Wall lower{false, layer.front(), layer[n / 8]}, upper{true, layer.back(), layer[n - 1 - n / 8]};
    for (const auto& [wall, other] : {std::pair(lower, upper), std::pair(upper, lower)}) {
      if (!(wall.density > limit * most)) continue;
      // What rises towards a wall may only have come around from the other one.
      if (!wall.is_reached() && other.is_reached() && other.density > limit * most) continue;
      found.push_back(wall_warning(axis, wall, layer, most, t));
    }
  }
  return found;
}

double spectrum_tail(const FourierGenerator& generator, std::span<const double> state, std::size_t axis) {
  const Grid& grid = generator.grid();
  const std::size_t row = generator.transform().row(), points = grid.axis(axis).points;
  std::size_t stride = 1;
  for (std::size_t l = axis + 1; l + 1 < grid.dimension(); ++l) stride *= grid.axis(l).points;
  double most = 0, tail = 0;
  for (std::size_t n = 0; 2 * n + 1 < state.size(); ++n) {
    const std::size_t i = axis + 1 == grid.dimension() ? n % row : n / row / stride % points;
    const double size = std::hypot(state[2 * n], state[2 * n + 1]);
    most = std::max(most, size);
    if (10 * std::min(i, points - i) >= 9 * (points / 2)) tail = std::max(tail, size);
  }
  return most > 0 ? tail / most : 0;
}

std::vector<std::string> spectrum_warnings(const FourierGenerator& generator, std::span<const double> state,
                                           double t, const char* field) {
  std::vector<std::string> found;
  for (std::size_t k = 0; k < generator.grid().dimension(); ++k) {
    const Axis& axis = generator.grid().axis(k);
    const double tail = spectrum_tail(generator, state, k);
    if (!(tail > spectrum_limit)) continue;
    // A Gaussian feature's coefficients fall like exp(-a kappa^2).
    const double decades = std::log(tail) / std::log(0.1 * spectrum_limit);
    const double times = decades > 1.0 / 16 ? std::sqrt(1 / decades) : 4;
    std::ostringstream text;
    text.precision(2);
    text << "the highest wavenumbers of " << axis.name << " hold " << tail
         << " of the largest coefficient at t = " << t << " (1e-10 is allowed), so that the " << field
         << " has features finer "
         << "than the spacing " << axis.spacing() << "; take points = "
         << 2 * static_cast<std::size_t>(std::ceil(times * static_cast<double>(axis.points) / 2))
         << " or more, or trust only times at which they have spread";
    found.push_back(text.str());
  }
  return found;
}

}  // namespace umkehr
