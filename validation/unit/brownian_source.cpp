// SPDX-License-Identifier: GPL-3.0-or-later
// Threefry against Random123's known-answer vectors; normals and uniforms against their laws.
#include "solver/particles/brownian_source.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <vector>

namespace {

using namespace umkehr;
using Words = std::array<std::uint64_t, 2>;

constexpr std::size_t many = 1 << 22;

std::vector<double> normals(const BrownianSource& source, std::size_t count, std::uint32_t step = 0,
                            std::uint32_t stream = 0) {
  std::vector<double> z(count);
  source.normals(0, step, stream, z);
  return z;
}

/// sqrt(n) sup |F_n - F|; above 1.95 with a probability of 1e-3.
template <class Distribution>
double kolmogorov_smirnov(std::vector<double> x, const Distribution& distribution) {
  std::sort(x.begin(), x.end());
  const auto n = static_cast<double>(x.size());
  double largest = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double f = distribution(x[i]);
    largest = std::max(
        {largest, std::abs(f - static_cast<double>(i) / n), std::abs(f - static_cast<double>(i + 1) / n)});
  }
  return std::sqrt(n) * largest;
}

double below(double z) {
  return 0.5 * std::erfc(-z / std::sqrt(2.0));
}

/// Correlation times the root of the number of pairs: a standard normal.
double correlation(const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum / std::sqrt(static_cast<double>(a.size()));
}

BOOST_AUTO_TEST_CASE(known_answers) {
  // kat_vectors of Random123 1.14: threefry2x64, 20 rounds.
  const std::uint64_t ones = ~std::uint64_t{0};
  BOOST_TEST((threefry({0, 0}, {0, 0}) == Words{0xc2b6e3a8c2c69865, 0x6f81ed42f350084d}));
  BOOST_TEST((threefry({ones, ones}, {ones, ones}) == Words{0xe02cb7c4d95d277a, 0xd06633d0893b8b68}));
  BOOST_TEST((threefry({0x243f6a8885a308d3, 0x13198a2e03707344}, {0xa4093822299f31d0, 0x082efa98ec4e6c89}) ==
              Words{0x263c7d30bb0f0af1, 0x56be8361d3311526}));
}

BOOST_AUTO_TEST_CASE(a_draw_is_what_its_counter_says) {
  // Particle 8 m + l of the first 32 has word l of draw l: check one of each by hand from threefry itself.
  const BrownianSource source(7, 3);
  std::vector<double> z(64);
  source.normals(32, 5, 9, z);
  for (const std::uint64_t lane : {0u, 3u, 7u}) {
    const Words words = threefry({8 + lane, (std::uint64_t{5} << 32) | 9}, {7, 3});
    for (std::size_t half = 0; half < 2; ++half) {
      const double u = (static_cast<double>(words[half] >> 28) + 0.5) * 0x1p-36;
      const double angle = 2 * M_PI *
                           (static_cast<double>((words[half] >> 26) & 3) / 4 +
                            ((static_cast<double>(words[half] & 0x3ffffff) + 0.5) * 0x1p-26 - 0.5) / 4);
      const double radius = std::sqrt(-2 * std::log(u));
      BOOST_TEST(std::abs(z[lane + 16 * half] - radius * std::cos(angle)) < 1e-14);
      BOOST_TEST(std::abs(z[lane + 16 * half + 8] - radius * std::sin(angle)) < 1e-14);
    }
  }
}

BOOST_AUTO_TEST_CASE(the_same_whoever_asks) {
  const BrownianSource source(1);
  const std::vector<double> all = normals(source, 1000);
  for (const std::size_t first : {std::size_t{1}, std::size_t{31}, std::size_t{32}, std::size_t{517}}) {
    std::vector<double> part(101), u(50), v(150);
    source.normals(first, 0, 0, part);
    BOOST_TEST(std::equal(part.begin(), part.end(), all.begin() + static_cast<std::ptrdiff_t>(first)));
    source.uniforms(first + 100, 2, 3, u);
    source.uniforms(first, 2, 3, v);
    BOOST_TEST(std::equal(u.begin(), u.end(), v.begin() + 100));
  }
}

BOOST_AUTO_TEST_CASE(moments_to_order_eight) {
  const std::vector<double> z = normals(BrownianSource(2), many);
  const double exact[] = {0, 1, 0, 3, 0, 15, 0, 105},
               variance[] = {1, 2, 15, 96, 945, 10170, 135135, 2016000};
  for (std::size_t power = 1; power <= 8; ++power) {
    double sum = 0;
    for (const double value : z) sum += std::pow(value, static_cast<double>(power));
    const double score = (sum / many - exact[power - 1]) / std::sqrt(variance[power - 1] / many);
    BOOST_TEST(std::abs(score) < 4.5, "moment " << power << ": " << score << " standard errors");
  }
}

BOOST_AUTO_TEST_CASE(laws) {
  BOOST_TEST(kolmogorov_smirnov(normals(BrownianSource(3), many), below) < 2.2);
  std::vector<double> u(many);
  BrownianSource(3).uniforms(0, 1, 2, u);
  BOOST_TEST(kolmogorov_smirnov(u, [](double x) { return x; }) < 2.2);
  const auto [least, most] = std::minmax_element(u.begin(), u.end());
  BOOST_TEST(*least > 0);
  BOOST_TEST(*most < 1);
}

BOOST_AUTO_TEST_CASE(tails_to_six_sigma) {
  std::array<double, 3> beyond{};
  const std::size_t blocks = 256;
  for (std::uint32_t step = 0; step < blocks; ++step)
    for (const double z : normals(BrownianSource(4), many / 16, step))
      for (std::size_t sigma = 0; sigma < 3; ++sigma)
        beyond[sigma] += std::abs(z) > static_cast<double>(4 + sigma);
  for (std::size_t sigma = 0; sigma < 3; ++sigma) {
    const double expected = 2 * below(-4.0 - static_cast<double>(sigma)) * blocks * (many / 16);
    // Poisson: so many are expected, give or take the root.
    BOOST_TEST(std::abs(beyond[sigma] - expected) < 4.5 * std::sqrt(expected) + 1,
               4 + sigma << " sigma: " << beyond[sigma] << " of " << expected);
  }
}

BOOST_AUTO_TEST_CASE(neighbouring_keys_know_nothing_of_each_other) {
  const std::vector<double> z = normals(BrownianSource(5), many);
  for (const std::vector<double>& other :
       {normals(BrownianSource(6), many), normals(BrownianSource(5, 1), many),
        normals(BrownianSource(5), many, 1), normals(BrownianSource(5), many, 0, 1)}) {
    BOOST_TEST(std::abs(correlation(z, other)) < 4.5);
    std::vector<double> a = z, b = other;
    for (double& x : a) x = (x * x - 1) / std::sqrt(2.0);
    for (double& x : b) x = (x * x - 1) / std::sqrt(2.0);
    BOOST_TEST(std::abs(correlation(a, b)) < 4.5);
  }
  for (const std::ptrdiff_t shift : {1, 2, 8, 16, 24, 32}) {
    const std::vector<double> a(z.begin(), z.end() - shift), b(z.begin() + shift, z.end());
    BOOST_TEST(std::abs(correlation(a, b)) < 4.5, "a shift of " << shift);
  }
}

}  // namespace
