// SPDX-License-Identifier: GPL-3.0-or-later
// Closed-form kernels against sums over transition laws written out, cell by cell.
#include "solver/bridge/kernels/closed_form_kernel.hpp"

#include <omp.h>
#include <algorithm>

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>
#include <random>

#include "grids/machine/team.hpp"
#include "solver/process/known_processes.hpp"

using namespace umkehr;

namespace {

constexpr double zero = -std::numeric_limits<double>::infinity();

Process formulas(const std::vector<std::string>& names, const std::vector<std::string>& drift,
                 const std::vector<std::string>& diffusion, const std::string& killing) {
  Process process;
  for (const std::string& each : drift) process.drift.push_back(Formula::parse(each, {names, {}}));
  for (const std::string& each : diffusion) process.diffusion.push_back(Formula::parse(each, {names, {}}));
  process.killing = Formula::parse(killing, {names, {}});
  return process;
}

std::vector<double> noise(std::size_t size, double width) {
  std::mt19937 random(7);
  std::uniform_real_distribution<double> uniform(-width, width);
  std::vector<double> values(size);
  for (double& value : values) value = uniform(random);
  values[size / 3] = values[size / 2] = zero;
  return values;
}

/// ln G(y | x) for all cells, x in the rows.
Eigen::MatrixXd log_kernel(const AffineProcess& process, const Grid& grid, double start, double stop) {
  const Points centres = grid.centres();
  const auto n = static_cast<Eigen::Index>(grid.size());
  Eigen::MatrixXd matrix(n, n);
  std::vector<double> row(grid.size());
  for (Eigen::Index i = 0; i < n; ++i) {
    Eigen::VectorXd x(static_cast<Eigen::Index>(grid.dimension()));
    for (std::size_t k = 0; k < grid.dimension(); ++k)
      x[static_cast<Eigen::Index>(k)] = centres[k][static_cast<std::size_t>(i)];
    process.transition(x, start, stop).log_density(centres, row);
    for (Eigen::Index j = 0; j < n; ++j) matrix(i, j) = row[static_cast<std::size_t>(j)];
  }
  return matrix;
}

double log_sum(const Eigen::VectorXd& exponents) {
  const double most = exponents.maxCoeff();
  return most + std::log((exponents.array() - most).exp().sum());
}

void agrees(const Process& process, const Grid& grid, double start, double stop, double width,
            double tolerance = 1e-12) {
  const AffineProcess affine = *AffineProcess::of(process);
  ClosedFormKernel kernel(affine, grid, start, stop);
  const Eigen::MatrixXd dense = log_kernel(affine, grid, start, stop);
  const std::vector<double> in = noise(grid.size(), width);
  const Eigen::Map<const Eigen::VectorXd> v(in.data(), static_cast<Eigen::Index>(in.size()));
  std::vector<double> out(in.size()), back(in.size());
  kernel.apply(in, out);
  kernel.apply_transpose(in, back);
  double worst = 0;
  for (Eigen::Index i = 0; i < v.size(); ++i) {
    const double cell = std::log(grid.cell_volume());
    const auto n = static_cast<std::size_t>(i);
    worst = std::max(worst, std::abs(out[n] - cell - log_sum(dense.row(i).transpose() + v)));
    worst = std::max(worst, std::abs(back[n] - cell - log_sum(dense.col(i) + v)));
  }
  BOOST_TEST_MESSAGE("largest error of a logarithm " << worst);
  BOOST_TEST(worst < tolerance);
}

Axis line(const char* name, double from, double to, std::size_t points) {
  return {name, from, to, points, Boundary::reflecting};
}

}  // namespace

