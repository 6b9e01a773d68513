// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/tasks/memory.hpp"

#include <algorithm>
#include <cmath>

#include "experiments/tasks/task_cost.hpp"
#include "solver/kolmogorov/fokker_planck.hpp"

namespace umkehr {

namespace {

/// Bytes while a task runs, and those of its result that wait to be written.
struct Needed {
  double running = 0, kept = 0;
};

constexpr double program = 24 << 20;  // the command itself with its libraries, as measured
constexpr double dense_times = 200;   // at about so many a reversal keeps the law that it reverses
constexpr double a_step = 2 * 3 * sizeof(double);  // of the list of steps, which grows by doubling
constexpr double a_gaussian = 600;  // of a mixture, with what is made of it while its density is evaluated

class Memory {
 public:
  Memory(const Experiment& experiment, const Task& task)
      : experiment_(experiment),
        task_(task),
        size_(static_cast<double>(experiment.grid.size())),
        field_(size_ * sizeof(double)),
        times_(static_cast<double>(experiment.times.size())),
        axes_(static_cast<double>(experiment.grid.dimension())) {}

  Needed operator()(const FokkerPlanckTask& forward) const {
    const bool is_replayed = umkehr::is_replayed(experiment_, task_.name);
    return {run(forward.choices) + law(forward.initial), (2 + axes_ + is_replayed) * times_ * field_};
  }

  Needed operator()(const BackwardKolmogorovTask& backward) const {
    return {run(backward.choices), (backward.of.empty() ? 1 : 2) * times_ * field_};
  }

  Needed operator()(const SpectrumTask& spectrum) const {
    const double count = static_cast<double>(spectrum.choices.count), kept = 4 * count * field_;
    if (spectrum.choices.method == SpectrumMethod::finite_volume) return {sparse_factors() + kept, kept};
    const bool is_galerkin = spectrum.choices.method == SpectrumMethod::galerkin;
    const double unknowns = is_galerkin ? static_cast<double>(most_galerkin_unknowns)
                                        : std::min(size_, static_cast<double>(most_spectral_unknowns));
    return {3 * unknowns * unknowns * sizeof(double) + kept, kept};
  }

  Needed operator()(const ReverseDiffusionTask& reverse) const {
    return {3 * run(reverse.choices.kolmogorov) + dense_times * (1 + axes_) * field_,
            (1 + axes_) * times_ * field_};
  }

  Needed operator()(const HjbTask&) const {
    return {(3 * (1 + axes_) * times_ + 30) * field_, (1 + axes_) * times_ * field_};
  }

  Needed operator()(const SchroedingerBridgeTask& bridge) const {
    const double coupling = axes_ > 1 ? 0 : size_ * field_, fields = (3 + axes_) * times_ * field_;
    return {fields + coupling + static_cast<double>(estimate_bridge_memory(experiment_.grid, bridge.choices)),
            fields + coupling};
  }

  Needed operator()(const ActionGapTask& gap) const {
    return {150 * (2 + axes_) * field_ + law(gap.forward.initial), 0};
  }

  /// A band of a matrix of all coordinates of the path, on up to four times as many pieces, and a lattice.
  Needed operator()(const MostProbablePathTask& path) const {
    constexpr double lattice = 3e7;
    const double coordinates = static_cast<double>(path.points) * axes_;
    return {lattice + 4 * coordinates * (6 * axes_ + 40) * sizeof(double), 20 * coordinates * sizeof(double)};
  }

  Needed operator()(const CellsTask& cells) const {
    const double tables = static_cast<double>(cells.totals.size()) + 20;
    return {tables * static_cast<double>(cells.cells.front().kernel.size()) * sizeof(double), 0};
  }

 private:
  double run(const KolmogorovChoices& choices) const {
    const double steps = choices.step ? cost_of(experiment_, task_).steps * a_step : 0;
    return steps + static_cast<double>(estimate_memory(experiment_.grid, experiment_.times.size(), choices));
  }

  static double law(const Law& law) {
    const auto* mixture = std::get_if<GaussianMixture>(&law);
    return mixture ? a_gaussian * static_cast<double>(mixture->components().size()) : 0;
  }

  /// Of the matrix, its list of entries, and its factors, which fill in the more the more axes there are.
  double sparse_factors() const {
    const double fill = axes_ == 1   ? 40
                        : axes_ == 2 ? 1.7 * std::sqrt(size_)
                                     : 8 * std::cbrt(size_) * std::log2(size_);
    return (fill + 40) * field_;
  }

  const Experiment& experiment_;
  const Task& task_;
  double size_, field_, times_, axes_;
};

}  // namespace

double memory_of(const Experiment& experiment) {
  double largest = 0, kept = 0;
  for (const Task& task : experiment.tasks) {
    const Needed needed = std::visit(Memory(experiment, task), task.problem);
    largest = std::max(largest, needed.running);
    kept += needed.kept;
  }
  return program + largest + kept;
}

}  // namespace umkehr
