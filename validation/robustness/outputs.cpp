// SPDX-License-Identifier: GPL-3.0-or-later
// Nothing is lost: results that would replace what they are computed from, tasks that fail beside others, places that
// cannot be written.
#include <sys/stat.h>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "experiments/output/result_file.hpp"
#include "validation/support/experiment_folder.hpp"

using namespace umkehr;
namespace fs = std::filesystem;

namespace {

using Folder = ExperimentFolder;

/// Starts from the density of another result.
const std::string from_a_field =
    "task.forward.initial={ field = \"data.h5\", variable = \"forward/density\", time = 1.0 }";

const std::string sets_of_tasks =
    "[[task]]\nname = \"back\"\nsolve = \"backward-kolmogorov\"\nmethod = \"finite-volume\"\nterminal = "
    "\"x\"\n"
    "[[task]]\nname = \"hopeless\"\nsolve = \"schroedinger-bridge\"\nmethod = \"propagator\"\niterations = "
    "1\n"
    "initial = { gaussian = { mean = [-1.0], covariance = [[0.05]] } }\n"
    "final = { gaussian = { mean = [1.0], covariance = [[0.05]] } }\n";
const std::string with_a_failure = small_experiment + sets_of_tasks;

mode_t mode_of(const fs::path& file) {
  struct stat status = {};
  stat(file.c_str(), &status);
  return status.st_mode & 0777;
}

}  // namespace

BOOST_DATA_TEST_CASE(a_result_never_replaces_what_it_is_computed_from,
                     boost::unit_test::data::make({"data.h5", "./data.h5", "folder/../data.h5", "link.h5",
                                                   "link-to-link.h5", "hard.h5", "folder/data-link.h5",
                                                   "self/data.h5", "small.toml", "toml-link.h5"}),
                     output) {
  const Folder folder;
  BOOST_TEST(folder.umkehr({"run", "small.toml", "-o", "data.h5"}).code == 0);
  BOOST_TEST(
      folder
          .shell("mkdir folder; ln -s data.h5 link.h5; ln -s link.h5 link-to-link.h5; ln data.h5 hard.h5; "
                 "ln -s ../data.h5 folder/data-link.h5; ln -s . self; ln -s small.toml toml-link.h5")
          .code == 0);
  const std::string before = contents_of(folder.files / "data.h5");
  for (const Words& more : {Words{}, Words{"--dry-run"}, Words{"--keep-going"}}) {
    Words words = {"run", "small.toml", "-o", output, "--set", from_a_field};
    words.insert(words.end(), more.begin(), more.end());
    const Outcome outcome = folder.umkehr(words);
    BOOST_TEST(outcome.code == 2, outcome.err);
    BOOST_TEST(has(outcome.err, "would replace"), outcome.err);
  }
  BOOST_TEST((contents_of(folder.files / "data.h5") == before));
  BOOST_TEST(contents_of(folder.files / "small.toml") == small_experiment);
}

BOOST_AUTO_TEST_CASE(samples_scores_and_scenes_are_inputs_too) {
  const Folder folder;
  BOOST_TEST(folder.umkehr({"run", "small.toml", "-o", "small.h5"}).code == 0);
  const std::string before = contents_of(folder.files / "small.h5");
  // The default name is that of the samples.
  const Outcome samples = folder.umkehr(
      {"run", "small.toml", "--set",
       "task.forward.initial={ samples = \"small.h5\", dataset = \"forward/mass\", bandwidth = 0.3 }"});
  BOOST_TEST(samples.code == 2, samples.err);
  write_file(
      folder.files / "gap.toml",
      small_experiment + std::string("[[task]]\nname = \"gap\"\nsolve = \"action-gap\"\nof = \"forward\"\n"
                                     "score = { field = \"small.h5\", variable = \"forward/score\" }\n"));
  const Outcome score = folder.umkehr({"run", "gap.toml", "-o", "small.h5"});
  BOOST_TEST(score.code == 2, score.err);
  BOOST_TEST(has(score.err, "would replace"), score.err);
  BOOST_TEST((contents_of(folder.files / "small.h5") == before));

  fs::copy_file(folder.files / "small.h5", folder.files / "plane.xdmf");
  write_file(
      folder.files / "plane.toml",
      "[process]\nname = \"brownian\"\ndiffusion = 1\n[time]\nstop = 1.0\nsave = 2\n"
      "[[axis]]\nname = \"x\"\nfrom = -4\nto = 4\npoints = 8\n[[axis]]\nname = \"y\"\nfrom = -4\nto = 4\n"
      "points = 8\n[[task]]\nsolve = \"fokker-planck\"\n"
      "initial = { samples = \"plane.xdmf\", dataset = \"pairs\", bandwidth = 0.5 }\n");
  BOOST_TEST(folder
                 .shell("/usr/bin/python3 -c \"import h5py; f = h5py.File('plane.xdmf', 'w'); "
                        "f['pairs'] = [[0.0, 0.5], [1.0, -0.5]]\"")
                 .code == 0);
  const Outcome scene = folder.umkehr({"run", "plane.toml"});
  BOOST_TEST(scene.code == 2, scene.err);
  BOOST_TEST(has(scene.err, "plane.xdmf"), scene.err);
  BOOST_TEST(!fs::exists(folder.files / "plane.h5"));
}

