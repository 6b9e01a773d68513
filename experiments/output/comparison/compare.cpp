// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/output/comparison/compare.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "experiments/output/comparison/compare_norms.hpp"

namespace umkehr {
namespace {

struct Tolerance {
  double relative, absolute;
};

bool has_time(const Variable& variable) {
  return !variable.dimensions.empty() && variable.dimensions[0] == "t";
}

bool is_judged_by_density(const std::string& name) {
  return name.starts_with("score_") || name.starts_with("control_") || name.starts_with("log_");
}

// The density on the same points, if the group has one.
const Variable* weight_for(const Group& group, const Variable& variable) {
  if (!is_judged_by_density(variable.name)) return nullptr;
  const Variable* density = group.find("density");
  return density != nullptr && density->dimensions == variable.dimensions ? density : nullptr;
}

std::string shape_text(const Group& group, const Variable& variable) {
  std::string text;
  for (const std::string& name : variable.dimensions)
    text += (text.empty() ? "" : ", ") + name + " " + std::to_string(group.coordinate(name)->values.size());
  return "(" + text + ")";
}

// Coordinates that went through different arithmetic may differ by round-off.
std::string coordinate_difference(const Coordinate& a, const Coordinate& b) {
  if (a.values.size() != b.values.size())
    return std::to_string(a.values.size()) + " points against " + std::to_string(b.values.size());
  double range = 0;
  for (const double value : b.values) range = std::max(range, std::abs(value));
  for (std::size_t i = 0; i < a.values.size(); ++i)
    if (!(std::abs(a.values[i] - b.values[i]) <= 1e-12 * range)) return "other values";
  return {};
}

std::string obstacle(const Group& group_a, const Variable& a, const Group& group_b, const Variable& b) {
  const std::string shape_a = shape_text(group_a, a), shape_b = shape_text(group_b, b);
  if (shape_a != shape_b) return "shape " + shape_a + " against " + shape_b;
  for (const std::string& name : a.dimensions)
    if (!coordinate_difference(*group_a.coordinate(name), *group_b.coordinate(name)).empty())
      return "other coordinates " + name;
  return {};
}

std::vector<std::pair<std::string, double>> location_of(const Group& group, const Variable& variable,
                                                        std::size_t index) {
  std::vector<std::pair<std::string, double>> location;
  for (std::size_t k = variable.dimensions.size(); k-- > 0;) {
    const std::vector<double>& points = group.coordinate(variable.dimensions[k])->values;
    location.emplace_back(variable.dimensions[k], points[index % points.size()]);
    index /= points.size();
  }
  std::reverse(location.begin(), location.end());
  return location;
}

bool agrees(const Norms& norms, bool weighted, const Tolerance& tolerance) {
  if (norms.unequal_not_finite > 0) return false;
  const double difference = weighted ? norms.l2 : norms.l1,
               reference = weighted ? norms.reference_l2 : norms.reference_l1;
  if (norms.linf == 0) return true;
  return std::isfinite(reference) && difference <= tolerance.absolute + tolerance.relative * reference;
}

void note_worst(const Norms& norms, VariableComparison& out) {
  out.l1 = norms.l1;
  out.l2 = norms.l2;
  out.linf = norms.linf;
  out.relative_l1 = ratio(norms.l1, norms.reference_l1);
  out.relative_l2 = ratio(norms.l2, norms.reference_l2);
  out.relative_linf = ratio(norms.linf, norms.reference_linf);
}

void compare_values(const Group& group, const Variable& a, const Variable& b, const Tolerance& tolerance,
                    VariableComparison& out) {
  const Variable* weight = weight_for(group, b);
  out.weighted = weight != nullptr;
  if (has_time(b)) out.times = group.coordinate("t")->values;
  const std::size_t slices = std::max<std::size_t>(out.times.size(), 1), size = b.values.size() / slices;
  const auto slice = [&](const Variable* from, std::size_t n) {
    return from == nullptr ? std::span<const double>() : std::span(from->values).subspan(n * size, size);
  };
  std::size_t not_finite = 0;
  out.same = true;
  for (std::size_t n = 0; n < slices; ++n) {
    const Norms norms = difference_norms(slice(&a, n), slice(&b, n), slice(weight, n));
    out.errors.push_back(norms.unequal_not_finite > 0 ? std::numeric_limits<double>::infinity()
                                                      : (out.weighted ? ratio(norms.l2, norms.reference_l2)
                                                                      : ratio(norms.l1, norms.reference_l1)));
    not_finite += norms.unequal_not_finite;
    out.same = agrees(norms, out.weighted, tolerance) && out.same;
    if (n > 0 && out.errors[n] <= out.errors[out.worst]) continue;
    out.worst = n;
    note_worst(norms, out);
    out.location = location_of(group, b, n * size + norms.where);
  }
  if (not_finite > 0) out.remark = std::to_string(not_finite) + " values not finite";
}

// The least atol; a minimum is an error of the density.
double floor_of(const Group& group, const Variable& variable) {
  if (!is_diagnostic(variable.name)) return 0;
  const Variable* density = variable.name == "minimum" ? group.find("density") : nullptr;
  double scale = density == nullptr ? 1 : 0;
  if (density != nullptr)
    for (const double value : density->values) scale = std::max(scale, std::isfinite(value) ? value : 0);
  return rounding_level * scale;
}

VariableComparison compare_variable(const Group& group_a, const Variable& a, const Group& group_b,
                                    const Variable& b, const Tolerance& tolerance) {
  VariableComparison out;
  out.group = group_b.name;
  out.name = b.name;
  out.remark = obstacle(group_a, a, group_b, b);
  const Tolerance own{tolerance.relative, std::max(tolerance.absolute, floor_of(group_b, b))};
  if (out.remark.empty()) compare_values(group_b, a, b, own, out);
  return out;
}

VariableComparison differing(const std::string& group, const std::string& name, const std::string& remark) {
  VariableComparison out;
  out.group = group;
  out.name = name;
  out.remark = remark;
  return out;
}

void compare_coordinates(const Group& a, const Group& b, Comparison& comparison) {
  for (const Coordinate& of_a : a.coordinates) {
    const Coordinate* of_b = b.coordinate(of_a.name);
    const std::string remark =
        of_b == nullptr ? "missing in the second file" : coordinate_difference(of_a, *of_b);
    if (!remark.empty()) comparison.variables.push_back(differing(a.name, of_a.name, remark));
  }
  for (const Coordinate& of_b : b.coordinates)
    if (a.coordinate(of_b.name) == nullptr)
      comparison.variables.push_back(differing(a.name, of_b.name, "missing in the first file"));
}

/// A closed form is no part of what was solved: a file that was not asked for it, or is older, may lack it.
void miss_variable(const std::string& group, const std::string& name, const std::string& remark,
                   Comparison& comparison) {
  if (name.starts_with("exact_"))
    comparison.remarks.push_back(group + "/" + name + ": " + remark);
  else
    comparison.variables.push_back(differing(group, name, remark));
}

void compare_groups(const Group& a, const Group& b, const Tolerance& tolerance, Comparison& comparison) {
  compare_coordinates(a, b, comparison);
  for (const Variable& of_a : a.variables) {
    const Variable* of_b = b.find(of_a.name);
    if (of_b == nullptr)
      miss_variable(a.name, of_a.name, "missing in the second file", comparison);
    else
      comparison.variables.push_back(compare_variable(a, of_a, b, *of_b, tolerance));
  }
  for (const Variable& of_b : b.variables)
    if (a.find(of_b.name) == nullptr)
      miss_variable(a.name, of_b.name, "missing in the first file", comparison);
}

void miss_group(const Group& group, const std::string& remark, Comparison& comparison) {
  if (group.variables.empty()) comparison.variables.push_back(differing(group.name, "", remark));
  for (const Variable& variable : group.variables)
    comparison.variables.push_back(differing(group.name, variable.name, remark));
}

}  // namespace

bool is_diagnostic(const std::string& variable) {
  return variable.ends_with("error") || variable.ends_with("_difference") || variable == "lost" ||
         variable == "minimum";
}

bool Comparison::same() const {
  return !variables.empty() &&
         std::all_of(variables.begin(), variables.end(), [](const auto& v) { return v.same; });
}

Comparison compare_results(const Result& a, const Result& b, double rtol, double atol) {
  Comparison comparison;
  for (const Group& of_a : a.groups) {
    const Group* of_b = b.find(of_a.name);
    if (of_b != nullptr)
      compare_groups(of_a, *of_b, {rtol, atol}, comparison);
    else
      miss_group(of_a, "missing in the second file", comparison);
  }
  for (const Group& of_b : b.groups)
    if (a.find(of_b.name) == nullptr) miss_group(of_b, "missing in the first file", comparison);
  if (comparison.variables.empty())
    comparison.remarks.push_back("neither file holds a variable: nothing to compare");
  return comparison;
}

}  // namespace umkehr
