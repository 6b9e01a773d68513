// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/fourier/symmetrised_generator.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <stdexcept>

#include "grids/finite.hpp"
#include "solver/process/quasi_potential.hpp"
#include "solver/process/sampled_coefficient.hpp"

namespace umkehr {
namespace {

constexpr double deepest = 36;  // exp(-36) = 2e-16

[[noreturn]] void refuse(const std::string& reason) {
  throw std::invalid_argument("the symmetrised scheme does not apply: " + reason);
}

void check(const Process& process, const Grid& grid) {
  if (grid.dimension() != 1 || process.dimension() != 1) refuse("it works in one dimension");
  if (grid.axis(0).boundary == Boundary::periodic) refuse("the axis is periodic");
  const auto is_smooth = [](const Coefficient& f) { return f.formula() && f.formula()->is_smooth(); };
  if (!is_smooth(process.drift[0]) || !is_smooth(process.killing))
    refuse("drift and killing must be formulas without jumps and kinks");
  if (process.killing.constant_value() == 0.0) return;
  if (process.killing.depends_on_time() || !process.diffusion[0].constant_value())
    refuse("with killing, V and D must not depend on time");
}

/// Values of a formula that may contain t but does not depend on it, at a time where it is finite.
std::vector<double> values(const Formula& formula, const Points& x) {
  std::vector<double> out(x.count());
  for (const double t : {0.0, 0.0131, 0.37, 1.9}) {
    formula(x, t, out);
    if (all_finite(out)) return out;
  }
  refuse("F/D is not finite on the grid");
}

}  // namespace

SymmetrisedGenerator::SymmetrisedGenerator(const Process& process, const Grid& grid)
    : axis_(grid.axis(0)), diffusion_(process.diffusion[0]) {
  check(process, grid);
  const auto potential = QuasiPotential::of(process, grid);
  const Formula *drift = process.drift[0].formula(), *diffusion = diffusion_.formula();
  if (!potential || drift == nullptr || diffusion == nullptr)
    refuse("F/D must be a formula that does not depend on time");
  const Points x = grid.centres();
  const Formula force = *drift / *diffusion;
  force_ = values(force, x);
  std::vector<double> phi(x.count());
  (*potential)(x, phi);
  keep_where_it_matters(phi);

  const std::vector<double> slope = values(force.derivative(0), x);
  well_.resize(half_phi_.size());
  for (std::size_t i = 0; i < size(); ++i) {
    const double g = force_[first_ + i];
    well_[static_cast<Eigen::Index>(i)] = (g * g + slope[first_ + i]) / 2;
  }
  if (process.killing.constant_value() == 0.0) return;
  std::vector<double> killing(x.count());
  process.killing(x, 0, killing);
  if (*std::min_element(killing.begin(), killing.end()) < 0)
    refuse("the killing rate is negative on the grid");
  killing_ = Eigen::Map<const Eigen::VectorXd>(killing.data() + first_, half_phi_.size()) / diffusion_(0.0);
  well_ += killing_;
}

void SymmetrisedGenerator::keep_where_it_matters(const std::vector<double>& phi) {
  const double least = *std::min_element(phi.begin(), phi.end());
  const auto matters = [&](double value) { return (value - least) / 2 <= deepest; };
  const auto begin = std::find_if(phi.begin(), phi.end(), matters);
  const auto end = std::find_if(phi.rbegin(), phi.rend(), matters).base();
  first_ = static_cast<std::size_t>(begin - phi.begin());
  half_phi_ = (Eigen::Map<const Eigen::VectorXd>(phi.data() + first_, end - begin).array() - least) / 2;
}

Eigen::MatrixXd SymmetrisedGenerator::matrix() const {
  const Eigen::Index n = half_phi_.size();
  const double h = axis_.spacing(), middle = std::numbers::pi * std::numbers::pi / 6 / (h * h);
  Eigen::VectorXd apart(n);
  for (Eigen::Index k = 1; k < n; ++k)
    apart[k] = (k % 2 == 0 ? 1 : -1) / (h * h * static_cast<double>(k * k));
  Eigen::MatrixXd matrix(n, n);
  for (Eigen::Index j = 0; j < n; ++j) {
    matrix(j, j) = middle + well_[j];
    matrix.col(j).tail(n - 1 - j) = apart.segment(1, n - 1 - j);
    matrix.row(j).tail(n - 1 - j) = matrix.col(j).tail(n - 1 - j).transpose();
  }
  return matrix;
}

Eigen::VectorXd SymmetrisedGenerator::derivative(const Eigen::VectorXd& psi) const {
  Eigen::VectorXd out = Eigen::VectorXd::Zero(psi.size());
  for (Eigen::Index i = 0; i < psi.size(); ++i)
    for (Eigen::Index j = 0; j < psi.size(); ++j)
      if (i != j)
        out[i] += ((i - j) % 2 == 0 ? 1 : -1) / (static_cast<double>(i - j) * axis_.spacing()) * psi[j];
  return out;
}

double SymmetrisedGenerator::clock(double s, double t) const {
  return time_integral(diffusion_, s, t);
}

}  // namespace umkehr
