// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/spectrum/galerkin_spectrum.hpp"

#include <algorithm>
#include <cmath>

#include "grids/dense/dense_matrix.hpp"
#include "grids/tensor_product.hpp"
#include "solver/spectrum/fourier_spectrum.hpp"

namespace umkehr {
namespace {

Eigen::Index at_unknown(std::size_t i) {
  return static_cast<Eigen::Index>(i);
}

/// int d_i d_j and int_at_i d_j of functions that are one under the weights.
struct AxisMatrices {
  Eigen::MatrixXd second, first;
  explicit AxisMatrices(const CardinalBasis& basis) {
    const Eigen::Map<const Eigen::VectorXd> weight(basis.weight.data(), at_unknown(basis.size()));
    const Eigen::VectorXd root = weight.cwiseSqrt();
    first = root.asDiagonal() * basis.derivative * root.cwiseInverse().asDiagonal();
    second = product(first.transpose(), first);
  }
};

std::size_t stride_of(const std::vector<CardinalBasis>& bases, std::size_t k) {
  std::size_t stride = 1;
  for (std::size_t other = k + 1; other < bases.size(); ++other) stride *= bases[other].size();
  return stride;
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
  std::vector<std::vector<double>> nodes;
  for (std::size_t k = 0; k < grid.dimension(); ++k) {
    op.bases.emplace_back(grid.axis(k), functions[k]);
    nodes.push_back(op.bases[k].node);
  }
  const Points x = tensor_points(nodes);
  std::vector<Eigen::Index> place(x.count(), -1);
  for (std::size_t n = 0; n < x.count(); ++n) {
    if (is_at_absorbing_wall(grid, op.bases, n)) continue;
    place[n] = at_unknown(op.unknowns.size());
    op.unknowns.push_back(n);
  }
  const std::vector<double> killing = finite_values(process.killing, x, t, "the killing rate");
  op.least_killing = *std::min_element(killing.begin(), killing.end());
  op.matrix = Eigen::MatrixXd::Zero(at_unknown(op.unknowns.size()), at_unknown(op.unknowns.size()));
  for (const std::size_t n : op.unknowns) op.matrix(place[n], place[n]) = killing[n];

  for (std::size_t k = 0; k < grid.dimension(); ++k) {
    const AxisMatrices d(op.bases[k]);
    const std::size_t stride = stride_of(op.bases, k), size = op.bases[k].size();
    const double half_noise = 0.5 * process.diffusion[k](t);
    const std::vector<double> drift = finite_values(process.drift[k], x, t, "the drift");
    for (const std::size_t n : op.unknowns) {
      const std::size_t i = n / stride % size;
      for (std::size_t j = 0; j < size; ++j) {
        const std::size_t m = n + j * stride - i * stride;
        if (place[m] < 0) continue;
        const double own = drift[n] * d.first(at_unknown(i), at_unknown(j)),
                     other = drift[m] * d.first(at_unknown(j), at_unknown(i));
        double entry =
            half_noise * d.second(at_unknown(i), at_unknown(j)) - (is_symmetric ? 0.5 * (own + other) : own);
        if (is_symmetric && i == j) entry += drift[n] * drift[n] / (4 * half_noise);
        op.matrix(place[n], place[m]) += entry;
      }
    }
  }
  return op;
}

}  // namespace umkehr
