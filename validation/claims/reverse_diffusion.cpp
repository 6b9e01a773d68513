// SPDX-License-Identifier: GPL-3.0-or-later
// Reverse diffusion (3.29-3.35, A.6-A.12, corrected): what was forgotten comes back, both ways, and at what action.
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <numbers>
#include <optional>

#include "grids/quadrature.hpp"
#include "solver/law/affine.hpp"
#include "solver/process/known_processes.hpp"
#include "solver/reversal/reverse_diffusion.hpp"

using namespace umkehr;

namespace {

Formula formula(const std::string& text) {
  return Formula::parse(text);
}

Gaussian bump(double weight, double mean, double variance) {
  return {weight, Eigen::VectorXd::Constant(1, mean), Eigen::MatrixXd::Constant(1, 1, variance)};
}

const GaussianMixture two_bumps({bump(0.35, -1.2, 0.16), bump(0.65, 0.9, 0.3025)});

struct Problem {
  Process process;
  Grid grid;
  Law initial;
  double start, stop;
  KolmogorovChoices choices;
};

struct Reversed {
  FokkerPlanckSolution forward;
  ReverseDiffusionSolution reverse;
};

Reversed reverse(const Problem& p, const std::optional<Law>& other = {}) {
  std::vector<double> times;
  for (int n = 0; n <= 2; ++n) times.push_back(p.start + (p.stop - p.start) * n / 2);
  FokkerPlanckReplay replay;
  FokkerPlanckSolution forward =
      solve_fokker_planck(p.process, p.grid, p.initial, p.start, times, p.choices, {}, &replay);
  return {std::move(forward), reverse_diffusion(replay, p.initial, p.start, p.choices, {p.choices, other})};
}

KolmogorovChoices by(Method method, double tolerance) {
  KolmogorovChoices choices;
  choices.method = method;
  choices.tolerance = tolerance;
  return choices;
}

Grid line(double half, std::size_t points, Boundary boundary = Boundary::reflecting) {
  return Grid({{"x", -half, half, points, boundary}});
}

/// The state at which the paper's audit took its numbers: data at t = 0.01.
Problem variance_preserving_problem(Method method, std::size_t points, double start = 0) {
  const Process process = variance_preserving(0.1, 20);
  return {process, line(8, points), AffineProcess::of(process)->push(two_bumps, 0, start), start,
          1,       by(method, 1e-9)};
}

}  // namespace

BOOST_AUTO_TEST_CASE(two_bumps_come_back_and_at_the_action_of_the_audit) {
  const Reversed run = reverse(variance_preserving_problem(Method::fourier, 192, 0.01));
  BOOST_TEST(run.reverse.density_error < 1e-9);
  BOOST_TEST(*run.reverse.ways_difference < 1e-9);
  BOOST_TEST(std::abs(run.reverse.action.action - 0.095918357686418) < 1e-11);
  BOOST_TEST(std::abs(*run.reverse.action.running - 0.095918357686418) < 1e-11);
  // int beta/2 from 0.01 to 1
  BOOST_TEST(std::abs(*run.reverse.action.normalisation - (5.025 - 0.0005 - 0.0004975)) < 1e-10);
}

BOOST_AUTO_TEST_CASE(what_comes_back_is_the_exact_law_by_every_method) {
  for (const auto& [method, points, allowed] : {std::tuple{Method::fourier, 256ul, 1e-9},
                                                {Method::hermite, 96ul, 1e-8},
                                                {Method::path_integral, 192ul, 1e-8}}) {
    Problem p{ornstein_uhlenbeck(formula("1 + t"), formula("0.7 + 0.2*sin(3*t)")),
              line(6, points),
              GaussianMixture({bump(0.4, -0.8, 0.3), bump(0.6, 0.9, 0.5)}),
              0.3,
              1.1,
              by(method, 1e-9)};
    const Reversed run = reverse(p);
    std::vector<double> exact(p.grid.size());
    std::get<GaussianMixture>(p.initial).density(p.grid.centres(), exact);
    BOOST_TEST(relative_l1(run.reverse.density[0], exact) < allowed, "method " << static_cast<int>(method));
    BOOST_TEST(*run.reverse.ways_difference < allowed, "method " << static_cast<int>(method));
  }
}

