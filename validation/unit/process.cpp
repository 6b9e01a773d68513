// SPDX-License-Identifier: GPL-3.0-or-later
// The named processes against the formulas of their papers, divergences, and quasi-potentials.
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <numbers>

#include "solver/process/known_processes.hpp"
#include "solver/process/quasi_potential.hpp"

namespace {

using namespace umkehr;
using boost::test_tools::tolerance;

Formula formula(const std::string& text, std::size_t dimension = 1) {
  const std::vector<std::string> axes = {"x", "y", "z"};
  return Formula::parse(text, {{axes.begin(), axes.begin() + static_cast<std::ptrdiff_t>(dimension)}, {}});
}

Grid region(std::size_t dimension, Boundary boundary = Boundary::reflecting) {
  std::vector<Axis> axes;
  for (std::size_t k = 0; k < dimension; ++k)
    axes.push_back({std::string(1, "xyz"[k]), -3, 3.5, 20, boundary});
  return Grid(axes);
}

/// Largest |d_k Phi + 2 F_k/D_k| relative to the force, by central differences of order 6.
double defect(const QuasiPotential& phi, const Process& process, double t, const Grid& grid) {
  constexpr double weight[] = {3.0 / 4, -3.0 / 20, 1.0 / 60}, step = 5e-3;
  const Points x = grid.centres();
  double worst = 0, largest = 0;
  std::vector<double> right(x.count()), left(x.count()), slope(x.count()), force(x.count());
  for (std::size_t k = 0; k < grid.dimension(); ++k) {
    std::fill(slope.begin(), slope.end(), 0.0);
    for (int n = 1; n <= 3; ++n) {
      Points forward = x, backward = x;
      for (std::size_t i = 0; i < x.count(); ++i) {
        forward[k][i] += n * step;
        backward[k][i] -= n * step;
      }
      phi(forward, right);
      phi(backward, left);
      for (std::size_t i = 0; i < x.count(); ++i) slope[i] += weight[n - 1] * (right[i] - left[i]) / step;
    }
    process.drift[k](x, t, force);
    for (std::size_t i = 0; i < x.count(); ++i) {
      const double expected = -2 * force[i] / process.diffusion[k](t);
      worst = std::max(worst, std::abs(slope[i] - expected));
      largest = std::max(largest, std::abs(expected));
    }
  }
  return worst / largest;
}

}  // namespace

BOOST_AUTO_TEST_CASE(variance_preserving_schedules) {
  const Process process = variance_preserving(0.1, 20, 2);
  const double t = 0.37, beta = 0.1 + 19.9 * t;
  const std::vector<double> x = {1.5, -0.4};
  for (std::size_t k = 0; k < 2; ++k) {
    BOOST_TEST(process.drift[k](x, t) == -beta * x[k] / 2, tolerance(1e-15));
    BOOST_TEST(process.diffusion[k](t) == beta, tolerance(1e-15));
  }
  BOOST_TEST(process.depends_on_time());
}

BOOST_AUTO_TEST_CASE(cosine_schedule_is_the_logarithmic_derivative_of_its_product) {
  const double offset = 0.008, t = 0.6, step = 1e-4;
  const auto log_product = [&](double s) {
    return 2 * std::log(std::cos(std::numbers::pi / 2 * (s + offset) / (1 + offset)));
  };
  const double derivative = (8 * (log_product(t + step) - log_product(t - step)) -
                             (log_product(t + 2 * step) - log_product(t - 2 * step))) /
                            (12 * step);
  const Process process = variance_preserving_cosine(offset);
  BOOST_TEST(process.diffusion[0](t) == -derivative, tolerance(1e-10));
  BOOST_TEST(process.drift[0](std::vector{2.0}, t) == derivative, tolerance(1e-10));
}

