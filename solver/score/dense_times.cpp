// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/score/dense_times.hpp"

#include <algorithm>

#include "grids/quadrature.hpp"

namespace umkehr {

LagrangeStencil stencil_in_time(const std::vector<double>& times, double t, std::ptrdiff_t left_out) {
  constexpr std::size_t width = 8;
  std::vector<double> nodes = times;
  if (left_out >= 0) nodes.erase(nodes.begin() + left_out);
  const std::size_t count = std::min(width, nodes.size());
  std::size_t first = 0;
  while (first + count < nodes.size() && nodes[first + count] - t <= t - nodes[first]) ++first;
  LagrangeStencil stencil(nodes, first, count, t);
  if (left_out >= 0)
    for (std::size_t i = 0; i < count; ++i)
      stencil.index[i] += stencil.index[i] >= static_cast<std::size_t>(left_out);
  return stencil;
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
