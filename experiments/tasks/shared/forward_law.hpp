// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "experiments/tasks/shared/closed_forms.hpp"
#include "experiments/tasks/shared/exact_law.hpp"

namespace umkehr {

/// Adds the law of a forward run, or a remark that none is known. What the exact reversal goes through is this law too.
void add_forward_law(const KnownLaw& law, const Group& run, ClosedForms& known);

}  // namespace umkehr
