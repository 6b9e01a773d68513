// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/hjb/hjb_problem.hpp"

#include <algorithm>
#include <cmath>

#include "grids/failure.hpp"

namespace umkehr {
namespace {

/// d_k f by central differences of order 6, within reach of rounding for functions that vary over a cell or more.
void difference(const TerminalValues& f, const Grid& grid, std::size_t k, std::span<double> out) {
  constexpr double weight[] = {3.0 / 4, -3.0 / 20, 1.0 / 60};
  const Points centres = grid.centres();
  const double step = 0.05 * grid.axis(k).spacing();
  std::vector<double> right(grid.size()), left(grid.size());
  std::fill(out.begin(), out.end(), 0.0);
  for (int n = 1; n <= 3; ++n) {
    Points moved = centres;
    for (double& x : moved[k]) x += n * step;
    f(moved, right);
    for (double& x : moved[k]) x -= 2 * n * step;
    f(moved, left);
    for (std::size_t i = 0; i < out.size(); ++i) out[i] += weight[n - 1] * (right[i] - left[i]) / step;
  }
}

bool is_finite(std::span<const double> values) {
  double sum = 0;
  for (const double value : values) sum += value - value;
  return sum == 0;
}

}  // namespace

TerminalValues HjbProblem::terminal_values() const {
  std::vector<std::size_t> periodic;
  for (std::size_t k = 0; k < grid.dimension(); ++k)
    if (is_periodic(k)) periodic.push_back(k);
  if (periodic.empty()) return [this](const Points& y, std::span<double> out) { terminal(y, stop, out); };
  return [this, periodic](const Points& y, std::span<double> out) {
    Points wrapped = y;
    for (const std::size_t k : periodic) {
      const Axis& axis = grid.axis(k);
      for (double& x : wrapped[k]) x -= axis.length() * std::floor((x - axis.from) / axis.length());
    }
    terminal(wrapped, stop, out);
  };
}

std::vector<LineFunction> HjbProblem::lines(std::size_t axis, const TerminalValues& f) const {
  const std::size_t d = grid.dimension();
  std::vector<LineFunction> all;
  for (const double at : {0.5, 0.23, 0.81}) {
    all.push_back([this, axis, at, d, f](double x) {
      Points point(d, 1);
      for (std::size_t j = 0; j < d; ++j)
        point[j][0] = j == axis ? x : grid.axis(j).from + at * grid.axis(j).length();
      double value = 0;
      f(point, {&value, 1});
      return value;
    });
    if (d == 1) break;
  }
  return all;
}

bool HjbProblem::is_finite_on(std::vector<Axis> axes) const {
  constexpr std::size_t looks[] = {2000, 50, 16};
  for (Axis& axis : axes) axis.points = looks[axes.size() - 1];
  const Grid looked_at(std::move(axes));
  const Points x = looked_at.centres();
  std::vector<double> out(looked_at.size());
  terminal(x, stop, out);
  if (!is_finite(out)) return false;
  for (const double t : {times.front(), 0.5 * (times.front() + stop), stop}) {
    process.killing(x, t, out);
    if (!is_finite(out)) return false;
    for (const Coefficient& drift : process.drift) {
      drift(x, t, out);
      if (!is_finite(out)) return false;
    }
  }
  return true;
}

void HjbProblem::terminal_field(std::span<double> value,
                                const std::vector<std::span<double>>& control) const {
  const Points centres = grid.centres();
  terminal(centres, stop, value);
  if (!is_finite(value))
    throw UnfitProblem("the terminal value is not finite on the grid at t = " + std::to_string(stop));
  for (std::size_t k = 0; k < grid.dimension(); ++k) {
    const Formula* formula = terminal.formula();
    const bool depends = !formula || (k < formula->dimension() && formula->depends_on_axis(k));
    std::fill(control[k].begin(), control[k].end(), 0.0);
    if (formula && depends) formula->derivative(k)(centres, stop, control[k]);
    if (!formula || !is_finite(control[k])) difference(terminal_values(), grid, k, control[k]);
    const double diffusion = process.diffusion[k](stop);
    for (double& u : control[k]) u *= -diffusion;
  }
}

HjbSolution empty_solution(const HjbProblem& problem) {
  HjbSolution solution;
  solution.value = History(problem.times, problem.grid.size());
  solution.control.assign(problem.grid.dimension(), History(problem.times, problem.grid.size()));
  solution.error.assign(problem.times.size(), 0.0);
  return solution;
}

std::vector<std::span<double>> controls_at(HjbSolution& solution, std::size_t n) {
  std::vector<std::span<double>> controls;
  for (History& control : solution.control) controls.push_back(control[n]);
  return controls;
}

}  // namespace umkehr
