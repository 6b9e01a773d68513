// SPDX-License-Identifier: GPL-3.0-or-later
// The action of a bridge by its three forms, the transition density H* (3.27) of a killed reference, and the bridge by
// closed-form kernels beside that by propagators.
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <ostream>

#include "grids/quadrature.hpp"
#include "solver/bridge/bridge.hpp"
#include "solver/bridge/gaussian_bridge.hpp"
#include "solver/process/known_processes.hpp"
#include "validation/support/affordable.hpp"

namespace {

using namespace umkehr;

Law gaussian(double mean, double variance) {
  return GaussianMixture(
      {{1.0, Eigen::VectorXd::Constant(1, mean), Eigen::MatrixXd::Constant(1, 1, variance)}});
}

Law two_bumps() {
  const auto bump = [](double weight, double mean, double deviation) {
    return Gaussian{weight, Eigen::VectorXd::Constant(1, mean),
                    Eigen::MatrixXd::Constant(1, 1, deviation * deviation)};
  };
  return GaussianMixture({bump(0.6, -1.5, 0.4), bump(0.4, 1.5, 0.5)});
}

Process process(const std::string& drift, const std::string& diffusion, const std::string& killing) {
  return {{Formula::parse(drift)}, {Formula::parse(diffusion)}, Formula::parse(killing), {}};
}

struct Case {
  std::string name, drift, diffusion, killing;
  double start, stop;

  friend std::ostream& operator<<(std::ostream& out, const Case& c) { return out << c.name; }
};

struct AffineCase {
  std::string drift;
  double diffusion;
};

const std::vector<Case> affine_cases = {
    {"Brownian", "0*x", "1", "0", 0, 1},
    {"Ornstein-Uhlenbeck", "-0.8*x", "1", "0", 0, 1},
    {"killed", "-0.5*x", "1", "1.2*x^2/2", 0, 1},
    {"created", "-x", "0.8", "-0.3*x^2 + 0.2*x - 0.5", 0, 1},
    {"in time", "-(1 + sin(2*pi*t)/2)*x + 0.3", "0.6 + 0.3*cos(2*pi*t)", "0.2*t*x^2", -0.4, 0.7},
};

/// int int pi ln(pi/(P_i G)), with ln(pi/G) = ln chi_hat_i + ln chi_f.
double log_ratio(const Grid& grid, const Bridge& bridge, std::span<const double> initial) {
  double sum = 0;
  const std::size_t n = grid.size(), last = bridge.log_chi.times().size() - 1;
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t k = 0; k < n; ++k)
      if (const double joint = bridge.coupling[i * n + k]; joint > 0)
        sum += joint * (bridge.log_chi_hat[0][i] + bridge.log_chi[last][k] - std::log(initial[i]));
  return sum * grid.cell_volume() * grid.cell_volume();
}

}  // namespace

BOOST_DATA_TEST_CASE(three_forms_of_the_action_agree, affine_cases, c) {
  const Grid grid({{"x", -7, 7, is_sanitized ? 280u : 560u}});
  const Bridge bridge =
      solve_bridge(process(c.drift, c.diffusion, c.killing), grid, two_bumps(), gaussian(0.2, 0.36), c.start,
                   c.stop, {c.start, (c.start + c.stop) / 2, c.stop});
  BOOST_TEST(bridge.marginal_error <= 1e-12);
  BOOST_TEST(std::abs(bridge.action - bridge.divergence) <= 1e-9);
  BOOST_TEST(std::abs(log_ratio(grid, bridge, bridge.density[0]) - bridge.divergence) <= 1e-10);
  BOOST_TEST(std::abs(integral(grid, bridge.density[1]) - 1) <= 1e-11);
}

