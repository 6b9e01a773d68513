// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/process/pieces.hpp"

#include <algorithm>
#include <boost/math/tools/roots.hpp>
#include <cmath>
#include <cstdint>

#include "grids/gauss_rule.hpp"
#include "grids/interpolation/spline_projection.hpp"
#include "grids/machine/team.hpp"

namespace umkehr {
namespace {

constexpr std::size_t looks = 8;  // pieces of a line at whose ends a switch is looked at
constexpr int max_bracketings = 80;
constexpr double nanoseconds_a_box = 500;

/// A function on a line whose zeros are wanted; `values` are those at from, ..., to, `looks` equal pieces apart.
template <class Function>
class ZeroSearch {
 public:
  ZeroSearch(const Function& function, double from, double to) : function_(function), from_(from), to_(to) {
    for (std::size_t n = 0; n <= looks; ++n) values_.push_back(function_(place(n)));
  }

  void add_to(std::vector<double>& zeros) const {
    const auto [least, most] = std::minmax_element(values_.begin(), values_.end());
    for (std::size_t n = 0; n < looks; ++n)
      if (above(values_[n]) != above(values_[n + 1])) bracket(place(n), place(n + 1), zeros);
    for (std::size_t n = 1; n < looks; ++n) {
      const double size = std::abs(values_[n]);
      if (values_[n - 1] == values_[n] && values_[n] == values_[n + 1]) continue;  // it turns nowhere
      const bool is_nearest = above(values_[n - 1]) == above(values_[n]) &&
                              above(values_[n + 1]) == above(values_[n]) &&
                              size <= std::abs(values_[n - 1]) && size <= std::abs(values_[n + 1]);
      if (is_nearest && size <= *most - *least) pair_near(n, zeros);
    }
  }

 private:
  static bool above(double value) { return value > 0; }
  double place(std::size_t n) const {
    return n == looks ? to_ : from_ + (to_ - from_) * (static_cast<double>(n) / looks);
  }

  void bracket(double a, double b, std::vector<double>& zeros) const {
    std::uintmax_t iterations = max_bracketings;
    const auto signed_value = [this](double x) { return above(function_(x)) ? 1.0 : -1.0; };
    const auto [left, right] = boost::math::tools::bisect(
        signed_value, a, b, [](double l, double r) { return r - l <= 4e-16 * (std::abs(l) + std::abs(r)); },
        iterations);
    zeros.push_back(0.5 * (left + right));
  }

  /// Between two looks the function may pass through zero and come back: its turning point tells.
  void pair_near(std::size_t n, std::vector<double>& zeros) const {
    constexpr double golden = 0.3819660112501051;
    const double sign = above(values_[n]) ? 1 : -1;
    double left = place(n - 1), right = place(n + 1);
    for (int k = 0; k < max_bracketings; ++k) {
      const double a = left + golden * (right - left), b = right - golden * (right - left);
      const double at_a = sign * function_(a), at_b = sign * function_(b);
      if (above(sign * at_a) != above(sign) || above(sign * at_b) != above(sign)) {
        const double beyond = above(sign * at_a) != above(sign) ? a : b;
        bracket(place(n - 1), beyond, zeros);
        bracket(beyond, place(n + 1), zeros);
        return;
      }
      (at_a < at_b ? right : left) = at_a < at_b ? b : a;
    }
  }

