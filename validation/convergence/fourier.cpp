// SPDX-License-Identifier: GPL-3.0-or-later
// Errors of the Fourier method against closed forms: they fall faster than any power of N, and with the fifth power of
// the step.
#include "solver/fourier/fourier.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <functional>
#include <numbers>

#include "grids/quadrature.hpp"
#include "solver/process/known_processes.hpp"
#include "solver/stepping/march.hpp"

using namespace umkehr;

namespace {

Gaussian gaussian(double weight, Eigen::VectorXd mean, Eigen::MatrixXd covariance) {
  return {weight, mean, covariance};
}

Gaussian gaussian(double weight, double mean, double variance) {
  return gaussian(weight, Eigen::VectorXd::Constant(1, mean), Eigen::MatrixXd::Constant(1, 1, variance));
}

Formula parse(const char* text, std::size_t dimension = 1) {
  FormulaNames names{{"x", "y", "z"}, {}};
  names.axes.resize(dimension);
  return Formula::parse(text, names);
}

/// Relative L1 errors of the density at `times` after the first.
std::vector<double> errors(const Process& process, const Grid& grid, const Law& start,
                           std::vector<double> times, const StepControl& control,
                           const std::function<GaussianMixture(double)>& exact) {
  Fourier method(process, grid);
  std::vector<double> state = method.state_of(start), density(grid.size()), reference(grid.size()), found;
  march_forward(method, state, times, control, [&](std::size_t n, std::span<const double> now) {
    if (n == 0) return;
    method.density(now, density);
    exact(times[n]).density(grid.centres(), reference);
    found.push_back(relative_l1(density, reference));
  });
  return found;
}

const StepControl fine{.tolerance = 1e-12, .step = {}, .scheme = nullptr};

/// The two bumps under the VP process.
double vp_integral(double t) {
  return 0.1 * t + 19.9 * t * t / 2;
}
GaussianMixture two_bumps(double t) {
  const double m = std::exp(-vp_integral(t) / 2), v = 1 - m * m;
  return GaussianMixture(
      {gaussian(0.35, -1.2 * m, 0.16 * m * m + v), gaussian(0.65, 0.9 * m, 0.3025 * m * m + v)});
}

/// The logarithm of the error falls ever faster with that of N: no power of N does that.
void check_faster_than_any_power(const std::vector<double>& points, const std::vector<double>& found,
                                 double last) {
  double before = 0;
  for (std::size_t n = 0; n < found.size(); ++n) {
    const double order = n ? std::log(found[n - 1] / found[n]) / std::log(points[n] / points[n - 1]) : 0;
    BOOST_TEST_MESSAGE("N = " << points[n] << ": relative L1 error " << found[n] << ", local order "
                              << order);
    if (n > 0 && found[n] > 1e-12) BOOST_TEST(order > before + 1);
    before = order;
  }
  BOOST_TEST(found.back() <= last);
}

}  // namespace

BOOST_AUTO_TEST_CASE(space_in_one_dimension) {
  const std::vector<double> points = {40, 52, 68, 96};
  std::vector<double> found;
  for (const double n : points)
    found.push_back(errors(variance_preserving(0.1, 20),
                           Grid({{"x", -8, 8, std::size_t(n), Boundary::reflecting}}), two_bumps(0),
                           {0, 0.05}, fine, two_bumps)[0]);
  check_faster_than_any_power(points, found, 1e-12);
}

BOOST_AUTO_TEST_CASE(two_bumps_to_the_end) {
  const Grid grid({{"x", -8, 8, 256, Boundary::reflecting}});
  std::vector<double> times;
  for (int n = 0; n <= 20; ++n) times.push_back(n / 20.0);
  for (const double error : errors(variance_preserving(0.1, 20), grid, two_bumps(0), times, fine, two_bumps))
    BOOST_TEST(error <= 1e-11);
}

