// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/cells/cell_draws.hpp"

#include <algorithm>
#include <boost/math/special_functions/gamma.hpp>
#include <boost/random/binomial_distribution.hpp>
#include <cmath>
#include <limits>

#include "grids/failure.hpp"
#include "grids/machine/team.hpp"
#include "solver/particles/brownian_source.hpp"
#include "solver/particles/grouped_sums.hpp"

namespace umkehr {
namespace {

using Eigen::Index;

constexpr std::int64_t groups_of_trials = 64;  // whatever the threads, so that sums keep their order
constexpr double a_count = 60;                 // nanoseconds that one takes to draw

/// Random words of one trial: functions of the seed, the run and their number.
class TrialWords {
 public:
  using result_type = std::uint64_t;
  TrialWords(std::uint64_t seed, std::uint64_t run, std::uint64_t trial) : key_{seed, run}, trial_(trial) {}

  static constexpr result_type min() { return 0; }
  static constexpr result_type max() { return std::numeric_limits<result_type>::max(); }
  result_type operator()() {
    if (next_ % 2 == 0) words_ = threefry({trial_, next_ / 2}, key_);
    return words_[next_++ % 2];
  }

 private:
  std::array<std::uint64_t, 2> key_, words_ = {};
  std::uint64_t trial_, next_ = 0;
};

/// Chances of a particle that is in none of the cells before k to be in cell k, (K, L).
Eigen::MatrixXd chances_in_turn(const Eigen::MatrixXd& kernel) {
  Eigen::MatrixXd chances = Eigen::MatrixXd::Zero(kernel.rows(), kernel.cols());
  for (Index l = 0; l < kernel.cols(); ++l) {
    double rest = 0;  // from the last cell on, so that it is a sum of what comes and not a difference
    for (Index k = kernel.rows() - 1; k >= 0; --k) {
      rest += kernel(k, l);
      if (kernel(k, l) > 0) chances(k, l) = kernel(k, l) / rest;
    }
  }
  return chances;
}

std::int64_t binomial(std::int64_t count, double chance, TrialWords& words) {
  if (count == 0 || chance <= 0) return 0;
  if (chance >= 1) return count;
  return boost::random::binomial_distribution<std::int64_t>(count, chance)(words);
}

/// Takes from `lacking` where the particles of cell l go. False as soon as there are too many anywhere.
bool place(std::int64_t count, const Eigen::MatrixXd& chances, Index l, TrialWords& words, Counts& lacking) {
  for (std::size_t k = 0; k < lacking.size() && count > 0; ++k) {
    const std::int64_t gone = binomial(count, chances(static_cast<Index>(k), l), words);
    if ((lacking[k] -= gone) < 0) return false;
    count -= gone;
  }
  return true;
}

/// Sums of value(words of the trial) and of its square, in groups.
template <class Value>
GroupedSums sums_of_trials(const CellDraws& draws, std::uint64_t run, double counts, const Value& value) {
  if (draws.trials < 2) throw UnfitProblem("an estimate with its error takes 2 trials at least");
  const std::int64_t groups = std::min(groups_of_trials, draws.trials);
  GroupedSums sums(static_cast<std::size_t>(groups), 2);
  share(sums.groups(), a_count * counts * static_cast<double>(draws.trials / groups), [&](std::size_t g) {
    const auto first = static_cast<std::int64_t>(g) * draws.trials / groups;
    const auto last = static_cast<std::int64_t>(g + 1) * draws.trials / groups;
    for (std::int64_t trial = first; trial < last; ++trial) {
      TrialWords words(draws.seed, run, static_cast<std::uint64_t>(trial));
      const double one = value(words);
      sums[g][0] += one;
      sums[g][1] += one * one;
    }
  });
  return sums;
}

/// Runs under g and under h, and those of other numbers of particles, share no random words.
std::uint64_t run_number(const Cells& cells, bool under_bridge) {
  return 2 * static_cast<std::uint64_t>(total(cells.initial)) + (under_bridge ? 1 : 0);
}

Index fullest(const Counts& counts) {
  return std::max_element(counts.begin(), counts.end()) - counts.begin();
}

double log_factorial(std::int64_t n) {
  return boost::math::lgamma(static_cast<double>(n) + 1);
}

/// ln of the probability that particles which go by h(.|l) make exactly these counts (3.6).
double log_multinomial(const Eigen::MatrixXd& log_bridge, Index l, const Counts& counts) {
  double log = log_factorial(total(counts));
  for (std::size_t k = 0; k < counts.size(); ++k)
    if (counts[k] > 0)
      log += static_cast<double>(counts[k]) * log_bridge(static_cast<Index>(k), l) - log_factorial(counts[k]);
  return log;
}

}  // namespace

Estimate observed_frequency(const Cells& cells, const CellDraws& draws) {
  const Eigen::MatrixXd chances = chances_in_turn(cells.kernel);
  const GroupedSums sums = sums_of_trials(
      draws, run_number(cells, false), static_cast<double>(cells.kernel.size()), [&](TrialWords& words) {
        Counts lacking = cells.final;
        for (Index l = 0; l < chances.cols(); ++l)
          if (!place(cells.initial[static_cast<std::size_t>(l)], chances, l, words, lacking)) return 0.0;
        return 1.0;
      });
  const double hits = sums.total(0, 1)[0], trials = static_cast<double>(draws.trials);
  const double share = (hits + 1) / (trials + 2);
  return {hits / trials, std::sqrt(share * (1 - share) / trials)};
}

Estimate sampled_rate(const Cells& cells, const CellsOptimum& optimum, const CellDraws& draws) {
  const Eigen::MatrixXd chances = chances_in_turn(optimum.bridge), log_bridge = optimum.bridge.array().log();
  const Index last = fullest(cells.initial);
  const GroupedSums sums = sums_of_trials(
      draws, run_number(cells, true), static_cast<double>(cells.kernel.size()), [&](TrialWords& words) {
        Counts lacking = cells.final;
        for (Index l = 0; l < chances.cols(); ++l)
          if (l != last && !place(cells.initial[static_cast<std::size_t>(l)], chances, l, words, lacking))
            return 0.0;
        return std::exp(log_multinomial(log_bridge, last, lacking));
      });
  const std::vector<double> sum = sums.total(0, 2);
  const double trials = static_cast<double>(draws.trials), mean = sum[0] / trials;
  const auto particles = static_cast<double>(total(cells.initial));
  if (!(mean > 0))
    throw NumericalFailure("none of the trials under the bridge ends in the final counts of " +
                           std::to_string(total(cells.initial)) + " particles; take more `trials`");
  const double variance = std::max(0.0, sum[1] / trials - mean * mean) * trials / (trials - 1);
  return {optimum.divergence - std::log(mean) / particles, std::sqrt(variance / trials) / (mean * particles)};
}

}  // namespace umkehr
