// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/path_integral/dense_kernel.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <sstream>
#include <vector>

#include "grids/dense/dense_matrix.hpp"
#include "grids/failure.hpp"
#include "grids/machine/elementary.hpp"

namespace umkehr {
namespace {

constexpr double narrowest = 1.2;     // cells: the midpoint rule is then off by exp(-2 pi^2 1.44) = 5e-13
constexpr double farthest_image = 9;  // standard deviations at which an image no longer counts
constexpr double underflow = 745;
constexpr std::size_t max_points = 4096;

const Process& checked_for_kernel(const Process& process, const Axis& axis, int order) {
  if (order != 1 && order != 2)
    throw UnfitProblem("the sliced kernel has order 1 or 2, not " + std::to_string(order));
  if (process.dimension() != 1 || process.diffusion.size() != 1)
    throw UnfitProblem("a dense kernel is for one axis, not " + std::to_string(process.dimension()));
  if (axis.points > max_points)
    throw UnfitProblem("a dense kernel takes at most 4096 points, not " + std::to_string(axis.points));
  return process;
}

}  // namespace

DenseKernel::DenseKernel(const Process& process, const Axis& axis, int order)
    : grid_({axis}),
      process_(checked_for_kernel(process, axis, order)),
      order_(order),
      spline_(grid_),
      push_(process, grid_, spline_, order) {}

/// N(x_i; y, variance) at all centres with its images in the walls, as weight times exp(-(x_i - image)^2 / (2 variance)).
void DenseKernel::image_sum(double y, double variance, std::span<double> out) const {
  std::fill(out.begin(), out.end(), 0.0);
  if (std::isnan(y)) return;  // it was lost
  const Axis& axis = grid_.axis(0);
  const bool periodic = axis.boundary == Boundary::periodic;
  const double period = (periodic ? 1 : 2) * axis.length();
  const double turns = std::ceil(farthest_image * std::sqrt(variance) / period);
  const double mirror = periodic ? 0 : axis.boundary == Boundary::reflecting ? 1 : -1;
  const double scale = 1 / std::sqrt(2 * std::numbers::pi * variance);
  std::vector<double> image(out.size());
  const auto add = [&](double centre, double weight) {
    const double nearest = std::max({axis.from - centre, centre - axis.to, 0.0});
    if (nearest * nearest > 2 * underflow * variance) return;
    for (std::size_t i = 0; i < image.size(); ++i) {
      const double distance = axis.centre(i) - centre;
      image[i] = -distance * distance / (2 * variance);
    }
    lanes::exp(image, image);
    for (std::size_t i = 0; i < image.size(); ++i) out[i] += weight * image[i];
  };
  for (double n = -turns; n <= turns; ++n) {
    add(y - n * period, scale);
    if (mirror != 0) add(2 * axis.from - y - n * period, mirror * scale);
  }
}

Eigen::MatrixXd DenseKernel::gaussian(const std::vector<double>& centres, double variance) const {
  const auto n = static_cast<Eigen::Index>(centres.size());
  Eigen::MatrixXd matrix(n, n);
  for (Eigen::Index j = 0; j < n; ++j)
    image_sum(centres[static_cast<std::size_t>(j)], variance, {matrix.col(j).data(), centres.size()});
  return matrix;
}

Eigen::MatrixXd DenseKernel::slice(double start, double length) const {
  const Axis& axis = grid_.axis(0);
  const double t = order_ == 1 ? start : start + length / 2, share = 1.0 / order_;
  const double variance = process_.diffusion[0](t) * length * share,
               width = std::sqrt(variance) / axis.spacing();
  if (!(width >= narrowest)) {
    std::ostringstream text;
    text.precision(3);
    text << "a slice of " << length << " at t = " << start << " has a kernel " << width
         << " cells wide, and at least 1.2 are resolved; take points = "
         << std::ceil(static_cast<double>(axis.points) * narrowest / std::max(width, 1e-6))
         << " or slices of " << length * narrowest * narrowest / std::max(width * width, 1e-12);
    throw UnfitProblem(text.str());
  }
  const Points& places = push_.to(t, length);
  std::vector<double> pushed(axis.points);
  for (std::size_t j = 0; j < pushed.size(); ++j)
    pushed[j] = axis.from + (places[0][j] + 0.5) * axis.spacing();
  Eigen::MatrixXd kernel = gaussian(pushed, variance);
  if (order_ == 2) kernel = product(kernel, gaussian(axis.centres(), variance)) * axis.spacing();
  Eigen::VectorXd left(kernel.rows());
  for (Eigen::Index i = 0; i < left.size(); ++i) {
    const double x = axis.centre(static_cast<std::size_t>(i));
    left[i] = std::exp(-process_.killing({&x, 1}, t) * length * share);
  }
  kernel = kernel * left.asDiagonal();
  return order_ == 2 ? Eigen::MatrixXd(left.asDiagonal() * kernel) : kernel;
}

Eigen::MatrixXd compose(const Eigen::MatrixXd& later, const Eigen::MatrixXd& earlier, double spacing) {
  return product(later, earlier) * spacing;
}

Eigen::MatrixXd DenseKernel::propagator(double start, double stop, std::size_t slices) const {
  if (slices == 0 || !(start < stop))
    throw UnfitProblem("a propagator takes at least one slice and start < stop");
  const double length = (stop - start) / static_cast<double>(slices), spacing = grid_.axis(0).spacing();
  if (process_.depends_on_time()) {
    Eigen::MatrixXd kernel = slice(start, length);
    for (std::size_t n = 1; n < slices; ++n)
      kernel = compose(slice(start + static_cast<double>(n) * length, length), kernel, spacing);
    return kernel;
  }
  Eigen::MatrixXd power = slice(start, length), kernel;
  for (std::size_t rest = slices;;) {
    if (rest % 2 == 1) kernel = kernel.size() == 0 ? power : compose(power, kernel, spacing);
    rest /= 2;
    if (rest == 0) return kernel;
    power = compose(power, power, spacing);
  }
}

std::size_t DenseKernel::max_slices(double start, double stop) const {
  double least = std::numeric_limits<double>::infinity();
  for (int n = 0; n <= 64; ++n)
    least = std::min(least, process_.diffusion[0](start + (stop - start) * n / 64));
  const double width = narrowest * grid_.axis(0).spacing();
  return static_cast<std::size_t>(std::max(0.0, least * (stop - start) / (order_ * width * width)));
}

}  // namespace umkehr
