// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/hermite/hermite_generator.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "grids/dense/dense_matrix.hpp"
#include "grids/failure.hpp"
#include "grids/finite.hpp"
#include "grids/tensor_product.hpp"
#include "solver/generator/generator.hpp"

namespace umkehr {

static_assert(Generator<HermiteGenerator>);
namespace {

Eigen::Index index(std::size_t n) {
  return static_cast<Eigen::Index>(n);
}

void require_finite(std::span<const double> values, const char* what, double t) {
  if (!all_finite(values))
    throw UnfitProblem(std::string("the Hermite method works on the whole line, where the ") + what +
                       " is not finite at t = " + std::to_string(t) + "; use another method");
}

/// Calls act(n_k, position) for every mode, n_k its order along an axis of this stride.
template <class Act>
void for_orders(std::size_t size, std::size_t modes, std::size_t stride, Act act) {
  for (std::size_t block = 0; block < size; block += modes * stride)
    for (std::size_t n = 0; n < modes; ++n)
      for (std::size_t i = 0; i < stride; ++i) act(n, block + n * stride + i);
}

std::size_t stride_of(std::span<const std::size_t> modes, std::size_t axis) {
  std::size_t stride = 1;
  for (std::size_t k = axis + 1; k < modes.size(); ++k) stride *= modes[k];
  return stride;
}

}  // namespace

std::size_t hermite_quadrature_size(std::size_t modes) {
  return modes + modes / 2 + 16;
}

HermiteGenerator::HermiteGenerator(Process process, std::vector<HermiteBasis> bases, std::size_t finer)
    : process_(std::move(process)), bases_(std::move(bases)), drift_(bases_.size()) {
  std::vector<std::vector<double>> nodes;
  for (const HermiteBasis& basis : bases_) {
    HermiteQuadrature quadrature(basis, finer * hermite_quadrature_size(basis.modes));
    nodes.push_back(std::move(quadrature.nodes));
    values_.push_back(std::move(quadrature.values));
    modes_.push_back(basis.modes);
    size_ *= basis.modes;
  }
  points_ = tensor_points(nodes);
  for (std::vector<double>& drift : drift_) drift.resize(points_->count());
  if (process_.killing.constant_value() != 0.0) killing_.resize(points_->count());
}

void HermiteGenerator::evaluate(double t) {
  if (time_ && (*time_ == t || !process_.depends_on_time())) return;
  for (std::size_t k = 0; k < drift_.size(); ++k) {
    process_.drift[k](*points_, t, drift_[k]);
    require_finite(drift_[k], "drift", t);
  }
  if (!killing_.empty()) {
    process_.killing(*points_, t, killing_);
    require_finite(killing_, "killing", t);
  }
  time_ = t;
}

std::vector<double> HermiteGenerator::to_points(std::span<const double> in) const {
  return act_along_all(values_, in);
}

std::vector<double> HermiteGenerator::from_points(std::span<const double> in) const {
  return act_transposed_along_all(values_, in);
}

void HermiteGenerator::apply(double t, std::span<const double> in, std::span<double> out) {
  evaluate(t);
  std::vector<double> sum(points_->count());
  std::vector<double> slope(size_);
  std::fill(out.begin(), out.end(), 0.0);
  for (std::size_t k = 0; k < bases_.size(); ++k) {
    const std::size_t stride = stride_of(modes_, k);
    const double diffusivity = process_.diffusion[k](t) / 2 / bases_[k].scale;
    std::fill(slope.begin(), slope.end(), 0.0);
    for_orders(size_, modes_[k], stride, [&](std::size_t n, std::size_t at) {
      if (n == 0) return;
      const double order = static_cast<double>(n);
      slope[at - stride] = std::sqrt(order) / bases_[k].scale * in[at];
      if (n > 1) out[at - 2 * stride] += diffusivity * std::sqrt(order - 1) * slope[at - stride];
    });
    const std::vector<double> gradient = to_points(slope);
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += drift_[k][i] * gradient[i];
  }
  if (!killing_.empty()) {
    const std::vector<double> value = to_points(in);
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] -= killing_[i] * value[i];
  }
  const std::vector<double> rate = from_points(sum);
  for (std::size_t n = 0; n < size_; ++n) out[n] += rate[n];
}

