// SPDX-License-Identifier: GPL-3.0-or-later
// Rates through the faces of one batch of lines, computed where they are needed: reading one exponent, or the few
// integrals that it is a sum of, costs less than reading both rates would.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <type_traits>

#include "solver/finite_volume/face_flux.hpp"

namespace umkehr {

struct BatchRates {
  static constexpr std::size_t max_terms = 4;  // with more, reading them costs more than new integrals do
  /// Rows of faces of which it is known whether all exponents are small: 1 to 8, 9 to 16, ...; row 0 joins the first.
  static constexpr std::size_t block_rows = 8;
  static std::size_t block_of(std::size_t row) { return row == 0 ? 0 : (row - 1) / block_rows; }

  struct Term {
    const double* integrals;
    const double* largest;  // |integral|, by block
    double amplitude;
  };
  std::array<Term, max_terms> terms;  // z is their sum; those from `count` on are the first one times zero
  std::size_t count;
  double scale;  // D/(2 h^2), times the caller's factor

  /// z through eight faces from `place` on.
  template <std::size_t number = max_terms>
  [[gnu::always_inline]] Lanes exponents(std::size_t place) const {
    Lanes z = terms[0].amplitude * lanes::load(terms[0].integrals + place);
    if constexpr (number > 1)
      z += terms[1].amplitude * lanes::load(terms[1].integrals + place) +
           (terms[2].amplitude * lanes::load(terms[2].integrals + place) +
            terms[3].amplitude * lanes::load(terms[3].integrals + place));
    return z;
  }

  bool are_small(std::size_t block) const {
    double bound = 0;
    for (const Term& term : terms) bound += std::abs(term.amplitude) * term.largest[block];
    return bound <= small_exponent;
  }

  /// Rates through those faces, times `factor`; the faster way where their exponents are known to be small.
  template <std::size_t number, bool small>
  [[gnu::always_inline]] FaceRates at(std::size_t place, double factor) const {
    const Lanes z = exponents<number>(place), each = scale * factor + Lanes{};
    if constexpr (small) return face_rates_of_small(z, each);
    return face_rates(z, each);
  }

  /// work(number of terms that are read), known to the compiler.
  template <class Work>
  void with_number(Work work) const {
    if (count == 1)
      work(std::integral_constant<std::size_t, 1>());
    else
      work(std::integral_constant<std::size_t, max_terms>());
  }
};

}  // namespace umkehr
