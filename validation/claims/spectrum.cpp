// SPDX-License-Identifier: GPL-3.0-or-later
// The slowest modes against reference cases R7, the closed forms of Ornstein-Uhlenbeck processes (rates that are sums of
// those of A, killed ones by Mehler's ladder), diffusion between walls and on a circle, and Kramers' formula.
#include "solver/spectrum/spectrum.hpp"

#include <algorithm>
#include <array>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <nlohmann/json.hpp>
#include <numbers>

#include "solver/process/known_processes.hpp"
#include "solver/spectrum/kramers.hpp"
#include "validation/support/affordable.hpp"
#include "validation/support/reference_cases.hpp"

using namespace umkehr;

namespace {

constexpr double pi = std::numbers::pi;

Process process(const std::vector<std::string>& drift, std::vector<double> diffusion,
                const std::string& killing = "0") {
  std::vector<std::string> axes = {"x", "y", "z"};
  axes.resize(drift.size());
  const auto parse = [&](const std::string& text) { return Formula::parse(text, {axes, {}}); };
  Process made;
  for (const std::string& text : drift) made.drift.emplace_back(parse(text));
  for (const double d : diffusion) made.diffusion.emplace_back(d);
  made.killing = parse(killing);
  return made;
}

Grid cube(std::size_t dimension, double half, std::size_t points, Boundary boundary = Boundary::reflecting) {
  const char* names[] = {"x", "y", "z"};
  std::vector<Axis> axes;
  for (std::size_t k = 0; k < dimension; ++k) axes.push_back({names[k], -half, half, points, boundary});
  return Grid(axes);
}

SpectrumChoices by(SpectrumMethod method, std::size_t count) {
  SpectrumChoices choices;
  choices.method = method;
  choices.count = count;
  return choices;
}

void check_rates(const Spectrum& found, const std::vector<double>& exact, double tolerance) {
  BOOST_REQUIRE_GE(found.real.size(), exact.size());
  for (std::size_t n = 0; n < exact.size(); ++n) {
    BOOST_TEST_CONTEXT("eigenvalue " << n << ": " << found.real[n] << " against " << exact[n]) {
      BOOST_TEST(std::abs(found.real[n] - exact[n]) <= tolerance);
      BOOST_TEST(std::abs(found.imaginary[n]) <= tolerance);
    }
  }
}

std::vector<double> reference_rates() {
  std::vector<double> rates;
  for (const auto& entry : reference_cases("R7", "eigenvalue lambda_")) rates.push_back(entry["value"]);
  BOOST_REQUIRE_EQUAL(rates.size(), 6u);
  return rates;
}

}  // namespace

BOOST_AUTO_TEST_CASE(the_double_well_of_r7) {
  const Process well = double_well(0.5);
  const std::vector<double> exact = reference_rates();
  check_rates(solve_spectrum(well, cube(1, 3.5, 128), 0, by(SpectrumMethod::fourier, 6)), exact, 1e-10);
  const Spectrum hermite = solve_spectrum(well, cube(1, 3.5, 160), 0, by(SpectrumMethod::hermite, 6));
  check_rates(hermite, exact, 1e-10);
  BOOST_TEST(hermite.warnings.empty());
}

BOOST_AUTO_TEST_CASE(finite_volumes_of_coupled_axes_are_extrapolated) {
  const Process coupled = process({"-x+0.5*y", "0.5*x-y"}, {0.5, 0.5});  // rates 0.5, 1, 1.5
  std::vector<double> errors;
  for (const std::size_t points : affordable<std::size_t>({96, 160})) {
    const Spectrum found =
        solve_spectrum(coupled, cube(2, 5, points), 0, by(SpectrumMethod::finite_volume, 3));
    BOOST_TEST(std::abs(found.real[0]) <= 1e-12);
    for (const std::size_t n : {1U, 2U}) {
      const double wrong = std::abs(found.real[n] - 0.5 * double(n));
      BOOST_TEST(found.error[n] < 5 * wrong);
      BOOST_TEST(found.error[n] > 0.2 * wrong);
      if (n == 2) errors.push_back(wrong);
    }
  }
  for (std::size_t n = 1; n < errors.size(); ++n)
    BOOST_TEST(std::log(errors[n - 1] / errors[n]) / std::log(160.0 / 96) >= 3.5);
}

