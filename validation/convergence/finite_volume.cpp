// SPDX-License-Identifier: GPL-3.0-or-later
// Observed orders of finite volumes in space and in time, apart, with the errors themselves. Space: closed forms, with
// time steps so fine that they do not count. Time: the same grid's ordinary differential equations, whose matrix is
// assembled here from the face rates and integrated by the classical Runge-Kutta scheme with tiny steps; and, in one
// dimension, a closed form on a grid so fine that it does not count.
#include <Eigen/Core>
#include <algorithm>
#include <boost/math/constants/constants.hpp>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <functional>

#include "solver/finite_volume/finite_volume.hpp"
#include "solver/law/affine.hpp"
#include "solver/process/known_processes.hpp"
#include "solver/stepping/march.hpp"

using namespace umkehr;

namespace {

constexpr double pi = boost::math::constants::pi<double>();

Coefficient formula(const std::string& text, std::vector<std::string> axes) {
  return Formula::parse(text, {std::move(axes), {}});
}

GaussianMixture gaussian(std::vector<double> mean, std::vector<double> variance) {
  const auto d = static_cast<Eigen::Index>(mean.size());
  Gaussian one;
  one.mean = Eigen::Map<Eigen::VectorXd>(mean.data(), d);
  one.covariance = Eigen::Map<Eigen::VectorXd>(variance.data(), d).asDiagonal();
  return GaussianMixture({one});
}

double l1(const Grid& grid, std::span<const double> a, std::span<const double> b) {
  double sum = 0;
  for (std::size_t i = 0; i < grid.size(); ++i) sum += std::abs(a[i] - b[i]);
  return sum * grid.cell_volume();
}

Grid cube(std::size_t dimension, double half_width, std::size_t points, Boundary wall) {
  const std::vector<std::string> names = {"x", "y", "z"};
  std::vector<Axis> axes;
  for (std::size_t k = 0; k < dimension; ++k)
    axes.push_back({names[k], -half_width, half_width, points, wall});
  return Grid(axes);
}

/// Every observed order between neighbouring resolutions, and the last error.
void check(const char* what, const std::vector<double>& errors, double order, double last,
           const std::vector<std::size_t>& resolutions = {1, 2, 4, 8}) {
  for (std::size_t n = 0; n < errors.size(); ++n) {
    BOOST_TEST_MESSAGE(what << ": error " << errors[n]);
    if (n == 0) continue;
    const double refinement = static_cast<double>(resolutions[n]) / static_cast<double>(resolutions[n - 1]);
    const double observed = std::log(errors[n - 1] / errors[n]) / std::log(refinement);
    BOOST_TEST_MESSAGE(what << ": order " << observed);
    BOOST_TEST(observed >= order);
  }
  BOOST_TEST(errors.back() <= last);
}

/// The error at `stop` of an affine process from a Gaussian, on grids of doubled resolution.
std::vector<double> errors_in_space(const Process& process, const GaussianMixture& initial, double half_width,
                                    double stop, std::vector<std::size_t> points, double tolerance) {
  const GaussianMixture exact = AffineProcess::of(process)->push(initial, 0, stop);
  std::vector<double> errors;
  for (const std::size_t n : points) {
    const Grid grid = cube(process.dimension(), half_width, n, Boundary::reflecting);
    FiniteVolume volumes(process, grid);
    std::vector<double> state = volumes.state_of(initial), means(grid.size());
    const std::vector<double> times = {0, stop};
    march_forward(volumes, state, times, {.tolerance = tolerance}, {});
    exact.cell_means(grid, means);
    errors.push_back(l1(grid, state, means));
  }
  return errors;
}

/// dp/dt = A(t) p on a small grid, A from the face rates, by the classical Runge-Kutta scheme.
std::vector<double> integrate_rates(const Process& process, const Grid& grid, std::vector<double> state,
                                    double stop, int steps) {
  std::vector<AxisGenerator> axes;
  for (std::size_t k = 0; k < grid.dimension(); ++k)
    axes.emplace_back(process, grid, k, std::span<const double>());
  const Points centres = grid.centres();
  const auto size = static_cast<Eigen::Index>(grid.size());
  std::vector<double> killing(grid.size());
  const auto matrix = [&](double t) {
    process.killing(centres, t, killing);
    Eigen::MatrixXd a = Eigen::MatrixXd::Zero(size, size);
    for (Eigen::Index i = 0; i < size; ++i) a(i, i) = -killing[static_cast<std::size_t>(i)];
    for (AxisGenerator& axis : axes) {
      axis.freeze(t);
      const AxisLines& lines = axis.lines();
      std::vector<double> up((lines.length() + 1) * lines.lanes()), down(up.size());
      for (std::size_t batch = 0; batch < lines.batches(); ++batch) {
        axis.rates(batch, 1, up.data(), down.data());
        for (std::size_t lane = 0; lane < lines.used(batch); ++lane)
          for (std::size_t i = 0; i < lines.length(); ++i) {
            const auto cell = static_cast<Eigen::Index>(lines.cell(batch, lane, i));
            const double leaves_down = down[i * lines.lanes() + lane],
                         leaves_up = up[(i + 1) * lines.lanes() + lane];
            a(cell, cell) -= leaves_down + leaves_up;
            const bool wraps = axis.boundary() == Boundary::periodic;
            const std::size_t n = lines.length();
            if (i + 1 < n || wraps)
              a(static_cast<Eigen::Index>(lines.cell(batch, lane, (i + 1) % n)), cell) += leaves_up;
            if (i > 0 || wraps)
              a(static_cast<Eigen::Index>(lines.cell(batch, lane, (i + n - 1) % n)), cell) += leaves_down;
          }
      }
    }
    return a;
  };
  Eigen::VectorXd p = Eigen::Map<const Eigen::VectorXd>(state.data(), size);
  const double h = stop / steps;
  Eigen::MatrixXd begin = matrix(0);
  for (int n = 0; n < steps; ++n) {
    const Eigen::MatrixXd middle = matrix((n + 0.5) * h), end = matrix((n + 1) * h);
    const Eigen::VectorXd k1 = begin * p, k2 = middle * (p + h / 2 * k1), k3 = middle * (p + h / 2 * k2),
                          k4 = end * (p + h * k3);
    p += h / 6 * (k1 + 2 * k2 + 2 * k3 + k4);
    begin = end;
  }
  std::copy(p.begin(), p.end(), state.begin());
  return state;
}

/// A step number n of `count` equal ones up to `stop`.
double run(FiniteVolume& volumes, std::vector<double>& state, double stop, int count, const Scheme* scheme) {
  for (int n = 0; n < count; ++n)
    volumes.forward(state, {stop * n / count, stop * (n + 1) / count,
                            volumes.scheme_of_step(scheme, static_cast<std::size_t>(n))});
  return stop / count;
}

void check_orders_in_time(const char* what, const Process& process, const Grid& grid) {
  FiniteVolume volumes(process, grid);
  std::vector<double> start(volumes.size());
  const Points centres = grid.centres();
  for (std::size_t i = 0; i < grid.size(); ++i) {
    double square = 0;
    for (std::size_t k = 0; k < grid.dimension(); ++k) square += std::pow(centres[k][i] - 0.3, 2);
    start[i] = std::exp(-square);
  }
  const double mass = volumes.mass(start), stop = 0.4;
  for (double& value : start) value /= mass;
  const std::vector<double> exact = integrate_rates(process, grid, start, stop, 400);
  for (const auto& [scheme, order, coarsest, last] :
       std::vector<std::tuple<const Scheme*, double, int, double>>{
           {finite_volume_scheme("sdirk2", false), 1.95, 8, 3e-5},
           {finite_volume_scheme("crank-nicolson", false), 1.95, 8, 3e-5},
           {nullptr, 3.7, 2, 3e-6}}) {
    std::vector<double> errors;
    for (int n = 0; n < 4; ++n) {
      std::vector<double> state = start;
      run(volumes, state, stop, coarsest << n, scheme);
      errors.push_back(l1(grid, state, exact));
    }
    check((std::string(what) + ", " + std::string(scheme ? scheme->name : "extrapolated")).c_str(), errors,
          order, last);
  }
}

}  // namespace

