// SPDX-License-Identifier: GPL-3.0-or-later
// The relative entropy of paths by Girsanov's formula on particles, and the denoising loss less its constant (3.43), both
// against the action gap (3.37): reference numbers, five trial scores, coupled axes, a law on cells; error bars against what
// repetitions show; the relative entropy the other way round, another number.
#include "solver/action/path_divergence.hpp"

#include <omp.h>

#include <boost/test/unit_test.hpp>
#include <cmath>

#include "grids/machine/team.hpp"
#include "solver/action/action_gap.hpp"
#include "solver/action/denoising_constant.hpp"
#include "solver/action/denoising_loss.hpp"
#include "solver/process/known_processes.hpp"
#include "solver/score/numerical_path.hpp"
#include "validation/support/reference_cases.hpp"

using namespace umkehr;

namespace {

Gaussian gaussian(double weight, double mean, double variance) {
  return {weight, Eigen::VectorXd::Constant(1, mean), Eigen::MatrixXd::Constant(1, 1, variance)};
}

const GaussianMixture bumps({gaussian(0.35, -1.2, 0.16), gaussian(0.65, 0.9, 0.3025)});
const Process vp = variance_preserving(0.1, 20);
const Grid line({{"x", -8, 8, 256}});

TrialScore trial(const std::string& text) {
  return TrialScore::of_exact_score({Formula::parse(text, {{"x", "score_x"}, {}})});
}

PathDivergenceProblem paths_of(const Process& process, const Grid& grid, const Law& initial, double origin,
                               const TrialScore& score, double start, double stop) {
  return {process, grid, law_path(process, grid, initial, origin, start, stop, {}), score, start, stop};
}
PathDivergenceProblem paths_of(const std::string& text, double start) {
  return paths_of(vp, line, bumps, 0, trial(text), start, 1);
}

Estimate loss_of(const PathDivergenceProblem& paths, const GaussianMixture& initial, double origin,
                 const DenoisingLossChoices& choices = {}) {
  return denoising_loss({paths.process, initial, origin, paths.exact, paths.score, paths.start, paths.stop},
                        choices);
}
Estimate gap_by_loss(const PathDivergenceProblem& paths, const GaussianMixture& initial, double origin,
                     const DenoisingLossChoices& choices = {}) {
  Estimate gap = loss_of(paths, initial, origin, choices);
  gap.value -=
      denoising_constant(*AffineProcess::of(paths.process), initial, origin, paths.start, paths.stop);
  return gap;
}

double start_of(const nlohmann::json& entry) {
  return std::stod(entry["parameters"]["t0"].get<std::string>());
}

void check_estimate(const Estimate& found, double exact, const std::string& what) {
  BOOST_TEST(found.error > 0, what);
  BOOST_TEST(std::abs(found.value - exact) <= 4 * found.error + 1e-13,
             what << ": " << found.value << " +- " << found.error << ", exactly " << exact);
  BOOST_TEST_MESSAGE(what << ": " << found.value << " +- " << found.error << ", exactly " << exact << ", z "
                          << (found.value - exact) / found.error);
}

const std::vector<std::string> five_scores = {"0.2 - 0.7*x", "score_x + 0.3*sin(2*x)", "-x/1.5",
                                              "score_x + 0.4", "score_x*(1 + 0.3*sin(5*t)) - 0.2*t"};

}  // namespace

BOOST_AUTO_TEST_CASE(reference_numbers_of_the_gap) {
  for (const auto& [id, text] : {std::pair{"R8i", "score_x + 0.3*sin(x)"}, {"R8ii", "-x"}})
    for (const auto& entry : reference_cases(id, "Delta A")) {
      const PathDivergenceProblem paths = paths_of(text, start_of(entry));
      const std::string what = std::string(id) + " from " + std::to_string(paths.start);
      check_estimate(path_divergence(paths), entry["value"], what + ", paths");
      check_estimate(gap_by_loss(paths, bumps, 0), entry["value"], what + ", loss");
    }
}

BOOST_AUTO_TEST_CASE(reference_numbers_of_the_denoising_constant) {
  // The loss of the exact score is the constant itself.
  for (const auto& entry : reference_cases("R8dsm")) {
    const PathDivergenceProblem paths = paths_of("score_x", start_of(entry));
    check_estimate(loss_of(paths, bumps, 0), entry["value"], "from " + std::to_string(paths.start));
    BOOST_TEST(path_divergence(paths, {.particles = 1000}).value == 0.0);
  }
}

