// SPDX-License-Identifier: GPL-3.0-or-later
// The one table of tasks: what `solve` may be, what each kind takes and writes. Help, messages, reserved names and the
// check of results read it. A kind of problem that is not in it does not link.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "experiments/tasks/task.hpp"

namespace umkehr {

class Section;
struct TaskInput;

using Problem = decltype(Task::problem);

struct TaskKey {
  std::string name;
  std::string meaning;  ///< as help says it; may be empty where the name says all
};

struct TaskKind {
  std::string name;  ///< the value of `solve`
  std::vector<TaskKey> keys;
  std::vector<std::string> methods;  ///< empty: there is one alone
  std::vector<std::string> writes;   ///< variables and scalars; "score_*" stands for one an axis
  Problem (*read)(Section&, const TaskInput&);
};

/// In the order of the alternatives of a problem.
const std::array<TaskKind, std::variant_size_v<Problem>>& task_kinds();
const TaskKind& kind_of(const Task& task);
/// The values that `solve` may take.
std::vector<std::string> task_kind_names();

/// Whether a kind, or any, writes a variable of that name.
bool writes(const TaskKind& kind, std::string_view variable);
bool is_written_by_a_task(std::string_view variable);

/// A paragraph a kind: its name, then its keys and what they mean.
std::string task_kinds_help();

}  // namespace umkehr
