// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/command/runs/swept_summary.hpp"

#include <algorithm>
#include <cmath>
#include <ostream>

#include "experiments/output/swept.hpp"
#include "experiments/text/printable.hpp"
#include "experiments/text/short_number.hpp"
#include "experiments/text/table.hpp"

namespace umkehr {
namespace {

constexpr std::size_t max_columns = 8, max_lines = 200;

/// What a run gives one number of: scalars, and of a list such as eigenvalues the first ones.
struct SweptColumn {
  const Variable* variable;
  std::size_t stride = 1, at = 0;

  double value(std::size_t run) const { return variable->values[run * stride + at]; }
  std::string heading() const { return variable->name + (stride > 1 ? " " + std::to_string(at) : ""); }
};

std::vector<SweptColumn> columns_of(const Group& group, std::size_t keys, std::size_t runs) {
  std::vector<SweptColumn> columns;
  for (const char* name : {"eigenvalue", "rate"})
    if (const Variable* list = group.find(name); list && list->dimensions.size() == keys + 1)
      for (std::size_t n = 0; n < std::min<std::size_t>(list->values.size() / runs, 3); ++n)
        columns.push_back({list, list->values.size() / runs, n});
  for (const Variable& variable : group.variables)
    if (variable.dimensions.size() == keys && !variable.values.empty() && columns.size() < max_columns)
      columns.push_back({&variable});
  return columns;
}

std::vector<std::string> values_in_run(const std::vector<Coordinate>& keys, std::size_t run) {
  std::vector<std::string> values;
  for (std::size_t k = keys.size(); k-- > 0; run /= keys[k].values.size()) {
    const std::size_t n = run % keys[k].values.size();
    values.push_back(keys[k].texts.empty() ? short_number(keys[k].values[n])
                                           : keys[k].texts[n].substr(0, 40));
  }
  std::reverse(values.begin(), values.end());
  return values;
}

void print_swept_group(const Group& group, const std::vector<TaskRun>& runs,
                       const std::vector<Coordinate>& keys, std::ostream& out) {
  const std::vector<SweptColumn> columns = columns_of(group, keys.size(), runs.size());
  std::vector<std::string> heading;
  for (const Coordinate& key : keys) heading.push_back("  " + key.name);
  heading.insert(heading.end(), {"steps", "seconds"});
  for (const SweptColumn& column : columns) heading.push_back(column.heading());
  Table table(heading);
  for (std::size_t run = 0; run < std::min(runs.size(), max_lines); ++run) {
    std::vector<std::string> row = values_in_run(keys, run);
    for (std::size_t k = 0; k < keys.size(); ++k) row[k] = "  " + row[k];
    row.insert(row.end(), {runs[run].is_solved ? std::to_string(runs[run].steps) : "-",
                           runs[run].is_solved ? short_number(runs[run].seconds) : "-"});
    for (const SweptColumn& column : columns)
      row.push_back(std::isnan(column.value(run)) ? "-"
                                                  : number_of(column.variable->name, column.value(run)));
    table.add(row);
  }
  out << printable(group.name) << ": " << group.attributes.at("solve") << ", "
      << group.attributes.at("method") << '\n';
  table.print(out);
  if (runs.size() > max_lines) out << "  ... and " << runs.size() - max_lines << " more runs\n";
}

}  // namespace

void print_swept_summary(const Run& run, std::ostream& out) {
  const std::vector<Coordinate> keys = swept_keys(run.result);
  for (std::size_t n = 0; n < run.result.groups.size(); ++n)
    print_swept_group(run.result.groups[n], run.swept[n], keys, out);
  for (const Failure& failure : run.result.failed)
    out << "failed: " << printable(failure.task) << ": " << printable(failure.why) << '\n';
}

}  // namespace umkehr
