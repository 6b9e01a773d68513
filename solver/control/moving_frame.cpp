// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/control/moving_frame.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "solver/propagator/march.hpp"

namespace umkehr {
namespace {

constexpr int nodes = 9;
constexpr double node_spacing = 0.75;  // standard deviations
constexpr double cautious = 0.05;      // of the time in which a moment changes by its own size
constexpr std::size_t most_steps = 50000;

/// Means of g and of (x_k - m_k) g_k over N(m, diag v), on a lattice of 9 nodes an axis.
class Closure {
 public:
  Closure(const DriftOfTime& drift, const NoiseOfTime& noise, std::size_t dimension)
      : drift_(drift), noise_(noise), d_(dimension) {
    std::size_t count = 1;
    for (std::size_t k = 0; k < d_; ++k) count *= nodes;
    unit_ = Components(d_, std::vector<double>(count));
    weight_.assign(count, 1.0);
    double total = 0;
    for (std::size_t i = 0; i < count; ++i) {
      for (std::size_t k = 0, rest = i; k < d_; ++k, rest /= nodes) {
        unit_[k][i] = node_spacing * (static_cast<double>(rest % nodes) - (nodes - 1) / 2.0);
        weight_[i] *= std::exp(-0.5 * unit_[k][i] * unit_[k][i]);
      }
      total += weight_[i];
    }
    for (double& weight : weight_) weight /= total;
  }

  /// (m', v') of the state (m, v).
  std::vector<double> rate(const std::vector<double>& state, double r) const {
    Points x(d_, weight_.size());
    for (std::size_t k = 0; k < d_; ++k)
      for (std::size_t i = 0; i < weight_.size(); ++i)
        x[k][i] = state[k] + std::sqrt(state[d_ + k]) * unit_[k][i];
    Components g(d_, std::vector<double>(weight_.size()));
    drift_(x, r, g);
    const std::vector<double> noise = noise_(r);
    std::vector<double> out(2 * d_);
    for (std::size_t k = 0; k < d_; ++k) {
      double covariance = 0;
      for (std::size_t i = 0; i < weight_.size(); ++i) {
        out[k] += weight_[i] * g[k][i];
        covariance += weight_[i] * (x[k][i] - state[k]) * g[k][i];
      }
      out[d_ + k] = 2 * covariance + noise[k];
    }
    return out;
  }

  /// How long until some moment has changed by its own size, or noise has replaced it.
  double patience(const std::vector<double>& state, const std::vector<double>& rate, double r) const {
    double shortest = 1e300;
    const std::vector<double> noise = noise_(r);
    for (std::size_t k = 0; k < d_; ++k) {
      const double variance = state[d_ + k];
      shortest = std::min({shortest, std::sqrt(variance) / (std::abs(rate[k]) + 1e-300),
                           variance / (std::abs(rate[d_ + k]) + noise[k] + 1e-300)});
    }
    return shortest;
  }

 private:
  const DriftOfTime& drift_;
  const NoiseOfTime& noise_;
  std::size_t d_;
  Components unit_;
  std::vector<double> weight_;
};

std::vector<double> sum(const std::vector<double>& a, double h, const std::vector<double>& b) {
  std::vector<double> out = a;
  for (std::size_t i = 0; i < a.size(); ++i) out[i] += h * b[i];
  return out;
}

/// Hermite's cubic between two knots and its slope.
std::pair<double, double> cubic(double a, double a_rate, double b, double b_rate, double length, double u) {
  const double p = a_rate * length, q = b_rate * length, difference = b - a;
  const double square = 3 * difference - 2 * p - q, cube = p + q - 2 * difference;
  return {a + u * (p + u * (square + u * cube)), (p + u * (2 * square + 3 * u * cube)) / length};
}

}  // namespace

MovingFrame::MovingFrame(const DriftOfTime& drift, const NoiseOfTime& noise, std::vector<double> mean,
                         std::vector<double> variance, std::vector<bool> fixed, double start, double stop)
    : fixed_(std::move(fixed)) {
  const std::size_t d = mean.size();
  if (std::all_of(fixed_.begin(), fixed_.end(), [](bool is_fixed) { return is_fixed; })) return;
  const Closure closure(drift, noise, d);
  std::vector<double> state = std::move(mean);
  state.insert(state.end(), variance.begin(), variance.end());
  for (double r = start;;) {
    const std::vector<double> first = closure.rate(state, r);
    Knot knot{r, {}, {}, {}, {}};
    for (std::size_t k = 0; k < d; ++k) {
      if (!(state[d + k] > 0) || !std::isfinite(state[d + k] + first[d + k]))
        throw StepFailure("the model's law runs away: its variance is " + std::to_string(state[d + k]));
      knot.mean.push_back(state[k]);
      knot.mean_rate.push_back(first[k]);
      knot.log_width.push_back(0.5 * std::log(state[d + k]));
      knot.log_width_rate.push_back(0.5 * first[d + k] / state[d + k]);
    }
    knots_.push_back(std::move(knot));
    if (r >= stop) return;
    if (knots_.size() > most_steps) throw StepFailure("the model's law changes too fast to be followed");
    const double h = std::min({stop - r, (stop - start) / 50, cautious * closure.patience(state, first, r)});
    const std::vector<double> second = closure.rate(sum(state, h / 2, first), r + h / 2);
    const std::vector<double> third = closure.rate(sum(state, h / 2, second), r + h / 2);
    const std::vector<double> last = closure.rate(sum(state, h, third), r + h);
    for (std::size_t i = 0; i < state.size(); ++i)
      state[i] += h / 6 * (first[i] + 2 * second[i] + 2 * third[i] + last[i]);
    r = stop - r - h < 1e-12 * (stop - start) ? stop : r + h;
  }
}

MovingFrame::Place MovingFrame::at(std::size_t axis, double r) const {
  if (fixed_[axis]) return {};
  const auto above = std::upper_bound(knots_.begin(), knots_.end(), r,
                                      [](double time, const Knot& knot) { return time < knot.time; });
  const auto n = static_cast<std::size_t>(
      std::clamp<std::ptrdiff_t>(above - knots_.begin(), 1, static_cast<std::ptrdiff_t>(knots_.size()) - 1));
  const Knot &a = knots_[n - 1], &b = knots_[n];
  const double length = b.time - a.time, u = (r - a.time) / length;
  const auto [mean, mean_rate] =
      cubic(a.mean[axis], a.mean_rate[axis], b.mean[axis], b.mean_rate[axis], length, u);
  const auto [log_width, log_rate] =
      cubic(a.log_width[axis], a.log_width_rate[axis], b.log_width[axis], b.log_width_rate[axis], length, u);
  const double width = std::exp(log_width);
  return {mean, width, mean_rate, width * log_rate};
}

}  // namespace umkehr