BOOST_AUTO_TEST_CASE(the_controlled_transition_density_is_normalised_though_the_killed_one_is_not) {
  const Grid grid({{"x", -7, 7, is_sanitized ? 200u : 400u}});
  const Bridge bridge =
      solve_bridge(process("-0.5*x", "1", "1.2*x^2/2"), grid, two_bumps(), gaussian(1, 0.3), 0, 1, {0, 1});
  for (std::size_t i = 0; i < grid.size(); ++i) {  // int dx_f P_i H*
    const std::span<const double> row(bridge.coupling.data() + i * grid.size(), grid.size());
    BOOST_TEST(std::abs(integral(grid, row) - bridge.density[0][i]) <= 1e-12 * (1 + bridge.density[0][i]));
  }
  const double start_value = std::exp(bridge.log_chi[0][grid.size() / 2]);
  BOOST_TEST(std::isfinite(start_value));
}

const std::vector<Case> propagated =
    is_sanitized ? std::vector<Case>{affine_cases.front(), affine_cases.back()} : affine_cases;

BOOST_DATA_TEST_CASE(a_propagator_gives_the_bridge_of_the_closed_form, propagated, c) {
  const Grid grid({{"x", -6, 6, 400}});
  const std::vector<double> times = {c.start, 0.3 * c.stop + 0.7 * c.start, c.stop};
  const Process reference = process(c.drift, c.diffusion, c.killing);
  const Bridge exact =
      solve_bridge(reference, grid, two_bumps(), gaussian(0.2, 0.36), c.start, c.stop, times);
  BridgeChoices choices;
  choices.method = BridgeMethod::propagator;
  const Bridge bridge =
      solve_bridge(reference, grid, two_bumps(), gaussian(0.2, 0.36), c.start, c.stop, times, choices);
  for (std::size_t n = 0; n < times.size(); ++n) {
    BOOST_TEST(relative_l1(bridge.density[n], exact.density[n]) <= 1e-8);
    BOOST_TEST(weighted_relative_l2(exact.density[n], bridge.control[0][n], exact.control[0][n]) <= 1e-7);
  }
  BOOST_TEST(std::abs(bridge.divergence - exact.divergence) <= 1e-8);
  BOOST_TEST(std::abs(bridge.action - bridge.divergence) <= 1e-8);
}

