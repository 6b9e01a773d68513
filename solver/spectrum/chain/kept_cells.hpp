// SPDX-License-Identifier: GPL-3.0-or-later
// The cells of an axis between walls on which its slowest modes live. From a wall up a slope that falls inwards all the way
// to the first rest, those stay where exp(-Phi) is a number beside its value at rest: steeper slopes further out would ask
// for cells that nothing ever visits. That holds for modes that decay there, by exp(-int sqrt(2 (W - lambda)/D)),
// W = F^2/(2 D) + F'/2 + V, which is to be checked when lambda is known: under a force that is the same everywhere all modes
// but the first reach both walls.
#pragma once

#include <cstddef>
#include <vector>

#include "solver/spectrum/chain/interval_chain.hpp"

namespace umkehr {

struct KeptCells {
  std::size_t first, last;
};

KeptCells kept_cells(const IntervalProcess& process);
IntervalProcess part_of(const IntervalProcess& process, const KeptCells& kept);
/// Whether all modes up to lambda have decayed where cells are not kept.
bool decay_within(const IntervalProcess& process, const KeptCells& kept, double lambda);
/// A field on the kept cells as one on all, constant beyond them.
std::vector<double> continued(const std::vector<double>& phi, const KeptCells& kept, std::size_t points);

}  // namespace umkehr
