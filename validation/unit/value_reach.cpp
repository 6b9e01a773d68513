// SPDX-License-Identifier: GPL-3.0-or-later
// Steps of a value where paths are: the weights of its errors, and a steep surface in whose corners the rates are thousands
// of times those of the valleys, against equal steps that are shorter than any of these takes.
#include "solver/kolmogorov/value_reach.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <string>
#include <vector>

#include "grids/middle_half.hpp"
#include "solver/kolmogorov/backward_kolmogorov.hpp"

using namespace umkehr;

namespace {

const FormulaNames in_plane{{"x", "y"}, {}};

Grid plane_of(std::size_t points) {
  return Grid(
      {Axis{"x", -2, 1.5, points, Boundary::reflecting}, Axis{"y", -0.7, 2.3, points, Boundary::reflecting}});
}

Process across_the_plane(const char* x, const char* y, double diffusion) {
  return {{Formula::parse(x, in_plane), Formula::parse(y, in_plane)}, {diffusion, diffusion}, 0.0, {}};
}

/// A tenth of Mueller's and Brown's surface, Theor. Chim. Acta 53 (1979) 75.
Process on_muellers_surface() {
  const std::string potential =
      "0.1*(-200*exp(-(x-1)^2-10*y^2)-100*exp(-x^2-10*(y-0.5)^2)"
      "-170*exp(-6.5*(x+0.5)^2+11*(x+0.5)*(y-1.5)-6.5*(y-1.5)^2)"
      "+15*exp(0.7*(x+1)^2+0.6*(x+1)*(y-1)+0.7*(y-1)^2))";
  const Formula surface = Formula::parse(potential, in_plane);
  return {{-surface.derivative(0), -surface.derivative(1)}, {2.0, 2.0}, 0.0, {}};
}

std::vector<double> value_at_start(const Process& process, const Grid& grid, const KolmogorovChoices& choices,
                                   std::size_t& steps) {
  const Formula terminal = Formula::parse("where(y > 0.8, 1, 0)", in_plane);
  const BackwardKolmogorovSolution solution =
      solve_backward_kolmogorov(process, grid, terminal, 1, {0.0}, choices);
  steps = solution.run.steps.size();
  return {solution.value[0].begin(), solution.value[0].end()};
}

}  // namespace

/// What begins uniform stays so without drift.
BOOST_AUTO_TEST_CASE(without_drift_every_place_counts) {
  const ValueReach reach(across_the_plane("0", "0", 0.3), plane_of(24), {0.5}, 1.5);
  for (const double since : {1e-4, 1e-2, 0.5})
    for (const float weight : reach.of({0.5 + since, 0.5 + 2 * since, 0}).of_cells)
      BOOST_TEST(weight == 1, boost::test_tools::tolerance(1e-6F));
}

/// Drift -k x of a narrow law: what is far out has left after some times 1/k, and counts again next to each saved time.
BOOST_AUTO_TEST_CASE(places_that_empty_count_next_to_saved_times_alone) {
  const Grid grid = plane_of(48);
  const ValueReach reach(across_the_plane("-200*(x+0.25)", "-200*(y-0.8)", 0.5), grid, {0.0, 0.6}, 1);
  const std::size_t corner = 0, middle = grid.size() / 2 + 24;
  for (const double saved : {0.0, 0.6}) {
    const auto weight = [&](double since, std::size_t cell) {
      const ErrorWeights weights = reach.of({saved + since, saved + 1.01 * since, 0});
      return weights.of_cells.empty() ? 1.0 : static_cast<double>(weights.of_cells[cell]);
    };
    BOOST_TEST(weight(1e-7, corner) == 1);
    BOOST_TEST(weight(2e-5, corner) > 0.1);
    BOOST_TEST(weight(0.1, corner) < 1e-12);
    for (const double since : {1e-7, 2e-5, 0.1, 0.3}) BOOST_TEST(weight(since, middle) == 1);
  }
}

/// An error just made is allowed as if half of all that is were spread over the logarithm of the time to go.
BOOST_AUTO_TEST_CASE(errors_count_less_shortly_before_they_are_seen) {
  const ValueReach reach(across_the_plane("0", "0", 0.3), plane_of(24), {0.0}, 1);
  BOOST_TEST(reach.of({0, 1e-4, 0}).of_all == 40e-4, boost::test_tools::tolerance(1e-12));
  BOOST_TEST(reach.of({0.2, 0.3, 0}).of_all == 1);
  BOOST_TEST(reach.of({0, 0.1, 0}).of_all == 1);
}

BOOST_AUTO_TEST_CASE(steep_corners_do_not_set_the_steps) {
  const Grid grid = plane_of(24);
  std::size_t steps = 0, equal_steps = 0;
  KolmogorovChoices equal;
  equal.step = 2e-5;
  const std::vector<double> exact = value_at_start(on_muellers_surface(), grid, equal, equal_steps);
  for (const double tolerance : {1e-3, 1e-5}) {
    KolmogorovChoices choices;
    choices.tolerance = tolerance;
    const std::vector<double> value = value_at_start(on_muellers_surface(), grid, choices, steps);
    double everywhere = 0, in_middle = 0;
    for (std::size_t i = 0; i < value.size(); ++i) {
      const double off = std::abs(value[i] - exact[i]);
      everywhere = std::max(everywhere, off);
      if (in_middle_half(grid, i)) in_middle = std::max(in_middle, off);
    }
    BOOST_TEST(steps < equal_steps / 10);
    BOOST_TEST(in_middle < tolerance);
    BOOST_TEST(everywhere < 1e-3);  // at the corner equal steps are that far off themselves
  }
}
