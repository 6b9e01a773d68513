// SPDX-License-Identifier: GPL-3.0-or-later
// The fields of a bridge and its running cost, from chi and chi_hat as they pass by: chi from the stop to the start, then
// chi_hat from the start to the stop.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "solver/bridge/bridge.hpp"
#include "solver/bridge/kernels/kernel.hpp"
#include "solver/bridge/time_rule.hpp"

namespace umkehr {

/// Where chi and chi_hat are wanted: the ends, the saved times, the nodes in time.
struct Stations {
  std::vector<double> time;
  std::vector<std::ptrdiff_t> saved, node;  ///< their numbers at each station, or -1

  Stations(double start, double stop, const std::vector<double>& times, const std::vector<double>& nodes);
};

/// exp of the sum; zero also where either is.
double product_of(double log_chi, double log_chi_hat);

class Assembly {
 public:
  Assembly(const Process& reference, const Grid& grid, const Stations& stations, const TimeRule& rule,
           const std::vector<double>& times, std::vector<std::size_t> open_axes, Bridge& bridge);

  void see_chi(std::size_t station, std::span<const double> log_chi, Kernel::Gradient gradient);
  void see_chi_hat(std::size_t station, std::span<const double> log_chi_hat);
  /// The largest share of the bridge in the cells along one axis' open walls: about what these cost the divergence.
  double mass_at_walls() const { return mass_at_walls_; }
  /// The running cost is the divergence, whatever the bridge: what they differ by is an error of one of them. By
  /// `correction` the divergence is off for its grid.
  /// Throws NotConverged where too much of either is missing; warns from a share `told` of the mass on.
  void finish(double correction, double error_of_divergence, double told);

 private:
  void see_walls(std::span<const double> log_chi_hat, std::size_t at);
  std::string text_of_mass() const;

  const Process& reference_;
  const Grid& grid_;
  const Points centres_;
  const Stations& stations_;
  const TimeRule& rule_;
  const std::vector<std::size_t> open_axes_;
  Bridge& bridge_;
  History log_chi_, cost_;  // at the nodes in time: ln chi, and |u|^2/2D + V
  double mass_at_walls_ = 0;
  double min_mass_ = 1, largest_mass_ = 1;  // of the bridge, between its ends
};

}  // namespace umkehr
