// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <iostream>
#include <optional>

#include "experiments/command/machine/exit_code.hpp"
#include "experiments/command/machine/processors.hpp"
#include "experiments/command/runs/verbs.hpp"
#include "experiments/output/result_file.hpp"
#include "experiments/output/swept.hpp"
#include "experiments/tasks/solving/analytic.hpp"
#include "experiments/tasks/sweep/swept_compare.hpp"
#include "experiments/text/nearest.hpp"

namespace umkehr {
namespace {

/// Throws UsageError for a name that chooses nothing.
Comparison only(const std::vector<std::string>& names, const Comparison& comparison) {
  if (names.empty() || comparison.variables.empty()) return comparison;
  const std::vector<std::string> known = names_to_choose(comparison);
  for (const std::string& name : names)
    if (std::find(known.begin(), known.end(), name) == known.end())
      throw UsageError("--only: \"" + name.substr(0, 80) + "\" is not compared here; " +
                       suggestion(name, known));
  return chosen(comparison, names);
}

}  // namespace

int compare(const CompareOptions& options) {
  if (options.analytic == !options.second.empty())
    throw UsageError("compare takes two files, or one file and --analytic; see umkehr compare --help");
  choose_threads(std::nullopt);
  const Result first = read_result(options.first);
  const Comparison comparison = only(
      options.only,
      options.analytic ? compare_file_analytic(first, options.first.parent_path(), options.rtol, options.atol)
                       : compare_files(first, read_result(options.second), options.rtol, options.atol));
  if (options.json) {
    std::cout << comparison_json(comparison) << "\n";
  } else {
    if (options.analytic && !is_swept(first)) print_error_table(comparison, std::cout);
    print_comparison(comparison, std::cout);
  }
  return comparison.same() ? exit_code::done : exit_code::differs;
}

}  // namespace umkehr
