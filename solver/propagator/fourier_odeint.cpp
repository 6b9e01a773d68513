// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/propagator/fourier_odeint.hpp"

#include <algorithm>
#include <boost/numeric/odeint/integrate/integrate_adaptive.hpp>
#include <boost/numeric/odeint/stepper/controlled_runge_kutta.hpp>
#include <boost/numeric/odeint/stepper/generation.hpp>
#include <boost/numeric/odeint/stepper/runge_kutta_fehlberg78.hpp>
#include <cmath>

#include "solver/propagator/march.hpp"

namespace umkehr {
namespace odeint = boost::numeric::odeint;

FourierOdeint::FourierOdeint(const Process& process, const Grid& grid, double tolerance)
    : Fourier(process, grid), tolerance_(tolerance) {}

void FourierOdeint::integrate(std::span<double> state, const Step& step, bool adjoint) {
  using State = std::vector<double>;
  State y(state.begin(), state.end());
  const auto system = [&](const State& in, State& out, double elapsed) {
    generator().apply_all(adjoint ? step.stop - elapsed : step.start + elapsed, in, out, adjoint);
  };
  double largest = 0;
  for (const double value : y) largest = std::max(largest, std::abs(value));
  const auto stepper =
      odeint::make_controlled<odeint::runge_kutta_fehlberg78<State>>(tolerance_ * largest, 0.0);
  try {
    odeint::integrate_adaptive(stepper, system, y, 0.0, step.length(), 0.1 * step.length());
  } catch (const odeint::odeint_error& error) {
    throw StepFailure(error.what());
  }
  std::copy(y.begin(), y.end(), state.begin());
}

void FourierOdeint::forward(std::span<double> state, const Step& step) {
  integrate(state, step, false);
}

void FourierOdeint::backward(std::span<double> state, const Step& step) {
  integrate(state, step, true);
}

double FourierOdeint::forward_with_error(std::span<double> state, const Step& step) {
  integrate(state, step, false);
  return 0;
}

double FourierOdeint::backward_with_error(std::span<double> state, const Step& step) {
  integrate(state, step, true);
  return 0;
}

}  // namespace umkehr
