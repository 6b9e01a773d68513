// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/kolmogorov/hidden_peaks.hpp"

#include <array>
#include <cmath>
#include <queue>

#include "grids/machine/infinity.hpp"

namespace umkehr {
namespace {

constexpr std::size_t max_peaks = 8;
constexpr std::size_t cells_of_a_block = 8;    // along each axis
constexpr std::size_t boxes_of_a_cell = 4000;  // that one search may look into
constexpr std::size_t boxes_of_a_grid =
    1U << 18;                       // that all of them may: where many cells are in doubt, it is the formula
constexpr double smallest = 1e-12;  // of a cell: below is a pole

using Position = std::array<double, 3>;
using CellIndex = std::array<std::size_t, 3>;

class PeakSearch {
 public:
  PeakSearch(const Formula& formula, const Grid& grid, double t, double tolerable)
      : formula_(formula), grid_(grid), t_(t), tolerable_(tolerable), values_(grid.size()) {
    formula(grid.centres(), t, values_);
    for (std::size_t k = 0; k < grid.dimension(); ++k)
      if (formula.depends_on_axis(k)) axes_.push_back(k);
    if (!formula.is_smooth()) return;
    for (const std::size_t k : axes_) curvature_.push_back(formula.derivative(k).derivative(k));
  }

  std::vector<HiddenPeak> run() {
    CellIndex first{}, last{};
    for (std::size_t k = 0; k < grid_.dimension(); ++k) {
      first[k] = grid_.axis(k).points / 2;
      last[k] = first[k] + 1;
    }
    for (const std::size_t k : axes_) {
      const bool has_walls = grid_.axis(k).boundary != Boundary::periodic;
      first[k] = has_walls ? 1 : 0;
      last[k] = grid_.axis(k).points - (has_walls ? 1 : 0);
      if (first[k] >= last[k]) return {};
    }
    visit_block(first, last);
    std::sort(peaks_.begin(), peaks_.end(), [](const auto& a, const auto& b) { return a.height > b.height; });
    if (peaks_.size() > max_peaks) peaks_.resize(max_peaks);
    return std::move(peaks_);
  }

 private:
  struct Part {
    double bound;
    Position from, to;
    bool operator<(const Part& other) const { return bound < other.bound; }
  };

  std::pair<double, double> bounds(const Formula& formula, const Position& from, const Position& to) const {
    const std::size_t d = grid_.dimension();
    return formula.range(std::span(from).first(d), std::span(to).first(d), t_);
  }

  /// From the centre of the first cell's predecessor to that of the last one's successor.
  std::pair<Position, Position> extent(const CellIndex& first, const CellIndex& last, double margin) const {
    Position from{}, to{};
    for (std::size_t k = 0; k < grid_.dimension(); ++k) {
      const Axis& axis = grid_.axis(k);
      from[k] = axis.from + (static_cast<double>(first[k]) - margin) * axis.spacing();
      to[k] = axis.from + (static_cast<double>(last[k]) + margin) * axis.spacing();
    }
    return {from, to};
  }

  bool is_tame(const CellIndex& first, const CellIndex& last) const {
    const auto [from, to] = extent(first, last, 0.5);
    const auto [least, most] = bounds(formula_, from, to);
    if (most - least <= tolerable_) return true;
    if (curvature_.empty()) return false;
    double lift = 0;
    for (std::size_t n = 0; n < axes_.size(); ++n) {
      const auto [lowest, highest] = bounds(curvature_[n], from, to);
      const double spacing = grid_.axis(axes_[n]).spacing();
      lift += 0.125 * spacing * spacing * std::max(std::abs(lowest), std::abs(highest));
    }
    return lift <= tolerable_;
  }

  void visit_block(const CellIndex& first, const CellIndex& last) {
    if (is_tame(first, last)) return;
    std::size_t longest = axes_.front();
    for (const std::size_t k : axes_)
      if (last[k] - first[k] > last[longest] - first[longest]) longest = k;
    if (last[longest] - first[longest] > cells_of_a_block) {
      CellIndex middle_last = last, middle_first = first;
      middle_last[longest] = middle_first[longest] = (first[longest] + last[longest]) / 2;
      visit_block(first, middle_last);
      visit_block(middle_first, last);
      return;
    }
    CellIndex cell = first;
    for (cell[0] = first[0]; cell[0] < last[0]; ++cell[0])
      for (cell[1] = first[1]; cell[1] < std::max(last[1], first[1] + 1); ++cell[1])
        for (cell[2] = first[2]; cell[2] < std::max(last[2], first[2] + 1); ++cell[2]) visit_cell(cell);
  }