BOOST_AUTO_TEST_CASE(space_one_dimension) {
  const Process process = ornstein_uhlenbeck(formula("1 + t", {"x"}), formula("0.5 + t^2", {"x"}));
  check("1-D in space", errors_in_space(process, gaussian({1}, {0.49}), 8, 1, {64, 128, 256, 512}, 1e-8),
        1.95, 2e-4);
}

BOOST_AUTO_TEST_CASE(space_two_dimensions_with_a_drift_that_is_no_gradient) {
  const std::vector<std::string> names = {"x", "y"};
  const Process process{{formula("0.5*(-x + 2*y)", names), formula("0.5*(-y - 2*x)", names)},
                        {formula("0.5*(1 + t)", names), 0.5},
                        0.0,
                        {}};
  const std::vector<std::size_t> points = {80, 112, 160, 224};
  check("2-D in space", errors_in_space(process, gaussian({1, 0}, {0.5, 0.6}), 6, 0.5, points, 1e-5), 1.95,
        1e-3, points);
}

BOOST_AUTO_TEST_CASE(space_three_dimensions) {
  const std::vector<std::string> names = {"x", "y", "z"};
  const Process process{{formula("-x + y", names), formula("-x - y", names), formula("-z + 0.5*x", names)},
                        {2.0, formula("2 + t", names), 1.6},
                        0.0,
                        {}};
  const std::vector<std::size_t> points = {40, 48, 56, 64};
  check("3-D in space", errors_in_space(process, gaussian({0.5, 0, -0.3}, {1, 1, 1}), 6.5, 0.3, points, 1e-4),
        1.95, 2e-3, points);
}

