// SPDX-License-Identifier: GPL-3.0-or-later
#include "grids/tensor_product.hpp"

namespace umkehr {
namespace {

using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

Eigen::Index index(std::size_t n) {
  return static_cast<Eigen::Index>(n);
}

template <class Matrix>
std::vector<double> along_all(std::span<const Eigen::MatrixXd> matrices, std::span<const double> in,
                              Matrix matrix) {
  std::vector<std::size_t> extents;
  for (const Eigen::MatrixXd& m : matrices) extents.push_back(static_cast<std::size_t>(matrix(m).cols()));
  std::vector<double> now(in.begin(), in.end()), next;
  for (std::size_t axis = 0; axis < matrices.size(); ++axis) {
    const auto& m = matrix(matrices[axis]);
    next.resize(now.size() / extents[axis] * static_cast<std::size_t>(m.rows()));
    act_along(m, extents, axis, now, next);
    extents[axis] = static_cast<std::size_t>(m.rows());
    now.swap(next);
  }
  return now;
}

}  // namespace

void act_along(const Eigen::Ref<const Eigen::MatrixXd>& matrix, std::span<const std::size_t> extents,
               std::size_t axis, std::span<const double> in, std::span<double> out) {
  std::size_t outer = 1, inner = 1;
  for (std::size_t k = 0; k < axis; ++k) outer *= extents[k];
  for (std::size_t k = axis + 1; k < extents.size(); ++k) inner *= extents[k];
  const std::size_t rows = static_cast<std::size_t>(matrix.rows());
  if (inner == 1) {
    const Eigen::Map<const RowMajor> from(in.data(), index(outer), index(extents[axis]));
    Eigen::Map<RowMajor>(out.data(), index(outer), index(rows)).noalias() = from * matrix.transpose();
    return;
  }
  for (std::size_t o = 0; o < outer; ++o) {
    const Eigen::Map<const RowMajor> from(in.data() + o * extents[axis] * inner, index(extents[axis]),
                                          index(inner));
    Eigen::Map<RowMajor>(out.data() + o * rows * inner, index(rows), index(inner)).noalias() = matrix * from;
  }
}

std::vector<double> act_along_all(std::span<const Eigen::MatrixXd> matrices, std::span<const double> in) {
  return along_all(matrices, in, [](const Eigen::MatrixXd& m) -> const Eigen::MatrixXd& { return m; });
}

std::vector<double> act_transposed_along_all(std::span<const Eigen::MatrixXd> matrices,
                                             std::span<const double> in) {
  return along_all(matrices, in, [](const Eigen::MatrixXd& m) { return m.transpose(); });
}

Points tensor_points(std::span<const std::vector<double>> coordinates) {
  std::size_t count = 1;
  for (const std::vector<double>& axis : coordinates) count *= axis.size();
  Points points(coordinates.size(), count);
  std::size_t stride = count;
  for (std::size_t k = 0; k < coordinates.size(); ++k) {
    stride /= coordinates[k].size();
    for (std::size_t i = 0; i < count; ++i) points[k][i] = coordinates[k][i / stride % coordinates[k].size()];
  }
  return points;
}

}  // namespace umkehr
