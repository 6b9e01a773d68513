// SPDX-License-Identifier: GPL-3.0-or-later
// The density P(x, t) of a forward process (2.6, 3.39) and its score S = d ln P at any point and time: what a reversal must
// know of it. In closed form where the law stays a Gaussian mixture, else from a run kept at many times.
#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

namespace umkehr {

class ForwardLaw {
 public:
  virtual ~ForwardLaw() = default;
  virtual double log_density(std::span<const double> x, double t) const = 0;
  /// d_k ln P
  virtual double score(std::span<const double> x, double t, std::size_t axis) const = 0;
  virtual bool is_closed_form() const = 0;
  /// Each with a number and a remedy.
  virtual std::vector<std::string> warnings() const { return {}; }
};

/// What belongs to one time and is asked for at many points in turn.
template <class Moment>
class LatestMoment {
 public:
  template <class Make>
  std::shared_ptr<const Moment> at(double t, const Make& make) const {
    const std::lock_guard lock(mutex_);
    if (!latest_ || time_ != t) {
      latest_ = std::make_shared<const Moment>(make(t));
      time_ = t;
    }
    return latest_;
  }

 private:
  mutable std::mutex mutex_;
  mutable std::shared_ptr<const Moment> latest_;
  mutable double time_ = 0;
};

}  // namespace umkehr
