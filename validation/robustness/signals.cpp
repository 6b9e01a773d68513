// SPDX-License-Identifier: GPL-3.0-or-later
// Signals: the first ends the command within a moment wherever it is; any number of them leaves no partial file.
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <thread>

#include "experiments/output/result_file.hpp"
#include "validation/support/run_command.hpp"
#include "validation/support/temporary_folder.hpp"

using namespace umkehr;

namespace {

using Words = std::vector<std::string>;
using Clock = std::chrono::steady_clock;

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

void pause_for(int milliseconds) {
  std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
}

const std::string line = R"(
[time]
stop = 1.0
save = 3
[[axis]]
name = "x"
from = -4.0
to = 4.0
points = POINTS
[[task]]
name = "long"
)";
const std::string bump = "initial = { gaussian = { mean = [0.0], covariance = [[0.25]] } }\n";

std::string on_a_line(const std::string& points, const std::string& task) {
  return "[process]\ndrift = [\"x - x^3\"]\ndiffusion = \"0.5\"" + replaced(line, "POINTS", points) + task;
}

std::string in_the_plane(const std::string& points, const std::string& tasks) {
  const std::string axis = "[[axis]]\nname = \"y\"\nfrom = -4.0\nto = 4.0\npoints = " + points + "\n[[task]]";
  return replaced(replaced(on_a_line(points, tasks), "[\"x - x^3\"]", "[\"x - x^3 + y\", \"-y - x\"]"),
                  "[[task]]", axis);
}

/// A task that takes minutes, or a part of one that cannot be asked to stop.
struct LongTask {
  std::string name, experiment;

  friend std::ostream& operator<<(std::ostream& out, const LongTask& task) { return out << task.name; }
};

const std::vector<LongTask> long_tasks = {
    {"steps", on_a_line("2048", "solve = \"fokker-planck\"\ndt = 1e-7\n" + bump)},
    {"dense Hermite spectrum", on_a_line("3000", "solve = \"spectrum\"\nmethod = \"hermite\"\ncount = 4\n")},
    {"sparse spectrum",
     in_the_plane("500", "solve = \"spectrum\"\nmethod = \"finite-volume\"\ncount = 20\n")},
    {"symmetrised steps", on_a_line("4000",
                                    "solve = \"fokker-planck\"\nmethod = \"fourier\"\n"
                                    "scheme = \"symmetrised\"\n" +
                                        bump)},
    {"path integral", on_a_line("6000",
                                "solve = \"fokker-planck\"\nmethod = \"path-integral\"\n"
                                "dt = 1e-4\n" +
                                    bump)},
    {"path",
     on_a_line("100", "solve = \"most-probable-path\"\nfrom = [-1.0]\nto = [1.0]\npoints = 100000\n")},
    {"action gap in the plane",
     in_the_plane("96",
                  "solve = \"fokker-planck\"\nmethod = \"finite-volume\"\ntolerance = 1e-2\n"
                  "initial = { gaussian = { mean = [0.0, 0.0], covariance = [[0.25, 0.0], [0.0, 0.25]] } }\n"
                  "[[task]]\nname = \"gap\"\nsolve = \"action-gap\"\nof = \"long\"\n"
                  "score = [\"score_x + 0.1*sin(x)\", \"score_y\"]\nstart = 0.1\n")},
    {"action gap in the plane",
     in_the_plane("96",
                  "solve = \"fokker-planck\"\nmethod = \"finite-volume\"\ntolerance = 1e-2\n"
                  "initial = { gaussian = { mean = [0.0, 0.0], covariance = [[0.25, 0.0], [0.0, 0.25]] } }\n"
                  "[[task]]\nname = \"gap\"\nsolve = \"action-gap\"\nof = \"long\"\n"
                  "score = [\"score_x + 0.1*sin(x)\", \"score_y\"]\nstart = 0.1\n")},
    {"bridge",
     in_the_plane("128",
                  "solve = \"schroedinger-bridge\"\nmethod = \"propagator\"\n"
                  "tolerance = 1e-13\n"
                  "initial = { gaussian = { mean = [-1.0, 0.0], covariance = [[0.1, 0.0], [0.0, 0.1]] } }\n"
                  "final = { gaussian = { mean = [1.0, 0.0], covariance = [[0.1, 0.0], [0.0, 0.1]] } }\n")},
};

