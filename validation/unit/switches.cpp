// SPDX-License-Identifier: GPL-3.0-or-later
// Formulas that switch: their derivatives know nothing of jumps, so nothing may take them for what their pieces are,
// and steps end where coefficients jump in time.
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>
#include <vector>

#include "solver/bridge/bridge.hpp"
#include "solver/hermite/hermite_generator.hpp"
#include "solver/hjb/hjb.hpp"
#include "solver/kolmogorov/backward_kolmogorov.hpp"
#include "solver/kolmogorov/fokker_planck.hpp"
#include "solver/law/affine.hpp"
#include "solver/process/quasi_potential.hpp"
#include "solver/process/time_jumps.hpp"

using namespace umkehr;

namespace {

Formula formula(const char* text, std::size_t dimension = 1) {
  FormulaNames names;
  names.axes = dimension == 1 ? std::vector<std::string>{"x"} : std::vector<std::string>{"x", "y"};
  return Formula::parse(text, names);
}

Process on_the_line(const char* drift, const char* diffusion, const char* killing = "0") {
  return {{formula(drift)}, {formula(diffusion)}, formula(killing), {}};
}

/// Variance at t of dx = -x dt + sqrt(D) dW with D = early up to the jump and late after it.
double variance(double start, double t, double early, double late, double jump) {
  const auto grown = [](double v, double noise, double length) {
    return noise / 2 + (v - noise / 2) * std::exp(-2 * length);
  };
  if (t <= jump) return grown(start, early, t);
  return grown(grown(start, early, jump), late, t - jump);
}

const char* const turned_down = "where(t < 0.37, 2, 0.2)";

}  // namespace

BOOST_AUTO_TEST_CASE(pieces_are_told_from_the_whole) {
  for (const char* text : {"abs(x)", "max(x, 0)", "min(x, t)", "where(x > 0, x, -x)", "(x > 0)*x",
                           "x + 3*(x <= 1)", "where(x, 1, 2)", "sin(abs(x))", "x*(x == x)"})
    BOOST_TEST(!formula(text).is_smooth(), text);
  for (const char* text :
       {"-x", "x^2/2", "where(t > 1, x, -x)", "x*abs(t)", "max(t, 1)*x", "tanh(9*x)", "exp(-x^2)"})
    BOOST_TEST(formula(text).is_smooth(), text);
  BOOST_TEST(formula("y*abs(x)", 2).is_smooth_along(1));
  BOOST_TEST(!formula("y*abs(x)", 2).is_smooth_along(0));
  for (const char* text : {"abs(x)", "max(x, 2*x)", "min(x^2, 1)"})
    BOOST_TEST(!formula(text).may_jump_along(0), text);
  for (const char* text : {"(x > 0)", "where(x > 0, 1, -1)", "abs(x - (x > 1))"})
    BOOST_TEST(formula(text).may_jump_along(0), text);
}

BOOST_AUTO_TEST_CASE(piecewise_affine_is_not_affine) {
  for (const char* drift : {"where(x > 0, -1, 1)", "-abs(x)", "max(-x, 1)", "-x + (x > 1)", "-min(x, 3)"})
    BOOST_TEST(!AffineProcess::of(on_the_line(drift, "1")), drift);
  for (const char* killing : {"abs(x)", "where(x > 0, x^2, 0)", "(x > 2)", "max(x^2, 1)"})
    BOOST_TEST(!AffineProcess::of(on_the_line("-x", "1", killing)), killing);
  BOOST_TEST(
      AffineProcess::of(on_the_line("-x*where(t < 1, 2, 3)", "1", "where(t < 1, x^2, 0)")).has_value());
}

BOOST_AUTO_TEST_CASE(piecewise_coupling_is_no_gradient_and_no_sum) {
  const Grid plane({{"x", -2, 2, 16}, {"y", -2, 2, 16}});
  const Process shear{
      {formula("-x + (y > 0)", 2), formula("-y", 2)}, {formula("1", 2), formula("1", 2)}, 0.0, {}};
  BOOST_TEST(!QuasiPotential::of(shear, plane));
  const Process killed{
      {formula("-x", 2), formula("-y", 2)}, {formula("1", 2), formula("1", 2)}, formula("(x*y > 0)", 2), {}};
  BOOST_TEST(!axes_are_apart(killed));
}