BOOST_AUTO_TEST_CASE(a_law_without_closed_form_comes_back_from_its_own_run) {
  for (const Method method : {Method::fourier, Method::path_integral}) {
    const Problem p{double_well(formula("0.5 + 0.2*t")),
                    line(4, 160),
                    GaussianMixture({bump(1, 0.2, 0.1)}),
                    0.3,
                    1.1,
                    by(method, 1e-8)};
    const Reversed run = reverse(p);
    BOOST_TEST(run.reverse.density_error < 1e-8, "method " << static_cast<int>(method));
    BOOST_TEST(std::abs(run.reverse.action.action - (run.forward.entropy[2] - run.forward.entropy[0])) <
               1e-11);
    BOOST_TEST(std::abs(run.reverse.action.action - *run.reverse.action.running) < 1e-8);
    BOOST_TEST(run.reverse.action.action + *run.reverse.action.normalisation > 0);
  }
}

BOOST_AUTO_TEST_CASE(finite_volumes_bring_it_back_to_second_order) {
  std::vector<double> closed, gridded;
  for (const std::size_t points : {64, 128, 256, 512}) {
    Problem p{ornstein_uhlenbeck(1.0, 0.8),
              line(6, points),
              GaussianMixture({bump(0.4, -1, 0.3), bump(0.6, 1, 0.5)}),
              0,
              0.7,
              by(Method::finite_volume, 1e-8)};
    const Reversed run = reverse(p);
    closed.push_back(run.reverse.density_error);
    std::vector<double> means(points);
    cell_means(p.initial, p.grid, means);
    const double off = relative_l1(run.reverse.density[0], means);
    BOOST_TEST_MESSAGE("density_error " << closed.back() << ", true " << off);
    BOOST_TEST(closed.back() > 0.2 * off);
    BOOST_TEST(closed.back() < 5 * off);
    p.process = double_well(0.5);
    p.grid = line(3, points);
    gridded.push_back(reverse(p).reverse.density_error);
  }
  for (const auto& errors : {closed, gridded})
    for (std::size_t n = 1; n < errors.size(); ++n) {
      const double order = std::log2(errors[n - 1] / errors[n]);
      BOOST_TEST(order > 1.9, "order " << order << " at " << errors[n]);
    }
  BOOST_TEST(closed.back() < 5e-5);
  BOOST_TEST(gridded.back() < 5e-4);
}

// dx = -x dt + dW for a time 1: the reference of its reversal has mass e (paper's audit), whatever the start.
BOOST_AUTO_TEST_CASE(the_killed_reference_has_its_mass) {
  const Problem p{ornstein_uhlenbeck(2.0, 1.0), line(8, 128), GaussianMixture({bump(1, 0, 4)}), 0, 1,
                  by(Method::fourier, 1e-9)};
  const ReverseAction action = reverse(p).reverse.action;
  BOOST_TEST(std::abs(std::exp(*action.normalisation) - std::numbers::e) < 1e-12);
  const double variance = 4 * std::exp(-2.0) + (1 - std::exp(-2.0)) / 2;
  BOOST_TEST(std::abs(action.action - std::log(variance / 4) / 2) < 1e-12);  // negative
  BOOST_TEST(action.action < -0.5);
  BOOST_TEST(action.action + *action.normalisation > 0);
}

// Of one Gaussian under VP: the data given the noise y are Gaussian, and y is drawn from N(0, 1) instead.
BOOST_AUTO_TEST_CASE(a_tractable_start_costs_what_gaussians_say) {
  const double m = 1.5, v = 0.2;
  Problem p{ornstein_uhlenbeck(1.0, 1.0), line(8, 256), GaussianMixture({bump(1, m, v)}), 0, 1.6,
            by(Method::fourier, 1e-9)};
  const ReverseDiffusionSolution run = reverse(p, GaussianMixture({bump(1, 0, 1)})).reverse;
  const double carry = std::exp(-0.8), m_f = m * carry, v_f = v * carry * carry + 1 - carry * carry;
  // The data given y are N(m + gain (y - m_f), v - gain carry v).
  const double gain = v * carry / v_f, mean = m - gain * m_f, variance = v - gain * carry * v + gain * gain;
  const auto kl = [](double m1, double v1, double m2, double v2) {
    return ((m1 - m2) * (m1 - m2) / v2 + v1 / v2 - 1 - std::log(v1 / v2)) / 2;
  };
  BOOST_TEST(std::abs(*run.start_kl - kl(m_f, v_f, 0, 1)) < 1e-9);
  BOOST_TEST(std::abs(*run.endpoint_kl - kl(m, v, mean, variance)) < 1e-9);
  BOOST_TEST(*run.endpoint_kl < *run.start_kl);
  BOOST_TEST(*run.ways_difference < 1e-8);
  std::vector<double> exact(p.grid.size());
  GaussianMixture({bump(1, mean, variance)}).density(p.grid.centres(), exact);
  BOOST_TEST(relative_l1(run.density[0], exact) < 1e-8);
}

