// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/bridge/bridge.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <optional>
#include <sstream>

#include "grids/quadrature.hpp"
#include "solver/bridge/bridge_check.hpp"
#include "solver/bridge/kernel_family.hpp"
#include "solver/bridge/log_gradient.hpp"
#include "solver/bridge/propagator_kernel.hpp"
#include "solver/bridge/time_rule.hpp"

namespace umkehr {
namespace {

constexpr double told_above = 1e-6, told_of_slices_above = 2e-5;  // of the bridge's mass
constexpr double lost_above = 1e-2, unsettled_above = 0.1;        // of its mass and of its cost: no result
constexpr double at_walls_above = 1e-6;  // mass in the cells along walls that are not those of the process
constexpr double doubt_of_correction = 0.02;
constexpr double exponents_of_doubles = 700;
constexpr double settled = 1e-9;  // of the divergence, between levels

/// Where chi and chi_hat are wanted: the ends, the saved times, the nodes in time.
struct Stations {
  std::vector<double> time;
  std::vector<std::ptrdiff_t> saved, node;  ///< their numbers at each station, or -1

  Stations(double start, double stop, const std::vector<double>& times, const std::vector<double>& nodes) {
    time = {start, stop};
    time.insert(time.end(), times.begin(), times.end());
    time.insert(time.end(), nodes.begin(), nodes.end());
    std::sort(time.begin(), time.end());
    time.erase(std::unique(time.begin(), time.end()), time.end());
    for (const double t : time) {
      saved.push_back(number_of(t, times));
      node.push_back(number_of(t, nodes));
    }
  }

 private:
  static std::ptrdiff_t number_of(double t, const std::vector<double>& list) {
    const auto place = std::lower_bound(list.begin(), list.end(), t);
    return place != list.end() && *place == t ? place - list.begin() : -1;
  }
};

double product_of(double log_chi, double log_chi_hat) {
  const double log = log_chi + log_chi_hat;
  return log > -745 ? std::exp(log) : 0;  // false also where one is zero
}

/// Assembles the fields of a bridge as chi and chi_hat pass by.
class Assembly {
 public:
  Assembly(const Process& reference, const Grid& grid, const Stations& stations, const TimeRule& rule,
           const std::vector<double>& times, std::vector<std::size_t> open_axes, Bridge& bridge)
      : reference_(reference),
        grid_(grid),
        centres_(grid.centres()),
        stations_(stations),
        rule_(rule),
        open_axes_(std::move(open_axes)),
        bridge_(bridge),
        log_chi_(rule.node, grid.size()),
        cost_(rule.node, grid.size()) {
    for (History* field : {&bridge.density, &bridge.log_chi, &bridge.log_chi_hat})
      *field = History(times, grid.size());
    bridge.control.assign(grid.dimension(), History(times, grid.size()));
  }

  void see_chi(std::size_t station, std::span<const double> log_chi, Kernel::Gradient gradient) {
    const double t = stations_.time[station];
    if (const std::ptrdiff_t n = stations_.saved[station]; n >= 0) {
      const auto at = static_cast<std::size_t>(n);
      std::copy(log_chi.begin(), log_chi.end(), bridge_.log_chi[at].begin());
      for (std::size_t k = 0; k < grid_.dimension(); ++k)
        for (std::size_t i = 0; i < grid_.size(); ++i)
          bridge_.control[k][at][i] = reference_.diffusion[k](t) * gradient[k][i];
    }
    if (const std::ptrdiff_t n = stations_.node[station]; n >= 0) {
      const auto at = static_cast<std::size_t>(n);
      std::copy(log_chi.begin(), log_chi.end(), log_chi_[at].begin());
      reference_.killing(centres_, t, cost_[at]);
      for (std::size_t k = 0; k < grid_.dimension(); ++k) {
        const double half = reference_.diffusion[k](t) / 2;  // u^2/2D = D (d ln chi)^2 / 2
        for (std::size_t i = 0; i < grid_.size(); ++i) cost_[at][i] += half * gradient[k][i] * gradient[k][i];
      }
    }
  }

