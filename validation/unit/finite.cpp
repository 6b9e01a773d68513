// SPDX-License-Identifier: GPL-3.0-or-later
// One value that is not finite is found wherever it is, at the ends of lanes and of blocks too.
#include "grids/finite.hpp"

#include <boost/test/unit_test.hpp>
#include <limits>
#include <utility>
#include <vector>

using namespace umkehr;

BOOST_AUTO_TEST_CASE(one_wrong_value_is_found_wherever_it_is) {
  constexpr double infinite = std::numeric_limits<double>::infinity();
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  for (const std::size_t size : {1UL, 7UL, 16384UL, 40001UL}) {
    std::vector<double> values(size, std::numeric_limits<double>::max());
    BOOST_TEST(all_finite(values));
    for (const std::size_t place : {0UL, size / 3, size / 2, size - 1})
      for (const double wrong : {infinite, -infinite, nan}) {
        const double right = std::exchange(values[place], wrong);
        BOOST_TEST(!all_finite(values));
        values[place] = right;
      }
  }
  BOOST_TEST(all_finite({}));
}
