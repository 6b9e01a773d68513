// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/hjb/lines/log_kernel_sum.hpp"

#include <algorithm>
#include <cmath>

#include "grids/machine/infinity.hpp"
#include "grids/machine/lanes.hpp"

namespace umkehr {
namespace {

constexpr double negligible = 44;  // exp(-44) of the largest summand is below rounding, many times over

/// Sums over one centre.
class Sum {
 public:
  Sum(const TerminalNodes& nodes, const Eigen::MatrixXd& root, const Eigen::VectorXd& centre)
      : nodes_(nodes) {
    const Eigen::Index d = centre.size(), missing = 3 - d;
    root_ = Eigen::Matrix3d::Identity();
    root_.bottomRightCorner(d, d) = root;
    centre_ = Eigen::Vector3d::Zero();
    centre_.tail(d) = centre;
    first_ = static_cast<std::size_t>(missing);
  }

  LogKernelSum operator()() {
    guess();
    for (std::size_t i = 0; i < nodes_.y[0].size(); ++i) plane(i);
    LogKernelSum out{best_ + std::log(sum_), {}, edge_};
    for (std::size_t k = 0; k < 3; ++k) out.offset[k] = moment_[k] / sum_;
    return out;
  }

 private:
  double whitened(std::size_t axis, double from_mean) const {
    const auto k = static_cast<Eigen::Index>(axis);
    return from_mean / root_(k, k);
  }

  /// Some summand near the centre, so that most others are known to be negligible at once.
  void guess() {
    std::array<std::size_t, 3> at{};
    for (std::size_t k = 0; k < 3; ++k) {
      const std::vector<double>& y = nodes_.y[k];
      const double wanted = centre_[static_cast<Eigen::Index>(k)];
      const auto found = std::lower_bound(y.begin(), y.end(), wanted);
      at[k] = static_cast<std::size_t>(std::min(found, y.end() - 1) - y.begin());
    }
    Eigen::Vector3d z;
    for (std::size_t k = 0; k < 3; ++k) {
      const auto row = static_cast<Eigen::Index>(k);
      double from_mean = nodes_.y[k][at[k]] - centre_[row];
      for (Eigen::Index j = 0; j < row; ++j) from_mean -= root_(row, j) * z[j];
      z[row] = whitened(k, from_mean);
    }
    best_ = -0.5 * z.squaredNorm() - nodes_.cost[(at[0] * nodes_.y[1].size() + at[1]) * nodes_.row + at[2]];
  }

  bool matters(double bound) const { return bound > best_ - negligible; }

  void plane(std::size_t i) {
    const double from_mean = nodes_.y[0][i] - centre_[0], z = whitened(0, from_mean);
    if (!matters(-nodes_.plane_least[i] - 0.5 * z * z)) return;
    const bool is_edge = first_ == 0 && (i == 0 || i + 1 == nodes_.y[0].size());
    for (std::size_t j = 0; j < nodes_.y[1].size(); ++j) row(i, j, from_mean, z, is_edge);
  }

  void row(std::size_t i, std::size_t j, double from_mean_0, double z0, bool is_edge) {
    const double from_mean_1 = nodes_.y[1][j] - centre_[1];
    const double z1 = whitened(1, from_mean_1 - root_(1, 0) * z0), distance = 0.5 * (z0 * z0 + z1 * z1);
    const std::size_t number = i * nodes_.y[1].size() + j;
    if (!matters(-nodes_.row_least[number] - distance)) return;
    is_edge |= first_ <= 1 && (j == 0 || j + 1 == nodes_.y[1].size());
    const double mean = centre_[2] + root_(2, 0) * z0 + root_(2, 1) * z1;
    const std::size_t blocks = nodes_.row / TerminalNodes::block;
    for (std::size_t b = 0; b < blocks; ++b) {
      const double* y = nodes_.y[2].data() + b * TerminalNodes::block;
      const double beyond = std::max({0.0, y[0] - mean, mean - y[TerminalNodes::block - 1]});
      const double z2 = whitened(2, beyond);
      if (!matters(-nodes_.block_least[number * blocks + b] - distance - 0.5 * z2 * z2)) continue;
      block(number * blocks + b, y, mean, distance, {from_mean_0, from_mean_1},
            is_edge || b == 0 || b + 1 == blocks);
    }
  }

  void block(std::size_t number, const double* y, double mean, double distance,
             const std::array<double, 2>& from_mean, bool is_edge) {
    constexpr std::size_t parts = TerminalNodes::block / lanes::width;
    const double* cost = nodes_.cost.data() + number * TerminalNodes::block;
    std::array<double, TerminalNodes::block> exponent, share;
    double largest = -infinity;
    const double scale = 1 / root_(2, 2);
    for (std::size_t k = 0; k < TerminalNodes::block; ++k) {
      const double z = (y[k] - mean) * scale;
      exponent[k] = -cost[k] - distance - 0.5 * z * z;
      largest = std::max(largest, exponent[k]);
    }
    if (largest == -infinity) return;
    if (is_edge) edge_ = std::max(edge_, largest);
    if (largest > best_) rescale(largest);
    for (std::size_t part = 0; part < parts; ++part) {
      const std::size_t at = part * lanes::width;
      lanes::store(&share[at], lanes::exp(lanes::load(&exponent[at]) - best_));
    }
    double sum = 0, moment = 0;
    for (std::size_t k = 0; k < TerminalNodes::block; ++k) {
      sum += share[k];
      moment += share[k] * (y[k] - centre_[2]);
    }
    sum_ += sum;
    moment_[0] += sum * from_mean[0];
    moment_[1] += sum * from_mean[1];
    moment_[2] += moment;
  }

  void rescale(double largest) {
    const double factor = std::exp(best_ - largest);
    sum_ *= factor;
    for (double& moment : moment_) moment *= factor;
    best_ = largest;
  }

  const TerminalNodes& nodes_;
  Eigen::Matrix3d root_;
  Eigen::Vector3d centre_;
  std::size_t first_;  // the first axis that is not filled in
  double best_ = -infinity, sum_ = 0, edge_ = -infinity;
  std::array<double, 3> moment_{};
};

}  // namespace

LogKernelSum log_kernel_sum(const TerminalNodes& nodes, const Eigen::MatrixXd& root,
                            const Eigen::VectorXd& centre) {
  LogKernelSum out = Sum(nodes, root, centre)();
  std::rotate(out.offset.begin(), out.offset.begin() + (3 - centre.size()), out.offset.end());
  return out;
}

}  // namespace umkehr
