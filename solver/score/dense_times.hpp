// SPDX-License-Identifier: GPL-3.0-or-later
// Times at which a smooth history is known well enough to be interpolated: Lagrange's polynomial through the 8 nearest.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "grids/history.hpp"

namespace umkehr {

inline constexpr std::size_t time_stencil = 8;

/// sum_n weight_n f(t_index_n)
struct TimeStencil {
  std::size_t count = 0;
  std::array<std::size_t, time_stencil> index{};
  std::array<double, time_stencil> weight{};
};

/// Weights at time t of the nearest of ascending `times`; `left_out` is the index of one that is not to be used.
TimeStencil stencil_in_time(const std::vector<double>& times, double t, std::ptrdiff_t left_out = -1);

/// out = sum_n weight_n field(t_n)
void interpolate(const History& history, const TimeStencil& stencil, std::span<double> out);

/// For each time the relative L1 distance of the field from what its neighbours say of it; the ends count as exact.
std::vector<double> left_out_errors(const History& history);

}  // namespace umkehr
