// SPDX-License-Identifier: GPL-3.0-or-later
// The command line: wrong usage, settings, plans, JSON, files that cannot be read or written.
#include <boost/property_tree/json_parser.hpp>
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <sstream>

#include "experiments/output/result_file.hpp"
#include "validation/support/experiment_folder.hpp"

using namespace umkehr;

namespace {

using Folder = ExperimentFolder;

/// Arguments, the exit code they give, and what the message must say.
struct Call {
  Words arguments;
  int code;
  Words message;

  friend std::ostream& operator<<(std::ostream& out, const Call& call) {
    for (const std::string& word : call.arguments) out << word.substr(0, 60) << " ";
    return out;
  }
};

const std::vector<Call> wrong_calls = {
    {{}, 2, {"no verb", "run"}},
    {{"rnu", "small.toml"}, 2, {"\"rnu\"", "did you mean \"run\""}},
    {{"solve"}, 2, {"\"solve\"", "compare"}},
    {{"--verbose"}, 2, {"--verbose", "--help"}},
    {{"run"}, 2, {"FILE.toml", "run --help"}},
    {{"run", "small.toml", "again.toml"}, 2, {"again.toml", "run --help"}},
    {{"run", "small.toml", "--thread", "2"}, 2, {"--thread", "run --help"}},
    {{"run", "small.toml", "--threads", "0"}, 2, {"--threads", "0"}},
    {{"run", "small.toml", "--threads", "two"}, 2, {"--threads", "two"}},
    {{"run", "small.toml", "--threads"}, 2, {"--threads"}},
    {{"run", "small.toml", "-o"}, 2, {"--output"}},
    {{"run", "small.toml", "-o", ""}, 2, {"--output", "empty name"}},
    {{"run", "small.toml", "--set", "title=" + std::string(9000, 'a')},
     2,
     {std::string(66, 'a') + "...", "9000 bytes"}},
    {{"run", "small.toml", "--resume"}, 2, {"--resume", "run --help"}},
    {{"run", "small.toml", "-o", "small.toml"}, 2, {"small.toml", "replace the experiment", "-o"}},
    {{"compare", "a.h5", "b.h5", "--rtol", "nan"}, 2, {"--rtol", "\"nan\"", "finite"}},
    {{"compare", "a.h5", "b.h5", "--rtol", "inf"}, 2, {"--rtol", "\"inf\"", "finite"}},
    {{"compare", "a.h5", "b.h5", "--rtol", "-1"}, 2, {"--rtol", "\"-1\"", "0 or more"}},
    {{"compare", "a.h5", "b.h5", "--rtol", "1e999"}, 2, {"--rtol", "1e999"}},
    {{"compare", "a.h5", "b.h5", "--atol", "nan"}, 2, {"--atol", "\"nan\""}},
    {{"compare", "a.h5", "b.h5", "--atol=-inf"}, 2, {"--atol", "\"-inf\""}},
    {{"compare", "a.h5", "b.h5", "--atol", "small"}, 2, {"--atol", "\"small\""}},
    {{"compare", "a.h5", "b.h5", "--only"}, 2, {"--only"}},
    {{"run", "none.toml"}, 4, {"none.toml", "No such file"}},
    {{"run", "."}, 4, {"cannot read .", "directory"}},
    {{"run", "small.toml/small.toml"}, 4, {"small.toml/small.toml"}},
    {{"run", "small.toml", "-o", "none/small.h5"}, 4, {"none/small.h5"}},
    {{"run", "small.toml", "-o", "small.toml/small.h5"}, 4, {"small.toml/small.h5"}},
    {{"run", "small.toml", "-o", "."}, 4, {"."}},
    {{"run", "small.toml", "-o", "/dev/full"}, 4, {"/dev/full"}},
    {{"run", "small.toml", "-o", "/proc/small.h5"}, 4, {"/proc/small.h5"}},
    {{"run", "small.toml", "--set", "axis.x.points=8000000", "--set", "time.save=100000"},
     3,
     {"memory", "TiB", "GiB"}},
    {{"validate"}, 2, {"\"validate\" is no verb"}},
    {{"validate", "--equation", "3.37"}, 2, {"\"validate\" is no verb"}},
    {{"compare", "a.h5"}, 2, {"two files", "--analytic"}},
    {{"compare", "a.h5", "b.h5", "--analytic"}, 2, {"--analytic"}},
    {{"compare", "a.h5", "b.h5"}, 4, {"a.h5"}},
    {{"compare", "a.h5", "b.h5", "--rtol", "-1"}, 2, {"--rtol", "-1"}},
    {{"compare", "a.h5", "b.h5", "--rtol", "small"}, 2, {"--rtol", "small"}},
    {{"compare", "a.h5", "b.h5", "--rtol", "nan"}, 2, {"--rtol", "nan"}},
    {{"compare", "a.h5", "b.h5", "--rtol", "inf"}, 2, {"--rtol", "inf"}},
    {{"compare", "a.h5", "b.h5", "--atol", "-nan"}, 2, {"--atol", "nan"}},
    {{"compare", "small.toml", "--analytic"}, 4, {"small.toml"}},
    {{"info", "small.toml"}, 4, {"small.toml"}},
    {{"info", "none.h5"}, 4, {"none.h5"}},
    {{"info"}, 2, {"RESULT.h5", "info --help"}},
    {{"plot", "none.h5"}, 4, {"none.h5"}},
    {{"plot", "small.toml"}, 4, {"small.toml"}},
    {{"plot"}, 2, {"RESULT.h5"}},
};

const std::vector<Call> wrong_settings = {
    {{"time.stop"}, 2, {"--set time.stop", "KEY=VALUE"}},
    {{"=3"}, 2, {"--set =3", "empty part"}},
    {{"time..stop=3"}, 2, {"--set time..stop=3", "empty part"}},
    {{"time.stop=abc"}, 2, {"--set time.stop=abc", "stop: \"abc\"", "not a number"}},
    {{"time.stop=-1"}, 2, {"--set time.stop=-1", "stop: \"-1\"", "\"start\""}},
    {{"time.stpo=1"}, 2, {"--set time.stpo=1", "unknown key", "\"stop\""}},
    {{"tmie.stop=1"}, 2, {"--set tmie.stop=1", "unknown key", "\"time\""}},
    {{"task.forwrd.method=fourier"}, 2, {"--set task.forwrd", "\"forwrd\"", "did you mean \"forward\""}},
    {{"axis.y.points=4"}, 2, {"--set axis.y.points=4", "no entry is called \"y\"", "\"x\""}},
    {{"axis.x.points=4.5"}, 2, {"--set axis.x.points=4.5", "points: \"4.5\"", "integer"}},
    {{"time.stop.more=1"}, 2, {"--set time.stop.more=1", "\"more\""}},
    {{"process.drift=x +"}, 2, {"--set process.drift=x +", "drift: \"x +\"", "ends"}},
    {{"process.define.beta=1 + s"}, 2, {"--set process.define.beta=1 + s", "beta: \"1 + s\"", "\"s\""}},
    {{"title=\xff"}, 2, {"--set title=", "UTF-8"}},
    {{"title=a\nb = 3"}, 2, {"--set title=", "control"}},
    {{"task.forward.initial={ point = [9] }"}, 2, {"--set task.forward.initial=", "point", "outside"}},
};

boost::property_tree::ptree json(const std::string& text) {
  std::istringstream in(text);
  boost::property_tree::ptree tree;
  boost::property_tree::read_json(in, tree);
  return tree;
}

}  // namespace

