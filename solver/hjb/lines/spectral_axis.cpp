// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/hjb/lines/spectral_axis.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "grids/dense/dense_matrix.hpp"

namespace umkehr {
namespace {

using Matrix = Eigen::MatrixXd;
using Index = Eigen::Index;

constexpr std::size_t tests_an_axis = 2001;

Index index(std::size_t n) {
  return static_cast<Index>(n);
}

/// Chebyshev's points of the second kind, walls included, ascending.
struct Chebyshev {
  std::vector<double> x, weight;
  Chebyshev(const Axis& axis, std::size_t count) : x(count), weight(count) {
    const double last = static_cast<double>(count - 1);
    for (std::size_t j = 0; j < count; ++j) {
      const double turn = std::sin(std::numbers::pi * (2 * static_cast<double>(j) - last) / (2 * last));
      x[j] = 0.5 * (axis.from + axis.to) + 0.5 * axis.length() * turn;
      weight[j] = (j % 2 == 0 ? 1.0 : -1.0) * (j == 0 || j + 1 == count ? 0.5 : 1.0);
    }
  }

  Matrix derivative() const {
    const std::size_t n = x.size();
    Matrix d = Matrix::Zero(index(n), index(n));
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < n; ++j)
        if (i != j) d(index(i), index(j)) = weight[j] / weight[i] / (x[i] - x[j]);
    set_diagonal(d);
    return d;
  }
  /// Derivatives of constants vanish to rounding.
  static void set_diagonal(Matrix& d) {
    for (Index i = 0; i < d.rows(); ++i) {
      d(i, i) = 0;
      d(i, i) = -d.row(i).sum();
    }
  }

