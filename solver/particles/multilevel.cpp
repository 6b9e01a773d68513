// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/particles/multilevel.hpp"

#include <algorithm>
#include <cmath>

#include "grids/failure.hpp"
#include "solver/particles/time_steps.hpp"

namespace umkehr {
namespace {

constexpr double coarsest_steps = 16;
constexpr std::size_t max_levels = 16, first_levels = 3;
constexpr std::size_t pilot_count = 1024, chunk_count = 65536;
constexpr double max_growth =
    8;  // of a level's samples in one round: what says how many are needed is itself a sample
constexpr double max_cost = 1e12;       // steps of all samples
constexpr double min_weak_order = 0.5;  // that decays are trusted to have
constexpr std::uint64_t first_purpose = 1u << 10;

/// Sums over the samples of a level.
struct LevelSums {
  double count = 0, difference = 0, square = 0, fine = 0, fine_square = 0;
  double mean() const { return difference / count; }
  double variance() const { return std::max(0.0, square / count - mean() * mean()); }
  double fine_variance() const { return std::max(0.0, fine_square / count - fine * fine / (count * count)); }
};

class Multilevel {
 public:
  Multilevel(const ParticlesProblem& problem, const MultilevelChoices& choices)
      : on_(problem), choices_(choices) {
    scheme_ = particle_scheme(choices.scheme.empty() ? particle_schemes().front() : choices.scheme);
    const double dt = choices.dt > 0 ? choices.dt : (problem.stop - problem.start) / coarsest_steps;
    coarsest_ = equal_steps(problem.start, {problem.stop},
                            time_jumps(problem.process, problem.start, problem.stop), dt)
                    .times;
    for (std::size_t l = 0; l < first_levels; ++l) add_level();
  }

  MultilevelSolution solve(const Progress& progress) {
    for (;;) {
      while (sample_what_is_missing())
        if (progress) progress(std::min(0.99, reached()));
      if (bias() <= allowed()) return found();
      if (levels_.size() == max_levels)
        throw NumericalFailure("the bias of steps of " + std::to_string(max_levels) +
                               " levels is above `tolerance`; take a larger one, or a smaller `dt`");
      add_level();
    }
  }

 private:
  double steps_of(std::size_t level) const {
    return std::ldexp(static_cast<double>(coarsest_.size() - 1), static_cast<int>(level));
  }
  double cost_of(std::size_t level) const { return steps_of(level) + (level > 0 ? steps_of(level - 1) : 0); }

  void add_level() {
    levels_.emplace_back();
    sample(levels_.size() - 1, pilot_count);
  }

  std::vector<double> times_of(std::size_t level) const {
    const std::size_t parts = std::size_t{1} << level;
    std::vector<double> times = {coarsest_.front()};
    for (std::size_t n = 0; n + 1 < coarsest_.size(); ++n)
      for (std::size_t i = 1; i <= parts; ++i) {
        const double share = static_cast<double>(i) / static_cast<double>(parts);
        times.push_back(i == parts ? coarsest_[n + 1]
                                   : coarsest_[n] + share * (coarsest_[n + 1] - coarsest_[n]));
      }
    return times;
  }

  /// J1 exp(-int V) of each path.
  std::vector<double> payments(std::size_t level, const EnsembleChoices& choices) const {
    EnsembleProblem problem;
    problem.motion = motion_of(on_.process);
    if (on_.process.killing.constant_value() != 0.0)
      problem.killing = [this](const Points& x, double t, std::span<double> out) {
        on_.process.killing(x, t, out);
      };
    if (on_.grid) problem.walls = walls_of(*on_.grid);
    problem.start = start_of(on_.law, on_.grid);
    problem.steps = times_of(level);
    problem.saved = {problem.steps.size() - 1};
    const EnsembleRun run = run_ensemble(problem, *scheme_, choices);
    std::vector<double> paid(choices.count);
    (*on_.terminal)(run.kept[0], on_.stop, paid);
    for (std::size_t i = 0; i < paid.size(); ++i) paid[i] *= run.kept_weight[0][i];
    return paid;
  }

  /// Both of a difference see the same path: two parts of it a step on the coarser level.
  void sample(std::size_t level, std::size_t count) {
    EnsembleChoices choices;
    choices.seed = choices_.seed;
    choices.purpose = first_purpose + level;
    choices.first = static_cast<std::uint64_t>(levels_[level].count);
    choices.count = choices.keep = count;
    const std::vector<double> fine = payments(level, choices);
    choices.refinement = 2;
    const std::vector<double> coarse = level > 0 ? payments(level - 1, choices) : std::vector<double>(count);
    LevelSums& sums = levels_[level];
    for (std::size_t i = 0; i < count; ++i) {
      const double difference = fine[i] - coarse[i];
      sums.difference += difference;
      sums.square += difference * difference;
      sums.fine += fine[i];
      sums.fine_square += fine[i] * fine[i];
    }
    sums.count += static_cast<double>(count);
    spent_ += static_cast<double>(count) * cost_of(level);
  }