BOOST_AUTO_TEST_CASE(eigenfunctions_of_ornstein_and_uhlenbeck_are_hermite_polynomials) {
  const Process ou = process({"-0.7*x"}, {1.3});
  const double variance = 1.3 / 1.4;
  const Grid grid = cube(1, 9, 120);
  for (const SpectrumMethod method : {SpectrumMethod::fourier, SpectrumMethod::hermite}) {
    const Spectrum found = solve_spectrum(ou, grid, 0, by(method, 4));
    check_rates(found, {0, 0.7, 1.4, 2.1}, 1e-10);
    for (std::size_t i = 0; i < grid.size(); ++i) {
      const double z = grid.axis(0).centre(i) / std::sqrt(variance);
      if (std::abs(z) > 5) continue;
      BOOST_TEST(std::abs(found.function[0][i] - 1) <= 1e-8);
      BOOST_TEST(std::abs(found.function[1][i] - z) <= 1e-7);
      BOOST_TEST(std::abs(found.function[2][i] - (z * z - 1) / std::sqrt(2.0)) <= 1e-6);
    }
  }
}

BOOST_AUTO_TEST_CASE(killing_of_either_sign_moves_the_ladder) {
  // -L = omega (n + 1/2) - a/2 + c with omega^2 = a^2 + q D for F = -a x, V = q x^2/2 + c.
  for (const auto& [q, c] : {std::pair{2.0, 0.0}, std::pair{1.5, -3.0}, std::pair{-0.4, 0.5}}) {
    const Process killed = process({"-1.0*x"}, {0.8}, std::to_string(q) + "*x^2/2+" + std::to_string(c));
    const double omega = std::sqrt(1 + q * 0.8);
    std::vector<double> exact;
    for (int n = 0; n < 4; ++n) exact.push_back(omega * (n + 0.5) - 0.5 + c);
    check_rates(solve_spectrum(killed, cube(1, 8, 128), 0, by(SpectrumMethod::fourier, 4)), exact, 1e-10);
    check_rates(solve_spectrum(killed, cube(1, 8, 96), 0, by(SpectrumMethod::hermite, 4)), exact, 1e-9);
  }
}

BOOST_AUTO_TEST_CASE(a_rotating_drift_has_complex_rates) {
  // A = -a + rotation omega: eigenvalues n a + (n - 2 m) i omega.
  const Process rotating = process({"-0.5*x-1.2*y", "1.2*x-0.5*y"}, {1, 1});
  for (const auto& [method, points] : {std::pair{SpectrumMethod::hermite, std::size_t{18}},
                                       std::pair{SpectrumMethod::fourier, std::size_t{32}}}) {
    const Spectrum found = solve_spectrum(rotating, cube(2, 7, points), 0, by(method, 3));
    const double tolerance = method == SpectrumMethod::hermite ? 1e-10 : 1e-5;
    BOOST_REQUIRE_EQUAL(found.real.size(), 3u);
    BOOST_TEST(std::abs(found.real[0]) <= tolerance);
    for (const std::size_t n : {1u, 2u}) {
      BOOST_TEST(std::abs(found.real[n] - 0.5) <= tolerance);
      BOOST_TEST(std::abs(std::abs(found.imaginary[n]) - 1.2) <= tolerance);
    }
    BOOST_TEST(found.imaginary[1] == -found.imaginary[2]);
  }
  // One more is given where a pair would be cut.
  BOOST_TEST(solve_spectrum(rotating, cube(2, 7, 20), 0, by(SpectrumMethod::hermite, 2)).real.size() == 3u);
}

BOOST_AUTO_TEST_CASE(two_and_three_dimensions_with_a_noise_for_each_axis) {
  check_rates(
      solve_spectrum(process({"-x", "-1.7*y"}, {1, 0.6}), cube(2, 6, 44), 0, by(SpectrumMethod::fourier, 5)),
      {0, 1, 1.7, 2, 2.7}, 1e-8);
  check_rates(solve_spectrum(process({"x-x^3", "-y"}, {0.5, 0.5}), cube(2, 4.5, 46), 0,
                             by(SpectrumMethod::fourier, 3)),
              {0, reference_rates()[1], 1}, 1e-8);
  check_rates(solve_spectrum(process({"-x", "-1.5*y", "-2.2*z"}, {1, 0.8, 1}), cube(3, 4, 12), 0,
                             by(SpectrumMethod::hermite, 4)),
              {0, 1, 1.5, 2}, 1e-9);
  check_rates(solve_spectrum(process({"-x", "-1.5*y", "-2.2*z"}, {1, 0.8, 1}), cube(3, 3.7, 13), 0,
                             by(SpectrumMethod::fourier, 3)),
              {0, 1, 1.5}, 1e-4);
}

