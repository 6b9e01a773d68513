// SPDX-License-Identifier: GPL-3.0-or-later
#include "grids/interpolation/cell_averages.hpp"

#include "grids/gauss_rule.hpp"
#include "grids/interpolation/lagrange.hpp"

namespace umkehr {
namespace {

constexpr std::size_t centres_of_a_mean = 8, nodes_of_a_mean = 4;  // that many are exact for the polynomials

/// A mean as a sum over centres, by the nodes of Gauss's rule in the cell.
struct Average {
  std::array<LagrangeStencil, nodes_of_a_mean> terms;

  Average(const Axis& axis, std::size_t cell) {
    const auto& rule = gauss_legendre<nodes_of_a_mean>();
    for (std::size_t q = 0; q < nodes_of_a_mean; ++q) {
      terms[q] = {axis, centres_of_a_mean, static_cast<double>(cell) + rule.node[q] / 2};
      for (std::size_t j = 0; j < terms[q].count; ++j) terms[q].weight[j] *= rule.weight[q] / 2;
    }
  }

  /// `line` is where the first centre's value stands.
  double of(const double* line, std::size_t stride) const {
    double sum = 0;
    for (const LagrangeStencil& term : terms)
      for (std::size_t j = 0; j < term.count; ++j) sum += term.weight[j] * line[term.index[j] * stride];
    return sum;
  }
};

std::vector<Average> averages_along(const Axis& axis) {
  std::vector<Average> all;
  for (std::size_t i = 0; i < axis.points; ++i) all.emplace_back(axis, i);
  return all;
}

}  // namespace

std::vector<double> cell_averages(const Grid& grid, std::span<const double> values) {
  std::vector<double> from, to(values.begin(), values.end());
  for (std::size_t k = 0; k < grid.dimension(); ++k) {
    const std::vector<Average> averages = averages_along(grid.axis(k));
    const std::size_t stride = grid.stride(k);
    from = to;
    for (std::size_t i = 0; i < to.size(); ++i) {
      const std::size_t cell = i / stride % averages.size();
      to[i] = averages[cell].of(from.data() + (i - cell * stride), stride);
    }
  }
  return to;
}

}  // namespace umkehr