BOOST_AUTO_TEST_CASE(a_jump_has_no_divergence) {
  BOOST_CHECK_THROW(divergence(on_the_line("where(x > 0, -1, 1)", "1")), std::invalid_argument);
  BOOST_TEST(divergence(on_the_line("-abs(x)", "1"))(std::vector{2.0}, 0.0) == -1);
}

BOOST_AUTO_TEST_CASE(jumps_in_time_are_found_to_the_last_bit) {
  const std::vector<Formula> conditions =
      formula("where(t < 0.37, 2, 0.2)*abs(t - 0.81) + (t >= 0.5)").conditions_in_time();
  const std::vector<TimeJump> jumps = time_jumps(conditions, -1, 3);
  BOOST_TEST_REQUIRE(jumps.size() == 3U);
  BOOST_TEST(jumps[0].after == 0.37);
  BOOST_TEST(jumps[1].after == 0.5);
  BOOST_TEST(jumps[2].before == 0.81);
  for (const TimeJump& jump : jumps)
    BOOST_TEST(std::nextafter(jump.before, std::numeric_limits<double>::infinity()) == jump.after);
  BOOST_TEST(time_jumps(conditions, 0.9, 3).empty());
  BOOST_TEST(time_jumps(formula("where(x > t, 1, 0)").conditions_in_time(), 0, 1).empty());
}

BOOST_AUTO_TEST_CASE(a_short_pulse_is_found) {
  const std::vector<TimeJump> jumps =
      time_jumps(formula("where(abs(t - 0.123456) < 1e-7, 1e7, 0)").conditions_in_time(), 0, 1);
  BOOST_TEST_REQUIRE(jumps.size() == 3U);
  BOOST_TEST(jumps[2].before - jumps[0].after == 2e-7, boost::test_tools::tolerance(1e-8));
}

// Each leg starts or stops on the jump, at it and across it.
BOOST_AUTO_TEST_CASE(the_closed_form_knows_the_jump) {
  const AffineProcess process = AffineProcess::of(on_the_line("-x", turned_down)).value();
  const GaussianMixture start({{1, Eigen::VectorXd::Constant(1, 0.5), Eigen::MatrixXd::Constant(1, 1, 0.2)}});
  for (const double t : {0.2, 0.37, 0.370001, 0.9}) {
    const double expected = variance(0.2, t, 2, 0.2, 0.37);
    BOOST_TEST(process.push(start, 0, t).components()[0].covariance(0, 0) == expected,
               boost::test_tools::tolerance(1e-13));
    const GaussianMixture middle = process.push(start, 0, 0.1);
    BOOST_TEST(process.push(middle, 0.1, t).components()[0].covariance(0, 0) == expected,
               boost::test_tools::tolerance(1e-13));
  }
}

BOOST_AUTO_TEST_CASE(a_pulse_of_killing_is_not_missed) {
  const Process process = on_the_line("-x", "1", "where(abs(t - 0.6) < 1e-6, 5e5*(1 + 0*x), 0)");
  const AffineProcess affine = AffineProcess::of(process).value();
  const GaussianMixture start({{1, Eigen::VectorXd::Zero(1), Eigen::MatrixXd::Identity(1, 1)}});
  BOOST_TEST(affine.push(start, 0, 1).components()[0].weight == std::exp(-1),
             boost::test_tools::tolerance(1e-9));
}

