// SPDX-License-Identifier: GPL-3.0-or-later
// Choices of the Kolmogorov equations, forward and backward, as tasks read them, tell of them and estimate what they take.
#pragma once

#include <string>
#include <vector>

#include "experiments/tasks/shared/task_group.hpp"
#include "experiments/tasks/shared/task_reader.hpp"

namespace umkehr {

/// As experiment and result files spell it.
std::string name_of(Method method);

/// method, scheme, order, tolerance, dt, centre, scale
TaskKeys kolmogorov_keys();
KolmogorovChoices read_kolmogorov_choices(TaskReader& in);

std::string control_text(const KolmogorovChoices& choices);
/// Attributes of a group: how it was solved.
void note_kolmogorov(const KolmogorovChoices& choices, const Marched& run, TaskGroup& group);

/// Bytes of a run.
double kolmogorov_memory(const Problem& problem, const KolmogorovChoices& choices);

}  // namespace umkehr
