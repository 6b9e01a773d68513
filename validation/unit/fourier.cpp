// SPDX-License-Identifier: GPL-3.0-or-later
// The Fourier method's algebra: transforms, exact transposes, ledgers, threads, and what it says of unfit grids.
#include "solver/fourier/fourier.hpp"

#include <omp.h>

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <numbers>
#include <random>

#include "grids/failure.hpp"
#include "grids/machine/team.hpp"
#include "solver/fourier/fourier_law.hpp"
#include "solver/fourier/fourier_odeint.hpp"
#include "solver/process/known_processes.hpp"
#include "solver/stepping/march.hpp"

using namespace umkehr;

namespace {

std::vector<double> random_vector(std::size_t n, unsigned seed) {
  std::mt19937_64 engine(seed);
  std::normal_distribution<double> normal;
  std::vector<double> out(n);
  for (double& value : out) value = normal(engine);
  return out;
}

double dot(const std::vector<double>& u, const std::vector<double>& v) {
  double sum = 0;
  for (std::size_t n = 0; n < u.size(); ++n) sum += u[n] * v[n];
  return sum;
}

double norm(const std::vector<double>& u) {
  return std::sqrt(dot(u, u));
}

Grid grid_of(std::vector<std::size_t> points, Boundary boundary = Boundary::reflecting) {
  const char* names[] = {"x", "y", "z"};
  std::vector<Axis> axes;
  for (std::size_t k = 0; k < points.size(); ++k)
    axes.push_back(
        {names[k], -5.0 - 0.5 * static_cast<double>(k), 5.0 + static_cast<double>(k), points[k], boundary});
  return Grid(axes);
}

/// Not a gradient, killed and dependent on time, with one D an axis.
Process tangled(std::size_t dimension) {
  const std::vector<std::string> drift = {"-x*(1+t) + 0.4*sin(x)", "-y + 0.7*x*cos(t)",
                                          "-1.3*z + 0.2*x*y/(1+x^2+y^2) - t"};
  const std::vector<std::string> diffusion = {"0.6+0.3*sin(2*t)", "0.5", "0.4+t^2"};
  const std::vector<std::string> killing = {"0.3*cos(x+t)", "0.3*cos(x-y)*exp(-t)", "0.2+0.1*sin(x+y*z+t)"};
  FormulaNames names{{"x", "y", "z"}, {}};
  names.axes.resize(dimension);
  Process process;
  for (std::size_t k = 0; k < dimension; ++k) {
    process.drift.emplace_back(Formula::parse(dimension == 1 ? drift[0] : drift[k], names));
    process.diffusion.emplace_back(Formula::parse(diffusion[k], names));
  }
  process.killing = Formula::parse(killing[dimension - 1], names);
  return process;
}

GaussianMixture gaussian(std::vector<double> mean, double variance) {
  const auto d = static_cast<Eigen::Index>(mean.size());
  Gaussian g;
  g.mean = Eigen::Map<Eigen::VectorXd>(mean.data(), d);
  g.covariance = variance * Eigen::MatrixXd::Identity(d, d);
  return GaussianMixture({g});
}

const std::vector<std::vector<std::size_t>> shapes = {{16},   {15},     {2},       {3},       {12, 10},
                                                      {9, 7}, {20, 31}, {6, 5, 8}, {9, 10, 7}};

}  // namespace

BOOST_AUTO_TEST_CASE(transform_is_the_discrete_fourier_sum) {
  for (const std::size_t n : {2u, 5u, 8u, 30u}) {
    const Grid grid = grid_of({n});
    const FourierTransform transform(grid);
    const std::vector<double> f = random_vector(n, 1);
    RealArray values(f.begin(), f.end());
    ComplexArray c(transform.coefficients());
    transform.forward(values, c);
    for (std::size_t k = 0; k < c.size(); ++k) {
      std::complex<double> sum = 0;
      for (std::size_t j = 0; j < n; ++j)
        sum += f[j] *
               std::polar(1.0, -2 * std::numbers::pi * static_cast<double>(j * k) / static_cast<double>(n));
      BOOST_TEST(std::abs(c[k] - sum) < 1e-13);
    }
  }
}

BOOST_AUTO_TEST_CASE(states_keep_values_and_products) {
  for (const auto& shape : shapes) {
    const Grid grid = grid_of(shape);
    FourierGenerator generator(tangled(shape.size()), grid);
    const std::vector<double> f = random_vector(grid.size(), 2), g = random_vector(grid.size(), 3);
    std::vector<double> u(generator.size()), v(generator.size()), back(grid.size());
    generator.to_state(f, u);
    generator.to_state(g, v);
    generator.to_values(u, back);
    for (std::size_t i = 0; i < f.size(); ++i) BOOST_TEST(std::abs(back[i] - f[i]) < 1e-13);
    BOOST_TEST(std::abs(dot(u, v) - dot(f, g) * grid.cell_volume()) < 1e-13 * norm(u) * norm(v));
  }
}

