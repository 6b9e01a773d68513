// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>

#include "experiments/input/law_input.hpp"
#include "experiments/input/reading.hpp"
#include "experiments/text/short_number.hpp"

namespace umkehr {
namespace {

constexpr double told_above = 1e-9;     // mass outside that is worth a warning
constexpr double refused_below = 1e-6;  // mass inside that cannot be meant

/// Mass of N(0, 1) above z.
double tail(double z) {
  return 0.5 * std::erfc(z / std::sqrt(2.0));
}

/// Mass of a mixture outside the walls of one axis, by its marginal.
double mass_outside(const GaussianMixture& mixture, const Axis& axis, Eigen::Index k) {
  double outside = 0;
  for (const Gaussian& c : mixture.components()) {
    const double deviation = std::sqrt(c.covariance(k, k));
    const double below = axis.from - c.mean[k], above = c.mean[k] - axis.to;
    outside += deviation > 0 ? c.weight * (tail(-below / deviation) + tail(-above / deviation))
                             : (below > 0 || above > 0 ? c.weight : 0);
  }
  return outside / mixture.mass();
}

}  // namespace

void check_mass_on_grid(const GaussianMixture& mixture, const TomlValue& value, const std::string& key,
                        const LawInput& input) {
  for (std::size_t k = 0; input.grid.has_grid() && k < input.grid.dimension(); ++k) {
    const Axis& axis = input.grid.axis(k);
    if (axis.boundary == Boundary::periodic) continue;  // there is no outside
    const double outside = mass_outside(mixture, axis, static_cast<Eigen::Index>(k));
    if (!(1 - outside > refused_below))
      refuse(value, key, "lies outside the grid; move it, or the walls of axis " + axis.name);
    if (outside > told_above)
      input.warnings.push_back(value.place.text() + ": " + key + ": a share of " + short_number(outside) +
                               " of the mass lies outside axis " + axis.name + "; widen the axis to keep it");
  }
}

}  // namespace umkehr
