// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/bridge/kernels/sliced_propagator.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <sstream>
#include <utility>

#include "grids/failure.hpp"
#include "grids/machine/elementary.hpp"
#include "grids/machine/infinity.hpp"
#include "solver/path_integral/dense_kernel.hpp"
#include "solver/stepping/flush_to_zero.hpp"

namespace umkehr {
namespace {

/// A process that does not depend on time is squared, so that many slices cost little more than few.
const std::vector<std::size_t> each_its_own = {4, 8, 12, 16, 24, 32, 48, 64},
                               all_alike = {4, 8, 16, 32, 64, 128, 256, 512, 1024};
constexpr std::size_t min_slices = 8;
/// Where two slices meet, the product of their Gaussians is narrower than either: so many times fewer slices are resolved
/// entry by entry than are on smooth densities.
constexpr std::size_t entrywise = 2;
constexpr double counted = 60, softness = 8;  // below the maximum
constexpr double converging = 3;              // change of a logarithm from one number of slices to the next
constexpr double amplified = 3;               // times what order 2 lets one expect of the rest

Axis refined_axis(Axis axis, std::size_t factor) {
  axis.points *= factor;
  return axis;
}

std::size_t resolved_slices(const Process& process, const Axis& axis, double start, double stop) {
  return DenseKernel(process, axis, 2).max_slices(start, stop) / entrywise;
}

/// An odd number of cells for one, so that centres stay centres.
std::size_t refinement(const Process& process, const Axis& axis, double start, double stop,
                       const SlicedChoices& choices) {
  std::size_t factor = 1;
  const std::size_t wanted = process.depends_on_time() ? 32 : 512;
  while (resolved_slices(process, refined_axis(axis, factor), start, stop) < wanted &&
         axis.points * (factor + 2) <= choices.max_points)
    factor += 2;
  const std::size_t slices = resolved_slices(process, refined_axis(axis, factor), start, stop);
  if (slices >= min_slices) return factor;
  std::ostringstream text;
  text.precision(3);
  text << "between t = " << start << " and " << stop << " the axis " << axis.name << " of " << axis.points
       << " points resolves " << slices << " slices of the propagator, and at least " << min_slices
       << " are needed; take points = "
       << std::ceil(static_cast<double>(axis.points * factor) *
                    std::sqrt(static_cast<double>(min_slices) / std::max(0.1, static_cast<double>(slices))))
       << ", times further apart, or more diffusion";
  throw UnfitProblem(text.str());
}

using Logs = std::vector<double>;

/// (x, y) at the centres of the coarse axis.
Logs log_entries(const Eigen::MatrixXd& kernel, std::size_t points, std::size_t factor) {
  Logs out(points * points);
  const std::size_t offset = factor / 2;
  for (std::size_t i = 0; i < points; ++i)
    for (std::size_t j = 0; j < points; ++j)
      out[i * points + j] = std::max(0.0, kernel(static_cast<Eigen::Index>(j * factor + offset),
                                                 static_cast<Eigen::Index>(i * factor + offset)));
  lanes::log(out, out);
  return out;
}

/// coarse <- fine + (fine - coarse) / (ratio^2 - 1)
void extrapolate(Logs& coarse, const Logs& fine, double ratio) {
  const double weight = 1 / (ratio * ratio - 1);
  for (std::size_t n = 0; n < fine.size(); ++n)
    coarse[n] =
        coarse[n] == log_zero || fine[n] == log_zero ? fine[n] : fine[n] + (fine[n] - coarse[n]) * weight;
}

double largest_difference(const Logs& a, const Logs& b, std::span<const double> log_density,
                          std::size_t points) {
  const auto joint = [&](std::size_t i, std::size_t j) {
    return a[i * points + j] + (log_density.empty() ? 0 : log_density[i]);
  };
  double most = log_zero, largest = 0;
  for (std::size_t i = 0; i < points; ++i)
    for (std::size_t j = 0; j < points; ++j) most = std::max(most, joint(i, j));
  for (std::size_t i = 0; i < points; ++i)
    for (std::size_t j = 0; j < points; ++j)
      if (joint(i, j) > most - counted)
        largest = std::max(largest, std::abs(a[i * points + j] - b[i * points + j]) *
                                        std::exp((joint(i, j) - most) / softness));
  return largest;
}

/// Where more slices do not settle an entry, far out in the tails, extrapolating would amplify their differences: there the
/// finest slices stay as they are, positive and of order 2.
void take_back_what_diverges(SlicedPropagator& out, const Logs& finest, const Logs& before, double ratio) {
  const double most = amplified / (ratio * ratio - 1);
  for (std::size_t n = 0; n < finest.size(); ++n) {
    const double change = std::abs(finest[n] - before[n]);
    if (finest[n] == log_zero || before[n] == log_zero || change > converging ||
        std::abs(out.log_kernel[n] - finest[n]) > most * change + 1e-12 * std::abs(finest[n])) {
      out.log_kernel[n] = finest[n];
      out.doubt[n] = std::isfinite(change) ? static_cast<float>(change) : 0;
    }
  }
}

}  // namespace

SlicedPropagator sliced_propagator(const Process& process, const Axis& axis, double start, double stop,
                                   std::span<const double> log_density, const SlicedChoices& choices) {
  if (!(start < stop)) throw UnfitProblem("a kernel takes start < stop");
  const FlushToZero flush;
  SlicedPropagator out;
  out.refinement = refinement(process, axis, start, stop, choices);
  const DenseKernel slices(process, refined_axis(axis, out.refinement), 2);
  const std::vector<std::size_t>& counts = process.depends_on_time() ? each_its_own : all_alike;
  const std::size_t most = slices.max_slices(start, stop) / entrywise;
  out.error = std::numeric_limits<double>::infinity();
  std::vector<Logs> level;  // level[m]: from counts[k - m] to counts[k]
  Logs before, finest, best_before, best_finest;
  double best_ratio = 2;
  for (std::size_t k = 0; k < counts.size() && counts[k] <= most; ++k) {
    Logs next = log_entries(slices.propagator(start, stop, counts[k]), axis.points, out.refinement);
    before = std::exchange(finest, next);
    for (std::size_t m = 0; m < level.size(); ++m) {
      const double ratio = static_cast<double>(counts[k]) / static_cast<double>(counts[k - m - 1]);
      extrapolate(level[m], next, ratio);
      std::swap(level[m], next);  // level[m] now ends at counts[k], `next` is one order higher
    }
    level.push_back(std::move(next));
    if (k == 0) continue;
    const double error = largest_difference(level[k], level[k - 1], log_density, axis.points);
    if (error < out.error) {
      out.error = error;
      out.slices = counts[k];
      out.log_kernel = level[k];
      best_before = before;
      best_finest = finest;
      best_ratio = static_cast<double>(counts[k]) / static_cast<double>(counts[k - 1]);
      out.doubt.resize(level[k].size());
      for (std::size_t n = 0; n < out.doubt.size(); ++n)
        out.doubt[n] =
            level[k][n] == log_zero ? 0 : static_cast<float>(std::abs(level[k][n] - level[k - 1][n]));
    }
    if (error <= choices.tolerance || (k > 3 && error > 10 * out.error)) break;
  }
  take_back_what_diverges(out, best_finest, best_before, best_ratio);
  return out;
}

}  // namespace umkehr
