// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/spectrum/chain/hopping_chain.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

namespace umkehr {
namespace {

// Eigenvalues are searched together, so that their chains of divisions overlap.
constexpr std::size_t together = 8;
using Lambdas = std::array<double, together>;
using Counts = std::array<std::size_t, together>;

constexpr double cluster =
    1e-9;  // eigenvalues so close, of their size, may have any mixture of their vectors

/// A pivot that vanishes counts as just below zero.
double moved_off_zero(double pivot, double right) {
  return pivot == 0 ? -(1e-32 * right + 1e-300) : pivot;
}

Counts counts_below(const HoppingChain& chain, const Lambdas& lambda) {
  Lambdas excess{}, pivot, below{};
  pivot.fill(1);
  for (std::size_t i = 0; i < chain.size(); ++i)
    for (std::size_t n = 0; n < together; ++n) {
      excess[n] = chain.sink[i] - lambda[n] + chain.left[i] * (excess[n] / pivot[n]);
      pivot[n] = moved_off_zero(chain.right[i] + excess[n], chain.right[i]);
      below[n] += pivot[n] < 0 ? 1.0 : 0.0;
    }
  Counts counts;
  for (std::size_t n = 0; n < together; ++n) counts[n] = static_cast<std::size_t>(below[n]);
  return counts;
}

/// No eigenvalue lies above (Gershgorin).
double bound(const HoppingChain& chain) {
  double most = 0;
  for (std::size_t i = 0; i < chain.size(); ++i)
    most = std::max(most, 2 * (chain.right[i] + chain.left[i]) + chain.sink[i]);
  return 1.01 * most + std::numeric_limits<double>::min();
}

/// Positive numbers are ordered as their bits are: halving between bits halves the exponent first, then the digits.
std::int64_t bits(double value) {
  return std::bit_cast<std::int64_t>(value);
}

Lambdas bisect(const HoppingChain& chain, std::size_t first) {
  std::array<std::int64_t, together> low{}, high;
  high.fill(bits(bound(chain)));
  while (true) {
    Lambdas middle;
    bool is_done = true;
    for (std::size_t n = 0; n < together; ++n) {
      is_done = is_done && high[n] - low[n] <= 1;
      middle[n] = std::bit_cast<double>(low[n] + (high[n] - low[n]) / 2);
    }
    if (is_done) return middle;
    const Counts counts = counts_below(chain, middle);
    for (std::size_t n = 0; n < together; ++n) (counts[n] > first + n ? high : low)[n] = bits(middle[n]);
  }
}

/// The pivots from both ends at one lambda, and what is left at each cell where they meet.
struct Twisted {
  std::vector<double> from_left, from_right, rest;
};

Twisted twisted(const HoppingChain& chain, double lambda) {
  const std::size_t size = chain.size();
  Twisted made{std::vector<double>(size), std::vector<double>(size), std::vector<double>(size)};
  double excess = 0, pivot = 1;
  for (std::size_t i = 0; i < size; ++i) {
    excess = chain.sink[i] - lambda + chain.left[i] * (excess / pivot);
    pivot = made.from_left[i] = moved_off_zero(chain.right[i] + excess, chain.right[i]);
    made.rest[i] = excess;
  }
  excess = 0, pivot = 1;
  for (std::size_t i = size; i-- > 0;) {
    const double shared = chain.right[i] * (excess / pivot);
    excess = chain.sink[i] - lambda + shared;
    pivot = made.from_right[i] = moved_off_zero(chain.left[i] + excess, chain.left[i]);
    made.rest[i] += shared;
  }
  return made;
}

std::vector<double> grown_from(const HoppingChain& chain, const Twisted& pivots, std::size_t seed) {
  std::vector<double> phi(chain.size(), 1.0);
  for (std::size_t i = seed; i-- > 0;) phi[i] = phi[i + 1] * chain.right[i] / pivots.from_left[i];
  for (std::size_t i = seed + 1; i < phi.size(); ++i)
    phi[i] = phi[i - 1] * chain.left[i] / pivots.from_right[i];
  return phi;
}

/// Shares of the cells in the stationary law.
std::vector<double> shares(const std::vector<double>& log_mass) {
  const double most = *std::max_element(log_mass.begin(), log_mass.end());
  std::vector<double> share(log_mass.size());
  double all = 0;
  for (std::size_t i = 0; i < share.size(); ++i) all += share[i] = std::exp(log_mass[i] - most);
  for (double& each : share) each /= all;
  return share;
}

double overlap(const std::vector<double>& share, const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0;
  for (std::size_t i = 0; i < share.size(); ++i)
    if (share[i] > 0) sum += share[i] * a[i] * b[i];
  return sum;
}

/// The cell at which the pivots meet best, where the others hold next to nothing if there is such a cell: vectors of one
/// eigenvalue, to rounding, sit in wells apart.
std::size_t seed_of(const Twisted& pivots, const std::vector<double>& share,
                    const std::vector<std::vector<double>>& others) {
  constexpr double nothing = 1e-6;
  std::vector<double> held(share.size());
  for (const std::vector<double>& other : others)
    for (std::size_t i = 0; i < share.size(); ++i)
      if (share[i] > 0) held[i] += share[i] * other[i] * other[i];
  const double most = *std::max_element(held.begin(), held.end());
  std::size_t seed = 0;
  bool is_free = false;
  double least = std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < share.size(); ++i) {
    const bool free = share[i] > 0 && held[i] <= nothing * most;
    if (free < is_free || (free == is_free && !(std::abs(pivots.rest[i]) < least))) continue;
    is_free = free;
    least = std::abs(pivots.rest[i]);
    seed = i;
  }
  return seed;
}

}  // namespace

bool HoppingChain::is_conservative() const {
  return std::all_of(sink.begin(), sink.end(), [](double rate) { return rate == 0; });
}

std::size_t HoppingChain::count_below(double lambda) const {
  Lambdas all;
  all.fill(lambda);
  return counts_below(*this, all).front();
}

std::vector<double> HoppingChain::lowest(std::size_t count) const {
  std::vector<double> found;
  for (std::size_t first = 0; first < count; first += together)
    for (const double lambda : bisect(*this, first)) found.push_back(lambda);
  found.resize(count);
  if (is_conservative()) found.front() = 0;
  return found;
}

std::vector<std::vector<double>> HoppingChain::functions(const std::vector<double>& eigenvalues) const {
  const std::vector<double> share = shares(log_mass);
  std::vector<std::vector<double>> found;
  std::size_t first = 0;  // of the cluster
  for (std::size_t n = 0; n < eigenvalues.size(); ++n) {
    if (n > 0 && eigenvalues[n] - eigenvalues[n - 1] > cluster * eigenvalues[n]) first = n;
    const std::vector<std::vector<double>> others(found.begin() + static_cast<std::ptrdiff_t>(first),
                                                  found.end());
    const Twisted pivots = twisted(*this, eigenvalues[n]);
    std::vector<double> phi = eigenvalues[n] == 0 ? std::vector<double>(size(), 1.0)
                                                  : grown_from(*this, pivots, seed_of(pivots, share, others));
    for (const std::vector<double>& other : others) {
      const double part = overlap(share, phi, other);
      for (std::size_t i = 0; i < size(); ++i) phi[i] -= part * other[i];
    }
    const double scale = 1 / std::sqrt(overlap(share, phi, phi));
    for (double& value : phi) value *= scale;
    found.push_back(std::move(phi));
  }
  return found;
}

}  // namespace umkehr
