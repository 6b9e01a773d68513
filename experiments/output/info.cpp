// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/output/info.hpp"

#include <algorithm>
#include <ostream>

#include "experiments/output/result_file.hpp"
#include "experiments/text/printable.hpp"
#include "experiments/text/short_number.hpp"
#include "experiments/text/table.hpp"

namespace umkehr {
namespace {

/// The ends of an axis; of a swept key the values, which need not ascend.
std::string values_text(const Coordinate& coordinate) {
  constexpr std::size_t max_shown = 8;
  const std::vector<double>& points = coordinate.values;
  if (coordinate.swept_key.empty())
    return short_number(points.front()) + " .. " + short_number(points.back());
  std::string text;
  for (std::size_t n = 0; n < std::min(points.size(), max_shown); ++n)
    text += (n > 0 ? ", " : "") + (coordinate.texts.empty() ? short_number(points[n]) : coordinate.texts[n]);
  return text + (points.size() > max_shown ? ", ..." : "");
}

std::vector<std::string> coordinate_row(const Coordinate& coordinate) {
  const std::size_t points = coordinate.values.size();
  return {"  " + coordinate.name, std::to_string(points) + (points == 1 ? " point" : " points"),
          values_text(coordinate), coordinate.long_name};
}

std::string lengths_text(const Group& group, const Variable& variable) {
  std::string text;
  for (const std::string& name : variable.dimensions)
    text += (text.empty() ? "" : " x ") + std::to_string(group.coordinate(name)->values.size());
  return text;
}

std::string names_text(const Variable& variable) {
  std::string text;
  for (const std::string& name : variable.dimensions) text += (text.empty() ? "" : ", ") + name;
  return "(" + text + ")";
}

std::vector<std::string> variable_row(const Group& group, const Variable& variable) {
  const std::string equation = variable.equation.empty() ? "" : "  [" + variable.equation + "]";
  if (variable.dimensions.empty())
    return {"  " + variable.name, "", short_number(variable.values[0]), variable.long_name + equation};
  return {"  " + variable.name, names_text(variable), lengths_text(group, variable),
          variable.long_name + equation};
}

void print_group(const Group& group, std::ostream& out) {
  out << '\n' << printable(group.name) << '\n';
  for (const auto& [name, text] : group.attributes)
    out << "  " << printable(name) << ": " << printable(text) << '\n';
  for (const std::string& warning : group.warnings) out << "  warning: " << printable(warning) << '\n';
  Table table({"  axes"});
  for (const Coordinate& coordinate : group.coordinates) table.add(coordinate_row(coordinate));
  table.add({"  variables"});
  for (const Variable& variable : group.variables) table.add(variable_row(group, variable));
  table.print(out);
}

}  // namespace

void print_info(const Result& result, std::ostream& out) {
  const auto lines = std::count(result.experiment.begin(), result.experiment.end(), '\n');
  out << "title: " << printable(result.title) << '\n'
      << "source: " << printable(result.source) << ", schema " << schema_version << '\n'
      << "experiment: " << lines << " lines of TOML in the attribute \"experiment\"\n"
      << "tasks: " << result.groups.size() << '\n';
  for (const Failure& failure : result.failed)
    out << "failed: " << printable(failure.task) << ": " << printable(failure.why) << '\n';
  for (const Group& group : result.groups) print_group(group, out);
}

}  // namespace umkehr
