// SPDX-License-Identifier: GPL-3.0-or-later
// The Hermite method against closed forms: errors fall faster than any power of the number of modes, down to rounding;
// steps in time by exponentials have order 4, those of Runge-Kutta order 5.
#include <boost/test/unit_test.hpp>
#include <cmath>

#include "solver/hermite/hermite_exponential.hpp"
#include "solver/hermite/hermite_projection.hpp"
#include "solver/hermite/hermite_runge_kutta.hpp"
#include "solver/hermite/search/hermite_search.hpp"
#include "solver/law/affine.hpp"
#include "solver/process/known_processes.hpp"
#include "solver/stepping/march.hpp"

using namespace umkehr;

namespace {

const FormulaNames plane{{"x", "y"}, {}};

Coefficient on_line(const char* text) {
  return Formula::parse(text);
}
Coefficient on_plane(const char* text) {
  return Formula::parse(text, plane);
}

Gaussian bump(double weight, double mean, double variance) {
  return {weight, Eigen::VectorXd::Constant(1, mean), Eigen::MatrixXd::Constant(1, 1, variance)};
}

Grid box(std::size_t dimension, std::size_t points, double half = 7) {
  return Grid(std::vector<Axis>(dimension, Axis{"x", -half, half, points, Boundary::reflecting}));
}

/// The largest relative L1 error of the density at the saved times that follow the first, bases searched.
double error(const Process& process, const Grid& grid, const GaussianMixture& initial,
             const std::vector<double>& times) {
  const AffineProcess affine = AffineProcess::of(process).value();
  Hermite hermite(process, grid, times.front(), search_hermite_choice(process, grid, initial, times));
  std::vector<double> state = hermite.state_of(initial), density(grid.size()), exact(grid.size());
  double worst = 0;
  march_forward(hermite, state, times, {.tolerance = 1e-11, .step = {}, .scheme = nullptr},
                [&](std::size_t n, std::span<const double> now) {
                  if (n == 0) return;
                  hermite.density(now, density);
                  affine.push(initial, times[0], times[n]).density(grid.centres(), exact);
                  double difference = 0, size = 0;
                  for (std::size_t i = 0; i < exact.size(); ++i) {
                    difference += std::abs(density[i] - exact[i]);
                    size += std::abs(exact[i]);
                  }
                  worst = std::max(worst, difference / size);
                });
  return worst;
}

/// Errors over ever more modes, printed; each at most a hundredth of the one before or at rounding.
void check_decay(const char* name, const Process& process, const GaussianMixture& initial,
                 const std::vector<double>& times, const std::vector<std::size_t>& modes) {
  double before = 1;
  for (const std::size_t count : modes) {
    const double now = error(process, box(process.dimension(), count), initial, times);
    BOOST_TEST_MESSAGE(name << ": " << count << " modes, relative L1 error " << now);
    BOOST_TEST(now < std::max(0.1 * before, 1e-12));
    before = now;
  }
  BOOST_TEST(before < 1e-12);
}

double distance(const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0;
  for (std::size_t n = 0; n < a.size(); ++n) sum += (a[n] - b[n]) * (a[n] - b[n]);
  return std::sqrt(sum);
}

/// Orders observed from equal steps over [0, 1], the finest taken for exact.
void check_order(HermiteSteps& steps, const std::vector<double>& start, int coarsest, double min_order,
                 double largest_error) {
  const auto run = [&](int count) {
    std::vector<double> c = start;
    for (int n = 0; n < count; ++n) steps.forward(c, {double(n) / count, double(n + 1) / count});
    return c;
  };
  const std::vector<double> exact = run(32 * coarsest);
  double before = 0;
  for (int level = 0; level < 4; ++level) {
    const double now =
        distance(run(coarsest << level), exact) / distance(exact, std::vector<double>(exact.size()));
    BOOST_TEST_MESSAGE((coarsest << level)
                       << " steps: relative error " << now << ", order " << std::log2(before / now));
    if (level > 0) BOOST_TEST(std::log2(before / now) > min_order);
    if (level == 3) BOOST_TEST(now < largest_error);
    before = now;
  }
}

}  // namespace

