// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/summary.hpp"

#include <nlohmann/json.hpp>
#include <ostream>

#include "experiments/output/printable.hpp"
#include "experiments/output/table.hpp"

namespace umkehr {
namespace {

std::string scalar(const Group& group, const std::string& name) {
  const Variable* variable = group.find(name);
  return variable ? error_number(variable->values.front()) : "-";
}

}  // namespace

void print_summary(const Run& run, std::ostream& out) {
  Table table({"task", "solve", "method", "steps", "mass_error", "minimum", "seconds"});
  for (std::size_t n = 0; n < run.tasks.size(); ++n) {
    const Group& group = run.result.groups[n];
    table.add({group.name, group.attributes.at("solve"), group.attributes.at("method"),
               std::to_string(run.tasks[n].steps), scalar(group, "mass_error"), scalar(group, "minimum"),
               short_number(run.tasks[n].seconds)});
  }
  table.print(out);
  for (const Failure& failure : run.result.failed)
    out << "failed: " << failure.task << ": " << failure.why << '\n';
}

std::string written_line(const Run& run) {
  return "written: " + printable(run.file.string()) + " (" + short_number(run.seconds) + " s in all)";
}

std::string summary_json(const Run& run) {
  nlohmann::ordered_json tasks = nlohmann::ordered_json::object();
  for (std::size_t n = 0; n < run.tasks.size(); ++n) {
    const Group& group = run.result.groups[n];
    nlohmann::ordered_json& entry = tasks[group.name] = nlohmann::ordered_json::object();
    for (const Variable& variable : group.variables)
      if (variable.dimensions.empty()) entry[variable.name] = variable.values.front();
    entry["steps"] = run.tasks[n].steps;
    entry["refused_steps"] = run.tasks[n].refused;
    entry["seconds"] = run.tasks[n].seconds;
  }
  nlohmann::ordered_json all = {{"tasks", tasks}, {"file", run.file.string()}, {"seconds", run.seconds}};
  for (const Failure& failure : run.result.failed) all["failed"][failure.task] = failure.why;
  return all.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace umkehr
