// SPDX-License-Identifier: GPL-3.0-or-later
// A process on one axis between walls as a chain of cells. With w = exp(-Phi), Phi' = -2 F/D, and x_i the centres,
//   m_i = int_cell w,   1/c_i = (2/D) int_{x_i}^{x_{i+1}} 1/w,   right_i = c_i/m_i,   left_{i+1} = c_i/m_{i+1},
//   sink_i = int w (V - V_0) s_i / m_i   (+ a rate (D/2) / (m int_centre^wall 1/w) into an absorbing wall),
// s_i falling from one at the centre linearly to zero at the neighbours, so that a jump of V may lie anywhere:
// the flux formula of Scharfetter & Gummel with its integrals taken exactly, so that slow escapes are right on any grid
// that resolves 1/w, the other eigenvalues to second order with an error in even powers of the cells' width.
// Integrals by Gauss's rule of eight points on panels that are halved until F and V are smooth on each: jumps and kinks
// end up between panels.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "grids/axis.hpp"
#include "solver/spectrum/chain/hopping_chain.hpp"

namespace umkehr {

/// One axis at one time.
struct IntervalProcess {
  using Function = std::function<void(std::span<const double> x, std::span<double> out)>;
  Axis axis;  ///< its points do not count
  double diffusion = 1;
  Function drift, killing;
};

struct IntervalChain {
  HoppingChain chain;
  double min_killing = 0;  ///< V_0, the least V at any node
};

/// Throws UnfitProblem where F or V is not finite or too rough, or Phi changes by more than hundreds across a cell.
IntervalChain interval_chain(const IntervalProcess& process, std::size_t cells);

}  // namespace umkehr
