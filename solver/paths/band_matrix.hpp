// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace umkehr {

/// A symmetric matrix with `below` diagonals below its main one. Eigen has none, and LAPACK's would be one more library.
class BandMatrix {
 public:
  BandMatrix(std::size_t size, std::size_t below)
      : size_(size), below_(below), entries_(size * (below + 1)) {}

  std::size_t size() const { return size_; }
  /// Entry (i, j), i - below <= j <= i.
  double& operator()(std::size_t i, std::size_t j) { return entries_[i * (below_ + 1) + (j + below_ - i)]; }
  double operator()(std::size_t i, std::size_t j) const {
    return entries_[i * (below_ + 1) + (j + below_ - i)];
  }
  void add_to_diagonal(double shift);
  double largest_diagonal() const;

  /// A = L L^T in place; false, the entries destroyed, unless A is positive definite.
  bool factorise();
  /// x <- A^-1 x after `factorise`.
  void solve(std::span<double> x) const;

 private:
  std::size_t first(std::size_t i) const { return i > below_ ? i - below_ : 0; }

  std::size_t size_, below_;
  std::vector<double> entries_;
};

}  // namespace umkehr
