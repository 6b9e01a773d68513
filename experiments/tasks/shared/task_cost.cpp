// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/tasks/shared/task_cost.hpp"

#include <algorithm>
#include <cmath>

#include "experiments/text/short_number.hpp"

namespace umkehr {
namespace {

constexpr double usual_tolerance = 1e-8;
constexpr double steps_a_cell = 3;  // that an explicit step lets the drift cross
constexpr double a_mean = 4e-8, a_product = 1e-9, a_correlated_mean = 1e-7;  // of one Gaussian over one cell
constexpr double a_gaussian = 600;  // of a mixture, with what is made of it while its density is evaluated
constexpr int cost_looks = 5;       // at times, evenly

/// The largest rates at which the process acts on its grid, in 1/t.
struct Rates {
  double drift = 0, noise = 0, killing = 0;
};

double largest(const Coefficient& function, const Points& x, double t) {
  std::vector<double> values(x.count());
  function(x, t, values);
  double most = 0;
  for (const double value : values)
    if (std::isfinite(value)) most = std::max(most, std::abs(value));
  return most;
}

Rates rates_of(const Process& process, const Problem& problem) {
  const Grid& grid = problem.grid;
  Rates rates;
  const Points x = grid.centres();
  for (int n = 0; n < cost_looks; ++n) {
    const double t = problem.start + (problem.stop - problem.start) * n / (cost_looks - 1);
    double drift = 0, noise = 0;
    for (std::size_t k = 0; k < grid.dimension(); ++k) {
      const double spacing = grid.axis(k).spacing(), diffusion = process.diffusion[k](t);
      drift += largest(process.drift[k], x, t) / spacing;
      if (std::isfinite(diffusion)) noise += diffusion / (spacing * spacing);
    }
    rates = {std::max(rates.drift, drift), std::max(rates.noise, noise),
             std::max(rates.killing, largest(process.killing, x, t))};
  }
  return rates;
}

std::string text_of(const Rates& rates, double duration) {
  std::vector<std::pair<double, std::string>> all = {
      {rates.drift, "drift |F|/dx"}, {rates.noise, "noise D/dx^2"}, {rates.killing, "killing |V|"}};
  std::sort(all.rbegin(), all.rend());
  std::string text;
  for (const auto& [rate, name] : all)
    if (rate > 0) text += (text.empty() ? "" : ", ") + name + " up to " + short_number(rate);
  return text + " over a time of " + short_number(duration);
}

double seconds_a_step(const Problem& problem, const KolmogorovChoices& choices) {
  const double cells = cells_of(problem);
  switch (choices.method) {
    case Method::finite_volume:
      return a_volume * axes_of(problem) * cells;
    case Method::fourier:
      return a_mode * cells;
    case Method::hermite:
      return problem.grid.dimension() == 1 ? a_pair * cells * cells : a_mode * cells;
    case Method::path_integral:
      return a_slice * (choices.step ? 1 : 6) * cells;
  }
  return 0;
}

double steps_of_smooth(const Problem& problem, const KolmogorovChoices& choices) {
  const double order = choices.method == Method::finite_volume ? 4 : 5;
  return smooth_steps * std::max(1.0, std::pow(usual_tolerance / choices.tolerance, 1 / order)) +
         times_of(problem);
}

}  // namespace

std::string rates_text(const Process& process, const Problem& problem) {
  return text_of(rates_of(process, problem), problem.stop - problem.start);
}

TaskCost march_cost(const Problem& problem, const KolmogorovChoices& choices, double times) {
  const double duration = problem.stop - problem.start;
  const Rates found = rates_of(problem.process, problem);
  TaskCost cost{steps_of_smooth(problem, choices), 0, text_of(found, duration)};
  const bool is_explicit = choices.method == Method::fourier && choices.scheme != "symmetrised";
  if (is_explicit) cost.steps += duration * (steps_a_cell * found.drift + found.killing);
  if (choices.step) {
    cost.steps = duration / *choices.step + times_of(problem);
    cost.driver = "dt = " + short_number(*choices.step) + ", which makes " +
                  short_number(std::ceil(cost.steps)) + " steps; " + cost.driver;
  }
  cost.seconds = times * cost.steps * seconds_a_step(problem, choices);
  return cost;
}

double cell_means_seconds(const Law& law, const Grid& grid) {
  const auto* mixture = std::get_if<GaussianMixture>(&law);
  if (!mixture) return 0;
  const auto cells = static_cast<double>(grid.size());
  double axes = 0, seconds = 0;
  for (const Axis& axis : grid.axes()) axes += static_cast<double>(axis.points);
  for (const Gaussian& gaussian : mixture->components())
    seconds +=
        gaussian.covariance.isDiagonal(0) ? a_mean * axes + a_product * cells : a_correlated_mean * cells;
  return 2 * seconds;
}

double law_memory(const Law& law) {
  const auto* mixture = std::get_if<GaussianMixture>(&law);
  return mixture ? a_gaussian * static_cast<double>(mixture->components().size()) : 0;
}

}  // namespace umkehr
