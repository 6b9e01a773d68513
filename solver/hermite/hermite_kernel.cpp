// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/hermite/hermite_kernel.hpp"

#include <algorithm>
#include <boost/numeric/odeint/stepper/bulirsch_stoer.hpp>
#include <cmath>
#include <functional>
#include <vector>

#include "grids/failure.hpp"
#include "grids/finite.hpp"
#include "solver/stepping/march.hpp"

namespace umkehr {
namespace {

using Matrix = Eigen::MatrixXd;
using Vector = Eigen::VectorXd;
using Flat = std::vector<double>;

/// Entry by entry: all are of a grid's dimension.
template <class A, class B>
auto times(const A& a, const B& b) {
  return a.lazyProduct(b).eval();
}

/// Views of the ingredients in one array, as an integrator wants them.
template <class Scalar>
struct Ingredients {
  Ingredients(Scalar* at, Eigen::Index d)
      : covariance(at, d, d),
        carry(at + d * d, d, d),
        curvature(at + 2 * d * d, d, d),
        shift(at + 3 * d * d, d),
        tilt(at + 3 * d * d + d, d),
        log_weight(at[3 * d * d + 2 * d]) {}
  static std::size_t size(Eigen::Index d) { return static_cast<std::size_t>(3 * d * d + 2 * d + 1); }

  template <class Plain>
  using View = Eigen::Map<std::conditional_t<std::is_const_v<Scalar>, const Plain, Plain>>;
  View<Matrix> covariance, carry, curvature;
  View<Vector> shift, tilt;
  Scalar& log_weight;
};

/// The right-hand sides of the header, in scaled coordinates.
class Flow {
 public:
  Flow(const AffineProcess& process, std::span<const HermiteBasis> bases)
      : process_(process), centre_(bases.size()), scale_(bases.size()) {
    for (std::size_t k = 0; k < bases.size(); ++k) {
      centre_[static_cast<Eigen::Index>(k)] = bases[k].centre;
      scale_[static_cast<Eigen::Index>(k)] = bases[k].scale;
    }
  }

  void operator()(const Flat& state, Flat& rate, double t) const {
    const Eigen::Index d = scale_.size();
    const Ingredients<const double> now(state.data(), d);
    Ingredients<double> change(rate.data(), d);
    const Matrix slope = process_.slope(t);
    const Matrix a = scale_.cwiseInverse().asDiagonal() * slope * scale_.asDiagonal();
    const Vector f = (times(slope, centre_) + process_.offset(t)).cwiseQuotient(scale_);
    change.covariance = times(a, now.covariance) + times(now.covariance, a.transpose());
    change.covariance.diagonal() += process_.diffusion(t).cwiseQuotient(scale_.cwiseAbs2());
    change.carry = times(a, now.carry);
    change.shift = times(a, now.shift) + f;
    change.curvature.setZero();
    change.tilt.setZero();
    change.log_weight = 0;
    if (process_.is_killed()) add_killing(now, change, t);
  }

 private:
  void add_killing(const Ingredients<const double>& now, Ingredients<double>& change, double t) const {
    const Matrix curvature = process_.killing_curvature(t);
    const Vector slope = process_.killing_slope(t);
    const Matrix quadratic = scale_.asDiagonal() * curvature * scale_.asDiagonal();
    const Vector linear = scale_.cwiseProduct(times(curvature, centre_) + slope);
    const double rate =
        0.5 * centre_.dot(times(curvature, centre_)) + slope.dot(centre_) + process_.killing_rate(t);
    const Vector gradient = times(quadratic, now.shift) + linear;
    const Matrix gain = times(now.covariance, quadratic);
    change.covariance -= times(gain, now.covariance);
    change.carry -= times(gain, now.carry);
    change.shift -= times(now.covariance, gradient);
    change.curvature -= times(now.carry.transpose(), times(quadratic, now.carry));
    change.tilt -= times(now.carry.transpose(), gradient);
    change.log_weight -= 0.5 * gain.trace() + 0.5 * now.shift.dot(gradient + linear) + rate;
  }