BOOST_AUTO_TEST_CASE(mixtures_under_affine_processes) {
  const GaussianMixture bumps({bump(0.35, -1.2, 0.16), bump(0.65, 0.9, 0.3025)});
  const Process uneven = ornstein_uhlenbeck(on_line("1 + sin(2*pi*t)/2"), on_line("0.6 + 0.3*cos(2*pi*t)"));
  check_decay("variance preserving", variance_preserving(0.1, 20), bumps, {0, 0.02, 0.3, 1},
              {16, 32, 64, 128});
  check_decay("D/beta not constant", uneven, bumps, {0, 0.1, 0.7, 1.25}, {16, 32, 64, 128});
  check_decay("cosine", variance_preserving_cosine(0.008), bumps, {0, 0.1, 0.5, 0.99}, {16, 32, 64, 128});
  check_decay("variance exploding", variance_exploding(0.01, 50), bumps, {0, 0.2, 1}, {16, 32, 64, 128});
  check_decay("spreading tenfold", brownian(3.0), bumps, {0, 0.1, 0.5, 1}, {16, 32, 64, 128});
}

BOOST_AUTO_TEST_CASE(killing_of_both_signs) {
  Process process = ornstein_uhlenbeck(on_line("1 + t"), on_line("0.6 + 0.3*cos(2*pi*t)"));
  const GaussianMixture bumps({bump(0.5, -0.8, 0.16), bump(0.5, 0.9, 0.3)});
  process.killing = on_line("x^2/2 - 0.3*x + t");
  check_decay("killing", process, bumps, {0, 0.1, 0.5, 1.2}, {16, 32, 64, 128});
  process.killing = on_line("-x^2/8 + 0.3*x + t");
  check_decay("breeding", process, bumps, {0, 0.1, 0.5, 1.2}, {16, 32, 64, 128});
}

BOOST_AUTO_TEST_CASE(a_point_becomes_the_transition_law) {
  const Process process = ornstein_uhlenbeck(on_line("1 + sin(2*pi*t)/2"), on_line("0.6 + 0.3*cos(2*pi*t)"));
  BOOST_TEST(error(process, box(1, 128), GaussianMixture({bump(1, 1.5, 0)}), {0, 0.05, 0.4, 1.25}) < 1e-12);
}

BOOST_AUTO_TEST_CASE(a_gaussian_carried_round) {
  const Process process{
      {on_plane("0.5*(-x + 2*y)"), on_plane("0.5*(-y - 2*x)")}, {0.5, on_plane("0.5 + t/4")}, 0.0, {}};
  const GaussianMixture initial({{1, Eigen::Vector2d(1.5, 0), Eigen::Matrix2d{{0.16, 0.0}, {0.0, 0.36}}}});
  check_decay("rotating", process, initial, {0, 0.3, 1}, {16, 32, 64, 96});
}

BOOST_AUTO_TEST_CASE(three_dimensions) {
  const Process process = ornstein_uhlenbeck(on_line("1 + t"), on_line("0.5 + t"), 3);
  const GaussianMixture initial({{1, Eigen::Vector3d(1.2, -0.8, 0.5),
                                  Eigen::Matrix3d{{0.2, 0.1, 0.0}, {0.1, 0.3, 0.0}, {0.0, 0.0, 0.15}}}});
  BOOST_TEST(error(process, box(3, 24), initial, {0, 0.5}) < 1e-6);
  BOOST_TEST(error(process, box(3, 44), initial, {0, 0.5}) < 1e-11);
}

BOOST_AUTO_TEST_CASE(orders_in_time) {
  const std::vector<HermiteBasis> bases = {{0, 0.3, 64}};
  const Process well{{on_line("x - x^3*(1 + sin(3*t)/2)")}, {on_line("0.5 + 0.2*cos(2*t)")}, 0.0, {}};
  const std::vector<double> start =
      hermite_coefficients(GaussianMixture({bump(1, -0.3, 0.1)}), box(1, 64), bases);
  HermiteExponential exponential(well, bases);
  check_order(exponential, start, 8, 3.8, 1e-7);

  const std::vector<HermiteBasis> small = {{0, 0.7, 8}, {0, 0.7, 8}};
  const Process curved{
      {on_plane("y - x^3/4"), on_plane("-x*(1 + t) - y")}, {0.5, 0.7}, on_plane("cos(x*y)"), {}};
  std::vector<double> start_2d(64);
  start_2d[0] = 1;
  HermiteRungeKutta runge_kutta(curved, small);
  check_order(runge_kutta, start_2d, 40, 4.8, 1e-9);
}
