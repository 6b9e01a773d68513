// SPDX-License-Identifier: GPL-3.0-or-later
// Threads of the command: more than there are processors, policies of waiting, a process that is alone on its processor,
// none to be had; the result is the same, byte for byte. Quotas of control groups as files.
#include <sched.h>

#include <array>
#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

#include "experiments/command/machine/processors.hpp"
#include "validation/support/run_command.hpp"
#include "validation/support/temporary_folder.hpp"

using namespace umkehr;

namespace {

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

constexpr char plane[] = R"(title = "plane"
[process]
drift = ["-x + 2*y", "-y - 2*x"]
diffusion = "1"
[time]
stop = 0.5
save = 2
[[axis]]
name = "x"
from = -4.0
to = 4.0
points = 96
[[axis]]
name = "y"
from = -4.0
to = 4.0
points = 96
[[task]]
name = "forward"
solve = "fokker-planck"
dt = 0.01
initial = { gaussian = { mean = [0.5, 0.0], covariance = [[0.25, 0.0], [0.0, 0.25]] } }
)";

struct Folder {
  TemporaryFolder files, logs;
  std::string alone;
  Folder() {
    write_file(files / "plane.toml", plane);
    BOOST_TEST(run("", "--threads 1").code == 0);
    alone = contents_of(files / "plane.h5");
    BOOST_TEST(alone.size() > 1000u);
  }
  Outcome run(const std::string& before, const std::string& options) const {
    const std::string script =
        before + " '" UMKEHR_BINARY "' run plane.toml --json " + options + " && test -s plane.h5";
    return RunningCommand({"/bin/sh", "-c", script}, files.path(), logs / "log").wait();
  }
  void is_the_same(const Outcome& outcome) const {
    BOOST_TEST(outcome.code == 0, outcome.err);
    BOOST_TEST((contents_of(files / "plane.h5") == alone));
  }
};

BOOST_FIXTURE_TEST_CASE(more_threads_than_processors_are_capped_and_said_so, Folder) {
  const std::string uses = "uses " + std::to_string(processors()) + " thread";
  for (const auto& [before, options, asked] : std::vector<std::array<std::string, 3>>{
           {"", "--threads 1000", "--threads 1000"},
           {"OMP_NUM_THREADS=1000", "", "OMP_NUM_THREADS=1000"},
           {"OMP_NUM_THREADS=3", "--threads 100000", "--threads 100000"}}) {
    const Outcome outcome = run(before, options);
    is_the_same(outcome);
    BOOST_TEST(has(outcome.err, asked), outcome.err);
    BOOST_TEST(has(outcome.err, uses), outcome.err);
  }
}

BOOST_FIXTURE_TEST_CASE(fewer_threads_and_the_usual_number_need_no_word, Folder) {
  for (const std::string before : {"", "OMP_NUM_THREADS=1", "OMP_THREAD_LIMIT=1", "OMP_DYNAMIC=true",
                                   "OMP_WAIT_POLICY=active", "OMP_WAIT_POLICY=passive", "GOMP_SPINCOUNT=0",
                                   "GOMP_SPINCOUNT=infinite", "GOMP_SPINCOUNT=10k", "env -i"}) {
    const Outcome outcome = run(before, "");
    is_the_same(outcome);
    BOOST_TEST(!has(outcome.err, "note"), outcome.err);
  }
}

BOOST_FIXTURE_TEST_CASE(a_run_is_the_same_on_one_processor_and_beside_others, Folder) {
  cpu_set_t allowed;
  sched_getaffinity(0, sizeof allowed, &allowed);
  int first = 0;
  while (!CPU_ISSET(first, &allowed)) ++first;
  is_the_same(run("taskset -c " + std::to_string(first), ""));
  is_the_same(run("(timeout 2 sh -c 'while :; do :; done' &) ;", "--threads 2"));
}

BOOST_AUTO_TEST_CASE(the_least_quota_of_a_group_and_those_around_it_counts) {
  const TemporaryFolder groups;
  std::filesystem::create_directories(groups / "a/b");
  BOOST_TEST(!processor_quota(groups.path(), "/a/b"));
  write_file(groups / "a/cpu.max", "150000 100000\n");
  write_file(groups / "a/b/cpu.max", "max 100000\n");
  BOOST_TEST(processor_quota(groups.path(), "/a/b").value() == 1.5);
  write_file(groups / "a/b/cpu.max", "50000 100000\n");
  BOOST_TEST(processor_quota(groups.path(), "/a/b").value() == 0.5);
  BOOST_TEST(processor_quota(groups.path(), "/a").value() == 1.5);
  BOOST_TEST(!processor_quota(groups.path(), "/"));
}

BOOST_AUTO_TEST_CASE(quotas_of_the_first_version) {
  const TemporaryFolder groups;
  std::filesystem::create_directories(groups / "a");
  write_file(groups / "cpu.cfs_quota_us", "-1\n");
  write_file(groups / "cpu.cfs_period_us", "100000\n");
  BOOST_TEST(!processor_quota(groups.path(), "/a"));
  write_file(groups / "a/cpu.cfs_quota_us", "300000\n");
  write_file(groups / "a/cpu.cfs_period_us", "100000\n");
  BOOST_TEST(processor_quota(groups.path(), "/a").value() == 3);
}

}  // namespace
