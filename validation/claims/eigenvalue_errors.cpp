// SPDX-License-Identifier: GPL-3.0-or-later
// What is called an error of an eigenvalue, beside the true one, by every method: within a factor of 5, both ways. At the
// level of rounding it is a bound.
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <functional>
#include <numbers>
#include <string>
#include <vector>

#include "solver/process/known_processes.hpp"
#include "solver/spectrum/chain/interval_spectrum.hpp"
#include "solver/spectrum/eigen/eigen_solver.hpp"
#include "solver/spectrum/spectrum.hpp"
#include "validation/support/formula_process.hpp"

using namespace umkehr;

namespace {

constexpr double pi = std::numbers::pi;

/// Both ways; what is left at the level of rounding is a bound, though no loose one.
void check(const char* what, const Process& of, const Grid& grid, SpectrumMethod method,
           const std::vector<double>& exact, double rounding = 1e-12) {
  SpectrumChoices choices;
  choices.method = method;
  choices.count = exact.size();
  const Spectrum found = solve_spectrum(of, grid, 0, choices);
  for (std::size_t n = 0; n < exact.size(); ++n) {
    const double wrong = std::abs(found.real[n] - exact[n]);
    BOOST_TEST_MESSAGE(what << ", eigenvalue " << n << " = " << found.real[n] << ": claimed "
                            << found.error[n] << ", true " << wrong);
    BOOST_TEST(found.error[n] > wrong / 5);
    BOOST_TEST(found.error[n] < std::max(5 * wrong, rounding * std::max(1.0, exact[n])));
  }
}

/// The root of f in an interval where it changes sign.
double root(const std::function<double(double)>& f, double low, double high) {
  const bool rises = f(low) < 0;
  for (int n = 0; n < 200; ++n) {
    const double middle = 0.5 * (low + high);
    ((f(middle) < 0) == rises ? low : high) = middle;
  }
  return 0.5 * (low + high);
}

Grid line(double half, std::size_t points) {
  return Grid({{"x", -half, half, points}});
}

}  // namespace

BOOST_AUTO_TEST_CASE(series_of_functions) {
  // -L = omega (n + 1/2) - a/2 with omega^2 = a^2 + q D for F = -a x, V = q x^2/2.
  const auto ladder = [](double a, double q, double d, int count) {
    std::vector<double> all;
    for (int n = 0; n < count; ++n) all.push_back(std::sqrt(a * a + q * d) * (n + 0.5) - a / 2);
    return all;
  };
  const Process killed = formula_process({"-x"}, 0.8, "x^2"),
                dying = formula_process({"-0.2*x"}, 1.3, "2*x^2");
  for (const std::size_t points : {24u, 28u, 32u}) {
    check("Fourier", killed, line(6, points), SpectrumMethod::fourier, ladder(1, 2, 0.8, 3));
    check("Fourier", dying, line(6, points), SpectrumMethod::fourier, ladder(0.2, 4, 1.3, 3));
  }
  for (const std::size_t points : {16u, 20u, 24u}) {
    check("Hermite", killed, line(6, points), SpectrumMethod::hermite, ladder(1, 2, 0.8, 3));
    check("Hermite", dying, line(6, points + 4), SpectrumMethod::hermite, ladder(0.2, 4, 1.3, 3));
  }
  const Process plane = formula_process({"-x+0.3*y", "0.3*x-y"}, 0.5, "0.5*x^2+0.5*y^2");
  const double lowest = (std::sqrt(0.49 + 0.5) + std::sqrt(1.69 + 0.5)) / 2 - 1;
  for (const std::size_t points : {14u, 16u, 18u})
    check("Fourier in the plane", plane, Grid({{"x", -4, 4, points}, {"y", -4, 4, points}}),
          SpectrumMethod::fourier, {lowest});
}

// Poles of V in the complex plane make series slow; right values by finite volumes to rounding, between far walls.
BOOST_AUTO_TEST_CASE(series_that_poles_make_slow) {
  for (const char* killing : {"2/(1+x^2)", "2/(1+(x-1)^2)", "3/(2+x^2)"}) {
    const Process scattered = formula_process({"-x"}, 0.8, killing);
    SpectrumChoices choices;
    choices.method = SpectrumMethod::finite_volume;
    choices.count = 2;
    const Spectrum exact = solve_spectrum(scattered, line(7, 100), 0, choices);
    for (const std::size_t points : {32u, 60u})
      check("Fourier", scattered, line(6, points), SpectrumMethod::fourier, exact.real, 1e-10);
    for (const std::size_t points : {24u, 40u, 60u})
      check("Hermite", scattered, line(6, points), SpectrumMethod::hermite, exact.real, 1e-10);
  }
}