void HermiteGenerator::apply_adjoint(double t, std::span<const double> in, std::span<double> out) {
  evaluate(t);
  const std::vector<double> density = to_points(in);
  std::vector<double> product(density.size());
  std::fill(out.begin(), out.end(), 0.0);
  for (std::size_t k = 0; k < bases_.size(); ++k) {
    for (std::size_t i = 0; i < product.size(); ++i) product[i] = drift_[k][i] * density[i];
    const std::vector<double> flux = from_points(product);
    const std::size_t stride = stride_of(modes_, k);
    const double diffusivity = process_.diffusion[k](t) / 2 / bases_[k].scale;
    for_orders(size_, modes_[k], stride, [&](std::size_t n, std::size_t at) {
      if (n == 0) return;
      const double order = static_cast<double>(n);
      const double spread = n > 1 ? diffusivity * std::sqrt(order - 1) * in[at - 2 * stride] : 0;
      out[at] += std::sqrt(order) / bases_[k].scale * (flux[at - stride] + spread);
    });
  }
  if (killing_.empty()) return;
  for (std::size_t i = 0; i < product.size(); ++i) product[i] = killing_[i] * density[i];
  const std::vector<double> killed = from_points(product);
  for (std::size_t n = 0; n < size_; ++n) out[n] -= killed[n];
}

std::size_t HermiteGenerator::memory() const {
  return sizeof(double) * (points_->count() * (2 * bases_.size() + 4) + 4 * size_);
}

HermiteAxisGenerator::HermiteAxisGenerator(Process process, const std::vector<HermiteBasis>& bases,
                                           std::size_t axis, std::size_t finer)
    : process_(std::move(process)),
      axis_(axis),
      basis_(bases[axis]),
      quadrature_(basis_, finer * hermite_quadrature_size(basis_.modes)),
      points_(bases.size(), quadrature_.nodes.size()),
      depends_on_time_(process_.drift[axis].depends_on_time() || process_.diffusion[axis].depends_on_time() ||
                       process_.killing.depends_on_time()) {
  for (std::size_t k = 0; k < bases.size(); ++k) {
    centre_.push_back(bases[k].centre);
    std::fill(points_[k].begin(), points_[k].end(), bases[k].centre);
  }
  std::copy(quadrature_.nodes.begin(), quadrature_.nodes.end(), points_[axis].begin());
}

Eigen::MatrixXd HermiteAxisGenerator::matrix(double t) const {
  const Eigen::Index modes = index(basis_.modes);
  std::vector<double> at_nodes(points_.count());
  const Eigen::Map<const Eigen::VectorXd> values(at_nodes.data(), index(at_nodes.size()));
  const auto projected = [&] {
    return product(quadrature_.values.transpose(), values.asDiagonal() * quadrature_.values);
  };
  const Eigen::VectorXd root =
      Eigen::VectorXd::LinSpaced(modes, 0, static_cast<double>(modes - 1)).cwiseSqrt();

  process_.drift[axis_](points_, t, at_nodes);
  require_finite(at_nodes, "drift", t);
  Eigen::MatrixXd b = Eigen::MatrixXd::Zero(modes, modes);
  b.rightCols(modes - 1) =
      projected().leftCols(modes - 1) * (root.tail(modes - 1) / basis_.scale).asDiagonal();
  const double diffusivity = process_.diffusion[axis_](t) / 2 / (basis_.scale * basis_.scale);
  for (Eigen::Index n = 2; n < modes; ++n) b(n - 2, n) += diffusivity * root[n] * root[n - 1];
  if (process_.killing.constant_value() == 0.0) return b;

  process_.killing(points_, t, at_nodes);
  require_finite(at_nodes, "killing", t);
  if (axis_ > 0) {
    const double common = process_.killing(centre_, t);
    for (double& v : at_nodes) v -= common;
  }
  return b - projected();
}

bool axes_are_apart(const Process& process) {
  const std::size_t dimension = process.dimension();
  for (std::size_t k = 0; k < dimension; ++k)
    for (std::size_t l = 0; l < dimension; ++l) {
      if (k == l) continue;
      if (process.drift[k].depends_on_axis(l)) return false;
      if (!process.killing.depends_on_axis(k) || !process.killing.depends_on_axis(l)) continue;
      const Formula* killing = process.killing.formula();
      if (killing == nullptr || !killing->is_smooth()) return false;
      if (killing->derivative(k).derivative(l).constant_value() != 0.0) return false;
    }
  return true;
}

}  // namespace umkehr
