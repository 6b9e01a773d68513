// SPDX-License-Identifier: GPL-3.0-or-later
// Bridges of gradient drifts along several axes. Of Benes' drift F = D k tanh(k s) n, s = n.x, the transition density is
// that of Brownian motion times cosh(k s_f) / cosh(k s_i) exp(-D k^2 t / 2): the same bridges, at another cost. Where axes
// do not couple, nor the ends, the divergence is the sum of those of the axes, by the propagators of one axis.
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <numbers>

#include "grids/quadrature.hpp"
#include "solver/bridge/bridge.hpp"
#include "solver/bridge/gaussian_bridge.hpp"
#include "solver/process/known_processes.hpp"
#include "validation/support/affordable.hpp"

using namespace umkehr;

namespace {

constexpr double noise = 0.8, slope = 1.2;

/// Along the diagonal.
Process benes(std::size_t axes) {
  FormulaNames names{{"x", "y", "z"}, {}};
  names.axes.resize(axes);
  const std::string root = "sqrt(" + std::to_string(axes) + ")", sum = axes == 1   ? "x"
                                                                       : axes == 2 ? "(x+y)"
                                                                                   : "(x+y+z)";
  Process process;
  process.drift.assign(axes,
                       Formula::parse("0.8*1.2/" + root + "*tanh(1.2*" + sum + "/" + root + ")", names));
  process.diffusion.assign(axes, noise);
  return process;
}

Gaussian gaussian(double mean, double variance) {
  return {1, Eigen::VectorXd::Constant(1, mean), Eigen::MatrixXd::Constant(1, 1, variance)};
}

/// E[ln cosh(k s)] of a Gaussian, by the midpoint rule.
double mean_log_cosh(const Gaussian& law) {
  const auto d = static_cast<double>(law.mean.size());
  const double mean = law.mean.sum() / std::sqrt(d), deviation = std::sqrt(law.covariance.sum() / d);
  double sum = 0;
  constexpr double step = 0.01;
  for (double z = -9 + step / 2; z < 9; z += step)
    sum += std::exp(-0.5 * z * z) * std::log(std::cosh(slope * (mean + deviation * z))) * step;
  return sum / std::sqrt(2 * std::numbers::pi);
}

struct Off {
  double divergence, divergence_claimed, action, claimed, density;
};

Off benes_bridge(const Grid& grid, const Gaussian& from, const Gaussian& to, double start, double stop) {
  BridgeChoices choices;
  choices.method = BridgeMethod::propagator;
  choices.propagator = PropagatorMethod::sliced;
  const double middle = 0.5 * (start + stop);
  const Bridge bridge = solve_bridge(benes(grid.dimension()), grid, GaussianMixture({from}),
                                     GaussianMixture({to}), start, stop, {start, middle, stop}, choices);
  const GaussianBridge brownian_bridge(*AffineProcess::of(brownian(noise, grid.dimension())), from, to, start,
                                       stop);
  const double exact = brownian_bridge.divergence() - mean_log_cosh(to) + mean_log_cosh(from) +
                       0.5 * noise * slope * slope * (stop - start);
  std::vector<double> density(grid.size());
  GaussianMixture({brownian_bridge.density(middle)}).density(grid.centres(), density);
  BOOST_TEST(bridge.marginal_error <= 1e-12);
  const Off off{std::abs(bridge.divergence - exact), bridge.divergence_error, std::abs(bridge.action - exact),
                bridge.action_error, relative_l1(bridge.density[1], density)};
  BOOST_TEST_MESSAGE("divergence off by " << off.divergence << ", claimed " << bridge.divergence_error
                                          << ", action by " << off.action << ", claimed " << off.claimed
                                          << ", density by " << off.density);
  return off;
}

}  // namespace

BOOST_AUTO_TEST_CASE(benes_in_the_plane) {
  const std::size_t points = is_sanitized ? 48 : 80;
  const Grid grid({{"x", -4.5, 4.5, points}, {"y", -4.5, 4.5, points}});
  const Gaussian from{1, Eigen::Vector2d(-0.6, 0.2), Eigen::Matrix2d{{0.2, 0.05}, {0.05, 0.15}}},
      to{1, Eigen::Vector2d(0.8, -0.1), Eigen::Matrix2d{{0.25, -0.1}, {-0.1, 0.3}}};
  const Off off = benes_bridge(grid, from, to, 0.3, 1.2);
  BOOST_TEST(off.divergence < 1e-8);
  BOOST_TEST(off.density < 1e-6);
  BOOST_TEST(off.action < 1e-6);
}