BOOST_AUTO_TEST_CASE(between_walls) {
  for (const SpectrumMethod method : {SpectrumMethod::galerkin, SpectrumMethod::finite_volume})
    for (const double force : {0.5, 2.0, 5.0}) {
      const auto rate = [&](int n) { return force * force / 2 + std::pow(n * pi / 3, 2) / 2; };
      for (const std::size_t points : {16u, 64u})
        check("sedimentation", formula_process({std::to_string(-force)}, 1),
              Grid({{"x", 0, 3, points, Boundary::absorbing}}), method, {rate(1), rate(2)}, 1e-11);
    }
  // V = 40 beyond an edge: k tan(e k) = q tanh((1 - e) q), k^2 = 2 lambda, q^2 = 80 - 2 lambda.
  for (const double edge : {0.3, 0.37, 0.45}) {
    const double exact = root(
        [&](double lambda) {
          const double k = std::sqrt(2 * lambda), q = std::sqrt(80 - 2 * lambda);
          return k * std::tan(edge * k) - q * std::tanh((1 - edge) * q);
        },
        0.1, 0.5 * std::pow(pi / (2 * edge), 2) - 1e-9);
    check("a step of V", formula_process({"0"}, 1, "where(x > " + std::to_string(edge) + ", 40, 0)"),
          Grid({{"x", 0, 1, 64}}), SpectrumMethod::finite_volume, {exact}, 1e-10);
  }
}

// Three resolutions of a series say little of a drift that jumps. Exact by spectral elements between the jumps, elsewhere.
BOOST_AUTO_TEST_CASE(series_across_jumps_and_kinks) {
  struct Case {
    const char* drift;
    double noise;
    std::vector<double> rates;
  };
  for (const Case& c : {Case{"where(x > 0.3, -2, 2)", 1.5, {0, 1.85298417, 2.21636, 3.58444326}},
                        {"-2*abs(x-0.217)", 1, {0, 0.690918616}}}) {
    SpectrumChoices choices;
    choices.method = SpectrumMethod::galerkin;
    choices.count = c.rates.size();
    try {
      const Spectrum found =
          solve_spectrum(formula_process({c.drift}, c.noise), Grid({{"x", -3, 3, 200}}), 0, choices);
      for (std::size_t n = 0; n < c.rates.size(); ++n)
        BOOST_TEST(found.error[n] > std::abs(found.real[n] - c.rates[n]) / 5);
    } catch (const EigenFailure&) {
    }
  }
}

// Two resolutions may agree on a mode by accident. Exact to 1e-6: finite volumes between far walls.
BOOST_AUTO_TEST_CASE(what_is_claimed_by_accident) {
  struct Case {
    Process process;
    SpectrumMethod method;
    double scale;  // of a Hermite basis, 0: none
    std::size_t points;
  };
  for (const Case& c :
       {Case{formula_process({"0.5*x - 0.3*x^3"}, 0.3, "x^2"), SpectrumMethod::hermite, 0, 30},
        Case{formula_process({"-x"}, 0.5, "0.3*x^4"), SpectrumMethod::hermite, 0.7, 30},
        Case{formula_process({"-x + 0.3*abs(x)"}, 0.6), SpectrumMethod::fourier, 0, 90}}) {
    SpectrumChoices choices;
    choices.count = 5;
    choices.method = SpectrumMethod::finite_volume;
    const Spectrum exact = solve_spectrum(c.process, line(7, 1200), 0, choices);
    choices.method = c.method;
    if (c.scale > 0) choices.hermite_scale = {c.scale};
    const Spectrum found = solve_spectrum(c.process, line(6, c.points), 0, choices);
    for (std::size_t n = 0; n < 5; ++n) {
      const double wrong = std::abs(found.real[n] - exact.real[n]);
      BOOST_TEST(exact.error[n] < 1e-5);
      BOOST_TEST_MESSAGE("claimed " << found.error[n] << ", true " << wrong);
      BOOST_TEST(found.error[n] > wrong / 5 - 1e-5);
    }
  }
}

// Three levels that rounding does not rule yet.
BOOST_AUTO_TEST_CASE(a_chain_of_few_cells_claims_little_more_than_it_lacks) {
  const double force = 0.5, exact = force * force / 2 + std::pow(pi / 3, 2) / 2;
  const auto constant = [](double value) {
    return [=](std::span<const double>, std::span<double> out) { std::fill(out.begin(), out.end(), value); };
  };
  const IntervalModes found =
      interval_modes({{"x", 0, 3, 4, Boundary::absorbing}, 1, constant(-force), constant(0)},
                     {.count = 1, .fewest_cells = 4, .cells_a_mode = 4, .max_cells = 10});
  const double wrong = std::abs(found.value[0] - exact);
  BOOST_TEST_MESSAGE("claimed " << found.error[0] << ", true " << wrong);
  BOOST_TEST(found.error[0] > wrong / 5);
  BOOST_TEST(found.error[0] < 50 * wrong);
}