  /// The value at a centre so many cells away; nothing beyond a wall.
  std::optional<double> value_beside(const CellIndex& cell, const std::array<int, 3>& offset) const {
    std::size_t place = 0;
    for (std::size_t k = 0; k < grid_.dimension(); ++k) {
      const Axis& axis = grid_.axis(k);
      const auto points = static_cast<std::ptrdiff_t>(axis.points);
      std::ptrdiff_t i = static_cast<std::ptrdiff_t>(cell[k]) + offset[k];
      if (axis.boundary == Boundary::periodic) i = (i + points) % points;
      if (i < 0 || i >= points) return std::nullopt;
      place += static_cast<std::size_t>(i) * grid_.stride(k);
    }
    return values_[place];
  }

  /// The centres of the cells that touch this one, and the next ones along each axis, but not its own.
  Surroundings surroundings(const CellIndex& cell) const {
    Surroundings result{infinity, -infinity};
    const auto include = [&](const std::array<int, 3>& offset) {
      if (const std::optional<double> value = value_beside(cell, offset)) result.include(*value);
    };
    std::array<int, 3> reach{};
    for (const std::size_t k : axes_) {
      reach[k] = 1;
      for (const int two : {-2, 2}) {
        std::array<int, 3> offset{};
        offset[k] = two;
        include(offset);
      }
    }
    for (int i = -reach[0]; i <= reach[0]; ++i)
      for (int j = -reach[1]; j <= reach[1]; ++j)
        for (int k = -reach[2]; k <= reach[2]; ++k)
          if (i != 0 || j != 0 || k != 0) include({i, j, k});
    return result;
  }

  double bound(const Surroundings& about, const Position& from, const Position& to) const {
    const auto [least, most] = bounds(formula_, from, to);
    return std::max(about.outside(least), about.outside(most));
  }

  void visit_cell(const CellIndex& cell) {
    CellIndex next = cell;
    for (std::size_t k = 0; k < grid_.dimension(); ++k) ++next[k];
    auto [from, to] = extent(cell, next, 0);
    for (std::size_t k = 0; k < grid_.dimension(); ++k)
      if (!formula_.depends_on_axis(k)) from[k] = to[k] = 0.5 * (from[k] + to[k]);
    const Surroundings about = surroundings(cell);
    const double height = bound(about, from, to);
    if (height > tolerable_) search(about, {height, from, to});
  }

  void search(const Surroundings& about, const Part& whole) {
    const std::size_t d = grid_.dimension();
    std::priority_queue<Part> parts;
    parts.push(whole);
    HiddenPeak best;
    for (std::size_t n = 0; n < boxes_of_a_cell && boxes_ < boxes_of_a_grid && !parts.empty();
         ++n, ++boxes_) {
      const Part part = parts.top();
      parts.pop();
      Position middle{};
      for (std::size_t k = 0; k < d; ++k) middle[k] = 0.5 * (part.from[k] + part.to[k]);
      const double value = formula_(std::span<const double>(middle).first(d), t_);
      const double height = std::isfinite(value) ? about.outside(value) : 0;
      if (height > best.height)
        best = {{middle.begin(), middle.begin() + static_cast<std::ptrdiff_t>(d)}, height};
      if (best.height >= 0.5 * part.bound || !halve(about, part, parts)) break;
    }
    if (best.height > tolerable_) peaks_.push_back(std::move(best));
  }

  /// The halves that may hide something, along the axis on which the part is widest in cells; false where it is a pole.
  bool halve(const Surroundings& about, const Part& part, std::priority_queue<Part>& parts) const {
    const auto size = [&](std::size_t k) { return (part.to[k] - part.from[k]) / grid_.axis(k).spacing(); };
    std::size_t widest = axes_.front();
    for (const std::size_t k : axes_)
      if (size(k) > size(widest)) widest = k;
    if (size(widest) < smallest) return false;
    Part lower = part, upper = part;
    lower.to[widest] = upper.from[widest] = 0.5 * (part.from[widest] + part.to[widest]);
    for (Part* half : {&lower, &upper}) {
      half->bound = bound(about, half->from, half->to);
      if (half->bound > tolerable_) parts.push(*half);
    }
    return true;
  }

  const Formula& formula_;
  const Grid& grid_;
  double t_, tolerable_;
  std::vector<double> values_;
  std::vector<std::size_t> axes_;
  std::vector<Formula> curvature_;
  std::vector<HiddenPeak> peaks_;
  std::size_t boxes_ = 0;
};

}  // namespace

std::vector<HiddenPeak> hidden_peaks(const Formula& formula, const Grid& grid, double t, double tolerable) {
  if (formula.constant_value()) return {};
  return PeakSearch(formula, grid, t, tolerable).run();
}

}  // namespace umkehr
