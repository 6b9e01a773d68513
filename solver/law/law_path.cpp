// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/law/law_path.hpp"

#include "grids/failure.hpp"

namespace umkehr {

LawAtTime::Moments LawAtTime::moments(std::size_t dimension) const {
  const auto f = [&](const Points& x, std::vector<std::vector<double>>& out) {
    for (std::size_t k = 0; k < dimension; ++k)
      for (std::size_t i = 0; i < x.count(); ++i) {
        out[k][i] = x[k][i];
        out[dimension + k][i] = x[k][i] * x[k][i];
      }
  };
  const std::vector<double> both = mean(2 * dimension, f);
  Moments found;
  for (std::size_t k = 0; k < dimension; ++k) {
    found.mean.push_back(both[k]);
    found.variance.push_back(both[dimension + k] - both[k] * both[k]);
  }
  return found;
}

void LawAtTime::score_and_divergence(const Points&, std::span<const double>, Components&,
                                     std::span<double>) const {
  throw UnfitProblem("the divergence of this law's score is not known");
}

}  // namespace umkehr
