// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/tasks/task_cost.hpp"

#include <algorithm>
#include <cmath>

#include "experiments/text/short_number.hpp"

namespace umkehr {
namespace {

// Seconds a cell and a step, and steps of smooth problems, as measured on experiments/*.toml; the powers are the orders.
constexpr double a_volume = 3e-7, a_mode = 4e-7, a_slice = 6e-7, a_pair = 2e-8;
constexpr double smooth_steps = 100, usual_tolerance = 1e-8;
constexpr double steps_a_cell = 3;  // that an explicit step lets the drift cross
constexpr double a_dense_entry = 5e-10, a_sparse_entry = 2e-5, a_kernel_entry = 1e-9;
constexpr double a_mean = 4e-8, a_product = 1e-9, a_correlated_mean = 1e-7;  // of one Gaussian over one cell
constexpr int cost_looks = 5;                                                // at times, evenly

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

Rates rates_of(const Process& process, const Grid& grid, double start, double stop) {
  Rates rates;
  const Points x = grid.centres();
  for (int n = 0; n < cost_looks; ++n) {
    const double t = start + (stop - start) * n / (cost_looks - 1);
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

/// The largest first.
std::string text_of(const Rates& rates, double duration) {
  std::vector<std::pair<double, std::string>> all = {
      {rates.drift, "drift |F|/dx"}, {rates.noise, "noise D/dx^2"}, {rates.killing, "killing |V|"}};
  std::sort(all.rbegin(), all.rend());
  std::string text;
  for (const auto& [rate, name] : all)
    if (rate > 0) text += (text.empty() ? "" : ", ") + name + " up to " + short_number(rate);
  return text + " over a time of " + short_number(duration);
}

class Estimate {
 public:
  explicit Estimate(const Experiment& experiment)
      : experiment_(experiment),
        cells_(static_cast<double>(experiment.grid.size())),
        saved_(static_cast<double>(experiment.times.size())) {}

  TaskCost operator()(const FokkerPlanckTask& task) const {
    TaskCost cost = march(task.choices);
    cost.seconds += cell_means(task.initial);
    return cost;
  }

  TaskCost operator()(const BackwardKolmogorovTask& task) const { return march(task.choices); }

  TaskCost operator()(const SpectrumTask& task) const {
    const double times = std::max(1.0, static_cast<double>(task.diffusion.size()));
    if (task.choices.method == SpectrumMethod::galerkin)
      return {0, times * a_dense_entry * std::pow(most_galerkin_unknowns, 3),
              "as many functions as it takes"};
    const bool is_sparse = task.choices.method == SpectrumMethod::finite_volume;
    const double one = is_sparse ? a_sparse_entry * cells_ : a_dense_entry * cells_ * cells_ * cells_;
    return {0, times * one, std::to_string(experiment_.grid.size()) + " unknowns"};
  }

  TaskCost operator()(const HjbTask& task) const {
    if (task.choices.method == HjbMethod::log_transform)
      return {0, a_kernel_entry * saved_ * cells_ * cells_,
              std::to_string(experiment_.grid.size()) + " cells"};
    KolmogorovChoices choices;
    choices.step = task.choices.step;
    choices.tolerance = task.choices.tolerance;
    if (task.choices.method == HjbMethod::spectral) choices.method = Method::fourier;
    return march(choices, 3);
  }

  TaskCost operator()(const MostProbablePathTask& task) const {
    const double d = static_cast<double>(task.from.size());
    return {0, (d - 1) + 2e-3 * d * static_cast<double>(task.points),
            std::to_string(task.points) + " points"};
  }

  TaskCost operator()(const SchroedingerBridgeTask& task) const {
    constexpr double nodes = 63, iterations = 50;
    const double d = static_cast<double>(experiment_.grid.dimension());
    const bool is_dense = d == 1, marches = task.choices.method == BridgeMethod::propagator;
    const bool is_product = !is_dense && (marches || d < 3 || !couples(task.reference));
    const double apply = a_kernel_entry * (is_product ? cells_ * std::pow(cells_, 1 / d) : cells_ * cells_);
    const double steps = marches && !is_dense ? iterations * smooth_steps * a_volume * d * cells_ : 0;
    return {0, 5 * (nodes + saved_ + iterations) * apply + steps,
            text_of(rates(task.reference), experiment_.stop - experiment_.start)};
  }

  TaskCost operator()(const ReverseDiffusionTask& task) const { return march(task.choices.kolmogorov, 4); }

  TaskCost operator()(const ActionGapTask& task) const {
    TaskCost cost = march(task.forward.choices, 1);
    cost.seconds += 2e-3 * cells_;
    return cost;
  }

  TaskCost operator()(const CellsTask& task) const {
    return {0, 1e-3 * static_cast<double>(task.totals.size()), ""};
  }

 private:
  static bool couples(const Process& process) {
    for (std::size_t k = 0; k < process.dimension(); ++k)
      for (std::size_t l = 0; l < process.dimension(); ++l)
        if (k != l && process.drift[k].depends_on_axis(l)) return true;
    return false;
  }

  Rates rates(const Process& process) const {
    return rates_of(process, experiment_.grid, experiment_.start, experiment_.stop);
  }

  double smooth(const KolmogorovChoices& choices) const {
    const double order = choices.method == Method::finite_volume ? 4 : 5;
    return smooth_steps * std::max(1.0, std::pow(usual_tolerance / choices.tolerance, 1 / order)) + saved_;
  }

  double a_step(const KolmogorovChoices& choices) const {
    switch (choices.method) {
      case Method::finite_volume:
        return a_volume * static_cast<double>(experiment_.grid.dimension()) * cells_;
      case Method::fourier:
        return a_mode * cells_;
      case Method::hermite:
        return experiment_.grid.dimension() == 1 ? a_pair * cells_ * cells_ : a_mode * cells_;
      case Method::path_integral:
        return a_slice * (choices.step ? 1 : 6) * cells_;
    }
    return 0;
  }

  /// Of the initial law, in the check and in the run.
  double cell_means(const Law& law) const {
    const auto* mixture = std::get_if<GaussianMixture>(&law);
    if (!mixture) return 0;
    double axes = 0, seconds = 0;
    for (const Axis& axis : experiment_.grid.axes()) axes += static_cast<double>(axis.points);
    for (const Gaussian& gaussian : mixture->components())
      seconds +=
          gaussian.covariance.isDiagonal(0) ? a_mean * axes + a_product * cells_ : a_correlated_mean * cells_;
    return 2 * seconds;
  }

  TaskCost march(const KolmogorovChoices& choices, double times = 1) const {
    const double duration = experiment_.stop - experiment_.start;
    const Rates found = rates(experiment_.process);
    TaskCost cost{smooth(choices), 0, text_of(found, duration)};
    const bool is_explicit = choices.method == Method::fourier && choices.scheme != "symmetrised";
    if (is_explicit) cost.steps += duration * (steps_a_cell * found.drift + found.killing);
    if (choices.step) {
      cost.steps = duration / *choices.step + saved_;
      cost.driver = "dt = " + short_number(*choices.step) + ", which makes " +
                    short_number(std::ceil(cost.steps)) + " steps; " + cost.driver;
    }
    cost.seconds = times * cost.steps * a_step(choices);
    return cost;
  }

  const Experiment& experiment_;
  double cells_, saved_;
};

}  // namespace

TaskCost cost_of(const Experiment& experiment, const Task& task) {
  return std::visit(Estimate(experiment), task.problem);
}

double seconds_of(const Experiment& experiment) {
  double seconds = 0;
  for (const Task& task : experiment.tasks) seconds += cost_of(experiment, task).seconds;
  return seconds;
}

}  // namespace umkehr
