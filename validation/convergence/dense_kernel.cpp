// SPDX-License-Identifier: GPL-3.0-or-later
// The sliced kernel as a dense matrix: orders against the exact law, Chapman-Kolmogorov (2.20), agreement with
// push-and-convolve slice for slice; and the ridge of the bridge density, K(x1,T|x,t) K(x,t|x0,0), which approaches the
// most probable path as noise vanishes.
#include "solver/path_integral/dense_kernel.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>

#include "solver/law/affine.hpp"
#include "solver/path_integral/path_integral.hpp"
#include "solver/paths/most_probable_path.hpp"
#include "solver/process/known_processes.hpp"
#include "solver/stepping/march.hpp"

using namespace umkehr;

namespace {

Formula parse(const char* text) {
  return Formula::parse(text, {{"x"}, {}});
}

/// Affine, killed, all of it moving in time.
Process moving() {
  Process process;
  process.drift = {parse("-(1+0.5*sin(3*t))*x+0.4*cos(t)")};
  process.diffusion = {parse("0.7+0.4*cos(2*t)")};
  process.killing = parse("0.5*(1+t)*x^2+0.3*x-0.2");
  return process;
}

const Axis line{"x", -6, 6, 240, Boundary::reflecting};

/// Largest error of K(., stop | y, start) relative to its maximum, for some y.
double error(const Process& process, const Eigen::MatrixXd& kernel, double start, double stop) {
  const auto affine = AffineProcess::of(process);
  Points centres = Grid({line}).centres();
  std::vector<double> exact(line.points);
  double worst = 0;
  for (const std::size_t j : {80u, 120u, 150u}) {
    affine->transition(Eigen::VectorXd::Constant(1, line.centre(j)), start, stop).density(centres, exact);
    double most = 0, off = 0;
    for (std::size_t i = 0; i < exact.size(); ++i) {
      most = std::max(most, exact[i]);
      off = std::max(off,
                     std::abs(exact[i] - kernel(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(j))));
    }
    worst = std::max(worst, off / most);
  }
  return worst;
}

}  // namespace

BOOST_AUTO_TEST_CASE(orders) {
  for (const int order : {1, 2}) {
    const DenseKernel kernel(moving(), line, order);
    double before = 0;
    for (const std::size_t slices : {6u, 12u, 24u, 48u}) {
      const double now = error(moving(), kernel.propagator(0.1, 0.9, slices), 0.1, 0.9);
      BOOST_TEST_MESSAGE("order " << order << ", " << slices << " slices: error " << now << ", order "
                                  << std::log2(before / now));
      if (slices == 48) BOOST_TEST(std::abs(std::log2(before / now) - order) < 0.06);
      if (before > 0) BOOST_TEST(std::abs(std::log2(before / now) - order) < 0.25);
      before = now;
    }
    BOOST_TEST(before < (order == 1 ? 3e-2 : 4e-4));
  }
}

BOOST_AUTO_TEST_CASE(chapman_and_kolmogorov) {
  const DenseKernel kernel(moving(), line, 2);
  const Eigen::MatrixXd whole = kernel.propagator(0, 0.6, 12), early = kernel.propagator(0, 0.2, 4),
                        late = kernel.propagator(0.2, 0.6, 8);
  BOOST_TEST((compose(late, early, line.spacing()) - whole).cwiseAbs().maxCoeff() < 1e-12 * whole.maxCoeff());
  // The order in time matters.
  BOOST_TEST((compose(early, late, line.spacing()) - whole).cwiseAbs().maxCoeff() > 1e-3 * whole.maxCoeff());
  // Powers of a static kernel, by squaring and one by one.
  const DenseKernel still(double_well(0.5), line, 2);
  const Eigen::MatrixXd slice = still.slice(0, 0.05);
  Eigen::MatrixXd power = slice;
  for (int n = 1; n < 11; ++n) power = compose(slice, power, line.spacing());
  BOOST_TEST((still.propagator(0, 0.55, 11) - power).cwiseAbs().maxCoeff() < 1e-12 * power.maxCoeff());
}

BOOST_AUTO_TEST_CASE(a_dense_slice_is_a_push_and_a_convolution) {
  Process process = double_well(parse("0.5+0.3*t"));
  process.killing = parse("0.4*x^2-0.3+0.2*t*x");
  for (const Boundary wall : {Boundary::reflecting, Boundary::absorbing})
    for (const int order : {1, 2}) {
      const Axis axis{"x", -2.6, 3, 160, wall};
      const Grid grid({axis});
      PathIntegral method(process, grid, order);
      std::vector<double> state = method.state_of(
          GaussianMixture({{1, Eigen::VectorXd::Constant(1, 0.6), Eigen::MatrixXd::Constant(1, 1, 0.12)}}));
      Eigen::VectorXd density = Eigen::Map<Eigen::VectorXd>(state.data(), 160);
      const DenseKernel kernel(process, axis, order);
      for (int n = 0; n < 5; ++n) {
        method.forward(state, {0.02 * n, 0.02 * (n + 1), PathIntegral::one_slice});
        density = kernel.slice(0.02 * n, 0.02) * density * axis.spacing();
      }
      BOOST_TEST((density - Eigen::Map<Eigen::VectorXd>(state.data(), 160)).cwiseAbs().maxCoeff() < 1e-7);
    }
}

