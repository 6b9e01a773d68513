// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/spectrum/galerkin_spectrum.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "grids/dense/dense_matrix.hpp"
#include "grids/tensor_product.hpp"
#include "solver/generator/cardinal_generator.hpp"

namespace umkehr {
namespace {

Eigen::Index at_unknown(std::size_t i) {
  return static_cast<Eigen::Index>(i);
}

/// d, and d^2 as -int d_i d_j, of functions that are one under the weights.
CardinalAxis weak_axis(const CardinalBasis& basis) {
  const Eigen::Map<const Eigen::VectorXd> weight(basis.weight.data(), at_unknown(basis.size()));
  const Eigen::VectorXd root = weight.cwiseSqrt();
  const Eigen::MatrixXd first = root.asDiagonal() * basis.derivative * root.cwiseInverse().asDiagonal();
  return {basis.node, first, -product(first.transpose(), first)};
}

std::size_t stride_of(const std::vector<CardinalBasis>& bases, std::size_t k) {
  std::size_t stride = 1;
  for (std::size_t other = k + 1; other < bases.size(); ++other) stride *= bases[other].size();
  return stride;
}

/// (d - F/D)^T D/2 (d - F/D) + V for -L: beside the symmetric part of F d, F^2/(2 D) is added to V.
void symmetrise(NodeCoefficients& coefficients) {
  coefficients.is_symmetrised = true;
  for (std::size_t k = 0; k < coefficients.drift.size(); ++k)
    for (std::size_t n = 0; n < coefficients.killing.size(); ++n) {
      const double force = coefficients.drift[k][n];
      coefficients.killing[n] += force * force / (2 * coefficients.diffusion[k]);
    }
}

bool is_at_absorbing_wall(const Grid& grid, const std::vector<CardinalBasis>& bases, std::size_t n) {
  for (std::size_t k = 0; k < bases.size(); ++k) {
    const std::size_t i = n / stride_of(bases, k) % bases[k].size();
    if (grid.axis(k).boundary == Boundary::absorbing && (i == 0 || i + 1 == bases[k].size())) return true;
  }
  return false;
}

}  // namespace

double GalerkinOperator::weight(std::size_t n) const {
  double all = 1;
  for (std::size_t k = 0; k < bases.size(); ++k)
    all *= bases[k].weight[n / stride_of(bases, k) % bases[k].size()];
  return all;
}

std::vector<double> GalerkinOperator::field(const Eigen::VectorXd& vector, const Grid& grid) const {
  std::size_t size = 1;
  std::vector<Eigen::MatrixXd> functions;
  for (std::size_t k = 0; k < bases.size(); ++k) {
    size *= bases[k].size();
    functions.push_back(bases[k].at(grid.axis(k).centres()));
  }
  std::vector<double> values(size);
  for (std::size_t m = 0; m < unknowns.size(); ++m)
    values[unknowns[m]] = vector(at_unknown(m)) / std::sqrt(weight(unknowns[m]));
  return act_along_all(functions, values);
}

GalerkinOperator galerkin_operator(const Process& process, const Grid& grid, double t,
                                   const std::vector<std::size_t>& functions, bool is_symmetric) {
  GalerkinOperator op;
  std::vector<CardinalAxis> axes;
  std::size_t size = 1;
  for (std::size_t k = 0; k < grid.dimension(); ++k) {
    op.bases.emplace_back(grid.axis(k), functions[k]);
    axes.push_back(weak_axis(op.bases[k]));
    size *= op.bases[k].size();
  }
  for (std::size_t n = 0; n < size; ++n)
    if (!is_at_absorbing_wall(grid, op.bases, n)) op.unknowns.push_back(n);
  const auto coefficients = [&](const Points& x, double at) {
    NodeCoefficients found = coefficients_of(process, x, at);
    op.min_killing = *std::min_element(found.killing.begin(), found.killing.end());
    if (is_symmetric) symmetrise(found);
    return found;
  };
  op.matrix = CardinalGenerator(std::move(axes), coefficients, op.unknowns).matrix(t);
  op.matrix *= -1;
  return op;
}

}  // namespace umkehr
