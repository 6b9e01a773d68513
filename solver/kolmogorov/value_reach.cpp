// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/kolmogorov/value_reach.hpp"

#include <algorithm>
#include <utility>

#include "solver/finite_volume/finite_volume.hpp"

namespace umkehr {
namespace {

constexpr int doublings = 20;            // of the time since a saved one
constexpr int parts = 4;                 // steps to each
constexpr double logarithmic_span = 40;  // ln(run / shortest conceivable step)
constexpr double max_steps = 20'000;
constexpr std::size_t seen_first = 1000;  // steps: what begins with a jump begins with short ones

std::vector<float> larger(const std::vector<float>& a, const std::vector<float>& b) {
  std::vector<float> out(a.size());
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = std::max(a[i], b[i]);
  return out;
}

}  // namespace

ValueReach::ValueReach(const Process& process, const Grid& grid, std::vector<double> times, double stop)
    : times_(std::move(times)), duration_(stop - times_.front()), first_(duration_ / (1 << doublings)) {
  FiniteVolume volumes(process, grid);
  const Scheme* scheme = finite_volume_scheme("backward-euler", false);
  const double volume = grid.cell_volume() * static_cast<double>(grid.size());
  std::vector<double> state(volumes.size(), 0.0);
  std::fill_n(state.begin(), grid.size(), 1 / volume);
  double reached = times_.front();
  const auto weights_at = [&](double time) {
    const double from = std::exchange(reached, time), step = (time - from) / parts;
    for (int n = 0; n < parts; ++n)
      volumes.forward(state, {from + n * step, n + 1 == parts ? time : from + (n + 1) * step, scheme});
    std::vector<float> weights(grid.size());
    for (std::size_t i = 0; i < weights.size(); ++i)
      weights[i] = static_cast<float>(std::clamp(volume * state[i], 0.0, 1.0));
    return weights;
  };
  std::vector<float> before = weights_at(times_.front() + first_);
  for (int n = 1; n <= doublings; ++n) {
    std::vector<float> next = weights_at(times_.front() + first_ * (1 << n));
    weights_.push_back(larger(before, next));
    before = std::move(next);
  }
}

ErrorWeights ValueReach::of(const Step& step) const {
  const auto later = std::upper_bound(times_.begin(), times_.end(), step.start);
  if (later == times_.begin()) return {};
  const double since = step.start - *(later - 1);
  ErrorWeights weights{{}, std::min(1.0, logarithmic_span * (since + step.length()) / duration_)};
  if (since < first_) return weights;
  std::size_t n = 0;
  for (double next = 2 * first_; n + 1 < weights_.size() && since >= next; next *= 2) ++n;
  weights.of_cells = weights_[n];
  return weights;
}

bool creeps(std::size_t steps, double fraction) {
  return steps >= seen_first && static_cast<double>(steps) > max_steps * fraction;
}

}  // namespace umkehr