BOOST_DATA_TEST_CASE(wrong_calls_are_explained, wrong_calls, call) {
  const Folder folder;
  const Outcome outcome = folder.umkehr(call.arguments);
  BOOST_TEST(outcome.signal == 0);
  BOOST_TEST(outcome.code == call.code, outcome.err);
  BOOST_TEST(outcome.out == "");
  BOOST_TEST(outcome.err.starts_with("umkehr: "), outcome.err);
  for (const std::string& part : call.message)
    BOOST_TEST(has(outcome.err, part), "\"" << part << "\" is not in " << outcome.err);
  BOOST_TEST(folder.files.files() == 1u);
}

BOOST_DATA_TEST_CASE(wrong_settings_are_explained, wrong_settings, call) {
  const Folder folder;
  const Outcome outcome = folder.umkehr({"run", "small.toml", "--set", call.arguments[0]});
  BOOST_TEST(outcome.signal == 0);
  BOOST_TEST(outcome.code == call.code, outcome.err);
  for (const std::string& part : call.message)
    BOOST_TEST(has(outcome.err, part), "\"" << part << "\" is not in " << outcome.err);
  BOOST_TEST(folder.files.files() == 1u);
}

BOOST_AUTO_TEST_CASE(help_names_examples_and_exit_codes) {
  const Folder folder;
  const Outcome help = folder.umkehr({"--help"}), run = folder.umkehr({"run", "--help"}),
                version = folder.umkehr({"--version"});
  BOOST_TEST(help.code == 0);
  BOOST_TEST(has(help.out, "Examples"));
  BOOST_TEST(has(help.out, "Exit codes"));
  BOOST_TEST(!has(help.out, "validate"));
  BOOST_TEST(!has(run.out, "--resume"));
  BOOST_TEST(run.code == 0);
  for (const char* part : {"--set", "--sweep", "[sweep]", "[law.NAME]", "variance", "--threads", "--json",
                           "--quiet", "--dry-run", "--keep-going", "[process]", "erfc"})
    BOOST_TEST(has(run.out, part), part);
  BOOST_TEST(version.code == 0);
  BOOST_TEST(version.out.starts_with("umkehr "));
}

