// SPDX-License-Identifier: GPL-3.0-or-later
// Sweeps that are wrong, runs of them that fail, and what is left on disk.
#include <signal.h>

#include <boost/property_tree/json_parser.hpp>
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <thread>

#include "experiments/output/result_file.hpp"
#include "experiments/output/swept.hpp"
#include "validation/support/experiment_folder.hpp"

using namespace umkehr;

namespace {

/// Values of --sweep, and what the message must say.
struct WrongSweep {
  Words sweeps;
  Words message;
  int code = 2;

  friend std::ostream& operator<<(std::ostream& out, const WrongSweep& wrong) {
    for (const std::string& sweep : wrong.sweeps) out << sweep.substr(0, 60) << " ";
    return out;
  }
};

std::string numbers_up_to(int last) {
  std::string all;
  for (int n = 1; n <= last; ++n) all += (n > 1 ? "," : "") + std::to_string(n);
  return all;
}

const std::vector<WrongSweep> wrong_sweeps = {
    {{"task.forward.dt"}, {"--sweep task.forward.dt", "no \"=\"", "KEY=V1,V2"}},
    {{"=1,2"}, {"--sweep =1,2", "empty part"}},
    {{"task.forward.dt="}, {"empty value"}},
    {{"task.forward.dt=0.1,,0.2"}, {"empty value"}},
    {{"task.forward.dt=0.1,0.1"}, {"dt: \"0.1\"", "twice"}},
    {{"task.forward.dt=0.1,1e-1"}, {"dt: \"0.1\"", "twice"}},
    {{"task.forward.dt=0.1", "task.forward.dt=0.2"}, {"task.forward.dt", "swept already"}},
    {{"task.forward.dt=0.1", "task.0.dt=0.2"}, {"task.0.dt", "swept already"}},
    {{"task.forward={}", "task.forward.dt=0.2"}, {"task.forward", "swept already"}},
    {{"task.forwrd.dt=0.1"}, {"--sweep task.forwrd.dt=0.1", "did you mean \"forward\""}},
    {{"task.forward.dtt=0.1"}, {"dtt", "unknown key", "did you mean \"dt\"", "in the run with"}},
    {{"nothing.at.all=1"}, {"nothing", "unknown key"}},
    {{"task.forward.dt=0.1,two"}, {"--sweep task.forward.dt=0.1,two", "\"two\"", "not a number", "dt = two"}},
    {{"task.forward.dt=0.1,-1"}, {"\"-1\"", "out of range", "dt = -1"}},
    {{"task.forward.dt=nan"}, {"finite"}},
    {{"axis.x.points=32,64"}, {"\"axis.x.points\" cannot be swept", "32 cells", "64 cells", "--set"}},
    {{"axis.x.to=4,5"}, {"\"axis.x.to\" cannot be swept", "from -4 to 5"}},
    {{"time.stop=1,2"}, {"\"time.stop\" cannot be swept", "saved times", "from 0 to 2"}},
    {{"time.save=3,5"}, {"\"time.save\" cannot be swept", "saved times", "5 from 0 to 1"}},
    {{"time.start=0,0.5"}, {"\"time.start\" cannot be swept", "saved times"}},
    {{"process.diffusion=1,2", "time.save=3,5"}, {"sweep: \"time.save\" cannot be swept"}},
    {{"title=a,b"}, {"\"title\" cannot be swept"}},
    {{"task.forward.name=a,b"}, {"\"task.forward.name\" cannot be swept", "b (fokker-planck)"}},
    {{"task.forward.write=[\"density\"],[\"mass\"]"}, {"\"task.forward.write\" cannot be swept"}},
    {{"process.diffusion=" + numbers_up_to(10001)}, {"10001 values", "at most 10000"}},
    {{"process.diffusion=" + numbers_up_to(1000), "process.killing=" + numbers_up_to(1000)},
     {"1000 x 1000", "more than 10000 runs"}},
    {{"process.a=1", "process.b=1", "process.c=1", "process.d=1", "process.e=1", "process.f=1", "process.g=1",
      "process.h=1", "process.i=1"},
     {"9 keys", "at most 8"}},
    {{"process.diffusion=-1,1"}, {"diffusion", "positive", "diffusion = -1"}},
    {{"task.forward.initial={ point = [0] },{ point = [9] }"}, {"point", "outside"}},
};

const std::vector<std::pair<std::string, Words>> wrong_tables = {
    {"sweep = 3", {":1:9", "sweep: \"3\"", "table of lists"}},
    {"[sweep]\n\"task.forward.dt\" = 0.1", {"sweep.task.forward.dt", "\"0.1\"", "is not a list of values"}},
    {"[sweep]\n\"task.forward.dt\" = []", {"task.forward.dt", "has no values"}},
    {"[sweep]\n\"task.forward.dt\" = [0.1, 0]", {"small.toml:21:27", "dt: \"0\"", "out of range", "dt = 0"}},
    {"[sweep]\n\"time.save\" = [3, 4]", {"small.toml:21:1", "\"time.save\" cannot be swept"}},
    {"[sweep]\n\"task.forward.dt\" = [0.1]\ntask.forward.dt = [0.2]", {"swept already"}},
    {"[swep]\n\"task.forward.dt\" = [0.1]", {"swep", "unknown key"}},
};

/// Steps that are far too long for so many modes: the second of three runs fails.
const std::string fails_once =
    replaced(replaced(replaced(small_experiment, "-beta*x", "x - x^3"), "points = 32", "points = 512"),
             "tolerance = 1e-4", "dt = 0.01");
const Words failing = {"--sweep", "task.forward.method=finite-volume,fourier,path-integral"};

bool all_nan(const Variable& variable) {
  return std::all_of(variable.values.begin(), variable.values.end(), [](double x) { return std::isnan(x); });
}

}  // namespace