BOOST_AUTO_TEST_CASE(of_a_killed_process_the_survivors_come_back) {
  const Process process{{formula("-x")}, {1.0}, formula("x^2/2"), {}};
  const GaussianMixture initial({bump(1, 0.2, 0.3)});
  const Reversed run = reverse({process, line(6, 128), initial, 0, 1, by(Method::fourier, 1e-9)});
  const double survivors = AffineProcess::of(process)->push(initial, 0, 1).mass();
  BOOST_TEST(std::abs(run.reverse.lost - (1 - survivors)) < 1e-9);
  BOOST_TEST(*run.reverse.ways_difference < 1e-9);
  BOOST_TEST(run.reverse.warnings.size() == 1u);
  // The law of those that survive is P_0 exp(-x.J x/2 - j.x) of mass one; what is left at the end is w N(m, C).
  const GaussianTransport way = AffineProcess::of(process)->transport(0, 1);
  const double precision = 1 / 0.3 + way.information(0, 0), variance = 1 / precision,
               mean = variance * (0.2 / 0.3 - way.information(0, 1)), pi = std::numbers::pi;
  const double at_data = -0.5 * std::log(2 * pi * 0.3) - ((mean - 0.2) * (mean - 0.2) + variance) / (2 * 0.3);
  const Gaussian left = AffineProcess::of(process)->push(initial, 0, 1).components().front();
  const double at_noise =
      0.5 * std::log(2 * pi * std::numbers::e * left.covariance(0, 0)) - std::log(left.weight);
  BOOST_TEST(std::abs(run.reverse.action.action - (at_data + at_noise)) < 1e-8);
  std::vector<double> exact(128);
  GaussianMixture({bump(1, mean, variance)}).density(line(6, 128).centres(), exact);
  BOOST_TEST(relative_l1(run.reverse.density[0], exact) < 1e-8);
}

// The run goes on beyond the last saved time: what is reversed begins at its stop.
BOOST_AUTO_TEST_CASE(the_noise_end_is_the_stop_and_not_the_last_saved_time) {
  const Process process = ornstein_uhlenbeck(2.0, 1.0);
  const GaussianMixture initial({bump(1, 0.5, 0.3)});
  const Grid grid = line(6, 128);
  std::vector<double> gridded(grid.size());
  initial.density(grid.centres(), gridded);
  for (const Law& law : {Law(initial), Law(GriddedLaw{grid, gridded})}) {
    const KolmogorovChoices choices = by(Method::fourier, 1e-9);
    FokkerPlanckReplay replay;
    replay.stop = 1.0;
    solve_fokker_planck(process, grid, law, 0, {0, 0.4}, choices, {}, &replay);
    const ReverseDiffusionSolution back = reverse_diffusion(replay, law, 0, choices, {choices, {}});
    BOOST_TEST(relative_l1(back.density[0], gridded) < 1e-7);
    const double variance = 0.3 * std::exp(-2.0) + (1 - std::exp(-2.0)) / 2;
    BOOST_TEST(std::abs(back.action.action - std::log(variance / 0.3) / 2) < 1e-8);
  }
}