BOOST_AUTO_TEST_CASE(a_run_prints_a_table_and_writes_one_file) {
  const Folder folder;
  const Outcome outcome = folder.umkehr({"run", "small.toml"});
  BOOST_TEST(outcome.code == 0, outcome.err);
  BOOST_TEST(has(outcome.out, "forward"));
  BOOST_TEST(has(outcome.out, "mass_error"));
  BOOST_TEST(has(outcome.out, "small.h5"));
  BOOST_TEST(folder.files.files() == 2u);
  const Result result = read_result(folder.files / "small.h5");
  BOOST_TEST(result.title == "small");
  BOOST_TEST(result.source.starts_with("umkehr "));
  BOOST_REQUIRE(result.find("forward"));
  for (const char* name : {"density", "log_density", "score_x", "mass", "entropy", "mass_error", "minimum"})
    BOOST_TEST(result.find("forward")->find(name), name);
}

BOOST_AUTO_TEST_CASE(a_task_without_a_name_bears_that_of_what_it_solves) {
  const TemporaryFolder folder, logs;
  write_file(folder / "small.toml", replaced(small_experiment, "name = \"forward\"\n", ""));
  const Outcome outcome = run_umkehr({"run", "small.toml", "--json"}, folder.path(), logs / "log");
  BOOST_TEST(outcome.code == 0, outcome.err);
  BOOST_TEST(outcome.out.find("\"fokker-planck\":{") != std::string::npos, outcome.out);
  BOOST_TEST(
      run_umkehr({"compare", "small.h5", "--analytic", "--rtol", "1"}, folder.path(), logs / "log").code ==
      0);
}

BOOST_AUTO_TEST_CASE(quiet_prints_nothing) {
  const Folder folder;
  const Outcome outcome = folder.umkehr({"run", "small.toml", "--quiet"});
  BOOST_TEST(outcome.code == 0);
  BOOST_TEST(outcome.out == "");
  BOOST_TEST(std::filesystem::exists(folder.files / "small.h5"));
}

