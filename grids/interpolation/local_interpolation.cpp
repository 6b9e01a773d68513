// SPDX-License-Identifier: GPL-3.0-or-later
#include "grids/interpolation/local_interpolation.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "grids/interpolation/eight_stencils.hpp"
#include "grids/machine/team.hpp"

namespace umkehr {
namespace {

constexpr std::size_t order = 8, cubic = 4;
constexpr double back = 0.5;  // cells, from where values go on beyond the outer centres

using Fields = std::vector<std::span<const double>>;
using Results = std::vector<std::span<double>>;

/// Up to eight of the points, in cells; what is beyond the last point lies anywhere.
struct Group {
  std::size_t first, count;
  LanesOfCells cell;

  void keep(Lanes values, std::span<double> out) const {
    if (count == lanes::width) return lanes::store(&out[first], values);
    for (std::size_t lane = 0; lane < count; ++lane) out[first + lane] = values[lane];
  }
};

Group group_at(const Grid& grid, const Points& x, std::size_t first) {
  Group group{first, std::min(lanes::width, x.count() - first), {}};
  for (std::size_t k = 0; k < grid.dimension(); ++k) {
    const Axis& axis = grid.axis(k);
    Lanes place = lanes::broadcast(axis.from);
    if (group.count == lanes::width)
      place = lanes::load(&x[k][first]);
    else
      for (std::size_t lane = 0; lane < group.count; ++lane) place[lane] = x[k][first + lane];
    group.cell[k] = (place - axis.from) / axis.spacing() - 0.5;
  }
  return group;
}

/// What is no number stays so.
Lanes clamped(Lanes a, double least, double most) {
  a = lanes::select(a < least, lanes::broadcast(least), a);
  return lanes::select(a > most, lanes::broadcast(most), a);
}

/// work(group) for all of the points, on several threads.
template <class Work>
void for_groups(const Grid& grid, const Points& x, std::size_t width, std::size_t fields, const Work& work) {
  const double rows = std::pow(static_cast<double>(width), static_cast<double>(grid.dimension() - 1));
  const double nanoseconds = 8 + (2 + rows) * static_cast<double>(fields);
  const std::size_t groups = (x.count() + lanes::width - 1) / lanes::width;
  share(groups, static_cast<double>(lanes::width) * nanoseconds,
        [&](std::size_t n) { work(group_at(grid, x, n * lanes::width)); });
}

/// Places between the outer centres, and how far the group's lie beyond them, in cells.
struct Continuation {
  LanesOfCells nearest, before = {};
  Lanes distance = {};
  bool is_needed = false;

  Continuation(const Grid& grid, const Group& group) : nearest(group.cell) {
    LanesOfCells outwards = {};
    Lanes square = {};
    for (std::size_t k = 0; k < grid.dimension(); ++k) {
      const Axis& axis = grid.axis(k);
      if (axis.boundary == Boundary::periodic) continue;
      nearest[k] = clamped(group.cell[k], 0, static_cast<double>(axis.points - 1));
      outwards[k] = group.cell[k] - nearest[k];
      square += outwards[k] * outwards[k];
    }
    for (std::size_t lane = 0; lane < lanes::width; ++lane) {
      is_needed = is_needed || square[lane] > 0;
      distance[lane] = std::sqrt(square[lane]);
    }
    if (!is_needed) return;
    for (std::size_t k = 0; k < grid.dimension(); ++k)
      before[k] = nearest[k] - lanes::select(distance > 0, back * outwards[k] / distance, Lanes{});
  }

  Lanes apply(Lanes at_nearest, Lanes at_before) const {
    const Lanes linear = at_nearest + (at_nearest - at_before) * distance / back;
    return lanes::select(distance > 0, linear, at_nearest);
  }
};

void interpolate_all(const Grid& grid, const Fields& fields, const Points& x, const Results& out) {
  for_groups(grid, x, order, fields.size(), [&](const Group& group) {
    const Continuation continuation(grid, group);
    const EightStencils<order> nearest(grid, continuation.nearest);
    if (!continuation.is_needed) {
      for (std::size_t f = 0; f < fields.size(); ++f) group.keep(nearest(fields[f]), out[f]);
      return;
    }
    const EightStencils<order> before(grid, continuation.before);
    for (std::size_t f = 0; f < fields.size(); ++f)
      group.keep(continuation.apply(nearest(fields[f]), before(fields[f])), out[f]);
  });
}

}  // namespace

void interpolate_locally(const Grid& grid, std::span<const double> values, const Points& x,
                         std::span<double> out) {
  interpolate_all(grid, {values}, x, {out});
}

void interpolate_locally(const Grid& grid, const Components& fields, const Points& x, Components& out) {
  interpolate_all(grid, {fields.begin(), fields.end()}, x, {out.begin(), out.end()});
}

void interpolate_cubically(const Grid& grid, std::span<const double> values, const Points& x,
                           std::span<double> out) {
  for_groups(grid, x, cubic, 1, [&](Group group) {
    for (std::size_t k = 0; k < grid.dimension(); ++k)
      if (grid.axis(k).boundary != Boundary::periodic)
        group.cell[k] = clamped(group.cell[k], -0.5, static_cast<double>(grid.axis(k).points) - 0.5);
    group.keep(EightStencils<cubic>(grid, group.cell)(values), out);
  });
}

void continue_linearly(const Grid& grid, std::span<double> values, std::vector<bool> trusted) {
  std::vector<std::pair<std::size_t, double>> found;
  do {
    found.clear();
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (trusted[i]) continue;
      double total = 0;
      int directions = 0;
      for (std::size_t k = 0; k < grid.dimension(); ++k) {
        const std::size_t n = grid.axis(k).points, place = i / grid.stride(k) % n, stride = grid.stride(k);
        for (const bool upwards : {true, false}) {
          if (upwards ? place + 2 >= n : place < 2) continue;
          const std::size_t near = upwards ? i + stride : i - stride,
                            far = upwards ? near + stride : near - stride;
          if (!trusted[near] || !trusted[far]) continue;
          total += 2 * values[near] - values[far];
          ++directions;
        }
      }
      if (directions > 0) found.emplace_back(i, total / directions);
    }
    for (const auto& [i, value] : found) {
      values[i] = value;
      trusted[i] = true;
    }
  } while (!found.empty());
}

}  // namespace umkehr
