// SPDX-License-Identifier: GPL-3.0-or-later
// Killing that no grid resolves costs what weak killing does, kills at the wall that the formula gives, and keeps what
// finite volumes keep: the ledgers, and the pairing of values with densities.
#include <algorithm>
#include <boost/math/constants/constants.hpp>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <random>

#include "grids/dense/dense_matrix.hpp"
#include "solver/finite_volume/line_solver.hpp"
#include "solver/kolmogorov/backward_kolmogorov.hpp"
#include "solver/kolmogorov/fokker_planck.hpp"
#include "validation/support/affordable.hpp"

using namespace umkehr;

namespace {

const std::vector<std::string> names = {"x", "y", "z"};

Formula formula(const std::string& text, std::size_t dimension = 1) {
  return Formula::parse(text, {{names.begin(), names.begin() + static_cast<std::ptrdiff_t>(dimension)}, {}});
}

Grid grid_of(std::size_t dimension, std::size_t points, Boundary wall) {
  std::vector<Axis> axes;
  for (std::size_t k = 0; k < dimension; ++k) axes.push_back({names[k], -1.2, 1.2, points, wall});
  return Grid(axes);
}

GaussianMixture bump() {
  Gaussian one;
  one.mean = Eigen::VectorXd::Zero(1);
  one.covariance = Eigen::MatrixXd::Constant(1, 1, 0.01);
  return GaussianMixture({one});
}

}  // namespace

BOOST_AUTO_TEST_CASE(no_rate_of_killing_binds_the_steps) {
  const Grid grid = grid_of(1, 96, Boundary::reflecting);
  for (const double tolerance : is_sanitized ? std::vector{1e-4} : std::vector{1e-4, 1e-7}) {
    KolmogorovChoices choices;
    choices.tolerance = tolerance;
    std::size_t forward = 0, backward = 0;
    for (const char* strength : {"1", "1e2", "1e4", "1e6", "1e9"}) {
      const Process process{{0.0}, {1.0}, formula(std::string(strength) + "*where(abs(x) > 1, 1, 0)"), {}};
      const auto density = solve_fokker_planck(process, grid, bump(), 0, {0.5, 1}, choices);
      const auto value = solve_backward_kolmogorov(process, grid, 1.0, 1, {0, 0.5}, choices);
      if (forward == 0) {
        forward = density.run.steps.size();
        backward = value.run.steps.size();
      }
      BOOST_TEST(density.run.steps.size() <= 2 * forward);
      // Values begin at 1 where all is killed, and what becomes of that is resolved first.
      BOOST_TEST(value.run.steps.size() <= 10 * backward);
      BOOST_TEST(density.mass_error < 1e-12);
      BOOST_TEST(density.minimum >= 0);
    }
  }
}

BOOST_AUTO_TEST_CASE(strong_killing_is_an_absorbing_wall_wherever_it_begins) {
  constexpr double pi = boost::math::constants::pi<double>();
  for (const std::size_t points : {96u, 101u, 113u}) {
    const Process process{{0.0}, {1.0}, formula("1e12*where(abs(x) > 1, 1, 0)"), {}};
    KolmogorovChoices choices;
    choices.tolerance = 1e-6;
    const auto solution =
        solve_fokker_planck(process, grid_of(1, points, Boundary::reflecting), bump(), 0, {1}, choices);
    double survival = 0;
    for (int k = 0; k < 9; ++k) {
      const double wave = (2 * k + 1) * pi / 2;
      survival += (k % 2 == 0 ? 2 : -2) / wave * std::exp(-wave * wave * 1.01 / 2);
    }
    BOOST_TEST(std::abs(solution.mass[0] / survival - 1) < 3e-4,
               points << " points: " << solution.mass[0] << " for " << survival);
  }
}