BOOST_AUTO_TEST_CASE(mass_meets_the_walls) {
  // Brownian motion on [0, 1] by its series of sines or cosines; on the circle by both.
  const double pi = 3.141592653589793, spread = 0.09;
  for (const Boundary boundary : {Boundary::absorbing, Boundary::reflecting, Boundary::periodic}) {
    const Axis room{"x", 0, 1, 60, boundary};
    const Eigen::MatrixXd kernel = DenseKernel(brownian(0.6), room, 2).propagator(0, spread / 0.6, 4);
    double worst = 0;
    for (std::size_t i = 0; i < room.points; ++i)
      for (std::size_t j = 0; j < room.points; ++j) {
        const double x = room.centre(i), y = room.centre(j);
        double sum = boundary == Boundary::absorbing ? 0 : 1;
        for (int n = 1; n < 40; ++n) {
          const double k = (boundary == Boundary::periodic ? 2 : 1) * n * pi;
          const double mode = boundary == Boundary::absorbing    ? std::sin(k * x) * std::sin(k * y)
                              : boundary == Boundary::reflecting ? std::cos(k * x) * std::cos(k * y)
                                                                 : std::cos(k * (x - y));
          sum += 2 * std::exp(-0.5 * k * k * spread) * mode;
        }
        worst = std::max(worst,
                         std::abs(kernel(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(j)) - sum));
      }
    BOOST_TEST(worst < 1e-10, "boundary " << static_cast<int>(boundary) << ": " << worst);
  }
}

BOOST_AUTO_TEST_CASE(narrow_slices_are_refused) {
  const DenseKernel kernel(double_well(0.01), line, 2);
  BOOST_CHECK_THROW(kernel.slice(0, 0.01), std::invalid_argument);
  BOOST_TEST(kernel.max_slices(0, 10) >= 1);
  BOOST_CHECK_NO_THROW(kernel.slice(0, 10.0 / double(kernel.max_slices(0, 10))));
}

namespace {

/// The place of the highest ln K(x1,T|x,t) K(x,t|x0,0): a parabola through the three highest.
double ridge(const Axis& axis, const Eigen::MatrixXd& half, Eigen::Index from, Eigen::Index to) {
  const Eigen::VectorXd density = half.col(from).cwiseProduct(half.row(to).transpose());
  Eigen::Index i = 0;
  density.maxCoeff(&i);
  const double a = std::log(density[i - 1]), b = std::log(density[i]), c = std::log(density[i + 1]);
  return axis.centre(static_cast<std::size_t>(i)) + 0.5 * axis.spacing() * (a - c) / (a - 2 * b + c);
}

}  // namespace

BOOST_AUTO_TEST_CASE(the_ridge_of_the_bridge_becomes_the_most_probable_path) {
  // Half-way in time through a double well, from -0.6 to 0.9. With div F / 2 in the action the path is the ridge but for
  // terms of second order in D, without it of first.
  const Axis axis{"x", -2, 2, 320, Boundary::reflecting};
  const double from = axis.centre(111), to = axis.centre(231), stop = 1.6;
  double before_with = 0, before_without = 0;
  for (const double noise : {0.4, 0.2, 0.1}) {
    const Process process = double_well(noise);
    const DenseKernel kernel(process, axis, 2);
    const std::size_t slices = std::min<std::size_t>(256, kernel.max_slices(0, stop / 2));
    const double top = ridge(axis, kernel.propagator(0, stop / 2, slices), 111, 231);
    const auto apart = [&](bool with_divergence) {
      const MostProbablePath found = most_probable_path(process, {from}, {to}, 0, stop,
                                                        {.points = 800, .with_divergence = with_divergence});
      return std::abs(top - found.path.x[0][400]);
    };
    const double with = apart(true), without = apart(false);
    BOOST_TEST_MESSAGE("D = " << noise << ": ridge at " << top << ", path with div F/2 " << with
                              << " from it, order " << std::log2(before_with / with) << ", without "
                              << without << ", order " << std::log2(before_without / without));
    if (before_with > 0) BOOST_TEST(std::log2(before_with / with) > 1.8);
    if (before_without > 0) BOOST_TEST(std::abs(std::log2(before_without / without) - 1) < 0.15);
    before_with = with;
    before_without = without;
  }
  BOOST_TEST(before_with < 1e-3);
}
