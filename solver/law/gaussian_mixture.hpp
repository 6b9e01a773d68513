// SPDX-License-Identifier: GPL-3.0-or-later
// P(x) = sum_c w_c N(x; m_c, C_c). Under an affine process it stays one, so its density, score and entropy are exact.
#pragma once

#include <Eigen/Core>
#include <cstddef>
#include <span>
#include <vector>

#include "grids/grid.hpp"
#include "grids/points.hpp"

namespace umkehr {

struct Gaussian {
  double weight = 1;            ///< its share of the mass; need not add to one under killing
  Eigen::VectorXd mean;         ///< (d)
  Eigen::MatrixXd covariance;   ///< (d, d), positive semi-definite; zero for a point mass
};

class GaussianMixture {
 public:
  GaussianMixture() = default;
  explicit GaussianMixture(std::vector<Gaussian> components);

  std::size_t dimension() const;
  const std::vector<Gaussian>& components() const { return components_; }
  double mass() const;
  Eigen::VectorXd mean() const;
  Eigen::MatrixXd covariance() const;
  /// True if some component has no density (a point mass).
  bool is_singular() const;

  /// ln P and its gradient d_k ln P at a batch of points; finite far into the tails.
  void log_density(const Points& x, std::span<double> out) const;
  void density(const Points& x, std::span<double> out) const;
  void score(const Points& x, std::size_t axis, std::span<double> out) const;
  /// Means over the cells of a grid, also of components narrower than a cell; a point mass is shared between the
  /// nearest centres so that its mean is kept.
  void cell_means(const Grid& grid, std::span<double> out) const;
  /// -int P ln P, by quadrature to about 1e-12; one to three dimensions, else std::invalid_argument.
  double entropy() const;

 private:
  std::vector<Gaussian> components_;
};

}  // namespace umkehr
