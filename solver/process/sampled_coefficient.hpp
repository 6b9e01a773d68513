// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <limits>
#include <memory>
#include <span>
#include <vector>

#include "grids/points.hpp"
#include "solver/process/coefficient.hpp"

namespace umkehr {

/// A coefficient at fixed points as time goes on. Constants and static fields are evaluated once; sums of products
/// f(t) g(x) keep the g and cost a multiplication and an addition a point; all else is evaluated when time changes.
class SampledCoefficient {
 public:
  SampledCoefficient(Coefficient coefficient, std::shared_ptr<const Points> points);

  bool is_zero() const { return is_zero_; }
  /// Values at time t, valid until the next call. Throws UnfitProblem where one is not finite.
  std::span<const double> at(double t);
  std::size_t memory() const { return (1 + terms_.size()) * values_.size() * sizeof(double); }

 private:
  struct Term {
    Coefficient in_time;
    std::vector<double> in_space;
  };
  void separate();
  void evaluate(double t);
  void check(double t) const;

  Coefficient coefficient_;
  std::shared_ptr<const Points> points_;
  std::vector<Term> terms_;
  std::vector<double> values_;
  double time_ = std::numeric_limits<double>::quiet_NaN();
  bool is_static_ = false;
  bool is_zero_ = false;
};

/// int_s^t f for a function of time, to about 1e-15 where it is smooth.
double time_integral(const Coefficient& f, double s, double t);

}  // namespace umkehr
