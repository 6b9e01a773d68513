// SPDX-License-Identifier: GPL-3.0-or-later
// What lies outside the reach of a Hermite series: coefficients that have not decayed, drifts and killings that the
// quadrature does not resolve, sums that cancel to rounding, values shown where the polynomials outgrow their coefficients.
#include <algorithm>
#include <cmath>
#include <limits>
#include <sstream>

#include "solver/generator/hermite_value.hpp"
#include "solver/propagator/hermite.hpp"
#include "solver/propagator/hermite_norm.hpp"
#include "solver/propagator/march.hpp"

namespace umkehr {
namespace {

constexpr double most_wrong = 1e-5;  // of the mass, or of a value
constexpr double epsilon = std::numeric_limits<double>::epsilon();

std::string number(double value) {
  std::ostringstream text;
  text.precision(3);
  text << value;
  return text.str();
}

/// What is expanded on this basis, and what to do.
[[noreturn]] void refuse(const std::string& reason, double t) {
  throw StepFailure("the Hermite method does not reach this problem: " + reason + " at t = " + number(t) +
                    " (" + number(most_wrong) +
                    " is allowed); take more points, another `centre` or `scale`, or method finite-volume");
}

/// Coefficients with the highest third along each axis damped: what a start that no basis resolves has there is soon gone.
std::vector<double> damped(std::span<const double> coefficients, const std::vector<HermiteBasis>& bases) {
  std::vector<double> result(coefficients.begin(), coefficients.end());
  std::size_t stride = 1;
  for (std::size_t k = bases.size(); k-- > 0; stride *= bases[k].modes)
    for (std::size_t n = 0; n < result.size(); ++n) {
      const std::size_t order = n / stride % bases[k].modes;
      result[n] *= std::exp(-36 * std::pow(double(order) / double(bases[k].modes), 8));
    }
  return result;
}

}  // namespace

/// The trapezoid rule over the saved times, relative to what there is at each.
double Hermite::misprojected(std::span<const double> coefficients, double t, double size, bool of_value) {
  const double rate = steps_->misprojection(damped(coefficients, bases_), t, of_value) / size;
  if (projected_ && projected_->of_value == of_value && (of_value ? t < projected_->t : t > projected_->t)) {
    projected_->wrong += 0.5 * (rate + projected_->rate) * std::abs(t - projected_->t);
    projected_->t = t;
    projected_->rate = rate;
  } else {
    projected_ = Projected{of_value, t, rate, 0};
  }
  return projected_->wrong;
}

void Hermite::require_resolved(std::span<const double> state, double t) {
  const std::span<const double> c = state.first(modes_);
  const double mass = std::max(std::abs(c.front()), std::numeric_limits<double>::min());
  const double wrong = misprojected(c, t, mass, false);
  if (!(wrong <= most_wrong))
    refuse("the quadrature of drift and killing misses " + number(wrong) + " of the mass", t);
  if (t <= start_) return;
  for (std::size_t k = 0; k < bases_.size(); ++k)
    if (const double last = tail(state, k); !(last <= most_wrong))
      refuse(
          "the last coefficients along \"" + grid_.axis(k).name + "\" are " + number(last) + " of the mass",
          t);
  const double rounding = epsilon * norm_of_coefficients(c) / mass;
  if (!(rounding <= most_wrong))
    refuse("coefficients cancel, which leaves rounding of " + number(rounding), t);
}

/// The last coefficients times the last polynomials, at the worst of the centres, beside the largest value in the middle
/// half of the axes.
double Hermite::worst_shown(std::span<const double> state, std::size_t axis) const {
  std::vector<double> clean(state.begin(), state.end()), values(grid_.size());
  drop_noise(std::span(clean).first(modes_));
  const double last = largest_of_last(clean, axis);
  if (last == 0) return 0;
  value(state, values);
  double middle = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    bool inside = true;
    for (std::size_t k = 0; k < grid_.dimension(); ++k) {
      const std::size_t n = grid_.axis(k).points, at = i / grid_.stride(k) % n;
      inside = inside && 4 * at + 2 >= n && 4 * at + 2 <= 3 * n;
    }
    if (inside) middle = std::max(middle, std::abs(values[i]));
  }
  const Eigen::MatrixXd psi =
      hermite_polynomials(bases_at(state.back())[axis], grid_.axis(axis).centres(), bases_.size());
  double worst = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto at = static_cast<Eigen::Index>(i / grid_.stride(axis) % grid_.axis(axis).points);
    worst = std::max(worst, last * std::abs(psi(at, psi.cols() - 1)) / std::max(middle, std::abs(values[i])));
  }
  return worst;
}

void Hermite::require_resolved_value(std::span<const double> state, double t) {
  constexpr double most_wrong_shown = 1e-3;
  const std::span<const double> a = state.first(modes_);
  const double size = std::max(norm_of_coefficients(a), std::numeric_limits<double>::min());
  const double wrong = misprojected(a, t, size, true);
  if (!(wrong <= most_wrong))
    refuse("the quadrature of drift and killing misses " + number(wrong) + " of the value", t);
  for (std::size_t k = 0; k < bases_.size(); ++k) {
    const std::string along = " along \"" + grid_.axis(k).name + "\" ";
    const double last = largest_of_last(state, k) / size;
    if (!(last <= most_wrong)) refuse("the last coefficients" + along + "are " + number(last) + " of all", t);
    const double shown = worst_shown(state, k);
    if (!(shown <= most_wrong_shown))
      refuse("far from its centre" + along + "the series is wrong by " + number(shown) + " of the value", t);
  }
}

}  // namespace umkehr
