// SPDX-License-Identifier: GPL-3.0-or-later
// How far two solutions of the Hamilton-Jacobi-Bellman equation are apart, |difference|/(1 + lambda - min lambda).
#pragma once

#include <span>
#include <vector>

#include "solver/hjb/hjb.hpp"

namespace umkehr {

/// The largest at a saved time; infinite where either is not finite.
double difference(std::span<const double> value, std::span<const double> reference);
/// At each saved time.
std::vector<double> difference(const HjbSolution& solution, const HjbSolution& reference);

}  // namespace umkehr
