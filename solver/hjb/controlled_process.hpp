// SPDX-License-Identifier: GPL-3.0-or-later
// The process under control, dx = (b + u) dt + sqrt(D) dW (3.20), u = -D grad lambda (3.24), not killed: its density is
// P_u(x, t) = chi(x, t) Q(x, t), where Q starts from P/chi and moves by the forward equation of the killed process (3.26).
// u between saved times and cell centres is interpolated by cubic polynomials through the nearest four.
#pragma once

#include "grids/grid.hpp"
#include "solver/hjb/hjb.hpp"
#include "solver/process/process.hpp"

namespace umkehr {

/// Throws UnfitProblem unless the solution is of this process on this grid, at two times or more.
Process controlled_process(const Process& process, const Grid& grid, const HjbSolution& solution);

}  // namespace umkehr
