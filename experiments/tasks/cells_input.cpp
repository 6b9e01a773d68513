// SPDX-License-Identifier: GPL-3.0-or-later
// The task "cells".
#include <algorithm>
#include <cmath>

#include "experiments/tasks/task_input.hpp"
#include "experiments/text/short_number.hpp"

namespace umkehr {
namespace {

constexpr std::size_t most_kernel_cells = 100, most_totals = 1000;
constexpr double most_particles = 1e9;
constexpr double sum_error = 1e-12;   // of probabilities that should add to 1
constexpr double whole_error = 1e-9;  // of N p, relative to what rounding in p leaves
constexpr Range probability = {0, 1, true, true};

double sum_of(const std::vector<double>& numbers) {
  double sum = 0;
  for (const double number : numbers) sum += number;
  return sum;
}

/// Probabilities that add to 1.
std::vector<double> read_shares(Section& section, const char* key, std::size_t cells, const char* meaning) {
  const TomlValue& value = section.require(key, meaning);
  std::vector<double> p = read_numbers(value, key, cells, probability);
  if (std::abs(sum_of(p) - 1) > sum_error)
    refuse(value, key, "adds to " + short_number(sum_of(p)) + "; probabilities must add to 1");
  return p;
}

Eigen::MatrixXd read_kernel(Section& section) {
  const TomlValue& value = section.require("kernel", "g(k|l), a list of rows, one for each final cell k");
  if (!value.is(TomlValue::Kind::array))
    refuse(value, "kernel", "is not a list of rows, one for each final cell k");
  const std::vector<TomlValue>& rows = read_list(value, "kernel", 1, most_kernel_cells);
  const std::size_t columns = rows[0].elements.size();
  Eigen::MatrixXd kernel(static_cast<Eigen::Index>(rows.size()), static_cast<Eigen::Index>(columns));
  for (std::size_t k = 0; k < rows.size(); ++k) {
    if (columns > most_kernel_cells) refuse(rows[k], "kernel", "has more than 100 entries");
    const std::vector<double> row = read_numbers(rows[k], "kernel", columns, probability);
    for (std::size_t l = 0; l < columns; ++l)
      kernel(static_cast<Eigen::Index>(k), static_cast<Eigen::Index>(l)) = row[l];
  }
  for (Eigen::Index l = 0; l < kernel.cols(); ++l)
    if (std::abs(kernel.col(l).sum() - 1) > sum_error)
      refuse(value, "kernel",
             "has a column " + std::to_string(l + 1) + " that adds to " + short_number(kernel.col(l).sum()) +
                 "; what leaves cell l must add to 1");
  return kernel;
}

/// N p, which must be whole.
Counts counts_of(const std::vector<double>& p, double particles, const TomlValue& value, const char* key) {
  Counts counts;
  for (const double share : p) {
    const double count = share * particles;
    if (std::abs(count - std::round(count)) > whole_error * std::max(1.0, 1e-6 * count))
      refuse(value, "particles",
             "makes " + short_number(count) + " particles of the share " + short_number(share) + " in \"" +
                 key + "\"; take numbers N for which every N p is whole");
    counts.push_back(std::llround(count));
  }
  return counts;
}

}  // namespace

CellsTask read_cells(Section& section) {
  const Eigen::MatrixXd kernel = read_kernel(section);
  const std::vector<double> initial = read_shares(section, "initial", static_cast<std::size_t>(kernel.cols()),
                                                  "the shares p_i(l) of the initial cells");
  const std::vector<double> final = read_shares(section, "final", static_cast<std::size_t>(kernel.rows()),
                                                "the shares p_f(k) of the final cells");
  const TomlValue& list = section.require("particles", "a list of numbers of particles N");
  if (!list.is(TomlValue::Kind::array))
    refuse(list, "particles", "is not a list of numbers, such as [10, 100]");
  CellsTask task;
  for (const TomlValue& value : read_list(list, "particles", 1, most_totals)) {
    const std::size_t particles = read_count(value, "particles", 1, static_cast<std::size_t>(most_particles));
    const auto count = static_cast<double>(particles);
    if (!task.totals.empty() && !(count > task.totals.back()))
      refuse(value, "particles", "is not above the number before it; give ascending numbers");
    task.totals.push_back(count);
    task.cells.push_back(
        {kernel, counts_of(initial, count, value, "initial"), counts_of(final, count, value, "final")});
  }
  try {
    check(task.cells.front());
  } catch (const std::invalid_argument& wrong) {
    refuse(*section.find("final"), "final", wrong.what());
  }
  return task;
}

bool is_of_cells_alone(const TomlValue& tasks) {
  return tasks.is(TomlValue::Kind::array) && !tasks.elements.empty() &&
         std::all_of(tasks.elements.begin(), tasks.elements.end(), [](TomlValue task) {
           const TomlEntry* solve = task.is(TomlValue::Kind::table) ? task.find("solve") : nullptr;
           return solve != nullptr && solve->value.string == "cells";
         });
}

}  // namespace umkehr
