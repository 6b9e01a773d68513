// SPDX-License-Identifier: GPL-3.0-or-later
// Estimates from the sums of an ensemble, each with its standard error: averages under the weights, sum w f / sum w, and
// expectations with killing, sum w f / N (2.31). Errors by the jackknife over groups; those of a histogram are those of
// independent weights, sum over bins of (w 1 - its mean)^2.
#pragma once

#include <optional>

#include "solver/particles/ensemble.hpp"

namespace umkehr {

/// E[w]: what is left after killing and walls.
Estimate mean_weight(const EnsembleRun& run, std::size_t time);
/// (sum w)^2 / sum w^2
Estimate effective_size(const EnsembleRun& run, std::size_t time);
/// sum w f_j / sum w
Estimate average(const EnsembleRun& run, std::size_t time, std::size_t j);
/// sum w f_j / N
Estimate expectation(const EnsembleRun& run, std::size_t time, std::size_t j);
/// <f_jk> - <f_j><f_k>, where function `product` is f_j f_k.
Estimate covariance(const EnsembleRun& run, std::size_t time, std::size_t j, std::size_t k,
                    std::size_t product);
/// sum w int running dt / sum w
Estimate running_average(const EnsembleRun& run, std::size_t time);
/// Of the weight at the start, what has left by a wall since, and what did between two saved times.
Estimate left_by(const EnsembleRun& run, std::size_t time, std::size_t wall);
Estimate left_between(const EnsembleRun& run, std::optional<std::size_t> first, std::size_t last,
                      std::size_t wall);

/// Averages of the density over the bins, P dx, with what was killed left out.
struct Histogram {
  std::vector<double> density, error;
};
Histogram histogram(const EnsembleRun& run, const Grid& bins, std::size_t time);

}  // namespace umkehr
