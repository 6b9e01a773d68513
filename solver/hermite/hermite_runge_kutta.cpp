// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/hermite/hermite_runge_kutta.hpp"

#include "solver/hermite/hermite_norm.hpp"

namespace umkehr {

double HermiteRungeKutta::advance(std::span<double> coefficients, const Step& step, Direction direction,
                                  bool with_error) {
  const std::span<double> error = with_error ? std::span(error_) : std::span<double>();
  if (direction == Direction::forward)
    scheme_.forward(coefficients, step.start, step.stop, error);
  else
    scheme_.backward(coefficients, step.start, step.stop, error);
  const double size = with_error ? norm_of_coefficients(coefficients) : 0;
  return size > 0 ? norm_of_coefficients(error) / size : 0;
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

}  // namespace umkehr