BOOST_AUTO_TEST_CASE(json_is_one_object) {
  const Folder folder;
  const Outcome outcome = folder.umkehr({"run", "small.toml", "--json", "-o", "other.h5"});
  BOOST_TEST(outcome.code == 0);
  const auto tree = json(outcome.out);
  BOOST_TEST(tree.get<std::string>("file") == "other.h5");
  BOOST_TEST(tree.get<double>("seconds") > 0);
  BOOST_TEST(tree.get<double>("tasks.forward.seconds") > 0);
  BOOST_TEST(tree.get<double>("tasks.forward.mass_error") < 1e-12);
  BOOST_TEST(tree.get_optional<double>("tasks.forward.minimum").has_value());
}

BOOST_AUTO_TEST_CASE(eigenvalues_and_warnings_are_told) {
  const Folder folder;
  const std::string small = small_experiment;
  const std::string spectrum =
      replaced(small, small.substr(small.find("[[task]]")),
               "[[task]]\nname = \"modes\"\nsolve = \"spectrum\"\nmethod = \"hermite\"\ncount = 3\n");
  write_file(folder.files / "modes.toml", spectrum);
  const Outcome as_json = folder.umkehr({"run", "modes.toml", "--json"}),
                table = folder.umkehr({"run", "modes.toml"});
  BOOST_TEST_REQUIRE(as_json.code == 0, as_json.err);
  const auto tree = json(as_json.out);
  const Result result = read_result(folder.files / "modes.h5");
  const std::vector<double>& written = result.groups[0].find("eigenvalue")->values;
  std::vector<double> listed;
  for (const auto& [name, value] : tree.get_child("tasks.modes.eigenvalue"))
    listed.push_back(value.get_value<double>());
  BOOST_TEST(listed == written);
  BOOST_TEST(tree.get_child("tasks.modes.warnings").size() == result.groups[0].warnings.size());
  BOOST_TEST(!tree.get_child("tasks.modes").count("eigenfunction"));
  BOOST_TEST(has(table.out, "eigenvalue "), table.out);
  const Outcome coarse = folder.umkehr({"run", "small.toml", "--json", "--set", "axis.x.points=8"});
  BOOST_TEST_REQUIRE(coarse.code == 0, coarse.err);
  const auto told = json(coarse.out).get_child("tasks.forward.warnings");
  const std::vector<std::string> kept = read_result(folder.files / "small.h5").groups[0].warnings;
  BOOST_TEST_REQUIRE(!kept.empty());
  BOOST_TEST(told.size() == kept.size());
  BOOST_TEST(told.begin()->second.data() == kept.front());
}

BOOST_AUTO_TEST_CASE(a_comparison_of_some_variables) {
  const Folder folder;
  BOOST_TEST(folder.umkehr({"run", "small.toml", "-o", "a.h5"}).code == 0);
  BOOST_TEST(
      folder.umkehr({"run", "small.toml", "-o", "b.h5", "--set", "task.forward.write=[\"mass\", \"score\"]"})
          .code == 0);
  BOOST_TEST(folder.umkehr({"compare", "a.h5", "b.h5"}).code == 1);
  BOOST_TEST(folder.umkehr({"compare", "a.h5", "b.h5", "--only", "mass,forward/score_x"}).code == 0);
  BOOST_TEST(folder.umkehr({"compare", "a.h5", "b.h5", "--only", "mass", "--only", "density"}).code == 1);
  BOOST_TEST(folder.umkehr({"compare", "b.h5", "a.h5", "--only=forward"}).code == 1);
  const Outcome unknown = folder.umkehr({"compare", "a.h5", "b.h5", "--only", "mass,denstiy"});
  BOOST_TEST(unknown.code == 2);
  BOOST_TEST(has(unknown.err, "did you mean \"density\""), unknown.err);
  BOOST_TEST(folder.umkehr({"compare", "a.h5", "--analytic", "--rtol", "1", "--only", "density"}).code == 0);
  BOOST_TEST(folder.umkehr({"compare", "a.h5", "--analytic", "--only", "mass_error"}).code == 2);
}

