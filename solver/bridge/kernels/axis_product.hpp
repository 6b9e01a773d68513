// SPDX-License-Identifier: GPL-3.0-or-later
// out[.., i, ..] = sum_j A_ij in[.., j, ..] along one index of an array in C order, by products of blocks that do not depend
// on the number of threads.
#pragma once

#include <cstddef>
#include <vector>

#include "grids/dense/eigen.hpp"

namespace umkehr {

/// `points` of the array along each index; that of `axis` becomes the number of rows of A.
std::vector<double> axis_product(const Eigen::MatrixXd& a, const std::vector<double>& in,
                                 std::vector<std::size_t>& points, std::size_t axis);

}  // namespace umkehr
