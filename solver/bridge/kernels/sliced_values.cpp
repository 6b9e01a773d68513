// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/bridge/kernels/sliced_values.hpp"

#include <algorithm>
#include <cmath>
#include <sstream>

#include "grids/failure.hpp"
#include "grids/machine/infinity.hpp"
#include "solver/bridge/kernels/line_spread.hpp"
#include "solver/bridge/kernels/log_gradient.hpp"
#include "solver/bridge/sums/romberg.hpp"

namespace umkehr {
namespace {

constexpr double widest_half_slice = 4;       // cells that half a slice may spread
constexpr double counted_below_largest = 60;  // below the largest logarithm
constexpr double trusted_slice_error = 1e-8;  // of the logarithms
constexpr std::size_t halvings = 4;           // 1, 2, 4, 8 slices
constexpr double max_change = 0.1;            // between the last two, of a logarithm that is extrapolated

const Grid& line(const Process& process, const Grid& grid) {
  if (process.dimension() != 1 || grid.dimension() != 1)
    throw UnfitProblem("slices that act on logarithms are for one axis");
  return grid;
}

/// The same box, in which what leaves is lost: nothing has come from beyond a wall.
Grid within_walls(const Grid& grid) {
  Axis axis = grid.axis(0);
  if (axis.boundary == Boundary::reflecting) axis.boundary = Boundary::absorbing;
  return Grid({axis});
}

}  // namespace

SlicedValues::SlicedValues(const Process& process, const Grid& grid, double start, double stop)
    : Kernel(line(process, grid)),
      process_(process),
      start_(start),
      stop_(stop),
      centres_(grid.axis(0).centres()),
      spline_(grid),
      push_(process, grid, spline_, 2),
      spline_within_(within_walls(grid)),
      push_back_(process, within_walls(grid), spline_within_, 2) {
  if (!(start < stop)) throw UnfitProblem("a kernel takes start < stop");
}

/// The derivative of a map of the centres, from how many cells each is moved, the short way around.
std::vector<double> SlicedValues::stretches(std::span<const double> places) const {
  const Axis& axis = grid().axis(0);
  const auto n = static_cast<double>(size());
  std::vector<double> moved(size()), out(size());
  for (std::size_t i = 0; i < size(); ++i) {
    moved[i] = places[i] - static_cast<double>(i);
    if (axis.boundary == Boundary::periodic) moved[i] -= n * std::round(moved[i] / n);
    if (std::isnan(moved[i])) moved[i] = log_zero;
  }
  log_gradient(grid(), moved, 0, out);
  for (double& slope : out) slope = 1 + slope * axis.spacing();
  return out;
}

void SlicedValues::push(Way way, std::vector<double>& f, double middle, double h) {
  if (!push_.acts()) return;
  const Points& places = way == Way::to_start ? push_.to(middle, h) : push_back_.to(middle, -h);
  const LineInterpolation before(grid().axis(0), f);
  const std::vector<double> stretch =
      way == Way::to_stop ? stretches(places[0]) : std::vector<double>(f.size(), 1.0);
  for (std::size_t i = 0; i < f.size(); ++i) {
    const double place = places[0][i];
    if (std::isnan(place)) {  // beyond a wall
      f[i] = log_zero;
      continue;
    }
    double sign;
    f[i] = before.at(place, sign) + std::log(std::abs(stretch[i]));
  }
}

void SlicedValues::slice(Way way, std::vector<double>& f, double middle, double h) {
  const double variance = process_.diffusion[0](middle) * h / 2;
  const auto kill = [&] {
    for (std::size_t i = 0; i < f.size(); ++i) f[i] -= process_.killing({&centres_[i], 1}, middle) * h / 2;
  };
  kill();
  const LineSpread spread(grid().axis(0), variance);
  spread(f);
  push(way, f, middle, h);
  spread(f);
  kill();
}

std::vector<double> SlicedValues::sliced(Way way, std::span<const double> in, std::size_t slices) {
  std::vector<double> f(in.begin(), in.end());
  const double h = (stop_ - start_) / static_cast<double>(slices);
  for (std::size_t n = 0; n < slices; ++n) {
    const std::size_t at = way == Way::to_stop ? n : slices - 1 - n;
    slice(way, f, start_ + (static_cast<double>(at) + 0.5) * h, h);
  }
  return f;
}

void SlicedValues::extrapolate(Way way, std::span<const double> in, std::span<double> out) {
  double most = 0;
  for (const double t : {start_, 0.5 * (start_ + stop_), stop_})
    most = std::max(most, process_.diffusion[0](t));
  const double spacing = grid().axis(0).spacing();
  const auto base = static_cast<std::size_t>(
      std::ceil(most * (stop_ - start_) / (2 * widest_half_slice * widest_half_slice * spacing * spacing)));
  const Romberg table(halvings,
                      [&](std::size_t k) { return sliced(way, in, std::max<std::size_t>(1, base) << k); });
  const double largest = *std::max_element(table.finest.begin(), table.finest.end());
  error_ = 0;
  for (std::size_t i = 0; i < out.size(); ++i) {
    // They do not at walls that drift crosses.
    const bool converges = table.converges(i, max_change);
    out[i] = converges ? table.best[i] : table.finest[i];
    if (converges && table.best[i] > largest - counted_below_largest)
      error_ = std::max(error_, std::abs(table.best[i] - table.lower[i]));
  }
}

void SlicedValues::apply(std::span<const double> log_chi, std::span<double> out) {
  extrapolate(Way::to_start, log_chi, out);
}

void SlicedValues::apply_transpose(std::span<const double> log_chi_hat, std::span<double> out) {
  extrapolate(Way::to_stop, log_chi_hat, out);
}

std::vector<std::string> SlicedValues::warnings() const {
  if (error_ <= trusted_slice_error) return {};
  std::ostringstream text;
  text.precision(3);
  text << "logarithms between t = " << start_ << " and " << stop_ << " are off by about " << error_
       << "; save more times or take more points";
  return {text.str()};
}

}  // namespace umkehr