BOOST_AUTO_TEST_CASE(a_dry_run_prints_the_plan_as_an_experiment_and_writes_nothing) {
  const Folder folder;
  const Outcome outcome = folder.umkehr({"run", "small.toml", "--dry-run", "--set", "axis.x.points=64"});
  BOOST_TEST(outcome.code == 0);
  for (const char* part :
       {"# plan", "# process: affine", "F_x = ", "# memory: ", "points = 64", "boundary = \"reflecting\"",
        "killing = \"0\"", "start = 0.0", "method = \"finite-volume\""})
    BOOST_TEST(has(outcome.out, part), part);
  BOOST_TEST(folder.files.files() == 1u);
  write_file(folder.files / "full.toml", outcome.out);
  const Outcome again = folder.umkehr({"run", "full.toml", "--dry-run"});
  BOOST_TEST(again.code == 0, again.err);
  BOOST_TEST(again.out.substr(again.out.find("title")) == outcome.out.substr(outcome.out.find("title")));
}

BOOST_AUTO_TEST_CASE(a_dry_run_in_json_is_one_object) {
  const Folder folder;
  const Outcome outcome = folder.umkehr({"run", "small.toml", "--dry-run", "--json"});
  const auto tree = json(outcome.out);
  BOOST_TEST(tree.get<double>("memory") > 0);
  BOOST_TEST(tree.get<bool>("affine"));
  BOOST_TEST(folder.files.files() == 1u);
}

BOOST_AUTO_TEST_CASE(settings_reach_tasks_axes_and_definitions) {
  const Folder folder;
  const Outcome outcome = folder.umkehr({"run", "small.toml", "--set", "axis.x.points=48", "--set",
                                         "axis.x.boundary=absorbing", "--set", "task.forward.tolerance=1e-3",
                                         "--set", "process.define.beta=0.5", "--set", "time.save=[0.5, 1]",
                                         "--set", "title=Schrödinger", "--set", "process.drift=-beta*x + t"});
  BOOST_TEST(outcome.code == 0, outcome.err);
  const Result result = read_result(folder.files / "small.h5");
  BOOST_TEST(result.title == "Schrödinger");
  BOOST_TEST(result.find("forward")->coordinate("x")->values.size() == 48u);
  BOOST_TEST(result.find("forward")->coordinate("t")->values == (std::vector<double>{0.5, 1.0}),
             boost::test_tools::per_element());
  for (const char* part :
       {"boundary = \"absorbing\"", "tolerance = 0.001", "beta = 0.5", "drift = \"-beta*x + t\""})
    BOOST_TEST(has(result.experiment, part), part);
}

BOOST_AUTO_TEST_CASE(the_experiment_in_a_result_gives_the_same_result_again) {
  const Folder folder;
  BOOST_TEST(folder.umkehr({"run", "small.toml"}).code == 0);
  write_file(folder.files / "again.toml", read_result(folder.files / "small.h5").experiment);
  BOOST_TEST(folder.umkehr({"run", "again.toml"}).code == 0);
  BOOST_TEST((contents_of(folder.files / "small.h5") == contents_of(folder.files / "again.h5")));
}

