// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/hjb/hjb_spectral.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "grids/tensor_product.hpp"

namespace umkehr {
SpectralHjb::SpectralHjb(const HjbProblem& problem, const SpectralNodes& nodes)
    : extents_(nodes.counts), resolution_(nodes.resolution), problem_(problem) {
  const std::size_t d = problem.grid.dimension();
  std::size_t size = 1;
  for (std::size_t k = 0; k < d; ++k) {
    axes_.emplace_back(nodes.axes[k], extents_[k], problem.grid.axis(k).centres());
    size *= extents_[k];
  }
  Points points(d, size);
  for (std::size_t k = 0, stride = size; k < d; ++k) {
    stride /= extents_[k];
    for (std::size_t i = 0; i < size; ++i) points[k][i] = axes_[k].nodes[i / stride % extents_[k]];
  }
  points_ = std::make_shared<const Points>(std::move(points));
  for (std::size_t k = 0; k < d; ++k) drift_.emplace_back(problem.process.drift[k], points_);
  killing_.emplace(problem.process.killing, points_);
}

SpectralHjb::Field SpectralHjb::terminal() const {
  Field lambda(size());
  problem_.terminal(*points_, problem_.stop, lambda);
  return lambda;
}

void SpectralHjb::check_resolution(std::span<const double> lambda, double s) {
  const double least = *std::min_element(lambda.begin(), lambda.end());
  for (std::size_t k = 0; k < dimension(); ++k) {
    Field rough;
    act(axes_[k].roughest, k, lambda, rough);
    double largest = 0;
    for (std::size_t i = 0; i < lambda.size(); ++i)
      largest = std::max(largest, std::abs(rough[i]) / (1 + lambda[i] - least));
    roughness_ = std::max(roughness_, largest);
    if (largest <= resolution_) continue;
    char text[160];
    std::snprintf(text, sizeof text, "axis %s: %zu spectral nodes resolve lambda at t = %.6g to %.1e only",
                  problem_.grid.axis(k).name.c_str(), extents_[k], s, largest);
    throw Unresolved(text);
  }
}

void SpectralHjb::act(const Eigen::MatrixXd& matrix, std::size_t k, std::span<const double> in,
                      Field& out) const {
  out.resize(in.size());
  act_along(matrix, extents_, k, in, out);
}

void SpectralHjb::fields(std::span<const double> lambda, double s, std::span<double> value,
                         const std::vector<std::span<double>>& control) {
  const auto interpolate = [&](std::size_t derived) {
    std::vector<Eigen::MatrixXd> matrices;
    for (std::size_t k = 0; k < dimension(); ++k)
      matrices.push_back(k == derived ? axes_[k].gradient_at_centres : axes_[k].to_centres);
    return act_along_all(matrices, lambda);
  };
  const Field at_centres = interpolate(dimension());
  std::copy(at_centres.begin(), at_centres.end(), value.begin());
  for (std::size_t k = 0; k < dimension(); ++k) {
    const Field gradient = interpolate(k);
    const double minus = -diffusion(k, s);
    std::transform(gradient.begin(), gradient.end(), control[k].begin(), [&](double p) { return minus * p; });
  }
}

void SpectralHjb::take_gauge(const Field& lambda) {
  gauge_.emplace();
  gauge_->gradient.resize(dimension());
  gauge_->curvature.resize(dimension());
  for (std::size_t k = 0; k < dimension(); ++k) {
    act(axes_[k].gradient, k, lambda, gauge_->gradient[k]);
    act(axes_[k].curvature, k, lambda, gauge_->curvature[k]);
  }
}

void SpectralHjb::slope(double s, const Field& y, Field& out) {
  const std::span<const double> killing = killing_->at(s);
  out.assign(y.size(), 0.0);
  const bool is_killed = !killing_->is_zero();
  for (std::size_t i = 0; is_killed && i < y.size(); ++i) out[i] = gauge_ ? -killing[i] * y[i] : killing[i];
  Field p;
  for (std::size_t k = 0; k < dimension(); ++k) {
    act(axes_[k].gradient, k, y, p);
    const std::span<const double> b = drift_[k].at(s);
    const bool drifts = !drift_[k].is_zero();
    const double noise = diffusion(k, s);
    for (std::size_t i = 0; i < y.size(); ++i) {
      const double drift = drifts ? b[i] : 0;
      if (!gauge_) {
        out[i] += (drift - 0.5 * noise * p[i]) * p[i];
        continue;
      }
      const double g = gauge_->gradient[k][i];
      out[i] += (drift - noise * g) * p[i] -
                ((drift - 0.5 * noise * g) * g + 0.5 * noise * gauge_->curvature[k][i]) * y[i];
    }
  }
}

void SpectralHjb::add_diffusion(double s, const Field& y, Field& out) {
  Field curvature;
  for (std::size_t k = 0; k < dimension(); ++k) {
    act(axes_[k].curvature, k, y, curvature);
    const double half = 0.5 * diffusion(k, s);
    for (std::size_t i = 0; i < y.size(); ++i) out[i] += half * curvature[i];
  }
}

Eigen::MatrixXd SpectralHjb::jacobian(double s, const Field& y) {
  const double noise = diffusion(0, s);
  const std::span<const double> b = drift_[0].at(s), killing = killing_->at(s);
  const bool drifts = !drift_[0].is_zero(), is_killed = !killing_->is_zero();
  Field p;
  if (!gauge_) act(axes_[0].gradient, 0, y, p);
  Eigen::MatrixXd out = 0.5 * noise * axes_[0].curvature;
  for (std::size_t i = 0; i < y.size(); ++i) {
    const auto row = static_cast<Eigen::Index>(i);
    const double drift = drifts ? b[i] : 0, g = gauge_ ? gauge_->gradient[0][i] : p[i];
    out.row(row) += (drift - noise * g) * axes_[0].gradient.row(row);
    if (gauge_)
      out(row, row) -= (is_killed ? killing[i] : 0) + (drift - 0.5 * noise * g) * g +
                       0.5 * noise * gauge_->curvature[0][i];
  }
  return out;
}

}  // namespace umkehr
