// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/spectrum/chain/interval_spectrum.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "solver/spectrum/chain/kept_cells.hpp"

namespace umkehr {
namespace {

constexpr std::size_t fewest_levels = 3;
constexpr double refinement = 9;  // of the squared width from level to level
constexpr double epsilon = std::numeric_limits<double>::epsilon();
constexpr double min_number = 1e-290;  // below it pivots lose their digits

using Numbers = std::vector<double>;

/// One row of Romberg's table from the row above it: column k is free of the error's first k even powers.
std::vector<Numbers> next_row(const std::vector<Numbers>& above, const Numbers& fine) {
  std::vector<Numbers> row = {fine};
  double factor = refinement;
  for (const Numbers& coarse : above) {
    Numbers better = row.back();
    for (std::size_t n = 0; n < better.size(); ++n) better[n] += (better[n] - coarse[n]) / (factor - 1);
    row.push_back(std::move(better));
    factor *= refinement;
  }
  return row;
}

/// What sums of so many rounded rates leave at random.
double rounding(double value, double shift, std::size_t cells) {
  return epsilon * (std::sqrt(static_cast<double>(cells)) * std::abs(value - shift) + std::abs(shift)) +
         (value == shift ? 0 : min_number);
}

/// What they leave where the same lambda is added over and over and rounded one way.
double rounding_one_way(double value, double shift, std::size_t cells) {
  return epsilon * static_cast<double>(cells) / 32 * std::abs(value - shift);
}

/// Where one drift rules everywhere all rates are rounded alike, and their errors add up to one of F^2/(2 D).
double rounding_of_one_drift(const IntervalProcess& process, std::size_t cells) {
  const std::vector<double> x = process.axis.centres();
  Numbers force(x.size());
  process.drift(x, force);
  const auto [least, most] = std::minmax_element(force.begin(), force.end());
  if (*least != *most) return 0;
  return epsilon * std::abs(*most) * static_cast<double>(cells) / (2 * process.axis.length());
}

/// What one level more would change if it gained as much as the last one did. Jumps within cells gain a ninth, more or less
/// as they come to lie: a third of the last change then.
double next_change(double before, double last) {
  const double gain = last / before;
  return last * (gain < 0.01 ? gain : std::clamp(gain, 1.0 / 3, 1.0));
}

/// The column of a row that changed least from the column before it in the row above: rows of levels that resolved
/// nothing yet spoil the last columns.
struct Best {
  double value, change;
};

Best best_of(const std::vector<Numbers>& above, const std::vector<Numbers>& row, std::size_t n) {
  Best best{row.front()[n], std::abs(row.front()[n] - (above.empty() ? 0 : above.front()[n]))};
  for (std::size_t k = 1; k < row.size(); ++k) {
    const double change = std::abs(row[k][n] - above[k - 1][n]);
    if (change <= best.change) best = {row[k][n], change};
  }
  return best;
}

/// Cells over which Phi changes by no more than double exponents bear, as far as many looks at F tell.
std::size_t steep_cells(const IntervalProcess& process, std::size_t most) {
  constexpr std::size_t looks = 1000;
  constexpr double bearable = 400;  // across a cell
  Axis axis = process.axis;
  axis.points = looks;
  Numbers force(looks);
  process.drift(axis.centres(), force);
  double steepest = 0;
  for (const double f : force) steepest = std::max(steepest, std::abs(2 * f / process.diffusion));
  return static_cast<std::size_t>(std::min(static_cast<double>(most), axis.length() * steepest / bearable));
}

/// The cells of an axis times the odd number that makes enough of them.
std::size_t first_cells(const IntervalProcess& process, const IntervalChoices& choices) {
  const std::size_t wanted = std::max({choices.fewest_cells, choices.cells_a_mode * choices.count,
                                       steep_cells(process, choices.max_cells / 9)});
  std::size_t times = 1;
  while (times * process.axis.points < wanted) times += 2;
  return times * process.axis.points;
}

/// phi at the centres of the axis.
Numbers at_centres(const Numbers& phi, std::size_t points) {
  const std::size_t times = phi.size() / points;
  Numbers found(points);
  for (std::size_t i = 0; i < points; ++i) found[i] = phi[i * times + times / 2];
  return found;
}

struct Level {
  IntervalChain chain;
  Numbers values;  // of its own, above V_0
};

Level level_of(const IntervalProcess& process, std::size_t cells, std::size_t count) {
  IntervalChain chain = interval_chain(process, cells);
  Numbers values = chain.chain.lowest(count);
  return {std::move(chain), std::move(values)};
}

Numbers shifted(const Level& level) {
  Numbers values = level.values;
  for (double& value : values) value += level.chain.min_killing;
  return values;
}

/// Makes the last large value positive.
void orient(const std::vector<double>& log_mass, Numbers& phi) {
  const double most = *std::max_element(log_mass.begin(), log_mass.end());
  const auto size = [&](std::size_t i) { return phi[i] * phi[i] * std::exp(log_mass[i] - most); };
  double largest = 0;
  for (std::size_t i = 0; i < phi.size(); ++i) largest = std::max(largest, size(i));
  std::size_t last = phi.size() - 1;
  while (last > 0 && size(last) < 0.5 * largest) --last;
  if (phi[last] > 0) return;
  for (double& value : phi) value = -value;
}

std::vector<Numbers> functions_of(const Level& level, std::size_t points) {
  std::vector<Numbers> found;
  for (Numbers& phi : level.chain.chain.functions(level.values)) {
    orient(level.chain.chain.log_mass, phi);
    found.push_back(at_centres(phi, points));
  }
  return found;
}

/// One step of extrapolation, where both levels found the same function and not two of a cluster.
void extrapolate(const Numbers& coarse, Numbers& fine) {
  double change = 0, most = 0;
  for (std::size_t i = 0; i < fine.size(); ++i) {
    change = std::max(change, std::abs(fine[i] - coarse[i]));
    most = std::max(most, std::abs(fine[i]));
  }
  if (change > 0.01 * most) return;
  for (std::size_t i = 0; i < fine.size(); ++i) fine[i] += (fine[i] - coarse[i]) / (refinement - 1);
}

IntervalModes modes_on(const IntervalProcess& process, const IntervalChoices& choices) {
  const std::size_t count = choices.count, points = process.axis.points;
  std::size_t cells = first_cells(process, choices);
  Level coarse, fine;
  std::vector<Numbers> row;
  Numbers value(count), change(count, std::numeric_limits<double>::infinity()), error(count), rounded(count);
  for (std::size_t levels = 1;; ++levels, cells *= 3) {
    coarse = std::move(fine);
    fine = level_of(process, cells, count);
    const std::vector<Numbers> above = std::move(row);
    row = next_row(above, shifted(fine));
    bool is_settled = true;
    for (std::size_t n = 0; n < count; ++n) {
      const auto [best, now] = best_of(above, row, n);
      value[n] = best;
      rounded[n] = rounding(best, fine.chain.min_killing, cells);
      error[n] = std::max(rounded[n], next_change(change[n], now));
      is_settled = is_settled && error[n] <= rounded[n];
      change[n] = now;
    }
    if (levels >= fewest_levels && (is_settled || 3 * cells > choices.max_cells)) break;
  }
  const double alike = rounding_of_one_drift(process, cells);
  for (std::size_t n = 0; n < count; ++n) {
    if (value[n] == fine.chain.min_killing) continue;
    rounded[n] += alike + rounding_one_way(value[n], fine.chain.min_killing, cells);
    error[n] = std::max(error[n] + alike, rounded[n]);
  }
  IntervalModes modes{value, error, rounded, functions_of(fine, points)};
  const std::vector<Numbers> before = functions_of(coarse, points);
  for (std::size_t n = 0; n < count; ++n) extrapolate(before[n], modes.function[n]);
  return modes;
}

}  // namespace

IntervalModes interval_modes(const IntervalProcess& process, const IntervalChoices& choices) {
  const KeptCells kept = kept_cells(process);
  if (kept.first == 0 && kept.last == process.axis.points) return modes_on(process, choices);
  IntervalModes modes = modes_on(part_of(process, kept), choices);
  if (!decay_within(process, kept, modes.value.back())) return modes_on(process, choices);
  for (std::vector<double>& phi : modes.function) phi = continued(phi, kept, process.axis.points);
  return modes;
}

}  // namespace umkehr
