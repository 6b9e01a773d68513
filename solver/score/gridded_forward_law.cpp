// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/score/gridded_forward_law.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <memory>
#include <sstream>

#include "grids/dense/dense_matrix.hpp"
#include "grids/interpolation/lagrange.hpp"
#include "solver/kolmogorov/fokker_planck.hpp"
#include "solver/score/dense_times.hpp"

namespace umkehr {
namespace {

constexpr std::size_t first_intervals = 32, most_times = 4096;
constexpr std::size_t width = 16;  // centres between which fields are interpolated
constexpr int most_passes = 9;
constexpr double lost_in_rounding = 1e-11;  // of the largest density
constexpr double more_exact = 0.1;          // than the reversal

/// What the law is known to.
double known_to(const KolmogorovChoices& choices) {
  return std::max(more_exact * choices.tolerance, lost_in_rounding);
}

/// Halves the intervals beside every time whose error exceeds `allowed`.
std::vector<double> refined_times(const std::vector<double>& times, const std::vector<double>& errors,
                                  double allowed) {
  std::vector<double> finer = {times.front()};
  for (std::size_t n = 1; n < times.size(); ++n) {
    if (errors[n - 1] > allowed || errors[n] > allowed) finer.push_back((times[n - 1] + times[n]) / 2);
    finer.push_back(times[n]);
  }
  return finer;
}

std::vector<double> equal_times(double first, double stop) {
  std::vector<double> times;
  for (std::size_t n = 0; n < first_intervals; ++n)
    times.push_back(first + (stop - first) * static_cast<double>(n) / first_intervals);
  times.push_back(stop);
  return times;
}

std::string coarse_warning(double error) {
  std::ostringstream text;
  text.precision(3);
  text << "the law that is reversed is known to " << error
       << " between the times at which it is kept; start later, where it changes more slowly";
  return text.str();
}

FokkerPlanckSolution dense_run(const Process& process, const Grid& grid, const Law& initial, double start,
                               double first, double stop, const KolmogorovChoices& choices,
                               const Progress& progress, std::vector<std::string>& warnings) {
  const double allowed = known_to(choices);
  KolmogorovChoices exact = choices;
  exact.tolerance = allowed;
  std::vector<double> times = equal_times(first, stop);
  for (int pass = 0;; ++pass) {
    FokkerPlanckSolution run = solve_fokker_planck(process, grid, initial, start, times, exact, progress);
    const std::vector<double> errors = left_out_errors(run.density);
    const double worst = *std::max_element(errors.begin(), errors.end());
    std::vector<double> finer = refined_times(times, errors, allowed);
    if (worst <= allowed || pass == most_passes || finer.size() > most_times) {
      if (worst > 100 * allowed) warnings.push_back(coarse_warning(worst));
      return run;
    }
    times = std::move(finer);
  }
}

}  // namespace

GriddedForwardLaw::GriddedForwardLaw(const Process& process, const Grid& grid, const Law& initial,
                                     double start, double first, double stop,
                                     const KolmogorovChoices& choices, const Progress& progress)
    : process_(process),
      grid_(grid),
      centres_(grid.centres()),
      has_edges_(choices.method == Method::finite_volume),
      known_to_(known_to(choices)) {
  FokkerPlanckSolution run =
      dense_run(process, grid, initial, start, first, stop, choices, progress, warnings_);
  density_ = std::move(run.density);
  if (has_edges_) return;
  slope_ = std::move(run.score);
  for (History& slope : slope_)
    for (std::size_t n = 0; n < slope.times().size(); ++n)
      for (std::size_t i = 0; i < slope.size(); ++i) slope[n][i] *= density_[n][i];
}

GriddedForwardLaw::Moment GriddedForwardLaw::at(double t) const {
  const LagrangeStencil stencil = stencil_in_time(density_.times(), t);
  Moment moment;
  moment.time = t;
  moment.density.resize(grid_.size());
  interpolate(density_, stencil, moment.density);
  moment.slope.assign(slope_.size(), std::vector<double>(grid_.size()));
  for (std::size_t k = 0; k < slope_.size(); ++k) interpolate(slope_[k], stencil, moment.slope[k]);
  moment.threshold = known_to_ * *std::max_element(moment.density.begin(), moment.density.end());
  take_tail(moment);
  return moment;
}

void GriddedForwardLaw::take_tail(Moment& moment) const {
  const auto d = static_cast<Eigen::Index>(grid_.dimension());
  std::vector<std::vector<double>> drift(grid_.dimension(), std::vector<double>(grid_.size()));
  for (std::size_t k = 0; k < grid_.dimension(); ++k) process_.drift[k](centres_, moment.time, drift[k]);
  const auto vector_of = [&](const auto& fields, std::size_t cell) {
    Eigen::VectorXd v(d);
    for (Eigen::Index k = 0; k < d; ++k) v[k] = fields[static_cast<std::size_t>(k)][cell];
    return v;
  };
  double mass = 0;
  moment.mean = moment.drift = moment.diffusion = Eigen::VectorXd::Zero(d);
  Eigen::MatrixXd square = Eigen::MatrixXd::Zero(d, d), pushed = square;
  for (std::size_t i = 0; i < grid_.size(); ++i) {
    const double p = moment.density[i];
    if (p <= moment.threshold) continue;
    const Eigen::VectorXd x = vector_of(centres_, i), f = vector_of(drift, i);
    mass += p;
    moment.mean += p * x;
    moment.drift += p * f;
    square += p * x * x.transpose();
    pushed += p * f * x.transpose();
  }
  moment.mean /= mass;
  moment.drift /= mass;
  moment.pull = invert(square / mass - moment.mean * moment.mean.transpose()).matrix;
  const Eigen::MatrixXd slope = product(pushed / mass - moment.drift * moment.mean.transpose(), moment.pull);
  for (Eigen::Index k = 0; k < d; ++k) {
    moment.diffusion[k] = process_.diffusion[static_cast<std::size_t>(k)](moment.time);
    if (moment.diffusion[k] > 0) moment.pull.row(k) += 2 / moment.diffusion[k] * slope.row(k);
  }
}

double GriddedForwardLaw::tail_score(const Moment& moment, std::span<const double> x,
                                     std::size_t axis) const {
  if (grid_.axis(axis).boundary == Boundary::periodic) return 0;
  const auto k = static_cast<Eigen::Index>(axis);
  double score = 0;
  for (std::size_t l = 0; l < x.size(); ++l) {
    const auto column = static_cast<Eigen::Index>(l);
    if (grid_.axis(l).boundary != Boundary::periodic)
      score -= moment.pull(k, column) * (x[l] - moment.mean[column]);
  }
  if (moment.diffusion[k] > 0)
    score += 2 / moment.diffusion[k] * (process_.drift[axis](x, moment.time) - moment.drift[k]);
  return score;
}

/// d ln P along the edge between a cell and the next along an axis.
double GriddedForwardLaw::edge_score(const Moment& moment, std::span<const double> x, std::size_t axis,
                                     std::ptrdiff_t along) const {
  std::size_t left = 0, right = 0;
  for (std::size_t l = 0; l < x.size(); ++l) {
    const Axis& a = grid_.axis(l);
    const auto points = static_cast<std::ptrdiff_t>(a.points);
    const auto nearest = static_cast<std::ptrdiff_t>(std::floor((x[l] - a.from) / a.spacing()));
    const auto cell = [&](std::ptrdiff_t i) {
      const bool wraps = a.boundary == Boundary::periodic;
      return static_cast<std::size_t>(wraps ? (i % points + points) % points
                                            : std::clamp<std::ptrdiff_t>(i, 0, points - 1));
    };
    left += cell(l == axis ? along : nearest) * grid_.stride(l);
    right += cell(l == axis ? along + 1 : nearest) * grid_.stride(l);
  }
  const double p = moment.density[left], q = moment.density[right];
  if (!(p > moment.threshold && q > moment.threshold)) return tail_score(moment, x, axis);
  return std::log(q / p) / grid_.axis(axis).spacing();
}

/// At a centre, the mean of both edges.
double GriddedForwardLaw::finite_volume_score(const Moment& moment, std::span<const double> x,
                                              std::size_t axis) const {
  const Axis& a = grid_.axis(axis);
  const double cell = (x[axis] - a.from) / a.spacing() - 0.5, nearest = std::round(cell);
  const auto along = static_cast<std::ptrdiff_t>(std::floor(cell));
  if (std::abs(cell - nearest) > 1e-9) return edge_score(moment, x, axis, along);
  const auto centre = static_cast<std::ptrdiff_t>(nearest);
  return (edge_score(moment, x, axis, centre - 1) + edge_score(moment, x, axis, centre)) / 2;
}

double GriddedForwardLaw::score(std::span<const double> x, double t, std::size_t axis) const {
  const std::shared_ptr<const Moment> moment = latest_.at(t, [this](double now) { return at(now); });
  if (has_edges_) return finite_volume_score(*moment, x, axis);
  const double tail = tail_score(*moment, x, axis);
  const auto stencil = GridStencil::within(grid_, width, x);
  if (!stencil) return tail;
  const double p = std::max(0.0, (*stencil)(moment->density)), theta = moment->threshold;
  return (p * (*stencil)(moment->slope[axis]) + theta * theta * tail) / (p * p + theta * theta);
}

double GriddedForwardLaw::log_density(std::span<const double> x, double t) const {
  const std::shared_ptr<const Moment> moment = latest_.at(t, [this](double now) { return at(now); });
  const auto stencil = GridStencil::within(grid_, width, x);
  const double p = stencil ? (*stencil)(moment->density) : 0;
  return std::log(std::max(p, std::numeric_limits<double>::min()));
}

}  // namespace umkehr
