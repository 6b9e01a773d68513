// SPDX-License-Identifier: GPL-3.0-or-later
// Draws from laws: their moments and distribution functions against the exact ones, within 4.5 standard deviations of
// what random numbers do; and against sums over lattices of uniform numbers, which do much less.
#include "solver/law/sample/law_sample.hpp"

#include <omp.h>

#include <Eigen/LU>
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <functional>
#include <numbers>

#include "grids/failure.hpp"
#include "grids/machine/team.hpp"
#include "validation/support/random_numbers.hpp"

namespace {

using namespace umkehr;

constexpr double most = 4.5;                // standard deviations
constexpr double max_of_kolmogorov = 2.51;  // of sqrt(n) D, as unlikely: 2 exp(-2 x^2) = 7e-6

FormulaLaw formula(const std::string& text, std::size_t dimension = 1) {
  const std::vector<std::string> axes = {"x", "y", "z"};
  return {Formula::parse(text, {{axes.begin(), axes.begin() + static_cast<std::ptrdiff_t>(dimension)}, {}})};
}

Grid box(double from, double to, std::size_t points, std::size_t dimension = 1,
         Boundary boundary = Boundary::reflecting) {
  return Grid(std::vector<Axis>(dimension, {"x", from, to, points, boundary}));
}

Points drawn(const LawSampler& sampler, const Points& uniforms, const Points& normals, std::size_t count) {
  Points out(sampler.dimension(), count);
  sampler.draw(uniforms, normals, out);
  return out;
}

Points drawn(const LawSampler& sampler, std::size_t count, std::uint64_t seed = 1) {
  RandomNumbers random(seed);
  const Points uniforms = random.uniforms(sampler.uniforms(), count);
  return drawn(sampler, uniforms, random.normals(sampler.normals(), count), count);
}

/// sqrt(n) times the largest difference from a distribution function.
double kolmogorov(std::vector<double> x, const std::function<double(double)>& distribution) {
  std::sort(x.begin(), x.end());
  const auto n = static_cast<double>(x.size());
  double largest = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double exact = distribution(x[i]);
    largest = std::max({largest, exact - static_cast<double>(i) / n, static_cast<double>(i + 1) / n - exact});
  }
  return std::sqrt(n) * largest;
}

double normal_distribution(double z) {
  return 0.5 * std::erfc(-z / std::numbers::sqrt2);
}

/// How many standard deviations the mean of a sample is from what it should be.
double z_score(const std::vector<double>& values, double exact) {
  const auto n = static_cast<double>(values.size());
  double mean = 0, square = 0;
  for (const double value : values) mean += value / n;
  for (const double value : values) square += (value - mean) * (value - mean) / n;
  return std::abs(mean - exact) / std::sqrt(square / n);
}

std::vector<double> products(const Points& x, std::size_t k, std::size_t l, double at_k, double at_l) {
  std::vector<double> values(x.count());
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = (x[k][i] - at_k) * (x[l][i] - at_l);
  return values;
}

std::vector<double> coordinate(const Points& x, std::size_t k) {
  return {x[k].begin(), x[k].end()};
}