BOOST_AUTO_TEST_CASE(space_in_two_dimensions_with_rotation) {
  Process process;
  process.drift = {parse("0.5*(-x+2*y)", 2), parse("0.5*(-y-2*x)", 2)};
  process.diffusion = {0.5, 0.5};
  const auto exact = [](double t) {
    Eigen::Matrix2d e;
    e << std::cos(t), std::sin(t), -std::sin(t), std::cos(t);
    e *= std::exp(-t / 2);
    const Eigen::Vector2d mean = e * Eigen::Vector2d(1.5, 0);
    const Eigen::Matrix2d spread = e * Eigen::Vector2d(0.16, 0.36).asDiagonal() * e.transpose();
    return GaussianMixture(
        {gaussian(1, mean, spread + 0.5 * (1 - std::exp(-t)) * Eigen::Matrix2d::Identity())});
  };
  const std::vector<double> points = {24, 32, 44, 64};
  std::vector<double> found;
  for (const double n : points) {
    const auto cells = std::size_t(n);
    const Grid grid({{"x", -6, 6, cells, Boundary::reflecting}, {"y", -6, 6, cells, Boundary::reflecting}});
    found.push_back(errors(process, grid, exact(0), {0, 1},
                           {.tolerance = 1e-11, .step = {}, .scheme = nullptr}, exact)[0]);
  }
  check_faster_than_any_power(points, found, 1e-10);
}

BOOST_AUTO_TEST_CASE(space_in_three_dimensions_with_rotation_and_noise_that_depends_on_time) {
  Process process;
  process.drift = {parse("-x+y", 3), parse("-y-x", 3), parse("-z", 3)};
  process.diffusion = {parse("1+0.5*sin(t)", 3), parse("1+0.5*sin(t)", 3), 1.2};
  const auto exact = [](double t) {
    const double e = std::exp(-t), c = std::cos(t), s = std::sin(t);
    // v' = -2 v + 1 + sin(t)/2 from 1/2; rotation leaves it alone.
    const double across = 0.5 + 0.5 * (2 * s - c + e * e) / 5, along = 0.6 - 0.1 * e * e;
    const Eigen::Vector3d spread(across, across, along);
    return GaussianMixture({gaussian(1, Eigen::Vector3d(0.4 * e * c, -0.4 * e * s, -0.3 * e),
                                     spread.asDiagonal().toDenseMatrix())});
  };
  const std::vector<double> points = {14, 18, 22, 30};
  std::vector<double> found;
  for (const double n : points) {
    const auto cells = std::size_t(n);
    const Grid grid({{"x", -5.4, 5.4, cells, Boundary::reflecting},
                     {"y", -5.4, 5.4, cells, Boundary::reflecting},
                     {"z", -5.4, 5.4, cells, Boundary::reflecting}});
    found.push_back(errors(process, grid, exact(0), {0, 0.4},
                           {.tolerance = 1e-9, .step = {}, .scheme = nullptr}, exact)[0]);
  }
  check_faster_than_any_power(points, found, 1e-7);
}

BOOST_AUTO_TEST_CASE(order_in_time_is_five) {
  const Grid grid({{"x", -8, 8, 96, Boundary::reflecting}});
  double before = 0;
  for (const double step : {0.04, 0.02, 0.01, 0.005}) {
    const double error = errors(variance_preserving(0.1, 20), grid, two_bumps(0), {0, 0.4},
                                {.tolerance = 1e-12, .step = step, .scheme = nullptr}, two_bumps)[0];
    BOOST_TEST_MESSAGE("step " << step << ": relative L1 error " << error << ", order "
                               << std::log2(before / error));
    if (before > 0) BOOST_TEST(std::log2(before / error) > 4.3);
    before = error;
  }
  BOOST_TEST(before < 1e-8);
}

BOOST_AUTO_TEST_CASE(tolerance_bounds_the_error) {
  const Grid grid({{"x", -8, 8, 128, Boundary::reflecting}});
  for (const double tolerance : {1e-4, 1e-6, 1e-8, 1e-10}) {
    const double error = errors(variance_preserving(0.1, 20), grid, two_bumps(0), {0, 1},
                                {.tolerance = tolerance, .step = {}, .scheme = nullptr}, two_bumps)[0];
    BOOST_TEST_MESSAGE("tolerance " << tolerance << ": relative L1 error " << error);
    BOOST_TEST(error <= tolerance);
  }
}

BOOST_AUTO_TEST_CASE(point_mass_becomes_the_transition_density) {
  // (2.35) for beta and D that are not proportional: beta = 1 + t, D = 0.5.
  const auto exact = [](double t) {
    const double integral = t + t * t / 2;
    double variance = 0;
    const int panels = 2000;  // Simpson's rule
    for (int n = 0; n <= panels; ++n) {
      const double r = t * n / panels, weight = n == 0 || n == panels ? 1 : n % 2 ? 4 : 2;
      variance += weight * 0.5 * std::exp(-(integral - r - r * r / 2)) * t / panels / 3;
    }
    return GaussianMixture({gaussian(1, 0.7 * std::exp(-integral / 2), variance)});
  };
  const auto found =
      errors(ornstein_uhlenbeck(parse("1+t"), 0.5), Grid({{"x", -6, 6, 192, Boundary::reflecting}}),
             GaussianMixture({gaussian(1, 0.7, 0)}), {0, 0.3, 1},
             {.tolerance = 1e-10, .step = {}, .scheme = nullptr}, exact);
  for (const double error : found) BOOST_TEST(error <= 1e-9);
}

