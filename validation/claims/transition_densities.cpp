// SPDX-License-Identifier: GPL-3.0-or-later
// Transition densities: the killed affine law against Mehler's formula; Chapman-Kolmogorov (2.20) by composing; and
// forward from a point and backward from a bump agreeing on K(x, t | y, s) (2.24-2.33), by every method.
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <numbers>

#include "solver/kolmogorov/backward_kolmogorov.hpp"
#include "solver/kolmogorov/fokker_planck.hpp"
#include "solver/law/affine_value.hpp"

using namespace umkehr;

namespace {

Formula formula(const std::string& text) {
  return Formula::parse(text);
}

Gaussian point(double x) {
  return {1, Eigen::VectorXd::Constant(1, x), Eigen::MatrixXd::Zero(1, 1)};
}

double density(const GaussianMixture& law, double x) {
  Points at(1, 1);
  at[0][0] = x;
  double value = 0;
  law.density(at, {&value, 1});
  return value;
}

/// Of dx = -a x dt + sqrt(D) dW killed at kappa x^2/2: with g = sqrt(a^2 + kappa D),
///   K = exp(a t/2 - a (x^2 - y^2)/(2 D)) (g/(2 pi D sinh g t))^(1/2) exp(-g ((x^2 + y^2) cosh g t - 2 x y)/(2 D sinh g t)).
double mehler(double a, double diffusion, double kappa, double t, double x, double y) {
  const double g = std::sqrt(a * a + kappa * diffusion), s = std::sinh(g * t), c = std::cosh(g * t);
  return std::exp(a * t / 2 - a * (x * x - y * y) / (2 * diffusion)) *
         std::sqrt(g / (2 * std::numbers::pi * diffusion * s)) *
         std::exp(-g * ((x * x + y * y) * c - 2 * x * y) / (2 * diffusion * s));
}

const Process uneven{{formula("0.3 - x*(1 + sin(3*t)/2)")},
                     {formula("0.6 + 0.3*cos(5*t)")},
                     formula("x^2/3 - 0.4*x + t - 0.5"),
                     {}};

}  // namespace

BOOST_AUTO_TEST_CASE(killed_ornstein_uhlenbeck_is_mehlers_kernel) {
  for (const double a : {0.0, 1.0, -0.7})
    for (const double diffusion : {1e-3, 0.8, 50.0})
      for (const double kappa : {1e-3, 1.5})
        for (const double t : {0.05, 1.3}) {
          const Process process{{formula(std::to_string(-a) + "*x")},
                                {diffusion},
                                formula(std::to_string(kappa) + "*x^2/2"),
                                {}};
          const double y = 0.3, deviation = std::sqrt(diffusion * t);
          for (const double x : {y, y + deviation, y - 2 * deviation}) {
            const GaussianMixture law =
                AffineProcess::of(process)->transition(Eigen::VectorXd::Constant(1, y), 0.4, 0.4 + t);
            const double expected = mehler(a, diffusion, kappa, t, x, y);
            // Far from where the drift goes the exponent is large, and so are its rounding errors.
            const double allowed = 1e-12 * std::max(1.0, std::abs(std::log(expected)));
            BOOST_TEST(std::abs(density(law, x) / expected - 1) <= allowed);
          }
        }
}

BOOST_AUTO_TEST_CASE(kernels_compose) {
  const AffineProcess affine = AffineProcess::of(uneven).value();
  const Eigen::VectorXd y = Eigen::VectorXd::Constant(1, -0.4);
  const GaussianMixture whole = affine.transition(y, 0.2, 1.4);
  // K(x, t | y, s) = int K(x, t | z, r) K(z, r | y, s) dz, the midpoint rule over z.
  const GaussianMixture half = affine.transition(y, 0.2, 0.7);
  for (const double x : {-1.0, 0.2, 0.9}) {
    double sum = 0;
    constexpr int nodes = 160;
    const double spacing = 12.0 / nodes;
    for (int i = 0; i < nodes; ++i) {
      const double z = -6 + (i + 0.5) * spacing;
      const Eigen::VectorXd from = Eigen::VectorXd::Constant(1, z);
      sum += spacing * density(half, z) * density(affine.transition(from, 0.7, 1.4), x);
    }
    BOOST_TEST(std::abs(sum / density(whole, x) - 1) <= 1e-12);
  }
}

/// On the grid: J(y, s) with J1 = K(x, t | ., r) is K(x, t | y, s) for every y (2.20, 2.24); and the forward solution from y is
/// the same number as a function of x.
BOOST_AUTO_TEST_CASE(forward_and_backward_give_one_kernel) {
  const AffineProcess affine = AffineProcess::of(uneven).value();
  const double s = 0.2, r = 1.0, t = 1.4;
  struct Way {
    Method method;
    std::size_t points;
    double allowed;
  };
  for (const Way way : {Way{Method::finite_volume, 801, 1e-3}, Way{Method::fourier, 161, 1e-9},
                        Way{Method::hermite, 161, 1e-9}}) {
    const Grid grid({Axis{"x", -6, 6, way.points, Boundary::reflecting}});
    const std::size_t middle = way.points / 2, other = middle + way.points / 16;
    const double x = grid.axis(0).centre(other), y = grid.axis(0).centre(middle);
    KolmogorovChoices choices;
    choices.method = way.method;
    choices.tolerance = 1e-9;
    const auto forward = solve_fokker_planck(uneven, grid, GaussianMixture({point(y)}), s, {t}, choices);
    // K(x, t | z, r) as a function of z, Gaussian in z: its logarithm through three points.
    std::vector<double> log_kernel;
    for (const double z : {-1.0, 0.0, 1.0})
      log_kernel.push_back(std::log(density(affine.transition(Eigen::VectorXd::Constant(1, z), r, t), x)));
    const double square = (log_kernel[0] + log_kernel[2]) / 2 - log_kernel[1];
    const double linear = (log_kernel[2] - log_kernel[0]) / 2;
    const Coefficient later = pointwise([=](std::span<const double> z, double) {
      return std::exp(log_kernel[1] + linear * z[0] + square * z[0] * z[0]);
    });
    const auto backward = solve_backward_kolmogorov(uneven, grid, later, r, {s}, choices);
    const double exact = density(affine.transition(Eigen::VectorXd::Constant(1, y), s, t), x);
    BOOST_TEST_MESSAGE("method " << static_cast<int>(way.method) << ": forward "
                                 << forward.density[0][other] / exact - 1 << ", backward "
                                 << backward.value[0][middle] / exact - 1);
    BOOST_TEST(std::abs(forward.density[0][other] / exact - 1) <= way.allowed);
    BOOST_TEST(std::abs(backward.value[0][middle] / exact - 1) <= way.allowed);
    BOOST_TEST(std::abs(forward.density[0][other] / backward.value[0][middle] - 1) <= way.allowed);
  }
}
