// SPDX-License-Identifier: GPL-3.0-or-later
// Distances between samples of known laws against closed forms; what they say of their errors against their spread over
// many samples.
#include <omp.h>

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <functional>
#include <numbers>

#include "grids/machine/team.hpp"
#include "solver/particles/samples/energy_distance.hpp"
#include "solver/particles/samples/maximum_mean_discrepancy.hpp"
#include "solver/particles/samples/sliced_wasserstein.hpp"
#include "validation/support/random_numbers.hpp"

namespace {

using namespace umkehr;
using boost::test_tools::tolerance;

constexpr std::size_t repetitions = 400;

Points shifted(Points x, double shift) {
  for (double& place : x[0]) place += shift;
  return x;
}

/// Standard normal samples, the second with its first coordinate moved.
struct TwoSamples {
  Points x, y;
  TwoSamples(std::size_t dimension, double shift, std::uint64_t seed, std::size_t n = 120,
             std::size_t m = 200)
      : x(RandomNumbers(2 * seed).normals(dimension, n)),
        y(shifted(RandomNumbers(2 * seed + 1).normals(dimension, m), shift)) {}
};

struct Repeated {
  double mean = 0, deviation = 0, error = 0;  // of values; root mean square of the errors that were told
  double z_mean = 0, z_deviation = 0;         // of (value - exact)/error
};

using Distance = std::function<Estimate(const TwoSamples&)>;

Repeated repeated(std::size_t dimension, double shift, double exact, const Distance& distance) {
  Repeated all;
  std::vector<Estimate> estimates;
  for (std::size_t r = 0; r < repetitions; ++r)
    estimates.push_back(distance(TwoSamples(dimension, shift, r)));
  const auto n = static_cast<double>(repetitions);
  for (const auto& [value, error] : estimates) {
    all.mean += value / n;
    all.error += error * error / n;
    all.z_mean += (value - exact) / error / n;
  }
  for (const auto& [value, error] : estimates) {
    all.deviation += std::pow(value - all.mean, 2) / (n - 1);
    all.z_deviation += std::pow((value - exact) / error - all.z_mean, 2) / (n - 1);
  }
  all.deviation = std::sqrt(all.deviation);
  all.error = std::sqrt(all.error);
  all.z_deviation = std::sqrt(all.z_deviation);
  return all;
}

/// No bias beyond 4.5 standard deviations, and errors within 30 % of the spread; each by its own error where the laws are far
/// enough apart for estimates to be normal: near one law they are sums of squares, which are skewed.
void check_repeated(std::size_t dimension, double shift, double exact, const Distance& distance) {
  const Repeated all = repeated(dimension, shift, exact, distance);
  BOOST_TEST_MESSAGE("shift " << shift << " exact " << exact << " mean " << all.mean << " deviation "
                              << all.deviation << " error " << all.error << " z " << all.z_mean << " +- "
                              << all.z_deviation);
  BOOST_TEST(std::abs(all.mean - exact) < 4.5 * all.deviation / std::sqrt(static_cast<double>(repetitions)));
  BOOST_TEST(all.error > 0.7 * all.deviation);
  BOOST_TEST(all.error < 1.3 * all.deviation);
  if (shift < 1) return;
  BOOST_TEST(std::abs(all.z_mean) < 0.3);
  BOOST_TEST(all.z_deviation > 0.7);
  BOOST_TEST(all.z_deviation < 1.3);
}

/// E|Z|, Z normal with variance 2 about a place at distance `shift`, in one or three dimensions.
double mean_distance(std::size_t dimension, double shift) {
  using std::numbers::inv_sqrtpi;
  const double tail = 2 * inv_sqrtpi * std::exp(-0.25 * shift * shift);
  if (dimension == 1) return tail + shift * std::erf(0.5 * shift);
  if (shift == 0) return 4 * inv_sqrtpi;
  return tail + (shift + 2 / shift) * std::erf(0.5 * shift);
}

double energy_of_normals(std::size_t dimension, double shift) {
  return 2 * (mean_distance(dimension, shift) - mean_distance(dimension, 0));
}

double discrepancy_of_normals(double dimension, double shift, double b) {
  const double width = b * b + 2;
  return 2 * std::pow(b * b / width, 0.5 * dimension) * (1 - std::exp(-0.5 * shift * shift / width));
}

Estimate energy(const TwoSamples& samples) {
  return energy_distance(samples.x, samples.y);
}

double plain_energy(const Points& x, const Points& y) {
  const auto mean = [](const Points& a, const Points& b, double pairs) {
    double sum = 0;
    for (std::size_t i = 0; i < a.count(); ++i)
      for (std::size_t j = 0; j < b.count(); ++j) {
        double square = 0;
        for (std::size_t k = 0; k < a.dimension(); ++k) square += std::pow(a[k][i] - b[k][j], 2);
        sum += std::sqrt(square);
      }
    return sum / pairs;
  };
  const auto n = static_cast<double>(x.count()), m = static_cast<double>(y.count());
  return 2 * mean(x, y, n * m) - mean(x, x, n * (n - 1)) - mean(y, y, m * (m - 1));
}

}  // namespace

