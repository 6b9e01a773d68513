// SPDX-License-Identifier: GPL-3.0-or-later
// Most probable paths: order 2 against the bridge of an Ornstein-Uhlenbeck process, whose mean it is; energy kept along
// the instanton of a double well; and the ridge of the bridge density, P(x,t|x0) K(x1|x,t), as noise vanishes.
#include "solver/paths/most_probable_path.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>

#include "solver/law/affine.hpp"
#include "solver/path_integral/dense_kernel.hpp"
#include "solver/process/known_processes.hpp"

using namespace umkehr;

namespace {

Formula parse(const char* text, std::size_t dimension = 1) {
  FormulaNames names{{"x", "y", "z"}, {}};
  names.axes.resize(dimension);
  return Formula::parse(text, names);
}

/// The mean of the bridge of dx = F dt + sqrt(D) dW, F affine, V quadratic: P(x,t|x0) K(x1|x,t) is Gaussian in x, and its
/// maximum is where forward and backward exponents balance. In one dimension, by differences of the exact exponents.
double bridge_mean(const AffineProcess& process, double from, double to, double start, double t,
                   double stop) {
  const auto exponent = [&](double x) {
    const auto at = [](double y) { return Eigen::VectorXd::Constant(1, y); };
    const GaussianMixture before = process.transition(at(from), start, t),
                          after = process.transition(at(x), t, stop);
    Points here(1, 1), there(1, 1);
    here[0][0] = x;
    there[0][0] = to;
    double a = 0, b = 0;
    before.log_density(here, {&a, 1});
    after.log_density(there, {&b, 1});
    return a + b;
  };
  const double below = exponent(-1), middle = exponent(0), above = exponent(1);
  return (above - below) / (2 * (2 * middle - above - below));
}

double error(const Process& process, std::size_t points) {
  const auto affine = AffineProcess::of(process);
  const MostProbablePath found = most_probable_path(process, {1.3}, {-0.4}, 0.2, 1.7, {.points = points});
  double worst = 0;
  for (std::size_t j = points / 8; j < points; j += points / 8)
    worst = std::max(
        worst, std::abs(found.path.x[0][j] - bridge_mean(*affine, 1.3, -0.4, 0.2, found.path.times[j], 1.7)));
  return worst;
}

}  // namespace

BOOST_AUTO_TEST_CASE(order_against_the_mean_of_the_bridge) {
  Process process = ornstein_uhlenbeck(parse("2+sin(3*t)"), parse("0.5+0.3*cos(2*t)"));
  process.drift[0] = parse("-(1+0.5*sin(3*t))*x+0.4*cos(t)");
  process.killing = parse("0.6*(1+t)*x^2+0.3*x");
  double before = 0;
  for (const std::size_t points : {40u, 80u, 160u, 320u}) {
    const double now = error(process, points);
    BOOST_TEST_MESSAGE(points << " pieces: error " << now << ", order " << std::log2(before / now));
    if (before > 0) BOOST_TEST(std::abs(std::log2(before / now) - 2) < 0.05);
    before = now;
  }
  BOOST_TEST(before < 2e-5);
}

BOOST_AUTO_TEST_CASE(energy_along_an_instanton) {
  const Process process = double_well(0.2);
  double before = 0;
  for (const std::size_t points : {400u, 800u, 1600u, 3200u}) {
    const MostProbablePath found = most_probable_path(process, {-1}, {1}, 0, 12, {.points = points});
    const auto [least, most] = std::minmax_element(found.energy.begin(), found.energy.end());
    BOOST_TEST_MESSAGE(points << " pieces: action " << found.action.total() << " +- " << found.action_error
                              << ", energy " << *least << " .. " << *most << ", iterations "
                              << found.iterations << ", minima " << found.minima.size());
    if (before > 0) BOOST_TEST(std::abs(std::log2(before / (*most - *least)) - 2) < 0.2);
    before = *most - *least;
  }
  // Uphill against the drift costs 2 (U(0) - U(-1)) / D = 1/2 / D, downhill nothing (Freidlin & Wentzell), in long times.
  const MostProbablePath found =
      most_probable_path(process, {-1}, {1}, 0, 24, {.points = 1600, .with_divergence = false});
  BOOST_TEST(std::abs(found.action.total() * 0.2 - 0.5) < 1e-4);
}
