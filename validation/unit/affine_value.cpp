// SPDX-License-Identifier: GPL-3.0-or-later
// Values of affine processes by quadrature against moments known in closed form, in one to three dimensions.
#include "solver/law/affine_value.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>

#include "grids/dense/dense_matrix.hpp"

using namespace umkehr;

namespace {

const FormulaNames space{{"x", "y", "z"}, {}};

Process rotating() {
  const auto parse = [](const char* text) { return Formula::parse(text, space); };
  return {{parse("-x + 2*y*(1 + t)"), parse("-y - 2*x"), parse("0.5 - z + x")},
          {parse("0.5 + t"), parse("0.7"), parse("0.3")},
          parse("(x^2 + y^2)/3 + x*z/5 - t"),
          {}};
}

Points some_points() {
  return Points({{0.3, -1.2, 2.0, 0.0}, {0.1, 0.8, -1.5, 0.0}, {-0.4, 0.2, 1.0, 0.0}});
}

Gaussian law_from(const Process& process, const Points& x, std::size_t i, double t, double stop) {
  Eigen::VectorXd from(static_cast<Eigen::Index>(x.dimension()));
  for (std::size_t k = 0; k < x.dimension(); ++k) from[static_cast<Eigen::Index>(k)] = x[k][i];
  return AffineProcess::of(process)->transition(from, t, stop).components()[0];
}

template <class Exact>
void check(const char* terminal, Exact exact) {
  const Process process = rotating();
  const Points x = some_points();
  std::vector<double> values(x.count());
  const Coefficient formula = Formula::parse(terminal, space);
  BOOST_TEST(affine_value(*AffineProcess::of(process), formula, 0.2, 1.1, x, values) <= 1e-12);
  for (std::size_t i = 0; i < x.count(); ++i) {
    const Gaussian law = law_from(process, x, i, 0.2, 1.1);
    const double expected = law.weight * exact(law.mean, law.covariance);
    BOOST_TEST(std::abs(values[i] - expected) <= 1e-12 * std::max(1.0, std::abs(expected)),
               terminal << ": " << values[i] << " is not " << expected);
  }
}

}  // namespace

BOOST_AUTO_TEST_CASE(moments_of_a_normal_law) {
  using Vector = Eigen::VectorXd;
  using Matrix = Eigen::MatrixXd;
  check("1", [](const Vector&, const Matrix&) { return 1.0; });
  check("x*y", [](const Vector& m, const Matrix& c) { return m[0] * m[1] + c(0, 1); });
  check("z^4", [](const Vector& m, const Matrix& c) {
    return std::pow(m[2], 4) + 6 * m[2] * m[2] * c(2, 2) + 3 * c(2, 2) * c(2, 2);
  });
  check("cos(2*x - y)", [](const Vector& m, const Matrix& c) {
    const double variance = 4 * c(0, 0) - 4 * c(0, 1) + c(1, 1);
    return std::cos(2 * m[0] - m[1]) * std::exp(-variance / 2);
  });
  check("exp(-(x^2 + y^2 + z^2)/2)", [](const Vector& m, const Matrix& c) {
    const Inverse inverse = invert(Matrix::Identity(3, 3) + c);
    return std::exp(-0.5 * m.dot(inverse.matrix.lazyProduct(m).eval()) - 0.5 * inverse.log_abs_determinant);
  });
}

BOOST_AUTO_TEST_CASE(at_the_stop_it_is_the_terminal_value) {
  const Points x = some_points();
  std::vector<double> values(x.count()), expected(x.count());
  const Coefficient terminal = Formula::parse("where(x > 0.1, exp(y), z)", space);
  BOOST_TEST(affine_value(*AffineProcess::of(rotating()), terminal, 1.1, 1.1, x, values) == 0);
  terminal(x, 1.1, expected);
  BOOST_TEST(values == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_kink_shows_in_the_estimate) {
  Points x(1, 40);
  for (std::size_t i = 0; i < 40; ++i) x[0][i] = 0.1 * static_cast<double>(i) - 2;
  std::vector<double> values(40);
  const Process brownian{{Coefficient(Formula::constant(0, 1))}, {1.0}, 0.0, {}};
  const Coefficient kink = Formula::parse("abs(x)");
  BOOST_TEST(affine_value(*AffineProcess::of(brownian), kink, 0, 1, x, values) > 1e-8);
  BOOST_TEST(std::abs(values[20] - std::sqrt(2 / std::acos(-1.0))) < 1e-2);
}