BOOST_AUTO_TEST_CASE(the_energy_distance_of_normal_laws) {
  for (const std::size_t dimension : {1u, 3u})
    for (const double shift : {0.0, 0.3, 1.0})
      check_repeated(dimension, shift, energy_of_normals(dimension, shift), energy);
}

BOOST_AUTO_TEST_CASE(the_energy_distance_is_its_plain_sum) {
  for (const std::size_t dimension : {1u, 2u, 5u, 40u})
    for (const std::size_t n : {2u, 7u, 8u, 33u}) {
      const TwoSamples samples(dimension, 1, n, n, 19);
      const double plain = plain_energy(samples.x, samples.y);
      BOOST_TEST(energy(samples).value == plain, tolerance(1e-12));
    }
}

BOOST_AUTO_TEST_CASE(sorting_gives_what_all_pairs_give) {
  // Far from the origin, where squares cancel.
  const TwoSamples line(1, 0.4, 3, 333, 250);
  const auto in_plane = [](const Points& x) {
    Points y(2, x.count());
    for (std::size_t i = 0; i < x.count(); ++i) y[0][i] = y[1][i] = (x[0][i] + 1e4) / std::numbers::sqrt2;
    return y;
  };
  const Estimate sorted = energy_distance(shifted(line.x, 1e4), shifted(line.y, 1e4));
  const Estimate pairs = energy_distance(in_plane(line.x), in_plane(line.y));
  BOOST_TEST(sorted.value == pairs.value, tolerance(1e-8));
  BOOST_TEST(sorted.error == pairs.error, tolerance(1e-8));
}

BOOST_AUTO_TEST_CASE(the_discrepancy_of_normal_laws) {
  for (const std::size_t dimension : {1u, 4u})
    for (const double shift : {0.0, 0.3, 1.0})
      check_repeated(dimension, shift, discrepancy_of_normals(static_cast<double>(dimension), shift, 1.5),
                     [](const TwoSamples& s) { return maximum_mean_discrepancy(s.x, s.y, 1.5); });
}

BOOST_AUTO_TEST_CASE(the_median_distance_sets_the_bandwidth) {
  const TwoSamples samples(1, 0, 1, 5000, 5000);
  // |Z| with Z of variance 2 has its median at sqrt(2) 0.67449.
  const double median = median_distance(samples.x, samples.y);
  BOOST_TEST(median == std::numbers::sqrt2 * 0.6744897501960817, tolerance(0.05));
  const TwoSamples few(2, 1, 1);
  BOOST_TEST(maximum_mean_discrepancy(few.x, few.y).value ==
             maximum_mean_discrepancy(few.x, few.y, median_distance(few.x, few.y)).value);
  BOOST_TEST(maximum_mean_discrepancy(Points(2, 5), Points(2, 9)).value == 0);
}

BOOST_AUTO_TEST_CASE(the_wasserstein_distance_of_a_shift_is_the_shift) {
  const TwoSamples samples(1, 0, 11, 500, 500);
  BOOST_TEST(wasserstein(samples.x, shifted(samples.x, 0.37)).value == 0.37, tolerance(1e-12));
  check_repeated(1, 1, 1, [](const TwoSamples& s) { return wasserstein(s.x, s.y); });
  // By hand: quantiles 0, 1 and 0, 1/2, 2.
  const WassersteinEstimate small = wasserstein(Points({{1, 0}}), Points({{2, 0, 0.5}}));
  BOOST_TEST(small.value == 0.5, tolerance(1e-14));
}

