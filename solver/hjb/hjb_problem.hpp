// SPDX-License-Identifier: GPL-3.0-or-later
// What the three ways of solving the Hamilton-Jacobi-Bellman equation (3.24) share.
#pragma once

#include <functional>
#include <span>

#include "solver/hjb/hjb.hpp"
#include "solver/hjb/lines/terminal_nodes.hpp"

namespace umkehr {

using LineFunction = std::function<double(double)>;

struct HjbProblem {
  const Process& process;
  const Grid& grid;
  const Coefficient& terminal;
  double stop;
  const std::vector<double>& times;
  const HjbChoices& choices;
  const Progress& progress;

  bool is_periodic(std::size_t axis) const { return grid.axis(axis).boundary == Boundary::periodic; }
  /// The terminal lambda anywhere, continued periodically along periodic axes.
  TerminalValues terminal_values() const;
  /// What f is along an axis, through the middle of the box and to either side of it.
  std::vector<LineFunction> lines(std::size_t axis, const TerminalValues& f) const;
  /// Whether the formulas are finite between such walls, as far as a few thousand points tell.
  bool is_finite_on(std::vector<Axis> axes) const;
  /// lambda and its control at `stop`, at the cell centres.
  void terminal_field(std::span<double> value, const std::vector<std::span<double>>& control) const;
};

/// Room for all saved times.
HjbSolution empty_solution(const HjbProblem& problem);

/// The fields of one saved time.
std::vector<std::span<double>> controls_at(HjbSolution& solution, std::size_t n);

/// By the kernel of an affine process with killing of second degree. False, and nothing done, if it is not one.
bool solve_by_kernel(const HjbProblem& problem, HjbSolution& solution);

}  // namespace umkehr
