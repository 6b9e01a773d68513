// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/paths/path_lattice.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <functional>
#include <limits>
#include <utility>

namespace umkehr {
namespace {

constexpr std::size_t max_hollows = 5;  // at each time
constexpr double infinite = std::numeric_limits<double>::infinity();

using Node = std::array<std::ptrdiff_t, 3>;

class Lattice {
 public:
  Lattice(const Lagrangian& lagrangian, const LatticeBox& box, double start, double stop)
      : lagrangian_(lagrangian),
        box_(box),
        start_(start),
        step_((stop - start) / static_cast<double>(box.steps)) {
    for (std::size_t k = 0; k < dimension(); ++k) {
      size_[slot(k)] = static_cast<std::ptrdiff_t>(box.nodes[k]);
      spacing_.push_back((box.upper[k] - box.lower[k]) / static_cast<double>(box.nodes[k] - 1));
    }
    const auto r = static_cast<std::ptrdiff_t>(box.reach);
    const auto bound = [&](std::size_t k) { return size_[k] > 1 ? r : 0; };
    for (std::ptrdiff_t a = -bound(0); a <= bound(0); ++a)
      for (std::ptrdiff_t b = -bound(1); b <= bound(1); ++b)
        for (std::ptrdiff_t c = -bound(2); c <= bound(2); ++c) moves_.push_back({a, b, c});
  }

  std::size_t dimension() const { return box_.nodes.size(); }
  /// Axes fill the last of the three places.
  std::size_t slot(std::size_t k) const { return k + 3 - dimension(); }
  std::size_t count() const { return static_cast<std::size_t>(size_[0] * size_[1] * size_[2]); }
  std::size_t index(const Node& p) const {
    return static_cast<std::size_t>((p[0] * size_[1] + p[1]) * size_[2] + p[2]);
  }
  Node place(std::size_t i) const {
    const auto n = static_cast<std::ptrdiff_t>(i);
    return {n / (size_[1] * size_[2]), n / size_[2] % size_[1], n % size_[2]};
  }
  bool holds(const Node& p) const {
    for (std::size_t k = 0; k < 3; ++k)
      if (p[k] < 0 || p[k] >= size_[k]) return false;
    return true;
  }
  Node nearest(const std::vector<double>& x) const {
    Node p{};
    for (std::size_t k = 0; k < x.size(); ++k)
      p[slot(k)] = std::clamp<std::ptrdiff_t>(
          static_cast<std::ptrdiff_t>(std::round((x[k] - box_.lower[k]) / spacing_[k])), 0,
          size_[slot(k)] - 1);
    return p;
  }
  double coordinate(std::size_t k, const Node& p) const {
    return box_.lower[k] + spacing_[k] * static_cast<double>(p[slot(k)]);
  }

  /// Prepares the costs of step n, unless those of another step serve it.
  void at_step(std::size_t n) {
    if (!drift_.empty() && !lagrangian_.depends_on_time()) return;
    const double t = start_ + step_ * (static_cast<double>(n) + 0.5);
    const std::array<std::ptrdiff_t, 3> twice = {2 * size_[0] - 1, 2 * size_[1] - 1, 2 * size_[2] - 1};
    Points middles(dimension(), static_cast<std::size_t>(twice[0] * twice[1] * twice[2]));
    for (std::size_t i = 0; i < middles.count(); ++i) {
      const auto m = static_cast<std::ptrdiff_t>(i);
      const Node half = {m / (twice[1] * twice[2]), m / twice[2] % twice[1], m % twice[2]};
      for (std::size_t k = 0; k < middles.dimension(); ++k)
        middles[k][i] = box_.lower[k] + 0.5 * spacing_[k] * static_cast<double>(half[slot(k)]);
    }
    Lagrangian::Fields fields = lagrangian_.fields(middles, t);
    drift_ = std::move(fields.drift);
    rest_ = std::move(fields.rest);
    half_inverse_ = lagrangian_.diffusion(t);
    for (std::size_t k = 0; k < dimension(); ++k) half_inverse_[k] = 0.5 / half_inverse_[k];
  }

  /// h L of the move that starts at a place.
  double cost(const Node& p, const Node& move) const { return cost(middle(p, move), velocity(move)); }

  /// u(y) or, backward, v(x) for all nodes, from those a step away.
  std::vector<double> next(const std::vector<double>& values, bool backward) const {
    std::vector<double> out(values.size(), infinite);
    for (const Node& move : moves_) {
      Node first{}, last{};
      for (std::size_t k = 0; k < 3; ++k) {
        first[k] = std::max<std::ptrdiff_t>(0, -move[k]);
        last[k] = std::min(size_[k], size_[k] - move[k]);
      }
      const LagrangianValue::Vector v = velocity(move);
      for (Node p = first; p[0] < last[0]; ++p[0])
        for (p[1] = first[1]; p[1] < last[1]; ++p[1]) {
          p[2] = first[2];
          std::size_t x = index(p), y = index({p[0] + move[0], p[1] + move[1], p[2] + move[2]});
          if (backward) std::swap(x, y);
          std::size_t at = middle(p, move);
          for (; p[2] < last[2]; ++p[2], ++x, ++y, at += 2)
            if (values[x] != infinite) out[y] = std::min(out[y], values[x] + cost(at, v));
        }
    }
    return out;
  }

  /// The place one step away from which the least value came.
  Node came_from(const Node& p, const std::vector<double>& values, bool backward) const {
    double least = infinite;
    Node best = p;
    for (const Node& move : moves_) {
      const std::ptrdiff_t sign = backward ? 1 : -1;
      const Node other = {p[0] + sign * move[0], p[1] + sign * move[1], p[2] + sign * move[2]};
      if (!holds(other) || values[index(other)] == infinite) continue;
      const double sum = values[index(other)] + cost(backward ? p : other, move);
      if (sum < least) {
        least = sum;
        best = other;
      }
    }
    return best;
  }

