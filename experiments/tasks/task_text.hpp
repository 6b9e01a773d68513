// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "experiments/tasks/task.hpp"

namespace umkehr {

/// A task in a line's few words.
struct TaskText {
  std::string kind;         ///< such as "fokker-planck"
  std::string method;       ///< such as "fourier"
  std::string scheme;       ///< in time; empty where there is no choice
  std::string control;      ///< "dt 0.01", "tolerance 1e-08", "replays forward", "6 eigenvalues"
  std::string reason = "";  ///< for a method or a scheme that nobody chose; empty where one was chosen
};

TaskText text_of(const Task& task);

}  // namespace umkehr
