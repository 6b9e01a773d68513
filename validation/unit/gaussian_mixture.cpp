// SPDX-License-Identifier: GPL-3.0-or-later
// Densities, scores, cell means and entropies of Gaussian mixtures against quadrature and closed forms.
#include <omp.h>
#include <algorithm>
#include <stdexcept>

#include <Eigen/Geometry>
#include <Eigen/LU>

#include <rapidcheck.h>
#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <numbers>
#include <random>

#include "grids/failure.hpp"
#include "grids/machine/team.hpp"
#include "solver/law/gaussian_mixture.hpp"

namespace {

using namespace umkehr;
using Eigen::Matrix2d;
using Eigen::Matrix3d;
using Eigen::Vector2d;
using Eigen::Vector3d;

constexpr double two_pi = 2 * std::numbers::pi;

Gaussian normal(double weight, double mean, double variance) {
  return {weight, Eigen::VectorXd::Constant(1, mean), Eigen::MatrixXd::Constant(1, 1, variance)};
}

Matrix2d turned(double angle, double first, double second) {
  Matrix2d turn;
  turn << std::cos(angle), -std::sin(angle), std::sin(angle), std::cos(angle);
  return turn * Vector2d(first, second).asDiagonal() * turn.transpose();
}

Points one_point(const std::vector<double>& place) {
  Points x(place.size(), 1);
  for (std::size_t k = 0; k < place.size(); ++k) x[k][0] = place[k];
  return x;
}

double log_density(const GaussianMixture& law, const std::vector<double>& place) {
  double value = 0;
  law.log_density(one_point(place), {&value, 1});
  return value;
}

double score(const GaussianMixture& law, const std::vector<double>& place, std::size_t axis) {
  double value = 0;
  law.score(one_point(place), axis, {&value, 1});
  return value;
}

std::vector<double> cell_means(const GaussianMixture& law, const Grid& grid) {
  std::vector<double> means(grid.size());
  law.cell_means(grid, means);
  return means;
}

double sum(const std::vector<double>& values) {
  double total = 0;
  for (const double value : values) total += value;
  return total;
}

template <class Function>
double integral(const Function& f, double a, double b) {
  return boost::math::quadrature::gauss_kronrod<double, 61>::integrate(f, a, b, 8, 1e-14);
}

}  // namespace

BOOST_AUTO_TEST_CASE(density_and_score_in_three_dimensions_are_those_of_the_definition) {
  Matrix3d covariance;
  covariance << 0.5, 0.2, -0.1, 0.2, 0.8, 0.3, -0.1, 0.3, 0.6;
  const GaussianMixture law(
      {{0.4, Vector3d(0.1, -0.3, 0.5), covariance}, {0.6, Vector3d(1, 1, -1), 0.3 * Matrix3d::Identity()}});
  for (const Vector3d& x : {Vector3d(0, 0, 0), Vector3d(1, -1, 2), Vector3d(-0.4, 0.9, 0.2)}) {
    double density = 0;
    Vector3d gradient = Vector3d::Zero();
    for (const Gaussian& gaussian : law.components()) {
      const Vector3d from_mean = x - gaussian.mean;
      const Matrix3d inverse = Matrix3d(gaussian.covariance).inverse();
      const double value = gaussian.weight * std::exp(-0.5 * from_mean.dot(inverse * from_mean)) /
                           std::sqrt(std::pow(two_pi, 3) * Matrix3d(gaussian.covariance).determinant());
      density += value;
      gradient -= value * inverse * from_mean;
    }
    BOOST_TEST(log_density(law, {x[0], x[1], x[2]}) == std::log(density),
               boost::test_tools::tolerance(1e-14));
    for (std::size_t k = 0; k < 3; ++k)
      BOOST_TEST(score(law, {x[0], x[1], x[2]}, k) == gradient[static_cast<Eigen::Index>(k)] / density,
                 boost::test_tools::tolerance(1e-13));
  }
}

BOOST_AUTO_TEST_CASE(more_than_three_dimensions) {
  const Eigen::Index d = 6;
  const GaussianMixture law({{2, Eigen::VectorXd::Constant(d, 1), 4 * Eigen::MatrixXd::Identity(d, d)}});
  const std::vector<double> x(6, 2.0);
  BOOST_TEST(log_density(law, x) == std::log(2) - 3 * std::log(two_pi * 4) - 6.0 / 8,
             boost::test_tools::tolerance(1e-14));
  BOOST_TEST(score(law, x, 4) == -0.25, boost::test_tools::tolerance(1e-14));
}

