// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/law/circle.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "grids/failure.hpp"

namespace umkehr {
namespace {

constexpr double farthest =
    9;  // standard deviations beyond the nearest image, where exp(-z^2/2) is below rounding
constexpr double uniform =
    2.5;  // standard deviation over L: the first mode is then exp(-2 pi^2 6) = 1e-54 of the mean
constexpr std::size_t max_images = 100000;

bool is_circle(const Axis& axis) {
  return axis.boundary == Boundary::periodic;
}

double within(const Axis& axis, double x) {
  const double inside = x - axis.length() * std::floor((x - axis.from) / axis.length());
  return inside < axis.to ? inside : axis.from;
}

bool is_apart(const Eigen::MatrixXd& covariance, Eigen::Index k) {
  for (Eigen::Index l = 0; l < covariance.cols(); ++l)
    if (l != k && covariance(k, l) != 0) return false;
  return true;
}

/// Every one of `components` with its images along axis k.
std::vector<Gaussian> images_along(const Axis& axis, std::size_t k, const std::vector<Gaussian>& components) {
  std::vector<Gaussian> all;
  const auto row = static_cast<Eigen::Index>(k);
  for (Gaussian gaussian : components) {
    const double length = axis.length();
    double& variance = gaussian.covariance(row, row);
    // What is uniform already need not widen further.
    if (is_apart(gaussian.covariance, row)) variance = std::min(variance, std::pow(uniform * length, 2));
    const double turns = variance > 0 ? std::ceil(farthest * std::sqrt(variance) / length) + 1 : 0;
    const double centre = within(axis, gaussian.mean[row]);
    if (static_cast<double>(all.size()) + 2 * turns > static_cast<double>(max_images))
      throw UnfitProblem("a law turns too often around the axis " + axis.name +
                         " to be wrapped; let fewer axes be coupled, or take an earlier time");
    for (double n = -turns; n <= turns; ++n) {
      gaussian.mean[row] = centre + n * length;
      all.push_back(gaussian);
    }
  }
  return all;
}

}  // namespace

bool has_circle(const Grid& grid) {
  return std::any_of(grid.axes().begin(), grid.axes().end(), is_circle);
}

bool depends_on_angle(const Process& process, const Grid& grid) {
  for (std::size_t k = 0; k < grid.dimension(); ++k) {
    if (!is_circle(grid.axis(k))) continue;
    const auto knows = [k](const Coefficient& function) { return function.depends_on_axis(k); };
    if (knows(process.killing) || std::any_of(process.drift.begin(), process.drift.end(), knows)) return true;
  }
  return false;
}

GaussianMixture wrapped(const GaussianMixture& law, const Grid& grid) {
  if (!has_circle(grid) || law.dimension() != grid.dimension()) return law;
  std::vector<Gaussian> components = law.components();
  for (std::size_t k = 0; k < grid.dimension(); ++k)
    if (is_circle(grid.axis(k))) components = images_along(grid.axis(k), k, components);
  return GaussianMixture(std::move(components));
}

Coefficient wrapped(const Coefficient& function, const Grid& grid) {
  if (!has_circle(grid)) return function;
  return Coefficient::Function([function, grid](const Points& x, double t, std::span<double> out) {
    Points inside = x;
    for (std::size_t k = 0; k < grid.dimension(); ++k)
      if (is_circle(grid.axis(k)))
        for (double& place : inside[k]) place = within(grid.axis(k), place);
    function(inside, t, out);
  });
}

}  // namespace umkehr