BOOST_AUTO_TEST_CASE(derivatives_are_antisymmetric_and_exact) {
  for (const auto& shape : shapes) {
    const Grid grid = grid_of(shape);
    FourierGenerator generator(tangled(shape.size()), grid);
    const std::vector<double> f = random_vector(grid.size(), 4), g = random_vector(grid.size(), 5);
    std::vector<double> u(generator.size()), v(generator.size()), df(grid.size()), dg(grid.size());
    generator.to_state(f, u);
    generator.to_state(g, v);
    for (std::size_t k = 0; k < grid.dimension(); ++k) {
      generator.derivative(u, k, df);
      generator.derivative(v, k, dg);
      BOOST_TEST(std::abs(dot(df, g) + dot(f, dg)) <= 1e-13 * (norm(df) * norm(g) + 1));
    }
  }
  const Grid grid = grid_of({8, 12, 10});
  FourierGenerator generator(tangled(3), grid);
  const Points x = grid.centres();
  for (std::size_t k = 0; k < 3; ++k) {
    const double wave = 2 * 2 * std::numbers::pi / grid.axis(k).length();
    std::vector<double> f(grid.size()), u(generator.size()), df(grid.size());
    for (std::size_t i = 0; i < f.size(); ++i) f[i] = std::sin(wave * x[k][i] + 0.3);
    generator.to_state(f, u);
    generator.derivative(u, k, df);
    for (std::size_t i = 0; i < f.size(); ++i)
      BOOST_TEST(std::abs(df[i] - wave * std::cos(wave * x[k][i] + 0.3)) < 1e-13);
  }
}

BOOST_AUTO_TEST_CASE(generator_and_adjoint_are_transposes) {
  for (const auto& shape : shapes) {
    const Grid grid = grid_of(shape);
    FourierGenerator generator(tangled(shape.size()), grid);
    std::vector<double> p(generator.size()), j(generator.size()), np(p.size()), nj(p.size());
    generator.to_state(random_vector(grid.size(), 6), p);
    generator.to_state(random_vector(grid.size(), 7), j);
    p.back() = 0.7;
    j.back() = -1.3;
    for (const double t : {0.0, 0.4}) {
      generator.rest(t, p, np);
      generator.rest_adjoint(t, j, nj);
      BOOST_TEST(std::abs(dot(np, j) - dot(p, nj)) <= 1e-14 * (norm(np) * norm(j) + norm(p) * norm(nj)));
    }
  }
}

BOOST_AUTO_TEST_CASE(factors_compose) {
  FourierGenerator generator(tangled(2), grid_of({8, 9}));
  std::vector<double> a(generator.size()), b(a), c(a);
  generator.factor(0.0, 0.2, a);
  generator.factor(0.2, 0.5, b);
  generator.factor(0.0, 0.5, c);
  for (std::size_t n = 0; n < a.size(); ++n) BOOST_TEST(std::abs(a[n] * b[n] - c[n]) <= 1e-14 * c[n]);
}

BOOST_AUTO_TEST_CASE(pairing_is_constant_under_replayed_steps) {
  const std::vector<std::vector<std::size_t>> grids = {{48}, {32, 30}, {20, 18, 21}};
  for (const auto& shape : grids) {
    const std::size_t d = shape.size();
    const Grid grid = grid_of(shape);
    Fourier method(tangled(d), grid);
    for (const bool adaptive : {true, false}) {
      StepControl control{.tolerance = 1e-5, .step = {}, .scheme = nullptr};
      if (!adaptive) control.step = 0.011;
      const std::vector<double> times = {0, 0.07, 0.2};
      const Law start = gaussian(std::vector<double>(d, 0.3), 0.8);
      std::vector<double> p = method.state_of(start),
                          j = method.state_of(gaussian(std::vector<double>(d, -0.2), 1.1));
      j.back() = 0.25;  // what a killed path pays
      std::vector<std::vector<double>> forward(times.size()), backward(times.size());
      const Marched run =
          march_forward(method, p, times, control, [&](std::size_t n, std::span<const double> state) {
            forward[n].assign(state.begin(), state.end());
          });
      BOOST_TEST(run.steps.size() > 2);
      replay_backward(method, j, times, run.steps, [&](std::size_t n, std::span<const double> state) {
        backward[n].assign(state.begin(), state.end());
      });
      const double last = method.pairing(forward.back(), backward.back());
      for (std::size_t n = 0; n < times.size(); ++n)
        BOOST_TEST(std::abs(method.pairing(forward[n], backward[n]) - last) <= 1e-12 * std::abs(last));
    }
  }
}

