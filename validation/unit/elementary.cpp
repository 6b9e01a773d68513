// SPDX-License-Identifier: GPL-3.0-or-later
// Elementary functions over arrays against the C library's in extended precision.
#include <bit>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <functional>
#include <limits>
#include <numbers>
#include <random>
#include <vector>

#include "grids/machine/elementary.hpp"

using namespace umkehr;

namespace {

using Arraywise = std::function<void(std::span<const double>, std::span<double>)>;
using Reference = std::function<long double(long double)>;
constexpr double infinity = std::numeric_limits<double>::infinity();

struct Function {
  const char* name;
  Arraywise own;
  Reference reference;
};
const std::vector<Function> functions{
    {"exp", [](auto x, auto out) { lanes::exp(x, out); }, [](long double x) { return std::exp(x); }},
    {"log", [](auto x, auto out) { lanes::log(x, out); }, [](long double x) { return std::log(x); }},
    {"sin", [](auto x, auto out) { lanes::sin(x, out); }, [](long double x) { return std::sin(x); }},
    {"cos", [](auto x, auto out) { lanes::cos(x, out); }, [](long double x) { return std::cos(x); }},
    {"tanh", [](auto x, auto out) { lanes::tanh(x, out); }, [](long double x) { return std::tanh(x); }}};

// In units of the last place of the exact value.
double error(double value, long double exact) {
  const double nearest = std::fabs(static_cast<double>(exact));
  const double unit = std::nextafter(nearest, infinity) - nearest;
  return static_cast<double>(std::fabs(value - exact)) / unit;
}

double worst(const Function& function, const std::vector<double>& x) {
  std::vector<double> out(x.size());
  function.own(x, out);
  double largest = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double e = error(out[i], function.reference(x[i]));
    if (!(e <= largest)) largest = e;  // so that a NaN stays
  }
  return largest;
}

std::vector<double> uniform(double from, double to, std::size_t count = 200000) {
  std::mt19937_64 random(1);
  std::vector<double> x(count);
  for (double& value : x) value = std::uniform_real_distribution<>(from, to)(random);
  return x;
}

}  // namespace

BOOST_AUTO_TEST_CASE(errors_in_units_of_the_last_place) {
  BOOST_TEST(worst(functions[0], uniform(-744, 709)) < 1.5);
  BOOST_TEST(worst(functions[0], uniform(-1, 1)) < 1.5);
  std::vector<double> magnitudes = uniform(-744, 709);
  for (double& x : magnitudes) x = std::exp(x);
  BOOST_TEST(worst(functions[1], magnitudes) < 1.5);
  BOOST_TEST(worst(functions[1], uniform(0.9, 1.1)) < 1.5);
  for (const double range : {1.0, 10.0, 1e3, 1e5, 1e9, 1e300})
    for (const std::size_t k : {2U, 3U}) BOOST_TEST_CONTEXT(functions[k].name << " within " << range)
  BOOST_TEST(worst(functions[k], uniform(-range, range)) < 3);
  BOOST_TEST(worst(functions[4], uniform(-1, 1)) < 2);
  BOOST_TEST(worst(functions[4], uniform(-25, 25)) < 2);
}

BOOST_AUTO_TEST_CASE(beside_multiples_of_half_pi) {
  std::vector<double> x;
  for (int n = -60000; n < 60000; n += 7) {
    const double near = n * (std::numbers::pi / 2);
    x.insert(x.end(), {near, std::nextafter(near, infinity), std::nextafter(near, -infinity)});
  }
  std::erase(x, 0.0);
  BOOST_TEST(worst(functions[2], x) < 3);
  BOOST_TEST(worst(functions[3], x) < 3);
}

BOOST_AUTO_TEST_CASE(edges) {
  const std::vector<double> x{
      0.0,      -0.0,  infinity, -infinity,        std::nan(""),     1.0,    -1.0,   5e-324, 1e-310,
      2.3e-308, 1e308, -1e308,   709.782712893384, 709.782712893385, -745.1, -745.2, 1e22};
  for (const Function& function : functions) {
    std::vector<double> out(x.size());
    function.own(x, out);
    for (std::size_t i = 0; i < x.size(); ++i) {
      const double exact = static_cast<double>(function.reference(x[i]));
      BOOST_TEST_CONTEXT(function.name << "(" << x[i] << ") = " << out[i] << ", exactly " << exact) {
        if (std::isnan(exact))
          BOOST_TEST(std::isnan(out[i]));
        else if (std::isinf(exact))
          BOOST_TEST(out[i] == exact);
        else
          BOOST_TEST(std::fabs(out[i] - exact) <= 4e-16 * std::fabs(exact));
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(exact_where_it_is_expected) {
  const std::vector<double> zero{0};
  std::vector<double> out(1);
  lanes::cos(zero, out);
  BOOST_TEST(out[0] == 1);
  lanes::exp(zero, out);
  BOOST_TEST(out[0] == 1);
  for (const std::size_t k : {2U, 3U, 4U}) {
    const std::vector<double> x = uniform(-10, 10);
    std::vector<double> many(x.size());
    functions[k].own(x, many);
    for (const double y : many) BOOST_REQUIRE(std::fabs(y) <= 1);
  }
}

BOOST_AUTO_TEST_CASE(place_and_neighbours_do_not_matter) {
  std::vector<double> x = uniform(-700, 700, 203);
  x[50] = 1e12;
  x[120] = std::nan("");
  for (const Function& function : functions) {
    std::vector<double> whole(x.size()), in_place = x;
    function.own(x, whole);
    function.own(in_place, in_place);
    for (std::size_t i = 0; i < x.size(); ++i) {
      double alone = 0;
      function.own({&x[i], 1}, {&alone, 1});
      const auto bits = [](double a) { return std::isnan(a) ? 0 : std::bit_cast<std::uint64_t>(a); };
      BOOST_TEST_CONTEXT(function.name << "(" << x[i] << ")") {
        BOOST_TEST(bits(alone) == bits(whole[i]));
        BOOST_TEST(bits(in_place[i]) == bits(whole[i]));
      }
    }
  }
}
