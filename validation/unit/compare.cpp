// SPDX-License-Identifier: GPL-3.0-or-later
// The rule by which results are called the same, on differences known by construction.
#include "experiments/output/comparison/compare.hpp"

#include <rapidcheck.h>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <functional>
#include <limits>
#include <nlohmann/json.hpp>
#include <sstream>
#include <stdexcept>

#include "experiments/output/comparison/compare_norms.hpp"
#include "validation/support/example_result.hpp"

using namespace umkehr;

namespace {

constexpr double nan_value = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

// Two times, four points; the density falls below the trusted fraction at the last one.
Result scored() {
  Group group{"g", {{"t", {0.5, 1.5}, ""}, {"x", {0, 1, 2, 3}, ""}}, {}, {}};
  group.variables = {{"density", {"t", "x"}, {1, 4, 1, 1e-11, 2, 2, 2, 0}, "", ""},
                     {"score_x", {"t", "x"}, {1, 2, -1, 7, 3, 3, 3, 9}, "", ""},
                     {"mass", {"t"}, {1, 1}, "", ""},
                     {"minimum", {}, {1e-11}, "", ""}};
  return {"", "umkehr", "", {group}};
}

const VariableComparison& of(const Comparison& comparison, const std::string& name) {
  for (const VariableComparison& variable : comparison.variables)
    if (variable.name == name) return variable;
  throw std::runtime_error("no " + name);
}

Comparison changed(const std::function<void(Group&)>& change, double rtol = default_rtol, double atol = 0) {
  Result a = scored();
  change(a.groups[0]);
  return compare_results(a, scored(), rtol, atol);
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_result_is_the_same_as_itself) {
  const Comparison comparison = compare_results(example_result(), example_result(), 0, 0);
  BOOST_TEST(comparison.same());
  BOOST_TEST(comparison.variables.size() == 5U);
}

BOOST_AUTO_TEST_CASE(fields_are_judged_by_relative_l1_at_each_time) {
  const auto change = [](Group& g) { g.variables[0].values[5] += 0.3; };
  const Comparison comparison = changed(change, 0.0499);
  const VariableComparison& density = of(comparison, "density");
  BOOST_TEST(!density.same);
  BOOST_TEST(!density.weighted);
  BOOST_TEST(density.errors[0] == 0.0);
  BOOST_TEST(density.errors[1] == 0.3 / 6, boost::test_tools::tolerance(1e-14));
  BOOST_TEST(density.worst == 1U);
  BOOST_TEST(density.l1 == 0.3 / 4, boost::test_tools::tolerance(1e-14));
  BOOST_TEST(density.relative_l2 == 0.3 / std::sqrt(12.0), boost::test_tools::tolerance(1e-14));
  BOOST_TEST(density.linf == 0.3, boost::test_tools::tolerance(1e-14));
  BOOST_TEST(density.relative_linf == 0.15, boost::test_tools::tolerance(1e-14));
  BOOST_TEST((density.location == std::vector<std::pair<std::string, double>>{{"t", 1.5}, {"x", 1}}));
  BOOST_TEST(changed(change, 0.0501).same());
  BOOST_TEST(!changed(change, 0, 0.0749).same());
  BOOST_TEST(changed(change, 0, 0.0751).same());
}

BOOST_AUTO_TEST_CASE(a_small_relative_error_at_one_time_does_not_hide_behind_a_large_field_at_another) {
  Result a = scored(), b = scored();
  for (Result* result : {&a, &b}) result->groups[0].variables[0].values[0] = 1e20;
  a.groups[0].variables[0].values[4] *= 1 + 1e-6;
  BOOST_TEST(!compare_results(a, b).same());
}

BOOST_AUTO_TEST_CASE(scores_are_judged_where_the_density_is_trusted) {
  BOOST_TEST(changed([](Group& g) { g.variables[1].values[3] = -100; }).same());
  BOOST_TEST(changed([](Group& g) { g.variables[1].values[7] = -100; }).same());
  const Comparison comparison = changed([](Group& g) { g.variables[1].values[1] += 0.5; });
  const VariableComparison& score = of(comparison, "score_x");
  BOOST_TEST(score.weighted);
  BOOST_TEST(!score.same);
  // P = 1, 4, 1: the squares of b weigh 1 + 16 + 1, the difference 4 * 0.25.
  BOOST_TEST(score.errors[0] == std::sqrt(1.0 / 18), boost::test_tools::tolerance(1e-14));
  BOOST_TEST(score.l2 == std::sqrt(1.0 / 6), boost::test_tools::tolerance(1e-14));
}

BOOST_AUTO_TEST_CASE(scores_without_a_density_are_judged_like_any_field) {
  Result a = scored(), b = scored();
  for (Result* result : {&a, &b}) result->groups[0].variables.erase(result->groups[0].variables.begin());
  a.groups[0].variables[0].values[3] += 1;
  const Comparison comparison = compare_results(a, b);
  BOOST_TEST(!of(comparison, "score_x").weighted);
  BOOST_TEST(!comparison.same());
}

BOOST_AUTO_TEST_CASE(nan_equals_nan_alone) {
  for (const std::size_t variable : {0U, 1U, 2U, 3U}) {
    const auto spoil = [&](Group& group) { group.variables[variable].values[0] = nan_value; };
    Result a = scored();
    spoil(a.groups[0]);
    BOOST_TEST(!compare_results(a, scored(), 1, 1e300).same());
    BOOST_TEST(!compare_results(scored(), a, 1, 1e300).same());
    BOOST_TEST(compare_results(a, a, 0, 0).same());
    BOOST_TEST(compare_results(a, scored()).variables[variable].remark == "1 values not finite");
  }
  // Also outside the region that weighs.
  BOOST_TEST(!changed([](Group& g) { g.variables[1].values[3] = nan_value; }, 1, 1e300).same());
}

BOOST_AUTO_TEST_CASE(diagnostics_at_the_level_of_rounding_are_no_difference) {
  const auto with = [](const std::string& name, double value) {
    Result result = scored();
    result.groups[0].variables.push_back({name, {}, {value}, "", ""});
    return result;
  };
  for (const char* name :
       {"mass_error", "marginal_error", "density_error", "error", "ways_difference", "lost"}) {
    BOOST_TEST(compare_results(with(name, 1e-15), with(name, 2e-15)).same(), name);
    BOOST_TEST(!compare_results(with(name, 1e-9), with(name, 2e-9)).same(), name);
  }
  // What only looks small is a result.
  for (const char* name : {"kl", "action", "value", "iterations", "error_of_something"})
    BOOST_TEST(!compare_results(with(name, 1e-15), with(name, 2e-15)).same(), name);
  const auto minimum = [](double value, double scale) {
    return changed([=](Group& g) {
      for (double& p : g.variables[0].values) p *= scale;
      g.variables[3].values[0] = value;
    });
  };
  // The density's maximum is 4.
  BOOST_TEST(of(minimum(1e-11 + 3e-12, 1), "minimum").same);
  BOOST_TEST(!of(minimum(1e-11 + 5e-12, 1), "minimum").same);
}

BOOST_AUTO_TEST_CASE(names_choose_what_counts) {
  Result a = scored(), b = scored();
  a.groups[0].variables[2].values[0] = 2;
  b.groups.push_back({"h", {}, {{"kl", {}, {1}, "", ""}}, {}});
  const Comparison all = compare_results(a, b);
  BOOST_TEST(!chosen(all, {"mass"}).same());
  BOOST_TEST(!chosen(all, {"g/mass", "density"}).same());
  BOOST_TEST(!chosen(all, {"kl"}).same());
  BOOST_TEST(!chosen(all, {"h"}).same());
  BOOST_TEST(chosen(all, {"density", "g/score_x"}).same());
  BOOST_TEST(chosen(all, {"density", "g/score_x"}).variables.size() == 2U);
  BOOST_TEST(of(chosen(all, {"score_x"}), "score_x").weighted);
  const std::vector<std::string> names = names_to_choose(all);
  for (const char* name : {"g", "mass", "g/mass", "h/kl"})
    BOOST_TEST((std::find(names.begin(), names.end(), name) != names.end()), name);
}

BOOST_AUTO_TEST_CASE(an_infinity_equals_only_itself) {
  const auto with = [](double value) {
    Result result = scored();
    result.groups[0].variables[2].values[0] = value;
    return result;
  };
  BOOST_TEST(compare_results(with(infinity), with(infinity)).same());
  BOOST_TEST(!compare_results(with(infinity), with(-infinity), 1, 1e300).same());
  BOOST_TEST(!compare_results(with(1), with(infinity), 1, 1e300).same());
  BOOST_TEST(!compare_results(with(infinity), with(1), 1, 1e300).same());
}

BOOST_AUTO_TEST_CASE(extreme_sizes_neither_overflow_nor_vanish) {
  for (const double size : {1e-300, 1e-170, 1e170, 1e300}) {
    const auto with = [&](double factor) {
      Result result = scored();
      for (double& value : result.groups[0].variables[1].values) value *= size * factor;
      return result;
    };
    BOOST_TEST(compare_results(with(1 + 1e-12), with(1)).same());
    BOOST_TEST(!compare_results(with(1 + 1e-8), with(1)).same());
    BOOST_TEST(of(compare_results(with(2), with(1)), "score_x").errors[0] == 1.0,
               boost::test_tools::tolerance(1e-12));
  }
}

BOOST_AUTO_TEST_CASE(what_is_missing_or_shaped_otherwise_is_a_difference) {
  const auto differs = [](const std::function<void(Result&)>& change, const std::string& remark) {
    Result other = scored();
    change(other);
    for (const Comparison& comparison :
         {compare_results(other, scored()), compare_results(scored(), other)}) {
      BOOST_TEST(!comparison.same());
      bool found = false;
      for (const VariableComparison& variable : comparison.variables)
        found = found || (!variable.same && variable.remark.find(remark) != std::string::npos);
      BOOST_TEST(found, remark << " is not said");
    }
  };
  differs([](Result& r) { r.groups[0].variables.pop_back(); }, "missing in the");
  differs([](Result& r) { r.groups.clear(); }, "missing in the");
  differs([](Result& r) { r.groups[0].name = "h"; }, "missing in the");
  differs([](Result& r) { r.groups.push_back({"extra", {}, {}, {}}); }, "missing in the");
  differs([](Result& r) { r.groups[0].coordinates.push_back({"y", {0}, ""}); }, "missing in the");
  differs([](Result& r) { r.groups[0].coordinates[1].values[2] += 1e-6; }, "other coordinates x");
  differs([](Result& r) { r.groups[0].coordinates[0].values[1] = nan_value; }, "other coordinates t");
  differs([](Result& r) { r.groups[0].variables[2] = {"mass", {}, {1}, "", ""}; }, "shape");
  differs(
      [](Result& r) {
        Group& group = r.groups[0];
        group.coordinates[0].values = {0.5};
        for (std::size_t k = 0; k < 3; ++k)
          group.variables[k].values.resize(group.variables[k].values.size() / 2);
      },
      "shape (t");
}

BOOST_AUTO_TEST_CASE(round_off_in_coordinates_is_no_difference) {
  BOOST_TEST(changed([](Group& g) { g.coordinates[1].values[3] *= 1 + 1e-15; }).same());
}

BOOST_AUTO_TEST_CASE(two_empty_results_are_not_called_the_same) {
  const Result empty{"", "umkehr", "", {}};
  const Comparison comparison = compare_results(empty, empty);
  BOOST_TEST(!comparison.same());
  BOOST_TEST(comparison.remarks.size() == 1U);
}

BOOST_AUTO_TEST_CASE(norms_agree_with_their_definitions) {
  BOOST_TEST(rc::check("weighted means of |a - b|", [] {
    const auto size = *rc::gen::inRange<std::size_t>(1, 40);
    const auto values = [&](int low, int high) {
      std::vector<double> out;
      for (std::size_t i = 0; i < size; ++i) out.push_back(0.25 * *rc::gen::inRange(low, high));
      return out;
    };
    const auto a = values(-50, 50), b = values(-50, 50), p = values(1, 50);
    double weight = 0, l1 = 0, l2 = 0;
    for (std::size_t i = 0; i < size; ++i) {
      weight += p[i];
      l1 += p[i] * std::abs(a[i] - b[i]);
      l2 += p[i] * (a[i] - b[i]) * (a[i] - b[i]);
    }
    const Norms norms = difference_norms(a, b, p);
    RC_ASSERT(std::abs(norms.l1 - l1 / weight) <= 1e-13 * l1 / weight);
    RC_ASSERT(std::abs(norms.l2 - std::sqrt(l2 / weight)) <= 1e-13 * norms.l2);
    RC_ASSERT(std::abs(a[norms.where] - b[norms.where]) == norms.linf);
  }));
}

BOOST_AUTO_TEST_CASE(the_report_ends_with_the_verdict) {
  std::ostringstream same, differ;
  print_comparison(compare_results(scored(), scored()), same);
  BOOST_TEST(same.str().ends_with("\nsame\n"));
  print_comparison(changed([](Group& g) { g.variables[0].values[5] += 0.3; }), differ);
  BOOST_TEST(differ.str().ends_with("\ndiffer\n"));
  BOOST_TEST(differ.str().find("t=1.5 x=1") != std::string::npos, differ.str());
}

BOOST_AUTO_TEST_CASE(the_report_as_json) {
  const auto json = nlohmann::json::parse(comparison_json(
      changed([](Group& g) { g.variables[0].values[5] = g.variables[2].values[0] = nan_value; })));
  BOOST_TEST(!json["same"].get<bool>());
  BOOST_TEST(!json["variables"]["g/density"]["same"].get<bool>());
  BOOST_TEST(json["variables"]["g/density"]["errors"][1].is_null());
  BOOST_TEST(json["variables"]["g/score_x"]["same"].get<bool>());
}