BOOST_AUTO_TEST_CASE(circles) {
  const double d = 0.7;
  const Process free = process({"0"}, {d});
  const auto rate = [&](double wavenumber) { return d / 2 * wavenumber * wavenumber; };
  check_rates(solve_spectrum(free, cube(1, 1.5, 31, Boundary::periodic), 0, by(SpectrumMethod::fourier, 5)),
              {0, rate(2 * pi / 3), rate(2 * pi / 3), rate(4 * pi / 3), rate(4 * pi / 3)}, 1e-11);
  const Process drifting = process({"0.9"}, {d});  // not the gradient of anything on a circle
  const Spectrum found =
      solve_spectrum(drifting, cube(1, 1.5, 32, Boundary::periodic), 0, by(SpectrumMethod::fourier, 3));
  BOOST_TEST(std::abs(found.real[1] - rate(2 * pi / 3)) <= 1e-10);
  BOOST_TEST(std::abs(std::abs(found.imaginary[1]) - 0.9 * 2 * pi / 3) <= 1e-10);
}

BOOST_AUTO_TEST_CASE(escape_slows_down_as_kramers_says) {
  // lambda_1 -> 2 k, k = sqrt(2)/(2 pi) exp(-1/(2 D)); corrections are of first order in D.
  std::vector<double> deviations;
  for (const double d : {0.12, 0.06, 0.03}) {
    const double exact =
        solve_spectrum(double_well(d), cube(1, 2.2, 160), 0, by(SpectrumMethod::fourier, 2)).real[1];
    const double kramers = std::sqrt(2.0) / pi * std::exp(-1 / (2 * d));
    const std::vector<double> found = kramers_rates(double_well(d), cube(1, 2.2, 160), 0);
    BOOST_REQUIRE_EQUAL(found.size(), 1u);
    BOOST_TEST(std::abs(found[0] / kramers - 1) <= 1e-12);
    deviations.push_back(std::abs(exact / kramers - 1));
  }
  BOOST_TEST(deviations[2] < 0.05);
  for (const std::size_t n : {1u, 2u}) {
    const double ratio = deviations[n - 1] / deviations[n];
    BOOST_TEST(ratio > 1.6);
    BOOST_TEST(ratio < 2.6);
  }
}

BOOST_AUTO_TEST_CASE(kramers_on_wells_that_are_not_alike) {
  // Minima and barrier of x^4/4 - x^2/2 + x/10 from the trigonometric roots of the cubic.
  const auto place = [](int n) {
    return 2 / std::sqrt(3.0) * std::cos(std::acos(-0.15 * std::sqrt(3.0)) / 3 - 2 * pi * n / 3);
  };
  std::array<double, 3> x = {place(0), place(1), place(2)};
  std::sort(x.begin(), x.end());
  const auto u = [](double z) { return z * z * z * z / 4 - z * z / 2 + z / 10; };
  const auto bend = [](double z) { return std::abs(3 * z * z - 1); };
  std::vector<double> deviations;
  for (const double d : {0.06, 0.03, 0.015}) {
    const auto hop = [&](double from) {
      return std::sqrt(bend(from) * bend(x[1])) / (2 * pi) * std::exp(-2 * (u(x[1]) - u(from)) / d);
    };
    const Process tilted = process({"x-x^3-0.1"}, {d});
    const std::vector<double> found = kramers_rates(tilted, cube(1, 2.2, 160), 0);
    BOOST_REQUIRE_EQUAL(found.size(), 1U);
    BOOST_TEST(std::abs(found[0] / (hop(x[0]) + hop(x[2])) - 1) <= 1e-11);
    const Spectrum exact = solve_spectrum(tilted, cube(1, 2.2, 160), 0, by(SpectrumMethod::finite_volume, 2));
    deviations.push_back(std::abs(exact.real[1] / found[0] - 1));
  }
  for (const std::size_t n : {1U, 2U}) BOOST_TEST(std::abs(deviations[n - 1] / deviations[n] - 2) < 0.5);
}