  double value() const {
    double sum = 0;
    for (const LevelSums& one : levels_) sum += one.mean();
    return sum;
  }
  /// Of the statistics, and of the bias.
  double allowed() const { return choices_.tolerance * std::abs(value()) / std::sqrt(2.0); }
  double variance() const {
    double sum = 0;
    for (const LevelSums& one : levels_) sum += one.variance() / one.count;
    return sum;
  }
  double reached() const { return variance() > 0 ? allowed() * allowed() / variance() : 1; }

  std::vector<double> wanted() const {
    const double root = roots(), square = allowed() * allowed();
    refuse_what_costs_too_much(root);
    std::vector<double> counts;
    for (std::size_t l = 0; l < levels_.size(); ++l)
      counts.push_back(std::min(max_growth * levels_[l].count,
                                std::ceil(std::sqrt(levels_[l].variance() / cost_of(l)) * root / square)));
    return counts;
  }

  /// sum_l sqrt(v_l c_l); its square over the variance that is allowed is the least cost.
  double roots() const {
    double sum = 0;
    for (std::size_t l = 0; l < levels_.size(); ++l) sum += std::sqrt(levels_[l].variance() * cost_of(l));
    return sum;
  }

  /// For the largest value that the samples allow.
  void refuse_what_costs_too_much(double root) const {
    const double largest = std::abs(value()) + 4 * std::sqrt(variance()),
                 least = root / (choices_.tolerance * largest);
    if (root == 0 || (2 * least * least <= max_cost && spent_ <= max_cost)) return;
    throw NumericalFailure("a `tolerance` relative to a value near " + std::to_string(value()) +
                           " takes more than 1e12 steps of particles; take a larger one, or `count`");
  }

  bool sample_what_is_missing() {
    const std::vector<double> counts = wanted();
    bool any = false;
    for (std::size_t l = 0; l < levels_.size(); ++l)
      while (levels_[l].count < counts[l]) {
        any = true;
        // Whole batches, so that counts of other seeds differ in nothing else.
        const double missing = std::ceil((counts[l] - levels_[l].count) / 64) * 64;
        sample(l, std::min(chunk_count, static_cast<std::size_t>(missing)));
      }
    return any;
  }

  /// a of |E[P_l - P_(l-1)]| ~ 2^(-a l), by least squares over levels weighted alike.
  double decay() const {
    double x = 0, y = 0, xx = 0, xy = 0, n = 0;
    for (std::size_t l = 1; l < levels_.size(); ++l) {
      const double size = std::abs(levels_[l].mean());
      if (size == 0) continue;
      const double at = static_cast<double>(l), log = std::log2(size);
      n += 1, x += at, y += log, xx += at * at, xy += at * log;
    }
    const double seen = n > 1 ? -(n * xy - x * y) / (n * xx - x * x) : 0;
    return std::clamp(seen, min_weak_order, scheme_->weak_order());
  }

  /// The largest that the last two differences tell.
  double bias() const {
    const std::size_t last = levels_.size() - 1;
    const double a = decay(), before = std::abs(levels_[last - 1].mean()) * std::exp2(-a);
    return std::max(std::abs(levels_[last].mean()), before) / (std::exp2(a) - 1);
  }

  MultilevelSolution found() const {
    MultilevelSolution solution;
    solution.scheme = scheme_->name();
    solution.bias_error = bias();
    solution.value = {value(), std::hypot(std::sqrt(variance()), bias())};
    for (std::size_t l = 0; l < levels_.size(); ++l)
      solution.levels.push_back({levels_[l].mean(), levels_[l].variance(), levels_[l].count, cost_of(l)});
    const double plain = variance() > 0 ? levels_.back().fine_variance() / variance() : 1;
    solution.cost_ratio = plain * steps_of(levels_.size() - 1) / spent_;
    return solution;
  }

  const ParticlesProblem& on_;
  const MultilevelChoices& choices_;
  std::unique_ptr<ParticleScheme> scheme_;
  std::vector<double> coarsest_;
  std::vector<LevelSums> levels_;
  double spent_ = 0;
};

}  // namespace

MultilevelSolution solve_multilevel(const ParticlesProblem& problem, const MultilevelChoices& choices,
                                    const Progress& progress) {
  if (!problem.terminal) throw UnfitProblem("levels are for the expectation of a `terminal`");
  if (problem.score || problem.control)
    throw UnfitProblem("levels are for forward particles without control");
  if (!(choices.tolerance > 0)) throw UnfitProblem("the tolerance of levels is above 0");
  return Multilevel(problem, choices).solve(progress);
}

}  // namespace umkehr
