// SPDX-License-Identifier: GPL-3.0-or-later
// Face fluxes and line solutions against their definitions; what finite volumes keep, and what they say of a grid.
#include "solver/finite_volume/finite_volume.hpp"

#include <omp.h>
#include <algorithm>

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <random>

#include "grids/dense/dense_matrix.hpp"
#include "grids/machine/team.hpp"
#include "solver/finite_volume/face_flux.hpp"
#include "solver/finite_volume/line_solver.hpp"
#include "solver/process/known_processes.hpp"
#include "solver/stepping/march.hpp"

using namespace umkehr;

namespace {

const std::vector<Boundary> walls = {Boundary::reflecting, Boundary::absorbing, Boundary::periodic};

Coefficient formula(const char* text, std::vector<std::string> axes) {
  return Formula::parse(text, {std::move(axes), {}});
}

/// A density in a mixed state, and a value, both of random numbers.
std::vector<double> random_state(std::size_t size, bool positive, unsigned seed) {
  std::mt19937 engine(seed);
  std::normal_distribution<double> normal;
  std::vector<double> state(size);
  for (std::size_t i = 0; i + 2 < size; ++i) state[i] = positive ? std::abs(normal(engine)) : normal(engine);
  return state;
}

/// Largest difference relative to the largest value.
double difference(std::span<const double> a, std::span<const double> b) {
  double most = 0, size = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    most = std::max(most, std::abs(a[i] - b[i]));
    size = std::max(size, std::abs(b[i]));
  }
  return most / size;
}

}  // namespace

BOOST_AUTO_TEST_CASE(face_rates_are_those_of_the_bernoulli_function) {
  for (const double z : {0.0, 1e-300, 1e-9, 1e-3, 0.5, 1.0, 1.09, 1.1, 3.0, 20.0, 700.0, 1e5})
    for (const double sign : {1.0, -1.0}) {
      const FaceRates rates = face_rates(lanes::broadcast(sign * z), lanes::broadcast(2));
      const long double down = z == 0 ? 1.0L : sign * z / std::expm1(static_cast<long double>(sign * z));
      const long double up = down + sign * z;
      BOOST_TEST(std::abs(rates.down[0] - static_cast<double>(2 * down)) <= 1e-15 * std::abs(rates.down[0]));
      BOOST_TEST(rates.up[0] >= 0);
      if (sign > 0) BOOST_TEST(std::abs(rates.up[0] - static_cast<double>(2 * up)) <= 1e-15 * rates.up[0]);
      if (z > 1.09) continue;
      const FaceRates small = face_rates_of_small(lanes::broadcast(sign * z), lanes::broadcast(2));
      BOOST_TEST(std::abs(small.up[0] - rates.up[0]) <= 1e-15 * rates.up[0]);
      BOOST_TEST(std::abs(small.down[0] - rates.down[0]) <= 1e-15 * rates.down[0]);
    }
}

BOOST_AUTO_TEST_CASE(line_solutions_are_those_of_the_dense_matrix_however_lines_are_cut) {
  for (const Boundary wall : walls)
    for (const std::size_t n : {2u, 3u, 7u, 128u, 256u}) {
      const AxisLines lines(Grid({Axis{"x", 0, 1, n, wall}}), 0);
      BOOST_TEST(lines.is_segmented() == (n >= 128));
      LineSolver solver(lines, wall);
      std::mt19937 engine(static_cast<unsigned>(n));
      std::uniform_real_distribution<double> exponent(-3, 3);
      std::vector<double> up(n + 1), down(n + 1);
      for (std::size_t face = 0; face <= n; ++face) {
        up[face] = std::pow(10, exponent(engine));
        down[face] = std::pow(10, exponent(engine));
      }
      if (wall == Boundary::periodic) up[n] = up[0], down[n] = down[0];
      if (wall == Boundary::reflecting) up[0] = down[0] = up[n] = down[n] = 0;
      const auto size = static_cast<Eigen::Index>(n);
      Eigen::MatrixXd matrix = Eigen::MatrixXd::Identity(size, size);
      for (Eigen::Index i = 0; i < size; ++i) {
        const auto face = static_cast<std::size_t>(i);
        matrix(i, i) += down[face] + up[face + 1];
        const bool wraps = wall == Boundary::periodic;
        if (i + 1 < size || wraps) matrix((i + 1) % size, i) -= up[face + 1];
        if (i > 0 || wraps) matrix((i + size - 1) % size, i) -= down[face];
      }
      for (std::size_t row = 0; row <= lines.length(); ++row)
        for (std::size_t lane = 0; lane < lines.lanes(); ++lane) {
          solver.up[row * lines.lanes() + lane] = up[lines.face(lane, row)];
          solver.down[row * lines.lanes() + lane] = down[lines.face(lane, row)];
        }
      const Eigen::VectorXd right = Eigen::VectorXd::Random(size);
      for (const Direction direction : {Direction::forward, Direction::backward}) {
        const Eigen::MatrixXd system =
            direction == Direction::forward ? matrix : Eigen::MatrixXd(matrix.transpose());
        const Eigen::VectorXd expected = umkehr::solve(system, right);
        std::vector<double> buffer(lines.length() * lines.lanes()), x(n);
        solver.factor(direction);
        lines.gather(right.data(), 0, buffer.data());
        solver.solve(buffer.data(), buffer.data(), direction);
        lines.scatter(buffer.data(), 0, x.data());
        BOOST_TEST(difference(x, {expected.data(), n}) < 1e-11);
      }
    }
}

