// SPDX-License-Identifier: GPL-3.0-or-later
// The reference process of a bridge: its kernel from `start` to `stop`, and chi and chi_hat in between (3.26b, 3.28),
//   chi(x, t) = int dx_f G(x_f, stop | x, t) chi(x_f, stop),  chi_hat(x, t) = int dx_i G(x, t | x_i, start) chi_hat(x_i).
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "solver/bridge/bridge.hpp"
#include "solver/bridge/kernel.hpp"

namespace umkehr {

class Reference {
 public:
  /// Sees, at station n, a logarithm at the centres and its gradient, one field an axis.
  using Observer = std::function<void(std::size_t n, std::span<const double> log,
                                      const std::vector<std::vector<double>>& gradient)>;

  virtual ~Reference() = default;
  /// From the first station to the last.
  virtual Kernel& kernel() = 0;
  /// ln chi at each station from that at the last one, in descending order.
  virtual void chi(std::span<const double> log_chi, const Observer& observer) = 0;
  /// ln chi_hat at each station from that at the first one, in ascending order.
  virtual void chi_hat(std::span<const double> log_chi_hat, const Observer& observer) = 0;
  /// What a user should know, each with a number and a remedy.
  virtual std::vector<std::string> warnings() const { return {}; }
};

/// `stations` ascend from `start` to `stop`. Throws std::invalid_argument where the method does not fit the process.
std::unique_ptr<Reference> reference_of(const Process& process, const Grid& grid,
                                        const BridgeChoices& choices, const std::vector<double>& stations,
                                        const Law& initial);

}  // namespace umkehr
