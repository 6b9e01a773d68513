// SPDX-License-Identifier: GPL-3.0-or-later
// A value is the same to the last bit alone, in a batch, in any part of a batch, and in any thread.
#include <bit>
#include <boost/test/unit_test.hpp>
#include <thread>

#include "solver/process/formula/formula.hpp"
#include "validation/support/random_formula.hpp"

using namespace umkehr;

namespace {

const FormulaNames names{{"x", "y"}, {}};

Points random_points(RandomFormula& random, std::size_t count) {
  Points points(2, count);
  for (std::size_t i = 0; i < count; ++i) {
    points[0][i] = random.uniform(-3, 3);
    points[1][i] = random.below(20) == 0 ? random.uniform(-1e7, 1e7) : random.uniform(-800, 800);
  }
  return points;
}

std::vector<double> values(const Formula& formula, const Points& points, std::size_t from,
                           std::size_t count) {
  const auto part = [&](std::size_t axis) {
    const auto cut = points[axis].subspan(from, count);
    return std::vector<double>(cut.begin(), cut.end());
  };
  std::vector<double> out(count);
  formula(Points({part(0), part(1)}), 0.4, out);
  return out;
}

bool same_bits(double a, double b) {
  return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b);
}

// Which operand's sign a NaN keeps is the processor's choice.
bool same(double a, double b) {
  return same_bits(a, b) || (std::isnan(a) && std::isnan(b));
}

std::size_t differences(const std::vector<double>& whole, std::size_t from, const std::vector<double>& part) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < part.size(); ++i) count += !same(whole[from + i], part[i]);
  return count;
}

}  // namespace

BOOST_AUTO_TEST_CASE(alone_together_and_in_parts) {
  RandomFormula random(11);
  const Points points = random_points(random, 1500);
  for (int n = 0; n < 200; ++n) {
    const Formula formula = Formula::parse(random.tree(4).text(), names);
    const std::vector<double> whole = values(formula, points, 0, points.count());
    BOOST_TEST_CONTEXT(formula.text()) {
      for (std::size_t i = 0; i < points.count(); i += 7) {
        const std::array<double, 2> point{points[0][i], points[1][i]};
        if (!same(formula(point, 0.4), whole[i])) BOOST_ERROR("alone, point " << i);
      }
      for (int k = 0; k < 5; ++k) {
        const std::size_t from = random.below(1400), count = 1 + random.below(100);
        BOOST_TEST(differences(whole, from, values(formula, points, from, count)) == 0U);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(every_length_of_a_batch) {
  RandomFormula random(3);
  const Points points = random_points(random, 1100);
  const Formula formula =
      Formula::parse("sin(3*x)*exp(-t) - x^5/(1 + y^2) + where(x > t, log(y^2), tanh(x))", names);
  const std::vector<double> whole = values(formula, points, 0, points.count());
  for (std::size_t count = 0; count <= 1100; ++count)
    BOOST_REQUIRE(differences(whole, 0, values(formula, points, 0, count)) == 0U);
}

BOOST_AUTO_TEST_CASE(threads_share_a_formula) {
  RandomFormula random(5);
  const Points points = random_points(random, 3000);
  const Formula formula = Formula::parse("exp(-x^2)*cos(y) + atan2(x, y)", names);
  const std::vector<double> whole = values(formula, points, 0, points.count());
  std::array<std::size_t, 4> wrong{};
  std::vector<std::jthread> threads;
  for (std::size_t& count : wrong)
    threads.emplace_back([&] {
      for (int n = 0; n < 20; ++n) count += differences(whole, 0, values(formula, points, 0, points.count()));
    });
  threads.clear();
  for (const std::size_t count : wrong) BOOST_TEST(count == 0U);
}

BOOST_AUTO_TEST_CASE(the_result_may_take_the_place_of_an_axis) {
  RandomFormula random(9);
  Points points = random_points(random, 1003);
  const Formula formula = Formula::parse("x - x^3 + sin(x)*y + x^2", names);
  const std::vector<double> expected = values(formula, points, 0, points.count());
  formula(points, 0.4, points[0]);
  BOOST_TEST(differences(expected, 0, {points[0].begin(), points[0].end()}) == 0U);
}
