// SPDX-License-Identifier: GPL-3.0-or-later
// P(x, t) = sum_c w_c N(x; m_c(t), C_c(t)) (the corrected (2.35)): a mixture under an affine process stays one, around
// periodic axes with its images (circle.hpp).
#pragma once

#include "experiments/tasks/shared/closed_forms.hpp"

namespace umkehr {

/// Adds the law of a forward run, as means over the cells where finite volumes give these. What the exact reversal goes
/// through is this law too.
void add_forward_law(const ForwardRun& forward, const Group& run, ClosedForms& known);

}  // namespace umkehr