BOOST_AUTO_TEST_CASE(tails_stay_finite_where_the_density_underflows) {
  const GaussianMixture law({normal(0.5, 0, 1), normal(0.5, 3, 0.01)});
  BOOST_TEST(log_density(law, {-1000}) == std::log(0.5) - 0.5 * std::log(two_pi) - 500000,
             boost::test_tools::tolerance(1e-15));
  BOOST_TEST(score(law, {-1000}, 0) == 1000.0, boost::test_tools::tolerance(1e-14));
}

BOOST_AUTO_TEST_CASE(moments) {
  const GaussianMixture law(
      {{0.5, Vector2d(1, 0), Matrix2d::Identity()}, {1.5, Vector2d(-1, 2), turned(0.3, 0.2, 0.7)}});
  BOOST_TEST(law.mass() == 2.0);
  BOOST_TEST((law.mean() - Vector2d(-0.5, 1.5)).norm() < 1e-15);
  Matrix2d between;
  between << 0.75, -0.75, -0.75, 0.75;
  BOOST_TEST(
      (law.covariance() - (0.25 * Matrix2d::Identity() + 0.75 * turned(0.3, 0.2, 0.7) + between)).norm() <
      1e-15);
}

BOOST_AUTO_TEST_CASE(cell_means_in_one_dimension_are_integrals_far_into_the_tails) {
  const Grid grid({{"x", -9, 11, 97, Boundary::reflecting}});
  for (const double variance : {1e-4, 0.09, 1.0, 400.0}) {
    const GaussianMixture law({normal(0.8, 0.37, variance)});
    const std::vector<double> means = cell_means(law, grid);
    for (std::size_t i = 0; i < grid.size(); ++i) {
      const Axis& axis = grid.axis(0);
      const double deviation = std::sqrt(variance);
      // The density relative to its largest value in the cell, which is at the point nearest to the mean.
      const double nearest = std::clamp(0.37, axis.face(i), axis.face(i + 1)),
                   z = (nearest - 0.37) / deviation;
      const auto relative = [&](double x) {
        return std::exp(-0.5 * (x - nearest) * (x + nearest - 2 * 0.37) / variance);
      };
      const double reach = 40 * deviation / (1 + std::abs(z));
      const double a = std::max(axis.face(i), nearest - reach),
                   b = std::min(axis.face(i + 1), nearest + reach);
      const double factor = 0.8 / std::sqrt(two_pi * variance) * std::exp(-0.5 * z * z) / axis.spacing();
      const double expected = factor * (integral(relative, a, nearest) + integral(relative, nearest, b));
      // What rounding of the faces does to the cell's width and, by z = (face - mean)/deviation, to exp(-z^2/2).
      const double tolerance = 3e-14 + 1e-15 * std::abs(z) * (std::abs(z) + 11 / deviation);
      if (z * z > 1400)
        BOOST_TEST(means[i] < 1e-290);
      else
        BOOST_TEST(means[i] == expected, boost::test_tools::tolerance(tolerance));
    }
  }
}

BOOST_AUTO_TEST_CASE(cell_means_of_rotated_gaussians_agree_with_finer_grids) {
  const Grid coarse({{"x", -3, 4, 7, Boundary::reflecting}, {"y", -5, 3, 8, Boundary::reflecting}});
  const Grid fine({{"x", -3, 4, 7 * 24, Boundary::reflecting}, {"y", -5, 3, 8 * 24, Boundary::reflecting}});
  for (const double narrow : {1e-6, 1e-3, 0.2}) {
    const GaussianMixture law({{1, Vector2d(0.4, -0.7), turned(0.5, 0.9, narrow)}});
    const std::vector<double> means = cell_means(law, coarse), parts = cell_means(law, fine);
    for (std::size_t i = 0; i < coarse.size(); ++i) {
      double total = 0;
      for (std::size_t j = 0; j < 24 * 24; ++j)
        total += parts[((i / 8) * 24 + j / 24) * 8 * 24 + (i % 8) * 24 + j % 24];
      BOOST_TEST(std::abs(means[i] - total / 576) <= 1e-12 * means[i] + 1e-15);
    }
  }
}

void check_mass_and_mean(const GaussianMixture& law, const Grid& grid) {
  const std::vector<double> means = cell_means(law, grid);
  const Points centres = grid.centres();
  RC_ASSERT(std::abs(sum(means) * grid.cell_volume() - 1) < 1e-12);
  for (std::size_t k = 0; k < grid.dimension(); ++k) {
    double mean = 0;
    for (std::size_t i = 0; i < grid.size(); ++i) mean += grid.cell_volume() * means[i] * centres[k][i];
    RC_ASSERT(std::abs(mean - law.mean()[static_cast<Eigen::Index>(k)]) <= 0.5 * grid.axis(k).spacing());
  }
}

