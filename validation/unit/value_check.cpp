// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/output/value_check.hpp"

#include <boost/test/unit_test.hpp>
#include <limits>

using namespace umkehr;

namespace {

/// A density at two times on three points.
Group group_of(std::vector<double> density) {
  return {"forward",
          {{"t", {0.0, 0.5}, ""}, {"x", {-1.0, 0.0, 1.0}, ""}},
          {{"density", {"t", "x"}, std::move(density), "", ""}},
          {{"method", "fourier"}}};
}

std::string complaint(const Group& group) {
  try {
    check_values(group);
  } catch (const WrongValue& wrong) {
    return wrong.what();
  }
  return {};
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

BOOST_AUTO_TEST_CASE(densities_pass) {
  BOOST_TEST(check_values(group_of({0, 1, 0, -1e-16, 1, 0})).empty());
  BOOST_TEST(check_values(group_of({0, 0, 0, 0, 0, 0})).empty());
}

BOOST_AUTO_TEST_CASE(what_is_not_finite_is_named_with_its_place) {
  const double infinity = std::numeric_limits<double>::infinity();
  for (const double value : {std::numeric_limits<double>::quiet_NaN(), infinity, -infinity}) {
    const std::string text = complaint(group_of({0, 1, 0, 0, 1, value}));
    BOOST_TEST(has(text, "density is"), text);
    BOOST_TEST(has(text, "t = 0.5, x = 1"), text);
  }
  Group scalars = group_of({0, 1, 0, 0, 1, 0});
  scalars.variables.push_back({"start_kl", {}, {infinity}, "", ""});
  BOOST_TEST(has(complaint(scalars), "start_kl is"), complaint(scalars));
}

BOOST_AUTO_TEST_CASE(negative_densities_are_warnings_then_errors) {
  const std::vector<std::string> warnings = check_values(group_of({0, 1, 0, -1e-9, 1, 0}));
  BOOST_REQUIRE(warnings.size() == 1);
  BOOST_TEST(has(warnings[0], "t = 0.5, x = -1"), warnings[0]);
  const std::string text = complaint(group_of({0, 1, 0, -1e-5, 1, 0}));
  BOOST_TEST(has(text, "no density"), text);
  BOOST_TEST(has(complaint(group_of({0, 1, 0, -1, 0, 0})), "no density"));
}

BOOST_AUTO_TEST_CASE(a_point_may_ripple_at_its_own_time_alone) {
  BOOST_TEST(check_values(group_of({-0.2, 1, 0, 0, 1, 0}), 0.0).size() == 1u);
  BOOST_CHECK_THROW(check_values(group_of({-0.2, 1, 0, 0, 1, 0}), 0.5), WrongValue);
}
