// SPDX-License-Identifier: GPL-3.0-or-later
// Spaces without a grid: what is read, and particles in ten and a hundred dimensions against closed forms.
#include <boost/test/unit_test.hpp>
#include <cmath>

#include "experiments/tasks/experiment.hpp"
#include "experiments/tasks/shared/task.hpp"
#include "experiments/tasks/sweep/sweep_input.hpp"
#include "grids/failure.hpp"
#include "validation/support/run_command.hpp"

using namespace umkehr;

namespace {

constexpr double allowed = 4.5;  // standard errors
constexpr double decay = 0.5;    // of means, a unit of time: beta/2

double start_mean(std::size_t component, std::size_t k) {
  return component == 0 ? 0.1 * static_cast<double>(k % 7) : -0.5 + 0.05 * static_cast<double>(k % 5);
}

/// Of both components: correlated along each second pair of neighbours.
std::string covariance(std::size_t d) {
  std::string rows;
  for (std::size_t j = 0; j < d; ++j) {
    std::string row;
    for (std::size_t k = 0; k < d; ++k) {
      const bool are_neighbours = j != k && j / 2 == k / 2;
      row += (row.empty() ? "" : ", ") + std::string(j == k ? "0.5" : are_neighbours ? "0.2" : "0.0");
    }
    rows += (rows.empty() ? "[" : ", [") + row + "]";
  }
  return "[" + rows + "]";
}

std::string mixture(std::size_t d) {
  std::string text;
  for (std::size_t component = 0; component < 2; ++component) {
    std::string mean;
    for (std::size_t k = 0; k < d; ++k)
      mean += (k > 0 ? ", " : "") + std::to_string(start_mean(component, k));
    text += std::string(component > 0 ? ", " : "") + "{ weight = " + (component == 0 ? "0.4" : "0.6") +
            ", mean = [" + mean + "], covariance = " + covariance(d) + " }";
  }
  return "{ mixture = [" + text + "] }";
}

std::string experiment(const std::string& space, const std::string& task) {
  return "[process]\nname = \"ornstein-uhlenbeck\"\nbeta = 1\ndiffusion = 1\n[time]\nstop = 1.0\nsave = 3\n" +
         space + "\n[[task]]\nname = \"one\"\nsolve = \"particles\"\n" + task + "\n";
}

std::string in_dimensions(std::size_t d, const std::string& task) {
  return experiment("[space]\ndimension = " + std::to_string(d), "initial = " + mixture(d) + "\n" + task);
}

Experiment parsed(const std::string& text, const std::vector<std::string>& settings = {}) {
  return parse_experiment(text, "test.toml", ".", settings);
}

Group solved(const std::string& text) {
  const Experiment read = parsed(text);
  Replays earlier;
  return read.tasks[0]->solve(read, earlier, {}).group;
}

double mean_at(std::size_t k, double t) {
  return std::exp(-decay * t) * (0.4 * start_mean(0, k) + 0.6 * start_mean(1, k));
}

/// Of the mixture: within components, and between their means.
double variance_at(std::size_t k, double t) {
  const double left = std::exp(-2 * decay * t), between = start_mean(0, k) - start_mean(1, k);
  return left * (0.5 + 0.24 * between * between) + 1 - left;
}

/// How many errors the worst of all means and variances is off, at all saved times after the first of the motion.
double worst_deviation(const Group& group, std::size_t d) {
  const std::vector<double>& times = group.coordinate("t")->values;
  double worst = 0;
  const auto look = [&](const std::string& name, std::size_t n, double exact) {
    const double error = group.find(name + "_error")->values[n];
    BOOST_TEST_REQUIRE(error > 0);
    worst = std::max(worst, std::abs(group.find(name)->values[n] - exact) / error);
  };
  for (std::size_t n = 0; n < times.size(); ++n)
    for (std::size_t k = 0; k < d; ++k) {
      const std::string x = "x" + std::to_string(k + 1);
      look("mean_" + x, n, mean_at(k, times[n]));
      look("covariance_" + x + "_" + x, n, variance_at(k, times[n]));
    }
  return worst;
}

}  // namespace

BOOST_AUTO_TEST_CASE(coordinates_have_numbers_or_names) {
  const Experiment numbered = parsed(in_dimensions(3, "count = 10"));
  BOOST_TEST(numbered.grid.names() == (std::vector<std::string>{"x1", "x2", "x3"}),
             boost::test_tools::per_element());
  BOOST_TEST(!numbered.grid.has_grid());
  BOOST_TEST(numbered.process.dimension() == 3u);
  BOOST_CHECK_THROW(numbered.grid.axis(0), UnfitProblem);
  const std::string law = "initial = { point = [1, 2] }\ncount = 10";
  const Experiment named = parsed(experiment("[space]\nnames = [\"q\", \"p\"]", law));
  BOOST_TEST(named.grid.names() == (std::vector<std::string>{"q", "p"}), boost::test_tools::per_element());
  BOOST_TEST(parsed(named.text).text == named.text);
  const std::string one = experiment("[space]\ndimension = 2", "initial = { point = [1, 2] }\ncount = 10");
  BOOST_TEST(parsed(one, {"space.dimension=3", "task.one.initial.point=[1,2,3]"}).grid.dimension() == 3u);
}

