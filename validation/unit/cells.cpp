// SPDX-License-Identifier: GPL-3.0-or-later
// Schroedinger's cells against the reference cases and against sums over all tables in exact rationals.
#include <omp.h>
#include <algorithm>
#include <boost/multiprecision/cpp_int.hpp>
#include <boost/test/unit_test.hpp>
#include <cmath>

#include "grids/failure.hpp"
#include "grids/machine/team.hpp"
#include "solver/cells/cell_draws.hpp"
#include "solver/cells/cell_probability.hpp"
#include "validation/support/reference_cases.hpp"

namespace {

using namespace umkehr;
using boost::test_tools::tolerance;
using Rational = boost::multiprecision::cpp_rational;
using Integer = boost::multiprecision::cpp_int;
using RationalMatrix = std::vector<std::vector<Rational>>;

Eigen::MatrixXd numbers(const RationalMatrix& g) {
  Eigen::MatrixXd m(static_cast<Eigen::Index>(g.size()), static_cast<Eigen::Index>(g[0].size()));
  for (std::size_t k = 0; k < g.size(); ++k)
    for (std::size_t l = 0; l < g[0].size(); ++l)
      m(static_cast<Eigen::Index>(k), static_cast<Eigen::Index>(l)) = static_cast<double>(g[k][l]);
  return m;
}

CountTable table(const std::vector<Counts>& rows) {
  CountTable c(static_cast<Eigen::Index>(rows.size()), static_cast<Eigen::Index>(rows[0].size()));
  for (Eigen::Index k = 0; k < c.rows(); ++k)
    for (Eigen::Index l = 0; l < c.cols(); ++l)
      c(k, l) = rows[static_cast<std::size_t>(k)][static_cast<std::size_t>(l)];
  return c;
}

Integer factorial(std::int64_t n) {
  Integer product = 1;
  for (std::int64_t i = 2; i <= n; ++i) product *= i;
  return product;
}

Rational power(const Rational& base, std::int64_t exponent) {
  Rational product = 1;
  for (std::int64_t i = 0; i < exponent; ++i) product *= base;
  return product;
}

/// Sums over all tables, column after column and cell after cell: (3.7) as it stands.
struct Enumeration {
  const RationalMatrix& g;
  Counts initial, left;  // of b
  Rational sum = 0, largest = 0;

  void run(std::size_t l, std::size_t k, std::int64_t to_place, const Rational& product) {
    if (l == initial.size()) {
      sum += product;
      largest = std::max(largest, product);
      return;
    }
    if (k + 1 == left.size()) return place(l, k, to_place, 0, product);
    for (std::int64_t c = 0; c <= std::min(to_place, left[k]); ++c) place(l, k, c, to_place - c, product);
  }
  void place(std::size_t l, std::size_t k, std::int64_t c, std::int64_t rest, const Rational& product) {
    if (c > left[k]) return;
    const Rational next =
        product * power(g[k][l], c) / factorial(c) * (k == 0 ? factorial(initial[l]) : Integer(1));
    if (next == 0) return;
    left[k] -= c;
    if (k + 1 < left.size())
      run(l, k + 1, rest, next);
    else
      run(l + 1, 0, l + 1 < initial.size() ? initial[l + 1] : 0, next);
    left[k] += c;
  }
};

Enumeration enumerate(const RationalMatrix& g, const Counts& initial, const Counts& final) {
  Enumeration all{g, initial, final};
  all.run(0, 0, initial[0], 1);
  return all;
}

void compare_with_enumeration(const RationalMatrix& g, const Counts& initial, const Counts& final) {
  const Enumeration all = enumerate(g, initial, final);
  const Cells cells{numbers(g), initial, final};
  const CellsOptimum optimum = solve_cells(cells);
  BOOST_TEST(log_probability_of_final(cells, optimum) == std::log(static_cast<double>(all.sum)),
             tolerance(2e-14));
  const CountTable best = most_probable_table(cells, optimum);
  BOOST_TEST(log_probability(cells.kernel, best) == std::log(static_cast<double>(all.largest)),
             tolerance(2e-14));
  for (std::size_t l = 0; l < initial.size(); ++l)
    BOOST_TEST(best.col(static_cast<Eigen::Index>(l)).sum() == initial[l]);
  for (std::size_t k = 0; k < final.size(); ++k)
    BOOST_TEST(best.row(static_cast<Eigen::Index>(k)).sum() == final[k]);
}

const RationalMatrix two = {{Rational(1, 2), Rational(2, 5)}, {Rational(1, 2), Rational(3, 5)}};
const RationalMatrix three = {{Rational(1, 2), Rational(1, 4), Rational(1, 6)},
                              {Rational(1, 3), Rational(1, 2), Rational(1, 3)},
                              {Rational(1, 6), Rational(1, 4), Rational(1, 2)}};

}  // namespace

