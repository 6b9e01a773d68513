// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/kolmogorov/fokker_planck.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <optional>
#include <sstream>

#include "grids/failure.hpp"
#include "solver/kolmogorov/discretise.hpp"
#include "solver/kolmogorov/grid_errors.hpp"
#include "solver/kolmogorov/wall_weight.hpp"
#include "solver/kolmogorov/warnings.hpp"
#include "solver/stepping/step_guard.hpp"

namespace umkehr {
namespace {

double entropy(std::span<const double> density, double cell_volume) {
  double sum = 0;
  for (double p : density) sum -= p > 0 ? p * std::log(p) : 0;
  return sum * cell_volume;
}

/// Where a spectral density is noise around zero, its logarithm stays at the level of that noise.
void log_density(std::span<const double> density, std::span<double> out) {
  for (std::size_t i = 0; i < density.size(); ++i)
    out[i] = std::log(std::max(std::abs(density[i]), std::numeric_limits<double>::min()));
}

void check_forward(const Process& process, const Grid& grid, double start, const std::vector<double>& times) {
  if (process.dimension() != grid.dimension() || process.diffusion.size() != grid.dimension())
    throw UnfitProblem("the process and the grid differ in dimension");
  if (times.empty() || times.front() < start) throw UnfitProblem("saved times must not lie before the start");
  if (!std::is_sorted(times.begin(), times.end(), std::less_equal<>()))
    throw UnfitProblem("saved times must ascend");
}

/// Sums over slices round by a share of the largest density; creation makes the more of it the further from there V < 0 lies.
void require_more_than_rounding(const Process& process, const Grid& grid, double start, double stop,
                                double mass) {
  constexpr double rounding = 1e-16, allowed = 1e-3;
  if (process.killing.constant_value()) return;
  std::vector<double> rates(grid.size());
  double least = 0;
  for (const double t : {start, 0.5 * (start + stop), stop}) {
    process.killing(grid.centres(), t, rates);
    least = std::min(least, *std::ranges::min_element(rates));
  }
  const double grown = rounding * std::exp(-least * (stop - start));
  if (grown <= allowed * mass) return;
  std::ostringstream text;
  text.precision(3);
  text << "rounding may have grown to " << grown << " by the creation where the killing is " << least
       << ", beside a mass of " << mass << "; narrow the axes, or take method hermite or finite-volume";
  throw NumericalFailure(text.str());
}

}  // namespace

FokkerPlanckSolution solve_fokker_planck(const Process& process, const Grid& grid, const Law& initial,
                                         double start, const std::vector<double>& times,
                                         const KolmogorovChoices& choices, const Progress& progress,
                                         FokkerPlanckReplay* replay, const FokkerPlanckFields& fields) {
  check_forward(process, grid, start, times);
  std::vector<double> stations = times;  // where the march stops: the start, then every saved time
  if (times.front() > start) stations.insert(stations.begin(), start);
  const std::size_t unsaved = stations.size() - times.size();
  if (replay && replay->stop > times.back()) stations.push_back(*replay->stop);

  require_finite_mass(process, grid, initial, stations.front(), stations.back(),
                      choices.method == Method::hermite);
  FokkerPlanckSolution solution;
  const std::shared_ptr<Discretisation> discretisation =
      discretise(process, grid, initial, stations, choices, solution);
  std::vector<double> state = discretisation->state_of(initial);

  solution.density = History(times, grid.size());
  if (fields.log_density) solution.log_density = History(times, grid.size());
  if (fields.score) solution.score.assign(grid.dimension(), History(times, grid.size()));
  solution.minimum = std::numeric_limits<double>::infinity();
  const double total = discretisation->mass(state) + discretisation->lost(state);
  ToldWarnings told;

  const auto keep = [&](std::size_t station, std::span<const double> now) {
    if (station < unsaved || station - unsaved >= times.size()) return;
    const std::size_t n = station - unsaved;
    const std::span<double> density = solution.density[n];
    discretisation->require_resolved(now, times[n]);
    const bool as_given = times[n] == start && has_pieces(initial, grid);
    const std::vector<double> given =
        as_given ? discretisation->sampled_state_of(initial) : std::vector<double>();
    const std::span<const double> shown = as_given ? given : now;
    discretisation->density(shown, density);
    if (fields.log_density) log_density(density, solution.log_density[n]);
    for (std::size_t k = 0; k < solution.score.size(); ++k)
      discretisation->score(shown, k, solution.score[k][n]);
    const double mass = discretisation->mass(now);
    solution.mass.push_back(mass);
    solution.entropy.push_back(entropy(density, grid.cell_volume()));
    solution.mass_error = std::max(solution.mass_error, std::abs(mass + discretisation->lost(now) - total));
    solution.minimum = std::min(solution.minimum, *std::min_element(density.begin(), density.end()));
    if (!as_given) told.add(discretisation->warnings(now, times[n]), solution.warnings);
    if (replay) replay->states.emplace_back(now.begin(), now.end());
  };
  if (replay) replay->states.clear();
  std::optional<DensityGuard> guard;
  if (may_be_negative(choices)) guard.emplace(*discretisation, grid, state, has_pieces(initial, grid));
  const auto guarded = [&](double fraction) {
    if (guard) guard->see(state, stations.front() + fraction * (stations.back() - stations.front()));
    if (progress) progress(fraction);
  };
  solution.errors = grid_errors(process, grid, initial, stations.front(), times.back(), choices, progress);
  const double tolerance =
      choices.follows_grid && !choices.step ? tolerance_for(solution.errors.grid) : choices.tolerance;
  const StepControl control{tolerance, choices.step, scheme_of(choices),
                            merged(time_jumps(process, stations.front(), stations.back()), choices.jumps)};
  solution.run = march_forward(*discretisation, state, stations, control, keep, guarded);
  if (choices.method == Method::path_integral)
    require_more_than_rounding(process, grid, stations.front(), stations.back(), solution.mass.back());
  settle_error_of_density(grid, solution.density[times.size() - 1], solution.errors);
  if (replay) {
    replay->stop = stations.back();
    replay->process = process;
    replay->grid = grid;
    replay->method = choices.method;
    replay->discretisation = discretisation;
    replay->times = times;
    replay->run = solution.run;
    replay->hermite_centre = solution.hermite_centre;
    replay->hermite_scale = solution.hermite_scale;
  }
  return solution;
}

}  // namespace umkehr