/// Any covariance with deviations up to about 1.3 and down to `least`.
Eigen::MatrixXd random_covariance(Eigen::Index dimension, double least) {
  Eigen::MatrixXd root(dimension, dimension);
  for (double& entry : root.reshaped()) entry = 1e-3 * *rc::gen::inRange(-750, 751);
  return root * root.transpose() + least * least * Eigen::MatrixXd::Identity(dimension, dimension);
}

BOOST_AUTO_TEST_CASE(cell_means_of_random_gaussians_keep_mass_and_mean) {
  const Grid plane({{"x", -13, 14, 31, Boundary::reflecting}, {"y", -15, 13, 44, Boundary::reflecting}});
  const bool holds = rc::check("in two dimensions", [&] {
    const Eigen::MatrixXd covariance = random_covariance(2, 0.01);
    check_mass_and_mean(GaussianMixture({{1, Vector2d(0.3, -0.4), covariance}}), plane);
  });
  BOOST_TEST(holds);
  const Axis axis{"x", -12, 13, 15, Boundary::reflecting};
  Matrix3d covariance;
  covariance << 0.5, 0.2, -0.3, 0.2, 0.8, 0.3, -0.3, 0.3, 0.6;
  check_mass_and_mean(GaussianMixture({{1, Vector3d(0.3, -0.4, 0.1), covariance}}), Grid({axis, axis, axis}));
}

BOOST_AUTO_TEST_CASE(point_masses_are_shared_so_that_mass_and_mean_are_kept) {
  const Grid grid({{"x", -1, 1, 8, Boundary::reflecting}, {"y", 0, 3, 6, Boundary::periodic}});
  const Points centres = grid.centres();
  const GaussianMixture law(
      {{0.3, Vector2d(0.41, 1.13), Matrix2d::Zero()}, {0.7, Vector2d(-0.2, 2.01), Matrix2d::Zero()}});
  const std::vector<double> means = cell_means(law, grid);
  BOOST_TEST(law.is_singular());
  BOOST_TEST(sum(means) * grid.cell_volume() == 1.0, boost::test_tools::tolerance(1e-15));
  for (std::size_t k = 0; k < 2; ++k) {
    double mean = 0;
    for (std::size_t i = 0; i < grid.size(); ++i) mean += means[i] * centres[k][i] * grid.cell_volume();
    BOOST_TEST(mean == law.mean()[static_cast<Eigen::Index>(k)], boost::test_tools::tolerance(1e-14));
  }
  const auto at_wall = cell_means(GaussianMixture({{1, Vector2d(-1, 0.1), Matrix2d::Zero()}}), grid);
  BOOST_TEST(sum(at_wall) * grid.cell_volume() == 1.0, boost::test_tools::tolerance(1e-15));
  BOOST_TEST(at_wall[0] > 0);
  BOOST_TEST(at_wall[5] > 0);  // across the periodic end of y
  BOOST_TEST(sum(cell_means(GaussianMixture({{1, Vector2d(-1.1, 1), Matrix2d::Zero()}}), grid)) == 0.0);
}

BOOST_AUTO_TEST_CASE(entropies) {
  const Matrix2d covariance = turned(0.7, 0.3, 2);
  BOOST_TEST(GaussianMixture({{1, Vector2d(5, -3), covariance}}).entropy() ==
                 1 + std::log(two_pi) + 0.5 * std::log(0.6),
             boost::test_tools::tolerance(1e-14));
  // A Gaussian cut into equal parts is itself.
  BOOST_TEST(
      GaussianMixture({{0.2, Vector2d(5, -3), covariance}, {0.8, Vector2d(5, -3), covariance}}).entropy() ==
          1 + std::log(two_pi) + 0.5 * std::log(0.6),
      boost::test_tools::tolerance(1e-13));
  // Far apart the entropy is that of the parts and of the choice between them.
  const GaussianMixture apart({normal(0.25, -50, 1e-4), normal(0.75, 50, 9)});
  BOOST_TEST(apart.entropy() == 0.5 * (1 + std::log(two_pi)) + 0.25 * std::log(0.01) + 0.75 * std::log(3) -
                                    0.25 * std::log(0.25) - 0.75 * std::log(0.75),
             boost::test_tools::tolerance(1e-12));
  // Products of mixtures: entropies add.
  const auto bump = [](double mean, double variance) { return std::pair{mean, variance}; };
  const std::vector<std::pair<double, double>> along = {bump(-1.2, 0.16), bump(0.9, 0.3025)};
  const std::vector<double> weight = {0.35, 0.65};
  std::vector<Gaussian> line, plane, space;
  const Eigen::MatrixXd turn = Eigen::AngleAxisd(0.8, Vector3d(1, 2, -1).normalized()).toRotationMatrix();
  for (std::size_t i = 0; i < 2; ++i) {
    line.push_back(normal(weight[i], along[i].first, along[i].second));
    for (std::size_t j = 0; j < 2; ++j) {
      plane.push_back({weight[i] * weight[j], Vector2d(along[i].first, along[j].first),
                       Matrix2d(Vector2d(along[i].second, along[j].second).asDiagonal())});
    }
    const Eigen::MatrixXd straight = Vector3d(along[i].second, 1, 2).asDiagonal();
    space.push_back({weight[i], turn * Vector3d(along[i].first, 0, 0), turn * straight * turn.transpose()});
  }
  const double one = GaussianMixture(line).entropy();
  const auto density = [&](double x) { return std::exp(log_density(GaussianMixture(line), {x})); };
  BOOST_TEST(one == -integral([&](double x) { return density(x) * std::log(density(x)); }, -6, 6),
             boost::test_tools::tolerance(1e-12));
  BOOST_TEST(GaussianMixture(plane).entropy() == 2 * one, boost::test_tools::tolerance(1e-12));
  BOOST_TEST(GaussianMixture(space).entropy() == one + 1 + std::log(two_pi) + 0.5 * std::log(2),
             boost::test_tools::tolerance(1e-12));
}