BOOST_AUTO_TEST_CASE(little_noise_is_resolved_between_the_ends) {
  const Grid grid({{"x", -9, 9, 750}});
  const std::vector<double> times = {0, 0.05, 0.5, 0.95, 1};
  const auto end = [](double mean, double variance) {
    return Gaussian{1, Eigen::VectorXd::Constant(1, mean), Eigen::MatrixXd::Constant(1, 1, variance)};
  };
  for (const double d : affordable<double>({0.1, 0.01, 0.001})) {
    const Process reference = brownian(d);
    const Bridge bridge = solve_bridge(reference, grid, gaussian(-1, 0.25), gaussian(1.5, 0.64), 0, 1, times);
    const GaussianBridge exact(*AffineProcess::of(reference), end(-1, 0.25), end(1.5, 0.64), 0, 1);
    BOOST_TEST_CONTEXT("D = " << d) {
      BOOST_TEST(std::abs(bridge.divergence / exact.divergence() - 1) <= 1e-10);
      BOOST_TEST(std::abs(bridge.action / exact.divergence() - 1) <= 1e-6);
      for (std::size_t n = 0; n < times.size(); ++n) {
        std::vector<double> density(grid.size());
        GaussianMixture({exact.density(times[n])}).density(grid.centres(), density);
        BOOST_TEST(relative_l1(bridge.density[n], density) <= 1e-7, "at t = " << times[n]);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(a_double_well_is_bridged) {
  const Grid grid({{"x", -4, 4, 320}});
  BridgeChoices choices;
  choices.method = BridgeMethod::propagator;
  const Bridge bridge =
      solve_bridge(double_well(0.8), grid, two_bumps(), FormulaLaw{Formula::parse("exp(-(x-0.2)^4)")}, 0, 1,
                   {0, 0.5, 1}, choices);
  BOOST_TEST(bridge.marginal_error <= 1e-12);
  BOOST_TEST(std::abs(bridge.action - bridge.divergence) <= 1e-7);
  BOOST_TEST(std::abs(integral(grid, bridge.density[1]) - 1) <= 1e-6);
}

BOOST_AUTO_TEST_CASE(a_bridge_on_the_circle_costs_what_its_ends_say) {
  const double pi = 3.141592653589793;
  const Grid grid({{"x", -pi, pi, 128, Boundary::periodic}});
  BridgeChoices choices;
  choices.method = BridgeMethod::propagator;
  const Bridge bridge = solve_bridge(
      process("sin(x) + 0.7", "0.8", "-cos(x)"), grid, FormulaLaw{Formula::parse("exp(2.5*cos(x))")},
      FormulaLaw{Formula::parse("exp(3*cos(x - 1.2))")}, 0, 1, {0, 0.4, 1}, choices);
  BOOST_TEST(bridge.marginal_error <= 1e-12);
  BOOST_TEST(std::abs(bridge.action - bridge.divergence) <= 1e-8);
  BOOST_TEST(std::abs(integral(grid, bridge.density[1]) - 1) <= 1e-9);
}

// Dry walls: the sine series iterated on 200 to 1600 points gives 1.0793663.
BOOST_AUTO_TEST_CASE(between_absorbing_walls_action_and_divergence_agree) {
  BridgeChoices choices;
  choices.method = BridgeMethod::propagator;
  const Grid grid({{"x", -1, 1, 128, Boundary::absorbing}});
  const Bridge bridge = solve_bridge(
      process("0.5", "0.6", "0"), grid, FormulaLaw{Formula::parse("exp(-(x+0.4)^2/0.1)*cos(pi*x/2)")},
      FormulaLaw{Formula::parse("exp(-(x-0.3)^2/0.1)*cos(pi*x/2)")}, 0, 1, {0, 1}, choices);
  BOOST_TEST(std::abs(bridge.divergence - 1.0793663) <
             1e-5);  // laws that vanish at walls are summed to order 2
  BOOST_TEST(std::abs(bridge.action - 1.0793663) < 1e-4);
  BOOST_TEST(std::abs(bridge.action - 1.0793663) < 5 * bridge.action_error + 1e-5);
}

// Kernels a little narrow for the grid: log-domain Sinkhorn on the exact kernel gives 1.25497.
BOOST_AUTO_TEST_CASE(a_coarse_grid_bridges_a_double_well_with_finite_densities) {
  BridgeChoices choices;
  choices.method = BridgeMethod::propagator;
  const Law wells =
      GaussianMixture({{0.6, Eigen::VectorXd::Constant(1, -1.2), Eigen::MatrixXd::Constant(1, 1, 0.09)},
                       {0.4, Eigen::VectorXd::Constant(1, 1.0), Eigen::MatrixXd::Constant(1, 1, 0.16)}});
  const Law plateau = FormulaLaw{Formula::parse("exp(-(x - 0.2)^4)")};
  std::vector<double> times;
  for (int n = 0; n <= 30; ++n) times.push_back(n / 30.0);
  Bridge coarse =
      solve_bridge(double_well(0.3), Grid({{"x", -4, 4, 128}}), wells, plateau, 0, 1, times, choices);
  BOOST_TEST(std::abs(coarse.divergence - 1.25497) < 1e-5);
  BOOST_TEST(std::abs(coarse.action - 1.25497) < 1e-5);
  for (std::size_t n = 0; n < times.size(); ++n) {
    double mass = 0;
    for (const double p : coarse.density[n]) mass += p * 8 / 128;
    BOOST_TEST(std::abs(mass - 1) < 1e-5, "at t = " << times[n]);
  }
}

// Laws with sharp edges: the divergence is that of log-domain Sinkhorn, and the action owns up to its error.
BOOST_AUTO_TEST_CASE(laws_with_edges_are_bridged) {
  const Grid grid({{"x", -3, 3, 600}});
  for (const auto& [d, divergence] : {std::pair{0.01, 211.400}, {0.002, 1057.16}}) {
    const Bridge bridge =
        solve_bridge(brownian(d), grid, FormulaLaw{Formula::parse("where(abs(x+1)<0.5, 1, 0)")},
                     FormulaLaw{Formula::parse("where(abs(x)<0.25, 1, 0) + where(abs(x-1.5)<0.5, 1, 0)")}, 0,
                     1, {0, 0.5, 1}, {});
    BOOST_TEST(std::abs(bridge.divergence / divergence - 1) < 1e-5);
    BOOST_TEST(std::abs(bridge.action / divergence - 1) < 1e-4);
    BOOST_TEST(std::abs(bridge.action - bridge.divergence) <= 1.01 * bridge.action_error);
    BOOST_TEST(std::abs(integral(grid, bridge.density[1]) - 1) < 1e-3);
  }
}

BOOST_AUTO_TEST_CASE(finite_volumes_claim_the_error_of_their_grid) {
  BridgeChoices choices;
  choices.method = BridgeMethod::propagator;
  choices.propagator = PropagatorMethod::finite_volume;
  const auto end = [](double mean, double variance) {
    return Gaussian{1, Eigen::VectorXd::Constant(1, mean), Eigen::MatrixXd::Constant(1, 1, variance)};
  };
  for (const AffineCase& c : {AffineCase{"0*x", 0.4}, {"-0.8*x", 1.0}, {"0.3-x", 0.5}}) {
    const Process reference = process(c.drift, std::to_string(c.diffusion), "0");
    const GaussianBridge exact(*AffineProcess::of(reference), end(-0.6, 0.3), end(0.8, 0.35), 0.2, 1.2);
    const Bridge bridge = solve_bridge(reference, Grid({{"x", -5, 5, 200}}), gaussian(-0.6, 0.3),
                                       gaussian(0.8, 0.35), 0.2, 1.2, {0.2, 1.2}, choices);
    const double off = std::abs(bridge.action - exact.divergence());
    BOOST_TEST_MESSAGE("action off by " << off << ", claimed " << bridge.action_error
                                        << ", divergence off by " << bridge.divergence - exact.divergence());
    BOOST_TEST(off < 5 * bridge.action_error);
    BOOST_TEST(bridge.action_error < 5 * std::max(off, 2e-6));
  }
}

// The peak of the integrand is far from the mean of the kernel, and the axes couple.
BOOST_AUTO_TEST_CASE(coupled_axes_with_little_noise) {
  const FormulaNames names{{"x", "y"}, {}};
  const Process turning{{Formula::parse("-0.5*x - y", names), Formula::parse("x - 0.5*y", names)},
                        {0.02, 0.03},
                        Formula::parse("0.5*x^2", names),
                        {}};
  const Gaussian from{1, Eigen::Vector2d(-0.4, 0), 0.12 * Eigen::Matrix2d::Identity()},
      to{1, Eigen::Vector2d(0.3, 0.3), 0.1 * Eigen::Matrix2d::Identity()};
  const Grid grid({{"x", -1.8, 1.8, 36}, {"y", -1.8, 1.8, 32}});
  const std::vector<double> times = {0, 0.05, 0.6, 1};
  const Bridge bridge =
      solve_bridge(turning, grid, GaussianMixture({from}), GaussianMixture({to}), 0, 1, times);
  const GaussianBridge exact(*AffineProcess::of(turning), from, to, 0, 1);
  BOOST_TEST(std::abs(bridge.divergence / exact.divergence() - 1) < 1e-4);  // of laws cut off by the box
  BOOST_TEST(std::abs(bridge.action / exact.divergence() - 1) < 1e-4);
  for (std::size_t n = 0; n < times.size(); ++n) {
    std::vector<double> density(grid.size());
    GaussianMixture({exact.density(times[n])}).density(grid.centres(), density);
    BOOST_TEST(relative_l1(bridge.density[n], density) < 1e-4, "at t = " << times[n]);
  }
}
