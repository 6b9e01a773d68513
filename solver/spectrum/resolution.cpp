// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/spectrum/resolution.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace umkehr {
namespace {

constexpr double same = 1e-6;
// Changes that fall faster are those of a smooth function; slower ones those of jumps, as powers of the resolution and as
// the jumps come to lie: first powers of 1.25 leave four times the last change.
constexpr double fast = 0.3, slow_factor = 4;

/// Orthonormal left vectors of one eigenvalue.
Eigen::MatrixXcd left_space(const Eigenpairs& left, std::complex<double> value, double largest) {
  Eigen::MatrixXcd space(left.vectors.rows(), 0);
  for (Eigen::Index m = 0; m < left.values.size(); ++m) {
    if (std::abs(left.values[m] - value) > same * std::abs(value) + 1e-10 * largest) continue;
    Eigen::VectorXcd y = left.vectors.col(m).normalized();
    for (int twice = 0; twice < 2; ++twice)
      for (Eigen::Index other = 0; other < space.cols(); ++other)
        y -= space.col(other).dot(y) * space.col(other);
    if (y.norm() < 1e-8) continue;
    space.conservativeResize(Eigen::NoChange, space.cols() + 1);
    space.col(space.cols() - 1) = y.normalized();
  }
  return space;
}

double largest_of(const Eigenpairs& pairs) {
  return pairs.values.cwiseAbs().maxCoeff();
}

}  // namespace

Eigen::VectorXcd matched(const Eigen::VectorXcd& values, const Eigen::VectorXcd& others) {
  Eigen::VectorXcd found = Eigen::VectorXcd::Constant(values.size(), std::numeric_limits<double>::infinity());
  std::vector<bool> is_met(static_cast<std::size_t>(others.size()));
  for (Eigen::Index n = 0; n < values.size(); ++n) {
    Eigen::Index nearest = -1;
    for (Eigen::Index m = 0; m < others.size(); ++m)
      if (!is_met[static_cast<std::size_t>(m)] &&
          (nearest < 0 || std::abs(others[m] - values[n]) < std::abs(others[nearest] - values[n])))
        nearest = m;
    if (nearest < 0) break;
    is_met[static_cast<std::size_t>(nearest)] = true;
    found[n] = others[nearest];
  }
  return found;
}

double remaining_error(double before, double last, const Resolutions& resolutions) {
  if (last == 0) return 0;
  const double ratio = last / before;
  if (!resolutions.is_smooth || !(ratio < fast)) return slow_factor * std::max(before, last);
  const auto& [coarse, middle, fine, bend, smooth] = resolutions;
  const double gained =
      (fine - middle) / (middle - coarse) * std::pow((fine + middle) / (middle + coarse), bend);
  return last * std::pow(ratio, gained) / (1 - ratio);
}

std::vector<double> conditions(const Eigenpairs& right, const Eigenpairs& left) {
  std::vector<double> all;
  for (Eigen::Index n = 0; n < right.values.size(); ++n) {
    const Eigen::MatrixXcd y = left_space(left, right.values[n], largest_of(right));
    const double cosine = (y.transpose() * right.vectors.col(n).normalized()).norm();
    all.push_back(cosine > 0 ? 1 / cosine : std::numeric_limits<double>::infinity());
  }
  return all;
}

std::vector<double> shares(const Eigenpairs& right, const Eigenpairs& left, const std::vector<bool>& chosen) {
  std::vector<double> all;
  for (Eigen::Index n = 0; n < right.values.size(); ++n) {
    const Eigen::MatrixXcd y = left_space(left, right.values[n], largest_of(right));
    double there = 0, anywhere = 0;
    for (Eigen::Index i = 0; i < y.rows(); ++i) {
      const double size = std::abs(right.vectors(i, n)) * y.row(i).norm();
      anywhere = std::max(anywhere, size);
      if (chosen[static_cast<std::size_t>(i)]) there = std::max(there, size);
    }
    all.push_back(anywhere > 0 ? there / anywhere : 1);
  }
  return all;
}

}  // namespace umkehr