// Every method against the closed form, saved on both sides of the jump.
BOOST_AUTO_TEST_CASE(steps_land_on_jumps) {
  const Process process = on_the_line("-x", turned_down);
  const Grid grid({{"x", -8, 8, 256}});
  const GaussianMixture start({{1, Eigen::VectorXd::Constant(1, 0.5), Eigen::MatrixXd::Constant(1, 1, 0.2)}});
  const std::vector<double> times = {0, 0.3, std::nextafter(0.37, 0), 0.37, 0.5, 1};
  const AffineProcess exact = AffineProcess::of(process).value();
  for (const auto& [method, bound] : {std::pair{Method::fourier, 2e-8},
                                      {Method::hermite, 2e-8},
                                      {Method::path_integral, 2e-8},
                                      {Method::finite_volume, 3e-3}}) {
    KolmogorovChoices choices;
    choices.method = method;
    choices.tolerance = 1e-8;
    const FokkerPlanckSolution run = solve_fokker_planck(process, grid, start, 0, times, choices);
    for (std::size_t n = 0; n < times.size(); ++n) {
      const double v = variance(0.2, times[n], 2, 0.2, 0.37), m = 0.5 * std::exp(-times[n]);
      double worst = 0;
      for (std::size_t i = 0; i < grid.size(); ++i) {
        const double x = grid.axis(0).centre(i) - m;
        const double density = std::exp(-x * x / (2 * v)) / std::sqrt(2 * std::acos(-1.0) * v);
        worst = std::max(worst, std::abs(run.density[n][i] - density));
      }
      BOOST_TEST(worst < bound, "method " << static_cast<int>(method) << " at " << times[n] << ": " << worst);
    }
    const auto crosses = [](const Step& step) { return step.start < 0.37 && step.stop >= 0.37; };
    for (const Step& step : run.run.steps) BOOST_TEST(!crosses(step));
  }
}

// d<P, J>/dt = 0 across the jump, when the forward run's steps are replayed.
BOOST_AUTO_TEST_CASE(the_pairing_survives_jumps) {
  const Process process = on_the_line("-x + 2*(t > 0.2)", turned_down, "where(t < 0.6, x^2, 0)");
  const Grid grid({{"x", -8, 8, 128}});
  const GaussianMixture start({{1, Eigen::VectorXd::Constant(1, 0.5), Eigen::MatrixXd::Constant(1, 1, 0.2)}});
  for (const Method method :
       {Method::finite_volume, Method::fourier, Method::hermite, Method::path_integral}) {
    KolmogorovChoices choices;
    choices.method = method;
    choices.tolerance = 1e-6;
    FokkerPlanckReplay replay;
    const std::vector<double> times = {0, 0.1, std::nextafter(0.37, 0), 0.37, 0.8, 1};
    solve_fokker_planck(process, grid, start, 0, times, choices, {}, &replay);
    const BackwardKolmogorovSolution value = replay_backward_kolmogorov(replay, formula("exp(-x^2/2)"));
    for (const double pairing : value.pairing)
      BOOST_TEST(pairing == value.pairing.back(), boost::test_tools::tolerance(1e-12));
  }
}

// A bridge's running cost, integrated over time, is its divergence by the ends.
BOOST_AUTO_TEST_CASE(a_bridge_pays_on_both_sides_of_a_jump) {
  const GaussianMixture first({{1, Eigen::VectorXd::Constant(1, 0.5), Eigen::MatrixXd::Constant(1, 1, 0.2)}});
  const GaussianMixture last({{1, Eigen::VectorXd::Constant(1, -0.5), Eigen::MatrixXd::Constant(1, 1, 0.3)}});
  const Grid grid({{"x", -8, 8, 256}});
  const Bridge bridge = solve_bridge(on_the_line("-x", turned_down), grid, first, last, 0, 1, {0, 0.37, 1});
  BOOST_TEST(std::abs(bridge.action - bridge.divergence) < 1e-10);
}

// lambda = x^2/2b + c with db/dr = 2b + D, dc/dr = D/2b, r = stop - t, in closed form on each side of the jump.
BOOST_AUTO_TEST_CASE(control_steps_land_on_jumps) {
  double b = 1, c = 0;
  for (const auto& [noise, length] : {std::pair{0.2, 0.63}, {2.0, 0.37}}) {
    const double a = b + noise / 2;
    c += std::log((a - noise / 2 * std::exp(-2 * length)) / b) / 2;
    b = a * std::exp(2 * length) - noise / 2;
  }
  const Grid grid({{"x", -4, 4, 128}});
  for (const HjbMethod method :
       {HjbMethod::log_transform, HjbMethod::spectral, HjbMethod::finite_difference}) {
    HjbChoices choices;
    choices.method = method;
    const HjbSolution solution =
        solve_hjb(on_the_line("-x", turned_down), grid, formula("x^2/2"), 1, {0, 0.37, 1}, choices);
    for (std::size_t i = 0; i < grid.size(); ++i) {
      const double x = grid.axis(0).centre(i);
      BOOST_TEST(std::abs(solution.value[0][i] - (x * x / (2 * b) + c)) < 1e-7);
    }
  }
}
