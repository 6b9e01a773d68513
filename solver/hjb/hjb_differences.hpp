// SPDX-License-Identifier: GPL-3.0-or-later
// Finite differences and the error of their cells: solutions on half and on a quarter of the cells say how fast it falls
// (Richardson), and one on half of the cells that reaches further out says what the walls do. Where they matter more than the
// cells the solution itself reaches further out, as far as the formulas are finite there.
#pragma once

#include "solver/hjb/hjb_problem.hpp"

namespace umkehr {

/// Throws NumericalFailure where the error is more than `max_error`, or a formula varies between the cells.
void solve_by_differences(const HjbProblem& problem, HjbSolution& solution);

}  // namespace umkehr
