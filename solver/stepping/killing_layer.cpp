// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/stepping/killing_layer.hpp"

#include <algorithm>
#include <cmath>

#include "grids/machine/team.hpp"

namespace umkehr {
namespace {

constexpr double nanoseconds_a_cell = 300;
constexpr double deepest = 36;  // k l beyond which nothing passes

/// Two arms and what is lost between them, over D/2; what is there, over the density at the node.
struct TwoPort {
  double below = 0, above = 0, loss = 0, content = 0;
};

TwoPort piece(double length, double rate, double diffusion) {
  const double k = std::sqrt(2 * std::max(rate, 0.0) / diffusion), depth = std::min(k * length, deepest);
  if (!(depth > 1e-8)) return {length / 2, length / 2, k * k * length, length};
  const double arm = std::tanh(depth / 2) / k, content = std::sinh(depth) / k;
  return {arm, arm, k * k * content, content};
}

/// The delta between the two nodes becomes a star, whose node stays in the middle where hardly anything is lost. What
/// enters comes from the side where less is lost.
TwoPort joined(const TwoPort& a, const TwoPort& b) {
  const double between = a.above + b.below, loss = a.loss + b.loss + between * a.loss * b.loss;
  const double length = a.below + between + b.above;
  if (!(loss > 0)) return {length / 2, length / 2, 0, a.content + b.content};
  constexpr double hardly = 1e-3;
  const double strength = loss * length / hardly, at_star = strength * strength / (1 + strength * strength);
  const double below = at_star * (a.below + between * b.loss / loss) + (1 - at_star) * length / 2;
  const double either = a.loss + b.loss;
  return {below, length - below, loss,
          a.content * (1 + between * b.loss * b.loss / either) +
              b.content * (1 + between * a.loss * a.loss / either)};
}

/// One cell of one axis.
class CellLine {
 public:
  CellLine(const Pieces& killing, const Grid& grid, std::size_t axis, std::size_t cell, double t,
           double diffusion, double least)
      : killing_(killing),
        axis_(axis),
        t_(t),
        diffusion_(diffusion),
        least_(least),
        point_(grid.dimension()) {
    const Box box = cell_box(grid, cell);
    for (std::size_t k = 0; k < point_.size(); ++k) point_[k] = 0.5 * (box.from[k] + box.to[k]);
    middle_ = point_[axis];
    edges_ = killing.borders(point_, axis, box.from[axis], box.to[axis], t);
    edges_.insert(edges_.begin(), box.from[axis]);
    edges_.push_back(box.to[axis]);
  }

  /// The node lies where the pieces in a row put it.
  TwoPort in_a_row() {
    TwoPort all = port(0);
    for (std::size_t n = 1; n + 1 < edges_.size(); ++n) all = joined(all, port(n));
    return all;
  }

  /// The node of a cell that lives is its centre, so that it is the same on all axes; that of one that is dead lies where
  /// killing begins.
  TwoPort around_centre() {
    const double length = edges_.back() - edges_.front();
    std::size_t n = 0;
    while (n + 2 < edges_.size() && edges_[n + 1] < middle_) ++n;
    const double own = rate(middle_);
    TwoPort result = piece(length, own, diffusion_);
    const bool dies = is_dead(own);
    const auto beyond_differs = [&](std::size_t m) { return is_dead(rate_of(m)) != dies; };
    if (n > 0 && beyond_differs(n - 1))
      result.below =
          dies ? edges_[n] - edges_[0] + result.below : std::max(middle_ - edges_[n], shortest * length);
    if (n + 2 < edges_.size() && beyond_differs(n + 1))
      result.above = dies ? edges_.back() - edges_[n + 1] + result.above
                          : std::max(edges_[n + 1] - middle_, shortest * length);
    return result;
  }

 private:
  static constexpr double shortest = 1e-3;  // of a cell, from a centre to where killing begins
  double rate(double place) {
    point_[axis_] = place;
    return killing_.function()(point_, t_) - least_;
  }
  double rate_of(std::size_t n) { return rate(0.5 * (edges_[n] + edges_[n + 1])); }
  TwoPort port(std::size_t n) { return piece(edges_[n + 1] - edges_[n], rate_of(n), diffusion_); }
  bool is_dead(double rate) const {
    return is_hardly_entered(rate, edges_.back() - edges_.front(), diffusion_);
  }

