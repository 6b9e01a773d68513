// SPDX-License-Identifier: GPL-3.0-or-later
// The Hermite basis is orthonormal, its quadrature exact, and every step's transpose keeps <P, J>.
#include "solver/hermite/hermite.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <numbers>
#include <random>

#include "solver/hermite/hermite_exponential.hpp"
#include "solver/hermite/hermite_projection.hpp"
#include "solver/hermite/hermite_runge_kutta.hpp"
#include "solver/hermite/hermite_substitution.hpp"
#include "solver/kolmogorov/fokker_planck.hpp"
#include "solver/law/affine.hpp"
#include "solver/process/known_processes.hpp"

using namespace umkehr;

namespace {

const FormulaNames plane{{"x", "y"}, {}};

Coefficient on_line(const char* text) {
  return Formula::parse(text);
}
Coefficient on_plane(const char* text) {
  return Formula::parse(text, plane);
}

Grid line(std::size_t points) {
  return Grid({Axis{"x", -6, 6, points, Boundary::reflecting}});
}
Grid square(std::size_t points, double half = 6) {
  return Grid({Axis{"x", -half, half, points, Boundary::reflecting},
               Axis{"y", -half, half, points + 3, Boundary::reflecting}});
}

std::vector<double> random_state(std::size_t size, unsigned seed) {
  std::mt19937 engine(seed);
  std::normal_distribution<double> normal;
  std::vector<double> state(size);
  for (double& s : state) s = normal(engine);
  return state;
}

double norm(const std::vector<double>& state) {
  return Eigen::Map<const Eigen::VectorXd>(state.data(), static_cast<Eigen::Index>(state.size())).norm();
}

/// |<P', J> - <P, J'>| over the size of its terms, P' a step forward and J' the same step backward.
double unpaired(const Process& process, const Grid& grid, const Step& step) {
  const std::size_t d = grid.dimension();
  Hermite hermite(process, grid, 0, {std::vector<double>(d, 0.2), std::vector<double>(d, 0.8)});
  std::vector<double> before = random_state(hermite.size(), 1), late = random_state(hermite.size(), 2);
  std::vector<double> after = before, early = late;
  hermite.forward(after, step);
  hermite.backward(early, step);
  const double size = norm(after) * norm(late) + norm(before) * norm(early);
  return std::abs(hermite.pairing(after, late) - hermite.pairing(before, early)) / size;
}

Process with_killing(Process process, const Coefficient& killing) {
  process.killing = killing;
  return process;
}

}  // namespace

BOOST_AUTO_TEST_CASE(polynomials_are_orthonormal_under_their_quadrature) {
  for (const std::size_t modes : {1u, 2u, 33u, 256u, 512u}) {
    const HermiteQuadrature quadrature({0.3, 0.7, modes}, modes);
    const Eigen::Index n = static_cast<Eigen::Index>(modes);
    const Eigen::MatrixXd gram = quadrature.values.transpose() * quadrature.values;
    BOOST_TEST((gram - Eigen::MatrixXd::Identity(n, n)).cwiseAbs().maxCoeff() < 1e-13);
  }
}

BOOST_AUTO_TEST_CASE(quadrature_gives_the_moments_of_a_normal_law) {
  const HermiteQuadrature quadrature({0.5, 2, 1}, 20);
  double fourth = 0;
  for (std::size_t i = 0; i < 20; ++i)
    fourth +=
        std::pow(quadrature.values(static_cast<Eigen::Index>(i), 0), 2) * std::pow(quadrature.nodes[i], 4);
  BOOST_TEST(fourth == std::pow(0.5, 4) + 6 * 0.25 * 4 + 3 * 16, boost::test_tools::tolerance(1e-14));
}

BOOST_AUTO_TEST_CASE(functions_are_finite_far_out) {
  const HermiteBasis basis{0, 1, 512};
  const std::vector<double> x = {-1e4, -80, -40, 0, 55, 90, 1e6};
  const Eigen::MatrixXd densities = basis.densities(x);
  BOOST_TEST(densities.allFinite());
  BOOST_TEST(densities.cwiseAbs().maxCoeff() < 0.4);
  // He_511(80)/sqrt(511!) w(80): the leading term z^511 dominates up to the sum 1 - n(n-1)/(2 z^2) + ..
  std::vector<double> psi(3);
  scaled_hermite(80, -700, psi);
  BOOST_TEST(psi[2] == (80.0 * 80 - 1) / std::numbers::sqrt2 * std::exp(-700.0),
             boost::test_tools::tolerance(1e-13));
}

