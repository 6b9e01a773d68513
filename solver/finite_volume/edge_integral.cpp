// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/finite_volume/edge_integral.hpp"

#include <algorithm>
#include <cmath>

namespace umkehr {
namespace {

const std::array<double, 3> edge_nodes = {0.5 - std::sqrt(0.15), 0.5, 0.5 + std::sqrt(0.15)};

/// Where a fraction of the way along the edge across a face lies.
double position(const Axis& axis, std::size_t face, double fraction) {
  const double h = axis.spacing();
  if (axis.boundary == Boundary::periodic) {
    // Both ends of a periodic axis are one face; a drift that is not written periodically is read within the axis.
    const double x = axis.from + h * (static_cast<double>(face == 0 ? axis.points : face) - 0.5 + fraction);
    return x > axis.to ? x - axis.length() : x;
  }
  if (face == 0) return axis.from + 0.5 * h * fraction;
  const double length = face == axis.points ? 0.5 * h : h;
  return axis.centre(face - 1) + length * fraction;
}

}  // namespace

double edge_length(const Axis& axis, std::size_t face) {
  const bool at_wall = (face == 0 || face == axis.points) && axis.boundary != Boundary::periodic;
  return at_wall ? 0.5 * axis.spacing() : axis.spacing();
}

EdgeNodes::EdgeNodes(const Grid& grid, const AxisLines& lines)
    : grid_(grid), lines_(lines), points_(grid.dimension(), (lines.length() + 1) * lines.lanes()) {}

const Points& EdgeNodes::of(std::size_t batch, std::size_t node) {
  const std::size_t rows = lines_.length() + 1, lanes = lines_.lanes();
  for (std::size_t k = 0; k < grid_.dimension(); ++k) {
    const Axis& axis = grid_.axis(k);
    const std::span<double> x = points_[k];
    if (k != lines_.axis()) {
      for (std::size_t lane = 0; lane < lanes; ++lane)
        x[lane] = axis.centre(lines_.cell(batch, lane, 0) / grid_.stride(k) % axis.points);
      for (std::size_t place = lanes; place < x.size(); ++place) x[place] = x[place - lanes];
    } else if (lines_.is_segmented()) {
      for (std::size_t row = 0; row < rows; ++row)
        for (std::size_t lane = 0; lane < lanes; ++lane)
          x[row * lanes + lane] = position(axis, lines_.face(lane, row), edge_nodes[node]);
    } else {
      for (std::size_t row = 0; row < rows; ++row)
        std::fill_n(&x[row * lanes], lanes, position(axis, row, edge_nodes[node]));
    }
  }
  return points_;
}

CutEdges::CutEdges(const Pieces& force, const Pieces* potential, const Grid& grid, const AxisLines& lines)
    : grid_(grid),
      lines_(lines),
      force_(force),
      potential_(potential),
      known_(potential ? *potential : force),
      closes_(grid.axis(lines.axis()).boundary == Boundary::periodic && force.function().formula()) {}

CutEdges::Parts CutEdges::parts(std::size_t batch, std::size_t place) const {
  const std::size_t row = place / lines_.lanes(), lane = place % lines_.lanes(), k = lines_.axis();
  const std::size_t face = lines_.face(lane, row);
  const Axis& axis = grid_.axis(k);
  Box edge = cell_box(grid_, lines_.cell(batch, lane, std::min(row, lines_.length() - 1)));
  if (known_.function().depends_on_time() || grid_.dimension() == 3)
    edge = middle_line(edge, k, grid_.dimension());
  edge.from[k] = face == 0 ? axis.from : axis.centre(face - 1);
  edge.to[k] = face == axis.points ? axis.to : axis.centre(face);
  const bool at_end = face == 0 || face == axis.points;
  if (!at_end || axis.boundary != Boundary::periodic) return {{edge, edge}, 1};
  Box before = edge, after = edge;
  before.from[k] = axis.centre(axis.points - 1);
  before.to[k] = axis.to;
  after.from[k] = axis.from;
  after.to[k] = axis.centre(0);
  return {{before, after}, 2};
}

/// Whether the ends of a ring do not meet, at the middle of the faces between them.
bool CutEdges::jumps_at_seam(const Parts& seam, double t) const {
  std::array<double, 2> value{};
  for (std::size_t part = 0; part < 2; ++part) {
    std::array<double, 3> x{};
    for (std::size_t k = 0; k < grid_.dimension(); ++k)
      x[k] = 0.5 * (seam.box[part].from[k] + seam.box[part].to[k]);
    x[lines_.axis()] = part == 0 ? grid_.axis(lines_.axis()).to : grid_.axis(lines_.axis()).from;
    value[part] = force_.function()(std::span<const double>(x).first(grid_.dimension()), t);
  }
  return std::abs(value[0] - value[1]) > 1e-9 * (std::abs(value[0]) + std::abs(value[1]));
}

/// By differences of the potential, where there is one, so that its jumps count.
double CutEdges::mean_force(const Box& box, double t) const {
  const std::size_t k = lines_.axis();
  if (!potential_) return force_.mean(box, k, t);
  Box left = box, right = box;
  left.to[k] = box.from[k];
  right.from[k] = box.to[k];
  return (potential_->mean(left, k, t) - potential_->mean(right, k, t)) / (box.to[k] - box.from[k]);
}

std::optional<double> CutEdges::mean(std::size_t batch, std::size_t place, double t) const {
  const Parts edge = parts(batch, place);
  if (!known_.are_several() && !edge.is_seam()) return {};
  const bool cut = known_.may_cut(edge.box[0], t) || known_.may_cut(edge.box[1], t);
  if (!cut && !(edge.is_seam() && jumps_at_seam(edge, t))) return {};
  if (!edge.is_seam()) return mean_force(edge.box[0], t);
  return 0.5 * (mean_force(edge.box[0], t) + mean_force(edge.box[1], t));
}

}  // namespace umkehr
