// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/tasks/figure_numbers/shown_tasks.hpp"

#include <algorithm>
#include <cmath>

#include "experiments/output/result_file.hpp"
#include "experiments/output/swept.hpp"

namespace umkehr {
namespace {

constexpr std::size_t max_in_words = 12, max_of_series = 500;

std::string note_of(const Group& group, const std::string& name) {
  const auto found = group.attributes.find(name);
  return found == group.attributes.end() ? "" : found->second;
}

bool are_runs_alike(const Group& group) {
  return note_of(group, "runs") == "alike";
}

/// Attributes that differ between runs are lists with semicolons.
std::string text_of_run(const std::string& text, std::size_t run, std::size_t runs) {
  const std::string separator = "; ";
  std::vector<std::string> parts;
  std::size_t first = 0;
  for (std::size_t next; (next = text.find(separator, first)) != std::string::npos;
       first = next + separator.size())
    parts.push_back(text.substr(first, next - first));
  parts.push_back(text.substr(first));
  return parts.size() == runs ? parts[run] : text;
}

/// Finds what a swept file shows of single runs.
class SweptTasks {
 public:
  SweptTasks(const std::filesystem::path& file, const Result& outline, const Sweep& sweep,
             std::vector<Coordinate> keys)
      : file_(file), outline_(outline), sweep_(sweep), keys_(std::move(keys)), runs_(count_runs(keys_)) {
    if (sweep.experiments.size() != runs_)
      throw ResultFileError("the file's experiment makes " + std::to_string(sweep.experiments.size()) +
                            " runs, but its variables have " + std::to_string(runs_));
  }

  std::vector<ShownTask> all() const {
    std::vector<ShownTask> shown;
    const Experiment& first = sweep_.experiments.front();
    for (std::size_t n = 0; n < first.tasks.size(); ++n) {
      const Group* group = outline_.find(first.tasks[n]->name);
      if (group == nullptr || !is_shown(*group)) continue;
      const std::size_t runs = are_runs_alike(*group) ? 1 : runs_;
      for (std::size_t run = 0; run < runs; ++run) shown.push_back(one(*group, n, run));
    }
    return shown;
  }

 private:
  bool differ_in_words() const {
    return runs_ <= max_in_words &&
           std::none_of(keys_.begin(), keys_.end(), [](const Coordinate& key) { return key.texts.empty(); });
  }

  bool is_shown(const Group& group) const {
    const bool is_series = note_of(group, "method").starts_with("path-integral") && runs_ <= max_of_series;
    return are_runs_alike(group) || differ_in_words() || is_series;
  }

  ShownTask one(const Group& group, std::size_t task, std::size_t run) const {
    const Experiment& experiment = sweep_.experiments[run];
    ShownTask shown{{group.name + " " + std::to_string(run), {}, {}, {}},
                    label(group, run),
                    &experiment,
                    experiment.tasks[task].get(),
                    index_of(run),
                    file_};
    shown.run.attributes = {{"task", group.name}, {"run", std::to_string(run)}, {"label", shown.label}};
    for (const auto& [name, text] : group.attributes)
      shown.run.attributes.try_emplace(name, text_of_run(text, run, runs_));
    for (const Coordinate& coordinate : group.coordinates)
      if (coordinate.swept_key.empty()) shown.run.coordinates.push_back(coordinate);
    for (const Variable& variable : group.variables) add_variable(group, variable, shown);
    return shown;
  }

  std::vector<std::size_t> index_of(std::size_t run) const {
    std::vector<std::size_t> index(keys_.size());
    for (std::size_t k = 0; k < index.size(); ++k) index[k] = index_of_value(sweep_.keys, run, k);
    return index;
  }

  /// With the task's name where figures show several, or numbers that say little alone.
  std::string label(const Group& group, std::size_t run) const {
    if (are_runs_alike(group)) return group.name;
    const bool are_several = std::count_if(outline_.groups.begin(), outline_.groups.end(),
                                           [](const Group& one) { return !are_runs_alike(one); }) > 1;
    return (are_several || !differ_in_words() ? group.name + ", " : "") + values_of_run(keys_, run);
  }

  /// Unless the run lacks it, which has no values in its place.
  void add_variable(const Group& group, Variable variable, ShownTask& shown) const {
    if (variable.dimensions.size() < keys_.size()) return;
    const auto own = variable.dimensions.begin() + static_cast<std::ptrdiff_t>(keys_.size());
    variable.dimensions.erase(variable.dimensions.begin(), own);
    std::vector<std::size_t> last = shown.index;
    if (!variable.dimensions.empty())
      last.push_back(group.coordinate(variable.dimensions[0])->values.size() - 1);
    const std::vector<double> values = read_values_at(file_, group.name + "/" + variable.name, last);
    if (std::all_of(values.begin(), values.end(), [](double x) { return std::isnan(x); })) return;
    shown.run.variables.push_back(std::move(variable));
  }

  const std::filesystem::path& file_;
  const Result& outline_;
  const Sweep& sweep_;
  std::vector<Coordinate> keys_;
  std::size_t runs_;
};

}  // namespace

std::string ShownTask::note(const std::string& attribute) const {
  return note_of(run, attribute);
}

std::vector<double> ShownTask::read(const std::string& variable, std::size_t n) const {
  std::vector<std::size_t> place = index;
  place.push_back(n);
  return read_values_at(file, task->name + "/" + variable, place);
}

std::vector<ShownTask> shown_tasks(const std::filesystem::path& file, const Result& outline,
                                   const Sweep& sweep) {
  std::vector<Coordinate> keys = swept_keys(outline);
  if (!keys.empty()) return SweptTasks(file, outline, sweep, std::move(keys)).all();
  std::vector<ShownTask> shown;
  const Experiment& experiment = sweep.experiments.front();
  for (const auto& task : experiment.tasks)
    if (const Group* group = outline.find(task->name))
      shown.push_back({*group, task->name, &experiment, task.get(), {}, file});
  return shown;
}

}  // namespace umkehr
