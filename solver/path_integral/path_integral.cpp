// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/path_integral/path_integral.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>
#include <sstream>

#include "grids/failure.hpp"
#include "solver/stepping/march.hpp"
#include "solver/stepping/relative_error.hpp"

namespace umkehr {
namespace {

constexpr Scheme single_slice{"one slice", 2};

// Weights of 1, 2 and 3 slices that cancel errors of powers h and h^2, or h^2 and h^4, and those of 2 and 3 slices that
// cancel the first of them, which estimate the error.
using Weights = std::array<double, 3>;
constexpr Weights weights_of_order_1 = {1.0 / 2, -4, 9.0 / 2}, lower_of_order_1 = {0, -2, 3};
constexpr Weights weights_of_order_2 = {1.0 / 24, -16.0 / 15, 81.0 / 40},
                  lower_of_order_2 = {0, -4.0 / 5, 9.0 / 5};

constexpr std::size_t max_steps = 30000;  // adaptive ones, of six slices each

bool is_absorbing(const Axis& axis) {
  return axis.boundary == Boundary::absorbing;
}

const Process& checked(const Process& process, const Grid& grid, int order) {
  if (order != 1 && order != 2)
    throw UnfitProblem("the sliced kernel has order 1 or 2, not " + std::to_string(order));
  if (process.dimension() != grid.dimension() || process.diffusion.size() != grid.dimension())
    throw UnfitProblem("the process and the grid differ in dimension");
  return process;
}

}  // namespace

const Scheme* const PathIntegral::one_slice = &single_slice;

PathIntegral::PathIntegral(const Process& process, const Grid& grid, int order)
    : grid_(grid),
      order_(order),
      process_(checked(process, grid, order)),
      spline_(grid),
      killing_(process, grid),
      push_(process, grid, spline_, order),
      loses_(std::any_of(grid.axes().begin(), grid.axes().end(), is_absorbing)),
      work_(grid.size()) {
  for (std::size_t k = 0; k < grid.dimension(); ++k) {
    transforms_.emplace_back(grid, k);
    multipliers_.push_back({std::numeric_limits<double>::quiet_NaN(), {}, {}});
  }
}

/// exp(-variance kappa^2 / 2), and the same over the spline's symbol.
void PathIntegral::make_multipliers(std::size_t axis, double variance) {
  Multipliers& made = multipliers_[axis];
  if (made.variance == variance) return;
  if (!(variance >= 0) || !std::isfinite(variance))
    throw UnfitProblem("the diffusion is negative or not finite");
  made.variance = variance;
  made.smoothing.clear();
  made.smoothing_and_spline.clear();
  for (const double kappa : transforms_[axis].wavenumbers()) {
    made.smoothing.push_back(std::exp(-variance * kappa * kappa / 2));
    made.smoothing_and_spline.push_back(made.smoothing.back() /
                                        spline_symbol(kappa * grid_.axis(axis).spacing()));
  }
}

void PathIntegral::smooth(std::span<double> values, bool into_spline) const {
  for (std::size_t k = 0; k < transforms_.size(); ++k)
    transforms_[k].multiply(values,
                            into_spline ? multipliers_[k].smoothing_and_spline : multipliers_[k].smoothing);
}

/// The middle of a slice without killing: for a value [smooth] interpolate smooth, for a density its transpose.
void PathIntegral::push(std::span<double> values, bool forward, double t, double h) {
  const bool twice = order_ == 2;
  if (!push_.acts()) {
    smooth(values, false);
    if (twice) smooth(values, false);
    return;
  }
  const Points& places = push_.to(t, h);
  if (forward) {
    if (twice) smooth(values, false);
    spline_.deposit(values, places, work_);
    smooth(work_, true);
    std::copy(work_.begin(), work_.end(), values.begin());
  } else {
    smooth(values, true);
    spline_.interpolate(values, places, work_);
    std::copy(work_.begin(), work_.end(), values.begin());
    if (twice) smooth(values, false);
  }
}

void PathIntegral::slice(std::span<double> state, double start, double length, bool forward) {
  const double share = 1.0 / order_;  // of the slice, that each factor of killing and each convolution takes
  const double t = order_ == 1 ? start : start + 0.5 * length;
  for (std::size_t k = 0; k < transforms_.size(); ++k)
    make_multipliers(k, process_.diffusion[k](t) * share * length);
  killing_.freeze(t, share * length);
  last_slice_ = length;
  const std::span<double> p = values(state);
  const double before = loses_ && forward ? mass(state) : 0;
  double killed = 0;
  if (forward || order_ == 2) killed += grid_.cell_volume() * killing_.apply(p);
  push(p, forward, t, length);
  if (!forward || order_ == 2) killed += grid_.cell_volume() * killing_.apply(p);
  if (!forward) return;
  state[grid_.size() + 1] += killed;
  if (loses_) state[grid_.size()] += before - mass(state) - killed;
}

void PathIntegral::chain(std::span<double> state, const Step& step, int slices, bool forward) {
  const double length = step.length() / slices;
  for (int n = 0; n < slices; ++n)
    slice(state, step.start + length * (forward ? n : slices - 1 - n), length, forward);
}

/// What a value's error counts: at walls that drift crosses slices are of order 1, and what they do wrong there would
/// shorten steps without end, though the inside feels it as little as it feels the wall.
void PathIntegral::weigh_walls(double t) {
  std::vector<bool> crossed;
  for (std::size_t k = 0; k < grid_.dimension(); ++k) crossed.push_back(push_.crosses_walls(k, t));
  if (crossed == crossed_) return;
  crossed_ = crossed;
  wall_weights_.assign(grid_.size(), 1.0);
  for (std::size_t k = 0; k < grid_.dimension(); ++k) {
    if (!crossed[k]) continue;
    const Axis& axis = grid_.axis(k);
    for (std::size_t i = 0; i < wall_weights_.size(); ++i) {
      const double x = axis.centre(i / grid_.stride(k) % axis.points);
      wall_weights_[i] *= std::pow(std::sin(std::numbers::pi * (x - axis.from) / axis.length()), 16);
    }
  }
}

void PathIntegral::count_step(double t) {
  if (++steps_ <= max_steps) return;
  std::ostringstream text;
  text << "the path integral has taken " << max_steps << " adaptive steps up to t = " << t << " (order "
       << order_
       << "); take a larger tolerance, a fixed dt, more points where the density is "
          "finer than two cells"
       << (order_ == 1 ? ", order = 2" : "")
       << ", or, where the density reaches a wall that drift crosses, method = \"finite-volume\"";
  throw NumericalFailure(text.str());
}

double PathIntegral::advance(std::span<double> state, const Step& step, Direction direction,
                             bool with_error) {
  const bool forward = direction == Direction::forward;
  if (step.scheme == one_slice && !with_error) {
    chain(state, step, 1, forward);
    return 0;
  }
  if (with_error) count_step(step.start);
  if (with_error && !forward) weigh_walls(step.start);
  const int most = step.scheme == one_slice ? 2 : 3;
  for (int n = 1; n <= most; ++n) {
    std::vector<double>& parts = chains_[static_cast<std::size_t>(n - 1)];
    parts.assign(state.begin(), state.end());
    chain(parts, step, n, forward);
  }
  // In differences, so that weights that add up to one only to roundoff cannot change a conserved sum.
  const Weights& weights = order_ == 1 ? weights_of_order_1 : weights_of_order_2;
  const Weights& lower = order_ == 1 ? lower_of_order_1 : lower_of_order_2;
  for (std::size_t i = 0; i < state.size(); ++i) {
    const double one = chains_[0][i], two = chains_[1][i];
    double& difference = chains_[0][i];
    difference = (one - two) / (1 - std::pow(0.5, order_));
    state[i] = one;
    if (step.scheme == one_slice) continue;
    const double three = chains_[2][i];
    state[i] = three + (weights[0] * (one - three) + weights[1] * (two - three));
    difference = weights[0] * (one - three) + (weights[1] - lower[1]) * (two - three);
  }
  return with_error ? relative_error(state, chains_[0], forward) : 0;
}

/// Differences finer than two cells are left out: what begins as a point has features that no spline holds, and that
/// diffusion forgets.
double PathIntegral::relative_error(std::span<const double> state, std::span<double> difference,
                                    bool forward) const {
  for (std::size_t k = 0; k < transforms_.size(); ++k) {
    std::vector<double> blur;
    for (const double kappa : transforms_[k].wavenumbers())
      blur.push_back(std::exp(-2 * std::pow(kappa * grid_.axis(k).spacing(), 2)));
    transforms_[k].multiply(values(difference), blur);
  }
  RelativeError error(forward);
  for (std::size_t i = 0; i < grid_.size(); ++i)
    error.add(forward ? difference[i] : wall_weights_[i] * difference[i], state[i]);
  // Splines raise the roundoff of transforms by their inverse symbol along each axis: no estimate below that means
  // anything.
  const double roundoff =
      2e-15 * std::pow(4.0, static_cast<double>(grid_.dimension())) * (order_ == 1 ? 4 : 1);
  return error.value() < roundoff ? 0 : error.value();
}

std::size_t PathIntegral::memory() const {
  // Spline coefficients with margins are deposited in eight shares on large grids.
  const std::size_t copies = 3 + 1 + 9;
  return killing_.memory() + push_.memory() + copies * size() * sizeof(double);
}

}  // namespace umkehr
