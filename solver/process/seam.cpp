// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/process/seam.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "solver/process/pieces.hpp"

namespace umkehr {
namespace {

constexpr std::size_t derivatives = 3;  // a jump in the fourth changes a sampled integral by its h^5
constexpr double agreement = 1e-9;

/// Points in the seam of axis k, on the side of `end`.
Points seam_points(const Grid& grid, std::size_t k, double end) {
  constexpr std::array shares{0.19, 0.5, 0.83};
  Points points(grid.dimension(), shares.size() * shares.size());
  for (std::size_t n = 0; n < points.count(); ++n)
    for (std::size_t i = 0, rest = n; i < grid.dimension(); ++i) {
      points[i][n] = end;
      if (i == k) continue;
      points[i][n] = grid.axis(i).from + shares[rest % shares.size()] * grid.axis(i).length();
      rest /= shares.size();
    }
  return points;
}

double largest_size(const Formula& formula, const Grid& grid, double t) {
  std::vector<double> values(grid.size());
  formula(grid.centres(), t, values);
  double largest = 0;
  for (const double value : values) largest = std::max(largest, std::abs(value));
  return largest;
}

bool closes_along(Formula formula, const Grid& grid, std::size_t k, double t) {
  const Points before = seam_points(grid, k, grid.axis(k).to),
               after = seam_points(grid, k, grid.axis(k).from);
  const double size = largest_size(formula, grid, t);
  std::vector<double> left(before.count()), right(after.count());
  double unit = 1;
  for (std::size_t order = 0; order <= derivatives; ++order) {
    formula(before, t, left);
    formula(after, t, right);
    for (std::size_t i = 0; i < left.size(); ++i)
      if (!(unit * std::abs(left[i] - right[i]) <= agreement * size)) return false;
    if (formula.constant_value()) return true;
    formula = formula.derivative(k);
    unit *= grid.axis(k).spacing();
  }
  return true;
}

}  // namespace

bool closes(const Coefficient& function, const Grid& grid, double t) {
  if (function.formula() == nullptr) return true;
  for (std::size_t k = 0; k < grid.dimension(); ++k)
    if (grid.axis(k).boundary == Boundary::periodic && function.depends_on_axis(k) &&
        !closes_along(*function.formula(), grid, k, t))
      return false;
  return true;
}

bool is_in_pieces(const Coefficient& function, const Grid& grid, double t) {
  return Pieces(function, grid.dimension()).are_several() || !closes(function, grid, t);
}

void sample(const Coefficient& function, const Grid& grid, double t, std::span<double> values) {
  if (is_in_pieces(function, grid, t)) return project({function, grid.dimension()}, grid, t, values);
  function(grid.centres(), t, values);
}

bool is_smooth(const Process& process, const Grid& grid, double t) {
  const auto all_close = [&](const Coefficient& f) { return closes(f, grid, t); };
  return is_smooth(process) && all_close(process.killing) && std::ranges::all_of(process.drift, all_close);
}

}  // namespace umkehr
