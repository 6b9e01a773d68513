// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/paths/band_matrix.hpp"

#include <algorithm>
#include <cmath>

namespace umkehr {

void BandMatrix::add_to_diagonal(double shift) {
  for (std::size_t i = 0; i < size_; ++i) (*this)(i, i) += shift;
}

double BandMatrix::largest_diagonal() const {
  double most = 0;
  for (std::size_t i = 0; i < size_; ++i) most = std::max(most, std::abs((*this)(i, i)));
  return most;
}

bool BandMatrix::factorise() {
  BandMatrix& l = *this;
  for (std::size_t i = 0; i < size_; ++i)
    for (std::size_t j = first(i); j <= i; ++j) {
      double sum = l(i, j);
      for (std::size_t k = std::max(first(i), first(j)); k < j; ++k) sum -= l(i, k) * l(j, k);
      if (i == j && !(sum > 0)) return false;
      l(i, j) = i == j ? std::sqrt(sum) : sum / l(j, j);
    }
  return true;
}

void BandMatrix::solve(std::span<double> x) const {
  const BandMatrix& l = *this;
  for (std::size_t i = 0; i < size_; ++i) {
    for (std::size_t j = first(i); j < i; ++j) x[i] -= l(i, j) * x[j];
    x[i] /= l(i, i);
  }
  for (std::size_t i = size_; i-- > 0;) {
    x[i] /= l(i, i);
    for (std::size_t j = first(i); j < i; ++j) x[j] -= l(i, j) * x[i];
  }
}

}  // namespace umkehr
