// SPDX-License-Identifier: GPL-3.0-or-later
// The Onsager-Machlup action term by term, its derivatives, and most probable paths in two and three dimensions.
#include "solver/paths/onsager_machlup.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>

#include "grids/dense/dense_matrix.hpp"
#include "grids/failure.hpp"
#include "solver/law/affine.hpp"
#include "solver/paths/most_probable_path.hpp"
#include "solver/process/known_processes.hpp"
#include "solver/stepping/march.hpp"

using namespace umkehr;

namespace {

Formula parse(const char* text, std::size_t dimension) {
  FormulaNames names{{"x", "y", "z"}, {}};
  names.axes.resize(dimension);
  return Formula::parse(text, names);
}

/// No potential, one D an axis, everything moving in time.
Process swirl() {
  Process process;
  process.drift = {parse("sin(x*y)+t*y-x", 2), parse("x^2*t-y^3/3-1", 2)};
  process.diffusion = {parse("0.4+0.3*t", 2), parse("1+sin(t)/2", 2)};
  process.killing = parse("cos(x+t)*y^2", 2);
  return process;
}

Path curve(std::size_t pieces) {
  Path path{{}, {{}, {}}};
  for (std::size_t j = 0; j <= pieces; ++j) {
    const double t = 0.3 + 1.1 * static_cast<double>(j) / static_cast<double>(pieces);
    path.times.push_back(t);
    path.x[0].push_back(std::sin(2 * t));
    path.x[1].push_back(t * t - 0.5);
  }
  return path;
}

}  // namespace

BOOST_AUTO_TEST_CASE(terms_of_a_curve) {
  // The integrals of the curve (sin 2t, t^2 - 1/2), by Simpson's rule on the integrands written out.
  double kinetic = 0, divergence = 0, killing = 0;
  constexpr int n = 4000;
  for (int j = 0; j <= n; ++j) {
    const double t = 0.3 + 1.1 * j / n, weight = 1.1 / n / 3 * (j == 0 || j == n ? 1 : j % 2 ? 4 : 2);
    const double x = std::sin(2 * t), y = t * t - 0.5;
    const double u = 2 * std::cos(2 * t) - (std::sin(x * y) + t * y - x),
                 v = 2 * t - (x * x * t - y * y * y / 3 - 1);
    kinetic += weight * (u * u / (2 * (0.4 + 0.3 * t)) + v * v / (2 + std::sin(t)));
    divergence += weight * 0.5 * (y * std::cos(x * y) - 1 - y * y);
    killing += weight * std::cos(x + t) * y * y;
  }
  double before = 0;
  for (const std::size_t pieces : {50u, 100u, 200u, 400u}) {
    const Action action = onsager_machlup_action(swirl(), curve(pieces));
    const double error = std::abs(action.total() - kinetic - divergence - killing);
    if (before > 0) BOOST_TEST(std::abs(std::log2(before / error) - 2) < 0.05);
    before = error;
  }
  const Action fine = onsager_machlup_action(swirl(), curve(4000));
  BOOST_TEST(std::abs(fine.kinetic - kinetic) < 1e-6);
  BOOST_TEST(std::abs(fine.divergence - divergence) < 1e-6);
  BOOST_TEST(std::abs(fine.killing - killing) < 1e-6);
  BOOST_TEST(onsager_machlup_action(swirl(), curve(40), false).divergence == 0);
}

BOOST_AUTO_TEST_CASE(derivatives_against_differences) {
  Process functions = swirl();
  for (Coefficient& f : functions.drift)
    f = pointwise([f](std::span<const double> x, double t) { return f(x, t); });
  for (const auto& [process, tolerance] : {std::pair(swirl(), 1e-6), {functions, 1e-5}}) {
    const Lagrangian lagrangian(process);
    const DiscreteAction action(lagrangian);
    Path path = curve(6);
    std::vector<double> gradient, above, below;
    BandMatrix hessian(0, 0), unused(0, 0);
    action.derivatives(path, gradient, hessian);
    for (std::size_t i = 0; i < gradient.size(); ++i) {
      double& x = path.x[i % 2][i / 2 + 1];
      const double at = x, step = 1e-5;
      x = at + step;
      const double up = action.derivatives(path, above, unused).total();
      x = at - step;
      const double down = action.derivatives(path, below, unused).total();
      x = at;
      BOOST_TEST(std::abs((up - down) / (2 * step) - gradient[i]) < tolerance);
      for (std::size_t j = i >= 3 ? i - 3 : 0; j <= i; ++j)
        if (i / 2 - j / 2 < 2)
          BOOST_TEST(std::abs((above[j] - below[j]) / (2 * step) - hessian(i, j)) < 10 * tolerance);
    }
  }
}