BOOST_AUTO_TEST_CASE(gathered_lines_come_back_whole) {
  for (const auto& shape :
       std::vector<std::vector<std::size_t>>{{7}, {128}, {5, 9}, {40, 33}, {3, 12, 17}, {9, 8, 40}}) {
    std::vector<Axis> axes;
    for (const std::size_t points : shape) axes.push_back({"x", 0, 1, points, Boundary::reflecting});
    const Grid grid(axes);
    const std::vector<double> field = random_state(grid.size() + 2, false, 1);
    for (std::size_t k = 0; k < shape.size(); ++k) {
      const AxisLines lines(grid, k);
      std::vector<double> buffer(lines.length() * lines.lanes()), back(grid.size(), 9);
      for (std::size_t batch = 0; batch < lines.batches(); ++batch) {
        lines.gather(field.data(), batch, buffer.data());
        BOOST_TEST(buffer[lines.lanes() + 1] == field[lines.cell(batch, 1, 1)]);
        lines.scatter(buffer.data(), batch, back.data());
      }
      BOOST_TEST(std::equal(back.begin(), back.end(), field.begin()));
    }
  }
}

BOOST_AUTO_TEST_CASE(a_density_in_equilibrium_stays_for_any_step) {
  const std::vector<std::string> names = {"x", "y", "z"};
  const std::vector<const char*> potentials = {"x^4/4 - x^2/2 + 0.3*sin(pi*x)",
                                               "(x^2 - 1)^2 + 0.5*x*y + 40*y^2",
                                               "x^2 + x*y + y^2 + 0.5*sin(x*z) + z^2"};
  for (std::size_t d = 1; d <= 3; ++d) {
    const std::vector<std::string> axes(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(d));
    const Formula potential = Formula::parse(potentials[d - 1], {axes, {}});
    const std::vector<std::size_t> points = {d == 1 ? 256u : 20u, 24, 9};
    std::vector<Axis> grid_axes;
    for (std::size_t k = 0; k < d; ++k)
      grid_axes.push_back({names[k], -2, 2.5, points[k], Boundary::reflecting});
    const Grid grid(grid_axes);
    FiniteVolume volumes(in_potential(potential, std::vector<Coefficient>(d, 0.4)), grid);
    const Coefficient weight = Formula::parse("exp(-(" + potential.text() + ")/0.2)", {axes, {}});
    std::vector<double> state = volumes.state_of(FormulaLaw{weight});
    const std::vector<double> start = state;
    for (const Scheme* scheme : finite_volume_step_schemes())
      for (const double h : {1e-3, 0.1, 10.0, 1e4}) {
        for (int n = 0; n < 5; ++n) volumes.forward(state, {n * h, (n + 1) * h, scheme});
        double change = 0;
        for (std::size_t i = 0; i < grid.size(); ++i)
          change += std::abs(state[i] - start[i]) * grid.cell_volume();
        BOOST_TEST(change < 1e-12, "dimension " << d << ", scheme "
                                                << (scheme ? scheme->name : "extrapolated") << ", step " << h
                                                << ": " << change);
      }
  }
}