 private:
  std::size_t middle(const Node& p, const Node& move) const {
    return static_cast<std::size_t>(((2 * p[0] + move[0]) * (2 * size_[1] - 1) + 2 * p[1] + move[1]) *
                                        (2 * size_[2] - 1) +
                                    2 * p[2] + move[2]);
  }
  LagrangianValue::Vector velocity(const Node& move) const {
    LagrangianValue::Vector v{};
    for (std::size_t k = 0; k < dimension(); ++k)
      v[k] = spacing_[k] * static_cast<double>(move[slot(k)]) / step_;
    return v;
  }
  double cost(std::size_t middle, const LagrangianValue::Vector& v) const {
    double rate = rest_[middle];
    for (std::size_t k = 0; k < drift_.size(); ++k) {
      const double noise = v[k] - drift_[k][middle];
      rate += noise * noise * half_inverse_[k];
    }
    return std::isfinite(rate) ? step_ * rate : infinite;
  }

  const Lagrangian& lagrangian_;
  const LatticeBox& box_;
  double start_, step_;
  Node size_{1, 1, 1};
  std::vector<double> spacing_;
  std::vector<Node> moves_;
  std::vector<std::vector<double>> drift_;  // at nodes and half-way between them
  std::vector<double> rest_;
  LagrangianValue::Vector half_inverse_{};  // 1 / (2 D)
};

using Values = std::vector<std::vector<double>>;

Values swept(Lattice& lattice, std::size_t steps, const Node& origin, bool backward) {
  Values values(steps + 1, std::vector<double>(lattice.count(), infinite));
  values[backward ? steps : 0][lattice.index(origin)] = 0;
  for (std::size_t n = 0; n < steps; ++n) {
    const std::size_t step = backward ? steps - 1 - n : n;
    lattice.at_step(step);
    if (backward)
      values[step] = lattice.next(values[step + 1], true);
    else
      values[step + 1] = lattice.next(values[step], false);
  }
  return values;
}

/// Nodes whose sum of both is least among their neighbours, the least of all first.
std::vector<std::size_t> hollows(const Lattice& lattice, const std::vector<double>& u,
                                 const std::vector<double>& v) {
  std::vector<double> sum(u.size());
  std::transform(u.begin(), u.end(), v.begin(), sum.begin(), std::plus<>());
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < sum.size(); ++i) {
    if (sum[i] == infinite) continue;
    bool least = true;
    const Node p = lattice.place(i);
    for (std::ptrdiff_t a = -1; a <= 1 && least; ++a)
      for (std::ptrdiff_t b = -1; b <= 1 && least; ++b)
        for (std::ptrdiff_t c = -1; c <= 1 && least; ++c) {
          const Node near = {p[0] + a, p[1] + b, p[2] + c};
          least = !lattice.holds(near) || sum[lattice.index(near)] >= sum[i];
        }
    if (least) found.push_back(i);
  }
  std::stable_sort(found.begin(), found.end(), [&](std::size_t a, std::size_t b) { return sum[a] < sum[b]; });
  if (found.size() > max_hollows) found.resize(max_hollows);
  return found;
}

/// Through a node at step n.
Path through(Lattice& lattice, const LatticeBox& box, const Values& u, const Values& v, std::size_t n,
             std::size_t node, double start, double stop) {
  std::vector<Node> places(box.steps + 1);
  places[n] = lattice.place(node);
  for (std::size_t j = n; j > 0; --j) {
    lattice.at_step(j - 1);
    places[j - 1] = lattice.came_from(places[j], u[j - 1], false);
  }
  for (std::size_t j = n; j < box.steps; ++j) {
    lattice.at_step(j);
    places[j + 1] = lattice.came_from(places[j], v[j + 1], true);
  }
  Path path{{}, std::vector<std::vector<double>>(box.nodes.size())};
  for (std::size_t j = 0; j <= box.steps; ++j) {
    const double share = static_cast<double>(j) / static_cast<double>(box.steps);
    path.times.push_back(j == box.steps ? stop : start + (stop - start) * share);
    for (std::size_t k = 0; k < box.nodes.size(); ++k) path.x[k].push_back(lattice.coordinate(k, places[j]));
  }
  return path;
}

/// Without the stairs of the lattice.
void smooth(Path& path) {
  for (std::vector<double>& x : path.x)
    for (int pass = 0; pass < 4; ++pass) {
      const std::vector<double> before = x;
      for (std::size_t j = 1; j + 1 < x.size(); ++j)
        x[j] = 0.25 * before[j - 1] + 0.5 * before[j] + 0.25 * before[j + 1];
    }
}

}  // namespace

std::vector<Path> lattice_paths(const Lagrangian& lagrangian, const LatticeBox& box,
                                const std::vector<double>& from, const std::vector<double>& to, double start,
                                double stop) {
  Lattice lattice(lagrangian, box, start, stop);
  const Values u = swept(lattice, box.steps, lattice.nearest(from), false),
               v = swept(lattice, box.steps, lattice.nearest(to), true);
  std::vector<Path> paths;
  for (const std::size_t quarter : {2u, 1u, 3u}) {
    const std::size_t n = box.steps * quarter / 4;
    for (const std::size_t node : hollows(lattice, u[n], v[n])) {
      Path path = through(lattice, box, u, v, n, node, start, stop);
      for (std::size_t k = 0; k < from.size(); ++k) {
        path.x[k].front() = from[k];
        path.x[k].back() = to[k];
      }
      smooth(path);
      paths.push_back(std::move(path));
    }
  }
  return paths;
}

}  // namespace umkehr
