// SPDX-License-Identifier: GPL-3.0-or-later
// The generator of dx = F dt + sqrt(D) dW killed at rate V, discretised: h is a value (2.26, 2.28), P a density (2.6, 2.33),
//   L h = F.grad h + sum_k D_k/2 d_k^2 h - V h,   L^dagger P = -div(F P) + sum_k D_k/2 d_k^2 P - V P.
// `apply_adjoint` is the exact transpose of `apply`: <h, L^dagger P> = <L h, P> to roundoff in the Euclidean product of states,
// which is int h P dx but for a constant. One discretisation so serves the forward and the backward equation.
#pragma once

#include <concepts>
#include <cstddef>
#include <span>

namespace umkehr {

template <class G>
concept Generator = requires(G& generator, double t, std::span<const double> in, std::span<double> out) {
  { generator.size() } -> std::convertible_to<std::size_t>;
  generator.apply(t, in, out);
  generator.apply_adjoint(t, in, out);
};

}  // namespace umkehr