BOOST_AUTO_TEST_CASE(one_axis) {
  const Process moving =
      formulas({"x"}, {"-(1+0.5*sin(3*t))*x+0.4*cos(t)"}, {"0.7+0.4*cos(2*t)"}, "0.5*(1+t)*x^2+0.3*x-0.2");
  agrees(moving, Grid({line("x", -3, 5, 40)}), 0.3, 1.1, 3);
  agrees(moving, Grid({line("x", -3, 5, 333)}), 0.3, 1.1, 3);
  agrees(moving, Grid({line("x", -3, 5, 333)}), 0.3, 1.1, 600);  // in range neither of exp nor of tiles
  const Process growing = formulas({"x"}, {"0.3*x"}, {"0.9"}, "-0.2*x^2");
  agrees(growing, Grid({line("x", -4, 3, 200)}), -1, 0.2, 5);
  // Narrow: the kernel adds x^2/2v, y^2/2v and -xy/v, which reach 0.9e6, 0.9e6 and 1.8e6. Of each, a coefficient and two
  // products are rounded, 1.5 epsilon of 3.6e6, and of two sums below 1.8e6 half an epsilon each: 1.6e-9 together.
  agrees(brownian(1e-4), Grid({line("x", -6, 6, 700)}), 0, 0.2, 100, 1.6e-9);
}

BOOST_AUTO_TEST_CASE(independent_axes) {
  const Process plane = formulas({"x", "y"}, {"-0.7*x+0.2", "0.3*y"}, {"0.5", "1+t"}, "0.4*y^2-0.1*x^2");
  agrees(plane, Grid({line("x", -2, 3, 23), line("y", -4, 3, 18)}), 0.1, 0.7, 4);
  const Process space = formulas({"x", "y", "z"}, {"-x", "0", "0.2*z"}, {"0.5", "1", "2"}, "0.1*z");
  agrees(space, Grid({line("x", -2, 3, 9), line("y", -4, 3, 8), line("z", -3, 3, 11)}), 0.1, 0.7, 4);
  agrees(brownian(0.002, 2), Grid({line("x", -2, 2, 40), line("y", -2, 2, 30)}), 0, 1, 40, 1e-10);
}

BOOST_AUTO_TEST_CASE(coupled_axes) {
  const Process turning = formulas({"x", "y"}, {"-0.3*x-2*y", "2*x-0.1*y+0.3"}, {"0.5", "1+t"}, "0.4*x*y");
  agrees(turning, Grid({line("x", -2, 3, 27), line("y", -4, 3, 22)}), 0.1, 0.7, 4);
  agrees(turning, Grid({line("x", -2, 3, 27), line("y", -4, 3, 22)}), 0.1, 0.13, 40, 1e-10);
  const Process sheared = formulas({"x", "y"}, {"0", "1.3*x"}, {"0.5", "0.2"}, "0");
  agrees(sheared, Grid({line("x", -2, 3, 17), line("y", -4, 3, 22)}), 0, 1, 4);
  // A bystander first, in the middle, last.
  const Grid space({line("x", -2, 3, 8), line("y", -3, 2, 9), line("z", -2, 2, 10)});
  agrees(formulas({"x", "y", "z"}, {"-x", "-2*z", "2*y"}, {"1", "0.7", "1"}, "0"), space, 0, 0.5, 4);
  agrees(formulas({"x", "y", "z"}, {"-2*z", "-y", "2*x"}, {"1", "0.7", "1"}, "0"), space, 0, 0.5, 4);
  agrees(formulas({"x", "y", "z"}, {"-2*y", "2*x", "-z"}, {"1", "0.7", "1"}, "0"), space, 0, 0.5, 4);
  // All three.
  const Process screw = formulas({"x", "y", "z"}, {"-2*y+0.4*z-0.2*x", "2*x-0.7*z", "0.5*x-z+0.3"},
                                 {"1", "0.7+t", "1.3"}, "0.2*x*y+0.1*z^2-0.3*x");
  agrees(screw, space, 0.1, 0.6, 4);
  agrees(screw, space, 0.1, 0.2, 40, 1e-11);
}