  Matrix interpolation(const std::vector<double>& to) const {
    Matrix out = Matrix::Zero(index(to.size()), index(x.size()));
    for (std::size_t i = 0; i < to.size(); ++i) {
      const auto hit = std::find(x.begin(), x.end(), to[i]);
      if (hit != x.end()) {
        out(index(i), hit - x.begin()) = 1;
        continue;
      }
      for (std::size_t j = 0; j < x.size(); ++j) out(index(i), index(j)) = weight[j] / (to[i] - x[j]);
      out.row(index(i)) /= out.row(index(i)).sum();
    }
    return out;
  }
};

/// The first of the modes that count as the roughest ones, of as many as there are.
std::size_t first_rough(std::size_t modes) {
  return modes - std::max<std::size_t>(3, modes / 16);
}

/// The share of the last Chebyshev polynomials in values at all points.
Matrix roughest_polynomials(std::size_t count) {
  const std::size_t last = count - 1, first = first_rough(count);
  const auto half_at_ends = [&](std::size_t j) { return j == 0 || j == last ? 0.5 : 1.0; };
  Matrix values(index(count), index(count - first)), coefficients(index(count - first), index(count));
  for (std::size_t k = first; k < count; ++k)
    for (std::size_t j = 0; j < count; ++j) {
      const double value =
          std::cos(std::numbers::pi * static_cast<double>(k * j % (2 * last)) / static_cast<double>(last));
      values(index(j), index(k - first)) = value;
      coefficients(index(k - first), index(j)) =
          2 * half_at_ends(j) * half_at_ends(k) / static_cast<double>(last) * value;
    }
  return product(values, coefficients);
}

void make_chebyshev(SpectralAxis& out, const Axis& axis, std::size_t count,
                    const std::vector<double>& centres) {
  const Chebyshev points(axis, count + 2);
  const Matrix first = points.derivative();
  Matrix second = product(first, first);
  Chebyshev::set_diagonal(second);
  const Index n = index(count), last = n + 1;
  const Matrix third = product(first, second);
  // Values at the walls from those inside: rows 0 and n + 1 of the third derivative vanish.
  Matrix of_walls(2, 2), of_inside(2, n);
  of_walls << third(0, 0), third(0, last), third(last, 0), third(last, last);
  of_inside << third.row(0).segment(1, n), third.row(last).segment(1, n);
  Matrix whole = Matrix::Zero(n + 2, n);
  whole.middleRows(1, n) = Matrix::Identity(n, n);
  const Matrix walls = -solve(of_walls, of_inside);
  whole.row(0) = walls.row(0);
  whole.row(last) = walls.row(1);
  out.nodes.assign(points.x.begin() + 1, points.x.end() - 1);
  out.gradient = product(first, whole).middleRows(1, n);
  out.curvature = product(second, whole).middleRows(1, n);
  out.roughest = product(roughest_polynomials(count + 2), whole).middleRows(1, n);
  const Matrix to_centres = points.interpolation(centres);
  out.to_centres = product(to_centres, whole);
  out.gradient_at_centres = product(to_centres, first, whole);
}

/// What interpolates from an even number of equal cells of a period.
Matrix periodic_interpolation(const Axis& own, const std::vector<double>& to) {
  const double n = static_cast<double>(own.points);
  Matrix out(index(to.size()), index(own.points));
  for (std::size_t i = 0; i < to.size(); ++i)
    for (std::size_t j = 0; j < own.points; ++j) {
      const double half = std::numbers::pi * (to[i] - own.centre(j)) / own.length();
      const double sine = std::sin(half);
      out(index(i), index(j)) = std::abs(sine) < 1e-14 ? 1 : std::sin(n * half) * std::cos(half) / (sine * n);
    }
  return out;
}

/// sum_k weight(k) cos(k a) or sin(k a) of the distance a between nodes, k up to half their even number.
template <class Wave>
Matrix of_distance(std::size_t count, const Wave& wave) {
  std::vector<double> sum(count);
  for (std::size_t j = 0; j < count; ++j)
    for (std::size_t k = 1; 2 * k <= count; ++k)
      sum[j] +=
          (2 * k == count ? 1.0 : 2.0) / static_cast<double>(count) *
          wave(k, 2 * std::numbers::pi * static_cast<double>(k * j % count) / static_cast<double>(count));
  Matrix out(index(count), index(count));
  for (std::size_t i = 0; i < count; ++i)
    for (std::size_t j = 0; j < count; ++j) out(index(i), index(j)) = sum[(i + count - j) % count];
  return out;
}

void make_periodic(SpectralAxis& out, const Axis& axis, std::size_t count,
                   const std::vector<double>& centres) {
  Axis own = axis;
  own.points = count;
  out.nodes = own.centres();
  const double scale = 2 * std::numbers::pi / axis.length();
  const auto wave_number = [&](std::size_t k) { return scale * static_cast<double>(k); };
  out.gradient = of_distance(count, [&](std::size_t k, double angle) {
    return 2 * k == count ? 0 : -wave_number(k) * std::sin(angle);
  });
  out.curvature = of_distance(
      count, [&](std::size_t k, double angle) { return -wave_number(k) * wave_number(k) * std::cos(angle); });
  const std::size_t first = first_rough(count / 2 + 1);
  out.roughest =
      of_distance(count, [&](std::size_t k, double angle) { return k < first ? 0 : std::cos(angle); });
  out.to_centres = periodic_interpolation(own, centres);
  out.gradient_at_centres = product(out.to_centres, out.gradient);
}

}  // namespace

SpectralAxis::SpectralAxis(const Axis& axis, std::size_t count, const std::vector<double>& centres) {
  axis.boundary == Boundary::periodic ? make_periodic(*this, axis, count, centres)
                                      : make_chebyshev(*this, axis, count, centres);
}

InterpolationError interpolation_error(const Axis& axis, const std::function<double(double)>& f,
                                       std::size_t count) {
  Axis tests = axis;
  tests.points = tests_an_axis;
  const std::vector<double> at = tests.centres();
  Eigen::VectorXd found;
  if (axis.boundary == Boundary::periodic) {
    Axis own = axis;
    own.points = count;
    Eigen::VectorXd values(index(count));
    for (std::size_t j = 0; j < count; ++j) values[index(j)] = f(own.centre(j));
    found = periodic_interpolation(own, at) * values;
  } else {
    const Chebyshev points(axis, count + 2);
    Eigen::VectorXd values(index(count) + 2);
    for (std::size_t j = 0; j < count + 2; ++j) values[index(j)] = f(points.x[j]);
    found = points.interpolation(at) * values;
  }
  InterpolationError error;
  for (std::size_t i = 0; i < at.size(); ++i) {
    const double value = f(at[i]), by = std::abs(found[index(i)] - value);
    error.largest = std::max(error.largest, by / (1 + std::abs(value)));
    error.mean += by / static_cast<double>(at.size());
  }
  return error;
}

}  // namespace umkehr
