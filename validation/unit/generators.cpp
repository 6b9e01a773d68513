// SPDX-License-Identifier: GPL-3.0-or-later
// What every discretised generator owes: <h, L^dagger P> = <L h, P> to roundoff, L 1 = -V, its order, its walls.
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <numbers>
#include <random>
#include <vector>

#include "solver/finite_volume/finite_volume_generator.hpp"
#include "solver/fourier/fourier_generator.hpp"
#include "solver/fourier/symmetrised_generator.hpp"
#include "solver/generator/cardinal_generator.hpp"
#include "solver/generator/generator.hpp"
#include "solver/hermite/hermite_generator.hpp"
#include "validation/support/formula_process.hpp"

using namespace umkehr;

static_assert(Generator<FiniteVolumeGenerator> && Generator<FourierGenerator> &&
              Generator<HermiteGenerator> && Generator<CardinalGenerator> && Generator<SymmetrisedGenerator>);

namespace {

constexpr double pi = std::numbers::pi;

double dot(const std::vector<double>& u, const std::vector<double>& v) {
  double sum = 0;
  for (std::size_t n = 0; n < u.size(); ++n) sum += u[n] * v[n];
  return sum;
}

double size_of(const std::vector<double>& u) {
  return std::sqrt(dot(u, u));
}

std::vector<double> random_vector(std::size_t size, unsigned seed) {
  std::mt19937 source(seed);
  std::normal_distribution<double> normal;
  std::vector<double> values(size);
  for (double& value : values) value = normal(source);
  return values;
}

Grid plane(Boundary boundary, std::size_t points = 14) {
  return Grid({{"x", -pi, pi, points, boundary}, {"y", -pi, pi, points + 3, boundary}});
}

/// No gradient, no equal noise, time in everything.
Process rotating() {
  Process process = formula_process({"sin(x)/2 + (1 + t)*cos(y)", "t - sin(x)*cos(y)"}, "0.4 + t",
                                    "0.3 + t*cos(x)*sin(y)/4");
  process.diffusion[1] = 0.9;
  return process;
}

std::vector<CardinalAxis> cardinal_axes(const Grid& grid) {
  std::vector<CardinalAxis> axes;
  for (const Axis& axis : grid.axes()) axes.push_back(cardinal_axis(axis));
  return axes;
}

template <Generator G>
void check_adjoint(G& generator) {
  for (const double t : {0.0, 0.7}) {
    const std::vector<double> h = random_vector(generator.size(), 3), p = random_vector(generator.size(), 5);
    std::vector<double> lh(h.size()), lp(h.size());
    generator.apply(t, h, lh);
    generator.apply_adjoint(t, p, lp);
    BOOST_TEST(size_of(lh) > 0.1 * size_of(h));
    BOOST_TEST(std::abs(dot(h, lp) - dot(lh, p)) <= 1e-13 * size_of(lh) * size_of(p));
  }
}

/// max |L h - exact| at the centres.
template <class Function>
double error_of(const std::vector<double>& found, const Grid& grid, Function exact) {
  const Points x = grid.centres();
  double worst = 0;
  for (std::size_t i = 0; i < grid.size(); ++i) worst = std::max(worst, std::abs(found[i] - exact(x[0][i])));
  return worst;
}

template <class Function>
std::vector<double> at_centres(const Grid& grid, Function f) {
  const Points x = grid.centres();
  std::vector<double> values;
  for (std::size_t i = 0; i < grid.size(); ++i) values.push_back(f(x[0][i]));
  return values;
}

// h = cos(x) under F = sin(2x), D = 0.8, V = 0.3 + cos(x)/5: neither reaches through walls at 0 and pi.
Process on_interval() {
  return formula_process({"sin(2*x)"}, 0.8, "0.3 + cos(x)/5");
}
double exact_rate(double x) {
  return -std::sin(2 * x) * std::sin(x) - 0.4 * std::cos(x) - (0.3 + std::cos(x) / 5) * std::cos(x);
}

}  // namespace