BOOST_AUTO_TEST_CASE(what_is_refused) {
  const auto mixture = [](const Gaussian& gaussian) { return GaussianMixture({gaussian}); };
  Matrix2d skew, indefinite, flat;
  skew << 1, 0.2, 0.1, 1;
  indefinite << 1, 2, 2, 1;
  flat << 1, 1, 1, 1;
  BOOST_CHECK_THROW(mixture({-0.1, Vector2d(0, 0), flat}), std::invalid_argument);
  BOOST_CHECK_THROW(mixture({1, Vector2d(0, 0), skew}), std::invalid_argument);
  BOOST_CHECK_THROW(mixture({1, Vector2d(0, 0), indefinite}), std::invalid_argument);
  BOOST_CHECK_THROW(mixture({1, Vector3d(0, 0, 0), flat}), std::invalid_argument);
  BOOST_CHECK_THROW(mixture({1, Vector2d(0, NAN), flat}), std::invalid_argument);
  const GaussianMixture oblique = mixture({1, Vector2d(0, 0), flat});
  BOOST_TEST(oblique.is_singular());
  BOOST_CHECK_THROW(cell_means(oblique, Grid({{}, {"y", -1, 1, 4, Boundary::reflecting}})), UnfitProblem);
  BOOST_CHECK_THROW(log_density(oblique, {0, 0}), UnfitProblem);
  BOOST_CHECK_THROW(oblique.entropy(), UnfitProblem);
}

BOOST_AUTO_TEST_CASE(results_do_not_depend_on_threads_or_places) {
  std::mt19937_64 random(5);
  std::normal_distribution<double> draw;
  Points samples(2, 700), x(2, 1003);
  for (std::size_t k = 0; k < 2; ++k) {
    for (double& value : samples[k]) value = draw(random);
    for (double& value : x[k]) value = 2 * draw(random);
  }
  const GaussianMixture law = empirical_law(samples, 0.2);
  const Grid grid({{"x", -4, 4, 60, Boundary::reflecting}, {"y", -4, 4, 50, Boundary::reflecting}});
  std::vector<double> one(1003), two(1003), cells_one, cells_two;
  omp_set_num_threads(1);
  law.log_density(x, one);
  cells_one = cell_means(law, grid);
  const team::SharesAnything small;
  omp_set_num_threads(3);
  law.log_density(x, two);
  cells_two = cell_means(law, grid);
  BOOST_TEST(one == two, boost::test_tools::per_element());
  BOOST_TEST(cells_one == cells_two, boost::test_tools::per_element());
  for (const std::size_t i : {0UL, 77UL, 1002UL}) BOOST_TEST(log_density(law, {x[0][i], x[1][i]}) == one[i]);
}

BOOST_AUTO_TEST_CASE(empirical_laws) {
  const Points samples(std::vector<std::vector<double>>{{0.5, -1, 2, 2}});
  BOOST_TEST(empirical_law(samples).is_singular());
  BOOST_TEST(empirical_law(samples).mean()[0] == 0.875);
  BOOST_TEST(empirical_law(samples, 0.1).covariance()(0, 0) == 0.01 + 9.25 / 4 - 0.875 * 0.875,
             boost::test_tools::tolerance(1e-14));
  BOOST_CHECK_THROW(empirical_law(Points(1, 0)), std::invalid_argument);
  BOOST_CHECK_THROW(empirical_law(samples, -1), std::invalid_argument);
}
