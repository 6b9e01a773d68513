// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "experiments/tasks/shared/task.hpp"

namespace umkehr {

/// All kinds of tasks, in the order of help.
const std::vector<TaskKind>& task_kinds();
/// The values that `solve` may take.
std::vector<std::string> task_kind_names();
const TaskKind& task_kind(const std::string& name);

/// Whether any kind writes a variable of that name.
bool is_written_by_a_task(std::string_view variable);

/// A paragraph a kind: its name, then its keys and what they mean.
std::string task_kinds_help();

}  // namespace umkehr
