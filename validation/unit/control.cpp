// SPDX-License-Identifier: GPL-3.0-or-later
// What (3.24) must do beyond smooth closed forms: kinks at little noise, costs of 1e4, drifts that are not affine, periodic
// axes, the density under control, threads, and choices that do not fit.
#include <omp.h>
#include <functional>

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <numbers>

#include "grids/failure.hpp"
#include "grids/machine/team.hpp"
#include "grids/quadrature.hpp"
#include "solver/hjb/controlled_density.hpp"
#include "solver/hjb/controlled_process.hpp"
#include "solver/hjb/hjb.hpp"
#include "solver/kolmogorov/fokker_planck.hpp"
#include "solver/law/affine.hpp"

namespace {

using namespace umkehr;

Formula formula(const std::string& text) {
  return Formula::parse(text);
}
Process line(const std::string& drift, const std::string& diffusion, const std::string& killing = "0") {
  return {{formula(drift)}, {formula(diffusion)}, formula(killing), {}};
}
Grid axis(double half, std::size_t points, Boundary boundary = Boundary::reflecting) {
  return Grid({{"x", -half, half, points, boundary}});
}

double largest_difference(std::span<const double> a, std::span<const double> b, std::size_t skipped = 0) {
  double largest = 0;
  for (std::size_t i = skipped; i + skipped < a.size(); ++i)
    largest = std::max(largest, std::abs(a[i] - b[i]));
  return largest;
}

double l1_difference(const Grid& grid, std::span<const double> a, std::span<const double> b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += std::abs(a[i] - b[i]);
  return sum * grid.cell_volume();
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_kink_against_its_closed_form) {
  // E exp(-|x + sigma Z|) by error functions.
  const double variance = 0.3, deviation = std::sqrt(variance);
  const auto phi = [](double z) { return 0.5 * std::erfc(-z / std::numbers::sqrt2); };
  const Grid grid = axis(3, 61);
  const HjbSolution solution = solve_hjb(line("0", "0.5"), grid, formula("abs(x)"), 1, {0.4});
  for (std::size_t i = 0; i < grid.size(); ++i) {
    const double x = grid.axis(0).centre(i);
    const double right = std::exp(variance / 2 - x) * phi((x - variance) / deviation);
    const double left = std::exp(variance / 2 + x) * phi((-x - variance) / deviation);
    BOOST_TEST(std::abs(solution.value[0][i] + std::log(left + right)) < 1e-12);
    BOOST_TEST(std::abs(solution.control[0][0][i] - 0.5 * (left - right) / (left + right)) < 1e-11);
  }
}

BOOST_AUTO_TEST_CASE(little_noise_converges_to_the_viscosity_solution) {
  // D lambda obeys Hopf's and Lax's formula up to D: parabolas spread, an upward kink opens to one.
  const double noise = 1e-3, elapsed = 0.6, any_error = 1e9;
  const std::vector<std::pair<std::string, std::function<double(double)>>> kinks = {
      {"min((x - 1)^2, (x + 1)^2)/(2*0.001)",
       [&](double x) { return std::pow(std::abs(x) - 1, 2) / (2 * (1 + elapsed)); }},
      {"abs(x)/0.001",
       [&](double x) { return std::abs(x) < elapsed ? x * x / (2 * elapsed) : std::abs(x) - elapsed / 2; }}};
  for (const auto& [terminal, viscous] : kinks)
    for (const int order : {2, 4}) {
      std::vector<double> errors;
      for (const std::size_t points : {24, 48, 96, 192}) {
        const Grid grid = axis(3, points);
        const HjbSolution solution = solve_hjb(line("0", "0.001"), grid, formula(terminal), 1, {1 - elapsed},
                                               {HjbMethod::finite_difference, 1e-5, {}, order, any_error});
        const HjbSolution exact = solve_hjb(line("0", "0.001"), grid, formula(terminal), 1, {1 - elapsed});
        errors.push_back(noise * l1_difference(grid, solution.value[0], exact.value[0]));
        double from_viscous = 0;
        for (std::size_t i = 0; i < points; ++i)
          from_viscous +=
              std::abs(noise * exact.value[0][i] - viscous(grid.axis(0).centre(i))) * grid.cell_volume();
        BOOST_TEST(from_viscous < 10 * noise);
      }
      BOOST_TEST_MESSAGE(terminal << " order " << order << ": " << errors[0] << " " << errors[1] << " "
                                  << errors[2] << " " << errors[3]);
      BOOST_TEST(std::log2(errors[0] / errors[3]) / 3 > 0.9);
      BOOST_TEST(errors[3] < 1e-2);
    }
}

BOOST_AUTO_TEST_CASE(costs_of_ten_thousand_stay_finite) {
  // lambda = a x^2/2 + z with a = 1/(1/a_1 + tau), z = ln(1 + a_1 tau)/2: up to 12500 at the stop.
  const Grid grid = axis(5, 100);
  for (const HjbMethod method :
       {HjbMethod::log_transform, HjbMethod::spectral, HjbMethod::finite_difference}) {
    const HjbSolution solution =
        solve_hjb(line("0", "1"), grid, formula("500*x^2"), 1, {0.9, 0.999, 1}, {method, 1e-7});
    BOOST_TEST(solution.value[2][0] > 1e4);
    for (const std::size_t n : {0, 1}) {
      const double tau = 1 - solution.value.times()[n], scale = 1 + 1000 * tau;
      for (std::size_t i = 0; i < grid.size(); ++i) {
        const double x = grid.axis(0).centre(i), exact = 500 * x * x / scale + 0.5 * std::log(scale);
        BOOST_TEST(std::abs(solution.value[n][i] - exact) < 1e-6 * (1 + exact));
        BOOST_TEST(std::abs(solution.control[0][n][i] + 1000 * x / scale) < 1e-6 * (1 + 1000 / scale));
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(methods_agree_where_there_is_no_closed_form) {
  const Process process = line("x - x^3 + 0.3*sin(2*t)", "0.5 + 0.2*t", "x^4/10 + cos(x + t)");
  const Grid grid = axis(2.5, 100);
  const Formula terminal = formula("(x - 0.5)^2");
  const auto solve = [&](HjbMethod method, int order = 2) {
    return solve_hjb(process, grid, terminal, 1.2, {0.2, 0.9}, {method, 1e-9, {}, order});
  };
  const HjbSolution direct = solve(HjbMethod::spectral), by_chi = solve(HjbMethod::log_transform),
                    differences = solve(HjbMethod::finite_difference, 4);
  for (const std::size_t n : {0, 1}) {
    BOOST_TEST(largest_difference(direct.value[n], by_chi.value[n], 20) < 1e-8);
    BOOST_TEST(largest_difference(direct.control[0][n], by_chi.control[0][n], 20) < 1e-7);
    BOOST_TEST(largest_difference(direct.value[n], differences.value[n], 20) < 1e-5);
  }
}

BOOST_AUTO_TEST_CASE(periodic_axes) {
  const Grid grid = axis(std::numbers::pi, 64, Boundary::periodic);
  const auto solve = [&](HjbMethod method) {
    return solve_hjb(line("0.7", "0.8"), grid, formula("cos(x)"), 1, {0}, {method, 1e-9, {}, 4});
  };
  const HjbSolution kernel = solve(HjbMethod::log_transform), direct = solve(HjbMethod::spectral),
                    differences = solve(HjbMethod::finite_difference);
  BOOST_TEST(largest_difference(kernel.value[0], direct.value[0]) < 1e-8);
  BOOST_TEST(largest_difference(kernel.control[0][0], direct.control[0][0]) < 1e-8);
  BOOST_TEST(largest_difference(kernel.value[0], differences.value[0]) < 1e-5);
}

BOOST_AUTO_TEST_CASE(the_controlled_process_reaches_what_it_should) {
  // From P proportional to chi g it reaches chi_T times the free law of g: both are closed forms here.
  const Process process = line("0", "1");
  const Grid grid = axis(6, 400);
  const Formula terminal = formula("-log(0.4*exp(-(x+1.1)^2/(2*0.25)) + 0.6*exp(-(x-0.8)^2/(2*0.1225)))");
  std::vector<double> times;
  for (int n = 0; n <= 80; ++n) times.push_back(n / 80.0);
  const HjbSolution solution = solve_hjb(process, grid, terminal, 1, times);
  const Process controlled = controlled_process(process, grid, solution);
  const Formula initial = formula(
      "(0.4*sqrt(0.25/1.25)*exp(-(x+1.1)^2/2.5) + 0.6*sqrt(0.1225/1.1225)*exp(-(x-0.8)^2/2.245))"
      "*exp(-(x-0.1)^2/(2*0.09))");
  KolmogorovChoices choices;
  choices.tolerance = 1e-6;
  const FokkerPlanckSolution density =
      solve_fokker_planck(controlled, grid, FormulaLaw{initial}, 0, {0.5, 1.0}, choices);
  const Steered steered = steer(process, grid, terminal, FormulaLaw{initial}, 0, 1, {0.5, 1.0});
  for (const std::size_t n : {0, 1}) {
    const double t = density.density.times()[n];
    std::vector<double> expected(grid.size());
    for (std::size_t i = 0; i < grid.size(); ++i) {
      const double x = grid.axis(0).centre(i), free = std::exp(-(x - 0.1) * (x - 0.1) / (2 * (0.09 + t)));
      expected[i] = std::exp(-solution.value[n == 0 ? 40 : 80][i]) * free;
    }
    const double mass = integral(grid, expected);
    for (double& p : expected) p /= mass;
    BOOST_TEST(std::abs(density.mass[n] - 1) < 1e-9);
    BOOST_TEST(relative_l1(density.density[n], expected) < 3e-3);
    BOOST_TEST(relative_l1(steered.density[n], expected) < 3e-3);
    BOOST_TEST(largest_difference(steered.control.value[n], solution.value[n == 0 ? 40 : 80]) < 1e-9);
  }
}

BOOST_AUTO_TEST_CASE(results_do_not_depend_on_threads) {
  const Process process{{formula("-x"), formula("x")}, {0.5, 0.3}, 0.0, {}};
  const Grid grid({{"x", -3, 3, 20}, {"y", -3, 3, 24}});
  const Formula terminal = Formula::parse("x^2 + y^2 + cos(x - y)", {{"x", "y"}, {}});
  const team::SharesAnything small;
  const int threads = omp_get_max_threads();
  for (const HjbMethod method :
       {HjbMethod::log_transform, HjbMethod::spectral, HjbMethod::finite_difference}) {
    omp_set_num_threads(1);
    const HjbSolution one = solve_hjb(process, grid, terminal, 1, {0.5}, {method, 1e-5});
    omp_set_num_threads(3);
    const HjbSolution two = solve_hjb(process, grid, terminal, 1, {0.5}, {method, 1e-5});
    BOOST_TEST(one.value.values() == two.value.values());
    BOOST_TEST(one.control[1].values() == two.control[1].values());
  }
  omp_set_num_threads(threads);
}

BOOST_AUTO_TEST_CASE(choices_that_do_not_fit) {
  const Process process = line("0", "1");
  const Grid grid = axis(3, 20);
  const Formula terminal = formula("x^2");
  const auto refused = [&](std::vector<double> times, HjbChoices choices) {
    BOOST_CHECK_THROW(solve_hjb(process, grid, terminal, 1, times, choices), std::invalid_argument);
  };
  refused({}, {});
  refused({0, 2}, {});
  refused({0.5, 0.2}, {});
  refused({0.2, 0.2}, {});
  refused({0}, {HjbMethod::spectral, 0});
  refused({0}, {HjbMethod::spectral, 1e-8, -0.1});
  refused({0}, {HjbMethod::finite_difference, 1e-8, {}, 3});
  BOOST_CHECK_THROW(solve_hjb(process, axis(3, 4), terminal, 1, {0}), std::invalid_argument);
  for (const HjbMethod method : {HjbMethod::log_transform, HjbMethod::spectral, HjbMethod::finite_difference})
    BOOST_CHECK_THROW(solve_hjb(process, grid, formula("log(x)"), 1, {0}, {method}), std::invalid_argument);
  // Negative killing makes chi infinite before the start.
  BOOST_CHECK_THROW(solve_hjb(line("0", "1", "-4*x^2"), grid, formula("0"), 1, {-3}), NumericalFailure);
  const HjbSolution once = solve_hjb(process, grid, terminal, 1, {0});
  BOOST_CHECK_THROW(controlled_process(process, grid, once), std::invalid_argument);
  BOOST_CHECK_THROW(controlled_process(process, axis(3, 10), once), std::invalid_argument);
  // exp(+2 x^2) against a kernel of variance 1: chi is infinite.
  BOOST_CHECK_THROW(solve_hjb(process, grid, formula("-2*x^2"), 1, {0}), NumericalFailure);
}