BOOST_AUTO_TEST_CASE(space_absorbing_walls) {
  // dP/dt = P_xx/4 on (0, 1), P = 0 at both ends, from sin(pi x): each cell mean decays alike.
  const Process process = brownian(0.5);
  std::vector<double> errors, outflow_errors;
  for (const std::size_t n : {32, 64, 128, 256}) {
    const Grid grid({Axis{"x", 0, 1, n, Boundary::absorbing}});
    FiniteVolume volumes(process, grid);
    std::vector<double> state(volumes.size()), exact(grid.size());
    const double decay = std::exp(-pi * pi / 4 * 0.5);
    for (std::size_t i = 0; i < n; ++i) {
      const Axis& axis = grid.axis(0);
      state[i] = (std::cos(pi * axis.face(i)) - std::cos(pi * axis.face(i + 1))) / (2 * axis.spacing());
      exact[i] = decay * state[i];
    }
    const std::vector<double> times = {0, 0.5};
    march_forward(volumes, state, times, {.tolerance = 1e-9}, {});
    errors.push_back(l1(grid, state, exact));
    outflow_errors.push_back(std::abs(volumes.lost(state) - (1 - decay)));
  }
  check("absorbing", errors, 1.95, 1e-5);
  check("outflow", outflow_errors, 1.95, 1e-5);
}

BOOST_AUTO_TEST_CASE(space_absorbing_walls_with_drift) {
  // The first term of the series for constant drift F and noise D on (0, 1).
  const double drift = 1.5, noise = 0.7, stop = 0.3;
  const double rate = drift * drift / (2 * noise) + noise / 2 * pi * pi;
  const auto integral = [&](double x) {
    const double c = drift / noise;
    return std::exp(c * x) * (c * std::sin(pi * x) - pi * std::cos(pi * x)) / (c * c + pi * pi);
  };
  std::vector<double> errors;
  for (const std::size_t n : {32, 64, 128, 256}) {
    const Grid grid({Axis{"x", 0, 1, n, Boundary::absorbing}});
    FiniteVolume volumes({{drift}, {noise}, 0.0, {}}, grid);
    std::vector<double> state(volumes.size()), exact(grid.size());
    for (std::size_t i = 0; i < n; ++i) {
      state[i] =
          (integral(grid.axis(0).face(i + 1)) - integral(grid.axis(0).face(i))) / grid.axis(0).spacing();
      exact[i] = std::exp(-rate * stop) * state[i];
    }
    const std::vector<double> times = {0, stop};
    march_forward(volumes, state, times, {.tolerance = 1e-9}, {});
    errors.push_back(l1(grid, state, exact));
  }
  check("absorbing with drift", errors, 1.95, 2e-5);  // kept equilibria would leave 2.6e-5
}

