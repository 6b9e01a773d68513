// SPDX-License-Identifier: GPL-3.0-or-later
// The slowest modes between walls, against closed forms, roots of transcendental equations, and passage times by
// quadrature: walls are kept to ten digits, small rates to all digits of the quadrature, and what cannot be is refused.
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <functional>
#include <numbers>

#include "solver/process/known_processes.hpp"
#include "solver/spectrum/spectrum.hpp"
#include "validation/support/formula_process.hpp"

using namespace umkehr;

namespace {

constexpr double pi = std::numbers::pi;

Grid line(double from, double to, std::size_t points, Boundary boundary = Boundary::reflecting) {
  return Grid({{"x", from, to, points, boundary}});
}

Spectrum modes(const Process& of, const Grid& grid, std::size_t count, SpectrumMethod method) {
  SpectrumChoices choices;
  choices.method = method;
  choices.count = count;
  return solve_spectrum(of, grid, 0, choices);
}

Spectrum modes(const Process& of, const Grid& grid, std::size_t count) {
  return modes(of, grid, count, usual_spectrum_method(of, grid, 0));
}

/// Values, and the estimates of their errors where those exceed `rounding` of them.
void check(const Spectrum& found, const std::vector<double>& exact, double tolerance = 1e-11) {
  BOOST_TEST_REQUIRE(found.real.size() == exact.size());
  for (std::size_t n = 0; n < exact.size(); ++n) {
    const double wrong = std::abs(found.real[n] - exact[n]);
    BOOST_TEST_CONTEXT("eigenvalue " << n << ": " << found.real[n] << " for " << exact[n] << ", wrong by "
                                     << wrong << ", estimated " << found.error[n]) {
      BOOST_TEST(wrong <= tolerance * std::max(exact[n], exact[1]));
      BOOST_TEST(found.error[n] >= 0.2 * wrong);
      BOOST_TEST(found.error[n] <= std::max(5 * wrong, tolerance * std::max(exact[n], exact[1])));
    }
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

/// 1/lambda of the slowest mode between a reflecting wall and an absorbing point, up to a share lambda/lambda_2:
/// 2/D int exp(Phi(y)) M(y)^2 dy / M(to), M the integral of exp(-Phi) up to y. Simpson's rule.
double mean_passage_time(const std::function<double(double)>& potential, double d, double from, double to) {
  constexpr int pieces = 40'000;
  const double h = (to - from) / pieces;
  const auto density = [&](double x) { return std::exp(-2 * potential(x) / d); };
  double mass = 0, time = 0;
  std::vector<double> inside = {0};
  for (int n = 0; n < pieces; ++n) {
    const double x = from + n * h;
    mass += h / 6 * (density(x) + 4 * density(x + h / 2) + density(x + h));
    inside.push_back(mass);
  }
  for (int n = 0; n <= pieces; n += 1) {
    const double x = from + n * h, m = inside[static_cast<std::size_t>(n)];
    time += h / 3 * (n == 0 || n == pieces ? 1 : n % 2 == 1 ? 4 : 2) * m * m / density(x);
  }
  return 2 / d * time / mass;
}

}  // namespace

BOOST_AUTO_TEST_CASE(diffusion_between_walls) {
  for (const SpectrumMethod method : {SpectrumMethod::finite_volume, SpectrumMethod::galerkin})
    for (const std::size_t points : {8U, 37U, 200U}) {
      const auto rate = [](int n) { return pi * pi * n * n / 2; };
      check(modes(formula_process({"0"}, 1), line(0, 1, points), 4, method),
            {rate(0), rate(1), rate(2), rate(3)});
      check(modes(formula_process({"0"}, 1), line(0, 1, points, Boundary::absorbing), 4, method),
            {rate(1), rate(2), rate(3), rate(4)});
      // Killing that is the same everywhere shifts all, whatever its sign.
      check(modes(formula_process({"0"}, 1, "-3"), line(0, 1, points, Boundary::absorbing), 2, method),
            {rate(1) - 3, rate(2) - 3});
    }
}

BOOST_AUTO_TEST_CASE(sedimentation_between_walls) {
  // F = -2, D = 1: phi = exp(2 z) times a sine or so, lambda = F^2/(2 D) + D k^2/2.
  const auto rate = [](int n) { return 2 + pi * pi * n * n / 18; };
  for (const SpectrumMethod method : {SpectrumMethod::finite_volume, SpectrumMethod::galerkin}) {
    check(modes(formula_process({"-2"}, 1), line(0, 3, 200), 4, method), {0, rate(1), rate(2), rate(3)});
    check(modes(formula_process({"-2"}, 1), line(0, 3, 200, Boundary::absorbing), 3, method),
          {rate(1), rate(2), rate(3)});
  }
}

BOOST_AUTO_TEST_CASE(an_entrance_boundary_is_no_wall_that_is_met) {
  // The radius of a Brownian motion in the plane, reflected at one: zeros of J_1, squared.
  const double first = 3.8317059702075123, second = 7.0155866698156188;
  check(modes(formula_process({"1/x"}, 2), line(0, 1, 100), 3), {0, first * first, second * second});
}

BOOST_AUTO_TEST_CASE(drifts_and_killings_that_jump) {
  // Odd modes of F = -c sign(x): exp(c x) sin(k x) with tan k = -k/c; the jump lies within a cell or between two.
  const double c = 1.5;
  for (const std::size_t points : {40U, 41U}) {
    const Spectrum found = modes(formula_process({"where(x > 0, -1.5, 1.5)"}, 1), line(-1, 1, points), 4);
    for (const int n : {0, 1}) {
      const double k = root([&](double z) { return std::sin(z) + z / c * std::cos(z); },
                            (n + 0.5) * pi + 1e-9, (n + 1) * pi),
                   exact = c * c / 2 + k * k / 2;
      BOOST_TEST(std::abs(found.real[static_cast<std::size_t>(2 * n + 1)] / exact - 1) < 1e-10);
    }
  }
  // V = 40 beyond 0.3: k tan(0.3 k) = q tanh(0.7 q), k^2 = 2 lambda, q^2 = 80 - 2 lambda.
  const double exact = root(
      [](double lambda) {
        const double k = std::sqrt(2 * lambda), q = std::sqrt(80 - 2 * lambda);
        return k * std::tan(0.3 * k) - q * std::tanh(0.7 * q);
      },
      0.1, 0.5 * std::pow(pi / 0.6, 2) - 1e-9);
  const Spectrum killed = modes(formula_process({"0"}, 1, "where(x > 0.3, 40, 0)"), line(0, 1, 64), 2);
  BOOST_TEST(std::abs(killed.real[0] / exact - 1) < 1e-10);
}

BOOST_AUTO_TEST_CASE(rates_of_weak_noise_keep_their_digits) {
  const auto well = [](double x) { return x * x * x * x / 4 - x * x / 2; };
  for (const auto& [d, known] :
       {std::pair{0.01, 8.6162e-23}, {0.0125, 1.89412e-18}, {0.015, 1.48539e-15}, {0.02, 6.15465e-12}}) {
    const Spectrum found = modes(double_well(d), line(-2, 2, 400), 4);
    // By symmetry the barrier's top absorbs the slowest mode.
    const double exact = 1 / mean_passage_time(well, d, -2, 0);
    BOOST_TEST(found.real[0] == 0);
    BOOST_TEST(std::abs(found.real[1] / known - 1) < 1e-5);
    BOOST_TEST(std::abs(found.real[1] / exact - 1) < 1e-9);
    BOOST_TEST(found.error[1] < 1e-12 * exact);
    // The modes within the wells come in pairs, whose functions share nothing.
    double overlap = 0, square = 0;
    for (std::size_t i = 0; i < 400; ++i) {
      const double w = std::exp(-2 * (well(-2 + 0.01 * (double(i) + 0.5)) + 0.25) / d);
      overlap += w * found.function[2][i] * found.function[3][i];
      square += w;
    }
    BOOST_TEST(std::abs(overlap / square) < 1e-3);
  }
  // A single way out, over a tilted barrier.
  const auto tilted = [&](double x) { return well(x) + 0.1 * x; };
  const double d = 0.02, exact = 1 / mean_passage_time(tilted, d, -2, 0.5);
  Grid way_out = line(-2, 0.5, 300, Boundary::absorbing);
  const Spectrum found = modes(formula_process({"x-x^3-0.1"}, d), way_out, 1);
  BOOST_TEST(std::abs(found.real[0] / exact - 1) < 1e-6);
}

BOOST_AUTO_TEST_CASE(walls_that_nothing_reaches_and_walls_that_weak_noise_reaches) {
  // F = -x^3 on a thousand widths of the well is what it is on ten.
  const Spectrum wide = modes(formula_process({"-x^3"}, 1), line(-100, 100, 100), 3),
                 narrow = modes(formula_process({"-x^3"}, 1), line(-4, 4, 120), 3, SpectrumMethod::galerkin);
  for (const std::size_t n : {1U, 2U}) BOOST_TEST(std::abs(wide.real[n] / narrow.real[n] - 1) < 1e-11);
  // A shallow well beside one that is deeper by many hundreds of D stays: its own rates, and its escape.
  const Spectrum pair = modes(formula_process({"x-x^3-0.3"}, 0.0008), line(-3, 3, 200), 3);
  BOOST_TEST(pair.real[0] == 0);
  BOOST_TEST(pair.real[1] > 0);
  BOOST_TEST(pair.error[1] < 1e-9 * pair.real[1]);
  // Under one force everywhere exp(-Phi) falls by 1200, but the modes reach both walls.
  for (const Boundary wall : {Boundary::reflecting, Boundary::absorbing}) {
    const Spectrum found = modes(formula_process({"-2"}, 0.01), line(0, 3, 100, wall), 3);
    const int first = wall == Boundary::reflecting ? 0 : 1;
    for (int n = 1; n < 3; ++n) {
      const double exact = 200 + 0.005 * std::pow(n * pi / 3, 2);
      const auto place = static_cast<std::size_t>(n - first);
      BOOST_TEST(std::abs(found.real[place] - exact) < 1e-8 * exact);
      BOOST_TEST(std::abs(found.real[place] - exact) < 5 * found.error[place]);
    }
  }
}

BOOST_AUTO_TEST_CASE(what_is_not_settled_is_refused) {
  const auto is_refused = [](const Process& of, const Grid& grid, SpectrumMethod method) {
    BOOST_CHECK_THROW(modes(of, grid, 3, method), std::runtime_error);
  };
  is_refused(formula_process({"0"}, 1), line(0, 1, 200),
             SpectrumMethod::fourier);  // walls are not on the line
  is_refused(formula_process({"-x"}, 1), line(-2, 2, 60), SpectrumMethod::fourier);
  is_refused(double_well(0.01), line(-2, 2, 400), SpectrumMethod::fourier);  // rounding
  is_refused(double_well(0.02), line(-2, 2, 200), SpectrumMethod::galerkin);
  is_refused(double_well(0.0005), line(-2, 2, 400), SpectrumMethod::finite_volume);  // below all numbers
  const Grid plane({{"x", -2.2, 2.2, 96}, {"y", -2.2, 2.2, 96}});
  const Process cycle = formula_process({"x-6*y-x*(x^2+y^2)", "6*x+y-y*(x^2+y^2)"}, 0.2);
  is_refused(cycle, plane, SpectrumMethod::finite_volume);
  const Spectrum found = modes(cycle, plane, 3);
  BOOST_TEST(std::abs(found.real[1] - 0.132197) < 1e-6);
  BOOST_TEST(found.condition[1] > 1);
}

BOOST_AUTO_TEST_CASE(a_line_that_is_cut_off_knows_by_how_much) {
  for (const double half : {4.0, 4.5}) {
    const Spectrum found =
        modes(formula_process({"-x"}, 1), line(-half, half, 60), 3, SpectrumMethod::fourier);
    for (const std::size_t n : {1U, 2U}) {
      const double wrong = std::abs(found.real[n] - static_cast<double>(n));
      BOOST_TEST(found.error[n] > 0.2 * wrong);
      BOOST_TEST(found.error[n] < 5 * wrong);
    }
  }
}

BOOST_AUTO_TEST_CASE(eigenfunctions_at_walls) {
  const auto check_function = [](const std::vector<double>& found, const Grid& grid,
                                 const std::function<double(double)>& exact, double tolerance) {
    for (std::size_t i = 0; i < grid.size(); ++i)
      BOOST_TEST(std::abs(found[i] - exact(grid.axis(0).centre(i))) <= tolerance);
  };
  const double root_two = std::numbers::sqrt2;
  for (const SpectrumMethod method : {SpectrumMethod::finite_volume, SpectrumMethod::galerkin}) {
    const Grid box = line(0, 1, 25), sink = line(0, 1, 25, Boundary::absorbing), deep = line(0, 3, 30);
    const Spectrum held = modes(formula_process({"0"}, 1), box, 3, method),
                   lost = modes(formula_process({"0"}, 1), sink, 3, method),
                   settled = modes(formula_process({"-2"}, 1), deep, 2, method);
    check_function(
        held.function[0], box, [](double) { return 1; }, 1e-9);
    for (const int n : {1, 2}) {
      const double sign = n == 1 ? -1 : 1;
      check_function(
          held.function[static_cast<std::size_t>(n)], box,
          [&](double x) { return sign * root_two * std::cos(n * pi * x); }, 1e-9);
      check_function(
          lost.function[static_cast<std::size_t>(n)], sink,
          [&](double x) { return sign * root_two * std::sin((n + 1) * pi * x); }, 1e-9);
    }
    // int phi^2 exp(-4 z) = int exp(-4 z): phi = a exp(2 z) (sin k z - k/2 cos k z), k = pi/3, flat at both walls.
    const double k = pi / 3, a = std::sqrt((1 - std::exp(-12.0)) / 4 / (1.5 * (1 + k * k / 4)));
    const double sign = settled.function[1].back() > 0 ? 1 : -1;
    check_function(
        settled.function[0], deep, [](double) { return 1; }, 1e-8);
    check_function(
        settled.function[1], deep,
        [&](double z) { return sign * a * std::exp(2 * z) * (std::sin(k * z) - k / 2 * std::cos(k * z)); },
        1e-6);
  }
}

BOOST_AUTO_TEST_CASE(axes_that_do_not_act_on_each_other) {
  // Weak noise in the plane: the digits of the axis stay.
  const double slow = modes(double_well(0.02), line(-2, 2, 60), 2).real[1];
  const Grid plane({{"x", -2, 2, 60}, {"y", -2, 2, 60}});
  const Spectrum found = modes(formula_process({"x-x^3", "-y"}, 0.02, "0.5*y^2"), plane, 3);
  const double lowest = 0.5 * (std::sqrt(1 + 0.02) - 1);
  BOOST_TEST(std::abs(found.real[0] / lowest - 1) < 1e-11);
  const Spectrum kept = modes(formula_process({"x-x^3", "-y"}, 0.02), plane, 3);
  BOOST_TEST(std::abs(kept.real[1] / slow - 1) < 1e-12);
  BOOST_TEST(std::abs(kept.function[1][0] + 1) < 1e-6);  // odd in x, and all of y alike
  BOOST_TEST(std::abs(kept.function[1].back() - 1) < 1e-6);
  // Far from the walls, in wells a hundredth of the axis wide.
  check(modes(formula_process({"-100*x", "-100*y"}, 1), Grid({{"x", -5, 5, 60}, {"y", -5, 5, 60}}), 4),
        {0, 100, 100, 200});
  // A killing whose mixed derivative vanishes nearly everywhere is no sum.
  const Process corner = formula_process({"-x", "-y"}, 0.5, "(x > 0)*(y > 0)");
  BOOST_TEST((usual_spectrum_method(corner, plane, 0) == SpectrumMethod::galerkin));
}

BOOST_AUTO_TEST_CASE(boxes_in_the_plane_and_in_space) {
  const auto rate = [](double n, double length) { return std::pow(n * pi / length, 2) / 2; };
  const Grid box({{"x", 0, 1, 20}, {"y", 0, 1.5, 24, Boundary::absorbing}});
  const Spectrum found = modes(formula_process({"0", "0"}, 1), box, 3);
  check(found, {rate(1, 1.5), rate(1, 1) + rate(1, 1.5), rate(2, 1.5)});
  for (std::size_t i = 0; i < 20; ++i)
    for (std::size_t j = 0; j < 24; ++j) {
      const double x = box.axis(0).centre(i), y = box.axis(1).centre(j);
      BOOST_TEST(std::abs(found.function[1][24 * i + j] + 2 * std::cos(pi * x) * std::sin(pi * y / 1.5)) <
                 1e-9);
    }
  const Grid tube(
      {{"x", 0, 1, 20}, {"y", -pi, pi, 20, Boundary::periodic}, {"z", 0, 0.7, 20, Boundary::absorbing}});
  check(modes(formula_process({"-1", "0", "0.5"}, 1), tube, 3),
        {0.125 + rate(1, 0.7), 0.5 + 0.125 + rate(1, 0.7), 0.5 + 0.125 + rate(1, 0.7)}, 1e-9);
  // A drift that is no gradient: the flow round a circle leaves what depends on the radius alone as it is.
  const Process stirred = formula_process({"-x-3*y", "3*x-y"}, 1);
  const Spectrum swirl = modes(stirred, Grid({{"x", -5, 5, 30}, {"y", -5, 5, 30}}), 4);
  for (const std::size_t n : {1U, 2U}) {
    BOOST_TEST(std::abs(swirl.real[n] - 1) < 1e-6);
    BOOST_TEST(std::abs(std::abs(swirl.imaginary[n]) - 3) < 1e-6);
  }
}
