// SPDX-License-Identifier: GPL-3.0-or-later
// compare --analytic against a law that is written down here again: dx = -x/2 dt + dW from N(m, v) is
// N(m e^(-t/2), 1 + (v - 1) e^(-t)).
#include "experiments/tasks/solving/analytic.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <numbers>
#include <sstream>

#include "experiments/output/result_file.hpp"

using namespace umkehr;

namespace {

constexpr double pi = std::numbers::pi;
constexpr std::size_t points = 400;
constexpr double wall = 8;

std::string experiment(const std::string& initial, const std::string& drift = "-x/2") {
  return "title = \"law\"\n[process]\ndrift = [\"" + drift +
         "\"]\ndiffusion = \"1\"\n[time]\nstart = 0.0\nstop = 1.0\nsave = 3\n[[axis]]\nname = \"x\"\nfrom = "
         "-8.0\n"
         "to = 8.0\npoints = 400\nboundary = \"reflecting\"\n"
         "[[task]]\nname = \"values\"\nsolve = \"fokker-planck\"\nmethod = \"fourier\"\ninitial = " +
         initial +
         "\n[[task]]\nname = \"means\"\nsolve = \"fokker-planck\"\nmethod = \"finite-volume\"\ninitial = " +
         initial + "\n";
}

struct Normal {
  double mean, variance;
  double value(double x) const {
    return std::exp(-(x - mean) * (x - mean) / (2 * variance)) / std::sqrt(2 * pi * variance);
  }
  double below(double x) const { return std::erfc((mean - x) / std::sqrt(2 * variance)) / 2; }
  double score(double x) const { return (mean - x) / variance; }
  double entropy() const { return std::log(2 * pi * std::numbers::e * variance) / 2; }
};

Normal law_at(double t, double mean, double variance) {
  return {mean * std::exp(-t / 2), 1 + (variance - 1) * std::exp(-t)};
}

Group exact_group(const std::string& name, bool cell_means, double mean, double variance) {
  const double h = 2 * wall / points;
  Group group{name, {{"t", {0, 0.5, 1}, ""}, {"x", {}, ""}}, {}, {}};
  for (std::size_t i = 0; i < points; ++i)
    group.coordinates[1].values.push_back(-wall + h * (double(i) + 0.5));
  Variable density{"density", {"t", "x"}, {}, "", ""}, score = density, mass{"mass", {"t"}, {}, "", ""};
  score.name = "score_x";
  Variable entropy = mass, error{"mass_error", {}, {1e-16}, "", ""};
  entropy.name = "entropy";
  for (const double t : group.coordinates[0].values) {
    const Normal law = law_at(t, mean, variance);
    for (const double x : group.coordinates[1].values) {
      density.values.push_back(cell_means ? (law.below(x + h / 2) - law.below(x - h / 2)) / h : law.value(x));
      score.values.push_back(law.score(x));
    }
    mass.values.push_back(1);
    entropy.values.push_back(law.entropy());
  }
  group.variables = {density, score, mass, entropy, error};
  return group;
}

Result exact_run(double mean = 0.5, double variance = 0.25) {
  return {"law",
          "umkehr",
          experiment("{ gaussian = { mean = [0.5], covariance = [[0.25]] } }"),
          {exact_group("values", false, mean, variance), exact_group("means", true, mean, variance)}};
}

}  // namespace

BOOST_AUTO_TEST_CASE(the_exact_law_has_no_error) {
  const Comparison comparison = compare_analytic(exact_run(), ".", 1e-11);
  BOOST_TEST(comparison.same());
  BOOST_TEST(comparison.variables.size() == 8U);
  for (const VariableComparison& variable : comparison.variables)
    for (const double error : variable.errors)
      BOOST_TEST(error < 1e-11, variable.group << "/" << variable.name);
}

BOOST_AUTO_TEST_CASE(cell_means_and_values_are_told_apart) {
  Result run = exact_run();
  std::swap(run.groups[0].variables, run.groups[1].variables);
  const Comparison comparison = compare_analytic(run, ".", 1e-11);
  for (const VariableComparison& variable : comparison.variables)
    if (variable.name == "density") {
      // The mean over a cell is the value at its centre plus h^2/24 of the second derivative.
      BOOST_TEST(variable.errors[1] > 1e-5);
      BOOST_TEST(variable.errors[1] < 1e-3);
    }
}

