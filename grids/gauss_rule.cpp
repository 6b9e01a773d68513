// SPDX-License-Identifier: GPL-3.0-or-later
#include "grids/gauss_rule.hpp"

#include <boost/math/quadrature/gauss_kronrod.hpp>

namespace umkehr {
namespace {

template <std::size_t n, class Half>
GaussRule<n> unfolded() {
  GaussRule<n> rule;
  for (std::size_t q = 0; q < n; ++q) {
    const bool is_below = q < n / 2;
    const std::size_t from_middle = is_below ? (n - 1) / 2 - q : q - n / 2;
    rule.node[q] = (is_below ? -1 : 1) * Half::abscissa()[from_middle];
    rule.weight[q] = Half::weights()[from_middle];
  }
  return rule;
}

}  // namespace

template <std::size_t n>
const GaussRule<n>& gauss_legendre() {
  static const auto rule = unfolded<n, boost::math::quadrature::gauss<double, n>>();
  return rule;
}

template <std::size_t n>
const GaussRule<n>& gauss_kronrod() {
  static const auto rule = unfolded<n, boost::math::quadrature::gauss_kronrod<double, n>>();
  return rule;
}

template const GaussRule<3>& gauss_legendre<3>();
template const GaussRule<4>& gauss_legendre<4>();
template const GaussRule<5>& gauss_legendre<5>();
template const GaussRule<7>& gauss_legendre<7>();
template const GaussRule<8>& gauss_legendre<8>();
template const GaussRule<10>& gauss_legendre<10>();
template const GaussRule<16>& gauss_legendre<16>();
template const GaussRule<15>& gauss_kronrod<15>();
template const GaussRule<31>& gauss_kronrod<31>();

}  // namespace umkehr
