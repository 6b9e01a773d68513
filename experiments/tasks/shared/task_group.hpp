// SPDX-License-Identifier: GPL-3.0-or-later
// What a task found, as a group of the result file. Long names and equations come from the list of its kind, so that a run
// cannot write what this list lacks.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "experiments/tasks/shared/task.hpp"
#include "grids/history.hpp"
#include "solver/kolmogorov/grid_errors.hpp"

namespace umkehr {

/// The solution, and the seconds that it took.
template <class Solve>
auto timed(const Solve& solve) {
  const auto start = std::chrono::steady_clock::now();
  auto solution = solve();
  const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - start;
  return std::pair{std::move(solution), spent.count()};
}

/// "1.5, 2": as the experiment file would write them.
std::string list_text(const std::vector<double>& numbers);

class TaskGroup {
 public:
  TaskGroup(const Task& task, Space grid, std::map<std::string, std::string> attributes);

  void note(const std::string& attribute, const std::string& text) { group_.attributes[attribute] = text; }
  /// `centre` and `scale`, where there are any.
  void note_bases(const std::vector<double>& centre, const std::vector<double>& scale);

  void add_coordinate(Coordinate coordinate) { group_.coordinates.push_back(std::move(coordinate)); }
  void add_axes();
  /// t and the axes, on which fields and vectors are.
  void add_times_and_axes(const std::vector<double>& times);

  /// Throw std::logic_error, a fault of the task, for a variable that the kind does not list.
  void add(const std::string& variable, std::vector<std::string> dimensions, std::vector<double> values);
  void add_scalar(const std::string& variable, std::optional<double> value);
  void add_field(const std::string& variable, std::vector<double> values);
  void add_vector(const std::string& vector, const std::vector<History>& components);
  /// `first`, then the names of the axes.
  std::vector<std::string> dimensions(const std::string& first = "t") const;

  /// Says of a variable that it holds means over the cells, and where these end.
  void note_cell_means(const std::string& variable);
  /// Scalars `step_error` and `grid_error`, where they are known, and which of them rules.
  void add_errors(const GridErrors& errors, double steps_claim);

  SolvedTask solved(double seconds, std::vector<std::string> warnings, std::size_t steps = 0,
                    std::size_t refused = 0);

 private:
  const TaskKind& kind_;
  Space grid_;
  Group group_;
};

}  // namespace umkehr
