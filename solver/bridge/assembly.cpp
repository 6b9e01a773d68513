// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/bridge/assembly.hpp"

#include <algorithm>
#include <cmath>
#include <sstream>

namespace umkehr {
namespace {

constexpr double lost_above = 1e-2, unsettled_above = 0.1;  // of a bridge's mass and of its cost: no result
constexpr double at_walls_above = 1e-6;  // mass in the cells along walls that are not those of the process
constexpr double doubt_of_correction = 0.02;

std::ptrdiff_t number_of(double t, const std::vector<double>& list) {
  const auto place = std::lower_bound(list.begin(), list.end(), t);
  return place != list.end() && *place == t ? place - list.begin() : -1;
}

}  // namespace

Stations::Stations(double start, double stop, const std::vector<double>& times,
                   const std::vector<double>& nodes) {
  time = {start, stop};
  time.insert(time.end(), times.begin(), times.end());
  time.insert(time.end(), nodes.begin(), nodes.end());
  std::sort(time.begin(), time.end());
  time.erase(std::unique(time.begin(), time.end()), time.end());
  for (const double t : time) {
    saved.push_back(number_of(t, times));
    node.push_back(number_of(t, nodes));
  }
}

double product_of(double log_chi, double log_chi_hat) {
  const double log = log_chi + log_chi_hat;
  return log > -745 ? std::exp(log) : 0;  // false also where one is zero
}

Assembly::Assembly(const Process& reference, const Grid& grid, const Stations& stations, const TimeRule& rule,
                   const std::vector<double>& times, std::vector<std::size_t> open_axes, Bridge& bridge)
    : reference_(reference),
      grid_(grid),
      centres_(grid.centres()),
      stations_(stations),
      rule_(rule),
      open_axes_(std::move(open_axes)),
      bridge_(bridge),
      log_chi_(rule.node, grid.size()),
      cost_(rule.node, grid.size()) {
  for (History* field : {&bridge.density, &bridge.log_chi, &bridge.log_chi_hat})
    *field = History(times, grid.size());
  bridge.control.assign(grid.dimension(), History(times, grid.size()));
}

void Assembly::see_chi(std::size_t station, std::span<const double> log_chi, Kernel::Gradient gradient) {
  const double t = stations_.time[station];
  if (const std::ptrdiff_t n = stations_.saved[station]; n >= 0) {
    const auto at = static_cast<std::size_t>(n);
    std::copy(log_chi.begin(), log_chi.end(), bridge_.log_chi[at].begin());
    for (std::size_t k = 0; k < grid_.dimension(); ++k)
      for (std::size_t i = 0; i < grid_.size(); ++i)
        bridge_.control[k][at][i] = reference_.diffusion[k](t) * gradient[k][i];
  }
  if (const std::ptrdiff_t n = stations_.node[station]; n >= 0) {
    const auto at = static_cast<std::size_t>(n);
    std::copy(log_chi.begin(), log_chi.end(), log_chi_[at].begin());
    reference_.killing(centres_, t, cost_[at]);
    for (std::size_t k = 0; k < grid_.dimension(); ++k) {
      const double half = reference_.diffusion[k](t) / 2;  // u^2/2D = D (d ln chi)^2 / 2
      for (std::size_t i = 0; i < grid_.size(); ++i) cost_[at][i] += half * gradient[k][i] * gradient[k][i];
    }
  }
}

void Assembly::see_chi_hat(std::size_t station, std::span<const double> log_chi_hat) {
  if (const std::ptrdiff_t n = stations_.saved[station]; n >= 0) {
    const auto at = static_cast<std::size_t>(n);
    std::copy(log_chi_hat.begin(), log_chi_hat.end(), bridge_.log_chi_hat[at].begin());
    for (std::size_t i = 0; i < grid_.size(); ++i)
      bridge_.density[at][i] = product_of(bridge_.log_chi[at][i], log_chi_hat[i]);
  }
  if (const std::ptrdiff_t n = stations_.node[station]; n >= 0) {
    const auto at = static_cast<std::size_t>(n);
    double mean = 0, mass = 0;
    for (std::size_t i = 0; i < grid_.size(); ++i)
      if (const double p = product_of(log_chi_[at][i], log_chi_hat[i]); p > 0) {
        mean += p * cost_[at][i];
        mass += p;
      }
    mass *= grid_.cell_volume();
    if (!(mass <= largest_mass_)) largest_mass_ = mass;  // also where it is no number
    min_mass_ = std::min(min_mass_, mass);
    mean *= grid_.cell_volume();
    bridge_.action += rule_.weight[at] * mean;
    see_walls(log_chi_hat, at);
  }
}

void Assembly::finish(double correction, double error_of_divergence, double told) {
  bridge_.action_error = std::abs(bridge_.action - bridge_.divergence - correction) +
                         doubt_of_correction * std::abs(correction) + error_of_divergence;
  const double worst = std::max(largest_mass_ - 1, 1 - min_mass_);
  if (!(worst <= told)) {
    if (!(worst <= lost_above)) throw NotConverged(text_of_mass());
    bridge_.warnings.push_back(text_of_mass());
  }
  const double scale = std::max(1.0, std::abs(bridge_.divergence));
  if (bridge_.action_error <= unsettled_above * scale) return;
  std::ostringstream text;
  text.precision(3);
  text << "the running cost " << bridge_.action << " and the divergence " << bridge_.divergence
       << " must be the same and are off by " << bridge_.action_error
       << "; take more points, or ends that are wider";
  throw NotConverged(text.str());
}

/// The mass in the cells along open walls must be nothing.
void Assembly::see_walls(std::span<const double> log_chi_hat, std::size_t at) {
  for (const std::size_t k : open_axes_) {
    const std::size_t points = grid_.axis(k).points, stride = grid_.stride(k);
    double mass = 0;
    for (std::size_t i = 0; i < grid_.size(); ++i)
      if (const std::size_t place = i / stride % points; place == 0 || place + 1 == points)
        mass += product_of(log_chi_[at][i], log_chi_hat[i]) * grid_.cell_volume();
    mass_at_walls_ = std::max(mass_at_walls_, mass);
    if (mass <= at_walls_above) continue;
    std::ostringstream text;
    text.precision(3);
    text << "a share " << mass << " of the bridge lies in the cells along the walls of " << grid_.axis(k).name
         << ", and slices know no reflecting wall that the drift goes through; widen the axis, or take "
            "propagator finite-volume";
    throw NotConverged(text.str());
  }
}

std::string Assembly::text_of_mass() const {
  std::ostringstream text;
  text.precision(3);
  if (1 - min_mass_ >= largest_mass_ - 1)
    text << "between its ends a share " << 1 - min_mass_
         << " of the bridge is not on the grid; widen the axes, or take more points; where walls are meant, "
            "take method propagator, and where drift or killing jump its finite-volume";
  else
    text << "between its ends the mass of the bridge on the grid is above 1 by " << largest_mass_ - 1
         << "; take more points, ends that change over more of them, or, where ends lie at walls, propagator "
            "finite-volume";
  return text.str();
}

}  // namespace umkehr
