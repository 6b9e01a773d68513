// SPDX-License-Identifier: GPL-3.0-or-later
// What finite volumes keep, for processes drawn at random: mass + outflow + killed; <P, J>; the sign of P.
#include <rapidcheck.h>
#include <algorithm>

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <string>

#include "solver/finite_volume/finite_volume.hpp"
#include "solver/stepping/march.hpp"
#include "validation/support/affordable.hpp"
#include "validation/support/random_process.hpp"

using namespace umkehr;

namespace {

std::vector<double> random_density(const FiniteVolume& volumes, bool point) {
  std::vector<double> state(volumes.size());
  const auto cells = static_cast<int>(state.size()) - 2;
  if (point)
    state[static_cast<std::size_t>(*rc::gen::inRange(0, cells))] = 1;
  else
    for (std::size_t i = 0; i + 2 < state.size(); ++i)
      state[i] = std::abs(std::sin(static_cast<double>(i * i) + 1));
  const double mass = volumes.mass(state);
  for (double& value : state) value /= mass;
  return state;
}

std::vector<double> some_value(const FiniteVolume& volumes) {
  std::vector<double> state(volumes.size());
  for (std::size_t i = 0; i + 2 < state.size(); ++i) state[i] = 1.5 + std::cos(3.0 * static_cast<double>(i));
  return state;
}

double balance(const FiniteVolume& volumes, std::span<const double> state) {
  return std::abs(volumes.mass(state) + volumes.lost(state) - 1) / std::max(1.0, volumes.mass(state));
}

}  // namespace

BOOST_AUTO_TEST_CASE(equal_steps_keep_mass_and_pairing) {
  holds("200 equal steps of any scheme", is_sanitized ? 200 : 1000, [] {
    const RandomProblem problem = random_problem({40, 12, 6});
    FiniteVolume volumes(problem.process, Grid(problem.axes));
    std::vector<double> state = random_density(volumes, false);
    const std::vector<double> start = state, terminal = some_value(volumes);
    std::vector<double> value = terminal;
    const Scheme* scheme = *rc::gen::elementOf(finite_volume_step_schemes());
    const double h = std::pow(10, number(-4, -2));
    for (int n = 0; n < 200; ++n) volumes.forward(state, {n * h, (n + 1) * h, scheme});
    for (int n = 200; n-- > 0;) volumes.backward(value, {n * h, (n + 1) * h, scheme});
    RC_ASSERT(balance(volumes, state) < 1e-12);
    double size = 0;
    for (std::size_t i = 0; i + 2 < state.size(); ++i) size += std::abs(state[i] * terminal[i]);
    size *= Grid(problem.axes).cell_volume();
    RC_ASSERT(std::abs(volumes.pairing(state, terminal) - volumes.pairing(start, value)) <
              1e-12 * std::max(size, 1e-3));
  });
}

BOOST_AUTO_TEST_CASE(adaptive_steps_keep_mass_pairing_and_sign) {
  holds("adaptive steps", is_sanitized ? 200 : 1000, [] {
    const RandomProblem problem = random_problem({40, 12, 6});
    FiniteVolume volumes(problem.process, Grid(problem.axes));
    std::vector<double> state = random_density(volumes, *rc::gen::arbitrary<bool>());
    const std::vector<double> start = state, terminal = some_value(volumes), times = {0, 0.01, 0.1};
    std::vector<double> value = terminal;
    const Marched run =
        march_forward(volumes, state, times, {.tolerance = 1e-5}, [&](std::size_t, auto seen) {
          const auto [least, most] = std::minmax_element(seen.begin(), seen.end() - 2);
          RC_ASSERT(*least >= -1e-15 * *most);
          RC_ASSERT(balance(volumes, seen) < 1e-12);
        });
    replay_backward(volumes, value, times, run.steps, {});
    const double pairing = volumes.pairing(state, terminal);
    RC_ASSERT(std::abs(volumes.pairing(start, value) - pairing) < 1e-12 * std::max(std::abs(pairing), 1e-3));
  });
}

BOOST_AUTO_TEST_CASE(a_hundred_thousand_steps_lose_nothing) {
  for (const Boundary wall : {Boundary::reflecting, Boundary::absorbing, Boundary::periodic})
    for (const char* name : {"sdirk2", "backward-euler"}) {
      const Scheme* scheme = finite_volume_scheme(name, false);
      const Grid grid({Axis{"x", -2, 2, 64, wall}});
      const FormulaNames names{{"x"}, {}};
      FiniteVolume volumes({{Formula::parse("x - x^3 + sin(pi*x)", names)},
                            {0.5},
                            Formula::parse("0.1*sin(pi*x/2) + 0.02", names),
                            {}},
                           grid);
      std::vector<double> state(volumes.size());
      for (std::size_t i = 0; i < grid.size(); ++i)
        state[i] = std::exp(-4 * std::pow(grid.axis(0).centre(i) - 0.5, 2));
      const double mass = volumes.mass(state);
      for (double& value : state) value /= mass;
      for (int n = 0; n < (is_sanitized ? 10000 : 100000); ++n)
        volumes.forward(state, {n * 1e-4, (n + 1) * 1e-4, scheme});
      BOOST_TEST(balance(volumes, state) < 1e-12);
      BOOST_TEST_MESSAGE("wall " << static_cast<int>(wall) << ": balance " << balance(volumes, state)
                                 << ", mass " << volumes.mass(state));
    }
}
