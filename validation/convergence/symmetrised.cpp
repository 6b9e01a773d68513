// SPDX-License-Identifier: GPL-3.0-or-later
// The symmetrised scheme: exact in time, exponentially accurate in space, its own transpose.
#include "solver/fourier/symmetrised.hpp"

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <numbers>

#include "grids/quadrature.hpp"
#include "solver/fourier/fourier.hpp"
#include "solver/fourier/rational_exponential.hpp"
#include "solver/process/known_processes.hpp"
#include "solver/stepping/march.hpp"

using namespace umkehr;

namespace {

GaussianMixture gaussian(double mean, double variance) {
  Gaussian g;
  g.mean = Eigen::VectorXd::Constant(1, mean);
  g.covariance = Eigen::MatrixXd::Constant(1, 1, variance);
  return GaussianMixture({g});
}

Grid line(double half_width, std::size_t points) {
  return Grid({{"x", -half_width, half_width, points, Boundary::reflecting}});
}

Formula parse(const char* text) {
  return Formula::parse(text);
}

std::vector<double> density_at(Discretisation& method, const Law& start, double t, const Grid& grid) {
  std::vector<double> state = method.state_of(start), density(grid.size());
  march_forward(method, state, std::vector<double>{0, t}, {.tolerance = 1e-12, .step = {}, .scheme = nullptr},
                {});
  method.density(state, density);
  return density;
}

}  // namespace

BOOST_AUTO_TEST_CASE(rational_function_is_the_exponential) {
  // Second differences have eigenvalues 2 - 2 cos(k pi / (n + 1)) and sines as eigenvectors.
  const Eigen::Index n = 60;
  const Eigen::VectorXd diagonal = Eigen::VectorXd::Constant(n, 2),
                        off = Eigen::VectorXd::Constant(n - 1, -1);
  for (const double scale : {0.0, 1e-3, 1.0, 50.0, 1e5})
    for (const int mode : {1, 7, 60}) {
      Eigen::VectorXd b(n);
      for (Eigen::Index i = 0; i < n; ++i)
        b[i] = std::sin(std::numbers::pi * mode * double(i + 1) / double(n + 1));
      const double rate = scale * (2 - 2 * std::cos(std::numbers::pi * mode / double(n + 1)));
      const Exponentials found = rational_exponentials(diagonal, off, scale, b);
      BOOST_TEST((found.decayed - std::exp(-rate) * b).lpNorm<Eigen::Infinity>() < 1e-13);
      const double average = rate == 0 ? 1 : -std::expm1(-rate) / rate;
      BOOST_TEST((found.averaged - average * b).lpNorm<Eigen::Infinity>() < 1e-11);
    }
}

BOOST_AUTO_TEST_CASE(space_error_falls_faster_than_any_power) {
  // An Ornstein-Uhlenbeck process whose beta and D share their time dependence: variance 1/2 + (v - 1/2) exp(-int beta).
  const Process process = ornstein_uhlenbeck(parse("2+2*t"), parse("1+t"));
  const double integral = 2 * 0.5 + 0.25;
  double before = 0, order_before = 0, points_before = 0;
  for (const std::size_t n : {20u, 26u, 34u, 46u, 64u}) {
    const Grid grid = line(7, n);
    Symmetrised method(process, grid);
    const std::vector<double> density = density_at(method, gaussian(0.6, 0.2), 0.5, grid);
    std::vector<double> exact(n);
    gaussian(0.6 * std::exp(-integral / 2), 0.5 + (0.2 - 0.5) * std::exp(-integral))
        .density(grid.centres(), exact);
    const double error = relative_l1(density, exact);
    const double order = before > 0 ? std::log(before / error) / std::log(double(n) / points_before) : 0;
    BOOST_TEST_MESSAGE("N = " << n << ": relative L1 error " << error << ", local order " << order);
    if (before > 0 && error > 1e-12) BOOST_TEST(order > order_before + 1);
    before = error;
    order_before = order;
    points_before = double(n);
  }
  BOOST_TEST(before < 1e-12);
}

