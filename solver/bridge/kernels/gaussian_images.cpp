// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/bridge/kernels/gaussian_images.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <span>

#include "grids/machine/elementary.hpp"
#include "grids/machine/team.hpp"

namespace umkehr {
namespace {

constexpr double farthest_image = 9;  // standard deviations at which an image no longer counts

}  // namespace

Eigen::MatrixXd gaussian_images(const Axis& axis, const std::vector<double>& x, const std::vector<double>& y,
                                double variance) {
  const bool is_periodic = axis.boundary == Boundary::periodic;
  const double period = (is_periodic ? 1 : 2) * axis.length(),
               turns = std::ceil(farthest_image * std::sqrt(variance) / period),
               mirror = axis.boundary == Boundary::absorbing ? -1 : 1,
               scale = 1 / std::sqrt(2 * std::numbers::pi * variance);
  Eigen::MatrixXd out =
      Eigen::MatrixXd::Zero(static_cast<Eigen::Index>(x.size()), static_cast<Eigen::Index>(y.size()));
  share(y.size(), 5 * static_cast<double>(x.size()) * (2 * turns + 1), [&](std::size_t j) {
    std::vector<double> image(x.size());
    double* column = out.col(static_cast<Eigen::Index>(j)).data();
    const auto add = [&](double centre, double weight) {
      for (std::size_t i = 0; i < image.size(); ++i)
        image[i] = -(x[i] - centre) * (x[i] - centre) / (2 * variance);
      lanes::exp(image, image);
      for (std::size_t i = 0; i < image.size(); ++i) column[i] += weight * image[i];
    };
    for (double n = -turns; n <= turns; ++n) {
      add(y[j] + n * period, scale);
      if (!is_periodic) add(2 * axis.from - y[j] + n * period, mirror * scale);
    }
    for (std::size_t i = 0; i < image.size(); ++i) column[i] = std::max(0.0, column[i]);  // rounding at walls
  });
  return out;
}

}  // namespace umkehr