  const AffineProcess& process_;
  Vector centre_, scale_;
};

/// Bulirsch & Stoer, close to rounding. (Runge-Kutta-Fehlberg 7(8) would see no error in a pure quadrature.)
void integrate(const Flow& flow, Flat& state, double start, double stop) {
  namespace ode = boost::numeric::odeint;
  ode::bulirsch_stoer<Flat> stepper(1e-15, 2e-14);
  double t = start, step = (stop - start) / 8;
  for (int attempts = 0; t < stop; ++attempts) {
    if (attempts == 20000 || !all_finite(state))
      throw NumericalFailure(
          "the law of this affine process ceases to exist, or its coefficients vary too fast");
    const bool last = step >= stop - t;
    if (last) step = stop - t;
    if (stepper.try_step(std::cref(flow), state, t, step) == ode::success && last) t = stop;
  }
}

}  // namespace

HermiteKernel HermiteKernel::of(const AffineProcess& process, std::span<const HermiteBasis> bases,
                                double start, double stop) {
  const Eigen::Index d = static_cast<Eigen::Index>(bases.size());
  Flat state(Ingredients<double>::size(d));
  Ingredients<double> now(state.data(), d);
  now.covariance.setIdentity();
  now.carry.setIdentity();
  integrate(Flow(process, bases), state, start, stop);
  return {
      now.covariance - Matrix::Identity(d, d), now.carry, now.curvature, now.shift, now.tilt, now.log_weight};
}

HermiteKernel HermiteKernel::rebased(std::span<const HermiteBasis> from,
                                     std::span<const HermiteBasis> to) const {
  HermiteKernel result = *this;
  result.spread += Matrix::Identity(spread.rows(), spread.cols());
  for (std::size_t k = 0; k < from.size(); ++k) {
    const Eigen::Index at = static_cast<Eigen::Index>(k);
    const double ratio = from[k].scale / to[k].scale;
    result.spread.row(at) *= ratio;
    result.spread.col(at) *= ratio;
    result.carry.row(at) *= ratio;
    result.shift[at] = to[k].scaled(from[k].centre + from[k].scale * shift[at]);
  }
  result.spread -= Matrix::Identity(spread.rows(), spread.cols());
  return result;
}

bool HermiteKernel::is_diagonal() const {
  const auto diagonal = [](const Matrix& m) { return Matrix(m.diagonal().asDiagonal()) == m; };
  return diagonal(spread) && diagonal(carry) && diagonal(curvature);
}

Eigen::MatrixXd kernel_matrix(const HermiteKernel& kernel, std::size_t axis, std::size_t modes) {
  const Eigen::Index k = static_cast<Eigen::Index>(axis), count = static_cast<Eigen::Index>(modes);
  const double spread = kernel.spread(k, k), carry = kernel.carry(k, k), curvature = kernel.curvature(k, k);
  const Eigen::VectorXd root =
      Eigen::VectorXd::LinSpaced(count + 1, 0, static_cast<double>(modes)).cwiseSqrt();
  Eigen::MatrixXd t = Eigen::MatrixXd::Zero(count, count);  // transposed: column m holds the row T_m
  t(0, 0) = 1;
  for (Eigen::Index n = 0; n + 1 < count; ++n)
    t(n + 1, 0) =
        (kernel.tilt[k] * t(n, 0) + (n > 0 ? curvature * root[n] * t(n - 1, 0) : 0.0)) / root[n + 1];
  for (Eigen::Index m = 0; m + 1 < count; ++m) {
    t.col(m + 1) = kernel.shift[k] * t.col(m);
    if (m > 0) t.col(m + 1) += spread * root[m] * t.col(m - 1);
    t.col(m + 1).tail(count - 1) += carry * root.segment(1, count - 1).cwiseProduct(t.col(m).head(count - 1));
    t.col(m + 1) /= root[m + 1];
  }
  return t.transpose();
}

}  // namespace umkehr
