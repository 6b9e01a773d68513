// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/fourier/symmetrised_generator.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "grids/failure.hpp"
#include "grids/finite.hpp"
#include "grids/interpolation/cardinal.hpp"
#include "solver/generator/generator.hpp"
#include "solver/process/quasi_potential.hpp"
#include "solver/process/sampled_coefficient.hpp"

namespace umkehr {

static_assert(Generator<SymmetrisedGenerator>);
namespace {

constexpr double deepest = 36;  // exp(-36) = 2e-16

[[noreturn]] void refuse(const std::string& reason) {
  throw UnfitProblem("the symmetrised scheme does not apply: " + reason);
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

CardinalGenerator SymmetrisedGenerator::in_the_well() const {
  std::vector<double> killing(axis_.points);
  std::copy(well_.begin(), well_.end(), killing.begin() + static_cast<std::ptrdiff_t>(first_));
  std::vector<std::size_t> kept(size());
  std::iota(kept.begin(), kept.end(), first_);
  const NodeCoefficients coefficients{{}, {1.0}, std::move(killing)};
  return {{cardinal_axis(axis_)}, [coefficients](const Points&, double) { return coefficients; }, kept};
}

Eigen::MatrixXd SymmetrisedGenerator::matrix() const {
  Eigen::MatrixXd matrix = in_the_well().matrix(0);
  matrix *= -1;
  return matrix;
}

void SymmetrisedGenerator::apply(double t, std::span<const double> psi, std::span<double> out) {
  if (!in_the_well_) in_the_well_ = in_the_well();
  in_the_well_->apply(t, psi, out);
  for (double& value : out) value *= diffusion_(t);
}

/// Term by term, in order.
Eigen::VectorXd SymmetrisedGenerator::derivative(const Eigen::VectorXd& psi) const {
  const Eigen::MatrixXd first = cardinal_derivative(axis_);
  Eigen::VectorXd out = Eigen::VectorXd::Zero(psi.size());
  for (Eigen::Index j = 0; j < psi.size(); ++j) out += psi[j] * first.col(j).head(psi.size());
  return out;
}

double SymmetrisedGenerator::clock(double s, double t) const {
  return time_integral(diffusion_, s, t);
}

}  // namespace umkehr
