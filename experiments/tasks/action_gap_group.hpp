// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "experiments/output/result.hpp"
#include "experiments/tasks/task.hpp"

namespace umkehr {

/// Scalars alone: gap_action, gap_score_matching, and where they are known gap_feasible, endpoint_kl and dsm_constant.
Group action_gap_group(const std::string& name, const ActionGapTask& task, const ActionGap& gap);

}  // namespace umkehr