BOOST_AUTO_TEST_CASE(five_trial_scores) {
  for (const std::string& text : five_scores) {
    const double exact = action_gap(vp, line, bumps, 0, trial(text), 0.01, 1).score_matching;
    const PathDivergenceProblem paths = paths_of(text, 0.01);
    const PathDivergenceChoices choices{.particles = 100'000, .seed = 5, .steps = 240};
    check_estimate(path_divergence(paths, choices), exact, text + ", paths");
    check_estimate(gap_by_loss(paths, bumps, 0, {.particles = 200'000, .seed = 5}), exact, text + ", loss");
  }
}

BOOST_AUTO_TEST_CASE(likelihood_ratios_have_the_same_mean) {
  for (const std::string& text : five_scores) {
    const double exact = action_gap(vp, line, bumps, 0, trial(text), 0.05, 1).score_matching;
    const PathDivergenceProblem paths = paths_of(text, 0.05);
    const PathDivergenceChoices choices{.particles = 40'000, .seed = 2};
    const LikelihoodRatios ratios = likelihood_ratios(paths, choices);
    check_estimate(ratios.mean, exact, text);
    const Estimate integral = path_divergence(paths, choices);
    BOOST_TEST(integral.error < ratios.mean.error, text);
  }
}

BOOST_AUTO_TEST_CASE(likelihood_ratios_are_normalised_on_any_steps) {
  // E_P dQ/dP = 1, exactly so for the chains of Euler and Maruyama.
  for (const std::size_t steps : {20, 100}) {
    const LikelihoodRatios ratios = likelihood_ratios(
        paths_of("score_x + 0.3*sin(x)", 0.05), {.particles = 100'000, .steps = steps}, "euler-maruyama");
    check_estimate(ratios.normalisation, 1, std::to_string(steps) + " steps");
    BOOST_TEST(ratios.normalisation.error < 0.005);
  }
}

BOOST_AUTO_TEST_CASE(the_other_way_round_is_another_number) {
  const GaussianMixture narrow({gaussian(1, 0.5, 0.09)});
  const TrialScore score = trial("-x/1.5");
  const PathDivergenceProblem paths = paths_of(vp, line, narrow, 0, score, 0.01, 1);
  check_estimate(path_divergence(paths), 1.6058320, "exact paths");
  const double other =
      action_gap(vp, line, narrow, 0, TrialScore::of({Formula::parse("-x/1.5")}), 0.01, 1).feasible.value();
  BOOST_TEST(std::abs(other - 16.0046) < 1e-4);
  check_estimate(path_divergence(paths, {.steps = 400, .paths = PathsOf::model}), other,
                 "paths of the model");
}

BOOST_AUTO_TEST_CASE(coupled_axes_with_noises_of_their_own) {
  const auto parse = [](const char* text, bool exact = false) {
    const std::vector<std::string> axes = {"x", "y", "score_x", "score_y"};
    return Formula::parse(text, {exact ? axes : std::vector<std::string>{"x", "y"}, {}});
  };
  const Process process{
      {parse("-x + 0.8*y"), parse("-0.8*x - 1.5*y + t")}, {parse("1 + t"), parse("0.6")}, 0.0, {}};
  Eigen::MatrixXd covariance(2, 2);
  covariance << 0.4, 0.1, 0.1, 0.3;
  const GaussianMixture initial(
      {{0.5, Eigen::Vector2d(-0.8, 0), covariance}, {0.5, Eigen::Vector2d(0.8, 0.4), covariance}});
  const Grid plane({{"x", -6, 6, 64}, {"y", -6, 6, 64}});
  for (const TrialScore& score : {TrialScore::of({parse("-x - 0.2*y"), parse("0.1 - 1.2*y")}),
                                  TrialScore::of_exact_score({parse("score_x + 0.3*sin(x*y)", true),
                                                              parse("0.8*score_y + 0.2*score_x", true)})}) {
    const double exact = action_gap(process, plane, initial, -0.5, score, -0.3, 0.6).score_matching;
    const PathDivergenceProblem paths = paths_of(process, plane, initial, -0.5, score, -0.3, 0.6);
    check_estimate(path_divergence(paths), exact, "the plane, paths");
    check_estimate(gap_by_loss(paths, initial, -0.5), exact, "the plane, loss");
  }
}

BOOST_AUTO_TEST_CASE(jumps_in_time_and_points_of_data) {
  const auto parse = [](const char* text) { return Formula::parse(text, {{"x"}, {}}); };
  const Process jumping{{parse("-where(t < 0.37, 1, 0.4)*x + where(t > 0.62, 0.5, 0)")},
                        {parse("where(t < 0.37, 0.5, 1.6)")},
                        0.0,
                        {}};
  const TrialScore score = TrialScore::of({parse("-0.8*x + where(t < 0.51, 0.2, -0.1)")});
  const double exact = action_gap(jumping, line, bumps, 0, score, 0.1, 1).score_matching;
  const PathDivergenceProblem paths = paths_of(jumping, line, bumps, 0, score, 0.1, 1);
  check_estimate(path_divergence(paths), exact, "jumps, paths");
  check_estimate(gap_by_loss(paths, bumps, 0), exact, "jumps, loss");
  Points samples(1, 5);
  for (std::size_t n = 0; n < 5; ++n) samples[0][n] = -1 + 0.5 * static_cast<double>(n * n) / 4;
  const GaussianMixture data = empirical_law(samples);
  const double of_data = action_gap(vp, line, data, 0, trial("score_x + 0.3*sin(x)"), 1e-4, 1).score_matching;
  const PathDivergenceProblem near = paths_of(vp, line, data, 0, trial("score_x + 0.3*sin(x)"), 1e-4, 1);
  check_estimate(path_divergence(near), of_data, "points of data, paths");
  check_estimate(gap_by_loss(near, data, 0), of_data, "points of data, loss");
}

BOOST_AUTO_TEST_CASE(a_law_between_reflecting_walls) {
  const Process tilted{{Formula::parse("0.5 - x^3/4")}, {Formula::parse("1 + t/2")}, 0.0, {}};
  const Grid box({{"x", -1.5, 1.5, 192}});
  const Law initial = FormulaLaw{Formula::parse("1 + 0.8*sin(2*x)")};
  const TrialScore score = trial("0.7*score_x + 0.3*cos(x)");
  ActionGapChoices choices;
  choices.forward.method = Method::finite_volume;
  const double exact = action_gap(tilted, box, initial, 0, score, 0.05, 1, choices).score_matching;
  const PathDivergenceProblem paths{tilted, box,  law_path(tilted, box, initial, 0, 0.05, 1, choices.forward),
                                    score,  0.05, 1};
  check_estimate(path_divergence(paths), exact, "a box");
}

BOOST_AUTO_TEST_CASE(errors_are_those_that_repetitions_show) {
  const std::string text = "score_x + 0.3*sin(x)";
  const double exact = action_gap(vp, line, bumps, 0, trial(text), 0.01, 1).score_matching;
  const PathDivergenceProblem paths = paths_of(text, 0.01);
  const auto spread = [&](const auto& estimate) {
    double squares = 0, sum = 0;
    const int runs = 100;
    for (int n = 0; n < runs; ++n) {
      const Estimate found = estimate(static_cast<std::uint64_t>(n));
      const double z = (found.value - exact) / found.error;
      sum += z;
      squares += z * z;
    }
    BOOST_TEST(std::abs(sum / runs) < 0.4, "mean " << sum / runs);
    return std::sqrt((squares - sum * sum / runs) / (runs - 1));
  };
  const double of_paths = spread([&](std::uint64_t seed) {
    return path_divergence(paths, {.particles = 2560, .seed = seed, .steps = 100});
  });
  const double of_loss = spread(
      [&](std::uint64_t seed) { return gap_by_loss(paths, bumps, 0, {.particles = 20'000, .seed = seed}); });
  BOOST_TEST(std::abs(of_paths - 1) < 0.2, "paths: " << of_paths);
  BOOST_TEST(std::abs(of_loss - 1) < 0.2, "loss: " << of_loss);
}

BOOST_AUTO_TEST_CASE(the_same_bits_for_any_number_of_threads) {
  const team::SharesAnything any;
  const PathDivergenceProblem paths = paths_of("-x/1.5", 0.05);
  std::vector<double> found;
  for (const int threads : {1, 2, 5}) {
    omp_set_num_threads(threads);
    const Estimate divergence = path_divergence(paths, {.particles = 1000, .steps = 40});
    const Estimate loss = loss_of(paths, bumps, 0, {.particles = 1000});
    for (const double value : {divergence.value, divergence.error, loss.value, loss.error})
      found.push_back(value);
  }
  for (std::size_t n = 4; n < found.size(); ++n) BOOST_TEST(found[n] == found[n % 4]);
}
