// SPDX-License-Identifier: GPL-3.0-or-later
// Kernels narrower than the cells against Gaussian integrals in closed form: killing, coupled axes, one narrow axis, steep
// chi, and chi that vanishes on some cells.
#include "solver/bridge/kernels/narrow_kernel.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>
#include <numbers>

#include "grids/dense/dense_matrix.hpp"
#include "solver/process/known_processes.hpp"

using namespace umkehr;

namespace {

Process formulas(const std::vector<std::string>& names, const std::vector<std::string>& drift,
                 const std::vector<std::string>& diffusion, const std::string& killing) {
  Process process;
  for (const std::string& each : drift) process.drift.push_back(Formula::parse(each, {names, {}}));
  for (const std::string& each : diffusion) process.diffusion.push_back(Formula::parse(each, {names, {}}));
  process.killing = Formula::parse(killing, {names, {}});
  return process;
}

/// Largest error of ln int G chi_f and of ln int chi_hat_i G near the middle, for chi_f = chi_hat_i =
/// exp(-(x - b) . A (x - b) / 2).
double error(const Process& process, const Grid& grid, double start, double stop, const Eigen::MatrixXd& a,
             const Eigen::VectorXd& b, double middle = 0.7) {
  const AffineProcess affine = *AffineProcess::of(process);
  const GaussianTransport transport = affine.transport(start, stop);
  BOOST_TEST(NarrowKernel::suits(transport, grid));
  NarrowKernel kernel(transport, grid);
  const auto d = b.size();
  const Points x = grid.centres();
  std::vector<double> f(grid.size()), chi(f), chi_hat(f), exact(f);
  const auto at = [&](std::size_t i) {
    Eigen::VectorXd point(d);
    for (Eigen::Index k = 0; k < d; ++k) point[k] = x[static_cast<std::size_t>(k)][i];
    return point;
  };
  for (std::size_t i = 0; i < f.size(); ++i) f[i] = -0.5 * (at(i) - b).dot(a * (at(i) - b));
  kernel.apply(f, chi);
  kernel.apply_transpose(f, chi_hat);
  const Inverse of_a = invert(a);
  const Eigen::MatrixXd& spread = of_a.matrix;
  const double mass =
      std::pow(2 * std::numbers::pi, 0.5 * static_cast<double>(d)) / std::exp(0.5 * of_a.log_abs_determinant);
  affine.push(GaussianMixture({{mass, b, spread}}), start, stop).log_density(x, exact);
  double worst = 0;
  for (std::size_t i = 0; i < f.size(); i += std::max<std::size_t>(1, f.size() / 97)) {
    bool is_inside = true;
    for (std::size_t k = 0; k < grid.dimension(); ++k)
      is_inside = is_inside && std::abs(x[k][i]) < middle * grid.axis(k).to;
    if (!is_inside) continue;
    const Gaussian law = affine.transition(at(i), start, stop).components().front();
    const Eigen::VectorXd away = law.mean - b;
    const Inverse both = invert(spread + law.covariance);
    const double to_start = std::log(law.weight) -
                            0.5 * (both.log_abs_determinant + of_a.log_abs_determinant) -
                            0.5 * away.dot(both.matrix * away);
    worst = std::max({worst, std::abs(chi[i] - to_start), std::abs(chi_hat[i] - exact[i])});
  }
  BOOST_TEST_MESSAGE("largest error of a logarithm " << worst);
  return worst;
}

Axis axis(const char* name, std::size_t points) {
  return {name, -2, 2, points, Boundary::reflecting};
}

}  // namespace

BOOST_AUTO_TEST_CASE(one_axis_with_killing) {
  const Process killed = formulas({"x"}, {"-(1+0.5*sin(3*t))*x+0.4*cos(t)"}, {"0.7"}, "3*x^2+0.3*x-0.2");
  for (const double curvature : {0.5, 8.0, 60.0})
    BOOST_TEST(error(killed, Grid({axis("x", 60)}), 0.3, 0.302, Eigen::MatrixXd::Constant(1, 1, curvature),
                     Eigen::VectorXd::Constant(1, -1.5)) < 1e-9);
}

BOOST_AUTO_TEST_CASE(axes_that_do_not_couple) {
  const Process plane = formulas({"x", "y"}, {"-0.7*x+0.2", "0.3*y"}, {"0.02", "0.4"}, "2*y^2-0.3*x^2");
  Eigen::Matrix2d a = Eigen::Matrix2d::Identity();
  a(0, 0) = 20;
  // y wide, x narrow
  BOOST_TEST(error(plane, Grid({axis("x", 40), axis("y", 80)}), 0.1, 0.12, a, Eigen::Vector2d(-0.3, 0.2)) <
             1e-9);
}

BOOST_AUTO_TEST_CASE(coupled_axes) {
  const Process turning =
      formulas({"x", "y"}, {"-0.5*x-3*y", "3*x-0.5*y"}, {"0.01", "0.02"}, "x^2+x*y+8*x-5*y");
  Eigen::Matrix2d a;
  a << 40, 5, 5, 20;
  // Steep: the peak of the integrand is several deviations from the mean of the kernel.
  BOOST_TEST(error(turning, Grid({axis("x", 36), axis("y", 32)}), 0.1, 0.2, a, Eigen::Vector2d(1.2, -1)) <
             1e-6);
}

BOOST_AUTO_TEST_CASE(three_coupled_axes) {
  const Process screw = formulas({"x", "y", "z"}, {"-0.5*x-3*y+z", "3*x-0.5*y", "0.7*x-z"},
                                 {"0.02", "0.05", "0.03"}, "x^2+x*y-0.3*y*z+4*x-3*z");
  Eigen::Matrix3d a;
  a << 20, 5, 1, 5, 15, -2, 1, -2, 12;
  BOOST_TEST(error(screw, Grid({axis("x", 24), axis("y", 22), axis("z", 20)}), 0.1, 0.2, a,
                   Eigen::Vector3d(0.8, -0.6, 0.4), 0.4) < 1e-6);
}

BOOST_AUTO_TEST_CASE(what_vanishes_on_some_cells) {
  const Grid grid({axis("x", 80)});  // cells of 0.05
  const double variance = 0.0004, deviation = 0.02;
  NarrowKernel kernel(AffineProcess::of(brownian(0.4))->transport(0, variance / 0.4), grid);
  std::vector<double> f(grid.size(), -std::numeric_limits<double>::infinity()), chi(f);
  for (std::size_t i = 30; i < 50; ++i) f[i] = 0;  // one on [-0.5, 0.5]
  kernel.apply(f, chi);
  for (std::size_t i = 0; i < chi.size(); ++i) {
    const double x = -std::abs(grid.axis(0).centre(i)), root = std::numbers::sqrt2 * deviation;
    const double exact = 0.5 * (std::erfc((-0.5 - x) / root) - std::erfc((0.5 - x) / root));
    if (exact > 1e-200 && x > -1) BOOST_TEST(std::abs(chi[i] - std::log(exact)) < 1e-7, "at " << x);
  }
}