BOOST_AUTO_TEST_CASE(a_periodic_equilibrium_stays_too) {
  const Grid grid({Axis{"x", 0, 1, 160, Boundary::periodic}, Axis{"y", -1, 1, 12, Boundary::periodic}});
  const Formula potential = Formula::parse("sin(2*pi*x)*cos(pi*y) + 2*cos(2*pi*x)", {{"x", "y"}, {}});
  FiniteVolume volumes(in_potential(potential, {0.5, 0.5}), grid);
  std::vector<double> state =
      volumes.state_of(FormulaLaw{formula("exp(-4*(sin(2*pi*x)*cos(pi*y) + 2*cos(2*pi*x)))", {"x", "y"})});
  const std::vector<double> start = state;
  const std::vector<const Scheme*> schemes = finite_volume_step_schemes();
  for (int n = 0; n < 20; ++n)
    volumes.forward(state, {n * 0.3, (n + 1) * 0.3, schemes[static_cast<std::size_t>(n) % 4]});
  BOOST_TEST(difference(state, start) < 1e-12);
}

BOOST_AUTO_TEST_CASE(transposed_steps_pair_in_reverse_order_only) {
  const Grid grid({Axis{"x", -1, 1, 12, Boundary::absorbing}, Axis{"y", -1, 2, 9, Boundary::reflecting}});
  Process process{{formula("2*cos(3*t)*y + x", {"x", "y"}), formula("sin(x + 5*t)", {"x", "y"})},
                  {formula("0.5 + t", {"x", "y"}), 0.2},
                  formula("x*t - 0.3", {"x", "y"}),
                  {}};
  FiniteVolume volumes(process, grid);
  const std::vector<double> p = random_state(volumes.size(), true, 2),
                            j = random_state(volumes.size(), false, 3);
  const std::vector<const Scheme*> schemes = finite_volume_step_schemes();
  std::vector<Step> steps;
  for (int n = 0; n < 30; ++n)
    steps.push_back({n * 0.02, (n + 1) * 0.02, schemes[static_cast<std::size_t>(n) % 5]});
  std::vector<double> later = p, earlier = j, wrong = j;
  for (const Step& step : steps) volumes.forward(later, step);
  for (std::size_t n = steps.size(); n-- > 0;) volumes.backward(earlier, steps[n]);
  for (const Step& step : steps) volumes.backward(wrong, step);
  const double pairing = volumes.pairing(later, j);
  BOOST_TEST(std::abs(volumes.pairing(p, earlier) / pairing - 1) < 1e-12);
  BOOST_TEST(std::abs(volumes.pairing(p, wrong) / pairing - 1) > 1e-3);
}

BOOST_AUTO_TEST_CASE(a_step_with_its_error_is_the_step_itself) {
  const Grid grid({Axis{"x", -2, 2, 130, Boundary::reflecting}});
  FiniteVolume volumes(double_well(0.5), grid);
  for (const Scheme* scheme : finite_volume_step_schemes()) {
    std::vector<double> with = random_state(volumes.size(), true, 4), without = with;
    BOOST_TEST(volumes.forward_with_error(with, {0, 0.1, scheme}) > 0);
    volumes.forward(without, {0, 0.1, scheme});
    BOOST_TEST(with == without, boost::test_tools::per_element());
  }
}

BOOST_AUTO_TEST_CASE(results_do_not_depend_on_the_number_of_threads) {
  const Grid grid({Axis{"x", -2, 2, 75, Boundary::reflecting}, Axis{"y", -2, 2, 20, Boundary::periodic},
                   Axis{"z", -2, 2, 18, Boundary::absorbing}});
  const std::vector<std::string> names = {"x", "y", "z"};
  const Process process{
      {formula("y - x^3", names), formula("-x*cos(pi*y/2)", names), formula("-z*(1 + t)", names)},
      {0.5, 0.3, formula("1 + t", names)},
      formula("x^2 - 0.5*t", names),
      {}};
  std::vector<std::vector<double>> results;
  const team::SharesAnything small;
  for (const int threads : {1, 2, 3, 5}) {
    omp_set_num_threads(threads);
    FiniteVolume volumes(process, grid);
    results.push_back(random_state(volumes.size(), true, 5));
    for (int n = 0; n < 3; ++n) volumes.forward(results.back(), {n * 0.1, (n + 1) * 0.1});
  }
  for (const auto& result : results) BOOST_TEST((result == results[0]));
}

