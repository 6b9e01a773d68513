// SPDX-License-Identifier: GPL-3.0-or-later
// The jump process of finite volumes: its tails against the random walk's Bessel functions, its transpose, the eigenvalues
// of the walls, rates that depend on time.
#include "solver/bridge/kernels/uniformisation.hpp"

#include <omp.h>
#include <boost/math/special_functions/bessel.hpp>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>
#include <numbers>
#include <random>

#include "grids/machine/team.hpp"
#include "solver/process/known_processes.hpp"

using namespace umkehr;

namespace {

Process formulas(const std::vector<std::string>& drift, const std::vector<std::string>& diffusion,
                 const std::string& killing) {
  const FormulaNames names{{"x", "y", "z"}, {}};
  Process process;
  for (const std::string& each : drift) process.drift.push_back(Formula::parse(each, names));
  for (const std::string& each : diffusion) process.diffusion.push_back(Formula::parse(each, names));
  process.killing = Formula::parse(killing, names);
  return process;
}

std::vector<double> positive(std::size_t size) {
  std::mt19937 random(3);
  std::uniform_real_distribution<double> number(0.5, 1.5);
  std::vector<double> values(size);
  for (double& value : values) value = number(random);
  return values;
}

}  // namespace

BOOST_AUTO_TEST_CASE(tails_keep_their_digits) {
  // Cells of one, jumps to either side at rate D/2.
  const Grid grid({{"x", -80, 80, 160, Boundary::reflecting}});
  const double diffusion = 4, time = 3;
  Uniformisation walk(brownian(diffusion), grid, {0, time}, 1);
  std::vector<double> values(grid.size(), 0.0);
  values[80] = 1;
  walk.forward(values, 0, time);
  for (const int distance : {0, 1, 5, 20, 50, 75}) {
    const double exact = std::exp(-diffusion * time) * boost::math::cyl_bessel_i(distance, diffusion * time);
    BOOST_TEST(std::abs(values[80 - static_cast<std::size_t>(distance)] / exact - 1) < 1e-11,
               "at " << distance << ": " << exact);
  }
}

BOOST_AUTO_TEST_CASE(a_value_is_the_transpose_of_a_density) {
  const Process moving =
      formulas({"x-y+sin(2*t)", "x-y^3", "-z"}, {"0.5", "0.3+0.1*cos(t)", "1"}, "x^2-0.4*t");
  const Grid space({{"x", -2, 2, 7, Boundary::absorbing},
                    {"y", -2, 2, 6, Boundary::reflecting},
                    {"z", -2, 2, 9, Boundary::periodic}});
  Uniformisation volumes(moving, space, {0.1, 0.4, 0.9}, 0.1);
  const std::vector<double> p = positive(space.size());
  std::vector<double> density = p, value = positive(space.size());
  const std::vector<double> j = value;
  volumes.forward(density, 0.1, 0.9);
  volumes.backward(value, 0.1, 0.9);
  double forward = 0, backward = 0;
  for (std::size_t i = 0; i < p.size(); ++i) {
    forward += density[i] * j[i];
    backward += p[i] * value[i];
  }
  BOOST_TEST(std::abs(forward / backward - 1) < 1e-13);
}

BOOST_AUTO_TEST_CASE(walls_are_those_of_the_axes) {
  // (2 / h^2) sin^2(pi h / 2 L) D / 1 decays sin(pi x / L) between absorbing walls but for their half cells: order 2.
  const double diffusion = 0.7, time = 0.4, pi = std::numbers::pi;
  double before = 0;
  for (const std::size_t points : {40u, 80u}) {
    const Grid grid({{"x", 0, 1, points, Boundary::absorbing}});
    Uniformisation volumes(brownian(diffusion), grid, {0, time}, 1);
    std::vector<double> values(points);
    for (std::size_t i = 0; i < points; ++i) values[i] = std::sin(pi * grid.axis(0).centre(i));
    volumes.forward(values, 0, time);
    const double off = std::abs(values[points / 2] / std::sin(pi * grid.axis(0).centre(points / 2)) /
                                    std::exp(-0.5 * diffusion * pi * pi * time) -
                                1);
    if (before > 0) BOOST_TEST(std::abs(std::log2(before / off) - 2) < 0.1);
    before = off;
  }
  // Between reflecting walls, and around a circle, nothing is lost.
  for (const Boundary boundary : {Boundary::reflecting, Boundary::periodic}) {
    const Grid grid({{"x", 0, 1, 40, boundary}});
    Uniformisation volumes(formulas({"3-x"}, {"0.2"}, "0"), grid, {0, 1}, 1);
    std::vector<double> values(40, 0.0);
    values[3] = 1;
    volumes.forward(values, 0, 1);
    double mass = 0;
    for (const double value : values) mass += value;
    // Each of the jumps rounds three products and two sums.
    BOOST_TEST(std::abs(mass - 1) < 5 * std::numeric_limits<double>::epsilon() * volumes.jumps(0, 1));
  }
}

BOOST_AUTO_TEST_CASE(threads) {
  const team::SharesAnything small;
  const Grid plane({{"x", -2, 2, 70}, {"y", -2, 2, 30}});
  std::vector<double> found[2];
  for (int k = 0; k < 2; ++k) {
    omp_set_num_threads(1 + 2 * k);
    Uniformisation volumes(formulas({"x-y", "x"}, {"0.5", "1"}, "x^2"), plane, {0, 1}, 1);
    found[k] = positive(plane.size());
    volumes.forward(found[k], 0, 1);
  }
  BOOST_TEST(found[0] == found[1]);
}