double mean(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

/// Fibonacci's lattice in the unit square, 1346269 points.
Points lattice() {
  constexpr std::size_t n = 1346269, step = 832040;
  Points u(2, n);
  for (std::size_t i = 0; i < n; ++i) {
    u[0][i] = (static_cast<double>(i) + 0.5) / static_cast<double>(n);
    u[1][i] = (static_cast<double>(i * step % n) + 0.5) / static_cast<double>(n);
  }
  return u;
}

Points midpoints(std::size_t n) {
  Points u(1, n);
  for (std::size_t i = 0; i < n; ++i) u[0][i] = (static_cast<double>(i) + 0.5) / static_cast<double>(n);
  return u;
}

GaussianMixture three_in_five_dimensions() {
  std::vector<Gaussian> components;
  RandomNumbers random(7);
  for (const double weight : {0.6, 0.9, 1.5}) {
    Eigen::MatrixXd root(5, 5);
    for (double& entry : root.reshaped()) entry = random.normal();
    Eigen::VectorXd centre(5);
    for (double& entry : centre) entry = 2 * random.normal();
    components.push_back({weight, centre, root * root.transpose() + 0.1 * Eigen::MatrixXd::Identity(5, 5)});
  }
  return GaussianMixture(components);
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_mixture_in_five_dimensions_has_its_moments_and_distribution) {
  const GaussianMixture mixture = three_in_five_dimensions();
  const Points x = drawn(LawSampler(mixture, nullptr), 200000);
  const Eigen::VectorXd centre = mixture.mean(), direction = Eigen::VectorXd::LinSpaced(5, -1, 2);
  const Eigen::MatrixXd covariance = mixture.covariance();
  for (Eigen::Index k = 0; k < 5; ++k) {
    const auto at = static_cast<std::size_t>(k);
    BOOST_TEST(z_score(coordinate(x, at), centre[k]) < most);
    for (Eigen::Index l = 0; l <= k; ++l)
      BOOST_TEST(z_score(products(x, at, static_cast<std::size_t>(l), centre[k], centre[l]),
                         covariance(k, l)) < most);
  }
  std::vector<double> along(x.count());
  for (std::size_t k = 0; k < 5; ++k)
    for (std::size_t i = 0; i < along.size(); ++i)
      along[i] += direction[static_cast<Eigen::Index>(k)] * x[k][i];
  const auto distribution = [&](double t) {
    double sum = 0;
    for (const Gaussian& each : mixture.components())
      sum += each.weight / 3.0 *
             normal_distribution((t - direction.dot(each.mean)) /
                                 std::sqrt(direction.dot(each.covariance * direction)));
    return sum;
  };
  BOOST_TEST(kolmogorov(along, distribution) < max_of_kolmogorov);
}

BOOST_AUTO_TEST_CASE(points_are_drawn_by_their_shares_and_need_no_normal_numbers) {
  std::vector<Gaussian> points;
  for (const double weight : {0.0, 1.0, 4.0, 0.0, 3.0, 0.0})
    points.push_back(
        {weight, Eigen::Vector2d(static_cast<double>(points.size()), weight), Eigen::Matrix2d::Zero()});
  const LawSampler sampler(GaussianMixture(points), nullptr);
  BOOST_TEST(sampler.normals() == 0u);
  const std::size_t n = 100000;
  const Points x = drawn(sampler, n);
  std::vector<double> counts(6);
  for (std::size_t i = 0; i < n; ++i) {
    ++counts[static_cast<std::size_t>(x[0][i])];
    BOOST_REQUIRE(x[1][i] == points[static_cast<std::size_t>(x[0][i])].weight);
  }
  for (std::size_t c = 0; c < 6; ++c) {
    const double p = points[c].weight / 8, expected = p * static_cast<double>(n);
    BOOST_TEST(std::abs(counts[c] - expected) <= most * std::sqrt(expected * (1 - p)));
  }
  const LawSampler one(GaussianMixture({{0.3, Eigen::Vector3d(1, 2, 3), Eigen::Matrix3d::Zero()}}), nullptr);
  BOOST_TEST(one.uniforms() == 0u);
  BOOST_TEST(drawn(one, 3)[2][2] == 3);
}

BOOST_AUTO_TEST_CASE(a_flat_component_stays_in_its_plane) {
  Eigen::Matrix3d covariance;  // of (a, a + 3 b, 0), in units far apart
  covariance << 1e-8, 1e-4, 0, 1e-4, 10, 0, 0, 0, 0;
  Eigen::Matrix3d line;
  line << 1e-8, 1e-4, 0, 1e-4, 1, 0, 0, 0, 0;
  const GaussianMixture flat(
      {{1, Eigen::Vector3d(5, 0, 2), covariance}, {1, Eigen::Vector3d(5, 0, 1), line}});
  const Points x = drawn(LawSampler(flat, nullptr), 100000);
  std::size_t on_line = 0;
  for (std::size_t i = 0; i < x.count(); ++i) {
    BOOST_REQUIRE((x[2][i] == 1 || x[2][i] == 2));
    if (x[2][i] == 2) continue;
    ++on_line;
    BOOST_REQUIRE(std::abs(1e4 * (x[0][i] - 5) - x[1][i]) < 1e-6);
  }
  BOOST_TEST(std::abs(static_cast<double>(on_line) - 5e4) < most * std::sqrt(2.5e4));
  BOOST_TEST(z_score(products(x, 0, 1, 5, 0), 1e-4) < most);
  BOOST_TEST(z_score(products(x, 1, 1, 0, 0), 5.5) < most);
}

BOOST_AUTO_TEST_CASE(a_thousand_dimensions_keep_their_correlations) {
  constexpr Eigen::Index d = 1000;
  Eigen::MatrixXd covariance(d, d);
  for (Eigen::Index k = 0; k < d; ++k)
    for (Eigen::Index l = 0; l < d; ++l)
      covariance(k, l) = std::exp(-0.1 * std::abs(static_cast<double>(k - l)));
  const LawSampler sampler(GaussianMixture({{1, Eigen::VectorXd::Zero(d), covariance}}), nullptr);
  const Points x = drawn(sampler, 2000);
  std::vector<double> sums(x.count());
  for (std::size_t k = 0; k < 1000; ++k)
    for (std::size_t i = 0; i < sums.size(); ++i) sums[i] += x[k][i];
  const double deviation = std::sqrt(covariance.sum());
  BOOST_TEST(kolmogorov(sums, [&](double t) { return normal_distribution(t / deviation); }) <
             max_of_kolmogorov);
  BOOST_TEST(z_score(products(x, 990, 980, 0, 0), std::exp(-1)) < most);
  BOOST_TEST(kolmogorov(coordinate(x, 999), normal_distribution) < max_of_kolmogorov);
}

BOOST_AUTO_TEST_CASE(a_mixture_wraps_around_a_circle_and_passes_other_walls) {
  const Grid grid({{"x", 1, 3, 10, Boundary::periodic}, {"y", -1, 1, 10, Boundary::absorbing}});
  const GaussianMixture mixture({{1, Eigen::Vector2d(-7.3, 0), Eigen::Vector2d(0.49, 4).asDiagonal()}});
  const Points x = drawn(LawSampler(mixture, &grid), 100000);
  const auto distribution = [](double t) {
    double sum = 0;
    for (double turn = -20; turn <= 20; ++turn)
      sum +=
          normal_distribution((t + 2 * turn + 7.3) / 0.7) - normal_distribution((1 + 2 * turn + 7.3) / 0.7);
    return sum;
  };
  BOOST_TEST(std::all_of(x[0].begin(), x[0].end(), [](double place) { return place >= 1 && place < 3; }));
  BOOST_TEST(kolmogorov(coordinate(x, 0), distribution) < max_of_kolmogorov);
  BOOST_TEST(kolmogorov(coordinate(x, 1), [](double y) { return normal_distribution(y / 2); }) <
             max_of_kolmogorov);
}

BOOST_AUTO_TEST_CASE(smooth_laws_on_a_line_have_moments_to_a_millionth) {
  using std::numbers::pi;
  const Grid grid = box(-1, 1, 50);
  const auto moments = [&](const LawSampler& sampler) {
    const Points x = drawn(sampler, midpoints(1000000), Points(0, 0), 1000000);
    return std::pair{mean(coordinate(x, 0)), mean(products(x, 0, 0, 0, 0))};
  };
  const auto [centre, square] = moments(LawSampler(formula("1 + cos(pi*x)"), &grid));
  BOOST_TEST(std::abs(centre) < 1e-8);
  BOOST_TEST(std::abs(square - (1.0 / 3 - 2 / (pi * pi))) < 1e-8);
  const auto [aside, second] = moments(LawSampler(formula("2 + sin(pi*x)"), &grid));
  BOOST_TEST(std::abs(aside - 1 / (2 * pi)) < 1e-8);
  BOOST_TEST(std::abs(second - 1.0 / 3) < 1e-8);
  // A field of few values, whose interpolation alone has an error of a millionth.
  std::vector<double> values;
  for (const double x : grid.axis(0).centres()) values.push_back(7 * (1 + std::cos(pi * x)));
  const auto [middle, gridded] = moments(LawSampler(GriddedLaw{grid, values}, nullptr));
  BOOST_TEST(std::abs(middle) < 1e-8);
  BOOST_TEST(std::abs(gridded - (1.0 / 3 - 2 / (pi * pi))) < 1e-6);
}

BOOST_AUTO_TEST_CASE(a_formula_with_jumps_has_its_distribution) {
  const Grid grid = box(-1, 2, 40);
  const LawSampler sampler(
      formula("where(x < 0.3, 1, 0) + where(x > 0.7, where(x < 1.1, 20*(x - 0.7), 0), 0)"), &grid);
  const auto distribution = [](double x) {
    const double low = std::min(x, 0.3) + 1, high = std::clamp(x, 0.7, 1.1) - 0.7;
    return (low + 10 * high * high) / (1.3 + 1.6);
  };
  BOOST_TEST(kolmogorov(coordinate(drawn(sampler, 1000000), 0), distribution) < max_of_kolmogorov);
  const Points x = drawn(sampler, midpoints(1000000), Points(0, 0), 1000000);
  BOOST_TEST(kolmogorov(coordinate(x, 0), distribution) < 1000 * 3e-4);  // of D, what a cut cell may hold
}

BOOST_AUTO_TEST_CASE(a_ring_in_the_plane_has_its_radius_and_angle) {
  const Grid grid = box(-2, 2, 60, 2);
  const Points x = drawn(LawSampler(formula("exp(-50*(sqrt(x^2 + y^2) - 1)^2)", 2), &grid), 300000);
  std::vector<double> radius(x.count()), angle(x.count());
  for (std::size_t i = 0; i < x.count(); ++i) {
    radius[i] = std::hypot(x[0][i], x[1][i]);
    angle[i] = std::atan2(x[1][i], x[0][i]);
  }
  // int_0^r s exp(-(s - 1)^2/(2 b^2)) ds with b = 0.1
  const auto integral = [](double r) {
    const double b = 0.1, root = b * std::sqrt(2 * std::numbers::pi);
    return root * (normal_distribution((r - 1) / b) - normal_distribution(-1 / b)) +
           b * b * (std::exp(-0.5 / (b * b)) - std::exp(-0.5 * (r - 1) * (r - 1) / (b * b)));
  };
  BOOST_TEST(kolmogorov(radius, [&](double r) { return integral(r) / integral(2.5); }) < max_of_kolmogorov);
  BOOST_TEST(kolmogorov(angle, [](double a) { return 0.5 + a / (2 * std::numbers::pi); }) <
             max_of_kolmogorov);
}

BOOST_AUTO_TEST_CASE(a_disc_with_a_sharp_edge_is_evenly_filled) {
  const Grid grid = box(-1.3, 1.4, 60, 2);
  const Points x = drawn(LawSampler(formula("where(x^2 + y^2 < 1, 1, 0)", 2), &grid), 300000);
  std::vector<double> square(x.count());
  for (std::size_t i = 0; i < x.count(); ++i) square[i] = x[0][i] * x[0][i] + x[1][i] * x[1][i];
  BOOST_TEST(*std::max_element(square.begin(), square.end()) < 1.02);
  BOOST_TEST(kolmogorov(square, [](double s) { return std::min(s, 1.0); }) < max_of_kolmogorov);
}

BOOST_AUTO_TEST_CASE(axes_that_depend_on_each_other_are_right_to_better_than_a_cell) {
  const std::string text = "exp(-(x^2 - 1.6*x*y + y^2)/0.72)";  // variances 1, covariance 0.8
  const Points u = lattice();
  const Grid grid = box(-8, 8, 64, 2);
  const Points x = drawn(LawSampler(formula(text, 2), &grid), u, Points(0, 0), u.count());
  BOOST_TEST(std::abs(mean(products(x, 0, 0, 0, 0)) - 1) < 3e-5);
  BOOST_TEST(std::abs(mean(products(x, 0, 1, 0, 0)) - 0.8) < 3e-5);
  BOOST_TEST(std::abs(mean(products(x, 1, 1, 0, 0)) - 1) < 3e-5);
  // h^2/12 = 5e-3 is what values at the centres, taken for means, would add.
  std::vector<double> values(grid.size());
  density_at(formula(text, 2), grid, grid.centres(), values);
  const Points y = drawn(LawSampler(GriddedLaw{grid, values}, nullptr), u, Points(0, 0), u.count());
  BOOST_TEST(std::abs(mean(products(y, 0, 0, 0, 0)) - 1) < 1e-3);
  BOOST_TEST(std::abs(mean(products(y, 0, 1, 0, 0)) - 0.8) < 1e-3);
  BOOST_TEST(std::abs(mean(products(y, 1, 1, 0, 0)) - 1) < 1e-3);
}

BOOST_AUTO_TEST_CASE(three_axes_by_a_formula_and_by_a_field) {
  // Precision matrix of a chain: covariance known by inversion.
  Eigen::Matrix3d precision;
  precision << 2, -1, 0, -1, 2, -1, 0, -1, 2;
  const Eigen::Matrix3d covariance = precision.inverse();
  const Law law = formula("exp(-(x^2 + y^2 + z^2 - x*y - y*z))", 3);
  const Grid grid = box(-6, 6, 60, 3);
  std::vector<double> values(grid.size());
  density_at(law, grid, grid.centres(), values);
  for (const Law& each : {law, Law(GriddedLaw{grid, values})}) {
    const Points x = drawn(LawSampler(each, &grid), 100000, 3);
    for (std::size_t k = 0; k < 3; ++k) {
      const double deviation = std::sqrt(covariance.diagonal()[static_cast<Eigen::Index>(k)]);
      BOOST_TEST(kolmogorov(coordinate(x, k), [&](double t) { return normal_distribution(t / deviation); }) <
                 max_of_kolmogorov);
      for (std::size_t l = 0; l < k; ++l)
        BOOST_TEST(z_score(products(x, k, l, 0, 0),
                           covariance(static_cast<Eigen::Index>(k), static_cast<Eigen::Index>(l))) < most);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_field_is_cut_at_the_walls_of_the_grid) {
  const Grid field = box(-4, 4, 400), grid = box(-1, 6, 30);
  std::vector<double> values;
  for (const double x : field.axis(0).centres()) values.push_back(std::exp(-0.5 * x * x));
  const Points x = drawn(LawSampler(GriddedLaw{field, values}, &grid), 200000);
  const double below = normal_distribution(-1);
  const auto distribution = [&](double t) {
    return (normal_distribution(t) - below) / (normal_distribution(4) - below);
  };
  BOOST_TEST(kolmogorov(coordinate(x, 0), distribution) < max_of_kolmogorov);
}

BOOST_AUTO_TEST_CASE(a_draw_depends_on_its_own_numbers_alone) {
  const team::SharesAnything small;
  const Grid plane = box(-2, 2, 30, 2);
  const std::size_t n = 1000, skip = 37;
  for (const LawSampler& sampler : {LawSampler(three_in_five_dimensions(), nullptr),
                                    LawSampler(formula("exp(-x^2 - (y - x^2)^2)", 2), &plane)}) {
    RandomNumbers random(5);
    const Points u = random.uniforms(sampler.uniforms(), n), z = random.normals(sampler.normals(), n);
    const auto tail = [&](const Points& all) {
      Points some(all.dimension(), n - skip);
      for (std::size_t k = 0; k < all.dimension(); ++k)
        std::copy(all[k].begin() + skip, all[k].end(), some[k].begin());
      return some;
    };
    omp_set_num_threads(1);
    const Points whole = drawn(sampler, u, z, n);
    omp_set_num_threads(3);
    const Points again = drawn(sampler, u, z, n), part = drawn(sampler, tail(u), tail(z), n - skip);
    for (std::size_t k = 0; k < sampler.dimension(); ++k) {
      BOOST_TEST(std::equal(whole[k].begin(), whole[k].end(), again[k].begin()));
      BOOST_TEST(std::equal(part[k].begin(), part[k].end(), whole[k].begin() + skip));
    }
  }
}

BOOST_AUTO_TEST_CASE(what_cannot_be_drawn_is_refused) {
  const Grid line = box(-1, 1, 10);
  BOOST_CHECK_THROW(LawSampler(formula("1"), nullptr), std::invalid_argument);
  BOOST_CHECK_THROW(LawSampler(formula("x"), &line), UnfitProblem);
  BOOST_CHECK_THROW(LawSampler(GaussianMixture(), nullptr), UnfitProblem);
  BOOST_CHECK_THROW(LawSampler(three_in_five_dimensions(), &line), std::invalid_argument);
  const Grid apart = box(3, 4, 10);
  BOOST_CHECK_THROW(LawSampler(GriddedLaw{line, std::vector<double>(10, 1.0)}, &apart), UnfitProblem);
  Points few(1, 2);
  BOOST_CHECK_THROW(LawSampler(formula("1"), &line).draw(Points(1, 1), Points(0, 0), few),
                    std::invalid_argument);
}