BOOST_AUTO_TEST_CASE(drift_and_diffusion_of_any_size_give_positive_finite_densities) {
  for (const double diffusion : {1e-6, 1.0, 1e6})
    for (const double drift : {1e-6, 1.0, 1e6}) {
      const Grid grid({Axis{"x", -1, 1, 128, Boundary::reflecting}});
      const std::string text = std::to_string(drift) + "*sin(3*x)";
      FiniteVolume volumes({{formula(text.c_str(), {"x"})}, {diffusion}, 0.0, {}}, grid);
      std::vector<double> state = random_state(volumes.size(), true, 6);
      const double mass = volumes.mass(state);
      for (int n = 0; n < 10; ++n)
        volumes.forward(state, {n * 0.1, (n + 1) * 0.1, finite_volume_scheme("backward-euler", false)});
      for (std::size_t i = 0; i < grid.size(); ++i) BOOST_TEST((state[i] >= 0 && std::isfinite(state[i])));
      BOOST_TEST(std::abs(volumes.mass(state) / mass - 1) < 1e-13);
    }
}

BOOST_AUTO_TEST_CASE(scores_are_differences_of_the_logarithm_and_finite) {
  const Grid grid({Axis{"x", -40, 40, 800, Boundary::reflecting}});
  FiniteVolume volumes(brownian(1.0), grid);
  std::vector<double> state(volumes.size()), score(grid.size());
  for (std::size_t i = 0; i < grid.size(); ++i) state[i] = std::exp(-std::pow(grid.axis(0).centre(i), 2) / 2);
  volumes.score(state, 0, score);
  for (std::size_t i = 0; i < grid.size(); ++i) {
    const double x = grid.axis(0).centre(i);
    BOOST_TEST(std::isfinite(score[i]));
    if (std::abs(x) < 37) BOOST_TEST(std::abs(score[i] + x) < 1e-9);
  }
}

// ln P a square: differences of second order are exact, one-sided ones at walls too.
BOOST_AUTO_TEST_CASE(scores_at_walls_are_those_of_the_density_there) {
  const Grid grid({Axis{"x", 0, 1, 12, Boundary::reflecting}, Axis{"y", -1, 0.5, 9, Boundary::absorbing}});
  FiniteVolume volumes(brownian(1.0, 2), grid);
  const Points centre = grid.centres();
  std::vector<double> state(volumes.size()), score(grid.size());
  for (std::size_t i = 0; i < grid.size(); ++i) {
    const double x = centre[0][i], y = centre[1][i];
    state[i] = std::exp(-2 * x * x + x * y - y * y + 0.3 * x);
  }
  for (const std::size_t k : {0u, 1u}) {
    volumes.score(state, k, score);
    for (std::size_t i = 0; i < grid.size(); ++i) {
      const double x = centre[0][i], y = centre[1][i], exact = k == 0 ? -4 * x + y + 0.3 : x - 2 * y;
      BOOST_TEST(std::abs(score[i] - exact) < 1e-12);
    }
  }
}

BOOST_AUTO_TEST_CASE(grids_that_are_too_coarse_are_reported_with_a_remedy) {
  const Grid grid({Axis{"x", -4, 4, 64, Boundary::reflecting}});
  FiniteVolume coarse(ornstein_uhlenbeck(2.0, 0.01), grid), fine(ornstein_uhlenbeck(2.0, 1.0), grid);
  std::vector<double> wide(coarse.size()), narrow(coarse.size());
  for (std::size_t i = 0; i < grid.size(); ++i) {
    const double x = grid.axis(0).centre(i);
    wide[i] = std::exp(-x * x / 2);
    narrow[i] = std::exp(-x * x / (2 * 0.05 * 0.05));
  }
  BOOST_TEST(fine.warnings(wide, 0).empty());
  const std::vector<std::string> of_drift = coarse.warnings(wide, 0), of_width = fine.warnings(narrow, 0);
  BOOST_TEST_REQUIRE(of_drift.size() == 1u);
  BOOST_TEST(of_drift[0].find("|F| h / D") != std::string::npos);
  BOOST_TEST(of_drift[0].find("use at least points = ") != std::string::npos);
  BOOST_TEST_REQUIRE(of_width.size() == 1u);
  BOOST_TEST(of_width[0].find("too narrow") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(schemes_have_names) {
  BOOST_TEST(finite_volume_schemes().front() == "sdirk2");
  BOOST_TEST(!finite_volume_scheme("", true));
  BOOST_TEST(finite_volume_scheme("sdirk2", false) == finite_volume_scheme("", false));
  for (const std::string& name : finite_volume_schemes())
    BOOST_TEST(finite_volume_scheme(name, false)->name == name);
  BOOST_CHECK_THROW(finite_volume_scheme("euler", false), std::invalid_argument);
}
