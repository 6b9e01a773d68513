// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/particles/schemes/flow_scheme.hpp"

#include <boost/numeric/odeint/algebra/vector_space_algebra.hpp>
#include <boost/numeric/odeint/stepper/controlled_runge_kutta.hpp>
#include <boost/numeric/odeint/stepper/generation/generation_controlled_runge_kutta.hpp>
#include <boost/numeric/odeint/stepper/generation/generation_runge_kutta_dopri5.hpp>
#include <boost/numeric/odeint/stepper/runge_kutta_dopri5.hpp>
#include <sstream>

#include "grids/dense/eigen.hpp"
#include "grids/failure.hpp"
#include "solver/stepping/march.hpp"

namespace boost::numeric::odeint {
template <>
struct vector_space_norm_inf<Eigen::ArrayXd> {
  using result_type = double;
  double operator()(const Eigen::ArrayXd& x) const { return x.abs().maxCoeff(); }
};
template <>
struct is_resizeable<Eigen::ArrayXd> : boost::true_type {};
}  // namespace boost::numeric::odeint

namespace umkehr {
namespace {

namespace odeint = boost::numeric::odeint;
using State = Eigen::ArrayXd;
using Stepper = odeint::runge_kutta_dopri5<State, double, State, double, odeint::vector_space_algebra>;

constexpr double shortest = 1e-12;  // of the way

[[noreturn]] void give_up(double t) {
  std::ostringstream text;
  text << "the probability flow cannot be followed at t = " << t
       << " of its clock: its steps become too short; stop before the data end, where the score diverges";
  throw NumericalFailure(text.str());
}

}  // namespace

Motion flow_motion(const Process& process, std::shared_ptr<const Score> score, const ReversedClock& clock) {
  const auto drift = [process, score = std::move(score), clock](const Points& x, double r, Components& out) {
    const double t = clock(r);
    (*score)(x, t, out);
    std::vector<double> forward(x.count());
    for (std::size_t k = 0; k < out.size(); ++k) {
      process.drift[k](x, t, forward);
      const double half = process.diffusion[k](t) / 2;
      for (std::size_t i = 0; i < forward.size(); ++i) out[k][i] = half * out[k][i] - forward[i];
    }
  };
  return {process.dimension(), drift, [](double, std::span<double> out) { std::ranges::fill(out, 0.0); }};
}

void FlowScheme::step(const Motion& motion, double t, double h, std::size_t, const Increments&, Points& x,
                      StepSpace& space) const {
  const std::size_t d = motion.dimension, count = x.count();
  const auto size = static_cast<Eigen::Index>(count);
  State state(size * static_cast<Eigen::Index>(d));
  for (std::size_t k = 0; k < d; ++k) std::ranges::copy(x[k], &state[size * static_cast<Eigen::Index>(k)]);
  const auto rate = [&](const State& at, State& out, double r) {
    for (std::size_t k = 0; k < d; ++k)
      std::copy_n(&at[size * static_cast<Eigen::Index>(k)], count, space.between[k].begin());
    motion.drift(space.between, r, space.first);
    for (std::size_t k = 0; k < d; ++k)
      std::ranges::copy(space.first[k], &out[size * static_cast<Eigen::Index>(k)]);
  };
  auto stepper = odeint::make_controlled(tolerance_, tolerance_, Stepper());
  const double stop = t + h;
  double r = t, length = h / 16;
  while (r < stop) {
    length = std::min(length, stop - r);
    if (!(length > shortest * h)) {
      if (stop - r <= 2 * shortest * h) break;
      give_up(r);
    }
    const bool is_last = length == stop - r;
    if (stepper.try_step(rate, state, r, length) == odeint::success && is_last) break;
  }
  for (std::size_t k = 0; k < d; ++k)
    std::copy_n(&state[size * static_cast<Eigen::Index>(k)], count, x[k].begin());
}

}  // namespace umkehr
