// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/tasks/sweep/swept_compare.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <set>

#include "experiments/output/result_file.hpp"
#include "experiments/output/swept.hpp"
#include "experiments/tasks/solving/analytic.hpp"
#include "experiments/tasks/sweep/sweep_input.hpp"

namespace umkehr {
namespace {

using SweptKeys = std::vector<Coordinate>;
using RunLocation = std::vector<std::pair<std::string, double>>;

RunLocation location_of_run(const SweptKeys& keys, std::size_t run) {
  RunLocation location;
  for (std::size_t k = keys.size(); k-- > 0;) {
    location.emplace_back(keys[k].name, keys[k].values[run % keys[k].values.size()]);
    run /= keys[k].values.size();
  }
  std::reverse(location.begin(), location.end());
  return location;
}

/// A difference that no number tells is the worst; then what differs, and then what is farther apart.
bool is_worse(const VariableComparison& a, const VariableComparison& b) {
  const auto rank = [](const VariableComparison& one) { return one.errors.empty() ? 2 : one.same ? 0 : 1; };
  if (rank(a) != rank(b)) return rank(a) > rank(b);
  return !a.errors.empty() && a.errors[a.worst] > b.errors[b.worst];
}

/// The comparisons of the runs as one.
class Worst {
 public:
  explicit Worst(const SweptKeys& keys) : keys_(keys) {}

  void add(std::size_t run, const Comparison& comparison) {
    const RunLocation location = location_of_run(keys_, run);
    for (VariableComparison one : comparison.variables) {
      if (one.errors.empty()) one.remark += ", with " + values_of_run(keys_, run);
      one.location.insert(one.location.begin(), location.begin(), location.end());
      const auto [place, is_new] = numbers_.try_emplace({one.group, one.name}, all_.variables.size());
      if (is_new)
        all_.variables.push_back(std::move(one));
      else if (is_worse(one, all_.variables[place->second]))
        all_.variables[place->second] = std::move(one);
    }
    for (const std::string& remark : comparison.remarks)
      if (told_.insert(remark).second)
        all_.remarks.push_back("with " + values_of_run(keys_, run) + ": " + remark);
  }
  Comparison whole() const { return all_; }

 private:
  const SweptKeys& keys_;
  Comparison all_;
  std::map<std::pair<std::string, std::string>, std::size_t> numbers_;
  std::set<std::string> told_;
};

std::string difference_of_keys(const SweptKeys& a, const SweptKeys& b) {
  if (a.size() != b.size())
    return std::to_string(a.size()) + " swept keys against " + std::to_string(b.size());
  for (std::size_t k = 0; k < a.size(); ++k) {
    if (a[k].name != b[k].name) return "swept over " + a[k].name + " against " + b[k].name;
    if (a[k].values != b[k].values || a[k].texts != b[k].texts)
      return "swept over other values of " + a[k].name;
  }
  return {};
}

}  // namespace

Comparison compare_files(const Result& a, const Result& b, double rtol, double atol) {
  const SweptKeys keys = swept_keys(a), others = swept_keys(b);
  if (keys.empty() && others.empty()) return compare_results(a, b, rtol, atol);
  if (const std::string remark = difference_of_keys(keys, others); !remark.empty()) {
    Comparison comparison;
    for (const Group& group : b.groups) {
      comparison.variables.push_back({});
      comparison.variables.back().group = group.name;
      comparison.variables.back().remark = remark;
    }
    return comparison;
  }
  Worst worst(keys);
  for (std::size_t run = 0; run < count_runs(keys); ++run)
    worst.add(run, compare_results(run_of(a, run), run_of(b, run), rtol, atol));
  return worst.whole();
}

Comparison compare_file_analytic(const Result& swept, const std::filesystem::path& directory, double rtol,
                                 double atol) {
  const SweptKeys keys = swept_keys(swept);
  if (keys.empty()) return compare_analytic(swept, directory, rtol, atol);
  const Sweep sweep = parse_sweep(swept.experiment, "the file's experiment", directory);
  if (sweep.experiments.size() != count_runs(keys))
    throw ResultFileError("the file's experiment makes " + std::to_string(sweep.experiments.size()) +
                          " runs, but its variables have " + std::to_string(count_runs(keys)));
  Worst worst(keys);
  std::optional<NoClosedForm> none;
  for (std::size_t run = 0; run < sweep.experiments.size(); ++run) {
    Result result = run_of(swept, run);
    result.experiment = sweep.experiments[run].text;
    try {
      worst.add(run, compare_analytic(result, directory, rtol, atol));
    } catch (const NoClosedForm& unknown) {
      if (!none) none = unknown;
      worst.add(run, {{}, {unknown.what()}});
    }
  }
  const Comparison whole = worst.whole();
  if (none && whole.variables.empty()) throw NoClosedForm(*none);
  return whole;
}

}  // namespace umkehr