BOOST_AUTO_TEST_CASE(exploding_and_sub_preserving_variances) {
  const double t = 0.45;
  const double sigma = 0.01 * std::pow(5000, t);
  BOOST_TEST(variance_exploding(0.01, 50).diffusion[0](t) == 2 * std::log(5000.0) * sigma * sigma,
             tolerance(1e-13));
  BOOST_TEST(variance_exploding(0.01, 50).drift[0](std::vector{3.0}, t) == 0.0);
  const double beta = 0.1 + 19.9 * t, integral = 0.1 * t + 19.9 * t * t / 2;
  const Process sub = sub_variance_preserving(0.1, 20);
  BOOST_TEST(sub.diffusion[0](t) == -beta * std::expm1(-2 * integral), tolerance(1e-14));
  BOOST_TEST(sub.diffusion[0](1e-9) == -(0.1 + 19.9e-9) * std::expm1(-2 * (1e-10 + 19.9e-18 / 2)),
             tolerance(1e-14));
  BOOST_TEST(sub.drift[0](std::vector{3.0}, t) == -1.5 * beta, tolerance(1e-14));
}

BOOST_AUTO_TEST_CASE(potentials) {
  const Process well = double_well(0.5, 2);
  const std::vector<double> x = {1.3, -0.6};
  for (std::size_t k = 0; k < 2; ++k)
    BOOST_TEST(well.drift[k](x, 0) == x[k] - x[k] * x[k] * x[k], tolerance(1e-14));
  const Process moving = in_potential(formula("(x - sin(t))^2*y^2/2", 2), {1.0, 2.0}, 0.3);
  BOOST_TEST(moving.drift[0](x, 0.8) == -(x[0] - std::sin(0.8)) * x[1] * x[1], tolerance(1e-14));
  BOOST_TEST(moving.drift[1](x, 0.8) == -std::pow(x[0] - std::sin(0.8), 2) * x[1], tolerance(1e-14));
  BOOST_TEST(moving.killing.constant_value().value() == 0.3);
}

BOOST_AUTO_TEST_CASE(coefficients_of_any_kind_make_an_ornstein_uhlenbeck_process) {
  const std::vector<double> x = {0.5, -2.0, 1.0};
  const auto drift = [&](Coefficient beta) {
    return ornstein_uhlenbeck(std::move(beta), 1.0, 3).drift[1](x, 0.3);
  };
  BOOST_TEST(drift(1.4) == 1.4, tolerance(1e-15));
  BOOST_TEST(drift(formula("1 + t")) == 1.3, tolerance(1e-15));
  BOOST_TEST(drift(pointwise([](std::span<const double>, double t) { return 1 + t; })) == 1.3,
             tolerance(1e-15));
}

