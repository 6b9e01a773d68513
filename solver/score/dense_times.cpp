// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/score/dense_times.hpp"

#include <algorithm>

#include "grids/quadrature.hpp"

namespace umkehr {

TimeStencil stencil_in_time(const std::vector<double>& times, double t, std::ptrdiff_t left_out) {
  const auto size = static_cast<std::ptrdiff_t>(times.size());
  const auto usable = static_cast<std::size_t>(size - (left_out >= 0));
  TimeStencil stencil;
  std::ptrdiff_t above = std::lower_bound(times.begin(), times.end(), t) - times.begin(), below = above - 1;
  while (stencil.count < std::min(time_stencil, usable)) {
    if (below == left_out && below >= 0) --below;
    if (above == left_out) ++above;
    const bool goes_up = above < size && (below < 0 || times[static_cast<std::size_t>(above)] - t <=
                                                           t - times[static_cast<std::size_t>(below)]);
    stencil.index[stencil.count++] = static_cast<std::size_t>(goes_up ? above++ : below--);
  }
  // Added up in the order of the times, whichever was the nearest.
  std::sort(stencil.index.begin(), stencil.index.begin() + static_cast<std::ptrdiff_t>(stencil.count));
  for (std::size_t i = 0; i < stencil.count; ++i) {
    stencil.weight[i] = 1;
    for (std::size_t j = 0; j < stencil.count; ++j)
      if (j != i)
        stencil.weight[i] *=
            (t - times[stencil.index[j]]) / (times[stencil.index[i]] - times[stencil.index[j]]);
  }
  return stencil;
}

void interpolate(const History& history, const TimeStencil& stencil, std::span<double> out) {
  std::fill(out.begin(), out.end(), 0.0);
  for (std::size_t n = 0; n < stencil.count; ++n) {
    const std::span<const double> field = history[stencil.index[n]];
    for (std::size_t i = 0; i < out.size(); ++i) out[i] += stencil.weight[n] * field[i];
  }
}

std::vector<double> left_out_errors(const History& history) {
  const std::vector<double>& times = history.times();
  std::vector<double> errors(times.size()), said(history.size());
  for (std::size_t n = 1; n + 1 < times.size(); ++n) {
    interpolate(history, stencil_in_time(times, times[n], static_cast<std::ptrdiff_t>(n)), said);
    errors[n] = relative_l1(said, history[n]);
  }
  return errors;
}

}  // namespace umkehr