  void see_chi_hat(std::size_t station, std::span<const double> log_chi_hat) {
    if (const std::ptrdiff_t n = stations_.saved[station]; n >= 0) {
      const auto at = static_cast<std::size_t>(n);
      std::copy(log_chi_hat.begin(), log_chi_hat.end(), bridge_.log_chi_hat[at].begin());
      for (std::size_t i = 0; i < grid_.size(); ++i)
        bridge_.density[at][i] = product_of(bridge_.log_chi[at][i], log_chi_hat[i]);
    }
    if (const std::ptrdiff_t n = stations_.node[station]; n >= 0) {
      const auto at = static_cast<std::size_t>(n);
      double mean = 0, mass = 0;
      for (std::size_t i = 0; i < grid_.size(); ++i)
        if (const double p = product_of(log_chi_[at][i], log_chi_hat[i]); p > 0) {
          mean += p * cost_[at][i];
          mass += p;
        }
      mass *= grid_.cell_volume();
      if (!(mass <= largest_mass_)) largest_mass_ = mass;  // also where it is no number
      least_mass_ = std::min(least_mass_, mass);
      mean *= grid_.cell_volume();
      bridge_.action += rule_.weight[at] * mean;
      see_walls(log_chi_hat, at);
    }
  }

  /// The running cost is the divergence, whatever the bridge: what they differ by is an error of one of them. By
  /// `correction` the divergence is off for its grid.
  void finish(double correction, double error_of_divergence, double told) {
    bridge_.action_error = std::abs(bridge_.action - bridge_.divergence - correction) +
                           doubt_of_correction * std::abs(correction) + error_of_divergence;
    const double worst = std::max(largest_mass_ - 1, 1 - least_mass_);
    if (!(worst <= told)) {
      if (!(worst <= lost_above)) throw NotConverged(text_of_mass());
      bridge_.warnings.push_back(text_of_mass());
    }
    const double scale = std::max(1.0, std::abs(bridge_.divergence));
    if (bridge_.action_error <= unsettled_above * scale) return;
    std::ostringstream text;
    text.precision(3);
    text << "the running cost " << bridge_.action << " and the divergence " << bridge_.divergence
         << " must be the same and are off by " << bridge_.action_error
         << "; take more points, or ends that are wider";
    throw NotConverged(text.str());
  }

 private:
  /// The mass in the cells along open walls must be nothing.
  void see_walls(std::span<const double> log_chi_hat, std::size_t at) {
    for (const std::size_t k : open_axes_) {
      const std::size_t points = grid_.axis(k).points, stride = grid_.stride(k);
      double mass = 0;
      for (std::size_t i = 0; i < grid_.size(); ++i)
        if (const std::size_t place = i / stride % points; place == 0 || place + 1 == points)
          mass += product_of(log_chi_[at][i], log_chi_hat[i]) * grid_.cell_volume();
      if (mass <= at_walls_above) continue;
      std::ostringstream text;
      text.precision(3);
      text << "a share " << mass << " of the bridge lies in the cells along the walls of "
           << grid_.axis(k).name
           << ", and slices know no reflecting wall that the drift goes through; widen the axis, or take "
              "propagator finite-volume";
      throw NotConverged(text.str());
    }
  }

  std::string text_of_mass() const {
    std::ostringstream text;
    text.precision(3);
    if (1 - least_mass_ >= largest_mass_ - 1)
      text << "between its ends a share " << 1 - least_mass_
           << " of the bridge is not on the grid; widen the axes, or take more points; where drift or "
              "killing jump, "
              "take propagator finite-volume";
    else
      text << "between its ends the mass of the bridge on the grid is above 1 by " << largest_mass_ - 1
           << "; take more points, or ends that change over more of them";
    return text.str();
  }

