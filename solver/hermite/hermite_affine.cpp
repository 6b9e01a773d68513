// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/hermite/hermite_affine.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <stdexcept>

#include "grids/tensor_product.hpp"
#include "solver/hermite/hermite_substitution.hpp"

namespace umkehr {

HermiteAffine::HermiteAffine(AffineProcess process, std::vector<HermiteBasis> bases, double start,
                             bool axes_apart)
    : process_(std::move(process)),
      bases_(std::move(bases)),
      start_(start),
      moves_(axes_apart),
      matrices_(bases_.size()) {
  moved_[start] = bases_;
}

bool HermiteAffine::covers(const AffineProcess& process, bool axes_apart) {
  return axes_apart || (process.dimension() == 2 && !process.is_killed());
}

std::vector<HermiteBasis> HermiteAffine::bases_at(double t) {
  if (!moves_ || t <= start_) return bases_;
  auto later = moved_.lower_bound(t);
  if (later != moved_.end() && later->first == t) return later->second;
  const auto& [before, from] = *std::prev(later);
  const HermiteKernel kernel = HermiteKernel::of(process_, from, before, t);
  std::vector<HermiteBasis> to = from;
  for (std::size_t k = 0; k < to.size(); ++k) {
    const Eigen::Index at = static_cast<Eigen::Index>(k);
    to[k].centre += from[k].scale * kernel.shift[at];
    to[k].scale *= std::sqrt(1 + kernel.spread(at, at));
  }
  return moved_[t] = to;
}

void HermiteAffine::prepare(const Step& step) {
  if (prepared_ && prepared_->start == step.start && prepared_->stop == step.stop) return;
  prepared_.reset();
  const std::vector<HermiteBasis> from = bases_at(step.start), to = bases_at(step.stop);
  kernel_ = HermiteKernel::of(process_, from, step.start, step.stop).rebased(from, to);
  apart_ = kernel_.is_diagonal();
  if (!covers(process_, apart_))
    throw std::logic_error("this affine process has no closed-form Hermite step");
  prepared_ = step;
  contracts_ = moves_ && !process_.is_killed();
  if (contracts_) return;
  weight_ = std::exp(kernel_.log_weight);
  HermiteKernel factors = kernel_;
  if (!apart_) factors.carry.setIdentity();
  for (std::size_t k = 0; k < bases_.size(); ++k) matrices_[k] = kernel_matrix(factors, k, bases_[k].modes);
}

/// c_n times the product of B_k^n_k.
void HermiteAffine::multiply_powers(std::span<double> coefficients) const {
  std::size_t stride = coefficients.size();
  for (std::size_t k = 0; k < bases_.size(); ++k) {
    const std::size_t modes = bases_[k].modes, block = stride;
    const double carry = kernel_.carry(static_cast<Eigen::Index>(k), static_cast<Eigen::Index>(k));
    stride /= modes;
    for (std::size_t first = 0; first < coefficients.size(); first += block) {
      double power = 1;
      for (std::size_t n = 0; n < modes; ++n, power *= carry)
        for (std::size_t i = 0; i < stride; ++i) coefficients[first + n * stride + i] *= power;
    }
  }
}

/// Multiplies the generating function by exp(Delta_01 u_0 u_1), the sum of whose powers ends with the basis.
void HermiteAffine::multiply_pairs(std::span<double> coefficients, bool transposed) const {
  const std::size_t rows = bases_[0].modes, columns = bases_[1].modes;
  std::vector<double> term(coefficients.begin(), coefficients.end());
  for (std::size_t power = 1; power < std::min(rows, columns); ++power) {
    std::vector<double> next(term.size());
    const double factor = kernel_.spread(0, 1) / static_cast<double>(power);
    for (std::size_t i = 1; i < rows; ++i)
      for (std::size_t j = 1; j < columns; ++j) {
        const std::size_t high = i * columns + j, low = (i - 1) * columns + j - 1;
        const double raise = factor * std::sqrt(static_cast<double>(i * j));
        if (transposed)
          next[low] = raise * term[high];
        else
          next[high] = raise * term[low];
      }
    term.swap(next);
    for (std::size_t n = 0; n < term.size(); ++n) coefficients[n] += term[n];
  }
}

void HermiteAffine::move_density(std::span<double> coefficients) {
  if (!apart_) {
    substitute(kernel_.carry, bases_[0].modes, bases_[1].modes, coefficients, false);
    multiply_pairs(coefficients, false);
  }
  const std::vector<double> result = act_along_all(matrices_, coefficients);
  for (std::size_t n = 0; n < result.size(); ++n) coefficients[n] = weight_ * result[n];
}

void HermiteAffine::move_value(std::span<double> coefficients) {
  const std::vector<double> result = act_transposed_along_all(matrices_, coefficients);
  for (std::size_t n = 0; n < result.size(); ++n) coefficients[n] = weight_ * result[n];
  if (apart_) return;
  multiply_pairs(coefficients, true);
  substitute(kernel_.carry, bases_[0].modes, bases_[1].modes, coefficients, true);
}

double HermiteAffine::advance(std::span<double> coefficients, const Step& step, Direction direction, bool) {
  prepare(step);
  if (contracts_)
    multiply_powers(coefficients);
  else
    direction == Direction::forward ? move_density(coefficients) : move_value(coefficients);
  return 0;
}

std::size_t HermiteAffine::memory() const {
  std::size_t bytes = 0, size = 1;
  for (const HermiteBasis& basis : bases_) {
    bytes += 2 * basis.modes * basis.modes * sizeof(double);
    size *= basis.modes;
  }
  return bytes + 3 * size * sizeof(double);
}

}  // namespace umkehr
