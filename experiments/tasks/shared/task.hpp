// SPDX-License-Identifier: GPL-3.0-or-later
// A task: an equation with its choices, and all that the command asks of it. Each kind is one file of tasks/, which
// registry.cpp names in one line.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "experiments/input/problem.hpp"
#include "experiments/output/result.hpp"
#include "experiments/tasks/shared/task_key.hpp"
#include "solver/kolmogorov/replay.hpp"
#include "solver/law/law.hpp"
#include "solver/score/score.hpp"
#include "solver/stepping/march.hpp"

namespace umkehr {

class Task;
class TaskReader;
class ClosedForms;

/// A variable that a task writes. A name such as "score_*" stands for one an axis, whose name takes the place of * in the
/// long name too.
struct TaskVariable {
  std::string name, long_name;
  std::string equation;  ///< numbers of the paper
};

struct TaskKind {
  std::string name;  ///< the value of `solve`
  TaskKeys keys;
  std::vector<TaskVariable> writes;
  std::unique_ptr<Task> (*read)(TaskReader& in);
  bool needs_process = true;  ///< else it needs no time and no axis either
  bool needs_grid = true;     ///< else a space without cells is enough

  /// What stands for a variable of that name; null where the kind writes none.
  const TaskVariable* find(std::string_view variable) const;
};

/// A line's few words.
struct TaskText {
  std::string method;       ///< such as "fourier"
  std::string scheme;       ///< in time; empty where there is no choice
  std::string control;      ///< "dt 0.01", "tolerance 1e-08", "replays forward", "6 eigenvalues"
  std::string reason = "";  ///< for a method or a scheme that nobody chose; empty where one was chosen
};

/// What it will take, to an order of magnitude, since adaptive steps depend on the solution.
struct TaskCost {
  double steps = 0;    ///< in time; 0 where there are none
  double seconds = 0;  ///< on one core
  std::string driver;  ///< what the number of steps comes from; empty where there are none
};

/// What a task's own keys make of the shape of its results: a length, or the values of a coordinate.
struct TaskExtent {
  std::string what;
  std::vector<double> values;
  std::string coordinate = {};  ///< its name; empty where the kind's table has it
};

/// Bytes while it runs, and those of its result that wait to be written.
struct TaskMemory {
  double running = 0, kept = 0;
};

struct SolvedTask {
  Group group;
  std::size_t steps = 0, refused = 0;
  double seconds = 0;  ///< from the problem to the last field in memory
  std::vector<std::string> warnings;
};

/// A run of the Fokker-Planck equation, which later tasks may build on.
struct ForwardRun {
  Law initial;
  KolmogorovChoices choices;
  bool is_replayed = false;  ///< some later task takes, or reverses, its steps
};

/// What later tasks take from earlier ones, by the name of the task: forward runs that they replay, and controls.
struct Replays : std::map<std::string, FokkerPlanckReplay> {
  std::map<std::string, std::shared_ptr<const Score>> controls;
};

class Task {
 public:
  virtual ~Task() = default;

  virtual TaskText text() const = 0;
  /// Whether it can begin. Throws UnfitProblem and NumericalFailure where it cannot.
  virtual void check(const Problem& problem) const = 0;
  virtual TaskCost cost(const Problem& problem) const = 0;
  virtual TaskMemory memory(const Problem& problem) const = 0;
  /// Throws UnfitProblem for choices that do not fit, NumericalFailure and EigenFailure, and what `progress` throws.
  virtual SolvedTask solve(const Problem& problem, Replays& replays, const Progress& progress) const = 0;
  /// What shapes its results beside axes and saved times.
  virtual std::vector<TaskExtent> extents() const { return {}; }
  /// Adds what is known of a run in closed form, or a remark that nothing is.
  virtual void add_closed_form(const Group& run, ClosedForms& known) const = 0;
  /// Adds what figures show of a run, whose values need not be there, beside its fields.
  virtual void add_for_figures(const Problem&, const Group&, Group&) const {}

  /// Whether a variable is to be in the file.
  bool is_written(const std::string& variable) const;

  const TaskKind* kind = nullptr;
  std::string name;
  std::string place;               ///< of its table in the experiment
  std::string of;                  ///< the earlier task that this one builds on; empty: none
  std::string control_of;          ///< the earlier task whose control this one takes; empty: none
  std::vector<std::string> write;  ///< names of variables, or of vectors; empty: all
  std::optional<Law> followed;     ///< by the histogram of its particles: the law at `start` of that density
  std::shared_ptr<ForwardRun> forward;  ///< that later tasks may build on; null where it is none
};

/// What `read` of a kind is.
template <class OneTask>
std::unique_ptr<Task> read_as(TaskReader& in) {
  return std::make_unique<OneTask>(in);
}

}  // namespace umkehr
