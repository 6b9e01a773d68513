// SPDX-License-Identifier: GPL-3.0-or-later
// L in products of cardinal functions, each one at its own node and zero at the others: a state is the values at the nodes,
//   (L h)_n = sum_k [ F_k(x_n) (d_k h)_n + D_k/2 (d_k^2 h)_n ] - V(x_n) h_n,
// with d and d^2 of an axis's functions as small dense matrices. Trigonometric functions at the centres of a circle
// (cardinal.hpp) make it FourierGenerator's operator, by values in place of coefficients; those of the line are sinc, which
// bend nothing into a circle. With d^2 = -d^T d under a quadrature's weights it is Galerkin's weak form.
// Canuto, Hussaini, Quarteroni & Zang, Spectral Methods (2006), section 2.4; Stenger, SIAM Rev. 23 (1981) 165.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "grids/axis.hpp"
#include "grids/dense/eigen.hpp"
#include "grids/points.hpp"
#include "solver/process/process.hpp"

namespace umkehr {

/// Nodes of an axis, d and d^2 there.
struct CardinalAxis {
  std::vector<double> node;
  Eigen::MatrixXd first, second;
};

/// At the centres: sinc functions, or trigonometric ones where the axis is periodic.
CardinalAxis cardinal_axis(const Axis& axis);

/// F, D and V at the nodes.
struct NodeCoefficients {
  std::vector<std::vector<double>> drift;  ///< one an axis; empty: none
  std::vector<double> diffusion;           ///< one an axis
  std::vector<double> killing;
  bool is_symmetrised = false;  ///< F d stands for its symmetric part (F d + d^T F)/2, which is -div F/2
};
using CoefficientsAt = std::function<NodeCoefficients(const Points& x, double t)>;

/// Those of a process. Throws UnfitProblem where one of them is not finite.
NodeCoefficients coefficients_of(const Process& process, const Points& x, double t);
std::vector<double> finite_values(const Coefficient& coefficient, const Points& x, double t,
                                  const char* what);

/// Models Generator. The matrix is dense between nodes on one line along an axis: for as many unknowns as a dense matrix takes.
class CardinalGenerator {
 public:
  /// `unknowns` are the products of nodes, in C order, whose functions are kept.
  CardinalGenerator(std::vector<CardinalAxis> axes, CoefficientsAt coefficients,
                    std::vector<std::size_t> unknowns);
  /// Of a process, on all products.
  CardinalGenerator(const Process& process, std::vector<CardinalAxis> axes);

  std::size_t size() const { return unknowns_.size(); }
  /// L h and its transpose, h at the unknown nodes.
  void apply(double t, std::span<const double> h, std::span<double> out);
  void apply_adjoint(double t, std::span<const double> density, std::span<double> out);
  /// L at time t, (unknowns, unknowns).
  Eigen::MatrixXd matrix(double t) const;

 private:
  const Eigen::MatrixXd& kept_matrix(double t);
  void add_axis(std::size_t axis, const NodeCoefficients& at, Eigen::MatrixXd& matrix) const;

  std::vector<CardinalAxis> axes_;
  CoefficientsAt coefficients_;
  Points nodes_;
  std::vector<std::size_t> unknowns_;
  std::vector<Eigen::Index> place_;  // of a product among the unknowns, else -1
  std::optional<double> time_;       // that of the matrix
  Eigen::MatrixXd matrix_;
};

}  // namespace umkehr
