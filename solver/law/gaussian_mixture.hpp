// SPDX-License-Identifier: GPL-3.0-or-later
// P(x) = sum_c w_c N(x; m_c, C_c). Under an affine process it stays one, so its density, score and entropy are exact.
// Logarithms of sums are taken relative to the largest summand, so that ln P and its gradient are finite in any tail.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "grids/dense/eigen.hpp"
#include "grids/grid.hpp"
#include "grids/points.hpp"

namespace umkehr {

struct Gaussian {
  double weight = 1;           ///< its share of the mass; need not add to one under killing
  Eigen::VectorXd mean;        ///< (d)
  Eigen::MatrixXd covariance;  ///< (d, d), positive semi-definite; zero for a point mass
};

class GaussianMixture {
 public:
  GaussianMixture() = default;
  /// Throws UnfitProblem for weights that are negative or not finite, for unequal dimensions, and for
  /// covariances that are not symmetric or not positive semi-definite.
  explicit GaussianMixture(std::vector<Gaussian> components);

  std::size_t dimension() const;
  const std::vector<Gaussian>& components() const { return components_; }
  double mass() const;
  Eigen::VectorXd mean() const;
  Eigen::MatrixXd covariance() const;
  /// True if some component has no density (a point mass, or one flat in some direction).
  bool is_singular() const;

  /// ln P and its gradient d_k ln P at a batch of points; finite far into the tails. These and the density throw
  /// UnfitProblem if the mixture is singular.
  void log_density(const Points& x, std::span<double> out) const;
  void density(const Points& x, std::span<double> out) const;
  void score(const Points& x, std::size_t axis, std::span<double> out) const;
  /// All of grad ln P, in d^2 operations a point and a component.
  void score(const Points& x, Components& out) const;
  /// The same and sum_k factor_k d_k^2 ln P.
  void score(const Points& x, std::span<const double> factor, Components& out,
             std::span<double> divergence) const;
  /// Means over the cells of a grid, also of components narrower than a cell; a point mass is shared between the
  /// nearest centres so that its mean is kept. Throws UnfitProblem for a component that is flat in a direction
  /// oblique to the axes.
  void cell_means(const Grid& grid, std::span<double> out) const;
  /// -int P ln P, by quadrature to about 1e-12; one to three dimensions, else UnfitProblem. Throws
  /// UnfitProblem if the mixture is singular.
  double entropy() const;

 private:
  struct Whitened;  // the components in the form that a density needs
  const Whitened& whitened_for(const Points& x) const;

  std::vector<Gaussian> components_;
  std::shared_ptr<const Whitened> whitened_;
};

/// The empirical law of samples (weight 1/N each): point masses, or Gaussians of standard deviation `bandwidth` > 0
/// along every axis, a kernel density.
GaussianMixture empirical_law(const Points& samples, double bandwidth = 0);

}  // namespace umkehr
