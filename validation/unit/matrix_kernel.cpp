// SPDX-License-Identifier: GPL-3.0-or-later
// Dense kernels: sums against sums of logarithms written out, wherever potentials lie; transposes; threads.
#include "solver/bridge/kernels/matrix_kernel.hpp"

#include <omp.h>
#include <algorithm>
#include <stdexcept>

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>
#include <random>

#include "grids/machine/team.hpp"
#include "solver/bridge/kernels/log_gradient.hpp"

using namespace umkehr;

namespace {

constexpr double zero = -std::numeric_limits<double>::infinity();

Grid line(std::size_t points) {
  return Grid({{"x", 0, 1, points, Boundary::reflecting}});
}

std::vector<double> uniform(std::size_t size, double width, unsigned seed) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> number(-width, width);
  std::vector<double> values(size);
  for (double& value : values) value = number(random);
  return values;
}

double log_sum(const std::vector<double>& exponents) {
  double most = zero, sum = 0;
  for (const double each : exponents) most = std::max(most, each);
  if (most == zero) return zero;
  for (const double each : exponents) sum += std::exp(each - most);
  return most + std::log(sum);
}

/// Largest error of both directions.
double error(MatrixKernel& kernel, const std::vector<double>& matrix, const std::vector<double>& in) {
  const std::size_t n = in.size();
  std::vector<double> out(n), back(n), row(n), column(n);
  kernel.apply(in, out);
  kernel.apply_transpose(in, back);
  double worst = 0;
  const auto compare = [&](double a, double b) {
    if (a != b) worst = std::max(worst, std::abs(a - b));
  };
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j) row[j] = matrix[i * n + j] + in[j];
    for (std::size_t j = 0; j < n; ++j) column[j] = matrix[j * n + i] + in[j];
    compare(out[i], log_sum(row));
    compare(back[i], log_sum(column));
  }
  return worst;
}

}  // namespace

BOOST_AUTO_TEST_CASE(sums) {
  for (const std::size_t n : {7u, 100u, 301u})
    for (const double width :
         {3.0, 200.0, 5000.0}) {  // exponents within, near and far beyond the range of doubles
      std::vector<double> matrix = uniform(n * n, width, 1);
      matrix[3] = matrix[n + 2] = zero;
      for (std::size_t j = 0; j < n; ++j) matrix[5 * n + j] = matrix[j * n + 4] = zero;  // a row, a column
      MatrixKernel kernel(line(n), matrix);
      for (const double potentials : {0.0, 30.0, 700.0, 20'000.0}) {
        std::vector<double> in = uniform(n, potentials, 2);
        in[1] = in[n / 2] = zero;
        BOOST_TEST(error(kernel, matrix, in) < 1e-11);
      }
      BOOST_TEST(error(kernel, matrix, std::vector<double>(n, zero)) == 0);
    }
}

BOOST_AUTO_TEST_CASE(sweep_is_both) {
  for (const double width : {3.0, 2000.0}) {
    const std::size_t n = 130;
    const std::vector<double> matrix = uniform(n * n, width, 1);
    std::vector<double> density = uniform(n, 300, 4), chi = uniform(n, 90, 5);
    density[7] = chi[9] = zero;
    for (double& each : density) each -= 300;  // down to exp(-600)
    MatrixKernel kernel(line(n), matrix), other(line(n), matrix);
    std::vector<double> a(n), b(n), c(n), d(n);
    kernel.sweep(density, chi, a, b);
    other.Kernel::sweep(density, chi, c, d);
    for (std::size_t i = 0; i < n; ++i) {
      BOOST_TEST(std::abs(a[i] - c[i]) < 1e-11);
      BOOST_TEST(std::abs(b[i] - d[i]) < 1e-11);
    }
  }
}

BOOST_AUTO_TEST_CASE(threads) {
  const team::SharesAnything small;
  const std::size_t n = 333;
  const std::vector<double> matrix = uniform(n * n, 20, 1), density = uniform(n, 3, 2),
                            chi = uniform(n, 3, 3);
  std::vector<double> a[2], b[2];
  for (int k = 0; k < 2; ++k) {
    omp_set_num_threads(1 + 4 * k);
    MatrixKernel kernel(line(n), matrix);
    a[k].resize(n);
    b[k].resize(n);
    kernel.sweep(density, chi, a[k], b[k]);
  }
  BOOST_TEST(a[0] == a[1]);
  BOOST_TEST(b[0] == b[1]);
}

BOOST_AUTO_TEST_CASE(what_is_no_kernel) {
  BOOST_CHECK_THROW(MatrixKernel(line(3), std::vector<double>(8)), std::invalid_argument);
  std::vector<double> matrix(9, 0.0);
  matrix[4] = std::nan("");
  BOOST_CHECK_THROW(MatrixKernel(line(3), matrix), std::invalid_argument);
  matrix[4] = -zero;
  BOOST_CHECK_THROW(MatrixKernel(line(3), matrix), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(numerical_gradient) {
  // Order 8 inside and at the walls; values that are zero are left out.
  const auto worst = [](std::size_t n, Boundary boundary) {
    const Grid grid({{"x", 0, 2, n, boundary}, {"y", -1, 1, 3, Boundary::reflecting}});
    const Points x = grid.centres();
    std::vector<double> values(grid.size()), slope(grid.size());
    for (std::size_t i = 0; i < values.size(); ++i)
      values[i] = std::sin(3.14159265358979312 * x[0][i] + x[1][i]);
    log_gradient(grid, values, 0, slope);
    double most = 0;
    for (std::size_t i = 0; i < values.size(); ++i)
      most = std::max(
          most, std::abs(slope[i] - 3.14159265358979312 * std::cos(3.14159265358979312 * x[0][i] + x[1][i])));
    return most;
  };
  for (const Boundary boundary : {Boundary::reflecting, Boundary::periodic}) {
    const double order = std::log2(worst(20, boundary) / worst(40, boundary));
    BOOST_TEST_MESSAGE("order of the gradient " << order << ", error " << worst(40, boundary));
    BOOST_TEST(order > 7.5);
    BOOST_TEST(worst(80, boundary) < 1e-9);
  }
  std::vector<double> values = {zero, 1, 2, zero, 5, zero, 1, 4, 9, 16}, slope(10);
  log_gradient(Grid({{"x", 0, 10, 10, Boundary::reflecting}}), values, 0, slope);
  const std::vector<double> expected = {0, 1, 1, 0, 0, 0, 2, 4, 6, 8};
  for (std::size_t i = 0; i < 10; ++i) BOOST_TEST(std::abs(slope[i] - expected[i]) < 1e-12);
}