BOOST_AUTO_TEST_CASE(parameters_out_of_range_are_refused) {
  BOOST_CHECK_THROW(variance_preserving(-1, 20), std::invalid_argument);
  BOOST_CHECK_THROW(variance_preserving(0, 0), std::invalid_argument);
  BOOST_CHECK_THROW(variance_preserving_cosine(-0.1), std::invalid_argument);
  BOOST_CHECK_THROW(variance_exploding(0, 1), std::invalid_argument);
  BOOST_CHECK_THROW(variance_exploding(2, 1), std::invalid_argument);
  BOOST_CHECK_THROW(brownian(1.0, 0), std::invalid_argument);
  BOOST_CHECK_THROW(in_potential(formula("x*y", 2), {1.0}), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(divergences) {
  const Process process{{formula("x*y^2 - x^3", 2), formula("sin(x*y)", 2)}, {1.0, 1.0}, 0.0, {}};
  const std::vector<double> x = {0.7, -1.1};
  const double expected = x[1] * x[1] - 3 * x[0] * x[0] + x[0] * std::cos(x[0] * x[1]);
  BOOST_TEST(divergence(process)(x, 0) == expected, tolerance(1e-14));
  Process mixed = process;
  mixed.drift[1] = pointwise([](std::span<const double> p, double) { return std::sin(p[0] * p[1]); });
  BOOST_TEST(divergence(mixed)(x, 0) == expected, tolerance(1e-10));
  BOOST_TEST(divergence(brownian(1.0, 3)).constant_value().value() == 0.0);
}

BOOST_AUTO_TEST_CASE(quasi_potentials_have_the_right_gradient) {
  struct Case {
    Process process;
    double t;
    std::size_t dimension;
  };
  const std::vector<Case> cases = {
      {double_well(0.5, 2), 0, 2},
      {variance_preserving(0.1, 20, 3), 0.3, 3},
      {sub_variance_preserving(0, 20), -1, 1},  // no quasi-potential: D/beta changes
      {ornstein_uhlenbeck(formula("1 + 0.5*sin(t)"), formula("2 + sin(t)")), 0.2, 1},
      {{{formula("sin(x) - x*exp(-x^2)")}, {0.7}, 0.0, {}}, 0, 1},
      {{{formula("-x/(1 + x^2 + y^2)", 2), formula("-y/(1 + x^2 + y^2)", 2)}, {0.8, 0.8}, 0.0, {}}, 0, 2},
      {{{formula("-x + y/2", 2), formula("x - 2*y", 2)}, {1.0, 2.0}, 0.0, {}}, 0, 2},
      {in_potential(formula("x^2*y^2 + z^4/4", 3), {1.0, 1.0, 1.0}), 0, 3}};
  for (const Case& one : cases) {
    const Grid grid = region(one.dimension);
    const auto phi = QuasiPotential::of(one.process, grid);
    if (one.t < 0) {
      BOOST_TEST(!phi.has_value());
      continue;
    }
    BOOST_TEST_REQUIRE(phi.has_value());
    BOOST_TEST(defect(*phi, one.process, one.t, grid) < 1e-10);
  }
}

BOOST_AUTO_TEST_CASE(quasi_potential_by_integration_is_that_of_the_potential) {
  const Process given = in_potential(formula("x^4/4 - x^2/2 + exp(x)*cos(y)", 2), {0.3, 0.3});
  Process hidden = given;
  hidden.potential.reset();
  const Grid grid = region(2);
  const Points x = grid.centres();
  std::vector<double> exact(x.count()), integrated(x.count());
  (*QuasiPotential::of(given, grid))(x, exact);
  (*QuasiPotential::of(hidden, grid))(x, integrated);
  const double scale = *std::max_element(exact.begin(), exact.end());
  for (std::size_t i = 0; i < x.count(); ++i)
    BOOST_TEST(std::abs((integrated[i] - integrated[0]) - (exact[i] - exact[0])) < 3e-14 * scale);
}

BOOST_AUTO_TEST_CASE(what_has_no_quasi_potential) {
  const auto has_one = [](const Process& process, const Grid& grid) {
    return QuasiPotential::of(process, grid).has_value();
  };
  BOOST_TEST(!has_one({{formula("-y", 2), formula("x", 2)}, {1.0, 1.0}, 0.0, {}}, region(2)));
  BOOST_TEST(!has_one({{formula("-x + t")}, {1.0}, 0.0, {}}, region(1)));
  BOOST_TEST(!has_one({{formula("-x + y", 2), formula("x - y", 2)}, {1.0, 2.0}, 0.0, {}}, region(2)));
  BOOST_TEST(!has_one({{pointwise([](std::span<const double> x, double) { return -x[0]; })}, {1.0}, 0.0, {}},
                      region(1)));
  const Grid circle({{"x", -std::numbers::pi, std::numbers::pi, 32, Boundary::periodic}});
  BOOST_TEST(has_one({{formula("sin(x)")}, {1.0}, 0.0, {}}, circle));
  BOOST_TEST(!has_one({{formula("sin(x) + 0.1")}, {1.0}, 0.0, {}}, circle));
  BOOST_TEST(has_one({{formula("sin(x) + 0.1")}, {1.0}, 0.0, {}}, region(1)));
}
