// SPDX-License-Identifier: GPL-3.0-or-later
// Means over cells by the primitive of each function: exact for polynomials of degree 7, of order 8 otherwise.
#include "grids/interpolation/cell_averages.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <functional>

using namespace umkehr;

namespace {

using Function = std::function<double(double)>;

double largest_error(std::size_t points, const Function& f, const Function& primitive) {
  const Axis axis{"x", -1, 2, points};
  std::vector<double> values;
  for (const double x : axis.centres()) values.push_back(f(x));
  const std::vector<double> means = cell_averages(Grid({axis}), values);
  double largest = 0;
  for (std::size_t i = 0; i < points; ++i) {
    const double mean = (primitive(axis.face(i + 1)) - primitive(axis.face(i))) / axis.spacing();
    largest = std::max(largest, std::abs(means[i] - mean));
  }
  return largest;
}

}  // namespace

BOOST_AUTO_TEST_CASE(degree_seven_is_exact_up_to_the_walls) {
  const Function f = [](double x) { return 8 * std::pow(x, 7) - 3 * x * x; },
                 primitive = [](double x) { return std::pow(x, 8) - x * x * x; };
  BOOST_TEST(largest_error(12, f, primitive) < 1e-11);
  BOOST_TEST(largest_error(
                 3, [](double x) { return 3 * x * x; }, [](double x) { return x * x * x; }) < 1e-13);
}

BOOST_AUTO_TEST_CASE(other_functions_are_met_to_eighth_order) {
  const Function f = [](double x) { return std::cos(2 * x); },
                 primitive = [](double x) { return std::sin(2 * x) / 2; };
  const double coarse = largest_error(20, f, primitive), fine = largest_error(40, f, primitive);
  BOOST_TEST(coarse < 1e-5);
  BOOST_TEST(std::log2(coarse / fine) > 7.5);
}

BOOST_AUTO_TEST_CASE(axes_are_averaged_one_by_one) {
  const Grid grid({{"x", 0, 1, 9}, {"y", 0, 2, 10}});
  std::vector<double> values(grid.size());
  const Points x = grid.centres();
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = x[0][i] * x[0][i] * std::pow(x[1][i], 3);
  const std::vector<double> means = cell_averages(grid, values);
  for (std::size_t i = 0; i < values.size(); ++i) {
    // The mean of x^2 over a cell is x^2 + h^2/12, that of y^3 is y^3 + y h^2/4.
    const double across = x[0][i] * x[0][i] + 1.0 / 81 / 12,
                 along = std::pow(x[1][i], 3) + x[1][i] * 0.04 / 4;
    BOOST_TEST(std::abs(means[i] - across * along) < 1e-13);
  }
}
