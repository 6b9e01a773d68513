// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>

#include "experiments/input/grid_sample.hpp"
#include "experiments/input/process_input.hpp"
#include "experiments/input/reading.hpp"
#include "experiments/text/short_number.hpp"

namespace umkehr {
namespace {

/// Times after the start at which D must be positive: equally spaced, and ever closer to both ends.
std::vector<double> times_to_check(const Times& times) {
  const double length = times.stop - times.start;
  std::vector<double> out = times.saved;
  for (int n = 1; n <= 1000; ++n) out.push_back(times.start + length * (n / 1000.0));
  for (int k = 1; k <= 40; ++k) {
    out.push_back(times.start + length * std::ldexp(1.0, -k));
    out.push_back(times.stop - length * std::ldexp(1.0, -k));
  }
  out.push_back(times.stop);
  std::erase_if(out, [&](double t) { return !(t > times.start && t <= times.stop); });
  std::sort(out.begin(), out.end());
  return out;
}

void check_diffusion(const Coefficient& diffusion, const Written& written, const Times& times) {
  const auto check = [&](double t, bool may_vanish) {
    const double value = diffusion(t);
    const std::string allowed = " at t = " + short_number(t) + "; D(t) must be positive";
    if (!std::isfinite(value)) refuse(written.value, written.key, "is not finite" + allowed + " and finite");
    if (value < 0) refuse(written.value, written.key, "is negative" + allowed);
    if (value == 0 && !may_vanish)
      refuse(written.value, written.key, "vanishes" + allowed + " (it may vanish at start)");
  };
  check(times.start, true);
  if (diffusion.constant_value()) return check(times.stop, false);
  for (const double t : times_to_check(times)) check(t, false);
}

void check_finite(const Coefficient& function, const Written& written, const Grid& grid, const Times& times) {
  const int intervals = function.depends_on_time() ? 4 : 0;
  for (int n = 0; n <= intervals; ++n) {
    const double t = n == 4 ? times.stop : times.start + (times.stop - times.start) * n / 4.0;
    if (const auto point = extremes(function, t, grid).where_not_finite)
      refuse(written.value, written.key,
             "is not finite at " + *point + ", t = " + short_number(t) +
                 "; it must be finite on the whole grid");
  }
}

}  // namespace

void check_process(const WrittenProcess& written, const Space& grid, const Times& times) {
  for (std::size_t k = 0; k < grid.dimension(); ++k) {
    check_diffusion(written.process.diffusion[k], written.diffusion[k], times);
    if (grid.has_grid()) check_finite(written.process.drift[k], written.drift[k], grid, times);
  }
  if (grid.has_grid()) check_finite(written.process.killing, written.killing, grid, times);
}

}  // namespace umkehr
