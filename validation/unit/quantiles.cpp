// SPDX-License-Identifier: GPL-3.0-or-later
// Quantiles of weighted samples against those of the normal law, tilted by weights too, and their errors over seeds.
#include "solver/particles/quantiles.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>

#include "grids/failure.hpp"
#include "validation/support/random_numbers.hpp"

using namespace umkehr;

BOOST_AUTO_TEST_CASE(quantiles_of_the_normal_law_and_of_a_tilted_one_within_honest_errors) {
  const std::vector<double> probabilities = {0.1, 0.5, 0.975};
  const std::vector<double> exact = {-1.2815515655446004, 0, 1.959963984540054};
  for (const double tilt : {0.0, 0.5})  // weights exp(tilt x) move the normal law by tilt
    for (std::size_t j = 0; j < exact.size(); ++j) {
      double squares = 0;
      const int seeds = 100;
      for (int seed = 0; seed < seeds; ++seed) {
        const Points x = RandomNumbers(static_cast<std::uint64_t>(seed)).normals(1, 4000);
        std::vector<double> weight;
        for (const double place : x[0]) weight.push_back(std::exp(tilt * place));
        const Estimate found = weighted_quantiles(x[0], weight, probabilities)[j];
        squares += std::pow((found.value - exact[j] - tilt) / found.error, 2) / seeds;
      }
      BOOST_TEST_MESSAGE("tilt " << tilt << ", p " << probabilities[j] << ": mean z^2 " << squares);
      BOOST_TEST(squares > 0.5);
      BOOST_TEST(squares < 2.0);
    }
  BOOST_CHECK_THROW(weighted_quantiles(std::vector{1.0}, std::vector{0.0}, probabilities), UnfitProblem);
}
