// SPDX-License-Identifier: GPL-3.0-or-later
// What lies outside the reach of a Hermite series: coefficients that have not decayed, drifts and killings that the
// quadrature does not resolve, sums that cancel to rounding, values shown where the polynomials outgrow their coefficients.
#include <algorithm>
#include <cmath>
#include <limits>
#include <sstream>

#include "grids/failure.hpp"
#include "grids/middle_half.hpp"
#include "solver/hermite/hermite.hpp"
#include "solver/hermite/hermite_norm.hpp"
#include "solver/hermite/hermite_value.hpp"
#include "solver/stepping/march.hpp"

namespace umkehr {
namespace {

constexpr double max_wrong = 1e-5;  // of the mass, or of a value
constexpr double epsilon = std::numeric_limits<double>::epsilon();

std::string number(double value) {
  std::ostringstream text;
  text.precision(3);
  text << value;
  return text.str();
}

/// What is expanded on this basis, and what to do.
[[noreturn]] void refuse(const std::string& reason, double t, double allowed = max_wrong) {
  throw NumericalFailure(
      "the Hermite method does not reach this problem: " + reason + " at t = " + number(t) + " (" +
      number(allowed) +
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
  if (!(wrong <= max_wrong))
    refuse("the quadrature of drift and killing misses " + number(wrong) + " of the mass", t);
  if (t <= start_) return;
  for (std::size_t k = 0; k < bases_.size(); ++k)
    if (const double last = tail(state, k); !(last <= max_wrong))
      refuse(
          "the last coefficients along \"" + grid_.axis(k).name + "\" are " + number(last) + " of the mass",
          t);
  const double rounding = epsilon * norm_of_coefficients(c) / mass;
  if (!(rounding <= max_wrong))
    refuse("coefficients cancel, which leaves rounding of " + number(rounding), t);
}

/// How many orders along an axis have coefficients.
Eigen::Index Hermite::orders_used(std::span<const double> coefficients, std::size_t axis) const {
  std::size_t stride = 1, used = 0;
  for (std::size_t k = bases_.size(); --k > axis;) stride *= bases_[k].modes;
  for (std::size_t n = 0; n < modes_; ++n)
    if (coefficients[n] != 0) used = std::max(used, n / stride % bases_[axis].modes + 1);
  return static_cast<Eigen::Index>(used);
}

std::vector<Hermite::Shown> Hermite::worst_shown(std::span<const double> state) const {
  constexpr double harmless = 1e-6;  // of what values weigh in the middle of their basis
  struct AlongAxis {
    double last;
    Eigen::VectorXd last_polynomial, all_polynomials;
  };
  std::vector<double> clean(state.begin(), state.end());
  drop_noise(std::span(clean).first(modes_));
  const double rounding = epsilon * norm_of_coefficients(std::span(clean).first(modes_));
  const std::vector<HermiteBasis> bases = bases_at(state.back());
  std::vector<AlongAxis> along;
  bool is_harmless = true;
  for (std::size_t k = 0; k < bases.size(); ++k) {
    const Eigen::MatrixXd psi =
        hermite_polynomials(bases[k], grid_.axis(k).centres(), bases.size()).cwiseAbs();
    along.push_back({largest_of_last(clean, k), psi.col(psi.cols() - 1),
                     psi.leftCols(orders_used(clean, k)).rowwise().sum()});
    is_harmless =
        is_harmless && along[k].last == 0 && epsilon * along[k].all_polynomials.maxCoeff() < harmless;
  }
  std::vector<Shown> worst(bases.size());
  if (is_harmless) return worst;
  std::vector<double> values(grid_.size());
  value(state, values);
  double middle = 0;
  for (std::size_t i = 0; i < values.size(); ++i)
    if (in_middle_half(grid_, i)) middle = std::max(middle, std::abs(values[i]));
  for (std::size_t i = 0; i < values.size(); ++i)
    for (std::size_t k = 0; k < worst.size(); ++k) {
      const auto at = static_cast<Eigen::Index>(i / grid_.stride(k) % grid_.axis(k).points);
      const double beside = std::max(middle, std::abs(values[i])),
                   rounded = rounding * along[k].all_polynomials[at] / beside;
      worst[k].last = std::max(worst[k].last, along[k].last * along[k].last_polynomial[at] / beside);
      worst[k].rounding = std::max(worst[k].rounding, rounded);
      if (in_middle_half(grid_, i))
        worst[k].rounding_in_middle = std::max(worst[k].rounding_in_middle, rounded);
    }
  return worst;
}

void Hermite::require_resolved_value(std::span<const double> state, double t) {
  const std::span<const double> a = state.first(modes_);
  const double size = std::max(norm_of_coefficients(a), std::numeric_limits<double>::min());
  const double wrong = misprojected(a, t, size, true);
  if (!(wrong <= max_wrong))
    refuse("the quadrature of drift and killing misses " + number(wrong) + " of the value", t);
  shown_ = worst_shown(state);
  shown_at_ = t;
  for (std::size_t k = 0; k < bases_.size(); ++k) {
    const std::string along = " along \"" + grid_.axis(k).name + "\" ";
    const double last = largest_of_last(state, k) / size;
    if (!(last <= max_wrong)) refuse("the last coefficients" + along + "are " + number(last) + " of all", t);
    const Shown& shown = shown_[k];
    if (!(shown.last <= max_wrong_shown))
      refuse("far from its centre" + along + "the series is wrong by " + number(shown.last) + " of the value",
             t, max_wrong_shown);
    if (!(shown.rounding_in_middle <= max_wrong_shown))
      refuse("rounding" + along + "leaves " + number(shown.rounding_in_middle) +
                 " of the value in the middle of the axes",
             t, max_wrong_shown);
  }
}

}  // namespace umkehr
