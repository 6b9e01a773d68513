// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/tasks/solving/analytic.hpp"

#include <algorithm>
#include <ostream>

#include "experiments/tasks/experiment.hpp"
#include "experiments/tasks/shared/closed_forms.hpp"
#include "experiments/text/printable.hpp"
#include "experiments/text/short_number.hpp"
#include "experiments/text/table.hpp"

namespace umkehr {
namespace {

std::string why_not(const Result& result, const std::string& task) {
  for (const Failure& failure : result.failed)
    if (failure.task == task) return ", which failed: " + printable(failure.why);
  return {};
}

using Columns = std::vector<const VariableComparison*>;

bool is_column(const VariableComparison& variable) {
  return !variable.times.empty() && (variable.name == "density" || variable.name.starts_with("score_"));
}

std::vector<std::string> groups_of(const Comparison& comparison) {
  std::vector<std::string> names;
  for (const VariableComparison& variable : comparison.variables)
    if (std::find(names.begin(), names.end(), variable.group) == names.end()) names.push_back(variable.group);
  return names;
}

void print_errors(const std::string& name, const Columns& columns, std::ostream& out) {
  std::vector<std::string> heading = {"  t"};
  for (const VariableComparison* column : columns) heading.push_back(column->name);
  Table table(heading);
  for (std::size_t n = 0; n < columns[0]->times.size(); ++n) {
    std::vector<std::string> row = {"  " + short_number(columns[0]->times[n])};
    for (const VariableComparison* column : columns) row.push_back(error_number(column->errors[n]));
    table.add(row);
  }
  out << printable(name) << '\n';
  table.print(out);
}

}  // namespace

Comparison compare_analytic(const Result& result, const std::filesystem::path& directory, double rtol,
                            double atol) {
  const Experiment experiment = parse_experiment(result.experiment, "the file's experiment", directory);
  ClosedForms known(experiment);
  for (const auto& task : experiment.tasks) {
    if (const Group* group = result.find(task->name))
      task->add_closed_form(*group, known);
    else
      known.remark(task->name, "the file does not hold this task" + why_not(result, task->name));
  }
  if (known.law.groups.empty())
    throw NoClosedForm(known.remarks.empty() ? "the experiment has no task" : known.remarks.front());
  Comparison comparison = compare_results(known.run, known.law, rtol, atol);
  comparison.remarks.insert(comparison.remarks.end(), known.remarks.begin(), known.remarks.end());
  return comparison;
}

void print_error_table(const Comparison& comparison, std::ostream& out) {
  out << "Errors against the exact law: density relative L1, scores relative L2 weighted by P\n";
  for (const std::string& group : groups_of(comparison)) {
    Columns columns;
    for (const VariableComparison& variable : comparison.variables)
      if (variable.group == group && is_column(variable)) columns.push_back(&variable);
    if (!columns.empty()) print_errors(group, columns, out);
  }
}

}  // namespace umkehr
