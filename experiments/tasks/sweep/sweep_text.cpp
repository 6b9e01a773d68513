// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/tasks/sweep/sweep_text.hpp"

#include <algorithm>

#include "experiments/input/settings.hpp"
#include "experiments/text/toml_text.hpp"

namespace umkehr {
namespace {

using Kind = TomlValue::Kind;
using KeyPath = std::vector<std::string>;

TomlValue* node_at(TomlValue& parent, const std::string& part) {
  if (parent.is(Kind::array)) {
    const std::size_t at = std::stoul(part);
    return at < parent.elements.size() ? &parent.elements[at] : nullptr;
  }
  TomlEntry* entry = parent.find(part);
  return entry ? &entry->value : nullptr;
}

TomlValue* node_at(TomlValue& root, const KeyPath& path, std::size_t parts) {
  TomlValue* node = &root;
  for (std::size_t n = 0; n < parts && node; ++n) node = node_at(*node, path[n]);
  return node;
}

/// What a run has at a swept key gives way to what the experiment has there, if anything.
void restore_key(TomlValue& filled, TomlValue& original, const KeyPath& path) {
  const TomlValue* before = node_at(original, path, path.size());
  if (before) {
    *node_at(filled, path, path.size()) = *before;
    return;
  }
  TomlValue* parent = node_at(filled, path, path.size() - 1);
  std::erase_if(parent->entries, [&](const TomlEntry& entry) { return entry.key == path.back(); });
}

std::string added_text(TomlValue& table, TomlValue& original) {
  std::string text;
  for (const TomlEntry& entry : table.entries)
    if (!original.find(entry.key)) text += entry.key + " = " + write_toml_value(entry.value) + "\n";
  return text;
}

/// Leaves in `common` what was added to the original in the same way in both.
void keep_common(TomlValue& common, TomlValue& other, TomlValue& original) {
  for (std::size_t n = 0; n < std::min(common.elements.size(), original.elements.size()); ++n)
    if (original.elements[n].is(Kind::table))
      keep_common(common.elements[n], other.elements[n], original.elements[n]);
  if (!common.is(Kind::table)) return;
  if (added_text(common, original) != added_text(other, original))
    std::erase_if(common.entries, [&](const TomlEntry& entry) { return !original.find(entry.key); });
  for (TomlEntry& entry : original.entries)
    if (entry.value.is(Kind::table) || entry.value.is(Kind::array))
      keep_common(common.find(entry.key)->value, other.find(entry.key)->value, entry.value);
}

bool names_task(const TomlValue& table, const std::string& task) {
  return std::any_of(table.entries.begin(), table.entries.end(), [&](const TomlEntry& entry) {
    return entry.key != "name" && entry.value.is(Kind::string) && entry.value.string == task;
  });
}

}  // namespace

SweptText::SweptText(const TomlValue& root, const std::vector<WrittenSweep>& sweeps)
    : root_(root), sweeps_(sweeps) {}

void SweptText::add(TomlValue filled) {
  for (const WrittenSweep& sweep : sweeps_)
    restore_key(filled, root_, resolved_key(root_, sweep.key, sweep.place));
  if (is_first_)
    common_ = std::move(filled);
  else
    keep_common(common_, filled, root_);
  is_first_ = false;
}

std::string SweptText::text() const {
  TomlValue all = common_, table;
  for (const WrittenSweep& sweep : sweeps_) {
    TomlValue values;
    values.kind = Kind::array;
    values.elements = sweep.values;
    table.entries.push_back({sweep.key, {}, values});
  }
  all.entries.push_back({"sweep", {}, table});
  return write_toml(all);
}

std::size_t AlikeTasks::number_of(const std::string& text) {
  return numbers_.emplace(text, numbers_.size()).first->second;
}

/// A task's input is everything but the tasks, its own table, and those of earlier tasks that it names.
std::vector<std::size_t> AlikeTasks::add(TomlValue filled, const Experiment& experiment) {
  const std::vector<TomlValue> tables = filled.find("task")->value.elements;
  std::erase_if(filled.entries, [](const TomlEntry& entry) { return entry.key == "task"; });
  const std::string rest = std::to_string(number_of(write_toml(filled)));
  std::vector<std::string> inputs;
  std::vector<std::size_t> alike;
  for (std::size_t n = 0; n < tables.size(); ++n) {
    std::string input = rest + "/" + std::to_string(number_of(write_toml_value(tables[n])));
    if (const ForwardRun* forward = experiment.tasks[n]->forward.get(); forward && forward->is_replayed)
      input += "/replayed";
    for (std::size_t earlier = 0; earlier < n; ++earlier)
      if (names_task(tables[n], experiment.tasks[earlier]->name)) input += "(" + inputs[earlier] + ")";
    inputs.push_back(std::to_string(number_of(input)));
    alike.push_back(first_.emplace(inputs.back() + "/" + std::to_string(n), runs_).first->second);
  }
  ++runs_;
  return alike;
}

}  // namespace umkehr