BOOST_AUTO_TEST_CASE(coefficients_of_a_mixture_give_its_density) {
  Gaussian tilted{0.7, Eigen::Vector2d(0.4, -0.3), Eigen::Matrix2d{{0.5, 0.2}, {0.2, 0.6}}};
  Gaussian round{0.3, Eigen::Vector2d(-0.6, 0.2), Eigen::Matrix2d{{0.7, 0.0}, {0.0, 0.4}}};
  const GaussianMixture law({tilted, round});
  const Grid grid = square(60, 12);
  const Hermite hermite(brownian(1.0, 2), grid, 0, {{0, 0}, {0.75, 0.75}});
  const std::vector<double> state = hermite.state_of(law);
  std::vector<double> density(grid.size()), exact(grid.size());
  hermite.density(state, density);
  law.density(grid.centres(), exact);
  for (std::size_t i = 0; i < grid.size(); ++i) BOOST_REQUIRE_SMALL(density[i] - exact[i], 1e-9);

  FormulaLaw formula{
      Coefficient::Function([&](const Points& x, double, std::span<double> out) { law.density(x, out); })};
  const std::vector<double> summed = hermite.state_of(formula);
  for (std::size_t n = 0; n < state.size(); ++n) BOOST_REQUIRE_SMALL(summed[n] / summed[0] - state[n], 1e-12);
}

BOOST_AUTO_TEST_CASE(a_rotation_keeps_the_norm_of_complete_degrees) {
  const double angle = 1.1;
  const Eigen::Matrix2d rotation{{std::cos(angle), -std::sin(angle)}, {std::sin(angle), std::cos(angle)}};
  const std::size_t modes = 40;
  std::vector<double> c = random_state(modes * modes, 3);
  for (std::size_t i = 0; i < modes; ++i)
    for (std::size_t j = modes - i; j < modes; ++j) c[i * modes + j] = 0;
  std::vector<double> turned = c, returned = c;
  substitute(rotation, modes, modes, turned, false);
  BOOST_TEST(norm(turned) == norm(c), boost::test_tools::tolerance(1e-12));
  returned = turned;
  substitute(rotation, modes, modes, returned, true);
  for (std::size_t n = 0; n < c.size(); ++n) BOOST_REQUIRE_SMALL(returned[n] - c[n], 1e-11);
}

BOOST_AUTO_TEST_CASE(every_scheme_steps_back_by_its_exact_transpose) {
  const Coefficient growing = on_line("0.1 + 19.9*t"), waving = on_line("0.6 + 0.3*cos(5*t)");
  const Process affine = ornstein_uhlenbeck(growing, waving);
  const Process rotating{
      {on_plane("-x/2 + 2*y"), on_plane("-y/2 - 2*x*cos(t)")}, {0.5, on_plane("0.4 + t")}, 0.0, {}};
  const Process curved{
      {on_plane("y - x^3"), on_plane("-x - y")}, {0.5, 0.7}, on_plane("0.1*cos(x*y) + t"), {}};
  const Process well{{on_line("x - x^3*(1 + t)")}, {waving}, on_line("x^2*t"), {}};
  BOOST_TEST(unpaired(affine, line(64), {0, 0.4}) < 1e-14);
  BOOST_TEST(unpaired(with_killing(affine, on_line("x^2/3 - x*t/4")), line(64), {0, 0.4}) < 1e-14);
  BOOST_TEST(unpaired(with_killing(affine, on_line("-0.05*x^2")), line(64), {0, 0.4}) < 1e-14);
  BOOST_TEST(unpaired(rotating, square(20), {0, 0.4}) < 1e-14);
  BOOST_TEST(unpaired(with_killing(rotating, on_plane("x*y/5 + x^2/5")), square(16), {0, 0.01}) < 1e-14);
  BOOST_TEST(unpaired(curved, square(16), {0, 0.01}) < 1e-14);
  BOOST_TEST(unpaired(well, line(48), {0, 0.05}) < 1e-13);
  BOOST_TEST(unpaired(double_well(0.5), line(48), {0, 0.5}) < 1e-13);
}

BOOST_AUTO_TEST_CASE(mass_and_what_was_killed_add_up) {
  const Process process = with_killing(ornstein_uhlenbeck(1.0, 1.0), on_line("x^2/2"));
  Hermite hermite(process, line(64), 0, {{0}, {0.7}});
  std::vector<double> state = hermite.state_of(
      GaussianMixture({{1, Eigen::VectorXd::Zero(1), Eigen::MatrixXd::Constant(1, 1, 0.4)}}));
  for (int n = 0; n < 10; ++n) hermite.forward(state, {0.1 * n, 0.1 * (n + 1)});
  BOOST_TEST(hermite.lost(state) > 0.1);
  BOOST_TEST(hermite.mass(state) + hermite.lost(state) == 1.0, boost::test_tools::tolerance(1e-14));
}

