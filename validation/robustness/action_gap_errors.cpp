// SPDX-License-Identifier: GPL-3.0-or-later
// Wrong action-gap tasks: the exit code is 2 (4 for a file that cannot be read) and the message names the key and what is
// allowed.
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <ostream>

#include "validation/support/run_command.hpp"
#include "validation/support/temporary_folder.hpp"

using namespace umkehr;

namespace {

const std::string experiment = R"([process]
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
name = "forward"
solve = "fokker-planck"
initial = { gaussian = { mean = [0.0], covariance = [[0.25]] } }
[[task]]
name = "gap"
solve = "action-gap"
of = "forward"
score = ["-x"]
)";

struct Wrong {
  std::string what, by;
  std::vector<std::string> message;
  int code = 2;
  friend std::ostream& operator<<(std::ostream& out, const Wrong& wrong) { return out << wrong.by; }
};

const std::vector<Wrong> tasks = {
    {"of = \"forward\"\n", "", {"of", "missing"}},
    {"of = \"forward\"", "of = \"gap\"", {"19:6", "of", "no earlier task", "forward"}},
    {"score = [\"-x\"]\n", "", {"score", "missing"}},
    {"score = [\"-x\"]", "score = [\"-y\"]", {"20:12", "unknown name \"y\""}},
    {"score = [\"-x\"]", "score = [\"score_y\"]", {"20:11", "unknown name \"score_y\""}},
    {"score = [\"-x\"]", "score = [\"-x\", \"-x\"]", {"20:9", "2 formulas", "1 axes"}},
    {"score = [\"-x\"]", "score = [\"log(x)\"]", {"20:10", "score", "log(x)", "not finite", "whole grid"}},
    {"score = [\"-x\"]", "score = [\"1/(x - t + t)\"]", {"20:10", "score", "does not fit the grid", "peak"}},
    {"score = [\"-x\"]", "score = [\"1/(x - 0.0437)\"]", {"20:10", "score", "peak"}},
    {"score = [\"-x\"]",
     "score = { field = \"none.h5\", variable = \"a/score\" }",
     {"field", "does not exist"}},
    {"score = [\"-x\"]", "score = { field = \"bad.toml\" }", {"variable", "missing"}},
    {"score = [\"-x\"]", "score = { field = \"bad.toml\", variable = \"a/score\" }", {"cannot be read"}, 4},
    {"score = [\"-x\"]", "score = [\"-x\"]\nstart = -1", {"21:9", "start"}},
    {"score = [\"-x\"]", "score = [\"-x\"]\nstop = 2.0", {"21:8", "stop"}},
    {"score = [\"-x\"]", "score = [\"-x\"]\nstart = 0.5\nstop = 0.5", {"22:8", "stop", "after start = 0.5"}},
    {"score = [\"-x\"]", "score = [\"-x\"]\ntolerance = 0", {"21:13", "tolerance"}},
    {"score = [\"-x\"]", "score = [\"-x\"]\nparticles = -1", {"21:13", "particles"}},
    {"score = [\"-x\"]", "score = [\"-x\"]\nseed = 0.5", {"21:8", "seed"}},
    {"score = [\"-x\"]", "score = [\"-x\"]\nsteps = 1", {"21:9", "steps"}},
    {"score = [\"-x\"]", "score = [\"-x\"]\nmethod = \"fourier\"", {"21:1", "method", "unknown key"}},
    {"{ gaussian = { mean = [0.0], covariance = [[0.25]] } }",
     "{ point = [0.0] }",
     {"start", "point", "later"}},
    {"diffusion = \"2\"", "diffusion = \"2\"\nkilling = \"0.1\"", {"without killing"}},
};

}  // namespace

BOOST_DATA_TEST_CASE(wrong_action_gaps, tasks, wrong) {
  const TemporaryFolder folder, logs;
  write_file(folder / "bad.toml", replaced(experiment, wrong.what, wrong.by));
  const Outcome outcome = run_umkehr({"run", "bad.toml"}, folder.path(), logs / "log");
  BOOST_TEST(outcome.signal == 0);
  BOOST_TEST(outcome.code == wrong.code, outcome.err);
  BOOST_TEST(outcome.out == "");
  for (const std::string& part : wrong.message)
    BOOST_TEST(outcome.err.find(part) != std::string::npos, "\"" << part << "\" is not in " << outcome.err);
  BOOST_TEST(folder.files() == 1u);
}
