// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/hermite/hermite_substitution.hpp"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

namespace umkehr {
namespace {

/// The blocks R, degree after degree. Column p holds R[ab, pq] at a = 0, 1, .., behind one zero.
class Blocks {
 public:
  Blocks(const Eigen::Matrix2d& b, std::size_t rows, std::size_t columns)
      : b_(b),
        rows_(rows),
        columns_(columns),
        root_(rows + columns),
        now_((rows + 1) * rows),
        before_(now_.size()) {
    for (std::size_t n = 0; n < root_.size(); ++n) root_[n] = std::sqrt(static_cast<double>(n));
    column(now_, 0)[0] = 1;
  }

  std::size_t first() const { return degree_ < columns_ ? 0 : degree_ - columns_ + 1; }
  std::size_t last() const { return std::min(degree_, rows_ - 1); }
  std::size_t degree() const { return degree_; }
  const double* column(std::size_t p) const { return now_.data() + p * (rows_ + 1) + 1; }

  void raise() {
    ++degree_;
    now_.swap(before_);
    for (std::size_t p = first(); p <= last(); ++p) fill(p);
  }

 private:
  double* column(std::vector<double>& block, std::size_t p) { return block.data() + p * (rows_ + 1) + 1; }

  void fill(std::size_t p) {
    const std::size_t q = degree_ - p;
    const double lower_p = root_[p] / static_cast<double>(degree_),
                 lower_q = root_[q] / static_cast<double>(degree_);
    const double a0 = b_(0, 0) * lower_p, b0 = b_(1, 0) * lower_p, a1 = b_(0, 1) * lower_q,
                 b1 = b_(1, 1) * lower_q;
    // Where p or q is zero its lowered neighbour does not exist, and its factor is zero: any finite column serves.
    const double* left = column(before_, p > 0 ? p - 1 : p);
    const double* right = column(before_, q > 0 ? p : p - 1);
    double* out = column(now_, p);
    for (std::size_t a = first(); a <= last(); ++a)
      out[a] = root_[a] * (a0 * left[a - 1] + a1 * right[a - 1]) +
               root_[degree_ - a] * (b0 * left[a] + b1 * right[a]);
  }

  Eigen::Matrix2d b_;
  std::size_t rows_, columns_, degree_ = 0;
  std::vector<double> root_, now_, before_;
};

}  // namespace

void substitute(const Eigen::Matrix2d& b, std::size_t rows, std::size_t columns,
                std::span<double> coefficients, bool transposed) {
  Blocks blocks(b, rows, columns);
  std::vector<double> result(rows);
  for (;; blocks.raise()) {
    const std::size_t first = blocks.first(), last = blocks.last(), degree = blocks.degree();
    const auto at = [&](std::size_t p) -> double& { return coefficients[p * columns + degree - p]; };
    std::fill(result.begin(), result.end(), 0.0);
    for (std::size_t p = first; p <= last; ++p) {
      const double* column = blocks.column(p);
      if (transposed)
        for (std::size_t a = first; a <= last; ++a) result[p] += column[a] * at(a);
      else
        for (std::size_t a = first; a <= last; ++a) result[a] += column[a] * at(p);
    }
    for (std::size_t p = first; p <= last; ++p) at(p) = result[p];
    if (degree + 2 == rows + columns) return;
  }
}

}  // namespace umkehr
