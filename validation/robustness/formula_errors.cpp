// SPDX-License-Identifier: GPL-3.0-or-later
// What is said about bad formulas, and to which byte it points.
#include <array>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <string>

#include "solver/process/formula/formula.hpp"

using namespace umkehr;

namespace {

const FormulaNames names{{"x", "y"},
                         {{"beta", "0.1 + 19.9*t"},
                          {"loop", "2*pool"},
                          {"pool", "1 + loop"},
                          {"self", "self"},
                          {"broken", "1 + * t"},
                          {"stranger", "alpha + 1"}}};

struct Bad {
  std::string text;
  std::size_t column;
  std::string message;
  std::string definition = {};
};

std::string repeated(const std::string& part, std::size_t times) {
  std::string result;
  for (std::size_t i = 0; i < times; ++i) result += part;
  return result;
}

const std::vector<Bad> bad{
    {"", 1, "the formula is empty"},
    {"  \t ", 1, "the formula is empty"},
    {"bta*x", 1, "unknown name \"bta\"; did you mean \"beta\"?"},
    {"2*betta", 3, "did you mean \"beta\"?"},
    {"x + beat", 5, "did you mean \"beta\"?"},
    {"sinn(x)", 1, "did you mean \"sin\"?"},
    {"expp(x)", 1, "did you mean \"exp\"?"},
    {"wher(x, 1, 2)", 1, "did you mean \"where\"?"},
    {"zebra", 1, "known are x, y, t, pi, e, beta"},
    {"x + q", 5, "unknown name \"q\"; known are x, y"},
    {"X", 1, "unknown name \"X\""},
    {"x +", 4, "the formula ends"},
    {"x + ", 5, "the formula ends"},
    {"-", 2, "the formula ends"},
    {"x * / y", 5, "missing before \"/\""},
    {"* x", 1, "missing before \"*\""},
    {"()", 2, "missing before \")\""},
    {"(x", 1, "this bracket is never closed"},
    {"2*(x + (y - 1)", 3, "this bracket is never closed"},
    {"sin(x", 4, "this bracket is never closed"},
    {"x)", 2, "this bracket was never opened"},
    {"(x))", 4, "this bracket was never opened"},
    {"x y", 3, "an operator is missing before \"y\""},
    {"2x", 2, "an operator is missing before \"x\""},
    {"2e", 2, "an operator is missing before \"e\""},
    {"1.5.2", 4, "an operator is missing before \".2\""},
    {"x 3", 3, "an operator is missing before \"3\""},
    {"(x)(y)", 4, "an operator is missing before \"(\""},
    {"x(3)", 2, "\"x\" is not a function"},
    {"beta(t)", 5, "\"beta\" is not a function"},
    {"sin", 1, "\"sin\" takes 1 argument in brackets"},
    {"sin x", 1, "\"sin\" takes 1 argument in brackets"},
    {"sin()", 1, "\"sin\" takes 1 argument, not 0"},
    {"1 + sin(x, y)", 5, "\"sin\" takes 1 argument, not 2"},
    {"max(x)", 1, "\"max\" takes 2 arguments, not 1"},
    {"min(x, y, t)", 1, "\"min\" takes 2 arguments, not 3"},
    {"where(x, 1)", 1, "\"where\" takes 3 arguments, not 2"},
    {"max(x,)", 7, "missing before \")\""},
    {"max(,x)", 5, "missing before \",\""},
    {"(x, y)", 3, "a comma outside of a function's brackets"},
    {"x, y", 2, "a comma outside of a function's brackets"},
    {"1e999", 1, "beyond double precision"},
    {"x + 1e-999", 5, "beyond double precision"},
    {".", 1, "a number needs a digit"},
    {"x + .", 5, "a number needs a digit"},
    {"x $ y", 3, "bad character \"$\""},
    {"x & y", 3, "bad character \"&\""},
    {"_x", 1, "bad character \"_\""},
    {"x ! y", 3, "bad character \"!\""},
    {"[x]", 1, "bad character \"[\""},
    {"\xce\xb2*x", 1, "bad character with code 0xCE"},
    {"x\x01", 2, "bad character with code 0x01"},
    {std::string("x\0y", 3), 2, "bad character with code 0x00"},
    {"x\x7f", 2, "bad character with code 0x7F"},
    {"x**2", 2, "powers are written with ^, not **"},
    {"x = 2", 3, "equality is written =="},
    {"1 < x < 2", 7, "comparisons cannot be chained"},
    {"x < < 2", 5, "missing before \"<\""},
    {"x ^ * 2", 5, "missing before \"*\""},
    {"self", 1, "definitions go in a circle: self -> self", "self"},
    {"1 + loop", 5, "definitions go in a circle: loop -> pool -> loop", "pool"},
    {"pool", 3, "definitions go in a circle: pool -> loop -> pool", "loop"},
    {"x*broken", 5, "missing before \"*\"", "broken"},
    {"stranger", 1, "unknown name \"alpha\"", "stranger"},
    {repeated("(", 201) + "x" + repeated(")", 201), 201, "more than 200 nested brackets"},
    {repeated("sin(", 201) + "x" + repeated(")", 201), 804, "more than 200 nested brackets"},
    {repeated("x", 4097), 4097, "the formula has 4097 characters; at most 4096 are allowed"},
    {repeated("q", 4000), 1, "unknown name \"" + repeated("q", 80) + "...\""},
};

void check(const Bad& expected) {
  try {
    Formula::parse(expected.text, names);
    BOOST_ERROR("accepted");
  } catch (const FormulaError& error) {
    const std::string message = error.what();
    BOOST_TEST(error.column() == expected.column);
    BOOST_TEST(message.find(expected.message) != std::string::npos, "it said: " << message);
    BOOST_TEST(error.definition() == expected.definition);
    BOOST_TEST(error.text() ==
               (expected.definition.empty() ? expected.text : names.definitions.at(expected.definition)));
    BOOST_TEST(message.size() < 600U);
  }
}

// The value at (0.5, 0.25, 0.5), after two derivatives have been taken without harm.
double harmless(const std::string& text) {
  const Formula formula = Formula::parse(text, names);
  const std::array<double, 2> point{0.5, 0.25};
  formula.derivative(0).derivative(0)(point, 0.5);
  return formula(point, 0.5);
}

}  // namespace

