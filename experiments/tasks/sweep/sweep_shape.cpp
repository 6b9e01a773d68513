// SPDX-License-Identifier: GPL-3.0-or-later
// What the runs of a sweep must have in common, as far as it is known before they run: axes, saved times, tasks and how
// many values these write.
#include <algorithm>

#include "experiments/tasks/sweep/sweep_keys.hpp"
#include "experiments/text/short_number.hpp"
#include "experiments/text/table.hpp"

namespace umkehr {
namespace {

/// Something that shapes results: what it is, and its text or numbers.
struct Common {
  std::string what, text;
  std::vector<double> numbers = {};

  bool operator==(const Common&) const = default;
};

std::string span_text(const Common& common) {
  if (common.numbers.empty()) return common.text.empty() ? "none" : common.text;
  if (common.numbers.size() == 1) return short_number(common.numbers[0]);
  return std::to_string(common.numbers.size()) + " from " + short_number(common.numbers.front()) + " to " +
         short_number(common.numbers.back());
}

std::string words_of_write(const std::vector<std::string>& words) {
  std::string all;
  for (const std::string& word : words) all += (all.empty() ? "" : ", ") + word;
  return all;
}

std::vector<Common> common_parts(const Experiment& experiment) {
  std::vector<Common> parts = {{"title", experiment.title}};
  if (experiment.has_process && !experiment.grid.has_grid()) {
    parts.push_back({"number of coordinates", "", {static_cast<double>(experiment.grid.dimension())}});
    for (const std::string& name : experiment.grid.names()) parts.push_back({"name of a coordinate", name});
  }
  if (experiment.has_process && experiment.grid.has_grid())
    for (const Axis& axis : experiment.grid.axes())
      parts.push_back({"grid along an axis",
                       std::to_string(axis.points) + " cells of " + axis.name + " from " +
                           short_number(axis.from) + " to " + short_number(axis.to),
                       {axis.from, axis.to, static_cast<double>(axis.points)}});
  if (experiment.has_process) parts.push_back({"list of saved times", "", experiment.times});
  for (const auto& task : experiment.tasks) {
    const std::string of_task = " of task \"" + task->name + "\"";
    parts.push_back({"list of tasks", task->name + " (" + task->kind->name + ")"});
    parts.push_back(
        {"list of variables that task \"" + task->name + "\" writes", words_of_write(task->write)});
    for (TaskExtent& extent : task->extents())
      parts.push_back({extent.what + of_task, "", std::move(extent.values)});
  }
  return parts;
}

std::string text_of_part(const std::vector<Common>& parts, std::size_t n) {
  if (n >= parts.size()) return "none";
  return parts[n].what.starts_with("grid") ? parts[n].text : span_text(parts[n]);
}

std::size_t keys_that_differ(const Sweep& sweep, std::size_t run) {
  std::size_t count = 0;
  for (std::size_t k = 0; k < sweep.keys.size(); ++k) count += index_of_value(sweep.keys, run, k) > 0;
  return count;
}

[[noreturn]] void refuse_run(const Sweep& sweep, std::size_t run, const std::vector<Common>& first,
                             const std::vector<Common>& other) {
  const auto shorter = std::min(first.size(), other.size());
  const auto n = static_cast<std::size_t>(
      std::mismatch(first.begin(), first.begin() + static_cast<std::ptrdiff_t>(shorter), other.begin())
          .first -
      first.begin());
  std::string names, place;
  for (std::size_t k = 0; k < sweep.keys.size(); ++k)
    if (index_of_value(sweep.keys, run, k) > 0) {
      names += (names.empty() ? "\"" : " and \"") + sweep.keys[k].key + "\"";
      place = sweep.keys[k].place;
    }
  throw ExperimentError(place + ": sweep: " + names + " cannot be swept: with " + sweep.values_of(run) +
                        " the " + (n < first.size() ? first : other)[n].what + " is " +
                        text_of_part(other, n) + ", and with " + sweep.values_of(0) + " it is " +
                        text_of_part(first, n) +
                        "; one file holds one shape, so solve these apart, with --set and -o");
}

}  // namespace

void check_shapes(const Sweep& sweep) {
  const std::vector<Common> first = common_parts(sweep.experiments.front());
  std::vector<std::size_t> runs;  // those in which one key differs first: they show which one it is
  for (std::size_t n = 1; n < sweep.experiments.size(); ++n) runs.push_back(n);
  std::stable_partition(runs.begin(), runs.end(),
                        [&](std::size_t n) { return keys_that_differ(sweep, n) == 1; });
  for (const std::size_t n : runs)
    if (const std::vector<Common> other = common_parts(sweep.experiments[n]); other != first)
      refuse_run(sweep, n, first, other);
}

}  // namespace umkehr