namespace {

/// The largest difference of a scheme's density at t = 1 from that of a killed affine process in closed form.
template <class Steps>
double error_of_killing(const Process& process) {
  const Grid grid = square(40, 3);
  const std::vector<HermiteBasis> bases = {{0.1, 0.9, 40}, {-0.2, 0.8, 43}};
  const GaussianMixture start({{1, Eigen::Vector2d(0.5, -0.3), Eigen::Matrix2d{{0.5, 0.1}, {0.1, 0.6}}}});
  Steps steps(process, bases);
  std::vector<double> c = hermite_coefficients(start, grid, bases);
  for (int n = 0; n < 100; ++n) steps.forward(c, {0.01 * n, 0.01 * (n + 1)});
  const std::vector<double> right =
      hermite_coefficients(AffineProcess::of(process).value().push(start, 0, 1), grid, bases);
  double worst = 0;
  for (std::size_t n = 0; n < c.size(); ++n) worst = std::max(worst, std::abs(c[n] - right[n]));
  return worst;
}

}  // namespace

/// V at the axes' centres, which is not zero, counts once, not once an axis; and V may couple the axes.
BOOST_AUTO_TEST_CASE(killing_in_the_plane_is_that_of_the_closed_form) {
  const Process apart{
      {on_plane("-x"), on_plane("-y/2")}, {0.8, 0.5}, on_plane("0.7 + x^2/4 + (y - 1)^2/6 + t/3"), {}};
  BOOST_TEST(error_of_killing<HermiteExponential>(apart) < 1e-7);
  Process joined = apart;
  joined.killing = on_plane("0.7 + x^2/4 + y^2/6 + x*y/5 - x/3");
  BOOST_TEST(error_of_killing<HermiteRungeKutta>(joined) < 1e-7);
}

/// Where nothing is affine the axes are still not apart if V couples them: against Fourier's series.
BOOST_AUTO_TEST_CASE(killing_that_couples_the_axes_of_wells) {
  const Process wells{
      {on_plane("x - x^3/4"), on_plane("-y")}, {0.5, 0.6}, on_plane("0.3*(x + y)^2 + 0.2*x^2"), {}};
  const GaussianMixture start({{1, Eigen::Vector2d(0.5, 0.4), 0.15 * Eigen::Matrix2d::Identity()}});
  KolmogorovChoices choices;
  choices.tolerance = 1e-8;
  choices.method = Method::fourier;
  const double right = solve_fokker_planck(wells, square(64, 4.5), start, 0, {0, 0.5}, choices).mass[1];
  choices.method = Method::hermite;
  const double found = solve_fokker_planck(wells, square(72, 4.5), start, 0, {0, 0.5}, choices).mass[1];
  BOOST_TEST(std::abs(found - right) < 1e-6, found << " " << right);
}

BOOST_AUTO_TEST_CASE(what_does_not_fit_is_refused_or_told) {
  const Grid ring({Axis{"x", -6, 6, 16, Boundary::periodic}});
  BOOST_CHECK_THROW(Hermite(brownian(1.0), ring, 0, {{0}, {1}}), std::invalid_argument);
  BOOST_CHECK_THROW(Hermite(brownian(1.0), line(16), 0, {{0}, {-1}}), std::invalid_argument);
  BOOST_CHECK_THROW(Hermite(brownian(1.0), line(16), 0, {{}, {1}}), std::invalid_argument);
  const Process explosive{{on_line("log(x)")}, {1.0}, 0.0, {}};
  BOOST_CHECK_THROW(
      {
        Hermite hermite(explosive, line(16), 0, {{0}, {1}});
        std::vector<double> state(hermite.size(), 1.0);
        hermite.forward(state, {0, 0.1});
      },
      std::invalid_argument);
  const Hermite coarse(brownian(1.0), line(16), 0, {{0}, {1}});
  const GaussianMixture narrow({{1, Eigen::VectorXd::Zero(1), Eigen::MatrixXd::Constant(1, 1, 0.01)}});
  BOOST_TEST(coarse.warnings(coarse.state_of(narrow), 0).size() == 1u);
  const Hermite fine(brownian(1.0), line(16), 0, {{0}, {0.1}});
  BOOST_TEST(fine.warnings(fine.state_of(narrow), 0).empty());
}
