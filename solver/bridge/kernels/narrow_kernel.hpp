// SPDX-License-Identifier: GPL-3.0-or-later
// The kernel of an affine process over a time so short that it is narrower than the cells of some axis, where sums over
// centres fail but ln chi is smooth on the kernel's scale: Gauss-Hermite quadrature about the kernel's own mean,
//   ln chi(x) = w(x) + ln E[exp(ln chi_f(m(x) + R Z))],  Z ~ N(0, 1),
// with ln chi_f interpolated by polynomials through the 8 nearest centres of an axis; nothing beyond the walls, and along one
// axis by panels from face to face where chi_f vanishes on some cells. Nodes are about the peak of the integrand. Towards
// `start` m(x) = E x + e, R R^T = G (GaussianTransport); towards `stop` the law of x given y, found without taking
// differences of large squares. Axes that do not couple are taken one by one, the wide ones of them by sums over centres; of
// two that do, nodes are a tensor product; of three, each Z_k is integrated along its own column of R, the last one first,
// which near a wall, some cells from it, leaves out more than what lies beyond.
#pragma once

#include <functional>
#include <vector>

#include "solver/bridge/kernels/kernel.hpp"
#include "solver/law/affine.hpp"

namespace umkehr {

class NarrowKernel : public Kernel {
 public:
  NarrowKernel(const GaussianTransport& transport, const Grid& grid);

  /// Whether the kernel is narrower along some axis than sums over centres resolve.
  static bool suits(const GaussianTransport& transport, const Grid& grid);

  void apply(std::span<const double> log_chi, std::span<double> out) override;
  void apply_transpose(std::span<const double> log_chi_hat, std::span<double> out) override;
  std::size_t memory() const override { return 4 * size() * sizeof(double); }

 private:
  struct Move {
    Eigen::MatrixXd map;  ///< m(x) = map x + offset
    Eigen::VectorXd offset;
    Eigen::MatrixXd root;  ///< R
    std::function<double(const Eigen::VectorXd&)> log_weight;

    Eigen::VectorXd mean(const Eigen::VectorXd& x) const { return map * x + offset; }
    bool couples() const;
  };
  void act(const Move& move, std::span<const double> in, std::span<double> out) const;
  void along_axis(const Move& move, std::size_t axis, std::vector<double>& field) const;
  Points means_of(const Move& move) const;
  Points tilts_of(const Points& places, const Eigen::MatrixXd& root, const std::vector<double>& field) const;
  void through_plane(const Points& means, const Move& move, std::vector<double>& field) const;
  void through_space(const Points& means, const Move& move, std::vector<double>& field) const;
  void along_way(const Points& places, const Eigen::VectorXd& way, std::size_t first,
                 std::vector<double>& field) const;
  Eigen::VectorXd centre(std::size_t n) const;

  Points centres_;
  Move to_start_, to_stop_;
};

}  // namespace umkehr
