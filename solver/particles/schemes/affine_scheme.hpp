// SPDX-License-Identifier: GPL-3.0-or-later
// The exact step of an affine process: x' = E x + e + C z, with E, e and the covariance C C^T of its transition law (2.30,
// 4.14) between the two times; the increments stand for z sqrt(h).
#pragma once

#include <span>

#include "grids/dense/eigen.hpp"
#include "solver/law/affine.hpp"
#include "solver/particles/schemes/scheme.hpp"

namespace umkehr {

class AffineScheme final : public ParticleScheme {
 public:
  /// For steps from times[n] to times[n + 1]; killing is left out.
  AffineScheme(const AffineProcess& process, std::span<const double> times);

  std::string_view name() const override { return "exact"; }
  double strong_order() const override { return 0; }  ///< there is no error to fall
  double weak_order() const override { return 0; }
  void step(const Motion& motion, double t, double h, std::size_t n, const Increments& increments, Points& x,
            StepSpace& space) const override;

 private:
  struct Transition {
    Eigen::MatrixXd push, root;
    Eigen::VectorXd offset;
  };
  std::vector<Transition> transition_;
};

}  // namespace umkehr