BOOST_AUTO_TEST_CASE(formulas_know_the_coordinates) {
  const std::string text =
      replaced(experiment("[space]\nnames = [\"q\", \"p\"]", "initial = { point = [1, 2] }\ncount = 10"),
               "name = \"ornstein-uhlenbeck\"\nbeta = 1", "drift = [\"p\", \"-q - p\"]");
  const Experiment read = parsed(text);
  BOOST_TEST(read.process.drift[1](std::vector<double>{3, 5}, 0) == -8);
}

BOOST_AUTO_TEST_CASE(particles_in_ten_dimensions) {
  const Group forward = solved(in_dimensions(10, "count = 20000"));
  BOOST_TEST(worst_deviation(forward, 10) < allowed);
  BOOST_TEST(forward.find("histogram") == nullptr);
  const Group reverse = solved(in_dimensions(10, "direction = \"reverse\"\ncount = 10000\ndt = 0.02"));
  BOOST_TEST(worst_deviation(reverse, 10) < allowed);
  const Group flow = solved(in_dimensions(10, "direction = \"flow\"\ncount = 10000"));
  BOOST_TEST(worst_deviation(flow, 10) < allowed);
}

BOOST_AUTO_TEST_CASE(particles_in_a_hundred_dimensions) {
  const Group forward = solved(in_dimensions(100, "count = 10000"));
  BOOST_TEST(worst_deviation(forward, 100) < allowed);
  BOOST_TEST(forward.find("covariance_x1_x2") == nullptr);
}

BOOST_AUTO_TEST_CASE(quantiles_of_coordinates) {
  const std::vector<double> probabilities = {0.05, 0.5, 0.9};
  const Group group = solved(in_dimensions(3, "count = 50000\nquantiles = [0.05, 0.5, 0.9]"));
  const std::vector<double>&found = group.find("quantile_x2")->values,
        &error = group.find("quantile_x2_error")->values;
  const double left = std::exp(-2 * decay), deviation = std::sqrt(0.5 * left + 1 - left);
  const auto below = [&](double x) {
    double sum = 0;
    for (const std::size_t component : {0u, 1u})
      sum += (component == 0 ? 0.4 : 0.6) * 0.5 *
             std::erfc(-(x - std::exp(-decay) * start_mean(component, 1)) / (deviation * std::sqrt(2.0)));
    return sum;
  };
  const std::size_t last = found.size() - probabilities.size();
  for (std::size_t j = 0; j < probabilities.size(); ++j) {
    BOOST_TEST(error[last + j] < 0.05);
    BOOST_TEST(below(found[last + j] - allowed * error[last + j]) < probabilities[j]);
    BOOST_TEST(below(found[last + j] + allowed * error[last + j]) > probabilities[j]);
  }
}

BOOST_AUTO_TEST_CASE(bins_of_chosen_coordinates) {
  const Group group =
      solved(in_dimensions(4, "count = 200000\nbins = { x3 = { from = -2, to = 3, points = 25 } }"));
  const Variable* found = group.find("histogram");
  BOOST_TEST_REQUIRE(found != nullptr);
  BOOST_TEST(found->dimensions == (std::vector<std::string>{"t", "x3"}), boost::test_tools::per_element());
  const std::vector<double>& errors = group.find("histogram_error")->values;
  const auto below = [](double x, std::size_t component) {
    const double left = std::exp(-2 * decay), deviation = std::sqrt(0.5 * left + 1 - left);
    return 0.5 * std::erfc(-(x - std::exp(-decay) * start_mean(component, 2)) / (deviation * std::sqrt(2.0)));
  };
  for (std::size_t i = 0; i < 25; ++i) {
    const double from = -2 + 0.2 * static_cast<double>(i), to = from + 0.2;
    const double mean = (0.4 * (below(to, 0) - below(from, 0)) + 0.6 * (below(to, 1) - below(from, 1))) / 0.2;
    BOOST_TEST(std::abs(found->values[50 + i] - mean) < allowed * errors[50 + i], "bin " << i);
  }
}

BOOST_AUTO_TEST_CASE(bins_take_the_place_of_a_grid) {
  const std::string axes =
      "[[axis]]\nfrom = -6\nto = 6\npoints = 32\n[[axis]]\nfrom = -6\nto = 6\npoints = 16";
  const Group group = solved(experiment(axes,
                                        "initial = { gaussian = { mean = [0, 1], variance = 0.5 } }\ncount = "
                                        "1000\nbins = { y = { from = -8, to = 8, points = 4 } }"));
  const std::vector<double>& values = group.find("histogram")->values;
  BOOST_TEST_REQUIRE(values.size() == 3 * 4u);
  for (std::size_t n = 0; n < 3; ++n) {
    double mass = 0;
    for (std::size_t i = 0; i < 4; ++i) mass += 4 * values[4 * n + i];
    BOOST_TEST(mass == 1, boost::test_tools::tolerance(1e-12));
  }
}

BOOST_AUTO_TEST_CASE(a_sweep_over_the_dimension_is_refused) {
  const std::string text =
      replaced(in_dimensions(1, "count = 10"), "[space]", "[sweep]\n\"space.dimension\" = [1, 2]\n[space]");
  const std::string named = replaced(text, "initial = " + mixture(1), "initial = { point = [0] }");
  BOOST_CHECK_THROW(parse_sweep(named, "test.toml", "."), ExperimentError);
}
