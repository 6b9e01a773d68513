// SPDX-License-Identifier: GPL-3.0-or-later
// The estimates that choose steps, against the errors of these steps: one step of each scheme beside the same in 64 parts.
// Those of values count what is wrong at walls, which the inside does not feel: there they may lie above.
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <memory>
#include <string>

#include "solver/finite_volume/finite_volume.hpp"
#include "solver/fourier/fourier.hpp"
#include "solver/hermite/hermite.hpp"
#include "solver/path_integral/path_integral.hpp"

using namespace umkehr;

namespace {

const FormulaNames plane{{"x", "y"}, {}};

Coefficient on_line(const char* text) {
  return Formula::parse(text);
}
Coefficient on_plane(const char* text) {
  return Formula::parse(text, plane);
}

GaussianMixture bump(std::size_t dimension) {
  const auto d = static_cast<Eigen::Index>(dimension);
  return GaussianMixture({{1, Eigen::VectorXd::Constant(d, 0.3), 0.4 * Eigen::MatrixXd::Identity(d, d)}});
}

const Process well{
    {on_line("x - x^3 + sin(2*t)")}, {on_line("0.6 + 0.3*cos(2*t)")}, on_line("0.3*x^2*(1 + t)"), {}};
const Process coupled{{on_plane("y - x^3/3"), on_plane("-x - y")},
                      {on_plane("0.5 + 0.2*sin(t)"), 0.8},
                      on_plane("0.2*cos(x*y) + 0.1*x^2"),
                      {}};

/// Of what a method judges itself by: coefficients of a Hermite series, a density, a value away from walls.
std::vector<double> judged(const Discretisation& method, const Grid& grid, const std::vector<double>& state,
                           bool forward) {
  if (dynamic_cast<const Hermite*>(&method) != nullptr) return {state.begin(), state.end() - 2};
  std::vector<double> values(grid.size());
  forward ? method.density(state, values) : method.value(state, values);
  if (dynamic_cast<const FiniteVolume*>(&method) != nullptr)
    return values;  // whose walls are those of the process
  const Points x = grid.centres();
  for (std::size_t i = 0; i < values.size() && !forward; ++i)
    for (std::size_t k = 0; k < grid.dimension(); ++k)
      if (std::abs(x[k][i]) > 0.5 * grid.axis(k).to) values[i] = 0;
  return values;
}

double norm(const std::vector<double>& values) {
  double sum = 0;
  for (const double v : values) sum += v * v;
  return std::sqrt(sum);
}

/// Of one step: the estimate over the error, both relative to the result.
double ratio(Discretisation& method, const Grid& grid, const std::vector<double>& start, double length,
             bool forward, const Scheme* scheme) {
  const double from = 0.2;
  std::vector<double> coarse = start, fine = start;
  const Step whole{from, from + length, scheme};
  const double estimate =
      forward ? method.forward_with_error(coarse, whole) : method.backward_with_error(coarse, whole);
  constexpr int parts = 64;
  for (int n = 0; n < parts; ++n) {
    const int k = forward ? n : parts - 1 - n;
    const Step part = whole.part(k, parts);
    forward ? method.forward(fine, part) : method.backward(fine, part);
  }
  std::vector<double> difference = judged(method, grid, coarse, forward);
  const std::vector<double> right = judged(method, grid, fine, forward);
  for (std::size_t i = 0; i < difference.size(); ++i) difference[i] -= right[i];
  return estimate * norm(right) / norm(difference);
}

void check(const char* name, Discretisation& method, const Grid& grid, const Coefficient& terminal,
           double length, double most = 10, const Scheme* scheme = nullptr) {
  for (const bool forward : {true, false}) {
    const std::vector<double> start =
        forward ? method.state_of(bump(grid.dimension())) : method.value_state_of(terminal, 0.2 + length);
    const double found = ratio(method, grid, start, length, forward, scheme);
    BOOST_TEST_MESSAGE(name << (forward ? " forward: " : " backward: ") << found);
    BOOST_TEST(found > 0.2, name << (forward ? " forward: " : " backward: ") << found);
    BOOST_TEST(found < most, name << (forward ? " forward: " : " backward: ") << found);
  }
}

Grid line(std::size_t points, double half = 4) {
  return Grid({Axis{"x", -half, half, points, Boundary::reflecting}});
}
Grid square(std::size_t points, double half = 5) {
  return Grid({Axis{"x", -half, half, points, Boundary::reflecting},
               Axis{"y", -half, half, points, Boundary::reflecting}});
}

}  // namespace

BOOST_AUTO_TEST_CASE(fourier_steps) {
  const Process ring{
      {on_line("2*sin(x) + t")}, {on_line("0.6 + 0.3*cos(2*t)")}, on_line("0.3*cos(x)*(1 + t)"), {}};
  const Grid circle({Axis{"x", -3.14159265358979323846, 3.14159265358979323846, 96, Boundary::periodic}});
  Fourier method(ring, circle);
  check("Fourier", method, circle, on_line("exp(-x^2)"), 0.06);
  Fourier in_plane(coupled, square(64));
  check("Fourier in the plane", in_plane, square(64), on_plane("exp(-x^2 - y^2)"), 0.02, 100);
}

BOOST_AUTO_TEST_CASE(hermite_steps_of_both_kinds) {
  Hermite exponential(well, line(48), 0, {{0.0}, {0.5}});
  check("Hermite, exponentials", exponential, line(48, 2), on_line("1 + x^2"), 0.2);
  Hermite runge_kutta(coupled, square(20), 0, {{0.0, 0.0}, {0.8, 0.8}});
  check("Hermite, Runge-Kutta", runge_kutta, square(20, 2), on_plane("1 + x^2 + y"), 0.02);
}

BOOST_AUTO_TEST_CASE(finite_volume_steps) {
  FiniteVolume on_axis(well, line(160)), in_plane(coupled, square(48));
  for (const Scheme* scheme : finite_volume_step_schemes()) {
    const std::string name = "finite volumes, " + std::string(scheme ? scheme->name : "extrapolated");
    check(name.c_str(), on_axis, line(160), on_line("exp(-x^2)"), scheme ? 0.02 : 0.1, 15, scheme);
    check((name + ", in the plane").c_str(), in_plane, square(48), on_plane("exp(-x^2 - y^2)"),
          scheme ? 0.01 : 0.05, 15, scheme);
  }
}

BOOST_AUTO_TEST_CASE(path_integral_steps) {
  for (const int order : {1, 2}) {
    PathIntegral method(well, line(200), order);
    check(order == 1 ? "path integral of order 1" : "path integral of order 2", method, line(200),
          on_line("exp(-x^2)"), order == 1 ? 0.02 : 0.1);
  }
}