// Between walls: what reflects still reflects, and of what is absorbed the survivors come back.
BOOST_AUTO_TEST_CASE(walls_are_kept_on_the_way_back) {
  const double pi = std::numbers::pi, d = 0.5, time = 0.2;
  double before = 0;
  for (const std::size_t points : {50u, 100u}) {
    const Grid room({{"x", 0, 1, points, Boundary::reflecting}});
    const Law law = FormulaLaw{formula("1 + 0.8*cos(pi*x)")};
    const Reversed run = reverse({brownian(d), room, law, 0, time, by(Method::finite_volume, 1e-8)});
    double off = 0;
    for (std::size_t i = 0; i < points; ++i)
      off = std::max(off,
                     std::abs(run.reverse.density[0][i] - 1 - 0.8 * std::cos(pi * room.axis(0).centre(i))));
    BOOST_TEST(off < 2e-2);
    if (before > 0) BOOST_TEST(std::log2(before / off) > 1.8, before << " " << off);
    before = off;
  }
  const Grid trap({{"x", 0, 1, 100, Boundary::absorbing}});
  const Law law = FormulaLaw{formula("sin(pi*x)*(1 + 0.5*cos(pi*x))")};
  const Reversed run = reverse({brownian(d), trap, law, 0, time, by(Method::finite_volume, 1e-8)});
  // The survival of x is a sum over odd n of (4/pi n) sin(n pi x) exp(-n^2 pi^2 D t/2).
  std::vector<double> survivors(trap.size());
  double mass = 0;
  for (std::size_t i = 0; i < survivors.size(); ++i) {
    const double x = trap.axis(0).centre(i);
    for (int n = 1; n < 30; n += 2)
      survivors[i] += 4 / (pi * n) * std::sin(n * pi * x) * std::exp(-0.5 * d * time * n * n * pi * pi);
    mass += survivors[i] *= std::sin(pi * x) * (1 + 0.5 * std::cos(pi * x));
  }
  for (double& p : survivors) p /= mass * trap.cell_volume();
  BOOST_TEST(relative_l1(run.reverse.density[0], survivors) < 1e-2);
  BOOST_TEST(*run.reverse.ways_difference < 1e-2);
  // Of them none is absorbed a second time.
  BOOST_TEST(std::abs(integral(trap, run.reverse.density[0]) - 1) < 1e-10);
}

// A drift that is no gradient, another noise an axis, a start that is not zero: from its own run and in closed form.
BOOST_AUTO_TEST_CASE(a_turning_law_comes_back_in_the_plane) {
  const FormulaNames xy{{"x", "y"}, {}};
  const Process turning{{Formula::parse("-x - 2*y", xy), Formula::parse("2*x - y", xy)}, {0.6, 1.0}, 0.0, {}};
  const Grid plane({{"x", -5, 5, 40}, {"y", -5, 5, 40}});
  const GaussianMixture bumps({{0.5, Eigen::Vector2d(0.7, 0), 0.4 * Eigen::Matrix2d::Identity()},
                               {0.5, Eigen::Vector2d(-0.7, 0.3), 0.5 * Eigen::Matrix2d::Identity()}});
  std::vector<double> gridded(plane.size());
  bumps.density(plane.centres(), gridded);
  for (const Law& initial : {Law(bumps), Law(GriddedLaw{plane, gridded})}) {
    const Reversed run = reverse({turning, plane, initial, 0.5, 0.8, by(Method::fourier, 1e-7)});
    BOOST_TEST(relative_l1(run.reverse.density[0], gridded) < 1e-6);
    BOOST_TEST(*run.reverse.ways_difference < 1e-6);
    BOOST_TEST(std::abs(*run.reverse.action.normalisation - 2 * 0.3) < 1e-12);
    BOOST_TEST(std::abs(run.reverse.action.action - *run.reverse.action.running) < 1e-6);
  }
}

BOOST_AUTO_TEST_CASE(in_space_too) {
  const Grid space({{"x", -4, 4, 20}, {"y", -4, 4, 20}, {"z", -4, 4, 20}});
  const GaussianMixture bumps({{0.5, Eigen::Vector3d(0.5, 0, 0), 0.5 * Eigen::Matrix3d::Identity()},
                               {0.5, Eigen::Vector3d(-0.5, 0.3, 0), 0.6 * Eigen::Matrix3d::Identity()}});
  const Reversed run =
      reverse({ornstein_uhlenbeck(2.0, 1.0, 3), space, bumps, 0, 0.2, by(Method::fourier, 1e-5)});
  BOOST_TEST(run.reverse.density_error < 1e-4);
  BOOST_TEST(std::abs(*run.reverse.action.normalisation - 3 * 0.2) < 1e-12);
}