BOOST_AUTO_TEST_CASE(adjoints_are_transposes) {
  for (const Boundary boundary : {Boundary::reflecting, Boundary::absorbing, Boundary::periodic}) {
    FiniteVolumeGenerator volumes(rotating(), plane(boundary));
    check_adjoint(volumes);
  }
  FourierGenerator fourier(rotating(), plane(Boundary::periodic));
  check_adjoint(fourier);
  HermiteGenerator hermite(rotating(), {{0.2, 0.6, 12}, {-0.1, 0.5, 9}});
  check_adjoint(hermite);
  for (const Boundary boundary : {Boundary::reflecting, Boundary::periodic}) {
    CardinalGenerator cardinal(rotating(), cardinal_axes(plane(boundary)));
    check_adjoint(cardinal);
  }
  SymmetrisedGenerator symmetrised(formula_process({"-x*(1 + t)"}, "0.7 + 0.7*t"),
                                   Grid({{"x", -5, 5, 40, Boundary::reflecting}}));
  check_adjoint(symmetrised);
}

BOOST_AUTO_TEST_CASE(one_decays_at_the_rate_of_killing) {
  const Process process = rotating();
  for (const Boundary boundary : {Boundary::reflecting, Boundary::periodic}) {
    const Grid grid = plane(boundary);
    FiniteVolumeGenerator generator(process, grid);
    std::vector<double> out(grid.size());
    generator.apply(0.7, std::vector<double>(grid.size(), 1.0), out);
    const Points x = grid.centres();
    for (std::size_t i = 0; i < grid.size(); ++i)
      BOOST_TEST(std::abs(out[i] + 0.3 + 0.7 * std::cos(x[0][i]) * std::sin(x[1][i]) / 4) < 1e-13);
  }
  const Grid grid = plane(Boundary::periodic);
  CardinalGenerator cardinal(process, cardinal_axes(grid));
  std::vector<double> decay(grid.size());
  cardinal.apply(0.7, std::vector<double>(grid.size(), 1.0), decay);
  FourierGenerator fourier(process, grid);
  std::vector<double> one(fourier.size()), rate(fourier.size()), out(grid.size());
  fourier.to_state(std::vector<double>(grid.size(), 1.0), one);
  fourier.apply(0.7, one, rate);
  fourier.to_values(rate, out);
  const Points x = grid.centres();
  for (std::size_t i = 0; i < grid.size(); ++i) {
    const double killing = 0.3 + 0.7 * std::cos(x[0][i]) * std::sin(x[1][i]) / 4;
    BOOST_TEST(std::abs(out[i] + killing) < 1e-13);
    BOOST_TEST(std::abs(decay[i] + killing) < 1e-13);
  }
}

BOOST_AUTO_TEST_CASE(values_at_centres_of_a_circle_and_fourier_coefficients_are_moved_alike) {
  for (const std::size_t points : {14, 15}) {
    const Grid grid = plane(Boundary::periodic, points);
    CardinalGenerator cardinal(rotating(), cardinal_axes(grid));
    FourierGenerator fourier(rotating(), grid);
    const std::vector<double> h = random_vector(grid.size(), 7);
    std::vector<double> state(fourier.size()), rate(fourier.size()), by_coefficients(h), by_values(h);
    fourier.to_state(h, state);
    fourier.apply(0.7, state, rate);
    fourier.to_values(rate, by_coefficients);
    cardinal.apply(0.7, h, by_values);
    double worst = 0;
    for (std::size_t i = 0; i < h.size(); ++i)
      worst = std::max(worst, std::abs(by_values[i] - by_coefficients[i]));
    BOOST_TEST(worst < 1e-14 * size_of(by_values));
  }
}

