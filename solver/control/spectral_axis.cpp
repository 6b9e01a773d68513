// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/control/spectral_axis.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "grids/dense_matrix.hpp"

namespace umkehr {
namespace {

using Matrix = Eigen::MatrixXd;
using Index = Eigen::Index;

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

void make_chebyshev(SpectralAxis& out, const Axis& axis, std::size_t count) {
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
  const Matrix to_centres = points.interpolation(axis.centres());
  out.to_centres = product(to_centres, whole);
  out.gradient_at_centres = product(to_centres, first, whole);
}

/// Derivative number `order` of the periodic cardinal function of n nodes, at an angle.
double cardinal(double angle, std::size_t n, int order) {
  double sum = order == 0 ? 1 : 0;
  for (std::size_t k = 1; 2 * k <= n; ++k) {
    const double wave = static_cast<double>(k), share = 2 * k == n ? 1 : 2;
    if (order == 0) sum += share * std::cos(wave * angle);
    if (order == 1 && 2 * k < n) sum -= share * wave * std::sin(wave * angle);
    if (order == 2) sum -= share * wave * wave * std::cos(wave * angle);
  }
  return sum / static_cast<double>(n);
}

void make_periodic(SpectralAxis& out, const Axis& axis, std::size_t count) {
  Axis own = axis;
  own.points = count;
  out.nodes = own.centres();
  const double scale = 2 * std::numbers::pi / axis.length();
  const auto matrix = [&](const std::vector<double>& at, int order) {
    Matrix m(index(at.size()), index(count));
    for (std::size_t i = 0; i < at.size(); ++i)
      for (std::size_t j = 0; j < count; ++j)
        m(index(i), index(j)) =
            std::pow(scale, order) * cardinal(scale * (at[i] - out.nodes[j]), count, order);
    return m;
  };
  out.gradient = matrix(out.nodes, 1);
  out.curvature = matrix(out.nodes, 2);
  out.to_centres = matrix(axis.centres(), 0);
  out.gradient_at_centres = matrix(axis.centres(), 1);
}

}  // namespace

SpectralAxis::SpectralAxis(const Axis& axis, std::size_t count) {
  axis.boundary == Boundary::periodic ? make_periodic(*this, axis, count)
                                      : make_chebyshev(*this, axis, count);
}

std::size_t nodes_needed(const Axis& axis, const std::function<double(double)>& f,
                         const std::vector<std::size_t>& counts, double& error) {
  const double wanted = error;
  Axis tests = axis;
  tests.points = 101;
  const std::vector<double> at = tests.centres();
  for (const std::size_t count : counts) {
    Eigen::VectorXd found;
    if (axis.boundary == Boundary::periodic) {
      const SpectralAxis own(tests, count);
      Eigen::VectorXd values(index(count));
      for (std::size_t j = 0; j < count; ++j) values[index(j)] = f(own.nodes[j]);
      found = own.to_centres * values;
    } else {
      const Chebyshev points(axis, count + 2);
      Eigen::VectorXd values(index(count) + 2);
      for (std::size_t j = 0; j < count + 2; ++j) values[index(j)] = f(points.x[j]);
      found = points.interpolation(at) * values;
    }
    error = 0;
    for (std::size_t i = 0; i < at.size(); ++i) {
      const double value = f(at[i]);
      error = std::max(error, std::abs(found[index(i)] - value) / (1 + std::abs(value)));
    }
    if (error <= wanted) return count;
  }
  return counts.back();
}

}  // namespace umkehr
