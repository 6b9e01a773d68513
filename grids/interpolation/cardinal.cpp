// SPDX-License-Identifier: GPL-3.0-or-later
#include "grids/interpolation/cardinal.hpp"

#include <cmath>
#include <numbers>

namespace umkehr {
namespace {

constexpr double pi = std::numbers::pi;

double sign(long k) {
  return k % 2 == 0 ? 1 : -1;
}

/// The matrix with entry(i - j) at (i, j).
template <class Entry>
Eigen::MatrixXd toeplitz(const Axis& axis, const Entry& entry) {
  const auto n = static_cast<Eigen::Index>(axis.points);
  Eigen::MatrixXd matrix(n, n);
  for (Eigen::Index j = 0; j < n; ++j)
    for (Eigen::Index i = 0; i < n; ++i) matrix(i, j) = entry(static_cast<long>(i - j));
  return matrix;
}

}  // namespace

Eigen::MatrixXd cardinal_derivative(const Axis& axis) {
  const double n = static_cast<double>(axis.points), h = axis.spacing(), wavenumber = 2 * pi / axis.length();
  const bool even = axis.points % 2 == 0;
  return toeplitz(axis, [&](long k) {
    if (k == 0) return 0.0;
    if (axis.boundary != Boundary::periodic) return sign(k) / (h * static_cast<double>(k));
    const double angle = pi * static_cast<double>(k) / n;
    return 0.5 * wavenumber * sign(k) / (even ? std::tan(angle) : std::sin(angle));
  });
}

Eigen::MatrixXd cardinal_second_derivative(const Axis& axis) {
  const double n = static_cast<double>(axis.points), h = axis.spacing(), wavenumber = 2 * pi / axis.length();
  const bool even = axis.points % 2 == 0;
  return toeplitz(axis, [&](long k) {
    if (axis.boundary != Boundary::periodic)
      return k == 0 ? -pi * pi / (3 * h * h) : -2 * sign(k) / (h * h * static_cast<double>(k * k));
    const double square = wavenumber * wavenumber;
    if (k == 0) return -square * (even ? n * n + 2 : n * n - 1) / 12;
    const double angle = pi * static_cast<double>(k) / n, sine = std::sin(angle);
    return -0.5 * square * sign(k) * (even ? 1 : std::cos(angle)) / (sine * sine);
  });
}

}  // namespace umkehr