  const Process& reference_;
  const Grid& grid_;
  const Points centres_;
  const Stations& stations_;
  const TimeRule& rule_;
  const std::vector<std::size_t> open_axes_;
  Bridge& bridge_;
  History log_chi_, cost_;                    // at the nodes in time: ln chi, and |u|^2/2D + V
  double least_mass_ = 1, largest_mass_ = 1;  // of the bridge, between its ends
};

std::vector<double> marginal(const Law& law, const Grid& grid, const BridgeChoices& choices) {
  std::vector<double> density(grid.size());
  if (choices.method == BridgeMethod::propagator && choices.propagator == PropagatorMethod::finite_volume)
    cell_means(law, grid, density);
  else
    density_at(law, grid, grid.centres(), density);
  const double mass = integral(grid, density);
  for (double& value : density) value /= mass;
  return density;
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
    throw std::invalid_argument(
        "a closed form needs a process with affine drift and killing at most quadratic; take a propagator");
  return closed_form_kernels(*affine, grid);
}

void check(const Process& reference, const Grid& grid, double start, double stop,
           const std::vector<double>& times) {
  if (reference.dimension() != grid.dimension())
    throw std::invalid_argument("the process and the grid differ in dimension");
  if (!(start < stop)) throw std::invalid_argument("a bridge needs start < stop");
  if (times.empty() || times.front() < start || times.back() > stop)
    throw std::invalid_argument("saved times must lie between the start and the stop");
  if (!std::is_sorted(times.begin(), times.end(), std::less_equal<>()))
    throw std::invalid_argument("saved times must ascend");
}

/// chi at every station from its end, then chi_hat from its own.
void between_the_ends(KernelFamily& family, const Grid& grid, const std::vector<double>& stations,
                      const SchroedingerSolution& solution, Assembly& assembly) {
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
    assembly.see_chi(n, now, gradient);
  }
  now = solution.log_chi_hat_initial;
  assembly.see_chi_hat(0, now);
  for (std::size_t n = 1; n <= last; ++n) {
    const bool far = family.reaches_far();
    const auto kernel = family.values_between(stations[far ? 0 : n - 1], stations[n]);
    kernel->apply_transpose(far ? solution.log_chi_hat_initial : now, next);
    std::swap(now, next);
    assembly.see_chi_hat(n, now);
  }
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

/// What the divergence by finite volumes, of order 2 in space, lacks, from a grid of half as many points along each axis.
double correction_of_the_grid(const Process& reference, const Grid& grid, const Law& initial,
                              const Law& final, double start, double stop, const BridgeChoices& choices,
                              double divergence) {
  if (choices.method != BridgeMethod::propagator || choices.propagator != PropagatorMethod::finite_volume)
    return 0;
  constexpr double finer = 3;  // 2^2 - 1
  const Grid half = coarser(grid);
  const std::vector<double> first = marginal(initial, half, choices), last = marginal(final, half, choices);
  const auto kernel =
      kernels_of(reference, half, choices, {first, last}, {start, stop})->between(start, stop);
  SchroedingerChoices system = choices.system;
  system.tolerance = std::max(system.tolerance, told_above);
  return (divergence - solve_schroedinger_system(*kernel, half, first, last, system).divergence) / finer;
}

bool has_points(const Law& law) {
  const auto* mixture = std::get_if<GaussianMixture>(&law);
  return mixture && mixture->is_singular();
}

void check_end(const Law& law, const Grid& grid, const BridgeChoices& choices, const char* name) {
  const bool is_of_cells =
      choices.method == BridgeMethod::propagator && choices.propagator == PropagatorMethod::finite_volume;
  if (has_points(law) && !is_of_cells)
    throw std::invalid_argument(
        std::string("the ") + name +
        " law is a point, or samples, which have no density at the centres of cells; "
        "give a gaussian of a width that the cells resolve, or take method "
        "\"propagator\" and propagator \"finite-volume\", where a point fills its cell");
  const std::vector<double> density = marginal(law, grid, choices);
  for (const double value : density)
    if (!(value >= 0 && value < std::numeric_limits<double>::infinity()))
      throw std::invalid_argument(
          std::string("the ") + name +
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
  if (has_points(initial) || has_points(final)) return PropagatorMethod::finite_volume;
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
  bridge.divergence = solution.divergence;
  bridge.marginal_error = solution.marginal_error;
  bridge.iterations = solution.iterations;
  if (grid.dimension() == 1) bridge.coupling = coupling_of(*ends.kernel, solution);
  Assembly assembly(reference, grid, stations, rule, times, family->open_axes(), bridge);
  between_the_ends(*family, grid, stations.time, solution, assembly);
  bridge.warnings = solution.warnings;
  for (const std::string& warning : ends.kernel->warnings()) bridge.warnings.push_back(warning);
  assembly.finish(
      correction_of_the_grid(reference, grid, initial, final, start, stop, choices, bridge.divergence),
      ends.error + ends.kernel->divergence_error() + exponents_of_doubles * solution.unreached,
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
