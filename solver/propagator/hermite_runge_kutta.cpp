// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/propagator/hermite_runge_kutta.hpp"

#include <Eigen/Core>

namespace umkehr {
namespace {

double norm_of_coefficients(std::span<const double> values) {
  return Eigen::Map<const Eigen::VectorXd>(values.data(), static_cast<Eigen::Index>(values.size())).norm();
}

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

double HermiteRungeKutta::backward_with_error(std::span<double> coefficients, const Step& step) {
  scheme_.backward(coefficients, step.start, step.stop, error_);
  return relative(error_, coefficients);
}

}  // namespace umkehr
