// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/bridge/sliced_values.hpp"

#include <algorithm>
#include <cmath>
#include <sstream>
#include <stdexcept>

#include "grids/infinity.hpp"
#include "solver/bridge/log_gradient.hpp"

namespace umkehr {
namespace {

constexpr double widest_half_slice = 4;       // cells that half a slice may spread
constexpr double counted_below_largest = 60;  // below the largest logarithm
constexpr double trusted_slice_error = 1e-8;  // of the logarithms
constexpr std::size_t halvings = 4;           // 1, 2, 4, 8 slices
constexpr int peak_rounds = 6;                // of Newton's iteration
constexpr double plain_shift = 0.5, plain_width = 0.8;  // deviations of a peak that nodes about the centre serve
constexpr double least_width = 0.25;
constexpr double most_kink = 1;  // of a mirror image at a wall, through which it is interpolated

const Grid& line(const Process& process, const Grid& grid) {
  if (process.dimension() != 1 || grid.dimension() != 1)
    throw std::invalid_argument("slices that act on logarithms are for one axis");
  if (grid.axis(0).points < interpolated_from)
    throw std::invalid_argument("axis " + grid.axis(0).name + ": " + std::to_string(grid.axis(0).points) +
                                " points; slices are interpolated from " + std::to_string(interpolated_from));
  return grid;
}

/// The same box, in which what leaves is lost: nothing has come from beyond a wall.
Grid within_walls(const Grid& grid) {
  Axis axis = grid.axis(0);
  if (axis.boundary == Boundary::reflecting) axis.boundary = Boundary::absorbing;
  return Grid({axis});
}

}  // namespace

SlicedValues::SlicedValues(const Process& process, const Grid& grid, double start, double stop)
    : Kernel(line(process, grid)),
      process_(process),
      start_(start),
      stop_(stop),
      centres_(grid.axis(0).centres()),
      spline_(grid),
      push_(process, grid, spline_, 2),
      spline_within_(within_walls(grid)),
      push_back_(process, within_walls(grid), spline_within_, 2) {
  if (!(start < stop)) throw std::invalid_argument("a kernel takes start < stop");
}

double SlicedValues::log_distance(double place) const {
  if (grid().axis(0).boundary != Boundary::absorbing) return 0;
  const double above = place + 0.5, below = static_cast<double>(size()) - above;
  return std::log(above * below);
}

SlicedValues::Interpolation::Interpolation(const SlicedValues& values, const std::vector<double>& f)
    : values_(values),
      points_(static_cast<double>(f.size())),
      is_periodic_(values.grid().axis(0).boundary == Boundary::periodic),
      around_(f.size() + 2 * interpolated_from) {
  const auto n = static_cast<std::ptrdiff_t>(f.size()), period = is_periodic_ ? n : 2 * n;
  for (std::size_t i = 0; i < around_.size(); ++i) {
    std::ptrdiff_t from = static_cast<std::ptrdiff_t>(i) - static_cast<std::ptrdiff_t>(interpolated_from);
    from = (from + 2 * period) % period;
    if (from >= n) from = period - 1 - from;
    around_[i] = f[static_cast<std::size_t>(from)] - values.log_distance(static_cast<double>(from));
  }
  const auto steps = [&](std::size_t i) { return std::abs(around_[i + 1] - around_[i]); };
  bends_below_ = !is_periodic_ && steps(interpolated_from) > most_kink;
  bends_above_ = !is_periodic_ && steps(interpolated_from + f.size() - 2) > most_kink;
}

/// `sign` is that of f there, which is odd about absorbing walls.
double SlicedValues::Interpolation::at(double place, double& sign) const {
  const double period = is_periodic_ ? points_ : 2 * points_;
  double from_wall = place + 0.5 - period * std::floor((place + 0.5) / period);
  sign = 1;
  if (!is_periodic_ && from_wall > points_) {
    from_wall = period - from_wall;
    sign = values_.grid().axis(0).boundary == Boundary::absorbing ? -1 : 1;
  }
  return inside(from_wall - 0.5);
}

double SlicedValues::Interpolation::inside(double place) const {
  const double below = std::floor(place) + 1, above = points_ - std::floor(place) - 1;  // centres on either side
  const double cells = static_cast<double>(interpolated_from) / 2;
  const bool is_bent = (bends_below_ && below < cells) || (bends_above_ && above < cells);
  return (is_bent ? narrower(place, std::min(below, above))
                  : LagrangeStencil(place)(around_, interpolated_from)) +
         values_.log_distance(place);
}

/// Through `half` centres on either side, or the two nearest ones: near a wall where the mirror image has a kink.
double SlicedValues::Interpolation::narrower(double place, double half) const {
  const double width = 2 * std::max(1.0, half),
               first = std::clamp(std::floor(place) + 1 - 0.5 * width, 0.0, points_ - width);
  const auto count = static_cast<std::size_t>(width);
  double sum = 0;
  for (std::size_t i = 0; i < count; ++i) {
    double weight = 1;
    for (std::size_t j = 0; j < count; ++j)
      if (j != i)
        weight *= (place - first - static_cast<double>(j)) / (static_cast<double>(i) - static_cast<double>(j));
    sum += weight * around_[interpolated_from + static_cast<std::size_t>(first) + i];
  }
  return std::isfinite(sum) ? sum : around_[interpolated_from + static_cast<std::size_t>(std::lround(place))];
}

/// By a stencil that serves all cells away from the walls, `shift` cells on.
double SlicedValues::Interpolation::at_stencil(const LagrangeStencil& stencil, std::size_t shift,
                                               double place, double& sign) const {
  const double first = static_cast<double>(stencil.first) + static_cast<double>(shift);
  if (first < 0 || first + static_cast<double>(interpolated_from) > points_) return at(place, sign);
  sign = 1;
  return stencil(around_, interpolated_from, static_cast<std::ptrdiff_t>(shift)) + values_.log_distance(place);
}

/// Where, about a centre, exp(f) N(centre, deviation^2) has its peak, and its width there. In cells; only roughly.
SlicedValues::Peak SlicedValues::peak_of(const std::vector<double>& f, std::size_t centre,
                                         double deviation) const {
  const auto n = static_cast<std::ptrdiff_t>(size());
  const bool wraps = grid().axis(0).boundary == Boundary::periodic;
  const auto mean = static_cast<double>(centre), inverse = 1 / (deviation * deviation);
  Peak peak{mean, deviation};
  for (int round = 0; round < peak_rounds; ++round) {
    std::ptrdiff_t at = std::lround(peak.place);
    at = wraps ? ((at % n) + n) % n : std::clamp<std::ptrdiff_t>(at, 1, n - 2);
    const auto value = [&](std::ptrdiff_t i) { return f[static_cast<std::size_t>((i + n) % n)]; };
    const double slope = 0.5 * (value(at + 1) - value(at - 1)),
                 bend = value(at + 1) - 2 * value(at) + value(at - 1);
    if (!std::isfinite(slope) || !std::isfinite(bend)) return {mean, deviation};
    const double stiffness = inverse - std::min(bend, 0.0);
    peak.place -= ((peak.place - mean) * inverse - slope) / stiffness;
    if (!wraps) peak.place = std::clamp(peak.place, -0.5, static_cast<double>(n) - 0.5);
    peak.width = std::max(least_width * deviation, 1 / std::sqrt(stiffness));
  }
  const bool is_plain =
      std::abs(peak.place - mean) <= plain_shift * deviation && peak.width >= plain_width * deviation;
  return is_plain ? Peak{mean, deviation} : peak;
}

void SlicedValues::spread(std::vector<double>& f, double variance) const {
  const double deviation = std::sqrt(variance) / grid().axis(0).spacing();
  const NormalNodes nodes = NormalNodes::over(deviation);
  const Interpolation before(*this, f);
  std::vector<LagrangeStencil> stencils;
  for (const double node : nodes.place) stencils.emplace_back(deviation * node);
  std::vector<double> terms(stencils.size()), signs(stencils.size(), 1.0);
  const std::vector<double> in = f;
  for (std::size_t i = 0; i < f.size(); ++i) {
    const Peak peak = peak_of(in, i, deviation);
    const bool is_plain = peak.width == deviation;
    const auto mean = static_cast<double>(i);
    for (std::size_t q = 0; q < terms.size(); ++q) {
      const double node = nodes.place[q], place = peak.place + peak.width * node,
                   away = (place - mean) / deviation;
      terms[q] = nodes.log_weight[q] + (is_plain ? before.at_stencil(stencils[q], i, place, signs[q])
                                                 : before.at(place, signs[q]) +
                                                       0.5 * (node * node - away * away) +
                                                       std::log(peak.width / deviation));
    }
    const double largest = *std::max_element(terms.begin(), terms.end());
    double sum = 0;
    for (std::size_t q = 0; q < terms.size() && largest > log_zero; ++q)
      sum += signs[q] * std::exp(terms[q] - largest);
    f[i] = sum > 0 ? largest + std::log(sum) : log_zero;
  }
}

/// The derivative of a map of the centres, from how many cells each is moved, the short way around.
std::vector<double> SlicedValues::stretches(std::span<const double> places) const {
  const Axis& axis = grid().axis(0);
  const auto n = static_cast<double>(size());
  std::vector<double> moved(size()), out(size());
  for (std::size_t i = 0; i < size(); ++i) {
    moved[i] = places[i] - static_cast<double>(i);
    if (axis.boundary == Boundary::periodic) moved[i] -= n * std::round(moved[i] / n);
    if (std::isnan(moved[i])) moved[i] = log_zero;
  }
  log_gradient(grid(), moved, 0, out);
  for (double& slope : out) slope = 1 + slope * axis.spacing();
  return out;
}

void SlicedValues::push(Way way, std::vector<double>& f, double middle, double h) {
  if (!push_.acts()) return;
  const Points& places = way == Way::to_start ? push_.to(middle, h) : push_back_.to(middle, -h);
  const Interpolation before(*this, f);
  const std::vector<double> stretch =
      way == Way::to_stop ? stretches(places[0]) : std::vector<double>(f.size(), 1.0);
  for (std::size_t i = 0; i < f.size(); ++i) {
    const double place = places[0][i];
    if (std::isnan(place)) {  // beyond a wall
      f[i] = log_zero;
      continue;
    }
    double sign;
    f[i] = before.at(place, sign) + std::log(std::abs(stretch[i]));
  }
}

void SlicedValues::slice(Way way, std::vector<double>& f, double middle, double h) {
  const double variance = process_.diffusion[0](middle) * h / 2;
  const auto kill = [&] {
    for (std::size_t i = 0; i < f.size(); ++i) f[i] -= process_.killing({&centres_[i], 1}, middle) * h / 2;
  };
  kill();
  spread(f, variance);
  push(way, f, middle, h);
  spread(f, variance);
  kill();
}

std::vector<double> SlicedValues::sliced(Way way, std::span<const double> in, std::size_t slices) {
  std::vector<double> f(in.begin(), in.end());
  const double h = (stop_ - start_) / static_cast<double>(slices);
  for (std::size_t n = 0; n < slices; ++n) {
    const std::size_t at = way == Way::to_stop ? n : slices - 1 - n;
    slice(way, f, start_ + (static_cast<double>(at) + 0.5) * h, h);
  }
  return f;
}

void SlicedValues::extrapolate(Way way, std::span<const double> in, std::span<double> out) {
  double most = 0;
  for (const double t : {start_, 0.5 * (start_ + stop_), stop_})
    most = std::max(most, process_.diffusion[0](t));
  const double spacing = grid().axis(0).spacing();
  const auto base = static_cast<std::size_t>(
      std::ceil(most * (stop_ - start_) / (2 * widest_half_slice * widest_half_slice * spacing * spacing)));
  std::vector<std::vector<double>> row;
  std::vector<double> finest, change;
  for (std::size_t k = 0; k < halvings; ++k) {
    std::vector<double> next = sliced(way, in, std::max<std::size_t>(1, base) << k);
    change = finest.empty() ? next : finest;
    finest = next;
    for (std::size_t m = 0; m < row.size(); ++m) {
      const double weight = 1 / (std::pow(4.0, static_cast<double>(m + 1)) - 1);
      for (std::size_t i = 0; i < next.size(); ++i) row[m][i] = next[i] + (next[i] - row[m][i]) * weight;
      std::swap(row[m], next);
    }
    row.push_back(std::move(next));
  }
  const std::vector<double>&best = row[halvings - 1], &lower = row[halvings - 2];
  const double largest = *std::max_element(finest.begin(), finest.end());
  error_ = 0;
  for (std::size_t i = 0; i < best.size(); ++i) {
    // Where slices do not converge as they should (at walls that drift crosses), extrapolating would amplify that.
    const double last = std::abs(finest[i] - change[i]);
    const bool converges = last < 0.1 && std::abs(best[i] - finest[i]) <= last + 1e-12 * std::abs(finest[i]);
    out[i] = converges ? best[i] : finest[i];
    if (converges && best[i] > largest - counted_below_largest)
      error_ = std::max(error_, std::abs(best[i] - lower[i]));
  }
}

void SlicedValues::apply(std::span<const double> log_chi, std::span<double> out) {
  extrapolate(Way::to_start, log_chi, out);
}

void SlicedValues::apply_transpose(std::span<const double> log_chi_hat, std::span<double> out) {
  extrapolate(Way::to_stop, log_chi_hat, out);
}

std::vector<std::string> SlicedValues::warnings() const {
  if (error_ <= trusted_slice_error) return {};
  std::ostringstream text;
  text.precision(3);
  text << "logarithms between t = " << start_ << " and " << stop_ << " are off by about " << error_
       << "; save more times or take more points";
  return {text.str()};
}

}  // namespace umkehr