BOOST_AUTO_TEST_CASE(double_well_agrees_with_the_fourier_method) {
  const Grid grid = line(4, 128);
  Symmetrised method(double_well(0.5), grid);
  Fourier other(double_well(0.5), grid);
  const std::vector<double> here = density_at(method, gaussian(-1, 0.04), 0.5, grid);
  const std::vector<double> there = density_at(other, gaussian(-1, 0.04), 0.5, grid);
  BOOST_TEST(relative_l1(here, there) < 1e-10);
  std::vector<double> state = method.state_of(gaussian(-1, 0.04)), score(grid.size()),
                      other_score(grid.size());
  std::vector<double> other_state = other.state_of(gaussian(-1, 0.04));
  method.forward(state, {0, 0.5});
  march_forward(other, other_state, std::vector<double>{0, 0.5},
                {.tolerance = 1e-12, .step = {}, .scheme = nullptr}, {});
  method.score(state, 0, score);
  other.score(other_state, 0, other_score);
  BOOST_TEST(weighted_relative_l2(here, score, other_score) < 1e-8);
}

BOOST_AUTO_TEST_CASE(stationary_law_and_mass_are_kept) {
  const Grid grid = line(4, 96);
  Symmetrised method(double_well(0.5), grid);
  std::vector<double> equilibrium(grid.size()), density(grid.size());
  for (std::size_t i = 0; i < grid.size(); ++i) {
    const double x = grid.axis(0).centre(i);
    equilibrium[i] = std::exp(-(x * x * x * x - 2 * x * x));
  }
  std::vector<double> state = method.state_of(GriddedLaw{grid, equilibrium});
  const std::vector<double> start = state;
  for (const double t : {0.01, 1.0, 10.0}) {
    method.forward(state, {0, t});
    BOOST_TEST(std::abs(method.mass(state) - method.mass(start)) < 1e-12);
    for (std::size_t n = 0; n < state.size(); ++n) BOOST_TEST(std::abs(state[n] - start[n]) < 1e-11);
  }
}

BOOST_AUTO_TEST_CASE(pairing_and_ledger_hold_with_killing) {
  Process process = double_well(0.5);
  process.killing = parse("0.3*x^2");
  const Grid grid = line(4, 96);
  Symmetrised method(process, grid);
  std::vector<double> p = method.state_of(gaussian(-0.5, 0.09)), j = p;
  std::reverse(j.begin(), j.end() - 1);
  j.back() = 0.4;
  const std::vector<double> last = j;
  std::vector<Step> steps = {{0, 0.1}, {0.1, 0.15}, {0.15, 1}};
  std::vector<double> now = p;
  for (const Step& step : steps) method.forward(now, step);
  for (auto step = steps.rbegin(); step != steps.rend(); ++step) method.backward(j, *step);
  BOOST_TEST(std::abs(method.pairing(now, last) - method.pairing(p, j)) < 1e-12);
  BOOST_TEST(method.lost(now) > 0.1);
  BOOST_TEST(std::abs(method.mass(now) + method.lost(now) - method.mass(p)) < 1e-11);
}

BOOST_AUTO_TEST_CASE(what_does_not_fit_is_refused_with_its_reason) {
  const auto refused = [](const Process& process, const Grid& grid, const char* reason) {
    BOOST_CHECK_EXCEPTION(Symmetrised(process, grid), std::invalid_argument,
                          [&](const std::invalid_argument& error) {
                            return std::string(error.what()).find(reason) != std::string::npos;
                          });
  };
  const Grid grid = line(4, 32);
  refused(brownian(1.0, 2), Grid({grid.axis(0), {"y", -1, 1, 8, Boundary::reflecting}}), "one dimension");
  refused(double_well(0.5), Grid({{"x", -4, 4, 32, Boundary::periodic}}), "periodic");
  refused(ornstein_uhlenbeck(parse("1+t"), 0.5), grid, "depend on time");
  Process process = double_well(0.5);
  process.killing = parse("x");
  refused(process, grid, "negative");
  process.killing = parse("1+t");
  refused(process, grid, "V and D must not depend on time");
  Symmetrised method(double_well(0.5), grid);
  BOOST_CHECK_THROW(method.state_of(gaussian(0, 4)), std::invalid_argument);
  BOOST_CHECK_THROW(method.state_of(gaussian(0, 0)), std::invalid_argument);
}
