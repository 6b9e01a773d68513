// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <vector>

#include "experiments/tasks/shared/task_reader.hpp"

namespace umkehr {

/// The tables [[task]]. Throws ExperimentError, and ResultFileError where a file that a density names cannot
/// be read.
std::vector<std::shared_ptr<const Task>> read_tasks(TomlValue& tables, const WrittenProcess& process,
                                                    const LawInput& laws, const Times& times);

/// Whether anything asks for a process, a time or an axis.
bool need_process(const TomlValue& tables);

}  // namespace umkehr
