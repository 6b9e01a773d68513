// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/tasks/shared/closed_forms.hpp"

#include <algorithm>
#include <cmath>

#include "experiments/output/result_file.hpp"
#include "experiments/tasks/shared/exact_law.hpp"
#include "experiments/text/short_number.hpp"

namespace umkehr {
namespace {

/// Its values at the given moments, of all the times.
std::vector<double> values_at(const Variable& variable, const std::vector<std::size_t>& moments,
                              std::size_t times) {
  std::vector<double> part;
  const std::size_t size = variable.values.size() / times;
  for (const std::size_t n : moments) {
    const auto first = variable.values.begin() + static_cast<std::ptrdiff_t>(n * size);
    part.insert(part.end(), first, first + static_cast<std::ptrdiff_t>(size));
  }
  return part;
}

std::vector<double> exact_values(const ExactRun& exact, const Variable& variable, std::size_t moments) {
  if (variable.dimensions.empty() || variable.dimensions[0] != "t") return exact.once(variable.name);
  std::vector<double> all;
  for (std::size_t n = 0; n < moments; ++n) {
    const std::vector<double> values = exact.at(variable.name, n);
    if (values.empty()) return {};
    all.insert(all.end(), values.begin(), values.end());
  }
  return all;
}

}  // namespace

ClosedForms::ClosedForms(const Problem& given) : problem(given), affine_(affine_process(given)) {}

void ClosedForms::remark(const std::string& task, const std::string& text) {
  remarks.push_back(task + ": " + text);
}

void ClosedForms::remark_on_walls(const std::string& task, const std::vector<double>& times,
                                  const std::function<double(std::size_t)>& outside,
                                  const std::string& rest) {
  double most = 0, when = 0;
  for (std::size_t n = 0; n < times.size(); ++n) {
    const double share = outside(n);
    if (share <= most) continue;
    most = share;
    when = times[n];
  }
  if (most > 1e-12)
    remark(task, "at t = " + short_number(when) + " " + error_number(most) + " of the exact " + rest +
                     "; widen the axes if that is not small beside the errors");
}

const AffineProcess* ClosedForms::affine(const std::string& task) {
  if (affine_) return &*affine_;
  remark(task, not_affine);
  return nullptr;
}

void ClosedForms::none(const std::string& task) {
  if (affine(task)) remark(task, "no closed form is known of a task of this kind");
}

void check_grid(const Grid& grid, const Group& group) {
  for (const Axis& axis : grid.axes()) {
    const Coordinate* coordinate = group.coordinate(axis.name);
    const std::vector<double> centres = axis.centres();
    const auto near = [&](double a, double b) { return std::abs(a - b) <= 1e-12 * axis.length(); };
    if (coordinate == nullptr || !std::equal(centres.begin(), centres.end(), coordinate->values.begin(),
                                             coordinate->values.end(), near))
      throw ResultFileError(group.name + ": axis " + axis.name + " is not that of the file's own experiment");
  }
}

void ClosedForms::add(const Group& group, const std::vector<std::size_t>& moments, const ExactRun& exact) {
  Group found{group.name, group.coordinates, {}, group.attributes};
  std::size_t times = 0;
  for (Coordinate& coordinate : found.coordinates) {
    if (coordinate.name != "t") continue;
    times = coordinate.values.size();
    coordinate.values.clear();
    for (const std::size_t n : moments) coordinate.values.push_back(group.coordinate("t")->values[n]);
  }
  Group known = found;
  for (const Variable& variable : group.variables) {
    Variable values = variable, right = variable;
    right.values = exact_values(exact, variable, moments.size());
    if (right.values.empty()) continue;
    if (!variable.dimensions.empty() && variable.dimensions[0] == "t")
      values.values = values_at(variable, moments, times);
    if (right.values.size() != values.values.size())
      throw ResultFileError(group.name + "/" + variable.name +
                            " does not lie on the grid of the file's own experiment");
    found.variables.push_back(std::move(values));
    known.variables.push_back(std::move(right));
  }
  run.groups.push_back(std::move(found));
  law.groups.push_back(std::move(known));
}

}  // namespace umkehr
