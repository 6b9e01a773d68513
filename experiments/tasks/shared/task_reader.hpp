// SPDX-License-Identifier: GPL-3.0-or-later
// A table [[task]] while it is read. Every key that it is asked for is in the list of its kind, which knows type, range,
// words and default.
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "experiments/input/law_input.hpp"
#include "experiments/input/process_input.hpp"
#include "experiments/input/reading.hpp"
#include "experiments/input/time_input.hpp"
#include "experiments/tasks/shared/task.hpp"

namespace umkehr {

/// What a task is read against.
struct TaskInput {
  const WrittenProcess& process;
  const LawInput& laws;
  const Times& times;
  const std::vector<std::shared_ptr<const Task>>& before;  ///< the earlier tasks, that `of` may name
  const std::set<std::string>& built_on;                   ///< names that `of` of any task holds
};

/// All but the last two throw ExperimentError for a value that is not allowed.
class TaskReader {
 public:
  TaskReader(Section& section, const TaskKind& kind, const TaskInput& input)
      : section(section), input(input), kind_(kind) {}

  TomlValue& require(std::string_view key) { return section.require(key, known(key).meaning); }
  /// Written into the table where it is missing.
  double number(std::string_view key);
  std::size_t count(std::string_view key, std::size_t most = static_cast<std::size_t>(-1));
  bool flag(std::string_view key, bool usual);
  template <class Enumeration>
  Enumeration choice(std::string_view key, Enumeration usual) {
    return static_cast<Enumeration>(word(key, static_cast<std::size_t>(usual)));
  }
  Law density(const std::string& key) { return read_law(require(key), key, input.laws); }
  std::optional<Law> density_if_given(const std::string& key);
  /// A list of numbers.
  std::vector<double> numbers(std::string_view key, std::size_t count);
  /// One number an axis, or one for all; nothing where the key is missing.
  std::vector<double> one_an_axis(std::string_view key);
  /// The formula `terminal`, finite on the whole grid.
  Formula terminal();
  /// `tolerance`, with what it is as its default, or `dt`.
  void step_control(double& tolerance, std::optional<double>& step);
  /// `centre` and `scale` of Hermite bases.
  void hermite_bases(std::vector<double>& centre, std::vector<double>& scale);
  /// The run of the earlier Fokker-Planck task that `of` names, on which this one builds.
  std::shared_ptr<ForwardRun> forward(Task& task);

  /// The earlier Fokker-Planck task that a text names, if it names one.
  std::shared_ptr<ForwardRun> forward_named(const TomlValue& value) const;
  /// Whether a text names an earlier task that writes a control.
  bool names_a_control(const TomlValue& value) const;

  const TaskKey& known(std::string_view key) const;
  const Space& space() const { return input.laws.grid; }
  /// Throws UnfitProblem in a space without one.
  const Grid& grid() const { return space(); }

  Section& section;
  const TaskInput& input;

 private:
  std::size_t word(std::string_view key, std::size_t usual);

  const TaskKind& kind_;
};

/// Keys that several kinds have.
TaskKeys step_keys();
TaskKeys hermite_keys();

/// "dt 0.01" or "tolerance 1e-08".
std::string control_text(const std::optional<double>& step, double tolerance);

}  // namespace umkehr
