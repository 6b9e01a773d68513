// SPDX-License-Identifier: GPL-3.0-or-later
// The action gap (3.36-3.38, 3.42) on the two bumps under VP: reference numbers by other means, two independent evaluations,
// the inequality of the endpoint laws and the models that make it an equality.
#include "solver/action/action_gap.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <sstream>

#include "grids/failure.hpp"
#include "solver/action/action.hpp"
#include "solver/process/known_processes.hpp"
#include "solver/score/numerical_path.hpp"
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

BOOST_AUTO_TEST_CASE(gaps_across_jumps_in_time) {
  // Noise, drift and score jump at times of their own, a quarter and five eighths of the way not among the nodes.
  const auto parse = [](const std::string& text, bool exact = false) {
    return Formula::parse(
        text, {exact ? std::vector<std::string>{"x", "score_x"} : std::vector<std::string>{"x"}, {}});
  };
  const Process jumping{{parse("-where(t < 0.37, 1, 0.4)*x + where(t > 0.62, 0.5, 0)")},
                        {parse("where(t < 0.37, 0.5, 1.6)")},
                        0.0,
                        {}};
  const Law initial = GaussianMixture({gaussian(0.4, -0.8, 0.2), gaussian(0.6, 0.7, 0.3)});
  const std::string text = "-0.8*x + where(t < 0.51, 0.2, -0.1)";
  const ActionGap closed = action_gap(jumping, line, initial, 0, TrialScore::of({parse(text)}), 0.1, 1),
                  numerical =
                      action_gap(jumping, line, initial, 0,
                                 TrialScore::of_exact_score({parse(text + " + 0*score_x", true)}), 0.1, 1);
  BOOST_TEST(closed.exact_model);
  BOOST_TEST(!numerical.exact_model);
  BOOST_TEST(std::abs(closed.action - closed.score_matching) < 1e-10);
  BOOST_TEST_REQUIRE(numerical.endpoint_kl.has_value());
  BOOST_TEST_MESSAGE("gap " << closed.score_matching << ", endpoint_kl " << *closed.endpoint_kl << " and "
                            << *numerical.endpoint_kl << ", gap_feasible " << *closed.feasible << " and "
                            << *numerical.feasible);
  BOOST_TEST(std::abs(numerical.score_matching - closed.score_matching) < 1e-10);
  BOOST_TEST(std::abs(*closed.endpoint_kl - *numerical.endpoint_kl) < 1e-8);
  BOOST_TEST(std::abs(*closed.feasible - *numerical.feasible) < 1e-8 * (1 + *closed.feasible));
  // A Riemann sum (3.42) knows of no jump.
  const auto exact = law_path(jumping, line, initial, 0, 0.1, 1, {});
  const std::size_t many = 400;
  BOOST_TEST(std::abs(riemann_gap(jumping, *exact, TrialScore::of({parse(text)}), 0.1, 1, many) -
                      closed.score_matching) < 2e-3);
  // On cells, where the law is not known in closed form.
  Process hidden = jumping;
  hidden.drift = {parse("-where(t < 0.37, 1, 0.4)*x + where(t > 0.62, 0.5, 0) + 0*sin(x)^3 + 1e-300*x^3")};
  ActionGapChoices choices;
  choices.forward.method = Method::fourier;
  choices.forward.tolerance = 1e-10;
  const ActionGap gridded =
      action_gap(hidden, line, initial, 0, TrialScore::of({parse(text)}), 0.1, 1, choices);
  BOOST_TEST(!gridded.exact_law);
  BOOST_TEST(std::abs(gridded.score_matching - closed.score_matching) < 1e-7);
  BOOST_TEST_REQUIRE(gridded.endpoint_kl.has_value());
  BOOST_TEST(std::abs(*gridded.endpoint_kl - *closed.endpoint_kl) < 1e-6);
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

BOOST_AUTO_TEST_CASE(feasible_gap_is_the_excess_cost_of_another_path) {
  // R4a: the bridge of Brownian motion, D = 1, between two Gaussians, against Gaussians of the same ends and means whose
  // variance is linear in time. Both have u = m' + (v' - 1)(x - m)/(2 v). The excess of cost is int P-hat |u-hat - u|^2/2
  // (Pythagoras); with P frozen it is another number.
  const double covariance = reference_cases("R4a", "endpoint covariance").front()["value"];
  std::ostringstream text;
  text.precision(17);
  text << "0.25*(1 - t)^2 + 0.64*t^2 + (1 + 2*" << covariance << ")*t*(1 - t)";
  const auto parse = [&](const std::string& formula) {
    return Formula::parse(formula, {{"x"}, {{"v", text.str()}, {"w", "0.25 + 0.39*t"}, {"m", "-1 + 2.5*t"}}});
  };
  const auto control = [&](const char* variance) {
    const Formula v = parse(variance), one = Formula::constant(1, 1), two = one + one;
    return parse("m").time_derivative() + (v.time_derivative() - one) / (two * v) * (parse("x") - parse("m"));
  };
  const auto density = [&](const std::string& variance) {
    return parse("exp(-(x - m)^2/(2*" + variance + "))/sqrt(2*pi*" + variance + ")");
  };
  const Process brown = brownian(1.0);
  const Grid wide({{"x", -9, 10, 400}});
  const auto cost = [&](const char* variance, const Formula& u) {
    return action(brown, {Coefficient(0.0), density(variance), {u}}, wide, 0, 1);
  };
  const Formula difference = control("w") - control("v");
  const double feasible = cost("w", difference);
  BOOST_TEST(std::abs(feasible - 0.018625648992) < 1e-11);
  BOOST_TEST(std::abs(cost("w", control("w")) - cost("v", control("v")) - feasible) < 1e-11);
  BOOST_TEST(std::abs(cost("v", difference) - 0.020882500556) < 1e-11);
  const double best = reference_cases("R4a", "D_KL(H*||G)").front()["value"];
  BOOST_TEST(std::abs(cost("v", control("v")) - best) < 1e-11);
}

BOOST_AUTO_TEST_CASE(a_numerical_law_gives_the_gap_of_the_exact_one) {
  // The same bumps as a formula, which hides that they are a mixture.
  const Law hidden = FormulaLaw{
      Formula::parse("0.35*exp(-(x + 1.2)^2/0.32)/0.4 + 0.65*exp(-(x - 0.9)^2/0.605)/0.55", {{"x"}, {}})};
  ActionGapChoices choices;
  choices.forward.method = Method::fourier;
  choices.forward.tolerance = 1e-11;
  for (const std::string text : {"score_x + 0.3*sin(x)", "-x"}) {
    const ActionGap exact = gap_of(text, 0.1);
    const ActionGap gap = action_gap(vp, line, hidden, 0, trial(text), 0.1, 1, choices);
    BOOST_TEST_CONTEXT(text) {
      BOOST_TEST(!gap.exact_law);
      BOOST_TEST(std::abs(gap.score_matching - exact.score_matching) < 1e-8);
      BOOST_TEST(std::abs(gap.action - exact.action) < 1e-8);
      BOOST_TEST(std::abs(gap.endpoint_kl.value() - exact.endpoint_kl.value()) < 1e-7);
      BOOST_TEST(!gap.dsm_constant);
    }
  }
}

BOOST_AUTO_TEST_CASE(coupled_axes_with_noises_of_their_own) {
  const std::vector<std::string> axes = {"x", "y", "score_x", "score_y"};
  const auto parse = [&](const char* text, bool exact = false) {
    return Formula::parse(text, {exact ? axes : std::vector<std::string>{"x", "y"}, {}});
  };
  // Not a gradient, D that is not the friction, a clock that does not start at 0.
  const Process process{
      {parse("-x + 0.8*y"), parse("-0.8*x - 1.5*y + t")}, {parse("1 + t"), parse("0.6")}, 0.0, {}};
  Eigen::MatrixXd covariance(2, 2);
  covariance << 0.4, 0.1, 0.1, 0.3;
  const Law initial = GaussianMixture(
      {{0.5, Eigen::Vector2d(-0.8, 0), covariance}, {0.5, Eigen::Vector2d(0.8, 0.4), covariance}});
  const Grid plane({{"x", -6, 6, 64}, {"y", -6, 6, 64}});
  const TrialScore affine = TrialScore::of({parse("-x - 0.2*y"), parse("0.1 - 1.2*y")});
  const TrialScore hidden =
      TrialScore::of_exact_score({parse("-x - 0.2*y + 0*score_x", true), parse("0.1 - 1.2*y", true)});
  const ActionGap closed = action_gap(process, plane, initial, -0.5, affine, -0.3, 0.6);
  const ActionGap numerical = action_gap(process, plane, initial, -0.5, hidden, -0.3, 0.6);
  BOOST_TEST(closed.exact_model);
  BOOST_TEST(!numerical.exact_model);
  BOOST_TEST(std::abs(closed.action - closed.score_matching) < 1e-10);
  BOOST_TEST(closed.endpoint_kl.value() < closed.score_matching);
  BOOST_TEST(std::abs(closed.endpoint_kl.value() - numerical.endpoint_kl.value()) < 1e-8);
  BOOST_TEST(std::abs(closed.feasible.value() - numerical.feasible.value()) < 1e-7);
}

BOOST_AUTO_TEST_CASE(a_gridded_score_is_as_good_as_its_formula) {
  const Grid own({{"x", -7, 7, 400}});
  std::vector<double> times;
  for (int n = 0; n <= 60; ++n) times.push_back(0.1 + 0.9 * n / 60);
  History score(times, own.size());
  const auto exact = law_path(vp, line, bumps, 0, 0.1, 1, {});
  const Points x = own.centres();
  Components values(1, std::vector<double>(x.count()));
  for (std::size_t n = 0; n < times.size(); ++n) {
    exact->at(times[n])->score(x, values);
    for (std::size_t i = 0; i < x.count(); ++i) score[n][i] = values[0][i] + 0.3 * std::sin(x[0][i]);
  }
  const ActionGap gap = action_gap(vp, line, bumps, 0, TrialScore::of_field(own, {score}), 0.1, 1);
  const double value = reference_cases("R8i", "Delta A").back()["value"];
  BOOST_TEST(std::abs(gap.score_matching - value) < 1e-8);
  BOOST_TEST(std::abs(gap.endpoint_kl.value() - gap_of("score_x + 0.3*sin(x)", 0.1).endpoint_kl.value()) <
             1e-7);
  BOOST_CHECK_THROW(action_gap(vp, line, bumps, 0, TrialScore::of_field(own, {score}), 0.05, 1),
                    std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(points_of_data_and_what_is_refused) {
  Points samples(1, 5);
  for (std::size_t n = 0; n < 5; ++n) samples[0][n] = -1 + 0.5 * static_cast<double>(n * n) / 4;
  const Law data = empirical_law(samples);
  const ActionGap gap = action_gap(vp, line, data, 0, trial("-x"), 1e-4, 1);
  BOOST_TEST(gap.dsm_constant.value() <= std::log(5.0));
  BOOST_TEST(std::abs(gap.action / gap.score_matching - 1) < 1e-10);
  BOOST_TEST(std::abs(gap.endpoint_kl.value() - gap.score_matching) < 1e-5);
  BOOST_CHECK_THROW(action_gap(vp, line, data, 0, trial("-x"), 0, 1), UnfitProblem);
  Process killed = vp;
  killed.killing = 0.1;
  BOOST_CHECK_THROW(action_gap(killed, line, bumps, 0, trial("-x"), 0.1, 1), std::invalid_argument);
  BOOST_CHECK_THROW(action_gap(vp, line, bumps, 0, trial("-x"), 0.5, 0.5), std::invalid_argument);
}
