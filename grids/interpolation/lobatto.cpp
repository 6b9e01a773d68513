// SPDX-License-Identifier: GPL-3.0-or-later
#include "grids/interpolation/lobatto.hpp"

#include <cmath>
#include <numbers>

#include "grids/interpolation/cardinal.hpp"

namespace umkehr {
namespace {

struct Legendre {
  double value, before;  // P_n and P_{n-1}
};

Legendre legendre(std::size_t n, double z) {
  Legendre p{z, 1};
  for (std::size_t m = 1; m < n; ++m) {
    const double order = static_cast<double>(m);
    p = {((2 * order + 1) * z * p.value - order * p.before) / (order + 1), p.value};
  }
  return p;
}

/// Zeros of (1 - z^2) P_n', by Newton's iteration z -= (z P_n - P_{n-1}) / ((n + 1) P_n) from Chebyshev's points.
std::vector<double> lobatto_nodes(std::size_t count) {
  const std::size_t n = count - 1;
  std::vector<double> z(count);
  for (std::size_t i = 0; i < count; ++i) {
    z[i] = -std::cos(std::numbers::pi * static_cast<double>(i) / static_cast<double>(n));
    for (int steps = 0; steps < 20 && i > 0 && i < n; ++steps) {
      const Legendre p = legendre(n, z[i]);
      z[i] -= (z[i] * p.value - p.before) / (static_cast<double>(n + 1) * p.value);
    }
  }
  for (std::size_t i = 0; i < count / 2; ++i) z[n - i] = -z[i];
  if (count % 2 == 1) z[n / 2] = 0;
  return z;
}

/// P_n at the nodes, of which weights and derivatives are made.
std::vector<double> values_of_last(const std::vector<double>& z) {
  std::vector<double> values;
  for (const double place : z) values.push_back(legendre(z.size() - 1, place).value);
  return values;
}

Eigen::Index at_index(std::size_t i) {
  return static_cast<Eigen::Index>(i);
}

}  // namespace

CardinalBasis::CardinalBasis(const Axis& axis, std::size_t count)
    : node(count), weight(count), is_periodic(axis.boundary == Boundary::periodic) {
  Axis even = axis;
  even.points = count;
  if (is_periodic) {
    node = even.centres();
    weight.assign(count, even.spacing());
    derivative = cardinal_derivative(even);
    return;
  }
  const std::vector<double> z = lobatto_nodes(count), last = values_of_last(z);
  const double half = 0.5 * axis.length(), n = static_cast<double>(count - 1);
  derivative = Eigen::MatrixXd::Zero(at_index(count), at_index(count));
  for (std::size_t i = 0; i < count; ++i) {
    node[i] = axis.from + half * (1 + z[i]);
    weight[i] = half * 2 / (n * (n + 1) * last[i] * last[i]);
    for (std::size_t j = 0; j < count; ++j)
      if (i != j) derivative(at_index(i), at_index(j)) = last[i] / (last[j] * (z[i] - z[j]) * half);
    // The derivative of a constant is zero.
    derivative(at_index(i), at_index(i)) = -derivative.row(at_index(i)).sum();
  }
}

Eigen::MatrixXd CardinalBasis::at(std::span<const double> x) const {
  const std::size_t count = size();
  Eigen::MatrixXd values(at_index(x.size()), at_index(count));
  const double length = weight[0] * static_cast<double>(count);  // of a circle
  std::vector<double> barycentric(count);
  for (std::size_t j = 0; j < count; ++j)
    barycentric[j] = (j % 2 == 0 ? 1 : -1) * (is_periodic ? 1 : std::sqrt(weight[j]));
  const auto share = [&](double distance) {
    if (!is_periodic) return 1 / distance;
    const double angle = std::numbers::pi * distance / length;
    return count % 2 == 0 ? 1 / std::tan(angle) : 1 / std::sin(angle);
  };
  for (std::size_t i = 0; i < x.size(); ++i) {
    auto row = values.row(at_index(i));
    for (std::size_t j = 0; j < count; ++j) {
      if (x[i] == node[j]) {
        row.setZero();
        row(at_index(j)) = 1;
        break;
      }
      row(at_index(j)) = barycentric[j] * share(x[i] - node[j]);
    }
    row /= row.sum();
  }
  return values;
}

}  // namespace umkehr
