// SPDX-License-Identifier: GPL-3.0-or-later
// As many spectral nodes, reaching as far beyond the walls, as the solution needs over the whole run: each solution is held
// against another one, on more nodes that reach further out and with a smaller tolerance in time, until they differ by less
// than the tolerance at the cell centres. That difference is the error of the former, which is what is given. Beyond the
// walls the terminal value, drift and killing are what their formulas say.
#pragma once

#include "solver/hjb/hjb_problem.hpp"

namespace umkehr {

/// lambda itself, or chi where `logarithmic` and its steps are long enough. Throws NumericalFailure where no nodes that are taken resolve it.
void solve_on_nodes(const HjbProblem& problem, HjbSolution& solution, bool logarithmic);

}  // namespace umkehr
