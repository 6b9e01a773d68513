// SPDX-License-Identifier: GPL-3.0-or-later
// How laws become states of the path integral, and what is read from them.
#include <algorithm>
#include <cmath>
#include <numeric>
#include <sstream>

#include "grids/failure.hpp"
#include "grids/interpolation/lagrange.hpp"
#include "grids/interpolation/spline_projection.hpp"
#include "solver/law/circle.hpp"
#include "solver/path_integral/path_integral.hpp"
#include "solver/process/seam.hpp"

namespace umkehr {
namespace {

constexpr double narrowest_sampled = 2;  // cells: a Gaussian's samples then add up to its mass to 1e-34
constexpr double min_density = 1e-300;

}  // namespace

bool PathIntegral::is_narrow(const Gaussian& gaussian) const {
  const Eigen::MatrixXd& c = gaussian.covariance;
  bool narrow = false;
  for (Eigen::Index k = 0; k < c.rows(); ++k) {
    for (Eigen::Index l = 0; l < c.cols(); ++l)
      if (k != l && c(k, l) != 0) return false;
    narrow =
        narrow || std::sqrt(c(k, k)) < narrowest_sampled * grid_.axis(static_cast<std::size_t>(k)).spacing();
  }
  return narrow;
}

void PathIntegral::add_narrow(const Gaussian& gaussian, std::span<double> values) const {
  Points place(grid_.dimension(), 1);
  std::vector<double> variances;
  for (std::size_t k = 0; k < grid_.dimension(); ++k) {
    const double mean = gaussian.mean[static_cast<Eigen::Index>(k)];
    const Axis& axis = grid_.axis(k);
    if (axis.boundary != Boundary::periodic && !(mean > axis.from && mean < axis.to)) {
      std::ostringstream text;
      text << "the initial density has a mean at " << axis.name << " = " << mean
           << ", outside of the axis from " << axis.from << " to " << axis.to;
      throw UnfitProblem(text.str());
    }
    place[k][0] = mean;
    const auto i = static_cast<Eigen::Index>(k);
    variances.push_back(gaussian.covariance(i, i));
  }
  const std::vector<double> spread = spline_projection(grid_, place, {&gaussian.weight, 1}, variances);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] += spread[i];
}

std::vector<double> PathIntegral::sampled_state_of(const Law& law) const {
  if (std::holds_alternative<GaussianMixture>(law)) return state_of(law);
  std::vector<double> state(size());
  density_at(law, grid_, grid_.centres(), values(std::span(state)));
  return state;
}

std::vector<double> PathIntegral::state_of(const Law& law) const {
  std::vector<double> state(size());
  const std::span<double> p = values(std::span(state));
  const auto* mixture = std::get_if<GaussianMixture>(&law);
  if (mixture == nullptr && !has_pieces(law, grid_)) return sampled_state_of(law);
  if (mixture == nullptr) {
    const PointMasses masses = point_masses(law, grid_);
    std::ranges::copy(spline_projection(grid_, masses.places, masses.mass), p.begin());
    return state;
  }
  if (mixture->dimension() != grid_.dimension())
    throw UnfitProblem("the density and the grid differ in dimension");
  std::vector<Gaussian> wide;
  for (const Gaussian& gaussian : mixture->components())
    is_narrow(gaussian) ? add_narrow(gaussian, p) : wide.push_back(gaussian);
  if (wide.empty()) return state;
  std::vector<double> sampled(p.size());
  wrapped(GaussianMixture(std::move(wide)), grid_).density(grid_.centres(), sampled);
  for (std::size_t i = 0; i < p.size(); ++i) p[i] += sampled[i];
  return state;
}

void PathIntegral::density(std::span<const double> state, std::span<double> out) const {
  std::copy_n(state.begin(), grid_.size(), out.begin());
}

void PathIntegral::score(std::span<const double> state, std::size_t axis, std::span<double> out) const {
  const std::size_t n = grid_.axis(axis).points, stride = grid_.stride(axis);
  const bool periodic = grid_.axis(axis).boundary == Boundary::periodic;
  const std::size_t width = std::min<std::size_t>(n, 9);
  std::vector<double> logarithm(grid_.size());
  for (std::size_t i = 0; i < grid_.size(); ++i)
    logarithm[i] = std::log(std::max(std::abs(state[i]), min_density));
  for (std::size_t cell = 0; cell < grid_.size(); ++cell) {
    const std::size_t i = cell / stride % n;
    const double* line = logarithm.data() + (cell - i * stride);
    const std::size_t below = width / 2;
    const std::size_t first = periodic ? i + n - below : std::min(i - std::min(i, below), n - width);
    const std::span<const double> weight = lagrange_slopes(width, periodic ? below : i - first);
    double sum = 0;
    for (std::size_t j = 0; j < width; ++j) sum += weight[j] * line[(first + j) % n * stride];
    out[cell] = sum / grid_.axis(axis).spacing();
  }
}

double PathIntegral::mass(std::span<const double> state) const {
  const std::span<const double> p = values(state);
  return std::accumulate(p.begin(), p.end(), 0.0) * grid_.cell_volume();
}

double PathIntegral::lost(std::span<const double> state) const {
  return state[grid_.size()] + state[grid_.size() + 1];
}

double PathIntegral::pairing(std::span<const double> density_state,
                             std::span<const double> value_state) const {
  const std::span<const double> p = values(density_state);
  return std::inner_product(p.begin(), p.end(), value_state.begin(), 0.0) * grid_.cell_volume();
}

std::vector<double> PathIntegral::value_state_of(const Coefficient& terminal, double stop) const {
  std::vector<double> state(size());
  sample(terminal, grid_, stop, values(std::span(state)));
  for (const double value : state)
    if (!std::isfinite(value)) throw UnfitProblem("the terminal value is not finite on the grid");
  return state;
}

void PathIntegral::value(std::span<const double> state, std::span<double> out) const {
  std::copy_n(state.begin(), grid_.size(), out.begin());
}

}  // namespace umkehr
