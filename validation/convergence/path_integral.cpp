// SPDX-License-Identifier: GPL-3.0-or-later
// The sliced path integral against the exact law of affine processes with quadratic killing: the orders of its two
// kernels, forward and backward, and how close slices and grids bring it.
#include "solver/path_integral/path_integral.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <functional>
#include <numbers>

#include "grids/quadrature.hpp"
#include "solver/law/affine.hpp"
#include "solver/process/known_processes.hpp"
#include "solver/stepping/march.hpp"

using namespace umkehr;

namespace {

Formula parse(const char* text, std::size_t dimension = 1) {
  FormulaNames names{{"x", "y", "z"}, {}};
  names.axes.resize(dimension);
  return Formula::parse(text, names);
}

/// A rotating, squeezing drift that has no potential, one D an axis, killing of either sign, all moving in time.
Process plane() {
  Process process;
  process.drift = {parse("-(1+0.5*sin(3*t))*x + (1.5+t)*y + 0.3*cos(2*t)", 2),
                   parse("-1.2*x - (0.6+0.4*t)*y - 0.2", 2)};
  process.diffusion = {parse("0.9+0.5*sin(4*t)", 2), parse("0.8+0.3*t^2", 2)};
  process.killing = parse("(0.5+0.3*cos(3*t))*x^2 + 0.4*t*x*y + 0.3*y^2 - 0.6 + 0.2*y", 2);
  return process;
}

GaussianMixture blob() {
  Eigen::Matrix2d c;
  c << 0.5, 0.1, 0.1, 0.6;
  return GaussianMixture({{1, Eigen::Vector2d(0.8, -0.5), c}});
}

Grid square(std::size_t points, double half = 5.6) {
  return Grid(
      {{"x", -half, half, points, Boundary::reflecting}, {"y", -half, half, points, Boundary::reflecting}});
}

constexpr double start = 0.3, stop = 1.1;

double forward_error(const Process& process, const Grid& grid, const GaussianMixture& law, int order,
                     const StepControl& control, double end = stop) {
  PathIntegral method(process, grid, order);
  std::vector<double> state = method.state_of(law), density(grid.size()), exact(grid.size());
  const Marched run = march_forward(method, state, std::vector<double>{start, end}, control, {});
  method.density(state, density);
  AffineProcess::of(process)->push(law, start, end).density(grid.centres(), exact);
  BOOST_TEST_MESSAGE("steps " << run.steps.size() << " refused " << run.refused << " estimated "
                              << run.error);
  return relative_l1(density, exact);
}

StepControl slices(double n, double end = stop) {
  return {.tolerance = 1e-8, .step = (end - start) / n, .scheme = PathIntegral::one_slice};
}

StepControl adaptive(double tolerance) {
  return {.tolerance = tolerance, .step = {}, .scheme = nullptr};
}

/// J(start, x0) of J1 = exp(-|x - a|^2 / (2 s)) from the exact transition law.
double backward_error(const Process& process, const Grid& grid, int order, const StepControl& control) {
  PathIntegral method(process, grid, order);
  std::vector<double> state = method.value_state_of(parse("exp(-((x-0.3)^2+(y+0.2)^2)/1.6)", 2), stop);
  march_backward(method, state, std::vector<double>{start, stop}, control, {});
  std::vector<double> value(grid.size());
  method.value(state, value);
  const auto affine = AffineProcess::of(process);
  const Points centres = grid.centres();
  double worst = 0;
  for (std::size_t i = 0; i < grid.size(); i += 37) {
    const Eigen::Vector2d x(centres[0][i], centres[1][i]);
    if (x.norm() > 2) continue;
    const GaussianMixture law = affine->transition(x, start, stop);
    const Gaussian& g = law.components()[0];
    // int N(m, C) exp(-|x-a|^2/(2 s)) = 2 pi s N(m - a; C + s).
    const Eigen::Matrix2d c = g.covariance + 0.8 * Eigen::Matrix2d::Identity();
    const Eigen::Vector2d r = g.mean - Eigen::Vector2d(0.3, -0.2);
    const double det = c(0, 0) * c(1, 1) - c(0, 1) * c(1, 0);
    const double square = (c(1, 1) * r[0] * r[0] - 2 * c(0, 1) * r[0] * r[1] + c(0, 0) * r[1] * r[1]) / det;
    const double exact = g.weight * 0.8 / std::sqrt(det) * std::exp(-square / 2);
    worst = std::max(worst, std::abs(value[i] - exact));
  }
  return worst;
}

/// Order of each halving of the slice, within 0.05.
void check_order(const std::vector<double>& counts, const std::function<double(double)>& error,
                 double order) {
  double before = 0;
  for (const double n : counts) {
    const double now = error(n);
    BOOST_TEST_MESSAGE(n << " slices: error " << now << ", order " << std::log2(before / now));
    if (before > 0) BOOST_TEST(std::abs(std::log2(before / now) - order) < 0.05);
    before = now;
  }
}

}  // namespace

BOOST_AUTO_TEST_CASE(orders_forward) {
  const Grid grid = square(64);
  check_order(
      {64, 128, 256, 512}, [&](double n) { return forward_error(plane(), grid, blob(), 1, slices(n)); }, 1);
  check_order(
      {16, 32, 64, 128}, [&](double n) { return forward_error(plane(), grid, blob(), 2, slices(n)); }, 2);
}

