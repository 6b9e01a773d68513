// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/bridge/bridge.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <optional>

#include "grids/at_wall.hpp"
#include "grids/failure.hpp"
#include "grids/quadrature.hpp"
#include "solver/bridge/assembly.hpp"
#include "solver/bridge/bridge_check.hpp"
#include "solver/bridge/kernels/kernel_family.hpp"
#include "solver/bridge/kernels/log_gradient.hpp"
#include "solver/bridge/kernels/propagator_kernel.hpp"
#include "solver/bridge/piecewise_ends.hpp"
#include "solver/bridge/sums_error.hpp"
#include "solver/process/seam.hpp"

namespace umkehr {
namespace {

constexpr double told_above = 1e-6, told_of_slices_above = 2e-5;  // of the bridge's mass
constexpr double exponents_of_doubles = 700;
constexpr double rounding = 1e-14;
constexpr double settled = 1e-9;  // of the divergence, between levels

bool is_of_cells(const BridgeChoices& choices) {
  return choices.method == BridgeMethod::propagator && choices.propagator == PropagatorMethod::finite_volume;
}

std::vector<double> density_on(const Grid& grid, const Law& law, const BridgeChoices& choices) {
  std::vector<double> density(grid.size());
  if (is_of_cells(choices))
    cell_means(law, grid, density);
  else
    centre_values(law, grid, density);
  return density;
}

std::vector<double> marginal(const Law& law, const Grid& grid, const BridgeChoices& choices) {
  std::vector<double> density = density_on(grid, law, choices);
  const double mass = integral(grid, density);
  for (double& value : density) value /= mass;
  return density;
}

/// What the walls cut off a law that reaches beyond them: its share times ln chi, as it is on average next to them.
double cost_of_cut(const Law& law, const Grid& grid, const BridgeChoices& choices,
                   std::span<const double> log_chi) {
  if (!std::holds_alternative<GaussianMixture>(law)) return 0;
  const std::vector<double> density = density_on(grid, law, choices);
  double at_walls = 0, sum = 0;
  for (std::size_t i = 0; i < log_chi.size(); ++i)
    if (is_at_wall(grid, i) && density[i] > 0 && std::isfinite(log_chi[i])) {
      at_walls += density[i];
      sum += density[i] * std::abs(log_chi[i]);
    }
  return at_walls > 0 ? std::abs(1 - integral(grid, density)) * sum / at_walls : 0;
}

/// pi(x_i, x_f) = chi_hat(x_i) G(x_f | x_i) chi(x_f).
std::vector<double> coupling_of(Kernel& kernel, const SchroedingerSolution& solution) {
  const std::size_t size = kernel.size();
  std::vector<double> coupling(size * size), row(size);
  for (std::size_t i = 0; i < size; ++i) {
    kernel.log_row(i, row);
    for (std::size_t k = 0; k < size; ++k)
      coupling[i * size + k] =
          product_of(solution.log_chi_hat_initial[i] + row[k], solution.log_chi_final[k]);
  }
  return coupling;
}

std::unique_ptr<KernelFamily> kernels_of(const Process& reference, const Grid& grid,
                                         const BridgeChoices& choices, const BridgeEnds& ends,
                                         const std::vector<double>& stations) {
  if (choices.method == BridgeMethod::propagator)
    return propagator_kernels(reference, grid, ends, stations, {choices.propagator, choices.step_tolerance});
  const std::optional<AffineProcess> affine = AffineProcess::of(reference);
  if (!affine)
    throw UnfitProblem(
        "a closed form needs a process with affine drift and killing at most quadratic; take a propagator");
  return closed_form_kernels(*affine, grid);
}

void check(const Process& reference, const Grid& grid, double start, double stop,
           const std::vector<double>& times) {
  if (reference.dimension() != grid.dimension())
    throw UnfitProblem("the process and the grid differ in dimension");
  if (!(start < stop)) throw UnfitProblem("a bridge needs start < stop");
  if (times.empty() || times.front() < start || times.back() > stop)
    throw UnfitProblem("saved times must lie between the start and the stop");
  if (!std::is_sorted(times.begin(), times.end(), std::less_equal<>()))
    throw UnfitProblem("saved times must ascend");
}

double l1_between(std::span<const double> log_chi, std::span<const double> log_chi_hat,
                  std::span<const double> density, const Grid& grid) {
  double sum = 0;
  for (std::size_t i = 0; i < density.size(); ++i)
    sum += std::abs(product_of(log_chi[i], log_chi_hat[i]) - density[i]);
  return sum * grid.cell_volume();
}

/// chi at every station from its end, then chi_hat from its own; at the ends those that solve the system, whose kernels are
/// the best. Returns by how much the densities there are off.
double between_the_ends(KernelFamily& family, const Grid& grid, const std::vector<double>& stations,
                        const SchroedingerSolution& solution, std::span<const double> first,
                        std::span<const double> final, Assembly& assembly) {
  const std::size_t size = grid.size(), last = stations.size() - 1;
  std::vector<double> now = solution.log_chi_final, next(size);
  std::vector<std::vector<double>> slopes(grid.dimension(), std::vector<double>(size));
  const std::vector<std::span<double>> gradient(slopes.begin(), slopes.end());
  for (std::size_t k = 0; k < gradient.size(); ++k) log_gradient(grid, now, k, gradient[k]);
  assembly.see_chi(last, now, gradient);
  for (std::size_t n = last; n-- > 0;) {
    const bool far = family.reaches_far();
    const auto kernel = family.values_between(stations[n], stations[far ? last : n + 1]);
    kernel->apply_with_gradient(far ? solution.log_chi_final : now, next, gradient);
    std::swap(now, next);
    assembly.see_chi(n, n == 0 ? solution.log_chi_initial : now, gradient);
  }
  now = solution.log_chi_hat_initial;
  assembly.see_chi_hat(0, now);
  for (std::size_t n = 1; n <= last; ++n) {
    const bool far = family.reaches_far();
    const auto kernel = family.values_between(stations[far ? 0 : n - 1], stations[n]);
    kernel->apply_transpose(far ? solution.log_chi_hat_initial : now, next);
    std::swap(now, next);
    assembly.see_chi_hat(n, n == last ? solution.log_chi_hat_final : now);
  }
  return std::max(l1_between(solution.log_chi_initial, solution.log_chi_hat_initial, first, grid),
                  l1_between(solution.log_chi_final, solution.log_chi_hat_final, final, grid));
}

/// The system of the ends, by the kernels of all levels, extrapolated.
struct Ends {
  std::unique_ptr<Kernel> kernel;  ///< of the last level
  SchroedingerSolution solution;
  double error = 0;  ///< estimated, of the divergence
};

/// coarse <- fine + (fine - coarse) * weight; where that goes far, fine itself.
void extrapolate(SchroedingerSolution& coarse, const SchroedingerSolution& fine, double weight) {
  for (auto field : {&SchroedingerSolution::log_chi_initial, &SchroedingerSolution::log_chi_final,
                     &SchroedingerSolution::log_chi_hat_initial, &SchroedingerSolution::log_chi_hat_final})
    for (std::size_t i = 0; i < (fine.*field).size(); ++i) {
      const double now = (fine.*field)[i], change = (now - (coarse.*field)[i]) * weight;
      (coarse.*field)[i] = std::abs(change) < 1 ? now + change : now;
    }
  coarse.divergence = fine.divergence + (fine.divergence - coarse.divergence) * weight;
  coarse.marginal_error = fine.marginal_error;
  coarse.iterations = fine.iterations;
  coarse.unreached = fine.unreached;
  coarse.warnings = fine.warnings;
}

Ends solve_ends(KernelFamily& family, const Grid& grid, double start, double stop,
                std::span<const double> first, std::span<const double> last, SchroedingerChoices system,
                const Progress& progress) {
  Ends ends;
  std::vector<SchroedingerSolution> row;  // row[m]: order 2 m + 2
  std::size_t iterations = 0;
  for (std::size_t level = 0; level < family.levels(); ++level) {
    ends.kernel = family.level_between(start, stop, level);
    SchroedingerSolution next = solve_schroedinger_system(*ends.kernel, grid, first, last, system, progress);
    iterations += next.iterations;
    system.log_chi_final = next.log_chi_final;
    ends.solution = next;
    for (std::size_t m = 0; m < row.size(); ++m) {
      extrapolate(row[m], next, 1 / (std::pow(4.0, static_cast<double>(m + 1)) - 1));
      std::swap(row[m], next);
    }
    row.push_back(std::move(next));
    if (level == 0) continue;
    ends.error = std::abs(row[level].divergence - row[level - 1].divergence);
    ends.solution = row[level];
    if (ends.error <= settled * std::max(1.0, std::abs(row[level].divergence))) break;
  }
  ends.solution.iterations = iterations;
  return ends;
}

Grid coarser(const Grid& grid) {
  std::vector<Axis> axes = grid.axes();
  for (Axis& axis : axes) axis.points = std::max<std::size_t>(2, (axis.points + 1) / 2);
  return Grid(axes);
}

/// The divergence on a coarser grid, for which looser marginals will do.
double divergence_on(const Grid& grid, const Process& reference, const Law& initial, const Law& final,
                     double start, double stop, const BridgeChoices& choices) {
  const std::vector<double> first = marginal(initial, grid, choices), last = marginal(final, grid, choices);
  const auto family = kernels_of(reference, grid, choices, {first, last}, {start, stop});
  SchroedingerChoices system = choices.system;
  system.tolerance = std::max(system.tolerance, told_above);
  const SchroedingerSolution solution =
      solve_ends(*family, grid, start, stop, first, last, system, {}).solution;
  return solution.divergence + lacking_of_sums(initial, final, grid, first, last, solution);
}

/// What a divergence that is not exact to the digits of its sums lacks, from grids of half and a quarter as many points
/// along each axis: errors may not fall yet as they will.
double correction_of_the_grid(const Process& reference, const Grid& grid, const Law& initial,
                              const Law& final, double start, double stop, const BridgeChoices& choices,
                              double divergence) {
  const bool is_of_order_2 = is_of_cells(choices) || !is_smooth(reference, grid, start);
  const auto is_rough = [&](const Law& law) {
    return needs_integrals(law, grid, marginal(law, grid, choices));
  };
  if (!is_of_order_2 && !is_rough(initial) && !is_rough(final)) return 0;
  // 2^order; where a jump lies in its cell decides beyond order 3.
  const double fall = is_of_order_2 ? 4 : 8, min_fall = 2;
  const auto on = [&](const Grid& coarse) {
    return divergence_on(coarse, reference, initial, final, start, stop, choices);
  };
  const Grid half = coarser(grid);
  const double on_half = on(half), change = divergence - on_half;
  double seen = fall;
  try {
    seen = std::abs((on_half - on(coarser(half))) / change);
  } catch (const NotConverged&) {
  } catch (const UnfitProblem&) {
  }
  return std::isfinite(seen) ? change / (std::clamp(seen, min_fall, fall) - 1) : 0;
}

bool has_points(const Law& law) {
  const auto* mixture = std::get_if<GaussianMixture>(&law);
  return mixture && mixture->is_singular();
}

void check_end(const Law& law, const Grid& grid, const BridgeChoices& choices, const char* name) {
  if (has_points(law) && !is_of_cells(choices))
    throw UnfitProblem(std::string("the ") + name +
                       " law is a point, or samples, which have no density at the centres of cells; "
                       "give a gaussian of a width that the cells resolve, or take method "
                       "\"propagator\" and propagator \"finite-volume\", where a point fills its cell");
  const std::vector<double> density = marginal(law, grid, choices);
  for (const double value : density)
    if (!(value >= 0 && value < std::numeric_limits<double>::infinity()))
      throw UnfitProblem(std::string("the ") + name +
                         " density is not finite, or zero everywhere, on this grid; give it a width that the "
                         "cells resolve, and a place on the axes");
}

}  // namespace

void check_bridge(const Process& reference, const Grid& grid, const Law& initial, const Law& final,
                  double start, double stop, const std::vector<double>& times, const BridgeChoices& choices) {
  check(reference, grid, start, stop, times);
  check_end(initial, grid, choices, "initial");
  check_end(final, grid, choices, "final");
  if (choices.method == BridgeMethod::closed_form)
    kernels_of(reference, grid, choices, {}, {start, stop})->between(start, stop);
}

PropagatorMethod usual_propagator(const Process& reference, const Grid& grid, const Law& initial,
                                  const Law& final, double start, double stop) {
  // Slices know no reflecting wall at which there is something.
  const bool reflects = std::ranges::any_of(
      grid.axes(), [](const Axis& axis) { return axis.boundary == Boundary::reflecting; });
  for (const Law* law : {&initial, &final})
    if (has_points(*law) || has_pieces(*law, grid) || (reflects && reaches_walls(*law, grid)))
      return PropagatorMethod::finite_volume;
  const BridgeChoices at_centres;
  const std::vector<double> first = marginal(initial, grid, at_centres),
                            last = marginal(final, grid, at_centres);
  return usual_propagator(reference, grid, {first, last}, start, stop);
}

Bridge solve_bridge(const Process& reference, const Grid& grid, const Law& initial, const Law& final,
                    double start, double stop, const std::vector<double>& times, const BridgeChoices& asked,
                    const Progress& progress) {
  check(reference, grid, start, stop, times);
  BridgeChoices choices = asked;
  if (choices.method == BridgeMethod::propagator && choices.propagator == PropagatorMethod::automatic)
    choices.propagator = usual_propagator(reference, grid, initial, final, start, stop);
  // Slices of several axes cost more than those of one.
  const bool is_sliced = choices.method == BridgeMethod::propagator && grid.dimension() > 1 &&
                         choices.propagator != PropagatorMethod::finite_volume;
  const TimeRule rule(reference, start, stop, is_sliced ? TimeRule::Nodes::few : TimeRule::Nodes::many);
  const Stations stations(start, stop, times, rule.node);
  const std::vector<double> first = marginal(initial, grid, choices), last = marginal(final, grid, choices);
  const std::unique_ptr<KernelFamily> family =
      kernels_of(reference, grid, choices, {first, last}, stations.time);
  const Ends ends = solve_ends(*family, grid, start, stop, first, last, choices.system, progress);
  const SchroedingerSolution& solution = ends.solution;

  Bridge bridge;
  bridge.divergence = solution.divergence + lacking_of_sums(initial, final, grid, first, last, solution);
  bridge.iterations = solution.iterations;
  if (grid.dimension() == 1) bridge.coupling = coupling_of(*ends.kernel, solution);
  Assembly assembly(reference, grid, stations, rule, times, family->open_axes(), bridge);
  const double of_marginals = between_the_ends(*family, grid, stations.time, solution, first, last, assembly);
  bridge.marginal_error = std::max(solution.marginal_error, of_marginals);
  bridge.warnings = solution.warnings;
  for (const std::string& warning : ends.kernel->warnings()) bridge.warnings.push_back(warning);
  const double correction =
      correction_of_the_grid(reference, grid, initial, final, start, stop, choices, bridge.divergence);
  const bool sums_are_smooth =
      choices.method == BridgeMethod::propagator && !is_of_cells(choices) && correction == 0;
  const double of_sums = sums_are_smooth ? error_of_sums(*ends.kernel, solution) : 0;
  const double of_cut = cost_of_cut(initial, grid, choices, solution.log_chi_initial) +
                        cost_of_cut(final, grid, choices, solution.log_chi_final);
  const double of_kernel = of_cut + of_sums + assembly.mass_at_walls() + ends.error +
                           ends.kernel->divergence_error() + exponents_of_doubles * solution.unreached;
  bridge.divergence_error =
      std::abs(correction) + of_kernel + rounding * std::max(1.0, std::abs(bridge.divergence));
  assembly.finish(correction, of_kernel,
                  choices.method == BridgeMethod::propagator ? told_of_slices_above : told_above);
  return bridge;
}

std::size_t estimate_bridge_memory(const Grid& grid, const BridgeChoices& choices) {
  const std::size_t field = grid.size() * sizeof(double), fields = 120;  // at most: two at each node in time
  const bool marches = choices.method == BridgeMethod::propagator;
  return fields * field +
         (marches ? propagator_memory(grid, {choices.propagator, choices.step_tolerance}) : 0);
}

}  // namespace umkehr
