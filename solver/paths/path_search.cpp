// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/paths/path_search.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>
#include <optional>

#include "solver/paths/path_lattice.hpp"
#include "solver/paths/path_times.hpp"

namespace umkehr {
namespace {

// On too few pieces the action may have no minimum.
constexpr std::array<std::size_t, 2> valley_pieces = {160, 1280};
constexpr double missed = 0.02;       // beside 1 and the kinetic part
constexpr double same_valley = 1e-3;  // between actions on few pieces
constexpr double same_way = 1e-2;     // between places, relative to the scale
constexpr std::size_t waiting_again = 4;
constexpr std::size_t max_turns = 100, pieces_of_turns = 8;
constexpr double negligible_gain = 1e-6;
constexpr std::size_t max_valleys = 8;
// Nodes an axis, and how many of them a step may cross, in one to three dimensions.
constexpr std::array<std::size_t, 3> lattice_nodes = {241, 61, 21}, lattice_reach = {12, 4, 2};
constexpr double max_work = 1e8;    // moves in a sweep
constexpr double max_stored = 4e6;  // values
constexpr std::size_t min_steps = 40;

/// Places at even lengths of the way.
Path by_length(const Path& path, std::size_t count) {
  Path along{{0}, path.x};
  for (std::size_t j = 0; j < path.intervals(); ++j) {
    double square = 0;
    for (const std::vector<double>& x : path.x) square += (x[j + 1] - x[j]) * (x[j + 1] - x[j]);
    along.times.push_back(along.times.back() + std::sqrt(square) + 1e-300);
  }
  return sampled(along, even_times(0, along.times.back(), count));
}

double distance(const Path& a, const Path& b) {
  double most = 0;
  for (std::size_t k = 0; k < a.dimension(); ++k)
    for (std::size_t j = 0; j < a.times.size(); ++j) most = std::max(most, std::abs(a.x[k][j] - b.x[k][j]));
  return most;
}

Path bent(Path path, std::size_t axis, double bend) {
  const std::size_t n = path.intervals();
  for (std::size_t j = 1; j < n; ++j)
    path.x[axis][j] += bend * std::sin(std::numbers::pi * static_cast<double>(j) / static_cast<double>(n));
  return path;
}

/// The path of a shorter time, which waits where it is slowest until `stop`.
Path continued(Path path, double stop) {
  std::size_t slowest = 0;
  double least = std::numeric_limits<double>::infinity();
  for (std::size_t j = 0; j < path.intervals(); ++j) {
    double square = 0;
    for (const std::vector<double>& x : path.x) square += (x[j + 1] - x[j]) * (x[j + 1] - x[j]);
    if (square / (path.times[j + 1] - path.times[j]) >= least) continue;
    least = square / (path.times[j + 1] - path.times[j]);
    slowest = j;
  }
  const double rest = stop - path.times.back();
  for (std::size_t j = slowest + 1; j < path.times.size(); ++j) path.times[j] += rest;
  path.times.back() = stop;
  return path;
}

class Valleys {
 public:
  Valleys(const PathSearch& search, const PathEnds& ends, std::size_t pieces)
      : search_(search),
        ends_(ends),
        pieces_(pieces),
        action_(search.lagrangian),
        diffusion_(search.lagrangian.diffusion(0.5 * (ends.start + ends.stop))),
        dimension_(ends.from.size()) {}

  PathValleys found() {
    from_lines();
    if (search_.everywhere) {
      from_lattices();
      const std::vector<Minimum> best(found_.begin(), found_.begin() + static_cast<std::ptrdiff_t>(std::min(
                                                                           waiting_again, found_.size())));
      for (const Minimum& minimum : best)
        for (const Path& path : waiting_elsewhere(minimum.path, diffusion_)) from(path);
      turn_while_better();
    }
    return {std::move(found_), min_seen_};
  }

 private:
  std::optional<Minimum> minimise(Path path) const {
    return PathNewton(action_, search_.scale, search_.tolerance, search_.iterations)
        .minimise(std::move(path));
  }

  /// Newton's iteration on times graded for the guess, and again on those for what it became.
  std::optional<Minimum> valley_of(const Path& guess) const {
    std::optional<Minimum> rough = minimise(sampled(guess, graded_times({guess}, diffusion_, pieces_)));
    return rough ? regraded(*rough) : std::nullopt;
  }

