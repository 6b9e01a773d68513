// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "experiments/tasks/shared/closed_forms.hpp"
#include "solver/process/formula/formula.hpp"

namespace umkehr {

/// Adds J of a terminal value by affine_value.hpp, where paths from x stay away from the walls: elsewhere the wall's own
/// physics is in the values, and both sides are set to nought. For an affine process.
void add_value_law(const Formula& terminal, Method method, const Group& run, ClosedForms& known);

}  // namespace umkehr
