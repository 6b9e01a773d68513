// SPDX-License-Identifier: GPL-3.0-or-later
// Components of a vector field: their values, and that they share what they cost.
#include "solver/process/vector_field.hpp"

#include <boost/test/unit_test.hpp>
#include <vector>

using namespace umkehr;

namespace {

struct Swirl {
  int calls = 0;
  std::vector<Coefficient> components = components_of(
      [this](const Points& x, double t, Components& out) {
        ++calls;
        for (std::size_t i = 0; i < x.count(); ++i) {
          out[0][i] = -t * x[1][i];
          out[1][i] = t * x[0][i];
        }
      },
      2);

  std::vector<double> at(std::size_t axis, const Points& x, double t) const {
    std::vector<double> out(x.count());
    components[axis](x, t, out);
    return out;
  }
};

}  // namespace

BOOST_AUTO_TEST_CASE(one_batch_serves_all_components) {
  const Swirl swirl;
  const Points here(std::vector<std::vector<double>>{{1, 2, 3}, {4, 5, 6}});
  BOOST_TEST(swirl.at(0, here, 2) == std::vector<double>({-8, -10, -12}), boost::test_tools::per_element());
  BOOST_TEST(swirl.at(1, here, 2) == std::vector<double>({2, 4, 6}), boost::test_tools::per_element());
  BOOST_TEST(swirl.calls == 1);
}

BOOST_AUTO_TEST_CASE(other_points_and_other_times_are_worked_out_anew) {
  const Swirl swirl;
  Points here(std::vector<std::vector<double>>{{1, 2}, {4, 5}});
  swirl.at(0, here, 2);
  here[0][1] = 7;
  BOOST_TEST(swirl.at(1, here, 2) == std::vector<double>({2, 14}), boost::test_tools::per_element());
  BOOST_TEST(swirl.at(1, here, 3) == std::vector<double>({3, 21}), boost::test_tools::per_element());
  BOOST_TEST(swirl.components[1](std::vector{0.5, 1.0}, 3) == 1.5);
  BOOST_TEST(swirl.calls == 4);
}
