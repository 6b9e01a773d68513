// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/path/most_probable_path.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>
#include <sstream>
#include <stdexcept>

#include "solver/propagator/march.hpp"

namespace umkehr {
namespace {

constexpr int most_halvings = 40;
constexpr double farthest = 0.2;     // step, relative to the reach: a longer one leaps out of its valley
constexpr double sufficient = 1e-4;  // of the fall that the gradient promises (Armijo)
constexpr double roundoff = 1e-14;   // of the action's size
constexpr double distinct = 1e-3;    // between paths, relative to their reach
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

struct Minimum {
  Path path;
  Action action;
  std::size_t iterations;
};

class Newton {
 public:
  Newton(const DiscreteAction& action, const MostProbablePathChoices& choices, double scale)
      : action_(action), choices_(choices), scale_(scale) {}
  /// Nothing where it does not converge.
  std::optional<Minimum> minimise(Path path);

 private:
  bool solve(const BandMatrix& hessian);
  double largest_step() const;
  std::optional<int> search(Path& path, double before);
  void move(Path& path, double length) const;

  const DiscreteAction& action_;
  const MostProbablePathChoices& choices_;
  double scale_;
  std::vector<double> gradient_, step_;
  double shift_ = 0;
};

/// The step -(H + shift)^-1 g, with the least shift of a growing series that makes it one downhill.
bool Newton::solve(const BandMatrix& hessian) {
  const double scale = hessian.largest_diagonal();
  for (; shift_ <= 1e3 * scale; shift_ = shift_ > 0 ? 4 * shift_ : 1e-6 * scale) {
    BandMatrix factor = hessian;
    factor.add_to_diagonal(shift_);
    if (!factor.factorise()) continue;
    step_.resize(gradient_.size());
    std::transform(gradient_.begin(), gradient_.end(), step_.begin(), [](double g) { return -g; });
    factor.solve(step_);
    return true;
  }
  return false;
}

void Newton::move(Path& path, double length) const {
  const std::size_t d = path.dimension();
  for (std::size_t i = 0; i < step_.size(); ++i) path.x[i % d][i / d + 1] += length * step_[i];
}

double Newton::largest_step() const {
  double largest = 0;
  for (const double s : step_) largest = std::max(largest, std::abs(s));
  return largest;
}

/// Moves along the step, and says how often it had to be halved; nothing if no fraction of it lowers the action.
std::optional<int> Newton::search(Path& path, double before) {
  double slope = 0;
  for (std::size_t i = 0; i < step_.size(); ++i) slope += gradient_[i] * step_[i];
  double length = std::min(1.0, farthest * scale_ / largest_step());
  for (int n = 0; n < most_halvings; ++n, length /= 2) {
    Path moved = path;
    move(moved, length);
    const double after = action_.value(moved).total();
    if (after <= before + sufficient * length * slope + roundoff * std::abs(before)) {
      path = std::move(moved);
      return n;
    }
  }
  return std::nullopt;
}

std::optional<Minimum> Newton::minimise(Path path) {
  BandMatrix hessian(0, 0);
  for (std::size_t n = 0; n < choices_.iterations; ++n) {
    const Action now = action_.derivatives(path, gradient_, hessian);
    if (!std::isfinite(now.total()) || !solve(hessian)) return std::nullopt;
    const bool shifted = shift_ > 0, arrived = largest_step() <= choices_.tolerance * scale_;
    const std::optional<int> halvings = search(path, now.total());
    if (!shifted && arrived) return Minimum{path, action_.value(path), n + 1};
    if (!halvings) return std::nullopt;
    if (*halvings == 0) shift_ = shift_ > 1e-9 * hessian.largest_diagonal() ? shift_ / 16 : 0;
  }
  return std::nullopt;
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
    auto minimum = Newton(action, choices, scale).minimise(std::move(guess));
    if (minimum && coarse != choices.points) {
      const std::size_t before = minimum->iterations;
      minimum = Newton(action, choices, scale).minimise(refined(minimum->path, straight));
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
    if (const auto rough = Newton(action, choices, scale).minimise(refined(result.path, halved)))
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
