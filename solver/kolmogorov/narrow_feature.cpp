// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/kolmogorov/narrow_feature.hpp"

#include <algorithm>
#include <cmath>
#include <sstream>

#include "grids/failure.hpp"
#include "grids/machine/infinity.hpp"
#include "solver/kolmogorov/hidden_peaks.hpp"

namespace umkehr {
namespace {

constexpr std::size_t samples_of_a_cell = 8;  // on each line of several axes
constexpr std::size_t lines_across = 6;       // places along each other axis
constexpr int halvings = 40;                  // towards a round number
constexpr double counts = 1e-4;               // relative change of the result

/// Multiples of the largest of 1, 1/2, 1/4, ... of which at least eight lie in the axis, sixteen at most.
std::vector<double> round_numbers(const Axis& axis) {
  const double unit = std::exp2(std::floor(std::log2(axis.length() / 8)));
  std::vector<double> numbers;
  for (double n = std::ceil(axis.from / unit); n * unit <= axis.to; ++n) numbers.push_back(n * unit);
  return numbers;
}

/// Where a line along an axis is looked at, between its first and its last centre, closely about the marks.
std::vector<double> places(const Axis& axis, std::size_t samples, const std::vector<double>& marks) {
  const double first = axis.centre(0), last = axis.centre(axis.points - 1);
  const std::size_t each = std::max(samples_of_a_cell, samples / axis.points);
  const std::size_t count = each * (axis.points - 1);
  std::vector<double> x;
  for (std::size_t i = 0; i <= count; ++i)
    x.push_back(first + (last - first) * static_cast<double>(i) / static_cast<double>(count));
  for (const double mark : marks) {
    x.push_back(mark);
    for (int n = 0; n < halvings; ++n)
      for (const double side : {-1, 1}) x.push_back(mark + side * std::ldexp(axis.spacing(), -n));
  }
  std::erase_if(x, [&](double at) { return at < first || at > last; });
  std::sort(x.begin(), x.end());
  x.erase(std::unique(x.begin(), x.end()), x.end());
  return x;
}

std::vector<double> along(const Coefficient& function, std::size_t axis, const std::vector<double>& held,
                          const std::vector<double>& x, double t) {
  Points points(held.size(), x.size());
  for (std::size_t k = 0; k < held.size(); ++k) std::fill(points[k].begin(), points[k].end(), held[k]);
  std::copy(x.begin(), x.end(), points[axis].begin());
  std::vector<double> values(x.size());
  function(points, t, values);
  return values;
}

/// Of the two centres on either side of a cell.
Surroundings surroundings(const std::vector<double>& values, std::size_t cell) {
  Surroundings range{infinity, -infinity};
  for (std::size_t i = cell - std::min<std::size_t>(cell, 2); i < std::min(cell + 3, values.size()); ++i) {
    if (i != cell) range.include(values[i]);
  }
  return range;
}

/// What lies outside of the range of its neighbours within one cell: its integral, and what the centre makes of it.
struct Outside {
  double integral = 0, sampled = 0, highest = 0, place = 0, value = 0;
  bool is_missed(const Surroundings& range) const {
    constexpr double agreement = 0.25, steep = 3;
    if (sampled > 0 && highest <= steep * range.width()) return false;
    return missed() > agreement * std::max(integral, sampled);
  }
  double missed() const { return std::abs(integral - sampled); }
};

Outside outside_in_cell(const Surroundings& range, std::span<const double> x,
                        std::span<const double> values) {
  Outside result;
  double before = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double distance = std::isfinite(values[i]) ? range.outside(values[i]) : 0;
    if (i > 0) result.integral += 0.5 * (distance + before) * (x[i] - x[i - 1]);
    before = distance;
    if (distance <= result.highest) continue;
    result.highest = distance;
    result.place = x[i];
    result.value = values[i];
  }
  return result;
}

/// The largest change within an eighth of a cell, of all that begin in one.
struct Change {
  double size = 0, place = 0;
};

Change steepest_in_cell(const Axis& axis, const std::vector<double>& x, const std::vector<double>& values,
                        std::size_t first, std::size_t last) {
  const double window = axis.spacing() / samples_of_a_cell * (1 + 1e-6);
  Change steepest;
  for (std::size_t i = first, j = first; i < last && i + 1 < x.size(); ++i) {
    j = std::max(j, i + 1);
    while (j + 1 < x.size() && x[j + 1] <= x[i] + window) ++j;
    const double change = std::abs(values[j] - values[i]);
    if (x[j] > x[i] + window || !(change > steepest.size) || !std::isfinite(change)) continue;
    steepest = {change, 0.5 * (x[i] + x[j])};
  }
  return steepest;
}

NarrowFeature on_line(const Coefficient& function, const Axis& axis, std::size_t k, std::vector<double> held,
                      const std::vector<double>& x, double t) {
  const std::vector<double> seen = along(function, k, held, axis.centres(), t);
  const std::vector<double> values = along(function, k, held, x, t);
  // Where a formula itself says where it jumps, that is known.
  const bool may_step = function.formula() != nullptr && function.formula()->is_smooth_along(k);
  constexpr double max_of_range = 0.5, lost_of_step = 0.25;
  NarrowFeature found{k, held, 0, 0, 0};
  double highest = 0;
  for (std::size_t cell = 0, first = 0; cell < seen.size(); ++cell) {
    const double end = axis.centre(cell) + 0.5 * axis.spacing();
    std::size_t last = first;
    while (last < x.size() && x[last] <= end) ++last;
    const Surroundings range = surroundings(seen, cell);
    Outside outside = outside_in_cell(range, std::span(x).subspan(first, last - first),
                                      std::span(values).subspan(first, last - first));
    outside.sampled = axis.spacing() * range.outside(seen[cell]);
    const Change change = may_step ? steepest_in_cell(axis, x, values, first, last) : Change{};
    first = last;
    // At a wall a drift like 1/x may rise without end: nothing is beyond.
    if (cell == 0 || cell + 1 == seen.size()) continue;
    const bool is_wide = range.width() > 1e-9 * std::max(std::abs(range.least), std::abs(range.most));
    if (is_wide && change.size > max_of_range * range.width() && !outside.is_missed(range)) {
      found.missed += lost_of_step * axis.spacing() * range.width();
      if (range.width() <= highest) continue;
      highest = range.width();
      held[k] = change.place;
      found = {k, held, range.most, range.least, axis.spacing() / samples_of_a_cell, found.missed, true};
      continue;
    }
    if (!outside.is_missed(range)) continue;
    found.missed += outside.missed();
    if (outside.highest <= highest) continue;
    highest = outside.highest;
    held[k] = outside.place;
    found.place = held;
    found.value = outside.value;
    found.seen = range.nearest(outside.value);
    found.width = outside.integral / outside.highest;
    found.is_step = false;
  }
  return found;
}

/// A few places along an axis: round numbers near its middle, and centres all over it.
std::vector<double> crossings(const Axis& axis) {
  std::vector<double> result;
  for (std::size_t n = 0; n < lines_across; ++n)
    result.push_back(axis.centre((2 * n + 1) * axis.points / (2 * lines_across)));
  const std::vector<double> round = round_numbers(axis);
  const auto first = static_cast<std::ptrdiff_t>(round.size() / 4);
  result.insert(result.end(), round.begin() + first, round.end() - first);
  return result;
}

/// All combinations of places along the axes but one.
std::vector<std::vector<double>> lines(const Grid& grid, std::size_t axis) {
  std::vector<std::vector<double>> all = {{}};
  for (std::size_t k = 0; k < grid.dimension(); ++k) {
    const std::vector<double> here =
        k == axis ? std::vector{grid.axis(k).centre(0)} : crossings(grid.axis(k));
    std::vector<std::vector<double>> longer;
    for (const std::vector<double>& line : all)
      for (const double x : here) {
        longer.push_back(line);
        longer.back().push_back(x);
      }
    all = std::move(longer);
  }
  return all;
}

std::string place_of(const NarrowFeature& feature, const Grid& grid) {
  std::ostringstream text;
  text.precision(3);
  for (std::size_t k = 0; k < grid.dimension(); ++k)
    text << (k > 0 ? ", " : "") << grid.axis(k).name << " = " << feature.place[k];
  return text.str();
}

std::string described(const NarrowFeature& feature, const Grid& grid, const std::string& name) {
  std::ostringstream text;
  text.precision(3);
  const Axis& axis = grid.axis(feature.axis);
  if (feature.is_step) {
    text << name << " changes between " << feature.seen << " and " << feature.value << " within "
         << feature.width << " at " << place_of(feature, grid) << ", which the centres of " << axis.name
         << ", " << axis.spacing()
         << " apart, do not resolve; write it as where(condition, a, b), whose jumps are told, or "
            "take points = "
         << 8 * axis.points << " or more";
    return text.str();
  }
  text << name << " has a peak of " << feature.value << " at " << place_of(feature, grid);
  text << ", about " << feature.width << " wide, which the centres of " << axis.name << ", " << axis.spacing()
       << " apart, do not resolve: beside it they see " << feature.seen << "; ";
  constexpr double max_points = 1e6;
  const double points = std::ceil(2 * axis.length() / feature.width);
  if (points <= max_points)
    text << "take points = " << static_cast<std::size_t>(points) << ", a narrower axis, or a wider peak";
  else
    text << "no number of points resolves it: take a wider peak of the same area";
  return text.str();
}

[[noreturn]] void refuse(const NarrowFeature& feature, const Grid& grid, const std::string& name) {
  throw UnfitProblem(described(feature, grid, name));
}

/// Three times of a run, one for what does not depend on time.
std::vector<double> times_of(const Coefficient& function, double start, double stop) {
  if (!function.depends_on_time()) return {start};
  return {start + 0.01 * (stop - start), 0.5 * (start + stop), stop};
}

/// The largest size on the line's centres, and their sum times the spacing.
struct LineSize {
  double largest = 0, integral = 0;
};

LineSize size_on_line(const Coefficient& function, const Grid& grid, const NarrowFeature& feature, double t) {
  const Axis& axis = grid.axis(feature.axis);
  LineSize size;
  for (const double value : along(function, feature.axis, feature.place, axis.centres(), t)) {
    size.largest = std::max(size.largest, std::abs(value));
    size.integral += axis.spacing() * std::abs(value);
  }
  return size;
}

double widest_spacing(const Grid& grid) {
  double widest = 0;
  for (const Axis& axis : grid.axes()) widest = std::max(widest, axis.spacing());
  return widest;
}

/// What changes the integral of the centres' values over one cell by too little to count.
double tolerable_height(const Coefficient& function, const Grid& grid, double t) {
  std::vector<double> values(grid.size());
  function(grid.centres(), t, values);
  double largest = 0;
  for (const double value : values) largest = std::max(largest, std::abs(value));
  return counts * largest;
}

/// Of a coefficient at one place, as time goes on: what steps in time would pass over.
void require_long_features(const Coefficient& function, const std::vector<double>& place, double start,
                           double stop, double scale, const std::string& name) {
  if (!function.depends_on_time() || function.formula() == nullptr || !(start < stop)) return;
  constexpr std::size_t intervals = 64;
  const Grid time({Axis{"t", start, stop, intervals, Boundary::reflecting}});
  const Coefficient here =
      pointwise([&](std::span<const double> t, double) { return function(place, t[0]); });
  const std::optional<NarrowFeature> found = narrow_feature(here, time, 0, 0, 128 * intervals);
  if (!found || found->missed <= counts * scale) return;
  std::ostringstream text;
  text.precision(3);
  text << name << " has a peak of " << found->value << " at t = " << found->place[0] << ", about "
       << found->width << " long, beside which it is " << found->seen
       << ": steps in time may pass over it; take it longer, or split the run there";
  throw UnfitProblem(text.str());
}

void require_long_features(const Process& process, const Grid& grid, double start, double stop) {
  std::vector<double> place;
  for (const Axis& axis : grid.axes()) place.push_back(axis.from + 0.56 * axis.length());
  require_long_features(process.killing, place, start, stop, 1, "the killing");
  for (std::size_t k = 0; k < process.dimension(); ++k) {
    const std::string along = " along " + grid.axis(k).name;
    require_long_features(process.drift[k], place, start, stop, grid.axis(k).length(), "the drift" + along);
    const double noise = process.diffusion[k](0.5 * (start + stop)) * (stop - start);
    require_long_features(process.diffusion[k], place, start, stop, noise, "the diffusion" + along);
  }
}

}  // namespace