  std::optional<Minimum> regraded(const Minimum& rough) const {
    const std::vector<double> times = graded_times({rough.path}, diffusion_, pieces_);
    std::optional<Minimum> minimum = minimise(sampled(rough.path, times));
    if (minimum) minimum->iterations += rough.iterations;
    return minimum;
  }

  void keep(std::optional<Minimum> minimum) {
    if (minimum) add_minimum(found_, std::move(*minimum), search_.scale, same_valley);
    if (found_.size() > max_valleys) found_.pop_back();
  }

  void from(const Path& guess) { keep(valley_of(guess)); }

  void from_lines() {
    const Path straight = straight_path(ends_, search_.pieces);
    std::vector<Path> lines = {straight};
    for (std::size_t k = 0; search_.everywhere && k < dimension_; ++k)
      for (const double bend : {-1.0, -0.25, 0.25, 1.0})
        lines.push_back(bent(straight, k, bend * search_.scale));
    for (Path& line : lines)
      if (const std::optional<Minimum> minimum = minimise(std::move(line))) keep(regraded(*minimum));
  }

  /// Many turns take more pieces, and one more may be better still.
  void turn_while_better() {
    if (found_.empty() || turning_otherwise(found_[0].path).empty()) return;
    pieces_ *= pieces_of_turns;
    std::optional<Minimum> best = valley_of(found_[0].path);
    for (std::size_t n = 0; n < max_turns && best; ++n) {
      std::optional<Minimum> better;
      for (const Path& path : turning_otherwise(best->path)) {
        std::optional<Minimum> other = valley_of(path);
        const double least = (better ? better : best)->action.total();
        if (other && other->action.total() < least - negligible_gain) better = other;
        keep(std::move(other));
      }
      if (!better) return keep(std::move(best));
      best = std::move(better);
    }
  }

  void from_lattices() {
    LatticeBox box{search_.lower, search_.upper, std::vector(dimension_, lattice_nodes[dimension_ - 1]), 0,
                   lattice_reach[dimension_ - 1]};
    const std::vector<Path> wide = over(box, usual_speeds(box));
    for (const Path& path : wide) see(path);
    if (wide.empty()) return;
    // About the best, with steps for the speeds that they have.
    std::vector<double> speeds(dimension_, 0.0);
    const std::size_t best = std::min<std::size_t>(3, wide.size());
    for (std::size_t k = 0; k < dimension_; ++k) {
      double low = std::min(ends_.from[k], ends_.to[k]), high = std::max(ends_.from[k], ends_.to[k]);
      for (std::size_t n = 0; n < best; ++n)
        for (std::size_t j = 0; j < wide[n].times.size(); ++j) {
          low = std::min(low, wide[n].x[k][j]);
          high = std::max(high, wide[n].x[k][j]);
          if (j > 0)
            speeds[k] = std::max(speeds[k], 1.2 * std::abs(wide[n].x[k][j] - wide[n].x[k][j - 1]) /
                                                (wide[n].times[j] - wide[n].times[j - 1]));
        }
      const double margin = 0.2 * (high - low) + 0.05 * (search_.upper[k] - search_.lower[k]);
      box.lower[k] = std::max(search_.lower[k], low - margin);
      box.upper[k] = std::min(search_.upper[k], high + margin);
    }
    for (const Path& path : over(box, speeds)) see(path);
  }

  void see(const Path& path) {
    const double action = action_.value(halved_pieces(halved_pieces(path))).total();
    min_seen_ = std::min(min_seen_, std::isfinite(action) ? action : min_seen_);
    from(path);
  }

  /// Of the drift half-way in space and time, and of the straight line.
  std::vector<double> usual_speeds(const LatticeBox& box) const {
    constexpr std::size_t looks = 9;
    std::size_t count = 1;
    for (std::size_t k = 0; k < dimension_; ++k) count *= looks;
    Points x(dimension_, count);
    for (std::size_t i = 0; i < count; ++i)
      for (std::size_t k = 0, rest = i; k < dimension_; ++k, rest /= looks)
        x[k][i] =
            box.lower[k] + (box.upper[k] - box.lower[k]) * (static_cast<double>(rest % looks) + 0.5) / looks;
    const Lagrangian::Fields fields = search_.lagrangian.fields(x, 0.5 * (ends_.start + ends_.stop));
    std::vector<double> speeds;
    for (std::size_t k = 0; k < dimension_; ++k) {
      std::vector<double> speed;
      for (const double f : fields.drift[k])
        if (std::isfinite(f)) speed.push_back(std::abs(f));
      double usual = std::abs(ends_.to[k] - ends_.from[k]) / (ends_.stop - ends_.start);
      if (!speed.empty()) {
        std::nth_element(speed.begin(), speed.begin() + static_cast<std::ptrdiff_t>(speed.size() / 2),
                         speed.end());
        usual = 2 * std::max(usual, speed[speed.size() / 2]);
      }
      speeds.push_back(usual);
    }
    return speeds;
  }

