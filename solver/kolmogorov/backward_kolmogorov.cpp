// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/kolmogorov/backward_kolmogorov.hpp"

#include <algorithm>
#include <functional>
#include <memory>
#include <optional>
#include <sstream>

#include "grids/failure.hpp"
#include "grids/middle_half.hpp"
#include "solver/fourier/fourier_value.hpp"
#include "solver/kolmogorov/discretise.hpp"
#include "solver/kolmogorov/grid_errors.hpp"
#include "solver/kolmogorov/value_reach.hpp"
#include "solver/kolmogorov/value_trial.hpp"
#include "solver/kolmogorov/wall_reach.hpp"
#include "solver/kolmogorov/wall_weight.hpp"
#include "solver/kolmogorov/warnings.hpp"
#include "solver/stepping/step_guard.hpp"

namespace umkehr {
namespace {

void check_backward(const Process& process, const Grid& grid, double stop, const std::vector<double>& times) {
  if (process.dimension() != grid.dimension() || process.diffusion.size() != grid.dimension())
    throw UnfitProblem("the process and the grid differ in dimension");
  if (times.empty() || times.back() > stop) throw UnfitProblem("saved times must not lie after the stop");
  if (!std::is_sorted(times.begin(), times.end(), std::less_equal<>()))
    throw UnfitProblem("saved times must ascend");
}

/// Saved times, and the stop if it is not one of them.
std::vector<double> stations_of(const std::vector<double>& times, double stop) {
  std::vector<double> stations = times;
  if (times.back() < stop) stations.push_back(stop);
  return stations;
}

/// Sees the value at each station, those that are not saved last.
class Keeper {
 public:
  Keeper(Discretisation& discretisation, const Grid& grid, const Coefficient& terminal, double stop,
         const std::vector<double>& times, BackwardKolmogorovSolution& solution)
      : discretisation_(discretisation),
        grid_(grid),
        terminal_(terminal),
        stop_(stop),
        times_(times),
        solution_(solution) {
    solution_.value = History(times, grid.size());
  }

  void operator()(std::size_t n, std::span<const double> state) {
    const double t = n < times_.size() ? times_[n] : stop_;
    if (t < stop_) discretisation_.require_resolved_value(state, t);
    told_.add(discretisation_.value_warnings(state, t), solution_.warnings);
    if (n >= times_.size()) return;
    if (t == stop_)
      terminal_(grid_.centres(), t, solution_.value[n]);
    else
      discretisation_.value(state, solution_.value[n]);
  }

