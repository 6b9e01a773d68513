// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/input/grid_sample.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "experiments/text/short_number.hpp"

namespace umkehr {
namespace {

constexpr std::size_t max_sampled_points = 1'000'000;
constexpr std::size_t block = 4096;

std::string point_text(const Grid& grid, const Points& points, std::size_t i) {
  std::string out;
  for (std::size_t k = 0; k < grid.dimension(); ++k)
    out += (k > 0 ? ", " : "") + grid.axis(k).name + " = " + short_number(points[k][i]);
  return out;
}

/// The n-th point looked at; where not all cells are, they lie a constant fraction of the grid apart.
std::size_t cell_of(std::size_t n, std::size_t looked_at, std::size_t cells) {
  return looked_at == cells
             ? n
             : static_cast<std::size_t>(static_cast<double>(n) * static_cast<double>(cells - 1) /
                                        static_cast<double>(looked_at - 1));
}

}  // namespace

Extremes extremes(const Coefficient& function, double t, const Grid& grid) {
  Extremes found{std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity(), "",
                 std::nullopt};
  const std::size_t count = std::min(grid.size(), max_sampled_points);
  for (std::size_t first = 0; first < count; first += block) {
    Points points(grid.dimension(), std::min(block, count - first));
    for (std::size_t i = 0; i < points.count(); ++i) {
      const std::size_t cell = cell_of(first + i, count, grid.size());
      for (std::size_t k = 0; k < grid.dimension(); ++k)
        points[k][i] = grid.axis(k).centre(cell / grid.stride(k) % grid.axis(k).points);
    }
    std::vector<double> values(points.count());
    function(points, t, values);
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (!std::isfinite(values[i])) {
        found.where_not_finite = point_text(grid, points, i);
        return found;
      }
      if (values[i] < found.least) {
        found.least = values[i];
        if (values[i] < 0) found.where_least = point_text(grid, points, i);
      }
      found.largest = std::max(found.largest, values[i]);
    }
  }
  return found;
}

}  // namespace umkehr