std::optional<NarrowFeature> narrow_feature(const Coefficient& function, const Grid& grid, double t,
                                            double tolerable, std::size_t samples) {
  std::vector<HiddenPeak> hidden;
  if (function.formula() != nullptr) hidden = hidden_peaks(*function.formula(), grid, t, tolerable);
  if (grid.dimension() > 1) samples = 0;
  std::optional<NarrowFeature> worst;
  for (std::size_t k = 0; k < grid.dimension(); ++k) {
    if (!function.depends_on_axis(k)) continue;
    const auto look = [&](std::vector<double> line, const std::vector<double>& x) {
      NarrowFeature found = on_line(function, grid.axis(k), k, std::move(line), x, t);
      if (found.missed > (worst ? worst->missed : 0)) worst = std::move(found);
    };
    const std::vector<double> x = places(grid.axis(k), samples, round_numbers(grid.axis(k)));
    for (std::vector<double>& line : lines(grid, k)) look(std::move(line), x);
    for (const HiddenPeak& peak : hidden) look(peak.place, places(grid.axis(k), samples, {peak.place[k]}));
  }
  return worst;
}

void require_wide_features(const Process& process, const Grid& grid, double start, double stop) {
  require_long_features(process, grid, start, stop);
  const double duration = stop - start, middle = 0.5 * (start + stop), widest = widest_spacing(grid);
  // A path spends about sqrt(duration/D) in a line's unit of length.
  const auto killed = [&](std::size_t k) { return std::sqrt(duration / process.diffusion[k](middle)); };
  double max_killed = 0;
  for (std::size_t k = 0; k < process.dimension(); ++k) max_killed = std::max(max_killed, killed(k));
  for (const double t : times_of(process.killing, start, stop)) {
    const std::optional<NarrowFeature> found =
        narrow_feature(process.killing, grid, t, counts / (max_killed * widest));
    if (found && found->missed * killed(found->axis) > counts) refuse(*found, grid, "the killing");
  }
  for (std::size_t k = 0; k < process.dimension(); ++k) {
    // What it does to exp(2 int F / D).
    const double tolerable = 0.5 * counts * process.diffusion[k](middle);
    for (const double t : times_of(process.drift[k], start, stop)) {
      const std::optional<NarrowFeature> found =
          narrow_feature(process.drift[k], grid, t, tolerable / widest);
      if (found && found->missed > tolerable) refuse(*found, grid, "the drift along " + grid.axis(k).name);
    }
  }
}

void require_wide_features(const Law& initial, const Grid& grid) {
  const auto* formula = std::get_if<FormulaLaw>(&initial);
  if (formula == nullptr) return;
  const std::optional<NarrowFeature> found =
      narrow_feature(formula->density, grid, 0, tolerable_height(formula->density, grid, 0));
  if (!found) return;
  const LineSize size = size_on_line(formula->density, grid, *found, 0);
  if (found->missed > counts * size.integral) refuse(*found, grid, "the density that is given");
}

void require_wide_features(const Coefficient& terminal, const Grid& grid, double stop, const char* name) {
  const std::optional<NarrowFeature> found =
      narrow_feature(terminal, grid, stop, tolerable_height(terminal, grid, stop));
  if (!found) return;
  const LineSize size = size_on_line(terminal, grid, *found, stop);
  if (found->missed > counts * size.largest * grid.axis(found->axis).spacing()) refuse(*found, grid, name);
}

}  // namespace umkehr
