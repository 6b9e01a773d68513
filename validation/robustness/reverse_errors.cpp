// SPDX-License-Identifier: GPL-3.0-or-later
// Wrong tasks "reverse-diffusion".
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>

#include "validation/support/wrong_experiment.hpp"

using namespace umkehr;

namespace {

const std::string reverse = "solve = \"reverse-diffusion\"\n", of = "of = \"forward\"\n";

const std::vector<WrongExperiment> wrong_reversals = {
    task(reverse, {"of", "missing", "the task to reverse"}),
    task(reverse + of, {"of", "\"forward\"", "there is none before this one"}),
    later(reverse + "of = \"backward\"", {"of", "\"backward\"", "there is forward"}),
    later(reverse + "of = 1", {"of", "1"}),
    later(reverse + of + "solver = 1", {"solver", "did you mean \"solve\""}),
    later(reverse + of + "method = \"fourier\"", {"method", "cannot be chosen here"}),
    later(reverse + of + "scheme = \"backward-euler\"", {"scheme", "cannot be chosen here"}),
    later(reverse + of + "centre = 0", {"centre", "unknown key"}),
    later(reverse + of + "tolerance = 0", {"tolerance", "\"0\"", "from 1e-15 to below 1"}),
    later(reverse + of + "dt = -0.1", {"dt", "\"-0.1\""}),
    later(reverse + of + "dt = 1e-12", {"dt", "1e9 steps"}),
    later(reverse + of + "initial = { point = [0.0] }", {"initial", "give it a width"}),
    later(reverse + of + "initial = { formula = \"x\" }", {"formula", "negative"}),
    {"{ gaussian = { mean = [0.0], covariance = [[0.25]] } }",
     "{ point = [0.0] }\n[[task]]\n" + reverse + of,
     {"of", "no score to return along", "a time after 0"}},
};

}  // namespace

BOOST_DATA_TEST_CASE(wrong_tasks, wrong_reversals, wrong) {
  check_refused(wrong);
}
