// SPDX-License-Identifier: GPL-3.0-or-later
// Bridges and cells from the experiment file to the result: a bridge on a grid agrees with its closed form, a spoilt one
// does not; cells give the reference case.
#include <boost/test/unit_test.hpp>

#include "experiments/tasks/experiment.hpp"
#include "experiments/tasks/solving/analytic.hpp"
#include "validation/support/reference_cases.hpp"

using namespace umkehr;

namespace {

Result solved(const std::string& text) {
  const Experiment experiment = parse_experiment(text, "test.toml", {});
  Result result{experiment.title, "umkehr", experiment.text, {}};
  Replays replays;
  for (const auto& task : experiment.tasks)
    result.groups.push_back(task->solve(experiment, replays, [](double) {}).group);
  return result;
}

const std::string bridge =
    "[process]\ndrift = \"-(0.5 + t)*x + 0.3\"\ndiffusion = \"1 + t/2\"\nkilling = \"0.3*x^2 - 0.2*t\"\n"
    "[time]\nstart = -0.2\nstop = 0.9\nsave = 4\n[[axis]]\nfrom = -9\nto = 9\npoints = 300\n"
    "[[task]]\nname = \"bridge\"\nsolve = \"schroedinger-bridge\"\n"
    "initial = { gaussian = { mean = [-0.5], covariance = [[0.4]] } }\n";
const std::string
    one = "final = { gaussian = { mean = [1.0], covariance = [[0.3]] } }\n",
    several =
        "final = { mixture = [ { weight = 1, mean = [1.0], covariance = [[0.3]] }, { weight = 1, "
        "mean = [-1.0], covariance = [[0.3]] } ] }\n";

}  // namespace

BOOST_AUTO_TEST_CASE(bridge_on_a_grid_and_in_closed_form) {
  Result result = solved(bridge + one);
  const Comparison comparison = compare_analytic(result, ".", 1e-9);
  for (const VariableComparison& variable : comparison.variables) BOOST_TEST(variable.same, variable.name);
  BOOST_TEST(comparison.variables.size() ==
             7U);  // density, log_chi, log_chi_hat, control_x, coupling, kl, action
  for (const char* spoilt : {"density", "log_chi", "log_chi_hat", "control_x", "coupling", "kl", "action"}) {
    Result wrong = result;
    for (Variable& variable : wrong.groups[0].variables)
      if (variable.name == spoilt)
        for (double& value : variable.values) value *= 1 + 1e-7;
    BOOST_TEST(!compare_analytic(wrong, ".", 1e-9).same(), spoilt);
  }
}

BOOST_AUTO_TEST_CASE(bridge_without_closed_form) {
  BOOST_CHECK_THROW(compare_analytic(solved(bridge + several), ".", 1e-9), NoClosedForm);
}

BOOST_AUTO_TEST_CASE(cells_of_the_reference) {
  const Result result = solved(
      "[[task]]\nsolve = \"cells\"\nkernel = [[0.5, 0.4], [0.5, 0.6]]\ninitial = [0.4, 0.6]\nfinal = [0.7, "
      "0.3]\n"
      "particles = [10, 100, 1000, 10000]\n");
  const Group& group = result.groups[0];
  const auto expected = reference_cases("R9d", "-(1/N)");
  for (std::size_t n = 0; n < 4; ++n)
    BOOST_TEST(group.find("rate")->values[n] == expected[n]["value"].get<double>(),
               boost::test_tools::tolerance(1e-12));
  BOOST_TEST(group.find("divergence")->values[0] == reference_cases("R9d", "D_KL")[0]["value"].get<double>(),
             boost::test_tools::tolerance(1e-13));
  BOOST_TEST(group.find("optimum")->values[0] == 0.3, boost::test_tools::tolerance(1e-13));
  BOOST_TEST(group.find("correction")->values[3] == group.find("rate")->values[3],
             boost::test_tools::tolerance(1e-7));
  BOOST_CHECK_THROW(compare_analytic(result, ".", 1e-9), NoClosedForm);
}
