// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/paths/path_times.hpp"

#include <algorithm>
#include <cmath>

namespace umkehr {
namespace {

constexpr double by_time = 0.2;  // share of the pieces
constexpr int smoothings = 4;
constexpr double slowest = 0.08;  // of the largest speed; what is slower waits
constexpr std::size_t max_places = 6;
constexpr std::size_t loop_looks = 4000;   // along a path that may turn
constexpr double away = 0.3, back = 0.15;  // of a loop, relative to the extent of the path

/// Length of each piece, in units of the noise.
std::vector<double> arcs(const Path& path, const LagrangianValue::Vector& diffusion) {
  std::vector<double> length(path.intervals());
  for (std::size_t j = 0; j < length.size(); ++j) {
    double square = 0;
    for (std::size_t k = 0; k < path.dimension(); ++k)
      square += std::pow(path.x[k][j + 1] - path.x[k][j], 2) / diffusion[k];
    length[j] = std::sqrt(square);
  }
  return length;
}

double sum(const std::vector<double>& values) {
  double total = 0;
  for (const double value : values) total += value;
  return total;
}

/// Neighbouring pieces should differ little, lest the path see where they do.
void smooth(std::vector<double>& density) {
  for (int n = 0; n < smoothings; ++n) {
    const std::vector<double> before = density;
    for (std::size_t j = 1; j + 1 < density.size(); ++j)
      density[j] = 0.25 * before[j - 1] + 0.5 * before[j] + 0.25 * before[j + 1];
  }
}

/// Adds to `total`, at the ends of even pieces of time, the share of the path's pieces that should lie before each.
void add_share(const Path& path, const LagrangianValue::Vector& diffusion, const std::vector<double>& times,
               std::vector<double>& total) {
  const std::vector<double> arc = arcs(path, diffusion);
  const double length = sum(arc), duration = path.times.back() - path.times.front();
  std::vector<double> density;
  for (std::size_t j = 0; j < arc.size(); ++j)
    density.push_back(length > 0 ? arc[j] / length / (path.times[j + 1] - path.times[j]) : 1 / duration);
  smooth(density);
  double before = 0;
  std::vector<double> share = {0};
  for (std::size_t j = 0; j < density.size(); ++j)
    share.push_back(before += density[j] * (path.times[j + 1] - path.times[j]));
  const Path shares = sampled({path.times, {share}}, times);
  for (std::size_t i = 0; i < times.size(); ++i) total[i] += shares.x[0][i] / before;
}

/// Where `values` reach share * last, both ascending with the index.
std::vector<double> inverted(const std::vector<double>& times, const std::vector<double>& values,
                             std::size_t pieces) {
  std::vector<double> out = {times.front()};
  for (std::size_t n = 1, i = 0; n < pieces; ++n) {
    const double wanted = values.back() * static_cast<double>(n) / static_cast<double>(pieces);
    while (values[i + 1] < wanted) ++i;
    out.push_back(times[i] + (times[i + 1] - times[i]) * (wanted - values[i]) / (values[i + 1] - values[i]));
  }
  out.push_back(times.back());
  return out;
}

/// Pieces of locally least speed, both ends among them.
std::vector<std::size_t> slow_places(const std::vector<double>& speed) {
  std::vector<std::size_t> places;
  for (std::size_t j = 1; j + 1 < speed.size(); ++j)
    if (speed[j] < speed[j - 1] && speed[j] <= speed[j + 1]) places.push_back(j);
  std::stable_sort(places.begin(), places.end(),
                   [&](std::size_t a, std::size_t b) { return speed[a] < speed[b]; });
  if (places.size() > max_places) places.resize(max_places);
  places.push_back(0);
  places.push_back(speed.size() - 1);
  return places;
}

/// How many even pieces after the one half-way the path first comes back to it; 0 if it does not.
std::size_t loop_at(const Path& even, std::size_t half) {
  const auto apart = [&](std::size_t n) {
    double most = 0;
    for (const std::vector<double>& x : even.x) {
      const auto [low, high] = std::minmax_element(x.begin(), x.end());
      if (*high > *low) most = std::max(most, std::abs(x[half + n] - x[half]) / (*high - *low));
    }
    return most;
  };
  bool is_away = false;
  for (std::size_t n = 1; half + n + 1 < even.times.size(); ++n) {
    is_away = is_away || apart(n) > away;
    if (is_away && apart(n) < back && apart(n) <= apart(n + 1)) return n;
  }
  return 0;
}

/// Places up to `until` and from `again` on, in all of the time.
Path joined(const Path& even, std::size_t until, std::size_t again) {
  Path path{{}, std::vector<std::vector<double>>(even.dimension())};
  const std::size_t last = even.times.size() - 1, count = until + last - again + 1;
  path.times = even_times(even.times.front(), even.times.back(), count);
  for (std::size_t k = 0; k < even.dimension(); ++k) {
    path.x[k].assign(even.x[k].begin(), even.x[k].begin() + static_cast<std::ptrdiff_t>(until + 1));
    path.x[k].insert(path.x[k].end(), even.x[k].begin() + static_cast<std::ptrdiff_t>(again),
                     even.x[k].end());
  }
  return path;
}

}  // namespace

std::vector<Path> turning_otherwise(const Path& path) {
  const Path even = sampled(path, even_times(path.times.front(), path.times.back(), loop_looks));
  const std::size_t half = loop_looks / 2, loop = loop_at(even, half);
  if (loop == 0) return {};
  return {joined(even, half + loop, half), joined(even, half, half + loop)};
}

std::vector<double> even_times(double start, double stop, std::size_t pieces) {
  std::vector<double> times;
  for (std::size_t j = 0; j < pieces; ++j)
    times.push_back(start + (stop - start) * (static_cast<double>(j) / static_cast<double>(pieces)));
  times.push_back(stop);
  return times;
}

std::vector<double> graded_times(const std::vector<Path>& paths, const LagrangianValue::Vector& diffusion,
                                 std::size_t pieces) {
  std::vector<double> times;
  for (const Path& path : paths) times.insert(times.end(), path.times.begin(), path.times.end());
  std::sort(times.begin(), times.end());
  times.erase(std::unique(times.begin(), times.end()), times.end());
  std::vector<double> total(times.size());
  for (const Path& path : paths) add_share(path, diffusion, times, total);
  const double duration = times.back() - times.front(), all = static_cast<double>(paths.size());
  for (std::size_t i = 0; i < times.size(); ++i)
    total[i] = (1 - by_time) * total[i] / all + by_time * (times[i] - times.front()) / duration;
  return inverted(times, total, pieces);
}

std::vector<double> with_nodes_at(std::vector<double> times, const std::vector<double>& jumps) {
  std::vector<bool> is_taken(times.size());
  is_taken.front() = is_taken.back() = true;
  for (const double jump : jumps) {
    std::size_t nearest = 0;
    for (std::size_t j = 1; j + 1 < times.size(); ++j)
      if (!is_taken[j] && (nearest == 0 || std::abs(times[j] - jump) < std::abs(times[nearest] - jump)))
        nearest = j;
    if (nearest == 0) break;
    times[nearest] = jump;
    is_taken[nearest] = true;
  }
  std::sort(times.begin(), times.end());
  return times;
}

Path sampled(const Path& path, const std::vector<double>& times) {
  Path out{times, std::vector(path.dimension(), std::vector<double>(times.size()))};
  for (std::size_t j = 0, i = 0; j < times.size(); ++j) {
    while (i + 2 < path.times.size() && path.times[i + 1] < times[j]) ++i;
    const double share = (times[j] - path.times[i]) / (path.times[i + 1] - path.times[i]);
    for (std::size_t k = 0; k < path.dimension(); ++k)
      out.x[k][j] = path.x[k][i] + share * (path.x[k][i + 1] - path.x[k][i]);
  }
  for (std::size_t k = 0; k < path.dimension(); ++k) {
    out.x[k].front() = path.x[k].front();
    out.x[k].back() = path.x[k].back();
  }
  return out;
}

Path halved_pieces(const Path& path) {
  std::vector<double> times;
  for (std::size_t j = 0; j < path.intervals(); ++j) {
    times.push_back(path.times[j]);
    times.push_back(0.5 * (path.times[j] + path.times[j + 1]));
  }
  times.push_back(path.times.back());
  return sampled(path, times);
}

Path thinned(const Path& path, std::size_t factor) {
  Path out{{}, std::vector<std::vector<double>>(path.dimension())};
  for (std::size_t j = 0; j < path.times.size(); j += factor) {
    out.times.push_back(path.times[j]);
    for (std::size_t k = 0; k < path.dimension(); ++k) out.x[k].push_back(path.x[k][j]);
  }
  return out;
}

std::vector<Path> waiting_elsewhere(const Path& path, const LagrangianValue::Vector& diffusion) {
  const std::vector<double> arc = arcs(path, diffusion);
  std::vector<double> speed, moving;
  for (std::size_t j = 0; j < arc.size(); ++j) speed.push_back(arc[j] / (path.times[j + 1] - path.times[j]));
  const double least = slowest * *std::max_element(speed.begin(), speed.end());
  if (!(least > 0)) return {};
  for (std::size_t j = 0; j < arc.size(); ++j)
    moving.push_back(speed[j] < least ? arc[j] / least : path.times[j + 1] - path.times[j]);
  const double duration = path.times.back() - path.times.front(), waits = duration - sum(moving);
  const double shortest = 1e-6 * duration / static_cast<double>(arc.size());
  if (waits < 0.05 * duration) return {};
  std::vector<Path> all;
  for (const std::size_t place : slow_places(speed)) {
    Path other = path;
    double spent = 0;
    std::vector<double> ends;
    for (std::size_t j = 0; j < arc.size(); ++j)
      ends.push_back(spent += std::max(shortest, moving[j] + (j == place ? waits : 0)));
    for (std::size_t j = 1; j < path.intervals(); ++j)
      other.times[j] = path.times.front() + duration * ends[j - 1] / spent;
    all.push_back(std::move(other));
  }
  return all;
}

}  // namespace umkehr