BOOST_AUTO_TEST_CASE(the_sliced_distance_of_a_shift_is_its_mean_projection) {
  for (const std::size_t dimension : {2u, 3u}) {
    const Points directions = unit_directions(dimension);
    double exact = 0;
    for (const double along : directions[0])
      exact += 2 * std::abs(along) / static_cast<double>(directions.count());
    const TwoSamples samples(dimension, 0, 5, 300, 300);
    BOOST_TEST(sliced_wasserstein(samples.x, shifted(samples.x, 2)).value == exact, tolerance(1e-12));
  }
  // In the plane equal angles give the mean of |cos| to 1/(6 L^2) of it.
  double mean = 0;
  const Points plane = unit_directions(2);
  for (const double along : plane[0]) mean += std::abs(along) / 64;
  BOOST_TEST(mean == 2 * std::numbers::inv_pi, tolerance(2e-4));
}

BOOST_AUTO_TEST_CASE(the_sliced_distance_tells_its_error) {
  for (const std::size_t dimension : {2u, 5u}) {
    const Distance sliced = [](const TwoSamples& s) { return sliced_wasserstein(s.x, s.y); };
    const Repeated all = repeated(dimension, 3, 0, sliced);
    BOOST_TEST(all.error > 0.7 * all.deviation);
    BOOST_TEST(all.error < 1.3 * all.deviation);
  }
}

BOOST_AUTO_TEST_CASE(samples_of_one_law_are_as_far_apart_as_noise) {
  for (const std::size_t dimension : {1u, 3u}) {
    const Repeated all = repeated(dimension, 0, 0, [](const TwoSamples& s) {
      const WassersteinEstimate one = sliced_wasserstein(s.x, s.y);
      return Estimate{one.value - one.noise, one.error};
    });
    BOOST_TEST_MESSAGE("noise " << all.mean << " deviation " << all.deviation << " error " << all.error
                                << " z " << all.z_mean << " +- " << all.z_deviation);
    BOOST_TEST(std::abs(all.z_mean) < 0.25);
    BOOST_TEST(all.z_deviation < 1.3);
    BOOST_TEST(all.error > 0.9 * all.deviation);
    BOOST_TEST(all.error < 1.75 * all.deviation);
  }
}

BOOST_AUTO_TEST_CASE(directions_are_unit_vectors_that_their_key_tells) {
  for (const std::size_t dimension : {1u, 2u, 3u, 100u}) {
    const Points a = unit_directions(dimension, 64, 3), b = unit_directions(dimension, 64, 3);
    BOOST_TEST(a.count() == (dimension == 1 ? 1u : 64u));
    for (std::size_t n = 0; n < a.count(); ++n) {
      double square = 0;
      for (std::size_t k = 0; k < dimension; ++k) square += a[k][n] * a[k][n];
      BOOST_TEST(square == 1, tolerance(1e-14));
      BOOST_TEST(a[0][n] == b[0][n]);
    }
  }
  BOOST_TEST(unit_directions(3, 64, 3)[0][0] != unit_directions(3, 64, 4)[0][0]);
}

BOOST_AUTO_TEST_CASE(no_bit_depends_on_the_number_of_threads) {
  const team::SharesAnything small;
  for (const std::size_t dimension : {1u, 3u}) {
    const TwoSamples s(dimension, 0.5, 9, 205, 131);
    const auto all = [&](int threads) {
      omp_set_num_threads(threads);
      const Estimate a = energy(s), b = maximum_mean_discrepancy(s.x, s.y), c = sliced_wasserstein(s.x, s.y);
      return std::vector{a.value, a.error, b.value, b.error, c.value, c.error};
    };
    BOOST_TEST(all(1) == all(2));
    BOOST_TEST(all(1) == all(5));
  }
}

BOOST_AUTO_TEST_CASE(samples_that_cannot_be_compared_are_refused) {
  BOOST_CHECK_THROW(energy_distance(Points(1, 5), Points(2, 5)), std::invalid_argument);
  BOOST_CHECK_THROW(energy_distance(Points(1, 5), Points(1, 1)), std::invalid_argument);
  BOOST_CHECK_THROW(wasserstein(Points(2, 5), Points(2, 5)), std::invalid_argument);
  BOOST_CHECK_THROW(sliced_wasserstein(Points(2, 5), Points(2, 5), unit_directions(3)),
                    std::invalid_argument);
  BOOST_CHECK_THROW(maximum_mean_discrepancy(Points(1, 5), Points(1, 5), -1), std::invalid_argument);
}