BOOST_AUTO_TEST_CASE(a_disc_within_strong_killing_keeps_its_slowest_rate) {
  // The first zero of J_0, squared, over 2 R^2, R = 0.9.
  const double rate = std::pow(2.404825557695773, 2) / (2 * 0.81);
  for (const char* strength : {"1e4", "1e6", "1e8"}) {
    const Process process{
        {0.0, 0.0}, {1.0, 1.0}, formula(std::string(strength) + "*where(x^2 + y^2 > 0.81, 1, 0)", 2), {}};
    KolmogorovChoices choices;
    choices.tolerance = 1e-4;
    const auto solution =
        solve_fokker_planck(process, grid_of(2, 24, Boundary::reflecting),
                            FormulaLaw{formula("exp(-20*(x^2 + y^2))", 2)}, 0, {0.5, 0.8}, choices);
    BOOST_TEST(std::abs(std::log(solution.mass[0] / solution.mass[1]) / 0.3 / rate - 1) < 0.03);
    BOOST_TEST(solution.mass_error < 1e-12);
    BOOST_TEST(solution.minimum >= 0);
    BOOST_TEST(solution.run.steps.size() < 3000, strength << ": " << solution.run.steps.size() << " steps");
  }
}

BOOST_AUTO_TEST_CASE(steep_killing_pairs_on_all_walls) {
  const std::vector<std::string> rates = {"1e5*where(x > 0.3 + 0.1*t, 1, 0) - 1",
                                          "1e4*where(x^2 + y^2 > 0.5, 1 + x^2, 0)"};
  for (std::size_t d = 1; d <= 2; ++d)
    for (const Boundary wall : {Boundary::reflecting, Boundary::absorbing, Boundary::periodic})
      for (const std::size_t points :
           d == 1 ? std::vector<std::size_t>{128, 50} : std::vector<std::size_t>{is_sanitized ? 9u : 21u})
        for (const std::optional<double> step : {std::optional<double>(), std::optional(0.04)}) {
          Process process;
          for (std::size_t k = 0; k < d; ++k) {
            process.drift.emplace_back(formula("-2*x + sin(3*t)", d));
            process.diffusion.emplace_back(formula("0.5 + t", d));
          }
          process.killing = formula(rates[d - 1], d);
          KolmogorovChoices choices;
          choices.tolerance = 1e-4;
          choices.step = step;
          FokkerPlanckReplay replay;
          replay.stop = 0.6;
          solve_fokker_planck(process, grid_of(d, points, wall), FormulaLaw{formula("exp(-20*x^2)", d)}, 0.3,
                              {0.3, 0.4, 0.55}, choices, {}, &replay);
          const auto solution = replay_backward_kolmogorov(replay, formula("1 + x", d));
          for (const double pairing : solution.pairing)
            BOOST_TEST(std::abs(pairing / solution.pairing[0] - 1) <= 1e-12,
                       "dimension " << d << ", wall " << static_cast<int>(wall) << ", " << points
                                    << " points, " << solution.run.steps.size()
                                    << " steps: " << pairing / solution.pairing[0] - 1);
        }
}

