// SPDX-License-Identifier: GPL-3.0-or-later
// The law of a forward run at any time, against the mixture that it is in closed form.
#include "solver/score/dense_path.hpp"
#include "solver/score/law_score.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <tuple>
#include <vector>

#include "solver/law/mixture_path.hpp"
#include "solver/process/known_processes.hpp"

using namespace umkehr;

namespace {

Gaussian gaussian(double weight, double mean, double variance) {
  return {weight, Eigen::VectorXd::Constant(1, mean), Eigen::MatrixXd::Constant(1, 1, variance)};
}

const Process process = ornstein_uhlenbeck(1.0, Formula::parse("1 + t"));
const GaussianMixture initial({gaussian(0.4, -1, 0.5), gaussian(0.6, 1, 0.4)});
const Grid grid({{"x", -10, 10, 256}});
constexpr double between_saved_times = 0.4321;

DensePath path(Method method) {
  KolmogorovChoices choices;
  choices.method = method;
  choices.tolerance = method == Method::fourier ? 1e-9 : 1e-6;
  return {process, grid, initial, 0, 0, 1, choices};
}

std::shared_ptr<const LawAtTime> exact() {
  return MixturePath(*AffineProcess::of(process), initial, 0).at(between_saved_times);
}

void moments_at(const Points& x, Components& out) {
  for (std::size_t i = 0; i < x.count(); ++i) {
    out[0][i] = 1;
    out[1][i] = x[0][i];
    out[2][i] = x[0][i] * x[0][i];
  }
}

}  // namespace

BOOST_AUTO_TEST_CASE(density_score_and_means_between_times_and_centres) {
  // Half-way between centres, where the difference of two cells is a score of order 2.
  Points x(1, 77);
  for (std::size_t i = 0; i < x.count(); ++i)
    x[0][i] = grid.axis(0).from + grid.axis(0).spacing() * static_cast<double>(90 + i);
  for (const auto& [method, of_density, of_score] :
       {std::tuple{Method::fourier, 1e-8, 1e-7}, {Method::finite_volume, 2e-3, 5e-3}}) {
    const std::shared_ptr<const LawAtTime> law = path(method).at(between_saved_times), truth = exact();
    std::vector<double> log_density(x.count()), true_log_density(x.count());
    Components score(1, std::vector<double>(x.count())), true_score = score;
    law->log_density(x, log_density);
    truth->log_density(x, true_log_density);
    law->score(x, score);
    truth->score(x, true_score);
    for (std::size_t i = 0; i < x.count(); ++i) {
      BOOST_REQUIRE_SMALL(log_density[i] - true_log_density[i], of_density);
      BOOST_REQUIRE_SMALL(score[0][i] - true_score[0][i], of_score);
    }
    const std::vector<double> means = law->mean(3, moments_at), true_means = truth->mean(3, moments_at);
    for (std::size_t j = 0; j < means.size(); ++j)
      BOOST_TEST(std::abs(means[j] - true_means[j]) < of_density);
    BOOST_TEST(law->mixture() == nullptr);
  }
}

BOOST_AUTO_TEST_CASE(beyond_what_is_known_the_score_is_that_of_the_widest_law) {
  const std::shared_ptr<const LawAtTime> law = path(Method::fourier).at(between_saved_times);
  const LawAtTime::Moments moments = exact()->moments(1);
  const double x = 30;
  // F is linear, so that F - E F = E[F (x - m)] C^-1 (x - m).
  const double expected = -(x - moments.mean[0]) / moments.variance[0];
  Components score(1, std::vector<double>(1));
  law->score(Points(std::vector<std::vector<double>>{{x}}), score);
  BOOST_TEST(std::abs(score[0][0] - expected) < 1e-6 * std::abs(expected));
}

/// Of an Ornstein-Uhlenbeck process from N(1, 0.3), at centres and off them, at times that return.
BOOST_AUTO_TEST_CASE(scores_of_cells_at_their_centres_and_off_them) {
  const Process pulled = ornstein_uhlenbeck(2.0, Formula::parse("2"));
  KolmogorovChoices choices;
  choices.method = Method::finite_volume;
  choices.tolerance = 1e-6;
  const Grid fine({{"x", -6, 6, 300}});
  const LawScore score(
      std::make_shared<DensePath>(pulled, fine, GaussianMixture({gaussian(1, 1, 0.3)}), 0, 0, 1, choices));
  for (const double t : {0.1234, 0.4321, 0.1234, 0.777}) {
    const double mean = std::exp(-t), variance = 1 - 0.7 * std::exp(-2 * t);
    for (const double off : {0.0, 0.25, 0.5}) {  // an edge's score is that of its middle
      const double middle = off == 0.25 ? 0.5 : off;
      Points x(1, 50);
      for (std::size_t i = 0; i < x.count(); ++i)
        x[0][i] = fine.axis(0).centre(125 + i) + off * fine.axis(0).spacing();
      Components found(1, std::vector<double>(x.count()));
      score(x, t, found);
      for (std::size_t i = 0; i < x.count(); ++i)
        BOOST_REQUIRE_SMALL(
            found[0][i] + (x[0][i] + (middle - off) * fine.axis(0).spacing() - mean) / variance, 5e-3);
    }
  }
}