// So wide an axis resolves few slices of the propagator, and what these lack is all that is wrong.
BOOST_AUTO_TEST_CASE(benes_on_a_wide_axis_tells_what_its_slices_lack) {
  BridgeChoices choices;
  choices.method = BridgeMethod::propagator;
  choices.propagator = PropagatorMethod::sliced;
  const double start = 0.3, stop = 10.3;
  const Gaussian from = gaussian(-2, 11), to = gaussian(2.7, 13);
  const GaussianBridge brownian_bridge(*AffineProcess::of(brownian(noise)), from, to, start, stop);
  const double exact = brownian_bridge.divergence() - mean_log_cosh(to) + mean_log_cosh(from) +
                       0.5 * noise * slope * slope * (stop - start);
  const Bridge bridge = solve_bridge(benes(1), Grid({{"x", -50, 50, 150}}), GaussianMixture({from}),
                                     GaussianMixture({to}), start, stop, {start, stop}, choices);
  const double off = std::abs(bridge.divergence - exact);
  BOOST_TEST_MESSAGE("divergence off by " << off << ", claimed " << bridge.divergence_error);
  BOOST_TEST(bridge.divergence_error > off / 5);
  BOOST_TEST(bridge.divergence_error < 5 * off);
}

// Of few cells, sums are what is wrong, and the densities at the ends.
BOOST_AUTO_TEST_CASE(benes_on_few_cells) {
  BridgeChoices choices;
  choices.method = BridgeMethod::propagator;
  choices.propagator = PropagatorMethod::sliced;
  const Gaussian from = gaussian(-0.4, 0.03), to = gaussian(0.7, 0.25);
  const GaussianBridge brownian_bridge(*AffineProcess::of(brownian(noise)), from, to, 0, 1);
  const double exact =
      brownian_bridge.divergence() - mean_log_cosh(to) + mean_log_cosh(from) + 0.5 * noise * slope * slope;
  // As formulas, which are what they are on the grid: nothing of them is cut.
  const FormulaLaw first{Formula::parse("exp(-(x + 0.4)^2/0.06)")},
      last{Formula::parse("exp(-(x - 0.7)^2/0.5)")};
  for (const std::size_t points : {40, 48, 56, 72}) {
    const Grid grid({{"x", -4.5, 4.5, points}});
    const Bridge bridge = solve_bridge(benes(1), grid, first, last, 0, 1, {0, 1}, choices);
    std::vector<double> density(grid.size());
    GaussianMixture({to}).density(grid.centres(), density);
    const double off = std::abs(bridge.divergence - exact), of_end = relative_l1(bridge.density[1], density);
    BOOST_TEST_MESSAGE(points << " points: divergence off by " << off << ", claimed "
                              << bridge.divergence_error << "; P(stop) by " << of_end << ", claimed "
                              << bridge.marginal_error);
    BOOST_TEST(off < 5 * bridge.divergence_error + 1e-11);
    BOOST_TEST(of_end < 2 * bridge.marginal_error + 1e-11);
  }
}

BOOST_AUTO_TEST_CASE(benes_in_space) {
  const std::size_t points = is_sanitized ? 16 : 24;
  const Grid grid({{"x", -3.5, 3.5, points}, {"y", -3.5, 3.5, points}, {"z", -3.5, 3.5, points}});
  const Gaussian from{1, Eigen::Vector3d(-0.4, 0.2, 0), 0.2 * Eigen::Matrix3d::Identity()},
      to{1, Eigen::Vector3d(0.4, -0.1, 0.1), 0.25 * Eigen::Matrix3d::Identity()};
  const Off off = benes_bridge(grid, from, to, 0, 1);
  BOOST_TEST(off.divergence < 1e-4);
  BOOST_TEST(off.density < 1e-3);
  BOOST_TEST(off.divergence < 5 * off.divergence_claimed);
  // Sums over 16 cells are claimed to lack more than they do.
  BOOST_TEST(off.divergence_claimed < (is_sanitized ? 50 : 5) * off.divergence);
  BOOST_TEST(off.action < 5 * off.claimed);
  BOOST_TEST(off.claimed < 5 * std::max(off.action, 1e-12));
}

BOOST_AUTO_TEST_CASE(axes_that_do_not_couple_cost_the_sum) {
  const FormulaNames names{{"x", "y"}, {}};
  const auto law = [&](const char* text) { return FormulaLaw{Formula::parse(text, names)}; };
  const Axis well{"x", -3, 3, 60}, circle{"y", -std::numbers::pi, std::numbers::pi, 48, Boundary::periodic},
      room{"y", -1, 1, 48, Boundary::absorbing};
  struct Case {
    Axis other;
    const char *drift, *killing, *from, *to;
    double allowed;
  };
  const char *x_drift = "x-x^3", *x_from = "exp(-(x+0.9)^2/0.12)", *x_to = "exp(-(x-0.8)^2/0.2)";
  BridgeChoices choices;
  choices.method = BridgeMethod::propagator;
  choices.propagator = PropagatorMethod::sliced;
  for (const Case& c :
       {Case{circle, "sin(y)", "0.3*cos(y)*(1+t)", "exp(2*cos(y-1))", "exp(2*cos(y+1))", 1e-6},
        Case{room, "0.3", "0", "cos(pi*y/2)*exp(-3*(y+0.2)^2)", "cos(pi*y/2)", 1e-5}}) {
    const std::string killing = std::string("0.5*x^2+") + c.killing,
                      from = std::string(x_from) + "*" + c.from, to = std::string(x_to) + "*" + c.to;
    const Process both{{Formula::parse(x_drift, names), Formula::parse(c.drift, names)},
                       {0.5, 0.6},
                       Formula::parse(killing, names),
                       {}};
    const Bridge plane = solve_bridge(both, Grid({well, c.other}), law(from.c_str()), law(to.c_str()), 0.2,
                                      1.1, {0.2, 1.1}, choices);
    const auto alone = [&](const Axis& axis, const char* name, const char* drift, double d, const char* v,
                           const char* p_from, const char* p_to) {
      const FormulaNames one{{name}, {}};
      const Process process{{Formula::parse(drift, one)}, {d}, Formula::parse(v, one), {}};
      Axis fine = axis;
      if (axis.boundary != Boundary::absorbing) fine.points = 200;  // there the ends themselves take order 2
      return solve_bridge(process, Grid({fine}), FormulaLaw{Formula::parse(p_from, one)},
                          FormulaLaw{Formula::parse(p_to, one)}, 0.2, 1.1, {0.2, 1.1}, choices)
          .divergence;
    };
    const double sum = alone(well, "x", x_drift, 0.5, "0.5*x^2", x_from, x_to) +
                       alone(c.other, "y", c.drift, 0.6, c.killing, c.from, c.to);
    BOOST_TEST_MESSAGE("divergence " << plane.divergence << ", of the axes " << sum << ", action "
                                     << plane.action << " +- " << plane.action_error);
    BOOST_TEST(std::abs(plane.divergence - sum) < c.allowed);
    BOOST_TEST(std::abs(plane.action - sum) < 5 * plane.action_error);
    BOOST_TEST(plane.action_error < 5 * std::max(std::abs(plane.action - sum), 1e-8));
  }
}

