// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/process/sampled_coefficient.hpp"

#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <cmath>
#include <string>
#include <utility>

#include "grids/failure.hpp"

namespace umkehr {
namespace {

constexpr int max_halvings = 20;

/// 15 points after Kronrod, halved until they agree with the 7 of Gauss among them; the 15 are far better by then.
double halved_integral(const Coefficient& f, double s, double t, int halvings) {
  constexpr double agreement = 1e-13;
  const double middle = (s + t) / 2, half = (t - s) / 2;
  double difference = 0;
  const auto integrand = [&](double u) { return f(middle + half * u); };
  // On [-1, 1], where Boost's estimate is in the units of its result.
  const double mean = boost::math::quadrature::gauss_kronrod<double, 15>::integrate(integrand, -1.0, 1.0, 0,
                                                                                    0.0, &difference);
  if (!(difference > agreement * std::abs(mean)) || halvings == 0) return half * mean;
  return halved_integral(f, s, middle, halvings - 1) + halved_integral(f, middle, t, halvings - 1);
}

}  // namespace

SampledCoefficient::SampledCoefficient(Coefficient coefficient, std::shared_ptr<const Points> points)
    : coefficient_(std::move(coefficient)),
      points_(std::move(points)),
      values_(points_->count()),
      is_static_(!coefficient_.depends_on_time()),
      is_zero_(coefficient_.constant_value() == 0.0) {
  if (is_zero_) return;
  if (is_static_) {
    coefficient_(*points_, 0, values_);
    check(0);
  } else {
    separate();
  }
}

void SampledCoefficient::separate() {
  const Formula* formula = coefficient_.formula();
  if (formula == nullptr) return;
  const auto products = formula->separate(4);
  if (!products) return;
  std::vector<double> factor(values_.size());
  for (const Formula::Product& product : *products) {
    std::vector<double> in_space(values_.size(), 1.0);
    for (const Formula& axis_factor : product.axis_factors) {
      axis_factor(*points_, 0, factor);
      for (std::size_t i = 0; i < factor.size(); ++i) in_space[i] *= factor[i];
    }
    terms_.push_back({product.time_factor.front(), std::move(in_space)});
  }
}

std::span<const double> SampledCoefficient::at(double t) {
  if (!is_zero_ && !is_static_ && t != time_) {
    evaluate(t);
    check(t);
    time_ = t;
  }
  return values_;
}

void SampledCoefficient::evaluate(double t) {
  if (terms_.empty()) return coefficient_(*points_, t, values_);
  for (std::size_t j = 0; j < terms_.size(); ++j) {
    const double factor = terms_[j].in_time(t);
    const double* in_space = terms_[j].in_space.data();
    if (j == 0)
      for (std::size_t i = 0; i < values_.size(); ++i) values_[i] = factor * in_space[i];
    else
      for (std::size_t i = 0; i < values_.size(); ++i) values_[i] += factor * in_space[i];
  }
}

void SampledCoefficient::check(double t) const {
  double sum = 0;
  for (const double value : values_) sum += std::abs(value);
  if (!std::isfinite(sum))
    throw UnfitProblem("a drift or killing rate is not finite on the grid at t = " + std::to_string(t));
}

double time_integral(const Coefficient& f, double s, double t) {
  if (const auto constant = f.constant_value()) return *constant * (t - s);
  return s == t ? 0 : halved_integral(f, s, t, max_halvings);
}

}  // namespace umkehr
