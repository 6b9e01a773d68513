// SPDX-License-Identifier: GPL-3.0-or-later
// A measure of time in which a law forgets at a constant rate, for steps and strata that are equal in it: with the noise
// N(t) = int_start^t sum_k D_k ds, v the variance of the narrowest part of the law at `start` and V that at `stop`,
//   m(t) = ln(v + N) + N/V:
// near the data end it grows with the logarithm of the variance, far from it with the rate D/V at which the law settles.
#pragma once

#include <functional>

#include "solver/law/gaussian_mixture.hpp"
#include "solver/process/process.hpp"

namespace umkehr {

/// Ascending between `start` and `stop`. `process` must outlive it.
std::function<double(double)> relaxation_measure(const Process& process, double start,
                                                 double variance_at_start, double variance_at_stop);

/// The least variance along an axis of any component that has weight.
double min_variance(const GaussianMixture& mixture);

}  // namespace umkehr
