// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/bridge/gaussian_bridge.hpp"

#include <algorithm>
#include <boost/math/quadrature/tanh_sinh.hpp>
#include <cmath>
#include <optional>
#include <sstream>

#include "grids/dense/dense_matrix.hpp"
#include "grids/failure.hpp"
#include "solver/law/whitened.hpp"

namespace umkehr {
namespace {

using Matrix = Eigen::MatrixXd;
using Vector = Eigen::VectorXd;
using Eigen::Index;

Matrix symmetric(const Matrix& a) {
  return 0.5 * (a + a.transpose());
}

/// A B A^T
Matrix congruence(const Matrix& a, const Matrix& b) {
  return symmetric(product(a, b, a.transpose()));
}

/// E, e, and of J the parts of x and of (x, 1).
Matrix map(const GaussianTransport& g) {
  return g.transition.topLeftCorner(g.noise.rows(), g.noise.rows());
}
Vector shift(const GaussianTransport& g) {
  return g.transition.topRightCorner(g.noise.rows(), 1);
}
Matrix information(const GaussianTransport& g) {
  return g.information.topLeftCorner(g.noise.rows(), g.noise.rows());
}
Vector information_slope(const GaussianTransport& g) {
  return g.information.topRightCorner(g.noise.rows(), 1);
}

/// ln of the probability to survive from x, about a point.
Quadratic log_survival(const GaussianTransport& g, const Vector& x) {
  Vector homogeneous(x.size() + 1);
  homogeneous << x, 1;
  const double value = -g.cost - 0.5 * homogeneous.dot((g.information * homogeneous).eval());
  return {x, value, -(information(g) * x) - information_slope(g), information(g)};
}

/// A square root of a covariance that may be singular.
Matrix root_of(const Matrix& covariance) {
  if (const std::optional<Matrix> factor = cholesky_factor(covariance)) return *factor;
  const SymmetricEigen eigen = symmetric_eigen(covariance);
  return eigen.vectors * eigen.values.cwiseMax(0).cwiseSqrt().asDiagonal();
}

Matrix root_or_throw(const Matrix& covariance, const char* what) {
  if (std::optional<Matrix> factor = cholesky_factor(covariance)) return std::move(*factor);
  throw UnfitProblem(what);
}

/// (1/4 + N)^(1/2) - H for symmetric positive N and H, given 1/4 + N - H^2: X solves (..)^(1/2) X + X H = 1/4 + N - H^2.
Matrix difference_of_roots(const SymmetricEigen& n, const Matrix& h, const Matrix& difference_of_squares) {
  const SymmetricEigen eigen = symmetric_eigen(h);
  Matrix x = product(n.vectors.transpose(), difference_of_squares, eigen.vectors);
  for (Index i = 0; i < x.rows(); ++i)
    for (Index j = 0; j < x.cols(); ++j)
      x(i, j) /= std::sqrt(0.25 + std::max(n.values[i], 0.0)) + eigen.values[j];
  return symmetric(product(n.vectors, x, eigen.vectors.transpose()));
}

}  // namespace

GaussianBridge::GaussianBridge(AffineProcess process, const Gaussian& initial, const Gaussian& final,
                               double start, double stop)
    : process_(std::move(process)), initial_(initial), final_(final), start_(start), stop_(stop) {
  const auto d = static_cast<Index>(process_.dimension());
  if (initial.mean.size() != d || final.mean.size() != d)
    throw UnfitProblem("the ends of a bridge and its process differ in dimension");
  if (!(start < stop)) throw UnfitProblem("a bridge takes time: stop must exceed start");
  initial_.weight = final_.weight = 1;
  kernel_ = process_.transport(start, stop);
  solve_ends();
  log_chi_final_.value = -unnormalised_log_chi(start_).mean(initial_);
}

void GaussianBridge::solve_ends() {
  const Index d = initial_.mean.size();
  const Matrix identity = Matrix::Identity(d, d);
  const Matrix noise = root_or_throw(
      kernel_.noise, "the process has no transition density between the ends: some direction gets no noise");
  const Matrix root_final = root_or_throw(
      final_.covariance, "the final law of a bridge must have a density: its covariance is singular");
  root_initial_ = root_of(initial_.covariance);
  // In units of the kernel's noise: where the ends spread to, and M = ahead^T there.
  const Matrix whiten = invert_lower(noise);
  const Matrix ahead = product(whiten, map(kernel_), root_initial_), there = product(whiten, root_final);
  const Matrix cross = product(ahead.transpose(), there);
  const SymmetricEigen n = symmetric_eigen(product(cross.transpose(), cross));
  const Vector roots = (n.values.cwiseMax(0).array() + 0.25).sqrt();
  const Matrix g =
      product(n.vectors * (roots.array() + 0.5).inverse().matrix().asDiagonal(), n.vectors.transpose());
  response_ = product(root_final, g, cross.transpose());
  remainder_ = congruence(root_final, g);
  // Q = R_f^-T (1/2 + (1/4 + M^T M)^(1/2) - H) R_f^-1 with H = R_f^T G^-1 R_f.
  const Matrix growth = congruence(map(kernel_), initial_.covariance) - final_.covariance;
  const Matrix squares = 0.25 * identity + congruence(there.transpose(), congruence(whiten, growth));
  const Matrix excess = 0.5 * identity + difference_of_roots(n, product(there.transpose(), there), squares);
  const Vector way = product(whiten, final_.mean - map(kernel_) * initial_.mean - shift(kernel_));
  log_chi_final_ = {final_.mean, 0, product(whiten.transpose(), way),
                    congruence(invert_lower(root_final).transpose(), excess)};
  // H* against the kernel of what survives: a shift of the mean, a change of the covariance, a change of the slope.
  const SymmetricEigen q = symmetric_eigen(congruence(noise.transpose(), log_chi_final_.curvature));
  const Matrix turned = product(q.vectors.transpose(), ahead);
  divergence_ = 0.5 * way.squaredNorm() - log_survival(kernel_, initial_.mean).mean(initial_);
  for (Index k = 0; k < d; ++k) {
    const double share = q.values[k] / (1 + q.values[k]);
    divergence_ += 0.5 * (std::log1p(q.values[k]) - share + share * share * turned.row(k).squaredNorm());
  }
}

GaussianTransport GaussianBridge::between(double from, double to) const {
  return process_.transport(from, to);
}

Gaussian GaussianBridge::ends() const {
  const Index d = initial_.mean.size();
  Gaussian both{1, Vector(2 * d), Matrix(2 * d, 2 * d)};
  const Matrix cross = product(root_initial_, response_.transpose());
  both.mean << initial_.mean, final_.mean;
  both.covariance << initial_.covariance, cross, cross.transpose(), final_.covariance;
  return both;
}

Gaussian GaussianBridge::density(double t) const {
  if (t == start_) return initial_;
  if (t == stop_) return final_;
  const GaussianTransport before = between(start_, t), after = between(t, stop_);
  const Index d = initial_.mean.size();
  const Matrix identity = Matrix::Identity(d, d);
  // x(t) given x_i as far as survival to the end allows, then given x_f too: Kalman's update in Joseph's form.
  const Matrix survive = solve(identity + product(before.noise, information(after)), identity);
  const Matrix spread = symmetric(product(survive, before.noise));
  const Vector centre =
      survive * (map(before) * initial_.mean + shift(before) - before.noise * information_slope(after));
  const Matrix out = map(after), innovation = after.noise + congruence(out, spread);
  const Matrix gain = solve(innovation, product(out, spread)).transpose();
  const Matrix kept = identity - product(gain, out);
  const Matrix along = product(kept, product(survive, map(before), root_initial_)) + product(gain, response_);
  const Vector mean = kept * centre + gain * (final_.mean - shift(after));
  const Matrix covariance =
      congruence(kept, spread) + congruence(gain, after.noise + remainder_) + congruence(along, identity);
  return {1, mean, covariance};
}

Quadratic GaussianBridge::unnormalised_log_chi(double t) const {
  if (t == stop_) return log_chi_final_;
  const GaussianTransport after = between(t, stop_);
  const Index d = initial_.mean.size();
  const Vector x = density(t).mean;
  // int N(y; E x + e, G) chi_f(y) dy
  const Quadratic end = log_chi_final_.about(map(after) * x + shift(after));
  const Inverse widen = invert(Matrix::Identity(d, d) + product(end.curvature, after.noise));
  const Vector gradient = widen.matrix * end.gradient;
  const Quadratic survival = log_survival(after, x);
  return {x,
          end.value - 0.5 * widen.log_abs_determinant +
              0.5 * end.gradient.dot((after.noise * gradient).eval()) + survival.value,
          map(after).transpose() * gradient + survival.gradient,
          congruence(map(after).transpose(), symmetric(product(widen.matrix, end.curvature))) +
              survival.curvature};
}

Quadratic GaussianBridge::log_chi(double t) const {
  return unnormalised_log_chi(t);
}

Quadratic GaussianBridge::log_chi_hat(double t) const {
  const Quadratic density_part = log_normal(density(t)), chi = log_chi(t).about(density_part.centre);
  return {chi.centre, density_part.value - chi.value, -chi.gradient, density_part.curvature - chi.curvature};
}

AffineControl GaussianBridge::control(double t) const {
  const Quadratic chi = log_chi(t);
  const Vector noise = process_.diffusion(t);
  return {noise.cwiseProduct(chi.gradient + chi.curvature * chi.centre),
          -(noise.asDiagonal() * chi.curvature)};
}

double GaussianBridge::running_cost(double t) const {
  const Gaussian law = density(t);
  const Quadratic chi = log_chi(t);
  const Matrix spread = congruence(chi.curvature, law.covariance);
  const Matrix curvature = process_.killing_curvature(t);
  const Vector slope = chi.slope(law.mean);
  double cost = process_.killing_rate(t) + process_.killing_slope(t).dot(law.mean) +
                0.5 * law.mean.dot((curvature * law.mean).eval()) +
                0.5 * curvature.cwiseProduct(law.covariance).sum();
  const Vector noise = process_.diffusion(t);
  for (Index k = 0; k < slope.size(); ++k) cost += 0.5 * noise[k] * (slope[k] * slope[k] + spread(k, k));
  return cost;
}

double GaussianBridge::action() const {
  // Strong noise acts in a layer of thickness S_f/D before the end, so the nodes crowd there.
  boost::math::quadrature::tanh_sinh<double> rule(8);
  return rule.integrate([this](double t) { return running_cost(t); }, start_, stop_, 1e-11);
}

}  // namespace umkehr
