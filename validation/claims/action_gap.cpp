// SPDX-License-Identifier: GPL-3.0-or-later
// The action gap (3.36-3.38, 3.42) on the two bumps under VP: reference numbers by other means, two independent evaluations,
// the inequality of the endpoint laws and the models that make it an equality.
#include "solver/control/action_gap.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>

#include "solver/process/known_processes.hpp"
#include "validation/support/reference_cases.hpp"

using namespace umkehr;

namespace {

Gaussian gaussian(double weight, double mean, double variance) {
  return {weight, Eigen::VectorXd::Constant(1, mean), Eigen::MatrixXd::Constant(1, 1, variance)};
}

const Law bumps = GaussianMixture({gaussian(0.35, -1.2, 0.16), gaussian(0.65, 0.9, 0.3025)});
const Process vp = variance_preserving(0.1, 20);
const Grid line({{"x", -8, 8, 256}});

TrialScore trial(const std::string& text) {
  if (text.find("score_x") == std::string::npos) return TrialScore::of({Formula::parse(text, {{"x"}, {}})});
  return TrialScore::of_exact_score({Formula::parse(text, {{"x", "score_x"}, {}})});
}

ActionGap gap_of(const std::string& text, double start) {
  return action_gap(vp, line, bumps, 0, trial(text), start, 1);
}

double start_of(const nlohmann::json& entry) {
  return std::stod(entry["parameters"]["t0"].get<std::string>());
}

}  // namespace

BOOST_AUTO_TEST_CASE(gap_of_a_perturbed_score) {
  for (const auto& entry : reference_cases("R8i", "Delta A")) {
    const double value = entry["value"];
    const ActionGap gap = gap_of("score_x + 0.3*sin(x)", start_of(entry));
    BOOST_TEST(std::abs(gap.score_matching - value) < 1e-12);
    BOOST_TEST(std::abs(gap.action - value) < 1e-10);
    BOOST_TEST(gap.endpoint_kl.value() < gap.score_matching);
    BOOST_TEST(gap.warnings.empty());
  }
}

BOOST_AUTO_TEST_CASE(law_that_a_perturbed_score_generates) {
  const auto entry = reference_cases("R8i", "KL(P_t0").front();
  const double value = entry["value"];
  const ActionGap gap = gap_of("score_x + 0.3*sin(x)", start_of(entry));
  BOOST_TEST(!gap.exact_model);
  BOOST_TEST(std::abs(gap.endpoint_kl.value() - value) < 1e-9);
}

BOOST_AUTO_TEST_CASE(gap_and_generated_law_of_a_stationary_score) {
  for (const auto& entry : reference_cases("R8ii", "Delta A")) {
    const double value = entry["value"];
    const ActionGap gap = gap_of("-x", start_of(entry));
    BOOST_TEST(std::abs(gap.score_matching - value) < 1e-12);
    BOOST_TEST(std::abs(gap.action - value) < 1e-10);
  }
  for (const auto& entry : reference_cases("R8ii", "KL(P_t0")) {
    const double value = entry["value"];
    const ActionGap gap = gap_of("-x", start_of(entry));
    BOOST_TEST(gap.exact_model);
    BOOST_TEST(std::abs(gap.endpoint_kl.value() - value) < 1e-11);
  }
}

BOOST_AUTO_TEST_CASE(models_with_the_bridges_of_the_process_lose_nothing_on_the_way) {
  // Their endpoint relative entropy given the start, R8joint, is all of the gap.
  for (const auto& [name, text] :
       {std::pair{"D_KL(H||G) endpoint, S=-x", "-x"}, {"D_KL(H||G) endpoint, S=0", "0*x"}})
    for (const auto& entry : reference_cases("R8joint", name)) {
      if (entry["quantity"] != name) continue;
      const double value = entry["value"];
      const ActionGap gap = gap_of(text, start_of(entry));
      BOOST_TEST(std::abs(gap.score_matching - value) < 1e-11);
      BOOST_TEST(gap.endpoint_kl.value() <= gap.score_matching);
    }
  for (const auto& entry : reference_cases("R8joint", "D_KL(H||G) endpoint, S=-x/1.5")) {
    const double value = entry["value"];
    BOOST_TEST(gap_of("-x/1.5", start_of(entry)).score_matching > value + 1e-3);
  }
}

BOOST_AUTO_TEST_CASE(numbers_of_the_audit_for_a_narrow_gaussian) {
  // S = -x/1.5 on N(0.5, 0.3^2): both directions of the relative entropy of paths.
  const ActionGap gap =
      action_gap(vp, line, GaussianMixture({gaussian(1, 0.5, 0.09)}), 0, trial("-x/1.5"), 0.01, 1);
  BOOST_TEST(std::abs(gap.score_matching - 1.6058320) < 1e-7);
  BOOST_TEST(std::abs(gap.feasible.value() - 16.0046) < 1e-4);
}

BOOST_AUTO_TEST_CASE(closed_and_numerical_model_laws_agree) {
  // A term that vanishes but hides that the score is affine.
  for (const std::string text : {"-x", "-x/1.5", "0.2 - 0.7*x", "-0.3*x"}) {
    const ActionGap closed = gap_of(text, 0.05), numerical = gap_of(text + " + 0*score_x", 0.05);
    BOOST_TEST(closed.exact_model);
    BOOST_TEST(!numerical.exact_model);
    BOOST_TEST_CONTEXT(text) {
      BOOST_TEST(std::abs(closed.endpoint_kl.value() - numerical.endpoint_kl.value()) < 1e-8);
      BOOST_TEST(std::abs(closed.feasible.value() - numerical.feasible.value()) <
                 1e-8 * (1 + closed.feasible.value()));
    }
  }
}

BOOST_AUTO_TEST_CASE(riemann_sums_converge_with_order_one) {
  const auto exact = law_path(vp, line, bumps, 0, 0.1, 1, {});
  const TrialScore score = trial("-x/1.5");
  const double value = gap_of("-x/1.5", 0.1).score_matching;
  std::vector<double> errors;
  for (const std::size_t n : {100, 200, 400, 800})
    errors.push_back(riemann_gap(vp, *exact, score, 0.1, 1, n) - value);
  BOOST_TEST(std::abs(errors[0] + 1.10e-2) < 1e-4);
  BOOST_TEST(std::abs(errors[1] + 5.49e-3) < 1e-5);
  BOOST_TEST(std::abs(errors[2] + 2.75e-3) < 1e-5);
  for (std::size_t n = 0; n + 1 < errors.size(); ++n)
    BOOST_TEST(std::abs(std::log2(errors[n] / errors[n + 1]) - 1) < 0.02);
}

BOOST_AUTO_TEST_CASE(the_gap_is_quadratic_in_the_perturbation) {
  const double one = gap_of("score_x + 0.1*sin(x)", 0.1).score_matching;
  for (const double size : {2.0, 3.0, 0.01}) {
    const ActionGap gap = gap_of("score_x + " + std::to_string(0.1 * size) + "*sin(x)", 0.1);
    BOOST_TEST(std::abs(gap.score_matching / (one * size * size) - 1) < 1e-11);
    BOOST_TEST(std::abs(gap.action - gap.score_matching) < 1e-10 * one);
    BOOST_TEST(gap.endpoint_kl.value() <= gap.score_matching);
    BOOST_TEST(gap.endpoint_kl.value() >= 0);
  }
}
