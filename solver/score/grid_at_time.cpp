// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/score/grid_at_time.hpp"

#include <algorithm>
#include <cmath>

#include "grids/interpolation/local_interpolation.hpp"

namespace umkehr {
namespace {

constexpr double max_cells = 4e6;
constexpr double mass_on_foreign_grid = 1e-10;

}  // namespace

GridAtTime::GridAtTime(Grid grid, std::vector<double> density, Components score, double trusted)
    : grid_(std::move(grid)),
      centres_(grid_.centres()),
      density_(std::move(density)),
      log_density_(density_.size()),
      score_(std::move(score)) {
  double mass = 0, most = 0;
  for (double& p : density_) {
    p = std::max(p, 0.0);
    mass += p * grid_.cell_volume();
    most = std::max(most, p);
  }
  std::vector<bool> is_trusted(density_.size());
  for (std::size_t i = 0; i < density_.size(); ++i) {
    is_trusted[i] = density_[i] > trusted * most;
    density_[i] /= mass;
    log_density_[i] = is_trusted[i] ? std::log(density_[i]) : 0;
  }
  continue_linearly(grid_, log_density_, is_trusted);
  for (std::vector<double>& component : score_) continue_linearly(grid_, component, is_trusted);
}

std::vector<double> GridAtTime::mean(std::size_t count, const PointFunctions& f) const {
  std::vector<std::vector<double>> values(count, std::vector<double>(density_.size()));
  f(centres_, values);
  std::vector<double> sums(count);
  for (std::size_t j = 0; j < count; ++j)
    for (std::size_t i = 0; i < density_.size(); ++i)
      if (density_[i] > 0) sums[j] += density_[i] * values[j][i] * grid_.cell_volume();
  return sums;
}

void GridAtTime::log_density(const Points& x, std::span<double> out) const {
  interpolate_locally(grid_, log_density_, x, out);
}

void GridAtTime::score(const Points& x, Components& out) const {
  for (std::size_t k = 0; k < score_.size(); ++k) interpolate_locally(grid_, score_[k], x, out[k]);
}

GridAtTime GridAtTime::refined(double spacing) const {
  std::vector<Axis> axes = grid_.axes();
  double cells = 1;
  for (Axis& axis : axes) {
    axis.points *= std::max<std::size_t>(1, static_cast<std::size_t>(std::ceil(axis.spacing() / spacing)));
    cells *= static_cast<double>(axis.points);
  }
  if (cells > max_cells || cells == static_cast<double>(grid_.size())) return *this;
  Grid fine(std::move(axes));
  std::vector<double> density(fine.size());
  interpolate_locally(grid_, density_, fine.centres(), density);
  return {std::move(fine), std::move(density)};
}

double relative_entropy(const LawAtTime& p, const LawAtTime& q) {
  if (const auto* gridded = dynamic_cast<const GridAtTime*>(&q)) {
    const Points x = gridded->grid().centres();
    std::vector<double> log_p(x.count());
    p.log_density(x, log_p);
    double mass = 0, sum = 0;
    for (std::size_t i = 0; i < log_p.size(); ++i) {
      const double density = std::exp(log_p[i]) * gridded->grid().cell_volume();
      mass += density;
      sum += density * (log_p[i] - gridded->log_density()[i]);
    }
    if (std::abs(mass - 1) < mass_on_foreign_grid) return sum;
  }
  const auto f = [&](const Points& x, std::vector<std::vector<double>>& out) {
    std::vector<double> log_q(x.count());
    p.log_density(x, out[0]);
    q.log_density(x, log_q);
    for (std::size_t i = 0; i < x.count(); ++i) out[0][i] -= log_q[i];
  };
  return p.mean(1, f)[0];
}

}  // namespace umkehr
