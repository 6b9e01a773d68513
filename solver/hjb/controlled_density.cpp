// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/hjb/controlled_density.hpp"

#include <algorithm>

#include "solver/hjb/controlled_process.hpp"
#include "solver/kolmogorov/fokker_planck.hpp"

namespace umkehr {
namespace {

constexpr int intervals = 128;
constexpr double tolerance = 1e-6;  // well below the error of the cells

std::vector<double> finer_times(const std::vector<double>& times, double start, double stop) {
  std::vector<double> all = times;
  for (int n = 0; n < intervals; ++n) all.push_back(start + (stop - start) * n / intervals);
  all.push_back(stop);
  std::sort(all.begin(), all.end());
  // Times that differ by roundoff are one; a saved one stays as it is written.
  const double same = 1e-9 * (stop - start);
  std::vector<double> kept;
  for (const double t : all) {
    if (kept.empty() || t - kept.back() > same)
      kept.push_back(t);
    else if (std::binary_search(times.begin(), times.end(), t))
      kept.back() = t;
  }
  return kept;
}

std::size_t index_of(double t, const std::vector<double>& times) {
  return static_cast<std::size_t>(std::lower_bound(times.begin(), times.end(), t) - times.begin());
}

History at(const std::vector<double>& times, const History& fine) {
  History out(times, fine.size());
  for (std::size_t n = 0; n < times.size(); ++n)
    std::ranges::copy(fine[index_of(times[n], fine.times())], out[n].begin());
  return out;
}

}  // namespace

Steered steer(const Process& process, const Grid& grid, const Coefficient& terminal, const Law& initial,
              double start, double stop, const std::vector<double>& times, const HjbChoices& choices,
              const Progress& progress) {
  const auto half = [&](double offset) {
    return [&progress, offset](double fraction) {
      if (progress) progress(offset + fraction / 2);
    };
  };
  Steered steered;
  steered.control =
      solve_hjb(process, grid, terminal, stop, finer_times(times, start, stop), choices, half(0));
  KolmogorovChoices forward;
  forward.tolerance = tolerance;
  forward.jumps = time_jumps(process, start, stop);
  const FokkerPlanckSolution run = solve_fokker_planck(controlled_process(process, grid, steered.control),
                                                       grid, initial, start, times, forward, half(0.5));
  steered.density = run.density;
  std::vector<double> error;
  for (const double t : times)
    error.push_back(steered.control.error[index_of(t, steered.control.value.times())]);
  steered.control.error = std::move(error);
  steered.control.value = at(times, steered.control.value);
  for (History& control : steered.control.control) control = at(times, control);
  steered.control.warnings.insert(steered.control.warnings.end(), run.warnings.begin(), run.warnings.end());
  return steered;
}

}  // namespace umkehr
