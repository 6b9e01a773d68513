// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/spectrum/kramers.hpp"

#include <cmath>
#include <numbers>

#include "grids/dense/dense_matrix.hpp"
#include "solver/process/quasi_potential.hpp"

namespace umkehr {
namespace {

/// A zero of the drift: a minimum of U where F falls through it, else a barrier.
struct Critical {
  double place, curvature;  // U'' = -F'
  bool is_minimum() const { return curvature > 0; }
};

double zero_between(const Coefficient& drift, double left, double right, double t) {
  const auto value = [&](double x) { return drift(std::span(&x, 1), t); };
  const bool rises = value(left) < 0;
  for (int n = 0; n < 200 && left < 0.5 * (left + right) && 0.5 * (left + right) < right; ++n) {
    const double middle = 0.5 * (left + right);
    ((value(middle) < 0) == rises ? left : right) = middle;
  }
  return 0.5 * (left + right);
}

/// Minima and the barriers between them, in turn, beginning and ending with a minimum.
std::vector<Critical> critical_points(const Coefficient& drift, const Axis& axis, double t) {
  const std::vector<double> x = axis.centres();
  std::vector<double> f(x.size());
  drift(Points({x}), t, f);
  const Formula slope = drift.formula()->derivative(0);
  std::vector<Critical> found;
  for (std::size_t i = 0; i + 1 < x.size(); ++i) {
    if (!((f[i] < 0 && f[i + 1] >= 0) || (f[i] > 0 && f[i + 1] <= 0))) continue;
    const double place = zero_between(drift, x[i], x[i + 1], t);
    const double curvature = -slope(std::span(&place, 1), t);
    if (curvature == 0) return {};
    if (found.empty() && curvature < 0) continue;
    found.push_back({place, curvature});
  }
  if (!found.empty() && !found.back().is_minimum()) found.pop_back();
  for (std::size_t n = 0; n < found.size(); ++n)
    if (found[n].is_minimum() != (n % 2 == 0)) return {};
  return found;
}

}  // namespace

std::vector<double> kramers_rates(const Process& process, const Grid& grid, double t) {
  if (grid.dimension() != 1 || grid.axis(0).boundary != Boundary::reflecting ||
      process.killing.constant_value() != 0.0)
    return {};
  const auto potential = QuasiPotential::of(process, grid);
  if (!potential) return {};
  const std::vector<Critical> points = critical_points(process.drift[0], grid.axis(0), t);
  if (points.size() < 3) return {};
  std::vector<double> places, phi(points.size());
  for (const Critical& point : points) places.push_back(point.place);
  (*potential)(Points({places}), phi);

  const auto wells = static_cast<Eigen::Index>((points.size() + 1) / 2);
  // Symmetric with the square roots of the wells' weights: hops one way times hops the other, under a root.
  Eigen::MatrixXd chain = Eigen::MatrixXd::Zero(wells, wells);
  for (Eigen::Index w = 0; w + 1 < wells; ++w) {
    const auto barrier = static_cast<std::size_t>(2 * w + 1);
    const auto rate = [&](std::size_t from) {
      return std::sqrt(points[from].curvature * -points[barrier].curvature) / (2 * std::numbers::pi) *
             std::exp(phi[from] - phi[barrier]);
    };
    const double right = rate(barrier - 1), left = rate(barrier + 1);
    chain(w, w) += right;
    chain(w + 1, w + 1) += left;
    chain(w, w + 1) = chain(w + 1, w) = -std::sqrt(right * left);
  }
  const Eigen::VectorXd rates = symmetric_eigenvalues(chain);
  return {rates.begin() + 1, rates.end()};
}

}  // namespace umkehr