BOOST_AUTO_TEST_CASE(kramers_on_three_wells) {
  // F = -0.3 x (x^2 - 1)(x^2 - 4): wells at 0 and +-2, barriers at +-1; a chain of three hops at k (out of the outer
  // wells) and at j (out of the inner one, each way) relaxes at k and at k + 2 j.
  std::vector<double> deviations;
  for (const double d : {0.1, 0.05, 0.025}) {
    const double k = std::sqrt(7.2 * 1.8) / (2 * pi) * std::exp(-2 * 0.675 / d),
                 j = std::sqrt(1.2 * 1.8) / (2 * pi) * std::exp(-2 * 0.275 / d);
    const Process wells = process({"-0.3*x*(x^2-1)*(x^2-4)"}, {d});
    const std::vector<double> found = kramers_rates(wells, cube(1, 3, 240), 0);
    BOOST_REQUIRE_EQUAL(found.size(), 2U);
    BOOST_TEST(std::abs(found[0] / k - 1) <= 1e-9);
    BOOST_TEST(std::abs(found[1] / (k + 2 * j) - 1) <= 1e-11);
    const Spectrum exact = solve_spectrum(wells, cube(1, 3, 240), 0, by(SpectrumMethod::finite_volume, 3));
    deviations.push_back(std::abs(exact.real[2] / found[1] - 1));
    BOOST_TEST(std::abs(exact.real[1] / found[0] - 1) < 5 * d);
  }
  for (const std::size_t n : {1U, 2U}) BOOST_TEST(std::abs(deviations[n - 1] / deviations[n] - 2) < 0.6);
  // Where no two hops are alike the sum and the product of the two rates are those of the chain.
  const auto u = [](double x) {  // F = -0.3 (x + 2)(x + 0.9) x (x - 1.2)(x - 2.2)
    return 0.3 * x * x * (2.376 + x * (0.512 + x * (-1.355 + x * (-0.1 + x / 6))));
  };
  const double zero[] = {-2, -0.9, 0, 1.2, 2.2}, d = 0.3;
  const auto hop = [&](std::size_t from, std::size_t over) {
    double bends = 1 / (4 * pi * pi);
    for (const std::size_t a : {from, over})
      for (std::size_t b = 0; b < 5; ++b) bends *= b == a ? 0.3 : std::abs(zero[a] - zero[b]);
    return std::sqrt(bends) * std::exp(-2 * (u(zero[over]) - u(zero[from])) / d);
  };
  const double right = hop(0, 1), back = hop(2, 1), on = hop(2, 3), left = hop(4, 3);
  const std::vector<double> unlike =
      kramers_rates(process({"-0.3*(x+2)*(x+0.9)*x*(x-1.2)*(x-2.2)"}, {d}), cube(1, 3, 240), 0);
  BOOST_REQUIRE_EQUAL(unlike.size(), 2U);
  BOOST_TEST(std::abs((unlike[0] + unlike[1]) / (right + back + on + left) - 1) < 1e-9);
  BOOST_TEST(std::abs(unlike[0] * unlike[1] / (right * on + right * left + back * left) - 1) < 1e-9);
  // Losses are none of the formula's.
  BOOST_TEST(kramers_rates(process({"x-x^3"}, {0.1}, "0.1"), cube(1, 2.2, 160), 0).empty());
  BOOST_TEST(kramers_rates(process({"x-x^3"}, {0.1}), cube(1, 2.2, 160, Boundary::absorbing), 0).empty());
}

BOOST_AUTO_TEST_CASE(what_does_not_fit_is_refused) {
  BOOST_CHECK_THROW(solve_spectrum(double_well(0.5), cube(1, 3, 20), 0, by(SpectrumMethod::fourier, 0)),
                    std::invalid_argument);
  BOOST_CHECK_THROW(solve_spectrum(double_well(0.5), cube(1, 3, 20), 0, by(SpectrumMethod::hermite, 19)),
                    std::invalid_argument);
  BOOST_CHECK_THROW(
      solve_spectrum(process({"-y", "x"}, {1, 1}), cube(2, 3, 100), 0, by(SpectrumMethod::fourier, 2)),
      std::invalid_argument);
  BOOST_CHECK_THROW(solve_spectrum(double_well(0.5), cube(2, 3, 20), 0), std::invalid_argument);
}