BOOST_AUTO_TEST_CASE(the_mean_of_a_bridge_without_potential) {
  Process process;
  process.drift = {parse("-x+(2+t)*y+0.3", 2), parse("-2*x-0.5*y-sin(t)", 2)};
  process.diffusion = {parse("0.4+0.3*t", 2), parse("1", 2)};
  const auto affine = AffineProcess::of(process);
  const Eigen::Vector2d from(1, -0.5), to(-0.7, 0.8);
  double before = 0;
  for (const std::size_t points : {80u, 160u, 320u, 640u}) {
    const MostProbablePath found =
        most_probable_path(process, {from[0], from[1]}, {to[0], to[1]}, 0.2, 1.4, {.points = points});
    const double t = found.path.times[points / 4];
    // x ~ N(m, C), then x1 ~ N(A x + b, B): the mean of x given x1.
    const GaussianMixture early = affine->transition(from, 0.2, t);
    const Gaussian& g = early.components()[0];
    const auto later = [&](const Eigen::Vector2d& x) {
      return affine->transition(x, t, 1.4).components()[0];
    };
    const Eigen::Vector2d b = later(Eigen::Vector2d::Zero()).mean;
    Eigen::Matrix2d a;
    a << later(Eigen::Vector2d::UnitX()).mean - b, later(Eigen::Vector2d::UnitY()).mean - b;
    const Eigen::MatrixXd c = invert(g.covariance).matrix, e = invert(later(b).covariance).matrix;
    const Eigen::VectorXd mean = solve(c + a.transpose() * e * a, c * g.mean + a.transpose() * e * (to - b));
    const double error =
        std::hypot(found.path.x[0][points / 4] - mean[0], found.path.x[1][points / 4] - mean[1]);
    BOOST_TEST_MESSAGE(points << " pieces: error " << error << ", order " << std::log2(before / error));
    if (before > 0) BOOST_TEST(std::abs(std::log2(before / error) - 2) < 0.05);
    BOOST_TEST(found.minima.size() == 1u);
    before = error;
  }
  BOOST_TEST(before < 1e-5);
}

BOOST_AUTO_TEST_CASE(two_ways_around_a_hill) {
  // A killing bump between the ends, a little nearer to one side: two local minima, the better one first, in three dimensions
  // too.
  Process process = brownian(0.3, 2);
  process.killing = parse("12*exp(-4*(x^2+(y-0.05)^2))", 2);
  const MostProbablePath found = most_probable_path(process, {-1.5, 0}, {1.5, 0}, 0, 2);
  BOOST_TEST(found.minima.size() == 2u);
  BOOST_TEST(found.minima[0] < found.minima[1]);
  BOOST_TEST(found.path.x[1][200] < -0.1);
  BOOST_TEST(found.warnings.size() == 1u);
  BOOST_TEST(std::abs(found.action.total() - found.minima[0]) < 1e-12);
  const auto [least, most] = std::minmax_element(found.energy.begin(), found.energy.end());
  BOOST_TEST(*most - *least < 1e-2 * std::abs(*most));

  Process space = brownian(0.3, 3);
  space.diffusion[2] = 0.1;
  space.killing = parse("12*exp(-4*(x^2+(y-0.05)^2))+z^2", 3);
  const MostProbablePath same = most_probable_path(space, {-1.5, 0, 0}, {1.5, 0, 0}, 0, 2);
  BOOST_TEST(std::abs(same.action.total() - found.action.total()) < 1e-9);
}

BOOST_AUTO_TEST_CASE(paths_that_cannot_be) {
  BOOST_CHECK_THROW(most_probable_path(double_well(0.5), {0, 0}, {1}, 0, 1), std::invalid_argument);
  BOOST_CHECK_THROW(most_probable_path(double_well(0.5), {0}, {1}, 1, 1), std::invalid_argument);
  BOOST_CHECK_THROW(most_probable_path(double_well(0.5), {0}, {1}, 0, 1, {.points = 1}),
                    std::invalid_argument);
  BOOST_CHECK_THROW(most_probable_path(double_well(0.0), {0}, {1}, 0, 1), UnfitProblem);
  BOOST_CHECK_THROW(most_probable_path(double_well(0.5), {0}, {1}, 0, 1, {.iterations = 1}),
                    NumericalFailure);
  // D may vanish at the start.
  BOOST_CHECK_NO_THROW(most_probable_path(brownian(parse("t", 1)), {0}, {1}, 0, 1));
}
