// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/reversal/moving_frame.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>
#include <utility>

#include "grids/failure.hpp"
#include "solver/stepping/march.hpp"

namespace umkehr {
namespace {

constexpr int nodes = 9;
constexpr double node_spacing = 0.75;  // standard deviations
constexpr double cautious = 0.05;      // of the time in which a moment changes by its own size
constexpr std::size_t max_steps = 50000;
constexpr std::size_t terms = 12;  // of the smooth curves that are drawn through the moments

/// Means of g and of (x_k - m_k) g_k over N(m, diag v), on a lattice of 9 nodes an axis.
class Closure {
 public:
  Closure(const VectorField& drift, const NoiseOfTime& noise, std::size_t dimension)
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
  const VectorField& drift_;
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

/// Moments at one time.
struct Knot {
  double time;
  std::vector<double> mean, log_width;
};

std::vector<Knot> follow(const Closure& closure, std::vector<double> state, double start, double stop) {
  const std::size_t d = state.size() / 2;
  std::vector<Knot> knots;
  for (double r = start;;) {
    Knot knot{r, {}, {}};
    for (std::size_t k = 0; k < d; ++k) {
      if (!std::isfinite(state[k] + state[d + k]))
        throw NumericalFailure("the model's law runs away: its mean or its variance is not finite");
      if (!(state[d + k] > 0))
        throw NumericalFailure("the model's law runs away: its variance is " + std::to_string(state[d + k]));
      knot.mean.push_back(state[k]);
      knot.log_width.push_back(0.5 * std::log(state[d + k]));
    }
    knots.push_back(std::move(knot));
    if (r >= stop) return knots;
    if (knots.size() > max_steps) throw NumericalFailure("the model's law changes too fast to be followed");
    const std::vector<double> first = closure.rate(state, r);
    const double h = std::min({stop - r, (stop - start) / 50, cautious * closure.patience(state, first, r)});
    const std::vector<double> second = closure.rate(sum(state, h / 2, first), r + h / 2);
    for (std::size_t i = 0; i < state.size(); ++i) state[i] += h * second[i];
    r = stop - r - h < 1e-12 * (stop - start) ? stop : r + h;
  }
}

/// Coefficients of the polynomial through Chebyshev's points, from values linear between knots.
template <class Value>
std::vector<double> chebyshev(const std::vector<Knot>& knots, const Value& value) {
  const double start = knots.front().time, stop = knots.back().time;
  std::vector<double> coefficients(terms);
  for (std::size_t j = 0; j < terms; ++j) {
    const double angle = std::numbers::pi * (static_cast<double>(j) + 0.5) / terms;
    const double r = start + (stop - start) * 0.5 * (1 + std::cos(angle));
    auto above = std::upper_bound(knots.begin(), knots.end(), r,
                                  [](double time, const Knot& knot) { return time < knot.time; });
    above = std::clamp(above, knots.begin() + 1, knots.end() - 1);
    const double share = (r - (above - 1)->time) / (above->time - (above - 1)->time);
    const double at = (1 - share) * value(*(above - 1)) + share * value(*above);
    for (std::size_t n = 0; n < terms; ++n)
      coefficients[n] += (n == 0 ? 1.0 : 2.0) / terms * at * std::cos(static_cast<double>(n) * angle);
  }
  return coefficients;
}

/// The polynomial at u in [-1, 1], and its derivative.
std::pair<double, double> evaluate(const std::vector<double>& coefficients, double u) {
  double value = coefficients[0] + coefficients[1] * u, rate = coefficients[1];
  double before = 1, now = u, rate_before = 0, rate_now = 1;
  for (std::size_t n = 2; n < terms; ++n) {
    const double next = 2 * u * now - before, rate_next = 2 * now + 2 * u * rate_now - rate_before;
    before = std::exchange(now, next);
    rate_before = std::exchange(rate_now, rate_next);
    value += coefficients[n] * now;
    rate += coefficients[n] * rate_now;
  }
  return {value, rate};
}

}  // namespace

MovingFrame::MovingFrame(const VectorField& drift, const NoiseOfTime& noise, std::vector<double> mean,
                         std::vector<double> variance, std::vector<bool> fixed, double start, double stop)
    : start_(start), stop_(stop), fixed_(std::move(fixed)) {
  const std::size_t d = mean.size();
  if (std::all_of(fixed_.begin(), fixed_.end(), [](bool is_fixed) { return is_fixed; })) return;
  std::vector<double> state = std::move(mean);
  state.insert(state.end(), variance.begin(), variance.end());
  const std::vector<Knot> knots = follow(Closure(drift, noise, d), std::move(state), start, stop);
  for (std::size_t k = 0; k < d; ++k) {
    mean_.push_back(chebyshev(knots, [k](const Knot& knot) { return knot.mean[k]; }));
    log_width_.push_back(chebyshev(knots, [k](const Knot& knot) { return knot.log_width[k]; }));
  }
}

MovingFrame::Placement MovingFrame::at(std::size_t axis, double r) const {
  if (fixed_[axis]) return {};
  const double slope = 2 / (stop_ - start_), u = slope * (r - start_) - 1;
  const auto [mean, mean_rate] = evaluate(mean_[axis], u);
  const auto [log_width, log_rate] = evaluate(log_width_[axis], u);
  const double width = std::exp(log_width);
  return {mean, width, slope * mean_rate, slope * width * log_rate};
}

}  // namespace umkehr
