// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/hjb/hjb.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <sstream>

#include "grids/failure.hpp"
#include "grids/finite.hpp"
#include "solver/hjb/hjb_differences.hpp"
#include "solver/hjb/hjb_nodes.hpp"
#include "solver/hjb/hjb_problem.hpp"
#include "solver/law/affine.hpp"
#include "solver/process/seam.hpp"

namespace umkehr {
namespace {

std::string text(double value) {
  std::ostringstream written;
  written << value;
  return written.str();
}

void check_problem(const HjbProblem& problem) {
  const std::size_t d = problem.grid.dimension();
  if (problem.process.dimension() != d || problem.process.diffusion.size() != d)
    throw UnfitProblem("the process and the grid differ in dimension");
  if (problem.times.empty()) throw UnfitProblem("at least one time must be saved");
  if (!all_finite(problem.times) || !std::isfinite(problem.stop)) throw UnfitProblem("times must be finite");
  if (!std::is_sorted(problem.times.begin(), problem.times.end(), std::less_equal<>()))
    throw UnfitProblem("saved times must ascend");
  if (problem.times.back() > problem.stop)
    throw UnfitProblem("saved times must not lie after the stop, " + text(problem.stop) + ", but one is " +
                       text(problem.times.back()));
  const HjbChoices& choices = problem.choices;
  if (!(choices.tolerance > 0) || !(choices.tolerance < 1))
    throw UnfitProblem("tolerance must lie between 0 and 1");
  if (choices.step && !(*choices.step > 0 && std::isfinite(*choices.step)))
    throw UnfitProblem("a step in time must be positive");
  if (choices.order != 2 && choices.order != 4)
    throw UnfitProblem("order " + std::to_string(choices.order) + ": finite differences have order 2 or 4");
  for (std::size_t k = 0; k < d; ++k)
    if (const std::size_t n = problem.grid.axis(k).points; n < 6)
      throw UnfitProblem("axis " + problem.grid.axis(k).name + ": " + std::to_string(n) +
                         " points; slopes need at least 6");
}

/// Riccati's equations of an affine process say whether negative killing makes chi infinite, whatever the box.
void check_mass(const HjbProblem& problem) {
  for (std::size_t k = 0; k < problem.grid.dimension(); ++k)
    if (problem.is_periodic(k)) return;
  const std::optional<AffineProcess> affine = AffineProcess::of(problem.process);
  if (!affine || !affine->is_killed()) return;
  try {
    (void)affine->transport(problem.times.front(), problem.stop);
  } catch (const UnfitProblem& error) {
    throw NumericalFailure(error.what());
  }
}

}  // namespace

HjbMethod usual_hjb_method(const Process& process, const Grid& grid, double start) {
  return is_smooth(process, grid, start) ? HjbMethod::log_transform : HjbMethod::finite_difference;
}

HjbSolution solve_hjb(const Process& process, const Grid& grid, const Coefficient& terminal, double stop,
                      const std::vector<double>& times, const HjbChoices& choices, const Progress& progress) {
  const HjbProblem problem{process, grid, terminal, stop, times, choices, progress};
  check_problem(problem);
  std::vector<double> at_stop(grid.size());
  terminal(grid.centres(), stop, at_stop);
  for (const double value : at_stop)
    if (!std::isfinite(value))
      throw UnfitProblem("the terminal value is not finite on the grid: a cost must be a number everywhere");
  check_mass(problem);
  HjbSolution solution = empty_solution(problem);
  switch (choices.method) {
    case HjbMethod::finite_difference:
      solve_by_differences(problem, solution);
      break;
    case HjbMethod::spectral:
      solve_on_nodes(problem, solution, false);
      break;
    case HjbMethod::log_transform:
      if (!solve_by_kernel(problem, solution)) solve_on_nodes(problem, solution, true);
      break;
  }
  return solution;
}

}  // namespace umkehr
