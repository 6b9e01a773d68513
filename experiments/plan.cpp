// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/plan.hpp"

#include <nlohmann/json.hpp>
#include <ostream>

#include "experiments/memory.hpp"
#include "experiments/output/printable.hpp"
#include "experiments/output/table.hpp"
#include "experiments/task_text.hpp"
#include "solver/law/affine.hpp"

namespace umkehr {
namespace {

std::string text_of(const Coefficient& function) {
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

void print_process(const Experiment& experiment, std::ostream& out) {
  const Process& process = experiment.process;
  const bool affine = AffineProcess::of(process).has_value();
  out << "# process: " << (affine ? "affine, so closed-form laws are known" : "not affine") << "\n";
  for (std::size_t k = 0; k < process.dimension(); ++k) {
    const std::string& name = experiment.grid.axis(k).name;
    out << "#   F_" << name << " = " << text_of(process.drift[k]) << "\n#   D_" << name << " = "
        << text_of(process.diffusion[k]) << "\n";
  }
  out << "#   V = " << text_of(process.killing) << "\n# grid: " << experiment.grid.size() << " cells\n";
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
  for (const Task& task : experiment.tasks) {
    const TaskText text = text_of(task);
    out << "#   " << task.name << ": " << text.kind << ", " << text.method << ", "
        << (text.scheme.empty() ? "" : text.scheme + ", ") << text.control << "\n";
  }
  out << "# memory: " << memory_text(experiment) << "\n# result: " << printable(output.string()) << "\n\n"
      << printable(experiment.text, true);
}

std::string plan_json(const Experiment& experiment, const std::filesystem::path& output) {
  nlohmann::ordered_json tasks = nlohmann::ordered_json::object();
  for (const Task& task : experiment.tasks) {
    const TaskText text = text_of(task);
    tasks[task.name] = {{"solve", text.kind}, {"method", text.method}};
    if (!text.scheme.empty()) tasks[task.name]["scheme"] = text.scheme;
  }
  const nlohmann::ordered_json all = {
      {"tasks", tasks},
      {"file", output.string()},
      {"affine", experiment.has_process && AffineProcess::of(experiment.process).has_value()},
      {"memory", memory_of(experiment)},
      {"experiment", experiment.text}};
  return all.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace umkehr
