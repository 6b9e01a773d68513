// SPDX-License-Identifier: GPL-3.0-or-later
// ln sum_j exp(-cost_j) exp(-|L^-1 (y_j - m)|^2 / 2) over a tensor product of nodes, for many centres m, and the mean of
// y - m under the summands: relative to the largest summand, so that nothing underflows however large the costs are.
// Planes, rows and blocks of nodes that cannot reach exp(-44) of the largest summand so far are passed over.
#pragma once

#include <array>

#include "grids/dense/eigen.hpp"
#include "solver/hjb/lines/terminal_nodes.hpp"

namespace umkehr {

struct LogKernelSum {
  double log = 0;
  std::array<double, 3> offset{};  ///< mean of y - m
  double edge = 0;  ///< logarithm of the largest summand at an end of an axis; -infinity if none counts
};

/// `root` is L, lower triangular, of the dimension of the nodes, and `centre` is m.
LogKernelSum log_kernel_sum(const TerminalNodes& nodes, const Eigen::MatrixXd& root,
                            const Eigen::VectorXd& centre);

}  // namespace umkehr