BOOST_AUTO_TEST_CASE(orders_backward) {
  const Grid grid = square(64);
  check_order(
      {64, 128, 256, 512}, [&](double n) { return backward_error(plane(), grid, 1, slices(n)); }, 1);
  check_order(
      {16, 32, 64, 128}, [&](double n) { return backward_error(plane(), grid, 2, slices(n)); }, 2);
}

BOOST_AUTO_TEST_CASE(finest_slices_agree_with_the_closed_form) {
  // A quarter of the time in 1000 slices.
  BOOST_TEST(forward_error(plane(), square(72), blob(), 2, slices(1000, start + 0.2), start + 0.2) < 1e-8);
}

BOOST_AUTO_TEST_CASE(adaptive_steps_agree_with_the_closed_form) {
  const Grid grid = square(72);
  for (const auto& [order, tolerance] : {std::pair(1, 1e-4), {2, 1e-5}, {2, 1e-7}}) {
    const double error = forward_error(plane(), grid, blob(), order, adaptive(tolerance));
    const double back = backward_error(plane(), grid, order, adaptive(tolerance));
    BOOST_TEST_MESSAGE("order " << order << " tolerance " << tolerance << ": " << error << ", backward "
                                << back);
    BOOST_TEST(error < tolerance);
    BOOST_TEST(back < tolerance);
  }
}

BOOST_AUTO_TEST_CASE(values_that_do_not_vanish_at_the_walls) {
  Process process = ornstein_uhlenbeck(parse("1+0.5*sin(t)"), parse("0.8+0.2*cos(t)"));
  process.killing = parse("0.3*x^2*(1+t)");
  const Grid grid({{"x", -7, 7, 256, Boundary::reflecting}});
  const auto affine = AffineProcess::of(process);
  const std::vector<std::pair<const char*, double (*)(double, double)>> cases = {
      {"1", [](double, double) { return 1.0; }},
      {"x^2", [](double m, double c) { return m * m + c; }},
      {"cos(x)", [](double m, double c) { return std::cos(m) * std::exp(-c / 2); }}};
  for (const auto& [terminal, mean] : cases) {
    PathIntegral method(process, grid, 2);
    std::vector<double> value = method.value_state_of(parse(terminal), 1);
    march_backward(method, value, std::vector<double>{0, 1}, adaptive(1e-8), {});
    double worst = 0;
    for (std::size_t i = 64; i < 192; ++i) {
      const Eigen::VectorXd x = Eigen::VectorXd::Constant(1, grid.axis(0).centre(i));
      const GaussianMixture law = affine->transition(x, 0, 1);
      const Gaussian& g = law.components()[0];
      worst = std::max(worst, std::abs(value[i] - g.weight * mean(g.mean[0], g.covariance(0, 0))));
    }
    BOOST_TEST_MESSAGE(terminal << ": largest error in the inner half " << worst);
    BOOST_TEST(worst < 1e-10);
  }
}

namespace {

/// Constant drift f towards or from a wall at 0, from y: the densities of images.
double normal(double x, double v) {
  return std::exp(-x * x / (2 * v)) / std::sqrt(2 * std::numbers::pi * v);
}
double absorbed(double x, double y, double f, double d, double t) {
  return normal(x - y - f * t, d * t) - std::exp(-2 * f * y / d) * normal(x + y - f * t, d * t);
}
double reflected(double x, double y, double f, double d, double t) {
  return normal(x - y - f * t, d * t) + std::exp(-2 * f * y / d) * normal(x + y - f * t, d * t) -
         f / d * std::exp(2 * f * x / d) * std::erfc((x + y + f * t) / std::sqrt(2 * d * t));
}

}  // namespace

BOOST_AUTO_TEST_CASE(walls) {
  // Exact without drift; of order 1 for drift through the wall, from either kernel.
  const Process process = [] {
    Process drifting = brownian(0.8);
    drifting.drift = {-1.0};
    return drifting;
  }();
  const auto error = [](const Process& p, double f, Boundary wall, int order, double n) {
    const Grid grid({{"x", 0, 8, 512, wall}});
    const auto law = [&](double t, std::span<double> out) {
      for (std::size_t i = 0; i < grid.size(); ++i)
        out[i] =
            (wall == Boundary::reflecting ? reflected : absorbed)(grid.axis(0).centre(i), 0.9, f, 0.8, t);
    };
    PathIntegral method(p, grid, order);
    std::vector<double> state(method.size()), exact(grid.size());
    law(0.3, std::span(state).first(grid.size()));
    const double mass = method.mass(state);
    march_forward(method, state, std::vector<double>{0.3, 1.1},
                  {.tolerance = 1e-8, .step = 0.8 / n, .scheme = PathIntegral::one_slice}, {});
    law(1.1, exact);
    BOOST_TEST(std::abs(method.mass(state) + method.lost(state) - mass) < 1e-13);
    return relative_l1(std::span(state).first(grid.size()), exact);
  };
  for (const Boundary wall : {Boundary::reflecting, Boundary::absorbing})
    for (const int order : {1, 2}) {
      BOOST_TEST(error(brownian(0.8), 0, wall, order, 16) < 1e-12);
      double before = 0;
      for (const double n : {64, 128, 256, 512}) {
        const double now = error(process, -1, wall, order, n);
        BOOST_TEST_MESSAGE((wall == Boundary::reflecting ? "reflecting" : "absorbing")
                           << " wall, order " << order << ", " << n << " slices: " << now << ", order "
                           << std::log2(before / now));
        if (before > 0) BOOST_TEST(std::log2(before / now) > 0.85);
        before = now;
      }
      BOOST_TEST(before < (order == 1 ? 4e-3 : 6e-4));
    }
}
