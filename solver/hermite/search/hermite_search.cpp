// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/hermite/search/hermite_search.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "solver/hermite/hermite_generator.hpp"
#include "solver/hermite/search/hermite_objective.hpp"
#include "solver/stepping/golden_section.hpp"

namespace umkehr {
namespace {

/// What the user gave, or nothing.
std::optional<double> given_for(const std::vector<double>& values, std::size_t axis) {
  return axis < values.size() ? std::optional(values[axis]) : std::nullopt;
}

void search_bumps(const BumpsOverTime& bumps, std::size_t modes, std::optional<double> centre,
                  std::optional<double> scale, HermiteChoice& found) {
  const HermiteRange range = bumps.range();
  const double width = range.right - range.left;
  double c = centre.value_or(0.5 * (range.left + range.right)), s = scale.value_or(width / 4);
  const auto at = [&] { return bumps.truncation_error({c, s, modes}); };
  const auto of_scale = [&](double value) { return s = value, at(); };
  const auto of_centre = [&](double value) { return c = value, at(); };
  if (!scale) s = min_scale(of_scale, range.min_scale, range.max_scale, 24, 8);
  if (!centre) c = least(of_centre, range.left + 0.2 * width, range.right - 0.2 * width, 9, 8);
  if (!scale && !centre) s = min_scale(of_scale, 0.7 * s, 1.4 * s, 5, 12);
  found.centre.push_back(c);
  found.scale.push_back(s);
}

HermiteChoice search_laws(const AffineProcess& process, const GaussianMixture& initial, const Grid& grid,
                          const std::vector<double>& times, bool apart, const HermiteChoice& given) {
  HermiteChoice found;
  for (std::size_t k = 0; k < grid.dimension(); ++k) {
    const BumpsOverTime bumps(process, initial, times, k, apart);
    search_bumps(bumps, grid.axis(k).points, given_for(given.centre, k), given_for(given.scale, k), found);
  }
  return found;
}

/// The other axes wait with the middle of their ranges until their turn.
HermiteChoice search_trials(HermiteTrials& trials, const HermiteChoice& given, std::size_t dimension) {
  HermiteChoice choice;
  for (std::size_t k = 0; k < dimension; ++k) {
    const HermiteRange range = trials.range(k);
    choice.centre.push_back(given_for(given.centre, k).value_or(trials.midpoint(k)));
    choice.scale.push_back(given_for(given.scale, k).value_or(std::sqrt(range.min_scale * range.max_scale)));
  }
  for (std::size_t k = 0; k < dimension; ++k) {
    const HermiteRange range = trials.range(k);
    double &c = choice.centre[k], &s = choice.scale[k];
    const auto of_scale = [&](double value) { return s = value, trials.truncation_error(choice, k); };
    const auto of_centre = [&](double value) { return c = value, trials.truncation_error(choice, k); };
    const bool free_centre = given.centre.empty(), free_scale = given.scale.empty();
    if (free_scale) s = min_scale(of_scale, range.min_scale, range.max_scale, 9, 2);
    if (free_centre && std::isfinite(of_centre(c))) {
      const double middle = trials.midpoint(k), away = std::max(std::abs(middle - c), 0.5 * s);
      c = least(of_centre, middle - away, middle + away, 5, 2);
    }
    if (free_scale) s = min_scale(of_scale, 0.7 * s, 1.4 * s, 5, 3);
  }
  return choice;
}

}  // namespace

HermiteChoice search_hermite_choice(const Process& process, const Grid& grid, const Law& initial,
                                    const std::vector<double>& times, const HermiteChoice& given) {
  if (!given.centre.empty() && !given.scale.empty()) return given;
  const std::optional<AffineProcess> affine = AffineProcess::of(process);
  const GaussianMixture* mixture = std::get_if<GaussianMixture>(&initial);
  if (!affine || !mixture) {
    HermiteTrials trials(process, grid, initial, times);
    return search_trials(trials, given, grid.dimension());
  }
  return search_laws(*affine, *mixture, grid, times, axes_are_apart(process), given);
}

HermiteChoice search_resting_hermite_choice(const AffineProcess& process, const GaussianMixture& initial,
                                            const Grid& grid, double start, double stop,
                                            const HermiteChoice& given) {
  constexpr int intervals = 32;
  std::vector<double> times;
  for (int n = 0; n <= intervals; ++n) times.push_back(start + (stop - start) * n / intervals);
  return search_laws(process, initial, grid, times, false, given);
}

}  // namespace umkehr
