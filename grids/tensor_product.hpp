// SPDX-License-Identifier: GPL-3.0-or-later
// out[.., i, ..] = sum_j matrix(i, j) in[.., j, ..] along one axis of an array in C order: what a Kronecker product of
// small matrices does, one factor at a time.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "grids/dense/eigen.hpp"
#include "grids/points.hpp"

namespace umkehr {

/// Acts along `axis` of an array of the given extents; the result has matrix.rows() there. `out` must not overlap `in`.
void act_along(const Eigen::Ref<const Eigen::MatrixXd>& matrix, std::span<const std::size_t> extents,
               std::size_t axis, std::span<const double> in, std::span<double> out);

/// (matrices[0] x ... x matrices[d-1]) in; extents are the matrices' columns.
std::vector<double> act_along_all(std::span<const Eigen::MatrixXd> matrices, std::span<const double> in);

/// The transposes of the same.
std::vector<double> act_transposed_along_all(std::span<const Eigen::MatrixXd> matrices,
                                             std::span<const double> in);

/// All combinations of coordinates of the axes, in C order.
Points tensor_points(std::span<const std::vector<double>> coordinates);

}  // namespace umkehr
