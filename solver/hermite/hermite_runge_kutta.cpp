// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/hermite/hermite_runge_kutta.hpp"

#include "solver/hermite/hermite_norm.hpp"

namespace umkehr {
namespace {

double relative(std::span<const double> error, std::span<const double> coefficients) {
  const double size = norm_of_coefficients(coefficients);
  return size > 0 ? norm_of_coefficients(error) / size : 0;
}

}  // namespace

void HermiteRungeKutta::forward(std::span<double> coefficients, const Step& step) {
  scheme_.forward(coefficients, step.start, step.stop);
}

void HermiteRungeKutta::backward(std::span<double> coefficients, const Step& step) {
  scheme_.backward(coefficients, step.start, step.stop);
}

double HermiteRungeKutta::forward_with_error(std::span<double> coefficients, const Step& step) {
  scheme_.forward(coefficients, step.start, step.stop, error_);
  return relative(error_, coefficients);
}

double HermiteRungeKutta::misprojection(std::span<const double> coefficients, double t, bool of_value) {
  if (!finer_) finer_.emplace(process_, bases_, 2);
  const std::size_t size = coefficients.size();
  std::vector<double> rate(size), finer(size);
  const auto apply = [&](HermiteGenerator& generator, std::vector<double>& out) {
    of_value ? generator.apply(t, coefficients, out) : generator.apply_adjoint(t, coefficients, out);
  };
  apply(system_.generator, rate);
  apply(*finer_, finer);
  for (std::size_t n = 0; n < size; ++n) finer[n] -= rate[n];
  return norm_of_coefficients(finer);
}

double HermiteRungeKutta::backward_with_error(std::span<double> coefficients, const Step& step) {
  scheme_.backward(coefficients, step.start, step.stop, error_);
  return relative(error_, coefficients);
}

}  // namespace umkehr
