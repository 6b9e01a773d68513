// SPDX-License-Identifier: GPL-3.0-or-later
// Laws on a grid: normalisation, interpolation and what is refused.
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <numbers>
#include <numeric>

#include "grids/failure.hpp"
#include "solver/law/law.hpp"

namespace {

using namespace umkehr;
using boost::test_tools::tolerance;

Formula formula(const std::string& text, std::size_t dimension = 1) {
  const std::vector<std::string> axes = {"x", "y", "z"};
  return Formula::parse(text, {{axes.begin(), axes.begin() + static_cast<std::ptrdiff_t>(dimension)}, {}});
}

Grid line(double from, double to, std::size_t points, Boundary boundary = Boundary::reflecting) {
  return Grid({{"x", from, to, points, boundary}});
}

std::vector<double> means(const Law& law, const Grid& grid) {
  std::vector<double> values(grid.size());
  cell_means(law, grid, values);
  return values;
}

std::vector<double> values(const Law& law, const Grid& grid, const Points& x) {
  std::vector<double> result(x.count());
  density_at(law, grid, x, result);
  return result;
}

double mass(const std::vector<double>& density, const Grid& grid) {
  return std::accumulate(density.begin(), density.end(), 0.0) * grid.cell_volume();
}

std::string message(const Law& law, const Grid& grid) {
  try {
    means(law, grid);
  } catch (const UnfitProblem& error) {
    return error.what();
  }
  return "";
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_formula_and_the_gaussian_that_it_spells_are_one_law) {
  const Grid grid({{"x", -8, 8, 120, Boundary::reflecting}, {"y", -7, 7, 90, Boundary::reflecting}});
  const Law spelled = FormulaLaw{formula("3*exp(-(x - 0.5)^2/2 - y^2)", 2)};
  const Law gaussian =
      GaussianMixture({{1, Eigen::Vector2d(0.5, 0), Eigen::Matrix2d(Eigen::Vector2d(1, 0.5).asDiagonal())}});
  const std::vector<double> a = means(spelled, grid), b = means(gaussian, grid);
  const Points x = grid.centres();
  const std::vector<double> c = values(spelled, grid, x), d = values(gaussian, grid, x);
  for (std::size_t i = 0; i < grid.size(); ++i) {
    BOOST_TEST(std::abs(a[i] - b[i]) < 1e-12);
    BOOST_TEST(std::abs(c[i] - d[i]) < 1e-12);
  }
  BOOST_TEST(mass(a, grid) == 1.0, tolerance(1e-13));
  BOOST_TEST(mass(c, grid) == 1.0, tolerance(1e-13));
}

BOOST_AUTO_TEST_CASE(cell_means_of_polynomials_are_exact) {
  const Grid grid = line(0, 2, 4);
  const std::vector<double> a = means(FormulaLaw{formula("x^9")}, grid);
  for (std::size_t i = 0; i < 4; ++i) {
    const double left = grid.axis(0).face(i), right = grid.axis(0).face(i + 1);
    BOOST_TEST(a[i] == (std::pow(right, 10) - std::pow(left, 10)) / std::pow(2.0, 10) / 0.5,
               tolerance(1e-13));
  }
}

BOOST_AUTO_TEST_CASE(a_mixture_keeps_its_own_mass) {
  const GaussianMixture half({{0.5, Eigen::VectorXd::Constant(1, 0), Eigen::MatrixXd::Constant(1, 1, 1)}});
  BOOST_TEST(mass(means(half, line(-9, 9, 50)), line(-9, 9, 50)) == 0.5, tolerance(1e-14));
  BOOST_TEST(mass(means(half, line(0, 9, 50)), line(0, 9, 50)) == 0.25, tolerance(1e-13));
}

BOOST_AUTO_TEST_CASE(a_gridded_law_on_its_own_grid_is_its_data) {
  const Grid grid({{"x", -1, 1, 7, Boundary::reflecting}, {"y", 0, 1, 5, Boundary::periodic}});
  std::vector<double> data(grid.size());
  for (std::size_t i = 0; i < data.size(); ++i) data[i] = 1 + std::sin(static_cast<double>(i * i));
  const double total = mass(data, grid);
  const Law law = GriddedLaw{grid, data};
  const std::vector<double> a = means(law, grid), b = values(law, grid, grid.centres());
  for (std::size_t i = 0; i < data.size(); ++i) {
    BOOST_TEST(a[i] == data[i] / total, tolerance(1e-14));
    BOOST_TEST(b[i] == data[i] / total, tolerance(1e-14));
  }
}

BOOST_AUTO_TEST_CASE(interpolation_of_a_gridded_law_has_order_eight) {
  const auto density = [](double x) { return std::exp(-x * x / 2 + std::sin(2 * x)); };
  const Grid target = line(-6, 6, 77);
  const Points x = target.centres();
  std::vector<double> errors;
  for (const std::size_t points : {64UL, 128UL, 256UL, 512UL}) {
    const Grid grid = line(-9, 9, points);
    std::vector<double> data(points);
    for (std::size_t i = 0; i < points; ++i) data[i] = density(grid.axis(0).centre(i));
    const std::vector<double> found = values(GriddedLaw{grid, data}, target, x);
    double scale = 0, worst = 0;
    for (std::size_t i = 0; i < x.count(); ++i) scale += density(x[0][i]) * target.cell_volume();
    for (std::size_t i = 0; i < x.count(); ++i)
      worst = std::max(worst, std::abs(found[i] - density(x[0][i]) / scale));
    errors.push_back(worst);
  }
  BOOST_TEST_MESSAGE("errors of interpolation " << errors[0] << " " << errors[1] << " " << errors[2] << " "
                                                << errors[3]);
  for (std::size_t n = 1; n < errors.size(); ++n) BOOST_TEST(std::log2(errors[n - 1] / errors[n]) > 6.8);
  BOOST_TEST(errors.back() < 1e-9);
}

BOOST_AUTO_TEST_CASE(interpolation_wraps_around_periodic_axes_and_ends_at_walls) {
  const double pi = std::numbers::pi;
  const Grid circle = line(-pi, pi, 64, Boundary::periodic);
  std::vector<double> data(64);
  for (std::size_t i = 0; i < 64; ++i) data[i] = 1 + 0.5 * std::cos(circle.axis(0).centre(i));
  Points x(1, 3);
  x[0][0] = -pi + 1e-3, x[0][1] = pi - 1e-3, x[0][2] = 0.123;
  const std::vector<double> found = values(GriddedLaw{circle, data}, circle, x);
  for (std::size_t i = 0; i < 3; ++i)
    BOOST_TEST(found[i] == (1 + 0.5 * std::cos(x[0][i])) / (2 * pi), tolerance(1e-9));
  const Grid wide = line(-2 * pi, 2 * pi, 128);
  const std::vector<double> outside = means(GriddedLaw{circle, data}, wide);
  for (std::size_t i = 0; i < 128; ++i)
    BOOST_TEST((outside[i] > 0) == (std::abs(wide.axis(0).centre(i)) < pi));
}

BOOST_AUTO_TEST_CASE(interpolation_does_not_make_negative_values) {
  const Grid grid = line(-1, 1, 40);
  std::vector<double> data(40, 0.0);
  for (std::size_t i = 15; i < 22; ++i) data[i] = 1;
  for (const double value : means(GriddedLaw{grid, data}, line(-1, 1, 333))) BOOST_TEST(value >= 0);
}

BOOST_AUTO_TEST_CASE(wrong_densities_are_named_with_place_and_value) {
  const Grid grid({{"x", -1, 1, 8, Boundary::reflecting}, {"angle", 0, 1, 4, Boundary::reflecting}});
  const std::string negative = message(FormulaLaw{formula("x + 0.5", 2)}, grid);
  BOOST_TEST(negative.find("the density is -0.4") == 0U, negative);
  BOOST_TEST(negative.find("x = -0.98") != std::string::npos, negative);
  BOOST_TEST(negative.find("angle = ") != std::string::npos, negative);
  BOOST_TEST(message(FormulaLaw{formula("1/(x + 1 - x - 1)", 2)}, grid).find("finite") != std::string::npos);
  BOOST_TEST(message(FormulaLaw{formula("0*x", 2)}, grid).find("zero everywhere") != std::string::npos);
  const GaussianMixture elsewhere({{1, Eigen::Vector2d(90, 0), Eigen::Matrix2d::Zero()}});
  BOOST_TEST(message(elsewhere, grid).find("zero everywhere") != std::string::npos);
  BOOST_CHECK_THROW(values(elsewhere, grid, grid.centres()), UnfitProblem);
  BOOST_CHECK_THROW(means(GriddedLaw{grid, std::vector<double>(3)}, line(0, 1, 4)), std::invalid_argument);
}