BOOST_AUTO_TEST_CASE(what_it_does_not_do) {
  const AffineProcess all =
      *AffineProcess::of(formulas({"x", "y", "z"}, {"-y", "-z", "x"}, {"1", "1", "1"}, "0"));
  const Grid space({line("x", -2, 3, 8), line("y", -3, 2, 9), line("z", -2, 2, 10)});
  const Grid large({line("x", -2, 3, 64), line("y", -3, 2, 64), line("z", -2, 2, 64)});
  BOOST_CHECK_THROW(ClosedFormKernel(all, large, 0, 1), std::invalid_argument);
  Axis circle = line("x", -1, 1, 20);
  circle.boundary = Boundary::periodic;
  const AffineProcess one = *AffineProcess::of(brownian(1));
  BOOST_CHECK_THROW(ClosedFormKernel(one, Grid({circle}), 0, 1), std::invalid_argument);
  BOOST_CHECK_THROW(ClosedFormKernel(one, Grid({line("x", -1, 1, 20)}), 1, 1), std::invalid_argument);
  BOOST_CHECK_THROW(ClosedFormKernel(one, space, 0, 1), std::invalid_argument);
  BOOST_TEST(ClosedFormKernel(one, Grid({line("x", -1, 1, 20)}), 0, 1e-4).warnings().size() == 1);
  BOOST_TEST(ClosedFormKernel(one, Grid({line("x", -1, 1, 20)}), 0, 1).warnings().empty());
}

BOOST_AUTO_TEST_CASE(gradients) {
  // chi = exp(0.3 x - 0.2 x^2 ...) is Gaussian too, so its logarithm has the exact gradient of a quadratic function.
  const Process turning =
      formulas({"x", "y"}, {"-0.3*x-2*y", "2*x-0.1*y+0.3"}, {"0.5", "1+t"}, "0.1*x^2+0.2*y^2");
  const Grid grid({line("x", -9, 9, 72), line("y", -9, 9, 66)});
  ClosedFormKernel kernel(*AffineProcess::of(turning), grid, 0.1, 0.7);
  const Points centres = grid.centres();
  std::vector<double> in(grid.size()), out(grid.size()), gx(grid.size()), gy(grid.size()),
      numeric(grid.size());
  for (std::size_t i = 0; i < in.size(); ++i) {
    const double x = centres[0][i], y = centres[1][i];
    in[i] = 0.3 * x - 0.7 * y - 0.8 * x * x - y * y + 0.2 * x * y;
  }
  const std::span<double> gradient[2] = {gx, gy};
  for (const bool transposed : {false, true}) {
    transposed ? kernel.apply_transpose_with_gradient(in, out, gradient)
               : kernel.apply_with_gradient(in, out, gradient);
    for (std::size_t k = 0; k < 2; ++k) {
      double worst = 0;
      for (std::size_t i = 0; i < in.size(); ++i) {
        const std::size_t n = grid.axis(k).points, at = i / grid.stride(k) % n;
        const bool inside =
            std::abs(centres[0][i]) < 3 && std::abs(centres[1][i]) < 3 && at > 0 && at + 1 < n;
        if (!inside) continue;
        const double slope =
            (out[i + grid.stride(k)] - out[i - grid.stride(k)]) / (2 * grid.axis(k).spacing());
        worst = std::max(worst, std::abs(gradient[k][i] - slope));
      }
      BOOST_TEST_MESSAGE("gradient off by " << worst);
      BOOST_TEST(worst < 1e-11);
    }
  }
}

BOOST_AUTO_TEST_CASE(threads) {
  const team::SharesAnything small;
  const std::vector<double> one_d = noise(700, 30), two_d = noise(80 * 90, 30);
  const Process turning = formulas({"x", "y"}, {"-0.3*x-2*y", "2*x-0.1*y"}, {"0.5", "1"}, "0");
  ClosedFormKernel line_kernel(*AffineProcess::of(brownian(0.1)), Grid({line("x", -3, 3, 700)}), 0, 1);
  const Grid plane({line("x", -3, 3, 80), line("y", -3, 3, 90)});
  ClosedFormKernel separable(*AffineProcess::of(brownian(0.1, 2)), plane, 0, 1);
  ClosedFormKernel coupled(*AffineProcess::of(turning), plane, 0, 1);
  for (auto [kernel, in] : {std::pair<Kernel*, const std::vector<double>*>{&line_kernel, &one_d},
                            {&separable, &two_d},
                            {&coupled, &two_d}}) {
    std::vector<double> one(in->size()), two(in->size());
    omp_set_num_threads(1);
    kernel->apply(*in, one);
    omp_set_num_threads(3);
    kernel->apply(*in, two);
    BOOST_TEST(one == two);
  }
}
