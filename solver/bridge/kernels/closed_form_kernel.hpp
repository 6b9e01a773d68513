// SPDX-License-Identifier: GPL-3.0-or-later
// The kernel of an affine process in closed form (gaussian_form.hpp) between two times, by the midpoint rule at the
// centres, which is exact to 1e-12 where the kernel is wider than 1.2 cells. Axes that are independent of the others are
// taken one by one, n^(d+1) operations in all; two that are coupled by
//   x.M y = x1 M11 y1 + x1 M12 y2 + x2 M21 y1 + x2 M22 y2
// cost one product of n x n matrices for each x1, 2 n^4 operations, and no n^2 x n^2 matrix; three, as many of these as they
// have points twice over (space_log_sum.hpp). All of it on logarithms, at the price of products of matrices
// (bilinear_log_sum.hpp). Gradients are exact, since d_k ln G is affine in y:
//   grad ln chi(x) = M <y> + grad q(x),  <y> the mean of y under the summands.
#pragma once

#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "solver/bridge/kernels/gaussian_form.hpp"
#include "solver/bridge/kernels/kernel.hpp"
#include "solver/bridge/sums/coupled_log_sum.hpp"
#include "solver/bridge/sums/line_log_sum.hpp"
#include "solver/bridge/sums/space_log_sum.hpp"

namespace umkehr {

class ClosedFormKernel : public Kernel {
 public:
  /// Throws UnfitProblem for periodic axes, and for a grid on which three coupled axes would take minutes.
  ClosedFormKernel(const AffineProcess& process, const Grid& grid, double start, double stop);

  void apply(std::span<const double> log_chi, std::span<double> out) override;
  void apply_transpose(std::span<const double> log_chi_hat, std::span<double> out) override;
  void apply_with_gradient(std::span<const double> log_chi, std::span<double> out,
                           Gradient gradient) override;
  void apply_transpose_with_gradient(std::span<const double> log_chi_hat, std::span<double> out,
                                     Gradient gradient) override;
  std::size_t memory() const override;
  std::vector<std::string> warnings() const override { return warnings_; }
  /// In cells, of the axis along which it is narrowest.
  double width() const { return width_; }

 private:
  /// One of the two directions: out = squares_out + sum over in of (in + squares_in).
  struct Direction {
    Eigen::MatrixXd coupling;  ///< out times in
    Quadratic out;
    std::vector<double> squares_out, squares_in;
    std::vector<std::optional<LineLogSum>> lines;  ///< of the independent axes
    std::optional<CoupledLogSum> plane;            ///< of two coupled ones
    std::optional<SpaceLogSum> space;              ///< of three
  };
  Direction direction(const Eigen::MatrixXd& coupling, const Quadratic& out, const Quadratic& in) const;
  void act(Direction& along, std::span<const double> in, std::span<double> out);
  void act_with_gradient(Direction& along, std::span<const double> in, std::span<double> out,
                         Gradient gradient);
  void warn_of_width(const GaussianForm& form);

  Direction to_start_, to_stop_;
  std::vector<double> work_;
  std::vector<std::string> warnings_;
  double width_ = std::numeric_limits<double>::infinity();
};

}  // namespace umkehr
