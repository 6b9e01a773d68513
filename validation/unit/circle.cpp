// SPDX-License-Identifier: GPL-3.0-or-later
// Laws around a circle against their Fourier series: N(m, v) wrapped is (1 + 2 sum_k exp(-k^2 v/2) cos k(x - m)) / (2 pi).
#include "solver/law/circle.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <functional>
#include <numbers>
#include <numeric>

#include "experiments/output/result_file.hpp"
#include "experiments/tasks/solving/analytic.hpp"
#include "solver/law/law.hpp"

using namespace umkehr;

namespace {

constexpr double pi = std::numbers::pi;
constexpr std::size_t points = 60;

Axis around(const char* name = "x") {
  return {name, -pi, pi, points, Boundary::periodic};
}

double series(double x, double mean, double variance) {
  double sum = 1;
  for (int k = 1; k * k * variance < 90; ++k)
    sum += 2 * std::exp(-k * k * variance / 2) * std::cos(k * (x - mean));
  return sum / (2 * pi);
}

GaussianMixture normal(double mean, double variance) {
  return GaussianMixture(
      {{1, Eigen::VectorXd::Constant(1, mean), Eigen::MatrixXd::Constant(1, 1, variance)}});
}

std::string experiment(const std::string& drift, const std::string& more) {
  return "title = \"around\"\n[process]\ndrift = [\"" + drift +
         "\"]\ndiffusion = 0.5\n[time]\nstart = 0.0\nstop = 2.0\nsave = 3\n[[axis]]\nname = \"x\"\nfrom = "
         "-3.141592653589793\nto = 3.141592653589793\npoints = 60\nboundary = \"periodic\"\n[[task]]\nname = "
         "\"a\"\n" +
         more;
}

const std::string forward =
    "solve = \"fokker-planck\"\nmethod = \"fourier\"\ninitial = { gaussian = { mean = [2.5], covariance = "
    "[[0.2]] } }\n";

/// A variable of (x, t) as a run holds it.
Group group(const std::string& name, const std::function<double(double, double)>& f) {
  Group made{"a", {{"t", {0, 1, 2}, ""}, {"x", around().centres(), ""}}, {}, {}};
  Variable variable{name, {"t", "x"}, {}, "", ""};
  for (const double t : made.coordinates[0].values)
    for (const double x : made.coordinates[1].values) variable.values.push_back(f(x, t));
  made.variables = {variable};
  return made;
}

double law_at(double x, double t) {
  return series(x, 2.5 + 0.8 * t, 0.2 + 0.5 * t);
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_wrapped_law_is_its_series) {
  const Grid grid({around()});
  for (const double variance : {0.02, 0.5, 4.0, 30.0, 1e6})
    for (const double mean : {0.3, 3.0, -20.0}) {
      std::vector<double> values(points), means(points);
      density_at(normal(mean, variance), grid, grid.centres(), values);
      cell_means(normal(mean, variance), grid, means);
      for (std::size_t i = 0; i < points; ++i)
        BOOST_TEST(std::abs(values[i] - series(grid.axis(0).centre(i), mean, variance)) < 1e-13);
      BOOST_TEST(std::abs(std::accumulate(means.begin(), means.end(), 0.0) * grid.cell_volume() - 1) < 1e-12);
    }
}

BOOST_AUTO_TEST_CASE(a_point_keeps_to_one_place) {
  BOOST_TEST(wrapped(normal(3.5, 0), Grid({around()})).components().size() == 1U);
  BOOST_TEST(std::abs(wrapped(normal(3.5, 0), Grid({around()})).components()[0].mean[0] - 3.5 + 2 * pi) <
             1e-14);
}

BOOST_AUTO_TEST_CASE(coupled_axes_are_wrapped_together) {
  // cos of k.x decays by exp(-k.C k/2) whatever the images.
  const Grid torus({around("x"), around("y")});
  Eigen::Matrix2d covariance;
  covariance << 1.5, 1.1, 1.1, 1.2;
  const GaussianMixture law({{1, Eigen::Vector2d(2.8, -2), covariance}});
  std::vector<double> values(torus.size());
  density_at(law, torus, torus.centres(), values);
  const Points x = torus.centres();
  for (const auto& [k, l] : {std::pair(0, 0), {1, 0}, {1, -1}, {2, 1}}) {
    double mode = 0;
    for (std::size_t i = 0; i < values.size(); ++i)
      mode += values[i] * std::cos(k * x[0][i] + l * x[1][i]) * torus.cell_volume();
    const Eigen::Vector2d wave(k, l);
    const double decay = std::exp(-0.5 * wave.dot(covariance * wave));
    BOOST_TEST(std::abs(mode - decay * std::cos(k * 2.8 - l * 2.0)) < 1e-12);
  }
}

BOOST_AUTO_TEST_CASE(a_run_is_compared_with_the_wrapped_law) {
  Result run{"around", "umkehr", experiment("0.8", forward), {group("density", law_at)}};
  BOOST_TEST(compare_analytic(run, ".", 1e-11).same());
  BOOST_TEST(compare_analytic(run, ".", 1e-11).remarks.empty());
  // The score, by the series again.
  run.groups = {group("score_x", [](double x, double t) {
    const double h = 1e-5;
    return std::log(law_at(x + h, t) / law_at(x - h, t)) / (2 * h);
  })};
  run.groups[0].variables.push_back(group("density", law_at).variables[0]);
  BOOST_TEST(compare_analytic(run, ".", 1e-7).same());
  double entropy = 0;
  for (const double x : around().centres())
    entropy -= law_at(x, 2) * std::log(law_at(x, 2)) * 2 * pi / points;
  run.groups[0].variables = {{"entropy", {"t"}, {0, 0, entropy}, "", ""}};
  BOOST_TEST(compare_analytic(run, ".", 1e-11).variables[0].errors[2] < 1e-11);
  // The law of the line, and a process that knows the place.
  run.groups = {group("density", [](double x, double t) {
    const double v = 0.2 + 0.5 * t, y = x - 2.5 - 0.8 * t;
    return std::exp(-y * y / (2 * v)) / std::sqrt(2 * pi * v);
  })};
  BOOST_TEST(!compare_analytic(run, ".", 1e-3).same());
  run.experiment = experiment("-x", forward);
  BOOST_CHECK_THROW(compare_analytic(run, "."), NoClosedForm);
}

BOOST_AUTO_TEST_CASE(values_know_the_period_of_their_terminal) {
  const std::string backward = "solve = \"backward-kolmogorov\"\nmethod = \"fourier\"\nterminal = \"";
  Result run{"around", "umkehr", experiment("0.8", backward + "cos(x)\"\n"), {}};
  run.groups = {group(
      "value", [](double x, double t) { return std::exp(-0.25 * (2 - t)) * std::cos(x + 0.8 * (2 - t)); })};
  BOOST_TEST(compare_analytic(run, ".", 1e-11).same());
  run.experiment = experiment("0.8", backward + "exp(-2*x^2)\"\n");
  run.groups = {group("value", [](double x, double t) {
    // By the trapezoid rule over the circle, on which the Gaussian's other images are below 1e-8 only at the seam.
    double sum = 0;
    constexpr int n = 800;
    for (int i = 0; i < n; ++i) {
      const double y = -pi + 2 * pi * (i + 0.5) / n, v = 0.5 * (2 - t);
      if (v > 0) sum += std::exp(-2 * y * y) * series(y, x + 0.8 * (2 - t), v) * 2 * pi / n;
    }
    return t < 2 ? sum : std::exp(-2 * x * x);
  })};
  BOOST_TEST(compare_analytic(run, ".", 1e-6).same());
}
