// SPDX-License-Identifier: GPL-3.0-or-later
// Runs that would not end, tasks that could not begin, and results whose numbers cannot stand.
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <ostream>

#include "validation/support/experiment_folder.hpp"

using namespace umkehr;

namespace {

using Folder = ExperimentFolder;

/// Arguments after `run small.toml`, the exit code, and what the message must say.
struct Call {
  Words arguments;
  int code;
  Words message;

  friend std::ostream& operator<<(std::ostream& out, const Call& call) {
    for (const std::string& word : call.arguments) out << word << " ";
    return out;
  }
};

Words with(Words words, const Words& settings) {
  for (const std::string& setting : settings) {
    words.push_back("--set");
    words.push_back(setting);
  }
  return words;
}

const Words fourier = {"task.forward.method=fourier"};

/// Each would take hours.
const std::vector<Call> endless = {
    {with({"--max-seconds", "1"}, {"task.forward.dt=1e-8", "axis.x.points=2048"}),
     3,
     {"task \"forward\"", "--max-seconds 1", "dt = 1e-08"}},
    {with({"--max-seconds", "1"}, {fourier[0], "time.stop=1e6"}),
     3,
     {"task \"forward\"", "--max-seconds", "drift |F|/dx"}},
    {with({"--max-seconds", "1"}, {fourier[0], "process.killing=2147483648"}),
     3,
     {"task \"forward\"", "--max-seconds", "killing |V| up to 2.14748e+09"}},
};

/// Wrong options and values, each with what is allowed.
const std::vector<Call> refused = {
    {{"--max-seconds", "0"}, 2, {"--max-seconds", "positive"}},
    {{"--max-seconds", "-1"}, 2, {"--max-seconds", "positive"}},
    {{"--max-seconds", "nan"}, 2, {"--max-seconds", "positive"}},
    {{"--max-seconds", "inf"}, 2, {"--max-seconds", "positive"}},
    {{"--max-seconds", "soon"}, 2, {"--max-seconds", "positive"}},
    {with({}, {"task.forward.tolerance=1e-300"}), 2, {"tolerance", "\"1e-300\"", "from 1e-15"}},
    {with({}, {"time.start=1e9", "time.stop=1000000001"}), 2, {"stop", "start = 1e+09", "resolve"}},
};

/// A spectrum too large for a dense matrix after a task that can be solved; `%` is what else the second task says.
const std::string two_tasks = std::string(small_experiment) + "[[task]]\nname = \"second\"\n";

const std::vector<Call> second_tasks = {
    {{"solve = \"spectrum\"\nmethod = \"hermite\"\n", "axis.x.boundary=periodic"},
     2,
     {"task \"second\"", "periodic"}},
    {{"solve = \"spectrum\"\nmethod = \"hermite\"\n", "axis.x.points=7000"},
     2,
     {"task \"second\"", "7000 unknowns"}},
    {{"solve = \"hjb\"\nterminal = \"x^2\"\n", "axis.x.points=5"}, 2, {"task \"second\"", "at least 6"}},
    {{"solve = \"schroedinger-bridge\"\ninitial = { point = [0.0] }\nfinal = { gaussian = { mean = [0.0], "
      "covariance = "
      "[[0.25]] } }\n",
      "axis.x.points=32"},
     2,
     {"task \"second\"", "is a point"}},
    {{"solve = \"fokker-planck\"\nmethod = \"fourier\"\nscheme = \"symmetrised\"\ninitial = { point = [0.0] "
      "}\n",
      "axis.x.points=32"},
     2,
     {"task \"second\"", "symmetrised"}},
};

}  // namespace

BOOST_DATA_TEST_CASE(endless_runs_are_stopped, endless, call) {
  const Folder folder;
  const Outcome outcome = folder.run(call.arguments);
  BOOST_TEST(outcome.signal == 0);
  BOOST_TEST(outcome.code == call.code, outcome.err);
  for (const std::string& part : call.message)
    BOOST_TEST(has(outcome.err, part), "\"" << part << "\" is not in " << outcome.err);
  BOOST_TEST(folder.files.files() == 1u);
}

BOOST_DATA_TEST_CASE(wrong_bounds_are_refused, refused, call) {
  const Folder folder;
  const Outcome outcome = folder.run(call.arguments);
  BOOST_TEST(outcome.code == call.code, outcome.err);
  for (const std::string& part : call.message)
    BOOST_TEST(has(outcome.err, part), "\"" << part << "\" is not in " << outcome.err);
  BOOST_TEST(folder.files.files() == 1u);
}

BOOST_AUTO_TEST_CASE(a_run_within_its_bound_is_written) {
  const Folder folder;
  BOOST_TEST(folder.run({"--max-seconds", "100"}).code == 0);
  BOOST_TEST(folder.files.files() == 2u);
}

BOOST_DATA_TEST_CASE(what_cannot_begin_is_refused_before_anything_runs, second_tasks, call) {
  const Folder folder(two_tasks + call.arguments[0]);
  for (const char* way : {"--dry-run", "--json"}) {  // the first task would run for hours
    const Outcome outcome = folder.run({way, "--set", call.arguments[1], "--set", "task.forward.dt=1e-8"});
    BOOST_TEST(outcome.code == call.code, outcome.err);
    for (const std::string& part : call.message)
      BOOST_TEST(has(outcome.err, part), "\"" << part << "\" is not in " << outcome.err);
  }
  BOOST_TEST(folder.files.files() == 1u);
}

BOOST_AUTO_TEST_CASE(a_plan_tells_the_time) {
  const Folder folder;
  const Outcome outcome = folder.run({"--dry-run"});
  BOOST_TEST(outcome.code == 0);
  BOOST_TEST(has(outcome.out, "# time: about"), outcome.out);
  BOOST_TEST(has(outcome.out, "steps and"), outcome.out);
}

BOOST_AUTO_TEST_CASE(a_density_that_is_none_fails_with_its_place_and_a_remedy) {
  const Folder folder;
  const Outcome outcome = folder.run(
      with({}, {fourier[0], "task.forward.initial={ gaussian = { mean = [0.0], covariance = [[1e-4]] } }",
                "time.stop=1e-6"}));
  BOOST_TEST(outcome.code == 3, outcome.err);
  for (const char* part : {"task \"forward\"", "density is -", "t = ", "x = ", "maximum", "finite-volume"})
    BOOST_TEST(has(outcome.err, part), part << " is not in " << outcome.err);
  BOOST_TEST(folder.files.files() == 1u);
}
