// SPDX-License-Identifier: GPL-3.0-or-later
// Processes and boxes that rapidcheck draws, and properties that should hold for all of them.
#pragma once

#include <rapidcheck.h>

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <string>
#include <vector>

#include "grids/axis.hpp"
#include "solver/process/process.hpp"

namespace umkehr {

inline double number(double from, double to) {
  return from + (to - from) * *rc::gen::inRange(0, 1001) / 1000.0;
}

struct RandomProblem {
  Process process;
  std::vector<Axis> axes;
};

/// Polynomial and trigonometric drift, one D(t) an axis, V of either sign, any walls, one to three dimensions, from 2 to
/// most[d - 1] points an axis.
inline RandomProblem random_problem(const std::vector<int>& most) {
  const auto text = [](double value) { return "(" + std::to_string(value) + ")"; };
  const std::vector<std::string> names = {"x", "y", "z"};
  const auto d = static_cast<std::size_t>(*rc::gen::weightedElement<int>({{6, 1}, {3, 2}, {1, 3}}));
  const std::vector<std::string> axes(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(d));
  RandomProblem problem;
  for (std::size_t k = 0; k < d; ++k) {
    const auto boundary = *rc::gen::element(Boundary::reflecting, Boundary::absorbing, Boundary::periodic);
    const auto points = static_cast<std::size_t>(*rc::gen::inRange(2, most[d - 1] + 1));
    problem.axes.push_back({names[k], number(-2, -0.5), number(0.5, 2), points, boundary});
    const std::string& other = axes[(k + 1) % d];
    const std::string drift = text(number(-2, 2)) + "*sin(" + text(number(-4, 4)) + "*" + other + "+" +
                              text(number(-3, 3)) + "*t)+" + text(number(-1, 1)) + "*" + names[k] + "^3+" +
                              text(number(-3, 3)) + "*" + names[k] + "*" + other + "*cos(t)";
    problem.process.drift.push_back(Formula::parse(drift, {axes, {}}));
    const std::string diffusion = text(std::pow(10, number(-2, 1))) + "*(1+t*" + text(number(0, 2)) + ")";
    problem.process.diffusion.push_back(Formula::parse(diffusion, {axes, {}}));
  }
  const std::string killing =
      text(number(-1, 1)) + "+" + text(number(-1, 1)) + "*x*sin(t+" + axes.back() + ")";
  problem.process.killing = Formula::parse(killing, {axes, {}});
  return problem;
}

/// Tries a property, which asserts with RC_ASSERT, so many times.
template <class Property>
void holds(const char* what, int times, Property property) {
  rc::detail::TestParams parameters = rc::detail::configuration().testParams;
  parameters.maxSuccess = times;
  rc::detail::TestMetadata metadata;
  metadata.id = metadata.description = what;
  const auto result = rc::detail::checkTestable(property, metadata, parameters);
  rc::detail::SuccessResult success;
  BOOST_TEST(result.match(success), what);
}

}  // namespace umkehr