  const Pieces& killing_;
  std::size_t axis_;
  double t_, diffusion_, least_, middle_ = 0;
  std::vector<double> point_, edges_;
};

}  // namespace

bool is_hardly_entered(double rate, double spacing, double diffusion) {
  constexpr double hardly = 0.3;  // sqrt(D/V) in cells
  return hardly * hardly * rate * spacing * spacing >= diffusion;
}

KillingLayer killing_layer(const Pieces& killing, const Grid& grid, std::size_t axis, double t,
                           double diffusion, std::span<const double> rates, double least, bool at_centres) {
  const Axis& line = grid.axis(axis);
  const std::size_t cells = grid.size(), stride = grid.stride(axis), points = line.points;
  const double spacing = line.spacing();
  std::vector<TwoPort> ports(cells);
  share(cells, nanoseconds_a_cell, [&](std::size_t cell) {
    if (!killing.are_several() || !killing.may_cut(cell_box(grid, cell), t)) {
      ports[cell] = piece(spacing, rates[cell] - least, diffusion);
      return;
    }
    CellLine cut(killing, grid, axis, cell, t, diffusion, least);
    ports[cell] = at_centres ? cut.around_centre() : cut.in_a_row();
  });
  const bool wraps = line.boundary == Boundary::periodic;
  KillingLayer layer;
  for (auto of_cells :
       {&KillingLayer::rate, &KillingLayer::below, &KillingLayer::above, &KillingLayer::offset,
        &KillingLayer::share, &KillingLayer::share_below, &KillingLayer::share_above})
    (layer.*of_cells).resize(cells);
  for (std::size_t cell = 0; cell < cells; ++cell) {
    const std::size_t i = cell / stride % points, last = (points - 1) * stride;
    const std::size_t previous = i > 0 ? cell - stride : wraps ? cell + last : cell;
    const std::size_t next = i + 1 < points ? cell + stride : wraps ? cell - last : cell;
    const bool at_start = previous == cell, at_end = next == cell;
    if (!at_centres)
      layer.offset[cell] =
          0.5 * (ports[cell].below - ports[cell].above) / (ports[cell].below + ports[cell].above);
    layer.rate[cell] = diffusion / 2 * ports[cell].loss / ports[cell].content;
    layer.share[cell] = spacing / ports[cell].content;
    layer.share_below[cell] = spacing / ports[previous].content;
    layer.share_above[cell] = spacing / ports[next].content;
    layer.below[cell] =
        (ports[cell].below + (at_start ? ports[cell].below : ports[previous].above)) / spacing;
    layer.above[cell] = (ports[cell].above + (at_end ? ports[cell].above : ports[next].below)) / spacing;
  }
  return layer;
}

void move_to_centres(const KillingLayer& layer, const Grid& grid, std::size_t axis,
                     std::span<double> values) {
  constexpr double noteworthy = 1e-9;
  const std::size_t stride = grid.stride(axis), points = grid.axis(axis).points;
  const std::size_t last = (points - 1) * stride;
  const bool wraps = grid.axis(axis).boundary == Boundary::periodic;
  const std::vector<double> nodes(values.begin(), values.end());
  for (std::size_t cell = 0; cell < values.size(); ++cell) {
    const double own = layer.offset[cell];
    if (!(std::abs(own) > noteworthy)) continue;
    const std::size_t i = cell / stride % points;
    const bool is_below = own > 0;  // the other node on whose side the centre lies
    if (!wraps && (is_below ? i == 0 : i + 1 == points)) continue;
    const std::size_t other =
        is_below ? (i > 0 ? cell - stride : cell + last) : (i + 1 < points ? cell + stride : cell - last);
    const double distance = 1 + (is_below ? own - layer.offset[other] : layer.offset[other] - own);
    values[cell] += (nodes[other] - nodes[cell]) * std::abs(own) / distance;
  }
}

}  // namespace umkehr
