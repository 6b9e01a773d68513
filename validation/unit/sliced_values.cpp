// SPDX-License-Identifier: GPL-3.0-or-later
// Slices on logarithms beside a reflecting wall that the drift leaves: nothing comes from beyond it, by finite volumes.
#include "solver/bridge/kernels/sliced_values.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <numeric>
#include <vector>

#include "solver/kolmogorov/fokker_planck.hpp"
#include "solver/process/known_processes.hpp"

using namespace umkehr;

BOOST_AUTO_TEST_CASE(no_mass_comes_from_beyond_a_reflecting_wall) {
  const Grid grid({{"x", 0, 4, 400, Boundary::reflecting}});
  // Each slice moves by three cells: one that moves by less than half a cell loses nothing at the wall.
  Process leaving = brownian(0.05);
  leaving.drift = {4.0};
  const GaussianMixture initial(
      {{1, Eigen::VectorXd::Constant(1, 0.6), Eigen::MatrixXd::Constant(1, 1, 0.1)}});
  KolmogorovChoices volumes;
  volumes.method = Method::finite_volume;
  volumes.tolerance = 1e-7;
  const auto right = solve_fokker_planck(leaving, grid, initial, 0, {0, 0.1}, volumes);
  std::vector<double> before(grid.size()), after(grid.size());
  for (std::size_t i = 0; i < grid.size(); ++i) before[i] = std::log(right.density[0][i]);
  SlicedValues(leaving, grid, 0, 0.1).apply_transpose(before, after);
  double off = 0, mass = 0;
  for (std::size_t i = 0; i < grid.size(); ++i) {
    off += std::abs(std::exp(after[i]) - right.density[1][i]) * grid.cell_volume();
    mass += (std::exp(after[i]) - right.density[0][i]) * grid.cell_volume();
  }
  BOOST_TEST_MESSAGE("off by " << off << ", mass gained " << mass);
  BOOST_TEST(off < 0.02);
  BOOST_TEST(std::abs(mass) < 0.01);
}