BOOST_AUTO_TEST_CASE(probability_of_a_table) {
  const RationalMatrix g = {{Rational(3, 4), Rational(1, 3)}, {Rational(1, 4), Rational(2, 3)}};
  BOOST_TEST(std::exp(log_probability(numbers(g), table({{3, 2}, {2, 2}}))) ==
                 reference_cases("R9a")[0]["value"].get<double>(),
             tolerance(1e-14));
  BOOST_TEST(std::exp(log_probability(numbers(three), table({{1, 1, 2}, {2, 0, 1}, {1, 2, 2}}))) ==
                 reference_cases("R9b")[0]["value"].get<double>(),
             tolerance(1e-14));
  for (const nlohmann::json& entry : reference_cases("R9c", "-(1/N)")) {
    const auto n = entry["parameters"]["N"].get<std::int64_t>();
    const CountTable c = table({{3 * n / 10, n / 10}, {n / 10, 5 * n / 10}});
    BOOST_TEST(-log_probability(numbers(two), c) / static_cast<double>(n) == entry["value"].get<double>(),
               tolerance(1e-12));
  }
}

BOOST_AUTO_TEST_CASE(two_cells_of_the_reference) {
  for (const std::int64_t n : {10, 100, 1000, 10'000}) {
    const Cells cells{numbers(two), {4 * n / 10, 6 * n / 10}, {7 * n / 10, 3 * n / 10}};
    const CellsOptimum optimum = solve_cells(cells);
    const double log = log_probability_of_final(cells, optimum);
    for (const nlohmann::json& entry : reference_cases("R9d")) {
      const auto& p = entry["parameters"];
      if (p.contains("N") && p["N"].get<std::int64_t>() != n) continue;
      const std::string quantity = entry["quantity"];
      const double value =
          quantity.starts_with("c*")     ? optimum.table(0, 0)
          : quantity.starts_with("D_KL") ? optimum.divergence
          : quantity.starts_with("-(1/N)")
              ? -log / static_cast<double>(n)
              : std::exp(log - log_probability(cells.kernel, most_probable_table(cells, optimum)));
      BOOST_TEST_CONTEXT(entry) BOOST_TEST(value == entry["value"].get<double>(), tolerance(1e-12));
    }
  }
}

BOOST_AUTO_TEST_CASE(three_cells_of_the_reference) {
  const CellsOptimum optimum = solve_cells({numbers(three), {5, 3, 2}, {2, 2, 6}});
  for (const nlohmann::json& entry : reference_cases("R9e")) {
    const std::string quantity = entry["quantity"];
    const double value = quantity.starts_with("D_KL") ? optimum.divergence
                                                      : optimum.table(quantity[3] - '0', quantity[6] - '0');
    BOOST_TEST_CONTEXT(entry) BOOST_TEST(value == entry["value"].get<double>(), tolerance(1e-13));
  }
}

BOOST_AUTO_TEST_CASE(sums_over_all_tables) {
  compare_with_enumeration(two, {12, 9}, {17, 4});
  compare_with_enumeration(two, {1, 0}, {0, 1});
  compare_with_enumeration(three, {5, 4, 3}, {2, 3, 7});
  compare_with_enumeration(three, {7, 0, 3}, {0, 6, 4});
  // Two cells into three, three into two, and four into four.
  compare_with_enumeration({{Rational(1, 2), Rational(1, 10)},
                            {Rational(1, 4), Rational(3, 10)},
                            {Rational(1, 4), Rational(3, 5)}},
                           {9, 6}, {3, 4, 8});
  compare_with_enumeration(
      {{Rational(1, 8), Rational(2, 3), Rational(1, 2)}, {Rational(7, 8), Rational(1, 3), Rational(1, 2)}},
      {5, 6, 4}, {11, 4});
  const Rational q(1, 4), h(1, 2), s(1, 6);
  compare_with_enumeration({{h, q, s, q}, {q, h, s, q}, {q, q, h, q}, {0, 0, s, q}}, {2, 3, 2, 3},
                           {1, 4, 3, 2});
}

BOOST_AUTO_TEST_CASE(kernels_with_zeros) {
  const Rational h(1, 2), t(1, 3);
  // A row of cells, whose neighbours alone are reached.
  compare_with_enumeration({{h, t, 0}, {h, t, h}, {0, t, h}}, {4, 3, 3}, {2, 5, 3});
  // Two rooms without a door.
  compare_with_enumeration({{h, t, 0, 0}, {h, 1 - t, 0, 0}, {0, 0, h, t}, {0, 0, h, 1 - t}}, {3, 4, 5, 1},
                           {2, 5, 1, 5});
  // All of the second cell must stay: its link to the first is there and never used.
  compare_with_enumeration({{1, h}, {0, h}}, {6, 4}, {6, 4});
  const CellsOptimum forced = solve_cells({numbers({{1, h}, {0, h}}), {6, 4}, {6, 4}});
  BOOST_TEST(forced.table(0, 1) == 0.0);
  BOOST_TEST(forced.divergence == 0.4 * std::log(2), tolerance(1e-14));
  BOOST_TEST(predicted_rate(forced, 10) == forced.divergence);  // one table alone: no sum, no next term
}

BOOST_AUTO_TEST_CASE(next_term_of_the_rate) {
  // rate - prediction = O(1/N^2), with (K - 1)/2 ln N/N in it.
  double last = 0;
  for (std::int64_t n = 100; n <= 12'800; n *= 2) {
    const Cells cells{
        numbers(three), {5 * n / 10, 3 * n / 10, 2 * n / 10}, {2 * n / 10, 2 * n / 10, 6 * n / 10}};
    const CellsOptimum optimum = solve_cells(cells);
    const auto count = static_cast<double>(n);
    const double error = -log_probability_of_final(cells, optimum) / count - predicted_rate(optimum, count);
    if (last != 0) BOOST_TEST(std::log2(last / error) == 2, tolerance(0.03));
    last = error;
  }
}

BOOST_AUTO_TEST_CASE(a_million_particles) {
  // Two independent binomials in long double: b_1 = X + Y, X ~ B(a_1, 1/2), Y ~ B(a_2, 2/5).
  const std::int64_t n = 1'000'000;
  const Cells cells{numbers(two), {4 * n / 10, 6 * n / 10}, {7 * n / 10, 3 * n / 10}};
  const auto binomial = [](std::int64_t a, std::int64_t c, long double p) {
    const auto total = static_cast<long double>(a), count = static_cast<long double>(c);
    return std::lgamma(total + 1) - std::lgamma(count + 1) - std::lgamma(total - count + 1) +
           count * std::log(p) + (total - count) * std::log(1 - p);
  };
  long double sum = 0;
  const long double scale = binomial(400'000, 300'000, 0.5L) + binomial(600'000, 400'000, 0.4L);
  for (std::int64_t c = 280'000; c <= 320'000; ++c)
    sum += std::exp(binomial(400'000, c, 0.5L) + binomial(600'000, 700'000 - c, 0.4L) - scale);
  const auto expected = static_cast<double>(-(scale + std::log(sum)) / n);
  BOOST_TEST(-log_probability_of_final(cells, solve_cells(cells)) / static_cast<double>(n) == expected,
             tolerance(1e-14));
}

BOOST_AUTO_TEST_CASE(trials_show_what_is_probable) {
  // Under g the share, under h the rate; neither error is too large: a share lies off by at least a hundredth of it.
  const Rational q(1, 4), h(1, 2), s(1, 6);
  const std::vector<Cells> all = {
      {numbers(two), {12, 9}, {13, 8}},
      {numbers(three), {5, 4, 3}, {2, 3, 7}},
      {numbers(three), {7, 0, 3}, {0, 6, 4}},
      {numbers({{h, q, s, q}, {q, h, s, q}, {q, q, h, q}, {0, 0, s, q}}), {2, 3, 2, 3}, {3, 3, 3, 1}},
      // Of so many that counts come by rejection, and one table that is forced.
      {numbers(three), {160, 120, 100}, {142, 141, 97}},
      {numbers({{1, h}, {0, h}}), {6, 4}, {6, 4}}};
  for (const Cells& cells : all) {
    const CellsOptimum optimum = solve_cells(cells);
    const double log = log_probability_of_final(cells, optimum), exact = std::exp(log);
    const auto n = static_cast<double>(total(cells.initial));
    const CellDraws draws{200'000, 5};
    const Estimate share = observed_frequency(cells, draws), rate = sampled_rate(cells, optimum, draws);
    BOOST_TEST_CONTEXT("N = " << n << ", probability " << exact << ", seen " << share.value << " +- "
                              << share.error << ", rate " << -log / n << " by trials " << rate.value << " +- "
                              << rate.error) {
      BOOST_TEST(std::abs(share.value - exact) <= 4.5 * share.error);
      BOOST_TEST(share.error == std::sqrt(exact * (1 - exact) / 200'000), tolerance(0.1));
      BOOST_TEST(std::abs(rate.value + log / n) <= 4.5 * rate.error + 1e-14);
      BOOST_TEST(rate.error < 0.005 / n);
    }
  }
}

BOOST_AUTO_TEST_CASE(trials_under_the_bridge_show_what_is_never_seen) {
  double square = 0;
  std::size_t runs = 0;
  for (const std::int64_t n : {100, 1000, 10'000, 1'000'000}) {
    const Cells cells{
        numbers(three), {5 * n / 10, 3 * n / 10, 2 * n / 10}, {2 * n / 10, 2 * n / 10, 6 * n / 10}};
    const CellsOptimum optimum = solve_cells(cells);
    const double exact = -log_probability_of_final(cells, optimum) / static_cast<double>(n);
    BOOST_TEST(observed_frequency(cells, {2000, 1}).value == 0.0);
    BOOST_TEST(observed_frequency(cells, {2000, 1}).error == 1.0 / 2000, tolerance(2e-3));
    for (std::uint64_t seed = 0; seed < 8; ++seed, ++runs) {
      const Estimate rate = sampled_rate(cells, optimum, {20'000, seed});
      const double score = (rate.value - exact) / rate.error;
      square += score * score;
      BOOST_TEST_CONTEXT("N = " << n << ", rate " << exact << " by trials " << rate.value << " +- "
                                << rate.error)
      BOOST_TEST(std::abs(score) <= 4.5);
    }
    // D_KL alone, the leading term, lies far outside the error.
    BOOST_TEST(exact - optimum.divergence > 100 * sampled_rate(cells, optimum, {20'000, 0}).error);
  }
  // The errors are right: a sum of squares of 32 normals lies in here but once in a million times.
  BOOST_TEST_CONTEXT("mean square of " << runs << " scores") BOOST_TEST(square > 7);
  BOOST_TEST(square < 82);
}

BOOST_AUTO_TEST_CASE(trials_care_for_the_seed_and_not_for_threads) {
  const Cells cells{numbers(three), {5, 4, 3}, {3, 4, 5}};
  const CellsOptimum optimum = solve_cells(cells);
  const Estimate share = observed_frequency(cells, {5000, 3}), rate = sampled_rate(cells, optimum, {5000, 3});
  const int most = omp_get_max_threads();
  const team::SharesAnything shares;
  for (const int threads : {1, 2, 3, 4, 8}) {
    omp_set_num_threads(threads);
    BOOST_TEST(observed_frequency(cells, {5000, 3}).value == share.value);
    BOOST_TEST(sampled_rate(cells, optimum, {5000, 3}).value == rate.value);
    BOOST_TEST(sampled_rate(cells, optimum, {5000, 3}).error == rate.error);
  }
  omp_set_num_threads(most);
  BOOST_TEST(sampled_rate(cells, optimum, {5000, 4}).value != rate.value);
  BOOST_TEST(observed_frequency(cells, {5000, 4}).value != share.value);
}

BOOST_AUTO_TEST_CASE(trials_that_tell_nothing) {
  const Cells cells{numbers(two), {12, 9}, {13, 8}};
  const CellsOptimum optimum = solve_cells(cells);
  BOOST_CHECK_THROW(observed_frequency(cells, {1, 0}), UnfitProblem);
  BOOST_CHECK_THROW(sampled_rate(cells, optimum, {0, 0}), UnfitProblem);
  // Each of thirty cells must send its one particle to a cell of its own: two trials never do.
  const Eigen::MatrixXd even = Eigen::MatrixXd::Constant(30, 30, 1.0 / 30);
  const Cells many{even, Counts(30, 1), Counts(30, 1)};
  BOOST_CHECK_THROW(sampled_rate(many, solve_cells(many), {2, 0}), NumericalFailure);
}

BOOST_AUTO_TEST_CASE(what_cannot_be) {
  const Rational h(1, 2);
  const Eigen::MatrixXd g = numbers({{1, h}, {0, h}});
  BOOST_CHECK_THROW(solve_cells({g, {6, 4}, {5, 5}}),
                    std::invalid_argument);  // at most 4 can be in the second cell
  BOOST_CHECK_THROW(solve_cells({g, {6, 4}, {6, 5}}), std::invalid_argument);
  BOOST_CHECK_THROW(solve_cells({g, {6, 4}, {11, -1}}), std::invalid_argument);
  BOOST_CHECK_THROW(solve_cells({g, {6, 4, 0}, {10, 0}}), std::invalid_argument);
  BOOST_CHECK_THROW(solve_cells({2 * g, {6, 4}, {10, 0}}), std::invalid_argument);
  BOOST_CHECK_THROW(solve_cells({-g, {6, 4}, {10, 0}}), std::invalid_argument);
  BOOST_CHECK_THROW(solve_cells({g, {0, 0}, {0, 0}}), std::invalid_argument);
  const Eigen::MatrixXd many = Eigen::MatrixXd::Constant(12, 12, 1.0 / 12);
  const Cells cells{many, Counts(12, 1000), Counts(12, 1000)};
  BOOST_CHECK_THROW(log_probability_of_final(cells, solve_cells(cells)), std::invalid_argument);
}