BOOST_DATA_TEST_CASE(wrong_sweeps_are_refused, wrong_sweeps, wrong) {
  const ExperimentFolder folder;
  Words words;
  for (const std::string& sweep : wrong.sweeps) words.insert(words.end(), {"--sweep", sweep});
  const Outcome outcome = folder.run(words);
  BOOST_TEST(outcome.signal == 0);
  BOOST_TEST(outcome.code == wrong.code, outcome.err);
  BOOST_TEST(outcome.err.starts_with("umkehr: "), outcome.err);
  BOOST_TEST(outcome.err.size() < 1500, outcome.err);
  for (const std::string& part : wrong.message)
    BOOST_TEST(has(outcome.err, part), part + " is not in " + outcome.err);
  BOOST_TEST(folder.files.files() == 1u);
}

BOOST_AUTO_TEST_CASE(wrong_tables_are_refused) {
  for (const auto& [table, message] : wrong_tables) {
    const bool is_first = table.starts_with("sweep");
    const ExperimentFolder folder(is_first ? table + "\n" + small_experiment
                                           : small_experiment + table + "\n");
    const Outcome outcome = folder.run({});
    BOOST_TEST(outcome.code == 2, table + ": " + outcome.err);
    for (const std::string& part : message)
      BOOST_TEST(has(outcome.err, part), part + " is not in " + outcome.err);
    BOOST_TEST(folder.files.files() == 1u);
  }
}

BOOST_AUTO_TEST_CASE(a_key_is_swept_or_set) {
  const ExperimentFolder folder;
  const Outcome outcome = folder.run({"--set", "task.forward.dt=0.5", "--sweep", "task.forward.dt=0.1,0.2"});
  BOOST_TEST(outcome.code == 2);
  BOOST_TEST(has(outcome.err, "is swept and set"), outcome.err);
  BOOST_TEST(folder.run({"--sweep", "task.forward.dt=0.1", "--resume"}).code == 2);
  BOOST_TEST(folder.run({"--sweep"}).code == 2);
}

BOOST_AUTO_TEST_CASE(a_sweep_that_no_memory_holds_is_refused) {
  const ExperimentFolder folder;
  const Outcome outcome = folder.run({"--set", "axis.x.points=20000", "--set", "time.save=10000", "--sweep",
                                      "process.diffusion=" + numbers_up_to(60)});
  BOOST_TEST(outcome.code == 3, outcome.err);
  BOOST_TEST(has(outcome.err, "of memory"), outcome.err);
  BOOST_TEST(folder.files.files() == 1u);
}

BOOST_AUTO_TEST_CASE(a_run_that_fails_leaves_nothing) {
  const ExperimentFolder folder(fails_once);
  write_file(folder.files / "small.h5", "older");
  const Outcome outcome = folder.run(failing);
  BOOST_TEST(outcome.code == 3, outcome.err);
  BOOST_TEST(has(outcome.err, "with method = fourier"), outcome.err);
  BOOST_TEST(has(outcome.err, "--keep-going"), outcome.err);
  BOOST_TEST(contents_of(folder.files / "small.h5") == "older");
  BOOST_TEST(folder.files.files() == 2u);
}