BOOST_AUTO_TEST_CASE(space_periodic_and_killed) {
  // From 1 + cos(2 pi x)/2 under drift F, noise D and killing at rate V: the wave moves, decays, and all is killed.
  const double drift = 1.3, noise = 0.2, killing = 0.7, stop = 0.5, k = 2 * pi;
  std::vector<double> errors;
  for (const std::size_t n : {32, 64, 128, 256}) {
    const Grid grid({Axis{"x", 0, 1, n, Boundary::periodic}});
    FiniteVolume volumes({{drift}, {noise}, killing, {}}, grid);
    const auto mean = [&](std::size_t i, double shift, double amplitude) {
      const Axis& axis = grid.axis(0);
      return 1 + amplitude *
                     (std::sin(k * (axis.face(i + 1) - shift)) - std::sin(k * (axis.face(i) - shift))) /
                     (k * axis.spacing());
    };
    std::vector<double> state(volumes.size()), exact(grid.size());
    for (std::size_t i = 0; i < n; ++i) {
      state[i] = mean(i, 0, 0.5);
      exact[i] = std::exp(-killing * stop) * mean(i, drift * stop, 0.5 * std::exp(-noise / 2 * k * k * stop));
    }
    const std::vector<double> times = {0, stop};
    march_forward(volumes, state, times, {.tolerance = 1e-9}, {});
    errors.push_back(l1(grid, state, exact));
    BOOST_TEST(std::abs(volumes.lost(state) - (1 - std::exp(-killing * stop))) < 1e-9);
  }
  check("periodic", errors, 1.95, 2e-4);
}

BOOST_AUTO_TEST_CASE(space_quadratic_killing) {
  const Process process{{formula("-0.5*x", {"x"})}, {1.0}, formula("0.3*x^2 - 0.2*x - 0.1", {"x"}), {}};
  check("killed", errors_in_space(process, gaussian({0.5}, {0.5}), 7, 0.7, {64, 128, 256, 512}, 1e-8), 1.95,
        1e-4);
}

BOOST_AUTO_TEST_CASE(time_one_dimension_against_the_closed_form) {
  const Process process = ornstein_uhlenbeck(formula("1 + t", {"x"}), formula("0.5 + t^2", {"x"}));
  const Grid grid = cube(1, 8, 4096, Boundary::reflecting);
  const GaussianMixture initial = gaussian({1}, {0.49});
  std::vector<double> exact(grid.size());
  AffineProcess::of(process)->push(initial, 0, 1).cell_means(grid, exact);
  FiniteVolume volumes(process, grid);
  for (const std::string name : {"sdirk2", "crank-nicolson"}) {
    std::vector<double> errors;
    for (const int count : {4, 8, 16, 32}) {
      std::vector<double> state = volumes.state_of(initial);
      run(volumes, state, 1, count, finite_volume_scheme(name, false));
      errors.push_back(l1(grid, state, exact));
    }
    check(("1-D in time, " + name).c_str(), errors, 1.95, 2e-4);
  }
}

BOOST_AUTO_TEST_CASE(time_two_and_three_dimensions) {
  const std::vector<std::string> two = {"x", "y"}, three = {"x", "y", "z"};
  check_orders_in_time(
      "2-D in time",
      {{formula("y*(1 + t) - x^3", two), formula("-2*x - y*t", two)},
       {formula("0.5 + t", two), 0.7},
       formula("0.5*x^2 - y*t", two),
       {}},
      Grid({Axis{"x", -2, 2, 10, Boundary::reflecting}, Axis{"y", -2, 2, 9, Boundary::absorbing}}));
  check_orders_in_time("3-D in time",
                       {{formula("y - x", three), formula("z - x", three), formula("-sin(x + t)", three)},
                        {0.6, formula("0.5 + t", three), 0.7},
                        0.0,
                        {}},
                       cube(3, 2, 5, Boundary::periodic));
}

BOOST_AUTO_TEST_CASE(a_point_mass_becomes_the_transition_density) {
  const Process process = ornstein_uhlenbeck(formula("1 + t", {"x"}), formula("0.5 + t^2", {"x"}));
  std::vector<double> errors;
  for (const std::size_t n : {128, 256, 512, 1024}) {
    const Grid grid = cube(1, 6, n, Boundary::reflecting);
    const double at = grid.axis(0).centre(n / 2 + n / 16);
    Eigen::VectorXd point(1);
    point << at;
    FiniteVolume volumes(process, grid);
    std::vector<double> state(volumes.size()), exact(grid.size());
    state[n / 2 + n / 16] = 1 / grid.axis(0).spacing();
    AffineProcess::of(process)->transition(point, 0, 0.5).cell_means(grid, exact);
    const std::vector<double> times = {0, 0.5};
    const Marched run = march_forward(volumes, state, times, {.tolerance = 1e-6}, {});
    BOOST_TEST_MESSAGE("from a point: " << run.steps.size() << " steps, " << run.refused << " refused");
    errors.push_back(l1(grid, state, exact));
    BOOST_TEST(run.steps.size() < 3000u);
  }
  check("from a point", errors, 1.9, 1e-4);
}