BOOST_AUTO_TEST_CASE(each_bad_formula_is_named_with_its_place) {
  for (const Bad& each : bad) BOOST_TEST_CONTEXT("formula: " << each.text.substr(0, 60)) check(each);
}

BOOST_AUTO_TEST_CASE(the_longest_chains_are_read) {
  const auto close = boost::test_tools::tolerance(1e-12);
  double sine = 0.5, power = 0.5;
  for (int i = 0; i < 200; ++i) sine = std::sin(sine);
  for (int i = 0; i < 2047; ++i) power = std::pow(0.5, power);
  BOOST_TEST(harmless(repeated("-", 4095) + "x") == -0.5);
  BOOST_TEST(harmless("x" + repeated("^x", 2047)) == power, close);
  BOOST_TEST(harmless("x" + repeated("+y", 2047)) == 512.25, close);
  BOOST_TEST(harmless("x" + repeated("-x*y", 1023)) == 0.5 - 1023 * 0.125, close);
  BOOST_TEST(harmless("x" + repeated("*y", 2047)) == 0);
  BOOST_TEST(harmless("x" + repeated("/y*y", 1023)) == 0.5, close);
  BOOST_TEST(harmless("1" + repeated("^-x", 1365)) == 1);
  BOOST_TEST(harmless(repeated("sin(", 200) + "x" + repeated(")", 200)) == sine, close);
  BOOST_TEST(harmless(repeated("(", 200) + "x" + repeated(")", 200)) == 0.5);
}

BOOST_AUTO_TEST_CASE(a_long_chain_of_definitions_is_read) {
  FormulaNames chain{{"x"}, {{"d0", "x"}}};
  for (int i = 1; i <= 20000; ++i)
    chain.definitions[std::string("d").append(std::to_string(i))] =
        std::string("d").append(std::to_string(i - 1)) + " + t";
  const std::array<double, 1> point{1};
  BOOST_TEST(Formula::parse("d20000", chain)(point, 0.5) == 10001);
  chain.definitions["d0"] = "d20000";
  BOOST_CHECK_THROW(Formula::parse("d7", chain), FormulaError);
}
