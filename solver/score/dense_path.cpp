// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/score/dense_path.hpp"

#include <algorithm>
#include <sstream>
#include <utility>

#include "grids/interpolation/lagrange.hpp"
#include "solver/kolmogorov/fokker_planck.hpp"
#include "solver/score/dense_at_time.hpp"
#include "solver/score/dense_times.hpp"

namespace umkehr {
namespace {

constexpr std::size_t first_intervals = 32, max_times = 4096;
constexpr int max_passes = 9;
constexpr double lost_in_rounding = 1e-11;  // of the largest density
constexpr double more_exact = 0.1;          // than the reversal

/// What the law is known to.
double known_to(const KolmogorovChoices& choices) {
  return std::max(more_exact * choices.tolerance, lost_in_rounding);
}

/// Halves the intervals beside every time whose error exceeds `allowed`.
std::vector<double> refined_times(const std::vector<double>& times, const std::vector<double>& errors,
                                  double allowed) {
  std::vector<double> finer = {times.front()};
  for (std::size_t n = 1; n < times.size(); ++n) {
    if (errors[n - 1] > allowed || errors[n] > allowed) finer.push_back((times[n - 1] + times[n]) / 2);
    finer.push_back(times[n]);
  }
  return finer;
}

std::vector<double> equal_times(double first, double stop) {
  std::vector<double> times;
  for (std::size_t n = 0; n < first_intervals; ++n)
    times.push_back(first + (stop - first) * static_cast<double>(n) / first_intervals);
  times.push_back(stop);
  return times;
}

std::string coarse_warning(double error) {
  std::ostringstream text;
  text.precision(3);
  text << "the law that is reversed is known to " << error
       << " between the times at which it is kept; start later, where it changes more slowly";
  return text.str();
}

FokkerPlanckSolution dense_run(const Process& process, const Grid& grid, const Law& initial, double start,
                               double first, double stop, const KolmogorovChoices& choices,
                               const Progress& progress, std::vector<std::string>& warnings) {
  const double allowed = known_to(choices);
  KolmogorovChoices exact = choices;
  exact.tolerance = allowed;
  std::vector<double> times = equal_times(first, stop);
  for (int pass = 0;; ++pass) {
    FokkerPlanckSolution run = solve_fokker_planck(process, grid, initial, start, times, exact, progress);
    const std::vector<double> errors = left_out_errors(run.density);
    const double worst = *std::max_element(errors.begin(), errors.end());
    std::vector<double> finer = refined_times(times, errors, allowed);
    if (worst <= allowed || pass == max_passes || finer.size() > max_times) {
      if (worst > 100 * allowed) warnings.push_back(coarse_warning(worst));
      return run;
    }
    times = std::move(finer);
  }
}

}  // namespace

DensePath::DensePath(const Process& process, const Grid& grid, const Law& initial, double start, double first,
                     double stop, const KolmogorovChoices& choices, const Progress& progress)
    : process_(process), grid_(grid), known_to_(known_to(choices)) {
  FokkerPlanckSolution run =
      dense_run(process, grid, initial, start, first, stop, choices, progress, warnings_);
  density_ = std::move(run.density);
  if (choices.method == Method::finite_volume) return;
  slope_ = std::move(run.score);
  for (History& slope : slope_)
    for (std::size_t n = 0; n < slope.times().size(); ++n)
      for (std::size_t i = 0; i < slope.size(); ++i) slope[n][i] *= density_[n][i];
}

std::shared_ptr<const LawAtTime> DensePath::at(double t) const {
  const LagrangeStencil stencil = stencil_in_time(density_.times(), t);
  std::vector<double> density(grid_.size());
  interpolate(density_, stencil, density);
  Components slope(slope_.size(), std::vector<double>(grid_.size()));
  for (std::size_t k = 0; k < slope_.size(); ++k) interpolate(slope_[k], stencil, slope[k]);
  return std::make_shared<DenseAtTime>(process_, grid_, t, std::move(density), std::move(slope), known_to_);
}

}  // namespace umkehr
