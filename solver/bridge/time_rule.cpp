// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/bridge/time_rule.hpp"

#include "grids/gauss_rule.hpp"
#include "solver/process/time_jumps.hpp"

namespace umkehr {
namespace {

constexpr std::size_t max_pieces = 8;

template <std::size_t n>
void add_gauss_kronrod(const TimePiece& piece, TimeRule& rule) {
  const double half = (piece.stop - piece.start) / 2, middle = piece.start + half;
  for (const double node : gauss_kronrod<n>().node) rule.node.push_back(middle + half * node);
  for (const double weight : gauss_kronrod<n>().weight) rule.weight.push_back(half * weight);
}

}  // namespace

TimeRule::TimeRule(const Process& reference, double start, double stop, Nodes nodes) {
  std::vector<TimeJump> jumps = time_jumps(reference, start, stop);
  if (jumps.size() >= max_pieces) jumps.clear();
  for (const TimePiece& piece : pieces_between(jumps, start, stop))
    nodes == Nodes::few ? add_gauss_kronrod<15>(piece, *this) : add_gauss_kronrod<31>(piece, *this);
}

}  // namespace umkehr
