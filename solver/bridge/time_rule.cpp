// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/bridge/time_rule.hpp"

#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <cstdlib>

#include "solver/process/time_jumps.hpp"

namespace umkehr {
namespace {

constexpr std::size_t most_pieces = 8;

template <unsigned count>
void add_gauss_kronrod(const TimePiece& piece, TimeRule& rule) {
  using Rule = boost::math::quadrature::gauss_kronrod<double, count>;
  const auto& place = Rule::abscissa();  // of half the nodes, from the middle
  const double half = (piece.stop - piece.start) / 2, middle = piece.start + half;
  const auto nodes = static_cast<std::ptrdiff_t>(place.size());
  for (std::ptrdiff_t k = 1 - nodes; k < nodes; ++k) {
    const auto i = static_cast<std::size_t>(std::abs(k));
    rule.node.push_back(middle + (k < 0 ? -half : half) * place[i]);
    rule.weight.push_back(half * Rule::weights()[i]);
  }
}

}  // namespace

TimeRule::TimeRule(const Process& reference, double start, double stop, Nodes nodes) {
  std::vector<TimeJump> jumps = time_jumps(reference, start, stop);
  if (jumps.size() >= most_pieces) jumps.clear();
  for (const TimePiece& piece : pieces_between(jumps, start, stop))
    nodes == Nodes::few ? add_gauss_kronrod<15>(piece, *this) : add_gauss_kronrod<31>(piece, *this);
}

}  // namespace umkehr
