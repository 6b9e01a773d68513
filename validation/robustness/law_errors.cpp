// SPDX-License-Identifier: GPL-3.0-or-later
// Laws with a name and variances that are wrong, and what umkehr says of them.
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>

#include "validation/support/wrong_experiment.hpp"

using namespace umkehr;

namespace {

using Wrong = WrongExperiment;

/// Law tables in front of the task, from line 15 on, and the task's initial density, on line 21.
Wrong with_law(const std::string& line, const std::string& initial, std::vector<std::string> told) {
  const std::string task =
      "[[task]]\nname = \"forward\"\nsolve = \"fokker-planck\"\ntolerance = 1e-4\ninitial = ";
  return {task + usual_initial, "[law]\n" + line + "\n" + task + initial, std::move(told)};
}

Wrong spread(const std::string& text, std::vector<std::string> told) {
  return {"covariance = [[0.25]]", text, std::move(told)};
}

const std::string right = "data = { mean = [0.0], variance = 1.0 }";

const std::vector<Wrong> names = {
    with_law(right, "\"dta\"",
             {"21:11", "initial", "\"dta\"", "no law", "did you mean \"data\"?", "It has \"data\""}),
    with_law(right, "\"something else\"", {"21:11", "initial", "it has \"data\""}),
    with_law(right, "\"\"", {"21:11", "initial", "\"\"", "it has \"data\""}),
    {usual_initial, "\"data\"", {"19:11", "initial", "\"data\"", "no table [law.NAME]", "gaussian"}},
    with_law("2b = { mean = [0.0], variance = 1.0 }", "\"2b\"", {"16:1", "law", "\"2b\"", "is not a name"}),
    with_law("\"a b\" = { mean = [0.0], variance = 1.0 }", "\"a b\"",
             {"16:1", "law", "\"a b\"", "is not a name"}),
    with_law("data = \"exp(-x^2)\"", usual_initial, {"16:8", "law.data", "\"exp(-x^2)\"", "is not a table"}),
    with_law("data = { gausian = { mean = [0.0] } }", usual_initial,
             {"16:10", "gausian", "unknown key in law.data", "did you mean \"gaussian\""}),
    with_law("data = {}", usual_initial, {"16:8", "law.data", "no density"}),
    with_law("data = { formula = \"-x^2\" }", usual_initial, {"16:20", "formula", "negative"}),
    with_law("data = { mean = [50.0], variance = 1.0 }", usual_initial,
             {"16:8", "law.data", "outside the grid"}),
    with_law("data = { variance = 1.0 }", usual_initial, {"16:8", "\"mean\" is missing"}),
    with_law("data = { mean = [0.0], gaussian = { mean = [0.0], variance = 1.0 } }", usual_initial,
             {"16:8", "law.data", "several densities"}),
    with_law("data = { variance = 0.5, gaussian = { mean = [0.0], variance = 1.0 } }", usual_initial,
             {"16:8", "law.data", "gaussian.variance"}),
    with_law("data = { samples = \"none.csv\" }", usual_initial,
             {"16:20", "samples", "\"none.csv\"", "does not exist"}),
    {"[[task]]", "law = 3\n[[task]]", {"15:1", "law", "unknown key in [[axis]]"}},
    {"title = \"small\"", "title = \"small\"\nlaw = 3", {"2:7", "law", "\"3\"", "[law.NAME]"}},
    {"[[task]]", "[[law]]\nmean = [0.0]\n[[task]]", {"law", "[law.NAME]"}},
    {"[[task]]", "[lwa.data]\nmean = [0.0]\n[[task]]", {"lwa", "unknown key", "did you mean \"law\""}},
};

const std::vector<Wrong> variances = {
    spread("variance = 1.0, covariance = [[1.0]]", {"19:51", "variance", "\"1.0\"", "beside a covariance"}),
    spread("variance = 0.0", {"19:51", "variance", "\"0.0\"", "above 0", "point"}),
    spread("variance = -1", {"19:51", "variance", "\"-1\"", "out of range"}),
    spread("variance = nan", {"19:51", "variance", "\"nan\"", "finite"}),
    spread("variance = inf", {"19:51", "variance", "\"inf\"", "finite"}),
    spread("variance = 1e101", {"19:51", "variance", "1e+101", "up to 1e+100"}),
    spread("variance = \"1\"", {"19:51", "variance", "not a number"}),
    spread("variance = []", {"19:51", "variance", "0 entries", "give 1"}),
    spread("variance = [1.0, 2.0]", {"19:51", "variance", "2 entries", "give 1"}),
    spread("variance = [0]", {"19:52", "variance", "\"0\"", "above 0"}),
    spread("variance = [[1.0]]", {"19:52", "variance", "not a number"}),
    spread("varaince = 1.0", {"19:40", "varaince", "unknown key in gaussian", "did you mean \"variance\""}),
    {"mean = [0.0], covariance = [[0.25]]", "mean = [0.0]", {"covariance", "missing", "variance"}},
};

}  // namespace

BOOST_DATA_TEST_CASE(wrong_names_of_laws, names, wrong) {
  check_refused(wrong);
}
BOOST_DATA_TEST_CASE(wrong_variances, variances, wrong) {
  check_refused(wrong);
}