BOOST_AUTO_TEST_CASE(a_result_can_start_another_run) {
  const Folder folder;
  BOOST_TEST(folder.umkehr({"run", "small.toml"}).code == 0);
  const std::string field =
      "task.forward.initial={ field = \"small.h5\", variable = \"forward/density\", time = ";
  const Outcome next = folder.umkehr({"run", "small.toml", "-o", "next.h5", "--set", field + "1.0 }"});
  BOOST_TEST(next.code == 0, next.err);
  const Outcome time = folder.umkehr({"run", "small.toml", "-o", "wrong.h5", "--set", field + "0.7 }"});
  BOOST_TEST(time.code == 2);
  BOOST_TEST(has(time.err, "saved are 0, 0.5, 1"), time.err);
  const Outcome name = folder.umkehr(
      {"run", "small.toml", "-o", "wrong.h5", "--set", replaced(field, "density", "densty") + "1 }"});
  BOOST_TEST(name.code == 2);
  BOOST_TEST(has(name.err, "did you mean \"forward/density\""), name.err);
  BOOST_TEST(!std::filesystem::exists(folder.files / "wrong.h5"));
}

BOOST_AUTO_TEST_CASE(a_run_agrees_with_itself_and_nearly_with_its_law) {
  const Folder folder;
  BOOST_TEST(folder.umkehr({"run", "small.toml"}).code == 0);
  BOOST_TEST(
      folder.umkehr({"run", "small.toml", "-o", "finer.h5", "--set", "task.forward.tolerance=1e-6"}).code ==
      0);
  BOOST_TEST(folder.umkehr({"compare", "small.h5", "small.h5"}).code == 0);
  BOOST_TEST(folder.umkehr({"compare", "small.h5", "finer.h5"}).code == 1);
  BOOST_TEST(folder.umkehr({"compare", "small.h5", "--analytic"}).code == 1);
  const Outcome info = folder.umkehr({"info", "small.h5"});
  BOOST_TEST(info.code == 0);
  BOOST_TEST(has(info.out, "forward"));
}

BOOST_AUTO_TEST_CASE(the_interpreter_that_draws_can_be_named) {
  const Folder folder;
  BOOST_TEST(folder.umkehr({"run", "small.toml"}).code == 0);
  const std::string plot = " exec " UMKEHR_BINARY " plot small.h5 -o drawn";
  const Outcome none = folder.shell("UMKEHR_PYTHON=./none" + plot);
  BOOST_TEST(none.code == 4);
  for (const char* part : {"umkehr: ", "./none", "UMKEHR_PYTHON", "No such file"})
    BOOST_TEST(has(none.err, part), none.err);
  // Without its site packages an interpreter has no matplotlib.
  write_file(folder.files / "bare", "#!/bin/sh\nexec python3 -E -S \"$@\"\n");
  const Outcome bare = folder.shell("chmod +x bare; UMKEHR_PYTHON=./bare" + plot);
  BOOST_TEST(bare.code == 4);
  for (const char* part : {"umkehr: ", "matplotlib", "UMKEHR_PYTHON"})
    BOOST_TEST(has(bare.err, part), bare.err);
  BOOST_TEST(!std::filesystem::exists(folder.files / "drawn"));
}

BOOST_AUTO_TEST_CASE(output_that_cannot_be_written_is_an_error) {
  const Folder folder;
  BOOST_TEST(folder.shell("exec " UMKEHR_BINARY " run small.toml > /dev/full").code == 4);
  BOOST_TEST(folder.shell("exec " UMKEHR_BINARY " --help > /dev/full").code == 4);
}

BOOST_AUTO_TEST_CASE(a_full_disk_leaves_the_older_result) {
  const Folder folder;
  BOOST_TEST(folder.umkehr({"run", "small.toml"}).code == 0);
  const std::string before = contents_of(folder.files / "small.h5");
  const Outcome outcome =
      folder.shell("ulimit -f 8; exec " UMKEHR_BINARY " run small.toml --set axis.x.points=4096");
  BOOST_TEST(outcome.signal == 0);
  BOOST_TEST(outcome.code == 4, outcome.err);
  BOOST_TEST(has(outcome.err, "small.h5"), outcome.err);
  BOOST_TEST((contents_of(folder.files / "small.h5") == before));
  BOOST_TEST(folder.files.files() == 2u);
}
