// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/fourier/fourier_odeint.hpp"

#include <algorithm>
#include <boost/numeric/odeint/integrate/integrate_adaptive.hpp>
#include <boost/numeric/odeint/stepper/controlled_runge_kutta.hpp>
#include <boost/numeric/odeint/stepper/runge_kutta_fehlberg78.hpp>
#include <cmath>
#include <limits>

#include "grids/failure.hpp"
#include "solver/stepping/march.hpp"

namespace umkehr {
namespace odeint = boost::numeric::odeint;
namespace {

/// The largest error of a coefficient beside the largest coefficient: of what is left, not of what there was. What
/// was lost, at the end of a state, counts with neither.
class RelativeToState {
 public:
  using value_type = double;
  explicit RelativeToState(double tolerance) : tolerance_(tolerance) {}

  template <class Algebra, class State, class Slope, class Error, class Time>
  double error(Algebra&, const State& state, const Slope&, const Error& error, Time) const {
    return largest(error) / (tolerance_ * largest(state));
  }

 private:
  template <class State>
  static double largest(const State& state) {
    double most = std::numeric_limits<double>::min();
    for (std::size_t n = 0; n + 1 < state.size(); ++n) most = std::max(most, std::abs(state[n]));
    return most;
  }
  double tolerance_;
};

}  // namespace

FourierOdeint::FourierOdeint(const Process& process, const Grid& grid, double tolerance)
    : Fourier(process, grid), tolerance_(tolerance) {}

double FourierOdeint::advance(std::span<double> state, const Step& step, Direction direction, bool) {
  using State = std::vector<double>;
  State y(state.begin(), state.end());
  const bool adjoint = direction == Direction::backward;
  const auto system = [&](const State& in, State& out, double elapsed) {
    adjoint ? generator().apply(step.stop - elapsed, in, out)
            : generator().apply_adjoint(step.start + elapsed, in, out);
  };
  const odeint::controlled_runge_kutta<odeint::runge_kutta_fehlberg78<State>, RelativeToState> stepper{
      RelativeToState(tolerance_)};
  try {
    odeint::integrate_adaptive(stepper, system, y, 0.0, step.length(), 0.1 * step.length());
  } catch (const odeint::odeint_error& error) {
    throw NumericalFailure(error.what());
  }
  std::copy(y.begin(), y.end(), state.begin());
  return 0;
}

}  // namespace umkehr
