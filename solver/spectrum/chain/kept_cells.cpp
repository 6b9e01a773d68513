// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/spectrum/chain/kept_cells.hpp"

#include <algorithm>
#include <cmath>

namespace umkehr {
namespace {

constexpr std::size_t looks = 8;  // a cell
constexpr double deepest = 700;   // of Phi, beyond which exp(-Phi) is no number
constexpr double decayed = 40;    // exp of minus which, squared, is below rounding

/// F and V at many places of each cell.
struct Looks {
  Axis axis;
  std::vector<double> force, killing;

  explicit Looks(const IntervalProcess& process) : axis(process.axis) {
    axis.points *= looks;
    force.resize(axis.points);
    killing.resize(axis.points);
    process.drift(axis.centres(), force);
    process.killing(axis.centres(), killing);
  }
};

/// How many cells from a wall are not kept; cell(n) is the nth from it, `inwards` the sign of F away from it.
template <class Cell>
std::size_t dropped(const Looks& at, double scale, double inwards, std::size_t points, const Cell& cell) {
  std::vector<double> falls;
  double all = 0;
  for (std::size_t n = 0; n < points; ++n) {
    double fall = 0;
    bool is_slope = true;
    for (std::size_t look = looks * cell(n); look < looks * (cell(n) + 1); ++look) {
      fall += scale * inwards * at.force[look];
      is_slope = is_slope && inwards * at.force[look] > 0;
    }
    if (!is_slope || !std::isfinite(fall)) break;
    falls.push_back(fall);
    all += fall;
  }
  std::size_t count = 0;
  while (count < falls.size() && all - falls[count] > deepest) all -= falls[count++];
  return count;
}

}  // namespace

KeptCells kept_cells(const IntervalProcess& process) {
  const Looks at(process);
  const std::size_t points = process.axis.points;
  const double scale = 2 * at.axis.spacing() / process.diffusion;
  return {dropped(at, scale, 1, points, [](std::size_t n) { return n; }),
          points - dropped(at, scale, -1, points, [&](std::size_t n) { return points - 1 - n; })};
}

IntervalProcess part_of(const IntervalProcess& process, const KeptCells& kept) {
  IntervalProcess part = process;
  part.axis.from = process.axis.face(kept.first);
  part.axis.to = process.axis.face(kept.last);
  part.axis.points = kept.last - kept.first;
  return part;
}

bool decay_within(const IntervalProcess& process, const KeptCells& kept, double lambda) {
  const Looks at(process);
  const std::size_t size = at.force.size(), first = looks * kept.first, last = looks * kept.last;
  const double width = at.axis.spacing(), d = process.diffusion;
  /// W - lambda
  const auto excess = [&](std::size_t i) {
    const std::size_t left = i == 0 ? 0 : i - 1, right = std::min(size - 1, i + 1);
    const double slope = (at.force[right] - at.force[left]) / (width * static_cast<double>(right - left));
    return at.force[i] * at.force[i] / (2 * d) + slope / 2 + at.killing[i] - lambda;
  };
  for (std::size_t i = 0; i < size; ++i)
    if ((i < first || i >= last) && !(excess(i) > 0)) return false;
  double from_left = 0, from_right = 0;
  for (std::size_t i = first; i < last && excess(i) > 0; ++i)
    from_left += width * std::sqrt(2 * excess(i) / d);
  for (std::size_t i = last; i-- > first && excess(i) > 0;)
    from_right += width * std::sqrt(2 * excess(i) / d);
  return (first == 0 || from_left > decayed) && (last == size || from_right > decayed);
}

std::vector<double> continued(const std::vector<double>& phi, const KeptCells& kept, std::size_t points) {
  std::vector<double> whole(points, phi.front());
  std::copy(phi.begin(), phi.end(), whole.begin() + static_cast<std::ptrdiff_t>(kept.first));
  std::fill(whole.begin() + static_cast<std::ptrdiff_t>(kept.last), whole.end(), phi.back());
  return whole;
}

}  // namespace umkehr
