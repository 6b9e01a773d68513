// SPDX-License-Identifier: GPL-3.0-or-later
// Wrong choices of particles by levels: the exit code is 2 and the message names the key and what is allowed.
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "validation/support/wrong_experiment.hpp"

using namespace umkehr;

namespace {

const std::string particles_experiment = R"([process]
drift = ["-x"]
diffusion = "2"
[time]
stop = 1.0
save = 2
[[axis]]
name = "x"
from = -6.0
to = 6.0
points = 32
[[task]]
name = "particles"
solve = "particles"
initial = { gaussian = { mean = [0.5], covariance = [[0.25]] } }
terminal = "x"
tolerance = 0.05
)";

WrongExperiment further(const std::string& line, const std::vector<std::string>& message) {
  return {"tolerance = 0.05\n", "tolerance = 0.05\n" + line + "\n", message};
}

const std::vector<WrongExperiment> wrong_levels = {
    {"tolerance = 0.05", "tolerance = 0", {"17:13", "tolerance"}},
    {"tolerance = 0.05", "tolerance = -0.1", {"17:13", "tolerance"}},
    {"tolerance = 0.05", "tolerance = \"small\"", {"17:13", "tolerance"}},
    {"tolerance = 0.05", "tolerance = inf", {"17:13", "tolerance"}},
    {"terminal = \"x\"\n", "", {"terminal", "missing"}},
    further("count = 100", {"18:9", "count", "tolerance"}),
    further("keep = 3", {"18:8", "keep", "tolerance"}),
    further("antithetic = true", {"18:14", "antithetic", "tolerance"}),
    further("kill = \"branch\"", {"18:8", "kill", "tolerance"}),
    further("steps = \"geometric\"", {"18:9", "steps", "tolerance"}),
    further("observables = { a = \"x\" }", {"18:15", "observables", "tolerance"}),
    further("control = [\"-x\"]", {"control", "tolerance"}),
    further("scheme = \"exact\"", {"18:10", "scheme", "srk"}),
    further("dt = 0.1\npath_step = 0.05", {"19:13", "path_step", "tolerance"}),
    {"tolerance = 0.05", "path_step = 0.1", {"17:13", "path_step", "needs `dt`"}},
    {"tolerance = 0.05", "path_step = 0.1\ndt = 0.05", {"17:13", "path_step", "whole number"}},
    {"tolerance = 0.05", "path_step = 0.03\ndt = 0.1", {"17:13", "path_step", "whole number"}},
    {"tolerance = 0.05", "path_step = 0\ndt = 0.1", {"17:13", "path_step"}},
    {"tolerance = 0.05", "path_step = -1\ndt = 0.1", {"17:13", "path_step"}},
    {"tolerance = 0.05", "path_step = 2.0\ndt = 0.1", {"17:13", "path_step"}},
    {"tolerance = 0.05", "quantiles = [0.0, 0.5]", {"17:", "quantiles"}},
    {"tolerance = 0.05", "quantiles = [0.5, 1.0]", {"17:", "quantiles"}},
    {"tolerance = 0.05", "quantiles = [0.5, 0.2]", {"17:13", "quantiles", "ascend"}},
    {"tolerance = 0.05", "quantiles = []", {"17:13", "quantiles"}},
    {"tolerance = 0.05", "quantiles = 0.5", {"17:13", "quantiles"}},
    further("quantiles = [0.5]", {"18:13", "quantiles", "tolerance"}),
    further("dt = 0", {"18:6", "dt"}),
    further("direction = \"reverse\"", {"17:13", "tolerance", "forward"}),
    further("direction = \"flow\"", {"17:13", "tolerance", "forward"}),
};

}  // namespace

BOOST_DATA_TEST_CASE(wrong_particles_by_levels, wrong_levels, wrong) {
  const bool goes_forward = wrong.by.find("direction") == std::string::npos;  // as `terminal` must
  check_refused(wrong, goes_forward ? particles_experiment
                                    : replaced(particles_experiment, "terminal = \"x\"\n", "\n"));
}
