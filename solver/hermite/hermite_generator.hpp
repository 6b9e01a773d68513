// SPDX-License-Identifier: GPL-3.0-or-later
// The generator in Hermite polynomials, B_mn = <w psi_m, L psi_n> with L = F.grad + sum_k D_k/2 d_k^2 - V: F and V by
// Gauss-Hermite quadrature at the points x_i, derivatives exactly by psi_n' = sqrt(n) psi_{n-1}/scale. A value obeys
// -da/ds = B a, a density dc/ds = B^T c: the two share every matrix, so the transpose is exact.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "grids/dense/eigen.hpp"
#include "grids/hermite.hpp"
#include "grids/points.hpp"
#include "solver/process/process.hpp"

namespace umkehr {

/// Quadrature points beyond the modes: exact for polynomial F and V up to degree modes + 33, and for smooth ones a
/// margin that covers what a resolved density can see.
std::size_t hermite_quadrature_size(std::size_t modes);

/// Models Generator.
class HermiteGenerator {
 public:
  /// With `finer` times the usual number of quadrature points.
  HermiteGenerator(Process process, std::vector<HermiteBasis> bases, std::size_t finer = 1);

  std::size_t size() const { return size_; }
  /// L h: out = B(t) in.
  void apply(double t, std::span<const double> in, std::span<double> out);
  /// L^dagger P: out = B(t)^T in.
  void apply_adjoint(double t, std::span<const double> in, std::span<double> out);
  std::size_t memory() const;

 private:
  void evaluate(double t);
  std::vector<double> to_points(std::span<const double> in) const;
  std::vector<double> from_points(std::span<const double> in) const;

  Process process_;
  std::vector<HermiteBasis> bases_;
  std::vector<std::size_t> modes_;
  std::size_t size_ = 1;
  std::vector<Eigen::MatrixXd> values_;
  std::optional<Points> points_;
  std::optional<double> time_;  // at which the coefficients below were evaluated
  std::vector<std::vector<double>> drift_;
  std::vector<double> killing_;
};

/// B(t) of one axis alone, for a process whose axes do not act on each other: F_axis and V are taken at the other
/// axes' centres, V less its value at all centres for every axis but the first, so that the axes' matrices add up.
class HermiteAxisGenerator {
 public:
  HermiteAxisGenerator(Process process, const std::vector<HermiteBasis>& bases, std::size_t axis,
                       std::size_t finer = 1);
  Eigen::MatrixXd matrix(double t) const;
  bool depends_on_time() const { return depends_on_time_; }

 private:
  Process process_;
  std::size_t axis_;
  HermiteBasis basis_;
  HermiteQuadrature quadrature_;
  Points points_;
  std::vector<double> centre_;
  bool depends_on_time_;
};

/// Whether no axis acts on another: F_k depends on x_k alone and V is a sum of functions of one coordinate each.
bool axes_are_apart(const Process& process);

}  // namespace umkehr
