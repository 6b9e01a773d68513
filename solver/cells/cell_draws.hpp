// SPDX-License-Identifier: GPL-3.0-or-later
// How often N particles are seen to make a change, by draws of multinomial tables (3.6, 3.7). Under g itself rare changes
// are never seen; under the bridge h they are usual, and each table with the counts b weighs the same,
//   Prob_g(c)/Prob_h(c) = prod (g/h)^c(k,l) = e^(-N D_KL(h||g))   (3.9, 3.13),
// so that Prob({b}|{a}) = e^(-N D_KL) E_h[Prob(the fullest cell's particles go where the others leave b lacking)], of
// which the factor in brackets is known (3.6). Counts by Hormann's rejection (J. Stat. Comput. Simul. 46 (1993) 101).
#pragma once

#include <cstdint>

#include "solver/cells/cells.hpp"
#include "solver/particles/samples/estimate.hpp"

namespace umkehr {

struct CellDraws {
  std::int64_t trials = 100'000;  ///< 2 at least
  std::uint64_t seed = 0;
};

/// Share of the trials that end with the counts b, each particle going by g; the error is the binomial one of a share of
/// (hits + 1)/(trials + 2), positive where none or all hit.
Estimate observed_frequency(const Cells& cells, const CellDraws& draws);

/// -(1/N) ln Prob({b}|{a}) from trials under the bridge. Throws NumericalFailure where none of them could end in b.
Estimate sampled_rate(const Cells& cells, const CellsOptimum& optimum, const CellDraws& draws);

}  // namespace umkehr