BOOST_AUTO_TEST_CASE(a_task_that_fails_takes_the_others_along_unless_told_otherwise) {
  const Folder folder(with_a_failure);
  write_file(folder.files / "small.h5", "older");
  const Outcome strict = folder.umkehr({"run", "small.toml"});
  BOOST_TEST(strict.code == 3, strict.err);
  BOOST_TEST(has(strict.err, "hopeless"), strict.err);
  BOOST_TEST(has(strict.err, "--keep-going"), strict.err);
  BOOST_TEST(contents_of(folder.files / "small.h5") == "older");
  BOOST_TEST(folder.files.files() == 2u);
}

BOOST_AUTO_TEST_CASE(finished_tasks_are_kept_where_asked_for) {
  const Folder folder(with_a_failure);
  const Outcome outcome = folder.umkehr({"run", "small.toml", "--keep-going"});
  BOOST_TEST(outcome.code == 3, outcome.err);
  const Result result = read_result(folder.files / "small.h5");
  BOOST_REQUIRE(result.failed.size() == 1u);
  BOOST_TEST(result.failed[0].task == "hopeless");
  BOOST_TEST(result.failed[0].why != "");
  BOOST_TEST(result.groups.size() == 2u);
  BOOST_TEST((result.find("forward") && result.find("back")));
  // The finished ones are what they would have been alone.
  write_file(folder.files / "alone.toml",
             replaced(with_a_failure, sets_of_tasks.substr(sets_of_tasks.find("[[task]]", 1)), ""));
  BOOST_TEST(folder.umkehr({"run", "alone.toml"}).code == 0);
  const Outcome differ = folder.umkehr({"compare", "small.h5", "alone.h5", "--rtol", "0"});
  BOOST_TEST(differ.code == 0, differ.out << differ.err);
  BOOST_TEST(has(folder.umkehr({"info", "small.h5"}).out, "failed: hopeless: "));
  BOOST_TEST(
      has(folder.umkehr({"run", "small.toml", "--keep-going", "--json"}).out, "\"failed\":{\"hopeless\""));
  const Outcome law = folder.umkehr({"compare", "small.h5", "--analytic", "--rtol", "1"});
  BOOST_TEST(law.code == 0, law.err);
}

BOOST_AUTO_TEST_CASE(what_depends_on_a_failed_task_fails_too) {
  // Steps that are far too long for so many modes.
  const Folder folder(
      replaced(replaced(small_experiment, "-beta*x", "x - x^3"), "points = 32", "points = 512") +
      "[[task]]\nname = \"bad\"\nsolve = \"fokker-planck\"\nmethod = \"fourier\"\n"
      "scheme = \"lawson\"\ndt = 0.01\n"
      "initial = { gaussian = { mean = [0.0], covariance = [[0.25]] } }\n"
      "[[task]]\nname = \"back\"\nsolve = \"backward-kolmogorov\"\nof = \"bad\"\n"
      "terminal = \"x\"\n");
  const Outcome outcome = folder.umkehr({"run", "small.toml", "--keep-going"});
  BOOST_TEST(outcome.code == 3, outcome.err);
  BOOST_TEST(has(outcome.err, "\"back\": needs \"bad\", which failed"), outcome.err);
  const Result result = read_result(folder.files / "small.h5");
  BOOST_TEST(result.groups.size() == 1u);
  BOOST_TEST(result.failed.size() == 2u);
}

BOOST_AUTO_TEST_CASE(where_nothing_was_solved_nothing_is_written) {
  const std::string text = with_a_failure;
  const std::size_t tasks = text.find("[[task]]"), hopeless = text.rfind("[[task]]");
  const Folder folder(text.substr(0, tasks) + text.substr(hopeless));
  write_file(folder.files / "small.h5", "older");
  BOOST_TEST(folder.umkehr({"run", "small.toml", "--keep-going"}).code == 3);
  BOOST_TEST(contents_of(folder.files / "small.h5") == "older");
  BOOST_TEST(folder.files.files() == 2u);
}

