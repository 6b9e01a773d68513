// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/law/affine.hpp"

#include <algorithm>

namespace umkehr {

namespace {

bool depends_on_place(const Formula& formula) {
  for (std::size_t k = 0; k < formula.dimension(); ++k)
    if (formula.depends_on_axis(k)) return true;
  return false;
}

/// All partial derivatives, if none of them depends on the place and they tell all of the formula.
std::optional<std::vector<Formula>> uniform_gradient(const Formula& formula) {
  if (!formula.is_smooth()) return {};
  std::vector<Formula> gradient;
  for (std::size_t k = 0; k < formula.dimension(); ++k) {
    gradient.push_back(formula.derivative(k));
    if (depends_on_place(gradient.back())) return {};
  }
  return gradient;
}

template <class Row>
Eigen::VectorXd vector_at(const Row& row, double s) {
  Eigen::VectorXd values(static_cast<Eigen::Index>(row.size()));
  for (std::size_t k = 0; k < row.size(); ++k) values[static_cast<Eigen::Index>(k)] = row[k](s);
  return values;
}

template <class Row>
Eigen::MatrixXd matrix_at(const std::vector<Row>& rows, double s) {
  const auto d = static_cast<Eigen::Index>(rows.size());
  Eigen::MatrixXd values(d, d);
  for (Eigen::Index k = 0; k < d; ++k) values.row(k) = vector_at(rows[static_cast<std::size_t>(k)], s);
  return values;
}

}  // namespace

std::optional<AffineProcess> AffineProcess::of(const Process& process) {
  const std::size_t d = process.dimension();
  const auto row_of = [d](const std::vector<Formula>& formulas) {
    Row row;
    for (const Formula& formula : formulas) row.emplace_back(formula, d);
    while (row.size() < d) row.emplace_back(0.0, d);  // axes that the formula does not know
    return row;
  };
  Row offset, diffusion, killing_slope;
  std::vector<Row> slope, curvature;
  for (std::size_t k = 0; k < d; ++k) {
    const Formula *drift = process.drift[k].formula(), *noise = process.diffusion[k].formula();
    if (!drift || (noise && depends_on_place(*noise))) return {};
    const std::optional<std::vector<Formula>> gradient = uniform_gradient(*drift);
    if (!gradient) return {};
    offset.emplace_back(*drift, d);
    diffusion.emplace_back(process.diffusion[k], d);
    slope.push_back(row_of(*gradient));
  }
  const Formula* killing = process.killing.formula();
  if (!killing || !killing->is_smooth()) return {};
  for (std::size_t k = 0; k < d; ++k) {
    const Formula along = k < killing->dimension() ? killing->derivative(k) : Formula::constant(0, d);
    const std::optional<std::vector<Formula>> gradient = uniform_gradient(along);
    if (!gradient) return {};
    killing_slope.emplace_back(along, d);
    curvature.push_back(row_of(*gradient));
  }
  return AffineProcess(offset, slope, diffusion, curvature, killing_slope, {process.killing, d},
                       conditions_in_time(process));
}

Eigen::MatrixXd AffineProcess::slope(double s) const {
  return matrix_at(slope_, s);
}
Eigen::VectorXd AffineProcess::offset(double s) const {
  return vector_at(offset_, s);
}
Eigen::VectorXd AffineProcess::diffusion(double s) const {
  return vector_at(diffusion_, s);
}
Eigen::MatrixXd AffineProcess::killing_curvature(double s) const {
  return matrix_at(curvature_, s);
}
Eigen::VectorXd AffineProcess::killing_slope(double s) const {
  return vector_at(killing_slope_, s);
}

bool AffineProcess::is_killed() const {
  const auto is_not_zero = [](const AtOrigin& entry) { return !entry.is_zero(); };
  const auto any_not_zero = [&](const Row& row) { return std::any_of(row.begin(), row.end(), is_not_zero); };
  return is_not_zero(killing_) || any_not_zero(killing_slope_) ||
         std::any_of(curvature_.begin(), curvature_.end(), any_not_zero);
}

bool AffineProcess::depends_on_time() const {
  const auto changes = [](const AtOrigin& entry) { return entry.depends_on_time(); };
  const auto any_changes = [&](const Row& row) { return std::any_of(row.begin(), row.end(), changes); };
  return changes(killing_) || any_changes(offset_) || any_changes(diffusion_) ||
         any_changes(killing_slope_) || std::any_of(slope_.begin(), slope_.end(), any_changes) ||
         std::any_of(curvature_.begin(), curvature_.end(), any_changes);
}

}  // namespace umkehr