  /// Lattice paths with steps that these speeds need.
  std::vector<Path> over(LatticeBox box, const std::vector<double>& speeds) const {
    double count = 1, moves = 1, rate = 0;
    for (std::size_t k = 0; k < dimension_; ++k) {
      count *= static_cast<double>(box.nodes[k]);
      moves *= static_cast<double>(2 * box.reach + 1);
      const double spacing = (box.upper[k] - box.lower[k]) / static_cast<double>(box.nodes[k] - 1);
      if (!(spacing > 0)) return {};
      rate = std::max(rate, speeds[k] / (spacing * static_cast<double>(box.reach)));
    }
    const double duration = ends_.stop - ends_.start;
    const double most = std::min(max_work / (count * moves), max_stored / count);
    const double steps = std::max(rate * duration, static_cast<double>(min_steps));
    box.steps = static_cast<std::size_t>(std::min(steps, most));
    const bool shorter = steps > most && !search_.lagrangian.depends_on_time();
    const double stop = shorter ? ends_.start + duration * most / steps : ends_.stop;
    std::vector<Path> paths = lattice_paths(search_.lagrangian, box, ends_.from, ends_.to, ends_.start, stop);
    if (shorter)
      for (Path& path : paths) path = continued(std::move(path), ends_.stop);
    return paths;
  }

  const PathSearch& search_;
  const PathEnds& ends_;
  std::size_t pieces_;
  DiscreteAction action_;
  LagrangianValue::Vector diffusion_;
  std::size_t dimension_;
  std::vector<Minimum> found_;
  double min_seen_ = std::numeric_limits<double>::infinity();
};

}  // namespace

Path straight_path(const PathEnds& ends, std::size_t pieces) {
  Path path{even_times(ends.start, ends.stop, pieces), std::vector<std::vector<double>>(ends.from.size())};
  for (std::size_t j = 0; j <= pieces; ++j) {
    const double s = static_cast<double>(j) / static_cast<double>(pieces);
    for (std::size_t k = 0; k < ends.from.size(); ++k)
      path.x[k].push_back(j == pieces ? ends.to[k] : ends.from[k] + (ends.to[k] - ends.from[k]) * s);
  }
  return path;
}

bool is_same_minimum(const Minimum& a, const Minimum& b, double scale, double tolerance) {
  constexpr std::size_t places = 200;
  if (std::abs(a.action.total() - b.action.total()) > tolerance * (1 + a.action.kinetic)) return false;
  const std::vector<double> times = even_times(a.path.times.front(), a.path.times.back(), places);
  return distance(sampled(a.path, times), sampled(b.path, times)) < same_way * scale ||
         distance(by_length(a.path, places), by_length(b.path, places)) < same_way * scale;
}

void add_minimum(std::vector<Minimum>& found, Minimum minimum, double scale, double tolerance) {
  const auto less = [](const Minimum& a, const Minimum& b) { return a.action.total() < b.action.total(); };
  for (Minimum& other : found) {
    if (!is_same_minimum(other, minimum, scale, tolerance)) continue;
    if (less(minimum, other)) other = std::move(minimum);
    std::stable_sort(found.begin(), found.end(), less);
    return;
  }
  found.push_back(std::move(minimum));
  std::stable_sort(found.begin(), found.end(), less);
}

bool has_missed(double min_seen, const Action& least) {
  return min_seen < least.total() - missed * std::max(1.0, least.kinetic);
}

PathValleys path_valleys(const PathSearch& search, const PathEnds& ends) {
  PathValleys found{{}, std::numeric_limits<double>::infinity()};
  for (const std::size_t pieces : valley_pieces) {
    found = Valleys(search, ends, pieces).found();
    if (!found.minima.empty() && !has_missed(found.min_seen, found.minima[0].action)) break;
  }
  return found;
}

}  // namespace umkehr
