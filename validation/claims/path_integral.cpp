// SPDX-License-Identifier: GPL-3.0-or-later
// The paper's short-time kernels at finite n, against errors that were found independently (PAPER_AUDIT): the sliced
// variance of (2.11), the composed Euler kernel (2.18), the composed killed kernel (2.32).
#include "solver/path_integral/path_integral.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <numbers>

#include "solver/kolmogorov/backward_kolmogorov.hpp"
#include "solver/law/affine.hpp"
#include "solver/process/known_processes.hpp"
#include "solver/stepping/march.hpp"

using namespace umkehr;

namespace {

Formula parse(const char* text) {
  return Formula::parse(text, {{"x"}, {}});
}

Grid line(double half, std::size_t points) {
  return Grid({{"x", -half, half, points, Boundary::reflecting}});
}

StepControl slices(double length) {
  return {.tolerance = 1e-8, .step = length, .scheme = PathIntegral::one_slice};
}

/// E[x^2] at `stop` from a Gaussian about `mean`, in n slices of order 1.
double second_moment(const Process& process, const Grid& grid, double mean, double variance, double stop,
                     double n) {
  PathIntegral method(process, grid, 1);
  std::vector<double> state = method.state_of(
      GaussianMixture({{1, Eigen::VectorXd::Constant(1, mean), Eigen::MatrixXd::Constant(1, 1, variance)}}));
  march_forward(method, state, std::vector<double>{0, stop}, slices(stop / n), {});
  const std::vector<double> square = method.value_state_of(parse("x^2"), stop);
  return method.pairing(state, square);
}

}  // namespace

BOOST_AUTO_TEST_CASE(sliced_variance_2_11) {
  // D = 1 + t on [0, 1]: sum D dt misses int D by exactly 1/(2n).
  for (const double n : {50, 100}) {
    const double variance = second_moment(brownian(parse("1+t")), line(14, 400), 0, 0.5, 1, n) - 0.5;
    BOOST_TEST(std::abs(variance - 1.5 + 0.5 / n) < 1e-10);
  }
}

BOOST_AUTO_TEST_CASE(composed_euler_kernel_2_18) {
  // F = x - x^3, D = 1/2: halving the slices halves the error of E[x^2].
  const Grid grid = line(3.5, 300);
  const auto moment = [&](double n) { return second_moment(double_well(0.5), grid, 0.4, 0.09, 0.5, n); };
  const double a = moment(100), b = moment(200), c = moment(400), d = moment(800);
  BOOST_TEST(std::abs((a - b) / (b - c) - 2) < 0.02);
  BOOST_TEST(std::abs((b - c) / (c - d) - 2) < 0.01);
}

BOOST_AUTO_TEST_CASE(composed_killed_kernel_2_32) {
  // The exact J(0) from the closed form, its error at n = 50, 100, 200 from the audit.
  Process process;
  process.drift = {parse("-0.5*x")};
  process.diffusion = {0.8};
  process.killing = parse("1.5*x^2/2");
  const auto affine = AffineProcess::of(process);
  const Gaussian law = affine->transition(Eigen::VectorXd::Zero(1), 0, 0.7).components()[0];
  // int N(0, c) exp(-x^2/2 + 0.4 x) = (1 + c)^(-1/2) exp(0.08 c / (1 + c)).
  const double c = law.covariance(0, 0);
  const double exact = law.weight / std::sqrt(1 + c) * std::exp(0.08 * c / (1 + c));
  const std::vector<std::pair<double, double>> audit = {{50, 1.45e-4}, {100, 7.03e-5}, {200, 3.46e-5}};
  const Grid grid = line(6, 241);  // with a centre at 0
  for (const auto& [n, expected] : audit) {
    PathIntegral method(process, grid, 1);
    std::vector<double> state = method.value_state_of(parse("exp(-x^2/2+0.4*x)"), 0.7);
    march_backward(method, state, std::vector<double>{0, 0.7}, slices(0.7 / n), {});
    BOOST_TEST_MESSAGE(n << " slices: error " << state[120] - exact << ", audit " << expected);
    BOOST_TEST(std::abs(std::abs(state[120] - exact) - expected) < 0.01 * expected);
  }
}

/// Under constant drift: exp(F (y - x)/D - F^2 T/2 D) times the sine series, integrated over y.
double survival_between_walls(double x, double drift, double diffusion, double duration) {
  double sum = 0;
  const double tilt = drift / diffusion;
  for (int n = 1; n < 200; ++n) {
    const double k = n * std::numbers::pi / 2, sign = n % 2 == 1 ? 1 : -1;
    const double of_y = k * (std::exp(-tilt) + sign * std::exp(tilt)) / (k * k + tilt * tilt);
    sum += std::sin(k * (x + 1)) * std::exp(-0.5 * k * k * diffusion * duration) * of_y;
  }
  return sum * std::exp(-tilt * x - 0.5 * tilt * drift * duration);
}

BOOST_AUTO_TEST_CASE(between_absorbing_walls_the_error_is_told) {
  struct Case {
    double drift, diffusion, duration;
  };
  for (const Case& c : {Case{1.5, 0.6, 0.5}, {-3, 0.4, 0.4}, {4, 0.5, 0.3}, {0, 0.8, 0.5}})
    for (const std::size_t points : {60, 120}) {
      const Grid grid({{"x", -1, 1, points, Boundary::absorbing}});
      KolmogorovChoices choices;
      choices.method = Method::path_integral;
      const BackwardKolmogorovSolution solution =
          solve_backward_kolmogorov({{Coefficient(c.drift)}, {c.diffusion}, 0.0, {}}, grid, Coefficient(1.0),
                                    c.duration, {0.0}, choices);
      double off = 0, largest = 0;
      for (std::size_t i = 0; i < points; ++i) {
        const double exact = survival_between_walls(grid.axis(0).centre(i), c.drift, c.diffusion, c.duration);
        off = std::max(off, std::abs(solution.value[0][i] - exact));
        largest = std::max(largest, exact);
      }
      BOOST_REQUIRE(solution.errors.grid.has_value());
      BOOST_TEST(*solution.errors.grid > off / largest / 1.5);
      BOOST_TEST(*solution.errors.grid < off / largest * 1.5);
    }
}
