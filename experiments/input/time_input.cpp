// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/input/time_input.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "experiments/input/reading.hpp"
#include "experiments/text/short_number.hpp"

namespace umkehr {
namespace {

constexpr std::size_t max_times = 1'000'000;
constexpr double coarsest_resolution = 1e-10;  // of the time between start and stop

std::vector<double> equal_times(double start, double stop, std::size_t count) {
  std::vector<double> times(count);
  for (std::size_t n = 0; n < count; ++n)
    times[n] = start + (stop - start) * (static_cast<double>(n) / static_cast<double>(count - 1));
  times.back() = stop;
  return times;
}

std::vector<double> listed_times(const TomlValue& list, const Times& times) {
  std::vector<double> saved;
  for (const TomlValue& value : read_list(list, "save", 1, max_times)) {
    saved.push_back(read_number(value, "save", {times.start, times.stop, true, true}));
    if (saved.size() > 1 && !(saved.back() > saved[saved.size() - 2]))
      refuse(value, "save", "is not above the time before it; give ascending times");
  }
  return saved;
}

/// Steps are sums of what is far from the origin of time and what is short: rounding must not show.
void check_resolution(const TomlValue& stop, const Times& times) {
  const double largest = std::max(std::abs(times.start), std::abs(times.stop));
  const double share = std::numeric_limits<double>::epsilon() * largest / (times.stop - times.start);
  if (share > coarsest_resolution)
    refuse(stop, "stop",
           "is so close to start = " + short_number(times.start) +
               " for its size that doubles resolve only " + short_number(share) +
               " of the time between; count time from near the start");
}

}  // namespace

Times read_times(TomlValue& table) {
  Section section(table, "[time]");
  Times times;
  times.start = read_number(section.with_default("start", TomlValue::of(0.0)), "start", any_number);
  const TomlValue& stop = section.require("stop", "the time at which the run ends");
  times.stop = read_number(stop, "stop", any_number);
  if (!(times.stop > times.start)) refuse(stop, "stop", "is not above \"start\"; give a later time");
  check_resolution(stop, times);
  const TomlValue& save = section.with_default("save", TomlValue::of(std::int64_t{11}));
  if (save.is(TomlValue::Kind::array)) {
    times.saved = listed_times(save, times);
  } else {
    times.saved = equal_times(times.start, times.stop, read_count(save, "save", 2, max_times));
    for (std::size_t n = 1; n < times.saved.size(); ++n)
      if (!(times.saved[n] > times.saved[n - 1]))
        refuse(save, "save", "is more times than lie between start and stop");
  }
  section.finish();
  return times;
}

}  // namespace umkehr