BOOST_AUTO_TEST_CASE(a_result_that_cannot_be_announced_leaves_the_older_one) {
  const Folder folder;
  write_file(folder.files / "small.h5", "older");
  for (const char* output : {"> /dev/full", "--json > /dev/full", ">&-", "--json >&-"}) {
    const Outcome outcome = folder.shell(std::string("exec " UMKEHR_BINARY " run small.toml ") + output);
    BOOST_TEST(outcome.code == 4, outcome.err);
    BOOST_TEST(has(outcome.err, "standard output"), outcome.err);
    BOOST_TEST(contents_of(folder.files / "small.h5") == "older");
  }
  BOOST_TEST(folder.files.files() == 2u);
}

BOOST_AUTO_TEST_CASE(closed_streams_do_not_end_up_in_the_result) {
  const Folder folder;
  BOOST_TEST(folder.umkehr({"run", "small.toml", "-o", "usual.h5"}).code == 0);
  for (const char* closed : {"<&-", "2>&-", "<&- 2>&-", "<&- >&- 2>&- --quiet"}) {
    const Outcome outcome = folder.shell(std::string("exec " UMKEHR_BINARY " run small.toml ") + closed);
    BOOST_TEST(outcome.code == 0, closed);
    BOOST_TEST((contents_of(folder.files / "small.h5") == contents_of(folder.files / "usual.h5")), closed);
  }
}

BOOST_AUTO_TEST_CASE(a_link_stays_one_whether_its_target_is_there_or_not) {
  const Folder folder;
  BOOST_TEST(folder.shell("mkdir store; ln -s store/new.h5 small.h5").code == 0);
  for (int n = 0; n < 2; ++n) {
    BOOST_TEST(folder.umkehr({"run", "small.toml"}).code == 0);
    BOOST_TEST(fs::is_symlink(folder.files / "small.h5"));
    BOOST_TEST(fs::is_regular_file(folder.files / "store/new.h5"));
  }
  BOOST_TEST(folder.shell("ln -s nowhere/new.h5 lost.h5; ln -s round.h5 round.h5").code == 0);
  for (const char* output : {"lost.h5", "round.h5"}) {
    const Outcome outcome = folder.umkehr({"run", "small.toml", "-o", output});
    BOOST_TEST(outcome.code == 4, outcome.err);
    BOOST_TEST(has(outcome.err, output), outcome.err);
  }
}

BOOST_AUTO_TEST_CASE(the_mode_of_a_replaced_file_is_kept) {
  const Folder folder;
  for (const mode_t mode : {0600u, 0664u, 0640u}) {
    write_file(folder.files / "small.h5", "older");
    chmod((folder.files / "small.h5").c_str(), mode);
    BOOST_TEST(folder.umkehr({"run", "small.toml"}).code == 0);
    BOOST_TEST(mode_of(folder.files / "small.h5") == mode);
    fs::remove(folder.files / "small.h5");
  }
  BOOST_TEST(folder.shell("umask 027; exec " UMKEHR_BINARY " run small.toml").code == 0);
  BOOST_TEST(mode_of(folder.files / "small.h5") == mode_t{0640});
}

BOOST_AUTO_TEST_CASE(places_that_cannot_be_written_are_found_before_solving) {
  const std::string endless = replaced(small_experiment, "tolerance = 1e-4", "dt = 1e-8");
  const std::string plane =
      replaced(replaced(replaced(endless, "[\"-beta*x\"]", "[\"-x\", \"-y\"]"), "[[task]]",
                        "[[axis]]\nname = \"y\"\nfrom = -4.0\nto = 4.0\npoints = 32\n[[task]]"),
               "{ mean = [0.0], covariance = [[0.25]] }",
               "{ mean = [0.0, 0.0], covariance = [[0.25, 0.0], [0.0, 0.25]] }");
  const Folder folder(plane);
  BOOST_TEST(folder.shell("mkdir small.xdmf folder.h5; mkfifo pipe.h5").code == 0);
  for (const char* output :
       {"small.h5", "folder.h5", "pipe.h5", "/dev/null", "none/small.h5", "small.toml/a.h5"}) {
    const Outcome outcome = folder.umkehr({"run", "small.toml", "-o", output});
    BOOST_TEST(outcome.code == 4, output << ": " << outcome.err);
  }
  BOOST_TEST(folder.files.files() == 4u);
}