 private:
  Discretisation& discretisation_;
  const Grid& grid_;
  const Coefficient& terminal_;
  double stop_;
  const std::vector<double>& times_;
  BackwardKolmogorovSolution& solution_;
  ToldWarnings told_;
};

/// The Hermite method knows no walls; the Fourier method's are where terminal values are blended. Those of finite volumes
/// and path integrals are the problem's own where they absorb, or where every path meets them.
void warn_of_walls(const Process& process, const Grid& grid, Method method, double start, double stop,
                   std::vector<std::string>& warnings) {
  if (method == Method::hermite || !(start < stop)) return;
  const double share = method == Method::fourier ? blended_share : 0;
  for (std::size_t k = 0; k < grid.dimension(); ++k) {
    if (grid.axis(k).boundary == Boundary::periodic) continue;
    if (method != Method::fourier && grid.axis(k).boundary == Boundary::absorbing) continue;
    const WallReach reach = wall_reach(process, grid, k, start, stop, share);
    if (method != Method::fourier && reach.lower + reach.upper >= grid.axis(k).length()) continue;
    warnings.push_back(wall_reach_warning(grid.axis(k), reach, start));
  }
}

/// The largest size in the middle half of the axes over that anywhere.
double share_of_middle(const Grid& grid, std::span<const double> value) {
  double all = 0, middle = 0;
  for (std::size_t i = 0; i < value.size(); ++i) {
    all = std::max(all, std::abs(value[i]));
    if (in_middle_half(grid, i)) middle = std::max(middle, std::abs(value[i]));
  }
  return all > 0 ? middle / all : 1;
}

/// Errors are relative to the largest value. Where that lies at the walls, and far above the middle half of the axes, the
/// latter is held against a run on half of the points, each value by its own size.
void warn_of_middle(const Grid& grid, BackwardKolmogorovSolution& solution) {
  constexpr double far_above = 0.1, too_far_off = 0.5;
  const std::span<const double> value = solution.value[0];
  if (!solution.errors.on_half || share_of_middle(grid, value) > far_above) return;
  const double off = worst_in_middle(grid, value, solution.errors);
  if (off <= too_far_off) return;
  std::ostringstream text;
  text.precision(2);
  text << "in the middle half of the axes, where the value is small beside that at their ends, it is off by "
          "about "
       << off << " of its own size from a run on half of the points; take axes that reach less far";
  solution.warnings.push_back(text.str());
}

/// From now on.
void weigh_by_reach(Discretisation& discretisation, const Process& process, const Grid& grid,
                    const std::vector<double>& times, double stop) {
  const auto reach = std::make_shared<const ValueReach>(process, grid, times, stop);
  discretisation.weigh_value_errors([reach](const Step& step) { return reach->of(step); });
}

/// The value at the first saved time beside another method's, where its own would not show what is wrong.
void hold(Method method, const Process& process, const Grid& grid, const Coefficient& terminal, double start,
          double stop, const Progress& progress, BackwardKolmogorovSolution& solution) {
  if (!needs_trial(method, process, grid, start, stop)) return;
  Held held =
      hold_against_finite_volumes(method, process, grid, terminal, start, stop, solution.value[0], progress);
  for (std::string& warning : held.warnings) solution.warnings.push_back(std::move(warning));
  if (held.error) solution.errors.grid = held.error;
}

}  // namespace

BackwardKolmogorovSolution solve_backward_kolmogorov(const Process& process, const Grid& grid,
                                                     const Coefficient& terminal, double stop,
                                                     const std::vector<double>& times,
                                                     const KolmogorovChoices& choices,
                                                     const Progress& progress) {
  check_backward(process, grid, stop, times);
  const std::vector<double> stations = stations_of(times, stop);
  require_finite_value(process, grid, terminal, times.front(), stop, choices.method == Method::hermite);
  BackwardKolmogorovSolution solution;
  const std::unique_ptr<Discretisation> discretisation =
      discretise(process, grid, terminal, stations, choices, solution);
  std::vector<double> state = discretisation->value_state_of(terminal, stop);
  Keeper keep(*discretisation, grid, terminal, stop, times, solution);
  std::optional<ValueGuard> guard;
  if (may_be_negative(choices)) guard.emplace(*discretisation, process, grid, terminal, times.front(), stop);
  bool is_weighable = choices.method == Method::finite_volume && grid.dimension() > 1 && !choices.step;
  std::size_t steps = 0;
  const auto guarded = [&](double fraction) {
    if (is_weighable && creeps(++steps, fraction)) {
      is_weighable = false;
      weigh_by_reach(*discretisation, process, grid, times, stop);
    }
    if (guard) guard->see(state, stop - fraction * (stop - times.front()));
    if (progress) progress(fraction);
  };
  solution.errors = grid_errors(process, grid, terminal, times.front(), stop, choices, progress);
  const double tolerance =
      choices.follows_grid && !choices.step ? tolerance_for(solution.errors.grid) : choices.tolerance;
  const StepControl control{tolerance, choices.step, scheme_of(choices),
                            merged(time_jumps(process, stations.front(), stations.back()), choices.jumps)};
  solution.run = march_backward(*discretisation, state, stations, control, std::ref(keep), guarded);
  settle_error_of_value(grid, solution.value[0], solution.errors);
  warn_of_middle(grid, solution);
  hold(choices.method, process, grid, terminal, times.front(), stop, progress, solution);
  warn_of_walls(process, grid, choices.method, times.front(), stop, solution.warnings);
  return solution;
}

BackwardKolmogorovSolution replay_backward_kolmogorov(const FokkerPlanckReplay& of,
                                                      const Coefficient& terminal, const Progress& progress) {
  if (!of.discretisation || !of.grid || !of.stop) throw UnfitProblem("there is no forward run to replay");
  const double stop = *of.stop;
  require_finite_value(of.process, *of.grid, terminal, of.times.front(), stop, of.method == Method::hermite);
  BackwardKolmogorovSolution solution;
  solution.hermite_centre = of.hermite_centre;
  solution.hermite_scale = of.hermite_scale;
  solution.pairing.resize(of.times.size());
  solution.run = of.run;
  std::erase_if(solution.run.steps, [&](const Step& step) { return step.start < of.times.front(); });
  std::vector<double> state = of.discretisation->value_state_of(terminal, stop);
  Keeper keep(*of.discretisation, *of.grid, terminal, stop, of.times, solution);
  const auto pair_and_keep = [&](std::size_t n, std::span<const double> value) {
    if (n < of.times.size()) solution.pairing[n] = of.discretisation->pairing(of.states[n], value);
    keep(n, value);
  };
  replay_backward(*of.discretisation, state, stations_of(of.times, stop), solution.run.steps, pair_and_keep,
                  progress);
  hold(of.method, of.process, *of.grid, terminal, of.times.front(), stop, progress, solution);
  warn_of_walls(of.process, *of.grid, of.method, of.times.front(), stop, solution.warnings);
  return solution;
}

}  // namespace umkehr