BOOST_AUTO_TEST_CASE(keep_going_writes_the_others) {
  const ExperimentFolder folder(fails_once);
  Words words = failing;
  words.push_back("--keep-going");
  const Outcome outcome = folder.run(words);
  BOOST_TEST(outcome.code == 3, outcome.err);
  const Result result = read_result(folder.files / "small.h5");
  BOOST_REQUIRE(result.failed.size() == 1u);
  BOOST_TEST(result.failed[0].task == "forward");
  BOOST_TEST(has(result.failed[0].why, "with method = fourier: "), result.failed[0].why);
  BOOST_TEST(run_of(result, 0).groups.size() == 1u);
  BOOST_TEST(run_of(result, 1).groups.size() == 0u);
  BOOST_TEST(run_of(result, 2).groups.size() == 1u);
  BOOST_TEST(!all_nan(*result.groups[0].find("density")));
  BOOST_TEST(result.groups[0].attributes.at("method") == "finite-volume; -; path-integral");
  BOOST_TEST(result.groups[0].attributes.at("solve") == "fokker-planck");
  BOOST_REQUIRE(folder.run({"--set", "task.forward.method=path-integral", "-o", "single.h5"}).code == 0);
  BOOST_TEST(run_of(result, 2).groups[0].find("density")->values ==
                 read_result(folder.files / "single.h5").groups[0].find("density")->values,
             boost::test_tools::per_element());
  BOOST_TEST(folder.umkehr({"info", "small.h5"}).code == 0);
  BOOST_TEST(folder.umkehr({"compare", "small.h5", "small.h5"}).code == 0);
}

BOOST_AUTO_TEST_CASE(all_failing_writes_nothing) {
  const ExperimentFolder folder(fails_once);
  const Outcome outcome = folder.run(
      {"--set", "task.forward.method=fourier", "--sweep", "task.forward.dt=0.01,0.0125", "--keep-going"});
  BOOST_TEST(outcome.code == 3, outcome.err);
  BOOST_TEST(has(outcome.err, "nothing was written"), outcome.err);
  BOOST_TEST(folder.files.files() == 1u);
}

BOOST_AUTO_TEST_CASE(outputs_that_cannot_be_written) {
  const ExperimentFolder folder;
  for (const char* output : {"none/small.h5", "/dev/full", ".", "small.toml"}) {
    const Outcome outcome = folder.run({"--sweep", "task.forward.dt=0.1,0.2", "-o", output});
    BOOST_TEST(outcome.code == (std::string(output) == "small.toml" ? 2 : 4), outcome.err);
  }
  BOOST_TEST(folder.files.files() == 1u);
}

BOOST_AUTO_TEST_CASE(a_signal_ends_a_sweep) {
  const ExperimentFolder folder(replaced(small_experiment, "tolerance = 1e-4", "dt = 1e-6"));
  for (const bool keeps_going : {false, true}) {
    Words words = {UMKEHR_BINARY, "run", "small.toml", "--sweep", "process.killing=0,1,2,3"};
    if (keeps_going) words.push_back("--keep-going");
    RunningCommand command(words, folder.files.path(), folder.logs / "signal");
    while (!command.catches(SIGINT)) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    command.send(SIGINT);
    const Outcome outcome = command.wait();
    BOOST_TEST(outcome.code == 130, outcome.err);
    BOOST_TEST(has(outcome.err, "interrupted; nothing was written"), outcome.err);
    BOOST_TEST(folder.files.files() == 1u);
  }
}

BOOST_AUTO_TEST_CASE(a_signal_has_finished_runs_written_where_asked_for) {
  const ExperimentFolder folder;
  RunningCommand command({UMKEHR_BINARY, "run", "small.toml", "--sweep", "task.forward.dt=0.25,1e-8",
                          "--threads", "1", "--keep-going"},
                         folder.files.path(), folder.logs / "signal");
  while (!command.catches(SIGINT)) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  std::this_thread::sleep_for(std::chrono::milliseconds(500));
  command.send(SIGINT);
  const Outcome outcome = command.wait();
  BOOST_TEST(outcome.code == 130, outcome.err);
  const Result result = read_result(folder.files / "small.h5");
  BOOST_TEST(run_of(result, 0).groups.size() == 1u);
  BOOST_TEST(run_of(result, 1).groups.size() == 0u);
  BOOST_REQUIRE(result.failed.size() == 1u);
  BOOST_TEST(result.failed[0].why == "with dt = 1e-08: not finished");
}

BOOST_AUTO_TEST_CASE(a_plan_of_a_sweep) {
  const ExperimentFolder folder;
  const Outcome plan =
      folder.umkehr({"run", "small.toml", "--dry-run", "--sweep", "task.forward.dt=0.5,0.25"});
  BOOST_TEST(plan.code == 0, plan.err);
  for (const char* part : {"# sweep: 2 runs", "#   dt (task.forward.dt): 0.5, 0.25", "[sweep]",
                           "\"task.forward.dt\" = [0.5, 0.25]"})
    BOOST_TEST(has(plan.out, part), plan.out);
  BOOST_TEST(folder.files.files() == 1u);
  write_file(folder.files / "small.toml", plan.out);
  BOOST_TEST(folder.run({}).code == 0);
}
