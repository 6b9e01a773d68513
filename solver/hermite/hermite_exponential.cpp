// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/hermite/hermite_exponential.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "grids/dense/dense_matrix.hpp"
#include "grids/tensor_product.hpp"
#include "solver/hermite/hermite_norm.hpp"

namespace umkehr {
namespace {

/// The propagator of values: later times act first.
Eigen::MatrixXd commutator_free(const HermiteAxisGenerator& axis, double start, double stop) {
  const double h = stop - start, middle = 0.5 * (start + stop), away = std::sqrt(3.0) / 6;
  const Eigen::MatrixXd early = axis.matrix(middle - away * h), late = axis.matrix(middle + away * h);
  return product(exponential(h * ((0.25 + away) * early + (0.25 - away) * late)),
                 exponential(h * ((0.25 - away) * early + (0.25 + away) * late)));
}

Eigen::MatrixXd propagator(const HermiteAxisGenerator& axis, const Step& step) {
  if (!axis.depends_on_time()) return exponential(step.length() * axis.matrix(step.start));
  const double middle = 0.5 * (step.start + step.stop);
  return product(commutator_free(axis, step.start, middle), commutator_free(axis, middle, step.stop));
}

double relative_difference(std::span<const double> a, std::span<const double> b) {
  double difference = 0, norm = 0;
  for (std::size_t n = 0; n < a.size(); ++n) {
    difference += (a[n] - b[n]) * (a[n] - b[n]);
    norm += a[n] * a[n];
  }
  return norm > 0 ? std::sqrt(difference / norm) : 0;
}

}  // namespace

HermiteExponential::HermiteExponential(const Process& process, const std::vector<HermiteBasis>& bases)
    : process_(process), bases_(bases), matrices_(bases.size()), whole_(bases.size()) {
  for (std::size_t k = 0; k < bases.size(); ++k) {
    axes_.emplace_back(process, bases, k);
    depends_on_time_ = depends_on_time_ || axes_.back().depends_on_time();
  }
}

/// Saved times at equal distances differ by rounding errors, which a static propagator need not see.
bool HermiteExponential::is_prepared(const Step& step) const {
  if (!prepared_) return false;
  if (depends_on_time_) return prepared_->start == step.start && prepared_->stop == step.stop;
  const double rounding =
      4 * std::numeric_limits<double>::epsilon() * std::max(std::abs(step.start), std::abs(step.stop));
  return std::abs(prepared_->length() - step.length()) <= rounding;
}

void HermiteExponential::prepare(const Step& step) {
  if (is_prepared(step)) return;
  for (std::size_t k = 0; k < axes_.size(); ++k) matrices_[k] = propagator(axes_[k], step);
  prepared_ = step;
  whole_is_prepared_ = false;
}

void HermiteExponential::prepare_whole() {
  if (whole_is_prepared_) return;
  for (std::size_t k = 0; k < axes_.size(); ++k)
    whole_[k] = axes_[k].depends_on_time() ? commutator_free(axes_[k], prepared_->start, prepared_->stop)
                                           : matrices_[k];
  whole_is_prepared_ = true;
}

double HermiteExponential::advance(std::span<double> coefficients, const Step& step, Direction direction,
                                   bool with_error) {
  prepare(step);
  const auto acted = [&](const std::vector<Eigen::MatrixXd>& matrices) {
    return direction == Direction::forward ? act_transposed_along_all(matrices, coefficients)
                                           : act_along_all(matrices, coefficients);
  };
  const bool compares = with_error && depends_on_time_;
  if (compares) prepare_whole();
  const std::vector<double> whole = compares ? acted(whole_) : std::vector<double>();
  const std::vector<double> result = acted(matrices_);
  std::copy(result.begin(), result.end(), coefficients.begin());
  return compares ? relative_difference(coefficients, whole) / 15 : 0;
}

void HermiteExponential::compare_quadratures(double t) {
  if (compared_ && (!depends_on_time_ || *compared_ == t)) return;
  mistake_.clear();
  for (std::size_t k = 0; k < axes_.size(); ++k)
    mistake_.push_back(HermiteAxisGenerator(process_, bases_, k, 2).matrix(t) - axes_[k].matrix(t));
  compared_ = t;
}

double HermiteExponential::misprojection(std::span<const double> coefficients, double t, bool of_value) {
  compare_quadratures(t);
  std::vector<std::size_t> modes;
  for (const HermiteBasis& basis : bases_) modes.push_back(basis.modes);
  std::vector<double> wrong(coefficients.size());
  double sum = 0;
  for (std::size_t k = 0; k < axes_.size(); ++k) {
    const Eigen::MatrixXd matrix = of_value ? mistake_[k] : mistake_[k].transpose();
    act_along(matrix, modes, k, coefficients, wrong);
    sum += norm_of_coefficients(wrong);
  }
  return sum;
}

std::size_t HermiteExponential::memory() const {
  std::size_t bytes = 0;
  for (const Eigen::MatrixXd& m : matrices_) bytes += 9 * static_cast<std::size_t>(m.size()) * sizeof(double);
  return bytes;
}

}  // namespace umkehr