BOOST_AUTO_TEST_CASE(mass_and_killed_mass_add_up) {
  Fourier method(tangled(2), grid_of({32, 32}));
  std::vector<double> state = method.state_of(gaussian({0.2, 0.4}, 0.5));
  BOOST_TEST(std::abs(method.mass(state) - 1) < 1e-14);
  for (int n = 0; n < 50; ++n) method.forward(state, {0.02 * n, 0.02 * (n + 1)});
  BOOST_TEST(method.lost(state) > 0.01);
  BOOST_TEST(std::abs(method.mass(state) + method.lost(state) - 1) < 1e-13);
}

BOOST_AUTO_TEST_CASE(adjoint_error_estimates_and_odeint_agree_with_the_steps) {
  const Grid grid = grid_of({48});
  Fourier lawson(tangled(1), grid);
  FourierOdeint odeint(tangled(1), grid, 1e-13);
  const std::vector<double> start = lawson.state_of(gaussian({0.3}, 0.5));
  for (const bool forward : {true, false}) {
    std::vector<double> fine = start, other = start;
    for (int n = 0; n < 64; ++n) {
      const int k = forward ? n : 63 - n;
      const Step step{0.3 * k / 64, 0.3 * (k + 1) / 64};
      const double error =
          forward ? lawson.forward_with_error(fine, step) : lawson.backward_with_error(fine, step);
      BOOST_TEST(error < 1e-6);
      BOOST_TEST(error > 0);
    }
    forward ? odeint.forward(other, {0, 0.3}) : odeint.backward(other, {0, 0.3});
    for (std::size_t n = 0; n < fine.size(); ++n) BOOST_TEST(std::abs(fine[n] - other[n]) < 1e-9);
  }
}

/// Each axis has its own D.
BOOST_AUTO_TEST_CASE(odeint_and_steps_in_the_plane_have_unequal_noise) {
  const Process process{{0.0, 0.0}, {0.3, 0.9}, 0.0, {}};
  const Grid grid({{"x", -8, 8, 48, Boundary::reflecting}, {"y", -9, 9, 54, Boundary::reflecting}});
  const GaussianMixture right({{1, Eigen::Vector2d(0.2, 0.4), Eigen::Vector2d(0.8, 1.4).asDiagonal()}});
  std::vector<double> exact(grid.size()), found(grid.size());
  right.density(grid.centres(), exact);
  FourierOdeint odeint(process, grid, 1e-12);
  Fourier lawson(process, grid);
  for (Fourier* method : {static_cast<Fourier*>(&odeint), &lawson}) {
    std::vector<double> state = method->state_of(gaussian({0.2, 0.4}, 0.5));
    method->forward(state, {0, 1});
    method->density(state, found);
    for (std::size_t i = 0; i < exact.size(); ++i) BOOST_REQUIRE_SMALL(found[i] - exact[i], 1e-9);
  }
}

BOOST_AUTO_TEST_CASE(results_do_not_depend_on_the_number_of_threads) {
  const team::SharesAnything small;
  const std::vector<std::vector<std::size_t>> grids = {{300}, {64, 50}, {17, 18, 16}};
  for (const auto& shape : grids) {
    std::vector<std::vector<double>> results;
    for (const int threads : {1, 2, 3, 5}) {
      omp_set_num_threads(threads);
      Fourier method(tangled(shape.size()), grid_of(shape));
      std::vector<double> state = method.state_of(gaussian(std::vector<double>(shape.size(), 0.3), 0.8));
      for (int n = 0; n < 3; ++n) method.forward_with_error(state, {0.001 * n, 0.001 * (n + 1)});
      method.backward_with_error(state, {0.002, 0.003});
      results.push_back(state);
    }
    for (const auto& result : results) BOOST_TEST((result == results[0]));
  }
}

BOOST_AUTO_TEST_CASE(order_of_time_matters) {
  Fourier method(tangled(1), grid_of({48}));
  const std::vector<double> start = method.state_of(gaussian({0.3}, 0.5));
  std::vector<double> there = start, swapped = start;
  method.forward(there, {0, 0.1});
  method.forward(there, {0.1, 0.2});
  method.forward(swapped, {0.1, 0.2});
  method.forward(swapped, {0, 0.1});
  double apart = 0;
  for (std::size_t n = 0; n < there.size(); ++n) apart = std::max(apart, std::abs(there[n] - swapped[n]));
  BOOST_TEST(apart > 1e-4);
}

