// SPDX-License-Identifier: GPL-3.0-or-later
// Rules on [-1, 1], int f = sum_q w_q f(x_q) with ascending nodes: Gauss's, exact up to degree 2 n - 1, and Kronrod's, with the
// (n - 1)/2 nodes of Gauss at every other place. Boost's tables, which hold the upper half.
#pragma once

#include <array>
#include <cstddef>

namespace umkehr {

template <std::size_t n>
struct GaussRule {
  std::array<double, n> node, weight;
};

/// n = 3, 4, 5, 7, 8, 10, 16
template <std::size_t n>
const GaussRule<n>& gauss_legendre();
/// n = 15, 31
template <std::size_t n>
const GaussRule<n>& gauss_kronrod();

/// Which of n nodes is number q from the middle outwards, where sums are more exact that begin there.
constexpr std::size_t outwards(std::size_t n, std::size_t q) {
  return (n + q) % 2 == 0 ? (n - 1) / 2 - (q + 1) / 2 : (n - 1) / 2 + (q + 1) / 2;
}

}  // namespace umkehr