BOOST_AUTO_TEST_CASE(killed_brownian_motion) {
  // V = x^2/2, D = 1 (Mehler's formula): variance (v + tanh t) / (1 + v tanh t), weight (cosh t + v sinh t)^(-1/2).
  Process process = brownian(1.0);
  process.killing = parse("x^2/2");
  const auto exact = [](double t) {
    return GaussianMixture({gaussian(1 / std::sqrt(std::cosh(t) + 0.25 * std::sinh(t)), 0,
                                     (0.25 + std::tanh(t)) / (1 + 0.25 * std::tanh(t)))});
  };
  for (const double error :
       errors(process, Grid({{"x", -9, 9, 96, Boundary::reflecting}}), exact(0), {0, 0.5, 2}, fine, exact))
    BOOST_TEST(error <= 1e-11);
}

BOOST_AUTO_TEST_CASE(drift_around_a_circle) {
  // Constant drift and noise that grows: the wrapped normal law, around the circle more than once.
  Process process = brownian(parse("0.2*(1+t)"));
  process.drift = {parse("3+2*t")};
  const Grid grid({{"x", 0, 2 * std::numbers::pi, 64, Boundary::periodic}});
  const auto exact = [](double t) {
    std::vector<Gaussian> images;
    for (int wrap = -12; wrap <= 6; ++wrap)
      images.push_back(
          gaussian(1, 1 + 3 * t + t * t + 2 * std::numbers::pi * wrap, 0.15 + 0.2 * (t + t * t / 2)));
    return GaussianMixture(images);
  };
  const Law start = GaussianMixture({gaussian(1, 1, 0.15)});
  for (const double error : errors(process, grid, start, {0, 0.5, 3}, fine, exact))
    BOOST_TEST(error <= 1e-11);
}

BOOST_AUTO_TEST_CASE(manufactured_solution_on_a_torus) {
  // P = exp(cos(x - t) + sin(y)/2) / norm solves the equation whose killing rate is V = (-d_t P - div(F P) + D/2 lap P) / P.
  const Formula p = parse("exp(cos(x-t) + sin(y)/2)", 2);
  Process process;
  const std::vector<Formula> drift = {parse("sin(x+y)+t", 2), parse("cos(x)*exp(-t)", 2)};
  const std::vector<Formula> diffusion = {parse("0.3+0.2*sin(t)", 2), parse("0.4", 2)};
  Formula rate = -p.time_derivative();
  for (std::size_t k = 0; k < 2; ++k) {
    rate = rate - (drift[k] * p).derivative(k) +
           diffusion[k] / Formula::constant(2, 2) * p.derivative(k).derivative(k);
    process.drift.emplace_back(drift[k]);
    process.diffusion.emplace_back(diffusion[k]);
  }
  process.killing = rate / p;
  std::vector<double> points, found;
  for (const std::size_t n : {8u, 11u, 16u, 28u}) {
    const Grid grid({{"x", 0, 2 * std::numbers::pi, n, Boundary::periodic},
                     {"y", 0, 2 * std::numbers::pi, n + 1, Boundary::periodic}});
    Fourier method(process, grid);
    std::vector<double> values(grid.size()), exact(grid.size());
    p(grid.centres(), 0, values);
    std::vector<double> state = method.state_of(GriddedLaw{grid, values});
    march_forward(method, state, std::vector<double>{0, 1}, fine, {});
    method.density(state, values);
    p(grid.centres(), 1, exact);
    // The law at the start was normalised.
    for (double& value : exact)
      value /=
          4 * std::numbers::pi * std::numbers::pi * std::cyl_bessel_i(0, 1.0) * std::cyl_bessel_i(0, 0.5);
    points.push_back(static_cast<double>(n));
    found.push_back(relative_l1(values, exact));
    BOOST_TEST(std::abs(method.mass(state) + method.lost(state) - 1) < 1e-12);
  }
  check_faster_than_any_power(points, found, 1e-10);
}
