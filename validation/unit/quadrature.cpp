// SPDX-License-Identifier: GPL-3.0-or-later
// Norms, entropies and integrals of fields against closed forms of Gaussians.
#include "grids/quadrature.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>
#include <numbers>
#include <vector>

using namespace umkehr;

namespace {

const Grid plane({{"x", -9, 9, 80, Boundary::reflecting}, {"y", -8, 8, 90, Boundary::reflecting}});

/// Independent normal laws of variances v and 1, the first with mean m.
std::vector<double> normal(double m, double v) {
  const Points x = plane.centres();
  std::vector<double> p(plane.size());
  for (std::size_t i = 0; i < p.size(); ++i)
    p[i] = std::exp(-(x[0][i] - m) * (x[0][i] - m) / (2 * v) - x[1][i] * x[1][i] / 2) /
           (2 * std::numbers::pi * std::sqrt(v));
  return p;
}

}  // namespace

BOOST_AUTO_TEST_CASE(integrals_and_norms) {
  const std::vector<double> p = normal(0.3, 0.5);
  BOOST_TEST(std::abs(integral(plane, p) - 1) < 1e-14);
  std::vector<double> negative = p;
  for (double& value : negative) value *= -2;
  BOOST_TEST(std::abs(norm_l1(plane, negative) - 2) < 1e-13);
  BOOST_TEST(std::abs(norm_l2(plane, p) - std::sqrt(1 / (4 * std::numbers::pi * std::sqrt(0.5)))) < 1e-13);
  BOOST_TEST(norm_max(negative) == 2 * norm_max(p));
  negative[5] = std::numeric_limits<double>::quiet_NaN();
  BOOST_TEST(std::isnan(norm_max(negative)));
}

BOOST_AUTO_TEST_CASE(relative_differences) {
  const std::vector<double> p = normal(0.3, 0.5);
  std::vector<double> q = p;
  for (double& value : q) value *= 1 + 1e-6;
  BOOST_TEST(std::abs(relative_l1(q, p) - 1e-6) < 1e-15);
  // A field that is wrong only where the density is not trusted counts as right.
  std::vector<double> f(p.size(), 2.0), g = f;
  for (std::size_t i = 0; i < p.size(); ++i) f[i] += p[i] > 1e-10 * norm_max(p) ? 0.02 : 1e9;
  BOOST_TEST(std::abs(weighted_relative_l2(p, f, g) - 0.01) < 1e-14);
}

BOOST_AUTO_TEST_CASE(entropies) {
  const std::vector<double> p = normal(0.3, 0.5), q = normal(-0.2, 1.5);
  BOOST_TEST(std::abs(entropy(plane, p) - (1 + std::log(2 * std::numbers::pi) + 0.5 * std::log(0.5))) <
             1e-12);
  BOOST_TEST(std::abs(relative_entropy(plane, p, q) - 0.5 * (0.5 / 1.5 + 0.25 / 1.5 - 1 + std::log(3.0))) <
             1e-12);
  BOOST_TEST(relative_entropy(plane, p, p) == 0);
  std::vector<double> hollow = q;
  hollow[plane.size() / 2] = 0;
  BOOST_TEST(std::isinf(relative_entropy(plane, p, hollow)));
}
