// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/bridge/sums/line_interpolation.hpp"

#include <algorithm>
#include <cmath>

#include "grids/hermite.hpp"
#include "grids/interpolation/lagrange.hpp"

namespace umkehr {

LineStencil::LineStencil(double place) : first(static_cast<std::ptrdiff_t>(std::floor(place)) - 3) {
  weigh(place);
}

LineStencil::LineStencil(double place, std::size_t cells)
    : first(std::clamp<std::ptrdiff_t>(static_cast<std::ptrdiff_t>(std::floor(place)) - 3, 0,
                                       static_cast<std::ptrdiff_t>(cells - interpolated_from))) {
  weigh(place);
}

void LineStencil::weigh(double place) {
  const double from_first = place - static_cast<double>(first);
  nearest_ = std::clamp<std::ptrdiff_t>(std::lround(from_first), 0, interpolated_from - 1);
  lagrange_weights(from_first, weight);
}

double LineStencil::operator()(std::span<const double> line, std::ptrdiff_t margin,
                               std::ptrdiff_t shift) const {
  const double* values = line.data() + (first + margin + shift);
  double sum = 0;
  for (std::size_t i = 0; i < weight.size(); ++i) sum += weight[i] * values[i];
  return std::isfinite(sum) ? sum : values[nearest_];
}

NormalNodes::NormalNodes(std::size_t count) {
  const HermiteQuadrature rule(HermiteBasis{0, 1, 1}, count);
  place = rule.nodes;
  for (Eigen::Index q = 0; q < rule.values.rows(); ++q)
    log_weight.push_back(2 * std::log(std::abs(rule.values(q, 0))));
}

NormalNodes NormalNodes::over(double cells) {
  return NormalNodes(static_cast<std::size_t>(std::clamp(std::ceil(14 * cells), 5.0, 64.0)));
}

}  // namespace umkehr
