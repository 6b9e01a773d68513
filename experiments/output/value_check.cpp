// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/output/value_check.hpp"

#include <algorithm>
#include <cmath>
#include <span>

#include "experiments/text/short_number.hpp"
#include "grids/finite.hpp"

namespace umkehr {
namespace {

constexpr double rounding = 1e-12, max_negative = 1e-6;  // of the maximum at that time

/// Such as " at t = 0.5, x = -1.25".
std::string place_of(const Group& group, const Variable& variable, std::size_t at) {
  std::string text;
  for (std::size_t k = variable.dimensions.size(); k-- > 0;) {
    const Coordinate& axis = *group.coordinate(variable.dimensions[k]);
    const std::string here = axis.name + " = " + short_number(axis.values[at % axis.values.size()]);
    text = here + (text.empty() ? "" : ", ") + text;
    at /= axis.values.size();
  }
  return text.empty() ? "" : " at " + text;
}

void check_finite(const Group& group, const Variable& variable) {
  if (all_finite(variable.values)) return;
  const auto wrong = std::find_if_not(variable.values.begin(), variable.values.end(),
                                      [](double value) { return std::isfinite(value); });
  const auto count = std::count_if(variable.values.begin(), variable.values.end(),
                                   [](double value) { return !std::isfinite(value); });
  throw WrongValue(variable.name + " is " + short_number(*wrong) +
                   place_of(group, variable, static_cast<std::size_t>(wrong - variable.values.begin())) +
                   (variable.values.size() == 1 ? ""
                                                : ", one of " + std::to_string(count) + " such values of " +
                                                      std::to_string(variable.values.size())) +
                   ": the numbers of this problem leave the range of doubles; take laws that the cells "
                   "resolve, ends and axes "
                   "that are less far apart, or more noise");
}

std::string remedy_of(const Group& group) {
  const auto method = group.attributes.find("method");
  const std::string name = method == group.attributes.end() ? "" : method->second;
  if (name == "hermite") return "take more points, another centre and scale, or method finite-volume";
  if (name == "path-integral") return "take more points, a shorter dt, or method finite-volume";
  return "take more points, axes that fit the law, or method finite-volume";
}

/// The smallest value of a density at one time beside its largest.
struct Depth {
  double least = 0, largest = 0;
  std::size_t place = 0;  // of the least in the whole variable
  bool is_deeper_than(double share) const { return least < 0 && !(least >= -share * largest); }
};

Depth depth_at(const Variable& density, std::size_t first, std::size_t count) {
  const std::span<const double> values(&density.values[first], count);
  const auto [least, largest] = std::minmax_element(values.begin(), values.end());
  return {*least, *largest, first + static_cast<std::size_t>(least - values.begin())};
}

std::string text_of(const Group& group, const Variable& density, const Depth& depth) {
  return density.name + " is " + error_number(depth.least) + place_of(group, density, depth.place) +
         ", where its maximum is " + error_number(depth.largest);
}

void check_density(const Group& group, const Variable& density, std::optional<double> point,
                   std::vector<std::string>& warnings) {
  const std::vector<double>& times = group.coordinate(density.dimensions.front())->values;
  const std::size_t count = density.values.size() / times.size();
  std::optional<Depth> told;
  for (std::size_t n = 0; n < times.size(); ++n) {
    const Depth depth = depth_at(density, n * count, count);
    if (depth.is_deeper_than(max_negative) && times[n] != point)
      throw WrongValue(text_of(group, density, depth) + ": no density; " + remedy_of(group));
    const bool is_worse = !told || depth.least * told->largest < told->least * depth.largest;
    if (depth.is_deeper_than(rounding) && is_worse) told = depth;
  }
  if (told) warnings.push_back(text_of(group, density, *told) + "; " + remedy_of(group));
}

}  // namespace

std::vector<std::string> check_values(const Group& group, std::optional<double> point) {
  std::vector<std::string> warnings;
  for (const Variable& variable : group.variables) {
    check_finite(group, variable);
    if (variable.name == "density" && !variable.values.empty())
      check_density(group, variable, point, warnings);
  }
  return warnings;
}

}  // namespace umkehr
