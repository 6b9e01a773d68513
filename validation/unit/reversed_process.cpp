// SPDX-License-Identifier: GPL-3.0-or-later
// The reversed drift -F + D S: of an Ornstein-Uhlenbeck process whose law is known, of a model, in batches and in threads.
#include "solver/reversal/reversed_process.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <thread>
#include <vector>

#include "solver/law/mixture_path.hpp"
#include "solver/process/known_processes.hpp"
#include "solver/score/law_score.hpp"
#include "solver/score/trial_score.hpp"

using namespace umkehr;

namespace {

// dx = -x/2 dt + sqrt(1 + t) dW from N(2, 1/4): N(2 exp(-t/2), exp(-t)/4 + t), as in docs/first.cpp.
const Process forward = ornstein_uhlenbeck(1.0, Formula::parse("1 + t"));
const GaussianMixture initial({{1, Eigen::VectorXd::Constant(1, 2), Eigen::MatrixXd::Constant(1, 1, 0.25)}});
constexpr double start = 0, stop = 1;

double exact_drift(double x, double r) {
  const double t = start + stop - r;
  return x / 2 - (1 + t) * (x - 2 * std::exp(-t / 2)) / (std::exp(-t) / 4 + t);
}

std::shared_ptr<const LawPath> path(std::size_t stations) {
  return std::make_shared<MixturePath>(*AffineProcess::of(forward), initial, start, stop, stations);
}

const Points places = [] {
  Points x(1, 1001);
  for (std::size_t i = 0; i < x.count(); ++i) x[0][i] = -5 + 0.01 * static_cast<double>(i);
  return x;
}();

std::vector<double> drift_of(const ReversedProcess& reversed, double r) {
  Components g(1, std::vector<double>(places.count()));
  reversed.drift(places, r, g);
  return g[0];
}

}  // namespace

BOOST_AUTO_TEST_CASE(of_the_exact_score_with_stations_and_without) {
  for (const std::size_t stations : {0, 16}) {
    const ReversedProcess reversed(forward, std::make_shared<LawScore>(path(stations)), {start, stop});
    for (const double r : {0.0, 0.03, 0.4, 1.0}) {
      const std::vector<double> drift = drift_of(reversed, r);
      for (std::size_t i = 0; i < drift.size(); ++i)
        BOOST_REQUIRE_SMALL(drift[i] - exact_drift(places[0][i], r), 1e-11);
      BOOST_TEST(reversed.diffusion(r)[0] == 2 - r, boost::test_tools::tolerance(1e-15));
    }
  }
}

BOOST_AUTO_TEST_CASE(its_coefficients_are_the_same) {
  const ReversedProcess reversed(forward, std::make_shared<LawScore>(path(0)), {start, stop});
  const Process process = reversed.process();
  std::vector<double> drift(places.count());
  process.drift[0](places, 0.4, drift);
  BOOST_TEST(drift == drift_of(reversed, 0.4), boost::test_tools::per_element());
  BOOST_TEST(process.drift[0](std::vector{1.5}, 0.4) == exact_drift(1.5, 0.4),
             boost::test_tools::tolerance(1e-12));
  BOOST_TEST(process.diffusion[0](0.4) == 1.6, boost::test_tools::tolerance(1e-15));
  BOOST_TEST(*process.killing.constant_value() == 0);
}

BOOST_AUTO_TEST_CASE(of_models_that_need_the_exact_score_and_do_not) {
  const TrialScore alone = TrialScore::of({Formula::parse("-x/(1 + t)")});
  const TrialScore mixed = TrialScore::of_exact_score({Formula::parse("2*s + x", {{"x", "s"}, {}})});
  const auto exact = std::make_shared<LawScore>(path(0));
  const ReversedProcess of_alone(forward, std::make_shared<TrialScore>(alone), {start, stop});
  const ReversedProcess of_mixed(forward, std::make_shared<TrialScore>(mixed.beside(exact)), {start, stop});
  constexpr double r = 0.25, t = 0.75;
  const std::vector<double> a = drift_of(of_alone, r), b = drift_of(of_mixed, r);
  for (std::size_t i = 0; i < places.count(); ++i) {
    const double x = places[0][i];
    BOOST_REQUIRE_SMALL(a[i] - (x / 2 - x), 1e-14);
    BOOST_REQUIRE_SMALL(b[i] - (2 * exact_drift(x, r) - x / 2 + (1 + t) * x), 1e-11);
  }
  BOOST_CHECK_THROW(drift_of(ReversedProcess(forward, std::make_shared<TrialScore>(mixed), {start, stop}), r),
                    std::logic_error);
}

BOOST_AUTO_TEST_CASE(threads_at_different_times_find_what_one_finds) {
  const ReversedProcess reversed(forward, std::make_shared<LawScore>(path(4)), {start, stop});
  constexpr std::size_t count = 4, rounds = 50;
  std::vector<std::vector<double>> found(count), alone(count);
  const auto time = [](std::size_t n) { return 0.1 + 0.2 * static_cast<double>(n); };
  for (std::size_t n = 0; n < count; ++n) alone[n] = drift_of(reversed, time(n));
  std::vector<std::thread> threads;
  for (std::size_t n = 0; n < count; ++n)
    threads.emplace_back([&, n] {
      for (std::size_t round = 0; round < rounds; ++round) found[n] = drift_of(reversed, time(n));
    });
  for (std::thread& thread : threads) thread.join();
  for (std::size_t n = 0; n < count; ++n) BOOST_TEST(found[n] == alone[n], boost::test_tools::per_element());
}