// psi = exp(-Phi/2) h moves as h does: under F = -1.5 x and D = 0.7, L x^2 = 0.7 - 3 x^2, less V = 0.4.
BOOST_AUTO_TEST_CASE(the_symmetrised_generator_is_similar_to_l) {
  const Grid grid({{"x", -6, 6, 80, Boundary::reflecting}});
  SymmetrisedGenerator generator(formula_process({"-1.5*x"}, 0.7, "0.4"), grid);
  const std::vector<double> x(grid.axis(0).centres());
  std::vector<double> psi(generator.size()), out(psi);
  const auto stationary_root = [](double at) { return std::exp(-0.75 / 0.7 * at * at); };
  for (std::size_t n = 0; n < psi.size(); ++n) {
    const double at = x[generator.first() + n];
    psi[n] = stationary_root(at) * at * at;
  }
  generator.apply(0, psi, out);
  for (std::size_t n = 0; n < psi.size(); ++n) {
    const double at = x[generator.first() + n];
    BOOST_TEST(std::abs(out[n] - stationary_root(at) * (0.7 - 3.4 * at * at)) < 1e-12);
  }
}

BOOST_AUTO_TEST_CASE(hermite_polynomials_of_a_linear_drift_decay_at_their_own_rates) {
  // L x^n = -1.5 n x^n + lower orders, less V.
  HermiteGenerator generator(formula_process({"-1.5*x"}, 0.7, "0.2"), {{0.3, 0.8, 10}});
  for (std::size_t n = 0; n < 10; ++n) {
    std::vector<double> unit(10), out(10);
    unit[n] = 1;
    generator.apply(0, unit, out);
    BOOST_TEST(std::abs(out[n] + 1.5 * static_cast<double>(n) + 0.2) < 1e-12);
    for (std::size_t m = n + 1; m < 10; ++m) BOOST_TEST(std::abs(out[m]) < 1e-12);
  }
}

BOOST_AUTO_TEST_CASE(finite_volumes_are_of_order_two) {
  std::vector<double> errors;
  for (const std::size_t points : {64, 128, 256, 512}) {
    const Grid grid({{"x", 0, pi, points, Boundary::reflecting}});
    FiniteVolumeGenerator generator(on_interval(), grid);
    std::vector<double> out(points);
    generator.apply(0, at_centres(grid, [](double x) { return std::cos(x); }), out);
    errors.push_back(error_of(out, grid, exact_rate));
  }
  BOOST_TEST(errors.back() < 1e-4);
  for (std::size_t n = 1; n < errors.size(); ++n) {
    const double order = std::log2(errors[n - 1] / errors[n]);
    BOOST_TEST((order > 1.95 && order < 2.05), order);
  }
}

BOOST_AUTO_TEST_CASE(fourier_is_exact_for_what_it_resolves) {
  const Grid grid({{"x", -pi, pi, 24, Boundary::periodic}});
  FourierGenerator generator(on_interval(), grid);
  std::vector<double> state(generator.size()), rate(generator.size()), out(grid.size());
  generator.to_state(at_centres(grid, [](double x) { return std::cos(x); }), state);
  generator.apply(0, state, rate);
  generator.to_values(rate, out);
  BOOST_TEST(error_of(out, grid, exact_rate) < 1e-13);
  CardinalGenerator cardinal(on_interval(), cardinal_axes(grid));
  cardinal.apply(0, at_centres(grid, [](double x) { return std::cos(x); }), out);
  BOOST_TEST(error_of(out, grid, exact_rate) < 1e-13);
}

BOOST_AUTO_TEST_CASE(walls_keep_mass_or_take_it_where_they_are) {
  const Process process = formula_process({"1 - x"}, 0.5);
  for (const Boundary boundary : {Boundary::reflecting, Boundary::absorbing}) {
    const Grid grid({{"x", -1, 2, 30, boundary}});
    FiniteVolumeGenerator generator(process, grid);
    std::vector<double> out(grid.size());
    generator.apply(0, std::vector<double>(grid.size(), 1.0), out);
    for (std::size_t i = 1; i + 1 < grid.size(); ++i) BOOST_TEST(std::abs(out[i]) < 1e-11);
    for (const double at_wall : {out.front(), out.back()})
      BOOST_TEST((boundary == Boundary::absorbing ? at_wall < -1 : std::abs(at_wall) < 1e-11));
  }
}