BOOST_AUTO_TEST_CASE(point_mass_is_the_band_limited_delta_on_a_circle) {
  const Grid grid = grid_of({21}, Boundary::periodic);
  Fourier method(brownian(1.0), grid);
  const std::vector<double> state = method.state_of(gaussian({0.77}, 0));
  std::vector<double> p(grid.size());
  method.density(state, p);
  BOOST_TEST(std::abs(method.mass(state) - 1) < 1e-14);
  for (std::size_t i = 0; i < p.size(); ++i) {
    double sum = 1;
    for (int k = 1; k <= 10; ++k)
      sum += 2 * std::cos(2 * std::numbers::pi * k * (grid.axis(0).centre(i) - 0.77) / grid.axis(0).length());
    BOOST_TEST(std::abs(p[i] - sum / grid.axis(0).length()) < 1e-13);
  }
}

BOOST_AUTO_TEST_CASE(point_mass_on_a_line_is_local_and_samples_smooth_fields) {
  const Grid grid = grid_of({256});
  Fourier method(brownian(1.0), grid);
  const std::vector<double> state = method.state_of(gaussian({0.77}, 0));
  std::vector<double> p(grid.size());
  method.density(state, p);
  BOOST_TEST(std::abs(method.mass(state) - 1) < 1e-14);
  double most = 0, sampled = 0;
  for (std::size_t i = 0; i < p.size(); ++i) {
    const double x = grid.axis(0).centre(i);
    sampled += p[i] * std::exp(-x * x) * grid.axis(0).spacing();
    most = std::max(most, p[i]);
  }
  BOOST_TEST(std::abs(sampled - std::exp(-0.77 * 0.77)) < 1e-12);
  for (std::size_t i = 0; i < p.size(); ++i)
    if (std::abs(grid.axis(0).centre(i) - 0.77) > 3) BOOST_TEST(std::abs(p[i]) < 1e-8 * most);
}

BOOST_AUTO_TEST_CASE(fields_are_finite_where_the_density_is_noise) {
  const Grid grid({{"x", -40, 40, 256, Boundary::reflecting}});
  Fourier method(brownian(1.0), grid);
  const std::vector<double> state = method.state_of(gaussian({0}, 0.5));
  std::vector<double> score(grid.size());
  method.score(state, 0, score);
  for (const double s : score) BOOST_TEST(std::isfinite(s));
}

BOOST_AUTO_TEST_CASE(unfit_grids_are_reported_with_number_and_remedy) {
  const auto warnings = [](const Grid& grid, double variance) {
    Fourier method(brownian(1.0), grid);
    return method.warnings(method.state_of(gaussian({0}, variance)), 0.5);
  };
  BOOST_TEST(warnings(Grid({{"x", -8, 8, 128, Boundary::reflecting}}), 0.5).empty());
  const auto wall = warnings(Grid({{"x", -5, 8, 128, Boundary::absorbing}}), 0.5);
  BOOST_REQUIRE(wall.size() == 1);
  BOOST_TEST(wall[0].find("lower wall of x") != std::string::npos);
  BOOST_TEST(wall[0].find("2.3e-11") != std::string::npos);
  BOOST_TEST(wall[0].find("move `from` down to -5.") != std::string::npos);
  BOOST_TEST(warnings(Grid({{"x", -5, 5, 128, Boundary::periodic}}), 0.5).empty());
  const auto coarse = warnings(Grid({{"x", -8, 8, 32, Boundary::reflecting}}), 0.5);
  BOOST_REQUIRE(coarse.size() == 1);
  BOOST_TEST(coarse[0].find("highest wavenumbers of x") != std::string::npos);
  // Points that do, by its own advice, are found without search: exp(-0.25 kappa^2) is 1e-11 at kappa = 10.
  BOOST_TEST(coarse[0].find("points = 5") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_does_not_fit_is_refused) {
  const Grid grid = grid_of({16});
  BOOST_CHECK_THROW(Fourier(brownian(1.0, 2), grid), std::invalid_argument);
  Fourier method(brownian(1.0), grid);
  BOOST_CHECK_THROW(method.state_of(gaussian({9.0}, 1)), std::invalid_argument);
  BOOST_CHECK_THROW(method.state_of(gaussian({0, 0}, 1)), std::invalid_argument);
  Process infinite = brownian(1.0);
  infinite.drift[0] = pointwise([](std::span<const double>, double t) { return 1 / (t - t); });
  Fourier broken(infinite, grid);
  std::vector<double> state = broken.state_of(gaussian({0}, 1));
  BOOST_CHECK_THROW(broken.forward(state, {0, 0.1}), UnfitProblem);
}