BOOST_AUTO_TEST_CASE(an_error_is_found_where_it_was_made_and_as_large) {
  Result run = exact_run();
  for (std::size_t i = 0; i < points; ++i) {
    run.groups[0].variables[0].values[2 * points + i] *= 1.001;
    run.groups[0].variables[1].values[points + i] *= 0.9;
  }
  const Comparison comparison = compare_analytic(run, ".");
  BOOST_TEST(!comparison.same());
  BOOST_TEST(comparison.variables[0].errors[2] == 1e-3, boost::test_tools::tolerance(1e-9));
  BOOST_TEST(comparison.variables[0].errors[1] < 1e-12);
  BOOST_TEST(comparison.variables[1].errors[1] == 0.1, boost::test_tools::tolerance(1e-9));
  BOOST_TEST(comparison.variables[1].weighted);
}

BOOST_AUTO_TEST_CASE(a_start_from_a_point_is_left_out_and_said_so) {
  Result run = exact_run(0.5, 0);
  run.experiment = experiment("{ point = [0.5] }");
  for (Group& group : run.groups) {
    group.variables[0].values[0] = 12345;
    for (std::size_t i = 0; i < points; ++i) group.variables[1].values[i] = 0;
    group.variables[3].values[0] = 0;
  }
  const Comparison comparison = compare_analytic(run, ".", 1e-11);
  BOOST_TEST(comparison.same());
  BOOST_TEST(comparison.variables[0].times.size() == 2U);
  BOOST_TEST_REQUIRE(comparison.remarks.size() == 2U);
  BOOST_TEST(comparison.remarks[0].find("left out 1 saved time") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(mass_beyond_the_walls_is_reported) {
  const Comparison comparison = compare_analytic(exact_run(), ".");
  BOOST_TEST(comparison.remarks.empty());
  Result run = exact_run(6, 1);
  run.experiment = experiment("{ gaussian = { mean = [6.0], covariance = [[1.0]] } }");
  const Comparison near = compare_analytic(run, ".");
  BOOST_TEST_REQUIRE(near.remarks.size() == 2U);
  // P(x > 8) = erfc(sqrt 2)/2 = 0.02275 at t = 0.
  BOOST_TEST(near.remarks[0].find("at t = 0 2.28e-02 of the exact law lies outside") != std::string::npos,
             near.remarks[0]);
}

BOOST_AUTO_TEST_CASE(no_closed_form_is_an_error_of_its_own) {
  Result run = exact_run();
  run.experiment = experiment("{ gaussian = { mean = [0.5], covariance = [[0.25]] } }", "x - x^3");
  BOOST_CHECK_THROW(compare_analytic(run, "."), NoClosedForm);
  run.experiment = experiment("{ formula = \"exp(-x^4)\" }");
  BOOST_CHECK_THROW(compare_analytic(run, "."), NoClosedForm);
}

BOOST_AUTO_TEST_CASE(fields_on_another_grid_are_refused) {
  Result run = exact_run();
  for (Group& group : run.groups) {
    group.coordinates[1].values.pop_back();
    for (Variable& variable : group.variables)
      if (variable.dimensions.size() == 2) variable.values.resize(3 * (points - 1));
  }
  BOOST_CHECK_THROW(compare_analytic(run, "."), ResultFileError);
  run = exact_run();
  run.groups[0].coordinates[1].values[7] += 0.01;
  BOOST_CHECK_THROW(compare_analytic(run, "."), ResultFileError);
}

BOOST_AUTO_TEST_CASE(the_table_has_a_line_a_saved_time) {
  std::ostringstream out;
  print_error_table(compare_analytic(exact_run(), "."), out);
  const std::string text = out.str();
  BOOST_TEST(std::count(text.begin(), text.end(), '\n') == 1 + 2 * (2 + 3));
  BOOST_TEST(text.find("score_x") != std::string::npos);
}