BOOST_AUTO_TEST_CASE(line_solutions_with_killing_are_those_of_the_dense_matrix) {
  for (const Boundary wall : {Boundary::reflecting, Boundary::absorbing, Boundary::periodic})
    for (const std::size_t n : {3u, 7u, 128u, 256u}) {
      const AxisLines lines(Grid({Axis{"x", 0, 1, n, wall}}), 0);
      LineSolver solver(lines, wall);
      solver.killing.resize(lines.length() * lines.lanes());
      std::mt19937 engine(static_cast<unsigned>(n));
      std::uniform_real_distribution<double> exponent(-3, 3);
      std::vector<double> up(n + 1), down(n + 1), killing(n);
      for (std::size_t face = 0; face <= n; ++face) {
        up[face] = std::pow(10, exponent(engine));
        down[face] = std::pow(10, exponent(engine));
        if (face < n) killing[face] = face % 3 == 0 ? 0 : std::pow(10, 2 * exponent(engine));
      }
      if (wall == Boundary::periodic) up[n] = up[0], down[n] = down[0];
      if (wall == Boundary::reflecting) up[0] = down[0] = up[n] = down[n] = 0;
      const auto size = static_cast<Eigen::Index>(n);
      Eigen::MatrixXd matrix = Eigen::MatrixXd::Identity(size, size);
      for (Eigen::Index i = 0; i < size; ++i) {
        const auto face = static_cast<std::size_t>(i);
        matrix(i, i) += down[face] + up[face + 1] + killing[face];
        const bool wraps = wall == Boundary::periodic;
        if (i + 1 < size || wraps) matrix((i + 1) % size, i) -= up[face + 1];
        if (i > 0 || wraps) matrix((i + size - 1) % size, i) -= down[face];
      }
      for (std::size_t row = 0; row <= lines.length(); ++row)
        for (std::size_t lane = 0; lane < lines.lanes(); ++lane) {
          solver.up[row * lines.lanes() + lane] = up[lines.face(lane, row)];
          solver.down[row * lines.lanes() + lane] = down[lines.face(lane, row)];
        }
      lines.gather(killing.data(), 0, solver.killing.data());
      const Eigen::VectorXd right = Eigen::VectorXd::Random(size).cwiseAbs();
      for (const Direction direction : {Direction::forward, Direction::backward}) {
        const Eigen::MatrixXd system =
            direction == Direction::forward ? matrix : Eigen::MatrixXd(matrix.transpose());
        const Eigen::VectorXd expected = umkehr::solve(system, right);
        std::vector<double> buffer(lines.length() * lines.lanes()), x(n);
        solver.factor(direction);
        lines.gather(right.data(), 0, buffer.data());
        solver.solve(buffer.data(), buffer.data(), direction);
        lines.scatter(buffer.data(), 0, x.data());
        for (Eigen::Index i = 0; i < size; ++i)
          BOOST_TEST(std::abs(x[static_cast<std::size_t>(i)] / expected(i) - 1) < 1e-9);
      }
    }
}

// Borders of killing at the seam, and in the cell beside it: a ring has no place of its own. Lines of 160 are cut in parts.
BOOST_AUTO_TEST_CASE(a_ring_that_is_turned_by_half_turns_the_result) {
  for (const std::size_t points : {96u, 160u}) {
    const Grid ring({Axis{"x", -1, 1, points, Boundary::periodic}});
    KolmogorovChoices choices;
    choices.step = 0.02;
    const auto solve = [&](const char* drift, const char* killing, const char* at_end) {
      const Process process{{formula(drift)}, {0.6}, formula(std::string("500*") + killing), {}};
      const auto density =
          solve_fokker_planck(process, ring, FormulaLaw{formula(at_end)}, 0, {0.4}, choices).density;
      const auto value = solve_backward_kolmogorov(process, ring, formula(at_end), 0.4, {0}, choices).value;
      return std::pair{density.values(), value.values()};
    };
    for (const auto& [killing, turned] :
         {std::pair{"where(x > 0.4, 1, 0)", "where(x > -0.6, where(x < 0, 1, 0), 0)"},
          {"where(x > 0.4, where(x < 0.9911, 1, 0), 0)", "where(x > -0.6, where(x < -0.0089, 1, 0), 0)"},
          {"where(x > -0.9911, where(x < -0.3, 1, 0), 0)", "where(x > 0.0089, where(x < 0.7, 1, 0), 0)"}}) {
      const auto [density, value] = solve("0.3 + sin(pi*x)", killing, "1.5 + cos(pi*x)");
      const auto [turned_density, turned_value] = solve("0.3 - sin(pi*x)", turned, "1.5 - cos(pi*x)");
      double off = 0, of_value = 0;
      for (std::size_t i = 0; i < points; ++i) {
        const std::size_t j = (i + points / 2) % points;
        off = std::max(off, std::abs(density[i] - turned_density[j]));
        of_value = std::max(of_value, std::abs(value[i] - turned_value[j]));
      }
      BOOST_TEST(off < 1e-12, killing << ", " << points << " points: density off by " << off);
      BOOST_TEST(of_value < 1e-12, killing << ", " << points << " points: value off by " << of_value);
    }
  }
}
