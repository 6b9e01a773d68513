// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/command/plan.hpp"

#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <optional>
#include <ostream>

#include "experiments/output/disk/free_memory.hpp"
#include "experiments/tasks/run_checks.hpp"
#include "experiments/text/printable.hpp"
#include "experiments/text/short_number.hpp"
#include "solver/law/affine.hpp"

namespace umkehr {
namespace {

std::string written_formula(const Coefficient& function) {
  return function.formula() ? function.formula()->text() : "a function";
}

std::string name_of(Boundary boundary) {
  return boundary == Boundary::reflecting  ? "reflecting"
         : boundary == Boundary::absorbing ? "absorbing"
                                           : "periodic";
}

std::string memory_text(const Experiment& experiment) {
  const std::optional<double> free = free_memory();
  return size_text(memory_of(experiment)) + " estimated" + (free ? ", " + size_text(*free) + " free" : "");
}

/// An estimate has one digit.
std::string rough(double value) {
  char text[40];
  std::snprintf(text, sizeof text, "%.0e", value);
  return short_number(std::stod(text));
}

std::string cost_text(const TaskCost& cost) {
  return "about " + (cost.steps > 0 ? rough(cost.steps) + " steps and " : "") + rough(cost.seconds) + " s";
}

void print_process(const Experiment& experiment, std::ostream& out) {
  const Process& process = experiment.process;
  const bool affine = AffineProcess::of(process).has_value();
  out << "# process: " << (affine ? "affine, so closed-form laws are known" : "not affine") << "\n";
  for (std::size_t k = 0; k < process.dimension(); ++k) {
    const std::string& name = experiment.grid.axis(k).name;
    out << "#   F_" << name << " = " << written_formula(process.drift[k]) << "\n#   D_" << name << " = "
        << written_formula(process.diffusion[k]) << "\n";
  }
  out << "#   V = " << written_formula(process.killing) << "\n# grid: " << experiment.grid.size()
      << " cells\n";
  for (const Axis& axis : experiment.grid.axes())
    out << "#   " << axis.name << ": " << axis.points << " from " << short_number(axis.from) << " to "
        << short_number(axis.to) << ", " << name_of(axis.boundary) << "\n";
  out << "# time: from " << short_number(experiment.start) << " to " << short_number(experiment.stop) << ", "
      << experiment.times.size() << " saved\n";
}

}  // namespace

void print_plan(const Experiment& experiment, const std::filesystem::path& output, std::ostream& out) {
  out << "# plan: nothing was solved or written\n";
  if (experiment.has_process) print_process(experiment, out);
  out << "# tasks:\n";
  for (const auto& task : experiment.tasks) {
    const TaskText text = task->text();
    out << "#   " << task->name << ": " << task->kind->name << ", " << text.method << ", "
        << (text.scheme.empty() ? "" : text.scheme + ", ") << text.control << "; "
        << cost_text(task->cost(experiment)) << "\n";
    if (!text.reason.empty()) out << "#     chosen by default: " << printable(text.reason) << "\n";
  }
  out << "# time: about " << rough(seconds_of(experiment))
      << " s on one core, to an order of magnitude\n# memory: " << memory_text(experiment)
      << "\n# result: " << printable(output.string()) << "\n\n"
      << printable(experiment.text, true);
}

std::string plan_json(const Experiment& experiment, const std::filesystem::path& output) {
  nlohmann::ordered_json tasks = nlohmann::ordered_json::object();
  for (const auto& task : experiment.tasks) {
    const TaskText text = task->text();
    nlohmann::ordered_json& entry = tasks[task->name];
    entry = {{"solve", task->kind->name}, {"method", text.method}};
    if (!text.scheme.empty()) entry["scheme"] = text.scheme;
    if (!text.reason.empty()) entry["reason"] = text.reason;
    const TaskCost cost = task->cost(experiment);
    entry["steps"] = std::ceil(cost.steps);
    entry["seconds"] = cost.seconds;
  }
  const nlohmann::ordered_json all = {
      {"tasks", tasks},
      {"file", output.string()},
      {"affine", experiment.has_process && AffineProcess::of(experiment.process).has_value()},
      {"memory", memory_of(experiment)},
      {"seconds", seconds_of(experiment)},
      {"experiment", experiment.text}};
  return all.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace umkehr