  const Function& function_;
  double from_, to_;
  std::vector<double> values_;
};

/// use(x, w / (b - a)) at the Gauss rule of n points on each panel.
template <std::size_t n, class Use>
void at_panel_nodes(std::span<const double> edges, const Use& use) {
  const GaussRule<n>& rule = gauss_legendre<n>();
  const double length = edges.back() - edges.front();
  for (std::size_t p = 0; p + 1 < edges.size(); ++p) {
    const double middle = 0.5 * (edges[p] + edges[p + 1]), half = 0.5 * (edges[p + 1] - edges[p]);
    for (std::size_t q = 0; half > 0 && q < n; ++q)
      use(middle + half * rule.node[outwards(n, q)], half * rule.weight[outwards(n, q)] / length);
  }
}

}  // namespace

Pieces::Pieces(const Coefficient& function, std::size_t dimension)
    : function_(function), dimension_(dimension) {
  if (const Formula* formula = function.formula()) switches_ = formula->switches();
}

std::vector<double> Pieces::borders(std::span<const double> point, std::size_t axis, double from, double to,
                                    double t) const {
  std::vector<double> zeros, x(point.begin(), point.end());
  for (const Formula& each : switches_) {
    if (!each.depends_on_axis(axis)) continue;
    const auto along = [&](double place) {
      x[axis] = place;
      return each(x, t);
    };
    ZeroSearch(along, from, to).add_to(zeros);
  }
  std::sort(zeros.begin(), zeros.end());
  return zeros;
}

/// Edges of the pieces along axes[0], seen on the lines through corners and middles of the rest of the box.
std::vector<double> Pieces::panels(const Box& box, std::span<const std::size_t> axes,
                                   std::vector<double>& point, double t) const {
  const std::size_t axis = axes[0];
  std::vector<double> edges = {box.from[axis], box.to[axis]};
  std::size_t lines = 1;
  for (std::size_t n = 1; n < axes.size(); ++n) lines *= 3;
  for (std::size_t line = 0; line < lines; ++line) {
    for (std::size_t n = 1, rest = line; n < axes.size(); ++n, rest /= 3) {
      const double share = 0.5 * static_cast<double>(rest % 3);
      point[axes[n]] = (1 - share) * box.from[axes[n]] + share * box.to[axes[n]];
    }
    const std::vector<double> found = borders(point, axis, box.from[axis], box.to[axis], t);
    edges.insert(edges.end(), found.begin(), found.end());
  }
  std::sort(edges.begin(), edges.end());
  return edges;
}

void Pieces::visit(const Box& box, std::span<const std::size_t> axes, std::vector<double>& point,
                   double weight, double t, const Use& use) const {
  if (axes.empty()) return use(point, weight);
  const std::size_t axis = axes[0];
  const auto further = [&](double place, double share) {
    point[axis] = place;
    visit(box, axes.subspan(1), point, weight * share, t, use);
  };
  if (box.from[axis] == box.to[axis]) return further(box.from[axis], 1);
  const std::vector<double> edges = panels(box, axes, point, t);
  axes.size() == 3 ? at_panel_nodes<3>(edges, further) : at_panel_nodes<5>(edges, further);
}

void Pieces::at_nodes(const Box& box, std::size_t inner, double t, const Use& use) const {
  std::vector<std::size_t> axes;
  for (std::size_t k = 0; k < dimension_; ++k)
    if (k != inner) axes.push_back(k);
  axes.push_back(inner);
  std::vector<double> point(dimension_);
  visit(box, axes, point, 1, t, use);
}

double Pieces::mean(const Box& box, std::size_t inner, double t) const {
  double sum = 0;
  at_nodes(box, inner, t,
           [&](std::span<const double> point, double weight) { sum += weight * function_(point, t); });
  return sum;
}

bool Pieces::may_cut(const Box& box, double t) const {
  std::size_t places = 1;
  for (std::size_t k = 0; k < dimension_; ++k) places *= 3;
  Points x(dimension_, places);
  for (std::size_t n = 0; n < places; ++n)
    for (std::size_t k = 0, rest = n; k < dimension_; ++k, rest /= 3) {
      const double share = 0.5 * static_cast<double>(rest % 3);
      x[k][n] = (1 - share) * box.from[k] + share * box.to[k];
    }
  std::vector<double> values(places);
  for (const Formula& each : switches_) {
    each(x, t, values);
    const auto [least, most] = std::minmax_element(values.begin(), values.end());
    const double nearest = std::max(0.0, std::max(*least, -*most));
    if (nearest <= *most - *least || *most == 0) return true;
  }
  return false;
}

std::optional<double> Pieces::mean_if_cut(const Box& box, std::size_t inner, double t) const {
  return are_several() && may_cut(box, t) ? std::optional(mean(box, inner, t)) : std::nullopt;
}

Box middle_line(Box box, std::size_t axis, std::size_t dimension) {
  for (std::size_t k = 0; k < dimension; ++k)
    if (k != axis) box.from[k] = box.to[k] = 0.5 * (box.from[k] + box.to[k]);
  return box;
}

Box cell_box(const Grid& grid, std::size_t cell) {
  Box box;
  for (std::size_t k = 0; k < grid.dimension(); ++k) {
    const std::size_t i = cell / grid.stride(k) % grid.axis(k).points;
    box.from[k] = grid.axis(k).face(i);
    box.to[k] = grid.axis(k).face(i + 1);
  }
  return box;
}

Nodes nodes_of(const Pieces& pieces, const Grid& grid, double t) {
  const std::size_t d = grid.dimension();
  std::vector<std::vector<double>> x(d);
  std::vector<double> weights;
  for (std::size_t cell = 0; cell < grid.size(); ++cell)
    pieces.at_nodes(cell_box(grid, cell), d - 1, t, [&](std::span<const double> point, double weight) {
      for (std::size_t k = 0; k < d; ++k) x[k].push_back(point[k]);
      weights.push_back(weight * grid.cell_volume());
    });
  return {Points(std::move(x)), std::move(weights)};
}

void project(const Pieces& pieces, const Grid& grid, double t, std::span<double> values) {
  const Nodes nodes = nodes_of(pieces, grid, t);
  std::vector<double> integrals(nodes.weight.size());
  pieces.function()(nodes.points, t, integrals);
  for (std::size_t i = 0; i < integrals.size(); ++i) integrals[i] *= nodes.weight[i];
  std::ranges::copy(spline_projection(grid, nodes.points, integrals), values.begin());
}

void replace_cut_cells(const Pieces& pieces, const Grid& grid, double t, std::span<double> values) {
  if (!pieces.are_several()) return;
  const bool is_dear = pieces.function().depends_on_time() || grid.dimension() == 3;
  share(grid.size(), nanoseconds_a_box, [&](std::size_t cell) {
    const std::size_t last = grid.dimension() - 1;
    const Box box = cell_box(grid, cell);
    if (const auto mean = pieces.mean_if_cut(is_dear ? middle_line(box, last, last + 1) : box, last, t))
      values[cell] = *mean;
  });
}

}  // namespace umkehr