/// A command in a folder, for which signals are meant.
struct Folder {
  TemporaryFolder files, logs;
  explicit Folder(const std::string& experiment = "") { write_file(files / "run.toml", experiment); }

  RunningCommand start(Words words) const {
    words.insert(words.begin(), UMKEHR_BINARY);
    return RunningCommand(words, files.path(), logs / "log");
  }
};

void wait_until_ready(const RunningCommand& command) {
  for (int n = 0; n < 2000 && !command.catches(SIGTERM); ++n) pause_for(10);
}

/// How it ends on a signal, which comes twice, and that this takes no minutes.
Outcome ended(RunningCommand& command, int signal, int again) {
  const auto sent = Clock::now();
  command.send(signal);
  command.send(again);
  Outcome outcome = command.wait();
  BOOST_TEST(std::chrono::duration<double>(Clock::now() - sent).count() < 15);
  return outcome;
}

const std::string three_tasks = on_a_line(
    "64", "solve = \"fokker-planck\"\ntolerance = 1e-4\n" + bump +
              "[[task]]\nname = \"second\"\nsolve = \"spectrum\"\nmethod = \"finite-volume\"\ncount = 2\n"
              "[[task]]\nname = \"endless\"\nsolve = \"fokker-planck\"\ndt = 1e-8\n" +
              bump);

}  // namespace

BOOST_DATA_TEST_CASE(every_kind_of_task_ends_at_once, long_tasks, task) {
  const Folder folder(task.experiment);
  write_file(folder.files / "run.h5", "older");
  RunningCommand command = folder.start({"run", "run.toml"});
  wait_until_ready(command);
  pause_for(400);
  const Outcome outcome = ended(command, SIGINT, SIGINT);
  BOOST_TEST(outcome.signal == 0);
  BOOST_TEST(outcome.code == 130, outcome.err);
  BOOST_TEST(has(outcome.err, "interrupted; nothing was written"), outcome.err);
  BOOST_TEST(contents_of(folder.files / "run.h5") == "older");
  BOOST_TEST(folder.files.files() == 2u);
}

BOOST_DATA_TEST_CASE(each_signal_has_its_exit_code,
                     boost::unit_test::data::make({SIGTERM, SIGHUP, SIGQUIT, SIGUSR1, SIGXCPU}), number) {
  const Folder folder(long_tasks.front().experiment);
  RunningCommand command = folder.start({"run", "run.toml"});
  wait_until_ready(command);
  pause_for(100);
  const Outcome outcome = ended(command, number, number);
  BOOST_TEST(outcome.signal == 0);
  BOOST_TEST(outcome.code == 128 + number, outcome.err);
  BOOST_TEST(folder.files.files() == 1u);
}

BOOST_DATA_TEST_CASE(signals_at_the_start_are_not_lost, boost::unit_test::data::make({0, 1, 2, 4, 8, 16}),
                     milliseconds) {
  const Folder folder(long_tasks.front().experiment);
  RunningCommand command = folder.start({"run", "run.toml"});
  wait_until_ready(command);
  pause_for(milliseconds);
  BOOST_TEST(ended(command, SIGTERM, SIGTERM).code == 143);
  BOOST_TEST(folder.files.files() == 1u);
}

