// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/score/dense_at_time.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include "grids/dense/dense_matrix.hpp"
#include "grids/failure.hpp"
#include "grids/interpolation/lagrange.hpp"
#include "grids/machine/team.hpp"

namespace umkehr {
namespace {

constexpr std::size_t width = 16;  // centres between which fields are interpolated

using Position = std::array<double, 3>;

Position place_of(const Points& x, std::size_t i) {
  Position place{};
  for (std::size_t k = 0; k < x.dimension(); ++k) place[k] = x[k][i];
  return place;
}

/// That the interpolation of a field at one place takes.
double nanoseconds(std::size_t dimension) {
  return 20 + std::pow(width, static_cast<double>(dimension));
}

}  // namespace

DenseAtTime::DenseAtTime(const Process& process, const Grid& grid, double t, std::vector<double> density,
                         Components slope, double known_to)
    : process_(process),
      grid_(grid),
      time_(t),
      density_(std::move(density)),
      slope_(std::move(slope)),
      threshold_(known_to * *std::max_element(density_.begin(), density_.end())) {
  take_tail();
}

void DenseAtTime::take_tail() {
  const std::size_t d = grid_.dimension();
  const Points centres = grid_.centres();
  Components drift(d, std::vector<double>(grid_.size()));
  for (std::size_t k = 0; k < d; ++k) process_.drift[k](centres, time_, drift[k]);
  const auto rows = static_cast<Eigen::Index>(d);
  mean_ = drift_ = diffusion_ = Eigen::VectorXd::Zero(rows);
  Eigen::MatrixXd square = Eigen::MatrixXd::Zero(rows, rows), pushed = square;
  double mass = 0;
  for (std::size_t i = 0; i < grid_.size(); ++i) {
    const double p = density_[i];
    if (p <= threshold_) continue;
    mass += p;
    for (std::size_t k = 0; k < d; ++k) {
      const auto row = static_cast<Eigen::Index>(k);
      mean_[row] += p * centres[k][i];
      drift_[row] += p * drift[k][i];
      for (std::size_t l = 0; l < d; ++l) {
        const auto column = static_cast<Eigen::Index>(l);
        square(row, column) += p * centres[k][i] * centres[l][i];
        pushed(row, column) += p * drift[k][i] * centres[l][i];
      }
    }
  }
  mean_ /= mass;
  drift_ /= mass;
  pull_ = invert(square / mass - mean_ * mean_.transpose()).matrix;
  const Eigen::MatrixXd slope = product(pushed / mass - drift_ * mean_.transpose(), pull_);
  for (Eigen::Index k = 0; k < rows; ++k) {
    diffusion_[k] = process_.diffusion[static_cast<std::size_t>(k)](time_);
    if (diffusion_[k] > 0) pull_.row(k) += 2 / diffusion_[k] * slope.row(k);
  }
}

double DenseAtTime::tail_score(std::span<const double> x, std::size_t axis, double drift) const {
  if (grid_.axis(axis).boundary == Boundary::periodic) return 0;
  const auto k = static_cast<Eigen::Index>(axis);
  double score = 0;
  for (std::size_t l = 0; l < x.size(); ++l) {
    const auto column = static_cast<Eigen::Index>(l);
    if (grid_.axis(l).boundary != Boundary::periodic) score -= pull_(k, column) * (x[l] - mean_[column]);
  }
  if (diffusion_[k] > 0) score += 2 / diffusion_[k] * (drift - drift_[k]);
  return score;
}

/// d ln P along the edge between a cell and the next along an axis.
double DenseAtTime::edge_score(std::span<const double> x, std::size_t axis, std::ptrdiff_t along,
                               double drift) const {
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
  const double p = density_[left], q = density_[right];
  if (!(p > threshold_ && q > threshold_)) return tail_score(x, axis, drift);
  return std::log(q / p) / grid_.axis(axis).spacing();
}

/// At a centre, the mean of both edges.
double DenseAtTime::finite_volume_score(std::span<const double> x, std::size_t axis, double drift) const {
  const Axis& a = grid_.axis(axis);
  const double cell = (x[axis] - a.from) / a.spacing() - 0.5, nearest = std::round(cell);
  const auto along = static_cast<std::ptrdiff_t>(std::floor(cell));
  if (std::abs(cell - nearest) > 1e-9) return edge_score(x, axis, along, drift);
  const auto centre = static_cast<std::ptrdiff_t>(nearest);
  return (edge_score(x, axis, centre - 1, drift) + edge_score(x, axis, centre, drift)) / 2;
}

void DenseAtTime::score(const Points& x, Components& out) const {
  const std::size_t d = grid_.dimension();
  Components drift(d, std::vector<double>(x.count()));
  for (std::size_t k = 0; k < d; ++k) process_.drift[k](x, time_, drift[k]);
  const bool has_edges = slope_.empty();
  const double theta = threshold_;
  const double cost = has_edges ? 100 : static_cast<double>(d + 1) * nanoseconds(d);
  share(x.count(), cost, [&](std::size_t i) {
    const Position all = place_of(x, i);
    const std::span<const double> place(all.data(), d);
    if (has_edges) {
      for (std::size_t k = 0; k < d; ++k) out[k][i] = finite_volume_score(place, k, drift[k][i]);
      return;
    }
    const auto stencil = GridStencil::within(grid_, width, place);
    const double p = stencil ? std::max(0.0, (*stencil)(density_)) : 0;
    for (std::size_t k = 0; k < d; ++k) {
      const double tail = tail_score(place, k, drift[k][i]);
      out[k][i] =
          stencil ? (p * (*stencil)(slope_[k]) + theta * theta * tail) / (p * p + theta * theta) : tail;
    }
  });
}

double DenseAtTime::tail_slope(std::size_t axis, double drift_slope) const {
  const auto k = static_cast<Eigen::Index>(axis);
  if (grid_.axis(axis).boundary == Boundary::periodic) return 0;
  return (diffusion_[k] > 0 ? 2 / diffusion_[k] * drift_slope : 0) - pull_(k, k);
}

/// The derivative of (P J + theta^2 S_ref)/(P^2 + theta^2), where that of P is J.
void DenseAtTime::score_and_divergence(const Points& x, std::span<const double> factor, Components& out,
                                       std::span<double> divergence) const {
  const std::size_t d = grid_.dimension();
  if (slope_.empty()) throw UnfitProblem("the score of finite volumes has no derivatives");
  score(x, out);
  Components drift_slope(d, std::vector<double>(x.count()));
  for (std::size_t k = 0; k < d; ++k) {
    const Formula* drift = process_.drift[k].formula();
    if (!drift) throw UnfitProblem("a drift that is no formula has no derivatives");
    drift->derivative(k)(x, time_, drift_slope[k]);
  }
  const double square = threshold_ * threshold_;
  share(x.count(), static_cast<double>(3 * d) * nanoseconds(d), [&](std::size_t i) {
    const Position all = place_of(x, i);
    const std::span<const double> place(all.data(), d);
    const auto stencil = GridStencil::within(grid_, width, place);
    const double p = stencil ? std::max(0.0, (*stencil)(density_)) : 0;
    divergence[i] = 0;
    for (std::size_t k = 0; k < d; ++k) {
      double slope = tail_slope(k, drift_slope[k][i]);
      if (stencil) {
        const double j = p > 0 ? (*stencil)(slope_[k]) : 0;
        const double curvature = (*GridStencil::slope_within(grid_, width, k, place))(slope_[k]);
        slope = (j * j + p * curvature + square * slope - 2 * p * j * out[k][i]) / (p * p + square);
      }
      divergence[i] += factor[k] * slope;
    }
  });
}

void DenseAtTime::log_density(const Points& x, std::span<double> out) const {
  share(x.count(), nanoseconds(grid_.dimension()), [&](std::size_t i) {
    const Position place = place_of(x, i);
    const auto stencil = GridStencil::within(grid_, width, std::span(place).first(grid_.dimension()));
    const double p = stencil ? (*stencil)(density_) : 0;
    out[i] = std::log(std::max(p, std::numeric_limits<double>::min()));
  });
}

std::vector<double> DenseAtTime::mean(std::size_t count, const PointFunctions& f) const {
  Components values(count, std::vector<double>(grid_.size()));
  f(grid_.centres(), values);
  std::vector<double> sums(count);
  for (std::size_t j = 0; j < count; ++j)
    for (std::size_t i = 0; i < grid_.size(); ++i)
      if (density_[i] > 0) sums[j] += density_[i] * values[j][i] * grid_.cell_volume();
  return sums;
}

}  // namespace umkehr
