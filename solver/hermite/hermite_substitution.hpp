// SPDX-License-Identifier: GPL-3.0-or-later
// The linear substitution G(u) -> G(B^T u) in a generating function G = sum_pq c_pq u^p v^q/sqrt(p! q!): a block R for
// each total degree n, from the block of degree n - 1 by
//   n R[ab, pq] = sqrt(p) (B_00 sqrt(a) R[a-1 b, p-1 q] + B_10 sqrt(b) R[a b-1, p-1 q])
//               + sqrt(q) (B_01 sqrt(a) R[a-1 b, p q-1] + B_11 sqrt(b) R[a b-1, p q-1]).
// For a rotation these are Wigner's d-matrices of spin n/2, and the recurrence is an average of bounded terms.
#pragma once

#include <cstddef>
#include <span>

#include "grids/dense/eigen.hpp"

namespace umkehr {

/// Acts on (rows, columns) coefficients in C order, in place; or its transpose. O((rows + columns)^3) operations.
void substitute(const Eigen::Matrix2d& b, std::size_t rows, std::size_t columns,
                std::span<double> coefficients, bool transposed);

}  // namespace umkehr
