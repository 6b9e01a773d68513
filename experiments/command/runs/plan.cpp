// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/command/runs/plan.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <optional>
#include <ostream>

#include "experiments/output/disk/free_memory.hpp"
#include "experiments/tasks/solving/run_checks.hpp"
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

std::string memory_text(double needed) {
  const std::optional<double> free = free_memory();
  return size_text(needed) + " estimated" + (free ? ", " + size_text(*free) + " free" : "");
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

void print_grid(const Grid& grid, std::ostream& out) {
  out << "# grid: " << grid.size() << " cells\n";
  for (const Axis& axis : grid.axes())
    out << "#   " << axis.name << ": " << axis.points << " from " << short_number(axis.from) << " to "
        << short_number(axis.to) << ", " << name_of(axis.boundary) << "\n";
}

void print_process(const Experiment& experiment, std::ostream& out) {
  const Process& process = experiment.process;
  const bool affine = AffineProcess::of(process).has_value();
  out << "# process: " << (affine ? "affine, so closed-form laws are known" : "not affine") << "\n";
  constexpr std::size_t max_shown = 10;
  for (std::size_t k = 0; k < std::min(process.dimension(), max_shown); ++k) {
    const std::string& name = experiment.grid.names()[k];
    out << "#   F_" << name << " = " << written_formula(process.drift[k]) << "\n#   D_" << name << " = "
        << written_formula(process.diffusion[k]) << "\n";
  }
  if (process.dimension() > max_shown) out << "#   ...\n";
  out << "#   V = " << written_formula(process.killing) << "\n";
  if (experiment.grid.has_grid())
    print_grid(experiment.grid, out);
  else
    out << "# space: " << process.dimension() << " coordinates over the whole line, without cells\n";
  out << "# time: from " << short_number(experiment.start) << " to " << short_number(experiment.stop) << ", "
      << experiment.times.size() << " saved\n";
}

void print_sweep(const Sweep& sweep, std::ostream& out) {
  constexpr std::size_t max_shown = 10;
  out << "# sweep: " << sweep.experiments.size() << " runs\n";
  for (const SweptKey& key : sweep.keys) {
    out << "#   " << key.name << " (" << key.key << "):";
    for (std::size_t n = 0; n < std::min(key.texts.size(), max_shown); ++n)
      out << (n > 0 ? ", " : " ") << printable(key.texts[n]);
    out << (key.texts.size() > max_shown ? ", ...\n" : "\n");
  }
  out << "# the first run:\n";
}

nlohmann::ordered_json json_of_sweep(const Sweep& sweep) {
  nlohmann::ordered_json all = nlohmann::ordered_json::object();
  for (const SweptKey& key : sweep.keys) {
    all[key.name] = {{"key", key.key}};
    if (key.is_text)
      all[key.name]["values"] = key.texts;
    else
      all[key.name]["values"] = key.numbers;
  }
  return all;
}

}  // namespace

void print_plan(const Plan& plan, std::ostream& out) {
  const Experiment& experiment = plan.experiment;
  out << "# plan: nothing was solved or written\n";
  if (plan.sweep) print_sweep(*plan.sweep, out);
  if (experiment.has_process) print_process(experiment, out);
  out << "# tasks:\n";
  for (const auto& task : experiment.tasks) {
    const TaskText text = task->text();
    out << "#   " << task->name << ": " << task->kind->name << ", " << text.method << ", "
        << (text.scheme.empty() ? "" : text.scheme + ", ") << text.control << "; "
        << cost_text(task->cost(experiment)) << "\n";
    if (!text.reason.empty()) out << "#     chosen by default: " << printable(text.reason) << "\n";
  }
  out << "# time: about " << rough(plan.seconds) << (plan.sweep ? " s in all" : " s on one core")
      << ", to an order of magnitude\n# memory: " << memory_text(plan.memory)
      << "\n# result: " << printable(plan.output.string()) << "\n\n"
      << printable(plan.text, true);
}

std::string plan_json(const Plan& plan) {
  const Experiment& experiment = plan.experiment;
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
  nlohmann::ordered_json all = {
      {"tasks", tasks},
      {"file", plan.output.string()},
      {"affine", experiment.has_process && AffineProcess::of(experiment.process).has_value()},
      {"memory", plan.memory},
      {"seconds", plan.seconds},
      {"experiment", plan.text}};
  if (plan.sweep) all["sweep"] = json_of_sweep(*plan.sweep);
  return all.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace umkehr
