// SPDX-License-Identifier: GPL-3.0-or-later
// Rates through the faces of one batch of lines, computed where they are needed: reading one exponent, or the few
// integrals that it is a sum of, costs less than reading both rates would.
#pragma once

#include <array>
#include <cstddef>

#include "grids/unrolled.hpp"
#include "solver/generator/face_flux.hpp"

namespace umkehr {

struct BatchRates {
  static constexpr std::size_t most_terms = 4;  // with more, reading them costs more than new integrals do
  struct Term {
    const double* integrals;
    double amplitude;
  };
  std::array<Term, most_terms> terms;  // z is their sum; those from `count` on are the first one times zero
  std::size_t count;
  double scale;    // D/(2 h^2), times the caller's factor
  bool are_small;  // all exponents are

  /// z through eight faces from `place` on.
  template <std::size_t number = most_terms>
  [[gnu::always_inline]] Lanes exponents(std::size_t place) const {
    Lanes z = terms[0].amplitude * lanes::load(terms[0].integrals + place);
    if constexpr (number > 1)
      z += terms[1].amplitude * lanes::load(terms[1].integrals + place) +
           (terms[2].amplitude * lanes::load(terms[2].integrals + place) +
            terms[3].amplitude * lanes::load(terms[3].integrals + place));
    return z;
  }

  /// work(rates), where rates(place, factor) are those of eight faces, in the fastest way that holds for all of them.
  template <class Work>
  void with_fastest(Work work) const {
    if (!are_small)
      work([own = *this](std::size_t place, auto factor) UMKEHR_INLINE {
        return face_rates(own.exponents(place), own.scale * (factor + Lanes{}));
      });
    else if (count > 1)
      work([own = *this](std::size_t place, auto factor) UMKEHR_INLINE {
        return face_rates_of_small(own.exponents(place), own.scale * (factor + Lanes{}));
      });
    else
      work([own = *this](std::size_t place, auto factor) UMKEHR_INLINE {
        return face_rates_of_small(own.exponents<1>(place), own.scale * (factor + Lanes{}));
      });
  }
};

}  // namespace umkehr
