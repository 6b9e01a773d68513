// SPDX-License-Identifier: GPL-3.0-or-later
// Of a linear fixed point with three rates the third difference is the solution, whichever blocks of the sums the rates lie in
// and however many threads take them.
#include "solver/bridge/anderson.hpp"

#include <omp.h>
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>

#include "grids/machine/team.hpp"

using namespace umkehr;

BOOST_AUTO_TEST_CASE(three_rates_in_three_blocks) {
  const team::SharesAnything small;
  constexpr std::size_t size = 5000;  // three blocks
  std::vector<double> found[2];
  for (int threads = 0; threads < 2; ++threads) {
    omp_set_num_threads(1 + 2 * threads);
    Anderson accelerate(std::vector<double>(size, 1.0 / size), 3);
    std::vector<double> g(size, 0.0), image(size), residual(size), next(size);
    double worst = 0;
    for (int step = 0; step < 7; ++step) {
      worst = 0;
      for (std::size_t i = 0; i < size; ++i) {
        const double rate = i < 2048   ? 0.9
                            : i < 4096 ? 0.5
                                       : 0.2,
                     goal = std::sin(0.01 * static_cast<double>(i));
        image[i] = goal + rate * (g[i] - goal);
        residual[i] = image[i] - g[i];
        worst = std::max(worst, std::abs(g[i] - goal));
      }
      accelerate(image, residual, next);
      std::swap(g, next);
    }
    BOOST_TEST(worst < 1e-9);
    found[threads] = g;
  }
  BOOST_TEST(found[0] == found[1]);
}

// Of two differences the mean square chooses one number, gamma = <dr, r> / <dr, dr>, to which each block counts by its weight.
BOOST_AUTO_TEST_CASE(blocks_count_by_their_weights) {
  const team::SharesAnything small;
  constexpr std::size_t size = 5000;
  std::vector<double> weights(size), first(size), last(size), next(size);
  for (std::size_t i = 0; i < size; ++i) {
    weights[i] = i < 2048 ? 1 : i < 4096 ? 10 : 0.1;
    first[i] = std::cos(0.01 * static_cast<double>(i));
    last[i] = first[i] * (i < 2048 ? 0.5 : i < 4096 ? 0.2 : -0.8);
  }
  Anderson accelerate(weights, 1);
  accelerate(first, first, next);  // images that are their residuals
  accelerate(last, last, next);
  double over = 0, under = 0;
  for (std::size_t i = 0; i < size; ++i) {
    over += weights[i] * (last[i] - first[i]) * last[i];
    under += weights[i] * (last[i] - first[i]) * (last[i] - first[i]);
  }
  double worst = 0;
  for (std::size_t i = 0; i < size; ++i)
    worst = std::max(worst, std::abs(next[i] - last[i] + over / under * (last[i] - first[i])));
  BOOST_TEST(worst < 1e-13);
}
