// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/finite_volume/finite_volume.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "grids/failure.hpp"
#include "solver/finite_volume/equilibrium.hpp"
#include "solver/stepping/flush_to_zero.hpp"
#include "solver/stepping/relative_error.hpp"

namespace umkehr {
namespace {

constexpr std::size_t rannacher_steps = 2;

template <class... Line>
std::array<const SplitScheme*, sizeof...(Line)> all_of(const std::variant<Line...>&) {
  return {&split_scheme<Line>...};
}

// A step in n parts errs by c_2 / n^2 + c_3 / n^3 + ...: these weights of n = 1, 2, 3 leave only order 4, and these
// of n = 2, 3 order 3, which estimates the error.
constexpr std::array<double, 3> weights = {1.0 / 12, -4.0 / 3, 9.0 / 4};
constexpr std::array<double, 3> lower_weights = {0, -4.0 / 5, 9.0 / 5};

}  // namespace

std::vector<std::string> finite_volume_schemes() {
  std::vector<std::string> names;
  for (const SplitScheme* scheme : all_of(LineScheme())) names.emplace_back(scheme->name);
  return names;
}

const Scheme* finite_volume_scheme(const std::string& name, bool adaptive) {
  const auto all = all_of(LineScheme());
  for (const SplitScheme* scheme : all)
    if (scheme->name == name || (name.empty() && scheme == all.front()))
      return adaptive && scheme == all.front() ? nullptr : scheme;
  throw UnfitProblem("finite volume has no scheme \"" + name + "\"");
}

std::vector<const Scheme*> finite_volume_step_schemes() {
  std::vector<const Scheme*> all = {nullptr};
  for (const SplitScheme* scheme : all_of(LineScheme())) all.push_back(scheme);
  all.push_back(&damped_euler);
  return all;
}

FiniteVolume::FiniteVolume(const Process& process, const Grid& grid)
    : grid_(grid), killing_(process, grid), chains_(weights.size()) {
  const std::vector<double> equilibrium = equilibrium_exponents(process, grid);
  for (std::size_t k = 0; k < grid.dimension(); ++k)
    axes_.emplace_back(AxisGenerator(process, grid, k, equilibrium));
}

std::vector<double> FiniteVolume::state_of(const Law& law) const {
  std::vector<double> state(size());
  cell_means(law, grid_, std::span(state).first(grid_.size()));
  return state;
}

/// One palindromic step with coefficients frozen at its middle.
void FiniteVolume::part(std::span<double> state, const Step& step, LineScheme scheme, Direction direction) {
  const FlushToZero guard;
  const double h = step.length(), middle = step.start + 0.5 * h;
  const std::span<double> cells = state.first(grid_.size());
  double& outflow = state[grid_.size()];
  double& killed = state[grid_.size() + 1];
  const bool forward = direction == Direction::forward;
  const auto move = [&](AxisStep& axis, double length) {
    if (!forward) return axis.backward(scheme, length, cells);
    const CellLoss loss = axis.forward(scheme, length, cells);
    outflow += grid_.cell_volume() * loss.outflow;
    killed += grid_.cell_volume() * loss.killed;
  };
  const auto kill = [&] {
    const double loss = grid_.cell_volume() * killing_.apply(cells);
    if (forward) killed += loss;
  };
  killing_.freeze(middle, 0.5 * h);
  for (std::size_t k = 0; k < axes_.size(); ++k)
    axes_[k].freeze(middle, killing_.within(k), killing_.version());
  kill();
  for (std::size_t k = 0; k + 1 < axes_.size(); ++k) move(axes_[k], 0.5 * h);
  move(axes_.back(), h);
  for (std::size_t k = axes_.size() - 1; k-- > 0;) move(axes_[k], 0.5 * h);
  kill();
}

void FiniteVolume::chain(std::span<double> state, const Step& step, int parts, LineScheme scheme,
                         Direction direction) {
  for (int n = 0; n < parts; ++n)
    part(state, step.part(direction == Direction::forward ? n : parts - 1 - n, parts), scheme, direction);
}

double FiniteVolume::extrapolate(std::span<double> state, const Step& step, Direction direction) {
  for (std::size_t n = 0; n < chains_.size(); ++n) {
    chains_[n].assign(state.begin(), state.end());
    chain(chains_[n], step, static_cast<int>(n + 1), LineScheme(), direction);
  }
  RelativeError error(direction == Direction::forward);
  ErrorWeights counts;
  if (direction == Direction::backward && weigh_errors_) counts = weigh_errors_(step);
  const std::vector<double>& finest = chains_.back();
  for (std::size_t i = 0; i < state.size(); ++i) {
    // In differences, so that weights that add up to one only to roundoff cannot change a conserved sum.
    double correction = 0, difference = 0;
    for (std::size_t n = 0; n + 1 < chains_.size(); ++n) {
      correction += weights[n] * (chains_[n][i] - finest[i]);
      difference += (weights[n] - lower_weights[n]) * (chains_[n][i] - finest[i]);
    }
    state[i] = finest[i] + correction;
    if (i < grid_.size() && !killing_.is_dead(i))
      error.add(counts.of_cells.empty() ? difference : static_cast<double>(counts.of_cells[i]) * difference,
                state[i]);
  }
  return counts.of_all * error.value();
}

/// A step of any scheme; the plain ones are estimated by comparison with two of half the length.
double FiniteVolume::advance(std::span<double> state, const Step& step, Direction direction,
                             bool with_error) {
  killing_.choose(step.start + 0.5 * step.length());
  if (step.scheme == nullptr) return extrapolate(state, step, direction);
  const auto& scheme = static_cast<const SplitScheme&>(*step.scheme);
  if (with_error) {
    chains_[0].assign(state.begin(), state.end());
    chain(chains_[0], step, 2 * scheme.parts, scheme.line, direction);
  }
  chain(state, step, scheme.parts, scheme.line, direction);
  if (!with_error) return 0;
  RelativeError error(direction == Direction::forward);
  const double halves_leave = std::pow(0.5, scheme.order);
  for (std::size_t i = 0; i < grid_.size(); ++i)
    if (!killing_.is_dead(i)) error.add((state[i] - chains_[0][i]) / (1 - halves_leave), state[i]);
  return error.value();
}

const Scheme* FiniteVolume::scheme_of_step(const Scheme* scheme, std::size_t n) const {
  const SplitScheme* at_first = scheme ? static_cast<const SplitScheme*>(scheme)->at_first : nullptr;
  return at_first && n < rannacher_steps ? at_first : scheme;
}

bool FiniteVolume::acceptable(std::span<const double> state) const {
  double least = 0, most = 0;
  for (std::size_t i = 0; i < grid_.size(); ++i) {
    most = std::max(most, state[i]);
    if (!killing_.is_dead(i)) least = std::min(least, state[i]);
  }
  return least >= -1e-15 * most;
}

std::size_t FiniteVolume::memory() const {
  std::size_t bytes = killing_.memory() + chains_.size() * size() * sizeof(double);
  for (const AxisStep& axis : axes_) bytes += axis.memory();
  return bytes;
}

}  // namespace umkehr
