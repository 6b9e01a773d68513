// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/generator/cardinal_generator.hpp"

#include <cmath>
#include <numeric>
#include <string>
#include <utility>

#include "grids/failure.hpp"
#include "grids/interpolation/cardinal.hpp"
#include "grids/tensor_product.hpp"
#include "solver/generator/generator.hpp"

namespace umkehr {

static_assert(Generator<CardinalGenerator>);
namespace {

Eigen::Index at(std::size_t i) {
  return static_cast<Eigen::Index>(i);
}

Points products_of(const std::vector<CardinalAxis>& axes) {
  std::vector<std::vector<double>> nodes;
  for (const CardinalAxis& axis : axes) nodes.push_back(axis.node);
  return tensor_points(nodes);
}

std::vector<std::size_t> all_of(const std::vector<CardinalAxis>& axes) {
  std::size_t size = 1;
  for (const CardinalAxis& axis : axes) size *= axis.node.size();
  std::vector<std::size_t> all(size);
  std::iota(all.begin(), all.end(), std::size_t{0});
  return all;
}

}  // namespace

CardinalAxis cardinal_axis(const Axis& axis) {
  return {axis.centres(), cardinal_derivative(axis), cardinal_second_derivative(axis)};
}

std::vector<double> finite_values(const Coefficient& coefficient, const Points& x, double t,
                                  const char* what) {
  std::vector<double> out(x.count());
  coefficient(x, t, out);
  for (const double value : out)
    if (!std::isfinite(value))
      throw UnfitProblem(std::string(what) + " is not finite at t = " + std::to_string(t));
  return out;
}

NodeCoefficients coefficients_of(const Process& process, const Points& x, double t) {
  NodeCoefficients at_nodes;
  at_nodes.killing = finite_values(process.killing, x, t, "the killing rate");
  for (const Coefficient& diffusion : process.diffusion) at_nodes.diffusion.push_back(diffusion(t));
  for (const Coefficient& drift : process.drift)
    at_nodes.drift.push_back(finite_values(drift, x, t, "the drift"));
  return at_nodes;
}

CardinalGenerator::CardinalGenerator(std::vector<CardinalAxis> axes, CoefficientsAt coefficients,
                                     std::vector<std::size_t> unknowns)
    : axes_(std::move(axes)),
      coefficients_(std::move(coefficients)),
      nodes_(products_of(axes_)),
      unknowns_(std::move(unknowns)),
      place_(nodes_.count(), -1) {
  for (std::size_t n = 0; n < unknowns_.size(); ++n) place_[unknowns_[n]] = at(n);
}

CardinalGenerator::CardinalGenerator(const Process& process, std::vector<CardinalAxis> axes)
    : CardinalGenerator(
          axes, [process](const Points& x, double t) { return coefficients_of(process, x, t); },
          all_of(axes)) {}

Eigen::MatrixXd CardinalGenerator::matrix(double t) const {
  const NodeCoefficients at_nodes = coefficients_(nodes_, t);
  Eigen::MatrixXd matrix = Eigen::MatrixXd::Zero(at(size()), at(size()));
  for (const std::size_t n : unknowns_) matrix(place_[n], place_[n]) = -at_nodes.killing[n];
  for (std::size_t k = 0; k < axes_.size(); ++k) add_axis(k, at_nodes, matrix);
  return matrix;
}

/// Between unknowns that differ in that coordinate alone, or not at all.
void CardinalGenerator::add_axis(std::size_t k, const NodeCoefficients& at_nodes,
                                 Eigen::MatrixXd& matrix) const {
  const Eigen::MatrixXd &first = axes_[k].first, &second = axes_[k].second;
  const std::size_t count = axes_[k].node.size();
  std::size_t stride = 1;
  for (std::size_t other = k + 1; other < axes_.size(); ++other) stride *= axes_[other].node.size();
  const double half_noise = 0.5 * at_nodes.diffusion[k];
  const double* drift = at_nodes.drift.empty() ? nullptr : at_nodes.drift[k].data();
  for (const std::size_t n : unknowns_) {
    const std::size_t i = n / stride % count;
    for (std::size_t j = 0; j < count; ++j) {
      const std::size_t m = n + j * stride - i * stride;
      if (place_[m] < 0) continue;
      double entry = half_noise * second(at(i), at(j));
      if (drift != nullptr) {
        const double own = drift[n] * first(at(i), at(j));
        entry += at_nodes.is_symmetrised ? 0.5 * (own + drift[m] * first(at(j), at(i))) : own;
      }
      matrix(place_[n], place_[m]) += entry;
    }
  }
}

const Eigen::MatrixXd& CardinalGenerator::kept_matrix(double t) {
  if (time_ != t) matrix_ = matrix(t);
  time_ = t;
  return matrix_;
}

void CardinalGenerator::apply(double t, std::span<const double> h, std::span<double> out) {
  Eigen::Map<Eigen::VectorXd>(out.data(), at(size())).noalias() =
      kept_matrix(t) * Eigen::Map<const Eigen::VectorXd>(h.data(), at(size()));
}

void CardinalGenerator::apply_adjoint(double t, std::span<const double> density, std::span<double> out) {
  Eigen::Map<Eigen::VectorXd>(out.data(), at(size())).noalias() =
      kept_matrix(t).transpose() * Eigen::Map<const Eigen::VectorXd>(density.data(), at(size()));
}

}  // namespace umkehr
