// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/path/most_probable_path.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>
#include <sstream>
#include <stdexcept>

#include "solver/path/path_newton.hpp"
#include "solver/propagator/march.hpp"

namespace umkehr {
namespace {

constexpr double distinct = 1e-3;          // between paths, relative to their reach
constexpr std::size_t coarse_points = 64;  // of the search for minima

double distance(const Path& a, const Path& b) {
  double most = 0;
  for (std::size_t k = 0; k < a.x.size(); ++k)
    for (std::size_t j = 0; j < a.x[k].size(); ++j) most = std::max(most, std::abs(a.x[k][j] - b.x[k][j]));
  return most;
}

/// A straight line in time from one point to the other, bent by `bend` along an axis.
Path line(const std::vector<double>& from, const std::vector<double>& to, double start, double stop,
          std::size_t pieces, std::size_t axis, double bend) {
  Path path{{}, std::vector<std::vector<double>>(from.size())};
  for (std::size_t j = 0; j <= pieces; ++j) {
    const double s = static_cast<double>(j) / static_cast<double>(pieces);
    path.times.push_back(j == pieces ? stop : start + (stop - start) * s);
    for (std::size_t k = 0; k < from.size(); ++k) {
      const double straight = j == pieces ? to[k] : from[k] + (to[k] - from[k]) * s;
      path.x[k].push_back(straight + (k == axis && j != pieces ? bend * std::sin(std::numbers::pi * s) : 0));
    }
  }
  return path;
}

Path refined(const Path& coarse, Path fine) {
  for (std::size_t j = 1, i = 0; j + 1 < fine.times.size(); ++j) {
    while (coarse.times[i + 1] < fine.times[j]) ++i;
    const double share = (fine.times[j] - coarse.times[i]) / (coarse.times[i + 1] - coarse.times[i]);
    for (std::size_t k = 0; k < fine.x.size(); ++k)
      fine.x[k][j] = coarse.x[k][i] + share * (coarse.x[k][i + 1] - coarse.x[k][i]);
  }
  return fine;
}

void check(const Process& process, const std::vector<double>& from, const std::vector<double>& to,
           double start, double stop, const MostProbablePathChoices& choices) {
  if (from.size() != process.dimension() || to.size() != process.dimension())
    throw std::invalid_argument("a path's ends need as many coordinates as the process: " +
                                std::to_string(process.dimension()));
  if (!(start < stop)) throw std::invalid_argument("a path starts before it stops");
  if (choices.points < 2) throw std::invalid_argument("a path takes at least 2 pieces");
}

/// How far a path is likely to go: the ends, and what diffusion adds.
double reach(const Process& process, const std::vector<double>& from, const std::vector<double>& to,
             double start, double stop) {
  double size = 0;
  for (std::size_t k = 0; k < from.size(); ++k) {
    const double noise = std::sqrt(process.diffusion[k](0.5 * (start + stop)) * (stop - start));
    size = std::max({size, noise, std::abs(from[k]), std::abs(to[k])});
  }
  return size;
}

std::vector<Path> starts(const std::vector<double>& from, const std::vector<double>& to, double start,
                         double stop, std::size_t pieces, double scale, bool search) {
  std::vector<Path> lines = {line(from, to, start, stop, pieces, 0, 0)};
  for (std::size_t k = 0; search && k < from.size(); ++k)
    for (const double bend : {-1.0, -0.25, 0.25, 1.0})
      lines.push_back(line(from, to, start, stop, pieces, k, bend * scale));
  return lines;
}

}  // namespace

MostProbablePath most_probable_path(const Process& process, const std::vector<double>& from,
                                    const std::vector<double>& to, double start, double stop,
                                    const MostProbablePathChoices& choices) {
  check(process, from, to, start, stop, choices);
  const Lagrangian lagrangian(process, choices.with_divergence);
  const DiscreteAction action(lagrangian);
  const Path straight = line(from, to, start, stop, choices.points, 0, 0);

  const double scale = reach(process, from, to, start, stop);
  std::vector<Minimum> found;
  const std::size_t coarse = std::min(choices.points, coarse_points);
  for (Path& guess : starts(from, to, start, stop, coarse, scale, choices.search)) {
    auto minimum =
        PathNewton(action, scale, choices.tolerance, choices.iterations).minimise(std::move(guess));
    if (minimum && coarse != choices.points) {
      const std::size_t before = minimum->iterations;
      minimum = PathNewton(action, scale, choices.tolerance, choices.iterations)
                    .minimise(refined(minimum->path, straight));
      if (minimum) minimum->iterations += before;
    }
    if (!minimum) continue;
    const auto same = [&](const Minimum& other) {
      return distance(other.path, minimum->path) < distinct * scale;
    };
    if (std::none_of(found.begin(), found.end(), same)) found.push_back(std::move(*minimum));
  }
  if (found.empty())
    throw StepFailure("no path converges within " + std::to_string(choices.iterations) +
                      " iterations; take more points, or ends closer in time");
  std::stable_sort(found.begin(), found.end(),
                   [](const Minimum& a, const Minimum& b) { return a.action.total() < b.action.total(); });

  MostProbablePath result;
  result.path = found[0].path;
  result.action = found[0].action;
  result.iterations = found[0].iterations;
  for (const Minimum& minimum : found) result.minima.push_back(minimum.action.total());
  action.along(result.path, result.lagrangian, result.energy);
  if (choices.points >= 4) {
    const Path halved = line(from, to, start, stop, choices.points / 2, 0, 0);
    if (const auto rough = PathNewton(action, scale, choices.tolerance, choices.iterations)
                               .minimise(refined(result.path, halved)))
      result.action_error = std::abs(rough->action.total() - result.action.total()) / 3;
  }
  if (found.size() > 1) {
    std::ostringstream text;
    text.precision(6);
    text << found.size() << " paths are locally most probable, with actions " << result.minima[0] << " and "
         << result.minima[1] << (found.size() > 2 ? ", .." : "")
         << "; the first is given: the others follow from points in between";
    result.warnings.push_back(text.str());
  }
  if (result.action_error > 1e-2 * std::max(1.0, std::abs(result.action.total()))) {
    std::ostringstream text;
    text.precision(2);
    text << "the action changes by " << result.action_error
         << " when the pieces are halved; take points = " << 4 * choices.points << " or more";
    result.warnings.push_back(text.str());
  }
  return result;
}

}  // namespace umkehr
