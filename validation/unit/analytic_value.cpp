// SPDX-License-Identifier: GPL-3.0-or-later
// compare --analytic of backward values against a law that is written down here again: dx = -x/2 dt + dW reaches
// N(x e^(-tau/2), s), s = 1 - e^(-tau), so that J1 = exp(-x^2/2) has J = exp(-mean^2/(2 (1 + s)))/sqrt(1 + s).
#include <boost/test/unit_test.hpp>
#include <cmath>

#include "experiments/output/result_file.hpp"
#include "experiments/tasks/solving/analytic.hpp"

using namespace umkehr;

namespace {

constexpr std::size_t points = 160;
constexpr double wall = 8;

double value(double x, double t) {
  const double tau = 1 - t, mean = x * std::exp(-tau / 2), s = 1 - std::exp(-tau);
  return std::exp(-mean * mean / (2 * (1 + s))) / std::sqrt(1 + s);
}

/// `killing` lowers every value by a factor of exp(-killing tau).
Result run_of(double killing = 0) {
  Group group{"value", {{"t", {0, 0.5, 1}, ""}, {"x", {}, ""}}, {{"value", {"t", "x"}, {}, "", ""}}, {}};
  for (std::size_t i = 0; i < points; ++i)
    group.coordinates[1].values.push_back(-wall + 2 * wall / points * (double(i) + 0.5));
  for (const double t : group.coordinates[0].values)
    for (const double x : group.coordinates[1].values)
      group.variables[0].values.push_back(value(x, t) * std::exp(-killing * (1 - t)));
  const std::string text =
      "title = \"value\"\n[process]\ndrift = [\"-x/2\"]\ndiffusion = \"1\"\nkilling = \"" +
      std::to_string(killing) +
      "\"\n[time]\nstart = 0.0\nstop = 1.0\nsave = 3\n[[axis]]\nname = \"x\"\nfrom = -8.0\nto = 8.0\npoints "
      "= "
      "160\nboundary = \"reflecting\"\n[[task]]\nname = \"value\"\nsolve = \"backward-kolmogorov\"\nmethod = "
      "\"fourier\"\nterminal = \"exp(-x^2/2)\"\n";
  return {"value", "umkehr", text, {group}};
}

}  // namespace

BOOST_AUTO_TEST_CASE(right_values_have_no_error) {
  for (const double killing : {0.0, 0.75}) {
    const Comparison comparison = compare_analytic(run_of(killing), ".", 1e-10);
    BOOST_TEST(comparison.same());
    BOOST_TEST_REQUIRE(comparison.variables.size() == 1U);
    BOOST_TEST(comparison.variables[0].errors.size() == 3U);
    for (const double error : comparison.variables[0].errors) BOOST_TEST(error < 1e-11);
    // Beside the walls paths are not free: those values are left out, which is said.
    BOOST_TEST_REQUIRE(comparison.remarks.size() == 1U);
    BOOST_TEST(comparison.remarks[0].find("where no path meets a wall") != std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(wrong_values_have_the_error_that_was_made) {
  Result run = run_of();
  for (std::size_t i = 0; i < points; ++i) run.groups[0].variables[0].values[points + i] *= 1.001;
  const Comparison comparison = compare_analytic(run, ".");
  BOOST_TEST(!comparison.same());
  BOOST_TEST(comparison.variables[0].errors[0] < 1e-11);
  BOOST_TEST(comparison.variables[0].errors[1] == 1e-3, boost::test_tools::tolerance(1e-8));
  BOOST_TEST(comparison.variables[0].errors[2] < 1e-11);
}

BOOST_AUTO_TEST_CASE(one_wrong_point_and_values_without_their_killing_are_found) {
  Result point = run_of();
  point.groups[0].variables[0].values[points / 2] += 1e-3;
  BOOST_TEST(!compare_analytic(point, ".").same());
  Result killed = run_of();
  killed.experiment = run_of(0.01).experiment;
  BOOST_TEST(!compare_analytic(killed, ".").same());
}

BOOST_AUTO_TEST_CASE(values_that_are_not_there_or_elsewhere_are_refused) {
  Result none = run_of();
  none.groups[0].variables.clear();
  BOOST_CHECK_THROW(compare_analytic(none, "."), ResultFileError);
  Result moved = run_of();
  moved.groups[0].coordinates[1].values[7] += 0.01;
  BOOST_CHECK_THROW(compare_analytic(moved, "."), ResultFileError);
}