// Ends so wide that few slices of the steep drift lose them: W differs by 3600 across them. By default.
BOOST_AUTO_TEST_CASE(wide_ends_in_steep_wells) {
  const FormulaNames names{{"x", "y"}, {}};
  const Process both{{Formula::parse("x-x^3", names), Formula::parse("-y", names)}, {0.5, 0.5}, 0.0, {}};
  const std::size_t points = is_sanitized ? 48 : 80;
  const Grid grid({{"x", -4, 4, points}, {"y", -3, 3, points / 2}});
  const auto normal = [](double x, double y) {
    return GaussianMixture({Gaussian{1, Eigen::Vector2d(x, y), Eigen::Vector2d(0.3, 0.2).asDiagonal()}});
  };
  BridgeChoices choices;
  choices.method = BridgeMethod::propagator;
  const GaussianMixture from = normal(-1, 0), to = normal(1, 0.3);
  BOOST_TEST((usual_propagator(both, grid, from, to, 0, 1) == PropagatorMethod::sliced));
  const Bridge plane = solve_bridge(both, grid, from, to, 0, 1, {0, 1}, choices);

  const auto line = [](double mean, double variance) {
    return Gaussian{1, Eigen::VectorXd::Constant(1, mean), Eigen::MatrixXd::Constant(1, 1, variance)};
  };
  const FormulaNames one{{"x"}, {}};
  const Process well{{Formula::parse("x-x^3", one)}, {0.5}, 0.0, {}},
      trap{{Formula::parse("-x", one)}, {0.5}, 0.0, {}};
  const double along_x = solve_bridge(well, Grid({{"x", -4, 4, 400}}), GaussianMixture({line(-1, 0.3)}),
                                      GaussianMixture({line(1, 0.3)}), 0, 1, {0, 1}, choices)
                             .divergence,
               along_y =
                   GaussianBridge(*AffineProcess::of(trap), line(0, 0.2), line(0.3, 0.2), 0, 1).divergence(),
               off = std::abs(plane.divergence - along_x - along_y),
               off_action = std::abs(plane.action - along_x - along_y);
  BOOST_TEST_MESSAGE("divergence " << plane.divergence << ", off by " << off << ", action by " << off_action
                                   << ", claimed " << plane.action_error);
  BOOST_TEST(off < 2e-4);
  BOOST_TEST(off_action < 5 * plane.action_error);
  BOOST_TEST(plane.action_error < 5 * off_action);
}

BOOST_AUTO_TEST_CASE(points_and_drifts_that_jump_take_finite_volumes) {
  const Grid grid({{"x", -4, 4, 40}, {"y", -3, 3, 40}});
  const Gaussian point{1, Eigen::Vector2d(0, 0), Eigen::Matrix2d::Zero()},
      wide{1, Eigen::Vector2d(0, 0), Eigen::Matrix2d::Identity()};
  BOOST_TEST((usual_propagator(benes(2), grid, GaussianMixture({point}), GaussianMixture({wide}), 0, 1) ==
              PropagatorMethod::finite_volume));
  const auto on_axis = [&](const char* drift) {
    const FormulaLaw bump{Formula::parse("exp(-x^2)")};
    const Process process{{Formula::parse(drift)}, {1.0}, 0.0, {}};
    return usual_propagator(process, Grid({{"x", -3, 3, 60}}), bump, bump, 0, 1);
  };
  BOOST_TEST((on_axis("where(x > 0, -3, 3)") == PropagatorMethod::finite_volume));
  BOOST_TEST((on_axis("-3*tanh(x)") == PropagatorMethod::sliced));
}