// Some meet the solution, some the writing, some the end: there is the whole result or none.
BOOST_DATA_TEST_CASE(a_signal_while_writing_leaves_all_or_nothing,
                     boost::unit_test::data::make({20, 60, 100, 150, 200, 300, 400, 600}), milliseconds) {
  const Folder folder(in_the_plane("128",
                                   "solve = \"fokker-planck\"\nmethod = \"finite-volume\"\n"
                                   "scheme = \"backward-euler\"\ndt = 0.5\n"
                                   "initial = { gaussian = { mean = [0.0, 0.0], covariance = [[0.25, 0.0], "
                                   "[0.0, 0.25]] } }\n"));
  RunningCommand command = folder.start({"run", "run.toml"});
  wait_until_ready(command);
  pause_for(milliseconds);
  const Outcome outcome = ended(command, SIGINT, SIGTERM);
  const bool is_written = std::filesystem::exists(folder.files / "run.h5");
  BOOST_TEST((outcome.code == 130 || outcome.code == 143 || outcome.code == 0), outcome.err);
  BOOST_TEST(std::filesystem::exists(folder.files / "run.xdmf") == is_written);
  BOOST_TEST(folder.files.files() == (is_written ? 3u : 1u));
  if (outcome.code != 0)
    BOOST_TEST(has(outcome.err, is_written ? "the result was written" : "nothing was written"));
  if (is_written) BOOST_TEST(read_result(folder.files / "run.h5").groups.size() == 1u);
}

BOOST_AUTO_TEST_CASE(what_is_finished_is_written_where_asked_for) {
  const Folder folder(three_tasks);
  RunningCommand command = folder.start({"run", "run.toml", "--keep-going"});
  wait_until_ready(command);
  pause_for(1500);
  const Outcome outcome = ended(command, SIGTERM, SIGINT);
  BOOST_TEST((outcome.code == 143 || outcome.code == 130), outcome.err);
  BOOST_TEST(has(outcome.err, "run.h5, without endless"), outcome.err);
  BOOST_TEST(folder.files.files() == 2u);
  const Result result = read_result(folder.files / "run.h5");
  BOOST_TEST(result.groups.size() == 2u);
  BOOST_REQUIRE(result.failed.size() == 1u);
  BOOST_TEST(result.failed[0].task == "endless");
  BOOST_TEST(result.failed[0].why == "interrupted");
}

BOOST_AUTO_TEST_CASE(a_signal_that_was_ignored_stays_ignored) {
  const Folder folder(long_tasks.front().experiment);
  RunningCommand command({"/bin/sh", "-c", "trap '' HUP INT; exec " UMKEHR_BINARY " run run.toml"},
                         folder.files.path(), folder.logs / "log");
  wait_until_ready(command);
  BOOST_TEST(!command.catches(SIGHUP));
  command.send(SIGHUP);
  command.send(SIGINT);
  pause_for(300);
  BOOST_TEST(ended(command, SIGTERM, SIGHUP).code == 143);
}

BOOST_AUTO_TEST_CASE(a_small_stack_is_enough) {
  const Folder folder(three_tasks);
  RunningCommand command({"/bin/sh", "-c", "ulimit -s 256; exec " UMKEHR_BINARY " run run.toml --keep-going"},
                         folder.files.path(), folder.logs / "log");
  wait_until_ready(command);
  pause_for(1500);
  const Outcome outcome = ended(command, SIGTERM, SIGTERM);
  BOOST_TEST(outcome.code == 143, outcome.err);
  BOOST_TEST(std::filesystem::exists(folder.files / "run.h5"), outcome.err);
}

BOOST_AUTO_TEST_CASE(figures_end_with_the_command) {
  const Folder folder(small_experiment);
  BOOST_TEST(folder.start({"run", "run.toml"}).wait().code == 0);
  // It leaves its own number, and stays as long as no one ends it.
  write_file(folder.files / "drawer",
             "#!/bin/sh\necho $$ > pid\nmkdir drawn\necho x > drawn/.a.png.$$\n"
             "trap '' INT TERM HUP\nwhile :; do sleep 1; done\n");
  std::filesystem::permissions(folder.files / "drawer", std::filesystem::perms::owner_all);
  RunningCommand command(
      {"/bin/sh", "-c", "UMKEHR_PYTHON=./drawer exec " UMKEHR_BINARY " plot run.h5 -o drawn"},
      folder.files.path(), folder.logs / "log");
  for (int n = 0; n < 500 && !std::filesystem::exists(folder.files / "drawn"); ++n) pause_for(10);
  pause_for(100);
  const int child = std::stoi(contents_of(folder.files / "pid"));
  BOOST_TEST(ended(command, SIGINT, SIGINT).code == 130);
  BOOST_TEST(kill(child, 0) != 0);
  BOOST_TEST(std::filesystem::is_empty(folder.files / "drawn"));
}
