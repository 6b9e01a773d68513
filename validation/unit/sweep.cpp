// SPDX-License-Identifier: GPL-3.0-or-later
// Sweeps: every run of one is what the experiment alone gives, whatever runs beside it.
#include <boost/property_tree/json_parser.hpp>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <sstream>

#include "experiments/output/result_file.hpp"
#include "experiments/output/swept.hpp"
#include "experiments/output/swept_file.hpp"
#include "experiments/tasks/sweep/sweep_input.hpp"
#include "validation/support/experiment_folder.hpp"

using namespace umkehr;

namespace {

Sweep parsed(const std::string& text, const std::vector<std::string>& sweeps = {},
             const std::vector<std::string>& settings = {}) {
  return parse_sweep(text, "experiment.toml", ".", settings, sweeps);
}

boost::property_tree::ptree json(const std::string& text) {
  std::istringstream in(text);
  boost::property_tree::ptree tree;
  boost::property_tree::read_json(in, tree);
  return tree;
}

const std::string second_task = R"([[task]]
name = "back"
solve = "backward-kolmogorov"
of = "forward"
terminal = "x^2"
[[task]]
name = "apart"
solve = "fokker-planck"
dt = 0.25
initial = { point = [0.5] }
)";

std::vector<std::string> names_of(const Sweep& sweep) {
  std::vector<std::string> names;
  for (const SweptKey& key : sweep.keys) names.push_back(key.name);
  return names;
}

const Variable& variable(const Result& result, const std::string& group, const std::string& name) {
  const Group* found = result.find(group);
  BOOST_REQUIRE(found != nullptr);
  BOOST_REQUIRE(found->find(name) != nullptr);
  return *found->find(name);
}

}  // namespace

BOOST_AUTO_TEST_CASE(the_last_key_varies_fastest) {
  const Sweep sweep = parsed(small_experiment, {"task.forward.dt=0.5,0.25,0.125", "process.diffusion=1,2"});
  BOOST_TEST(sweep.experiments.size() == 6u);
  BOOST_TEST(sweep.values_of(0) == "dt = 0.5, diffusion = 1");
  BOOST_TEST(sweep.values_of(3) == "dt = 0.25, diffusion = 2");
  BOOST_TEST(sweep.experiments[3].tasks[0]->forward->choices.step.value() == 0.25);
  BOOST_TEST(sweep.experiments[3].process.diffusion[0](0) == 2);
}

BOOST_AUTO_TEST_CASE(a_file_and_the_command_line_sweep_alike) {
  const std::string text = std::string(small_experiment) + "[sweep]\n\"task.forward.dt\" = [0.5, 0.25]\n";
  BOOST_TEST(parsed(text).text == parsed(small_experiment, {"task.forward.dt=0.5,0.25"}).text);
  const std::string nested = std::string(small_experiment) + "[sweep]\ntask.forward.dt = [0.5, 0.25]\n";
  BOOST_TEST(parsed(nested).text == parsed(text).text);
  const Sweep replaced_values = parsed(text, {"task.0.dt=0.125"});
  BOOST_TEST(replaced_values.experiments.size() == 1u);
  BOOST_TEST(replaced_values.values_of(0) == "dt = 0.125");
}

BOOST_AUTO_TEST_CASE(values_of_a_word) {
  const Sweep sweep = parsed(small_experiment, {"process.killing=atan2(x, 1)^2, x^2 ,\"0\",3"});
  const std::vector<std::string> expected = {"atan2(x, 1)^2", "x^2", "0", "3"};
  BOOST_TEST(sweep.keys[0].texts == expected, boost::test_tools::per_element());
  BOOST_TEST(sweep.keys[0].is_text);
  BOOST_TEST(sweep.keys[0].numbers[3] == 3);
  BOOST_TEST(!parsed(small_experiment, {"process.killing=1,2.5"}).keys[0].is_text);
  BOOST_TEST(parsed(small_experiment, {"process.killing=1,2"}).keys[0].is_integer);
}

BOOST_AUTO_TEST_CASE(dimensions_have_names_of_their_own) {
  const std::string two = small_experiment + second_task;
  const auto names = [&](const std::vector<std::string>& sweeps) { return names_of(parsed(two, sweeps)); };
  BOOST_TEST(names({"task.apart.dt=0.5"})[0] == "dt");
  // Two alike: as much of each key as tells them apart.
  const std::vector<std::string> alike = {"forward_dt", "apart_dt"};
  BOOST_TEST(names({"task.forward.dt=0.5", "task.apart.dt=0.5"}) == alike, boost::test_tools::per_element());
  // A number is no name, and `value` is what a task writes.
  BOOST_TEST(names({"process.drift.0=-x,-2*x"})[0] == "drift_0");
  const std::string bridge = std::string(small_experiment) +
                             "[[task]]\nname = \"bridge\"\nsolve = \"schroedinger-bridge\"\ninitial = " +
                             "{ mean = [0.5], variance = 0.25 }" +
                             "\nfinal = { mean = [-0.5], variance = 0.25 }\n";
  BOOST_TEST(names_of(parsed(bridge, {"task.bridge.iterations=100,200"}))[0] == "bridge_iterations");
}

BOOST_AUTO_TEST_CASE(text_holds_the_sweep_and_reads_back_as_itself) {
  for (const std::vector<std::string>& sweeps :
       std::vector<std::vector<std::string>>{{"task.forward.method=fourier,finite-volume,hermite"},
                                             {"task.forward.dt=0.5,0.25", "process.killing=0,x^2"},
                                             {"process={name=\"vp\"},{drift=\"-x\",diffusion=1}"},
                                             {"process.define.gamma=1,2"}}) {
    const Sweep first = parsed(small_experiment, sweeps), again = parsed(first.text);
    BOOST_TEST(again.text == first.text);
    BOOST_REQUIRE(again.experiments.size() == first.experiments.size());
    for (std::size_t n = 0; n < first.experiments.size(); ++n)
      BOOST_TEST(again.experiments[n].text == first.experiments[n].text);
  }
  // Schemes differ with the method, so none is written; the boundary is that of all runs.
  const std::string text = parsed(small_experiment, {"task.forward.method=fourier,finite-volume"}).text;
  BOOST_TEST(!has(text, "scheme"));
  BOOST_TEST(has(text, "boundary = \"reflecting\""));
}

BOOST_AUTO_TEST_CASE(tasks_that_no_key_concerns_are_alike) {
  const Sweep sweep = parsed(small_experiment + second_task, {"task.forward.dt=0.5,0.25"});
  BOOST_TEST(sweep.first_alike[1] == (std::vector<std::size_t>{1, 1, 0}), boost::test_tools::per_element());
  const Sweep noise = parsed(small_experiment + second_task, {"process.diffusion=1,2"});
  BOOST_TEST(noise.first_alike[1] == (std::vector<std::size_t>{1, 1, 1}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(words_of_flags) {
  const std::vector<std::string> expected = {"finite-volume", "1_-_x_2", "1_-_x_2_2", "_"};
  BOOST_TEST(flag_words({"finite-volume", "1 - x^2", "1 - x/2", ""}) == expected,
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(runs_are_what_single_runs_are) {
  const ExperimentFolder folder(small_experiment + second_task);
  const std::vector<std::string> sweeps = {"--sweep", "task.forward.dt=0.125,0.25", "--sweep",
                                           "process.diffusion=1,2,1.5"};
  const auto swept = [&](const char* threads, const char* file) {
    Words words = sweeps;
    words.insert(words.end(), {"--threads", threads, "-o", file});
    const Outcome outcome = folder.run(words);
    BOOST_REQUIRE_MESSAGE(outcome.code == 0, outcome.err);
  };
  swept("1", "one.h5");
  swept("2", "two.h5");
  BOOST_TEST(contents_of(folder.files / "one.h5") == contents_of(folder.files / "two.h5"));
  const Result all = read_result(folder.files / "two.h5");
  BOOST_TEST(variable(all, "forward", "density").dimensions ==
                 (std::vector<std::string>{"dt", "diffusion", "t", "x"}),
             boost::test_tools::per_element());
  BOOST_TEST(variable(all, "apart", "mass_error").dimensions == (std::vector<std::string>{"dt", "diffusion"}),
             boost::test_tools::per_element());
  BOOST_TEST(all.find("forward")->coordinate("diffusion")->swept_key == "process.diffusion");
  std::size_t run = 0;
  for (const char* dt : {"0.125", "0.25"})
    for (const char* diffusion : {"1", "2", "1.5"}) {
      BOOST_REQUIRE(folder
                        .run({"--set", std::string("task.forward.dt=") + dt, "--set",
                              std::string("process.diffusion=") + diffusion, "-o", "single.h5"})
                        .code == 0);
      const Result single = read_result(folder.files / "single.h5"), own = run_of(all, run++);
      for (const Group& group : single.groups)
        for (const Variable& one : group.variables)
          BOOST_TEST(variable(own, group.name, one.name).values == one.values,
                     boost::test_tools::per_element());
    }
}

BOOST_AUTO_TEST_CASE(what_a_sweep_says_of_itself_gives_it_again) {
  const ExperimentFolder folder(replaced(small_experiment, "tolerance = 1e-4\n", ""));
  BOOST_REQUIRE(folder.run({"--sweep", "task.forward.method=finite-volume,fourier", "-o", "first.h5"}).code ==
                0);
  const Result first = read_result(folder.files / "first.h5");
  BOOST_TEST(has(first.experiment, "[sweep]"));
  write_file(folder.files / "small.toml", first.experiment);
  BOOST_REQUIRE(folder.run({"-o", "again.h5"}).code == 0);
  BOOST_TEST(contents_of(folder.files / "first.h5") == contents_of(folder.files / "again.h5"));
  const Coordinate& method = *first.find("forward")->coordinate("method");
  BOOST_TEST(method.texts == (std::vector<std::string>{"finite-volume", "fourier"}),
             boost::test_tools::per_element());
  // What one method writes alone is NaN for the other.
  const Variable& error = variable(first, "forward", "grid_error");
  BOOST_TEST(error.values.size() == 2u);
  BOOST_TEST(std::isnan(error.values[1]));
  BOOST_TEST(run_of(first, 1).find("forward")->find("grid_error") == nullptr);
}

BOOST_AUTO_TEST_CASE(scalars_are_arrays_in_json) {
  const ExperimentFolder folder;
  const Outcome outcome = folder.umkehr({"run", "small.toml", "--json", "--sweep", "task.forward.dt=0.5,0.25",
                                         "--sweep", "process.killing=0,x^2,1"});
  BOOST_REQUIRE_MESSAGE(outcome.code == 0, outcome.err);
  const auto all = json(outcome.out);
  const auto& minimum = all.get_child("tasks.forward.minimum");
  BOOST_TEST(minimum.size() == 2u);
  for (const auto& [none, row] : minimum) BOOST_TEST(row.size() == 3u);
  BOOST_TEST(all.get_child("tasks.forward.steps").front().second.front().second.get_value<double>() == 2);
  BOOST_TEST(all.get_child("sweep.dt").size() == 2u);
  BOOST_TEST(all.get_child("sweep.killing").back().second.get_value<std::string>() == "1");
  const Outcome table = folder.umkehr({"run", "small.toml", "--sweep", "task.forward.dt=0.5,0.25"});
  BOOST_TEST(has(table.out, "dt"));
  BOOST_TEST(has(table.out, "  0.25"));
  BOOST_TEST(has(table.out, "written: small.h5"));
}

BOOST_AUTO_TEST_CASE(sweeps_are_compared_run_by_run) {
  const ExperimentFolder folder(replaced(
      replaced(small_experiment, "tolerance = 1e-4", "method = \"fourier\""), "points = 32", "points = 128"));
  BOOST_REQUIRE(folder.run({"--sweep", "process.define.beta=1,2", "-o", "a.h5"}).code == 0);
  BOOST_REQUIRE(folder.run({"--sweep", "process.define.beta=1,2.5", "-o", "b.h5"}).code == 0);
  BOOST_REQUIRE(folder.run({"--set", "process.define.beta=1", "-o", "single.h5"}).code == 0);
  BOOST_TEST(folder.umkehr({"compare", "a.h5", "a.h5"}).code == 0);
  const Outcome other = folder.umkehr({"compare", "a.h5", "b.h5"});
  BOOST_TEST(other.code == 1);
  BOOST_TEST(has(other.out, "other values of beta"), other.out);
  BOOST_TEST(folder.umkehr({"compare", "a.h5", "single.h5"}).code == 1);
  const Outcome exact =
      folder.umkehr({"compare", "a.h5", "--analytic", "--rtol", "1e-6", "--only", "density,mass,entropy"});
  BOOST_TEST(exact.code == 0, exact.out);
  BOOST_TEST(has(exact.out, "beta="), exact.out);
  // The law of another rate is another law: each run is held against its own.
  const Outcome info = folder.umkehr({"info", "a.h5"});
  BOOST_TEST(has(info.out, "swept: process.define.beta"), info.out);
  BOOST_TEST(has(info.out, "(beta, t, x)"), info.out);
}

BOOST_AUTO_TEST_CASE(a_run_that_differs_is_found) {
  const ExperimentFolder folder(replaced(small_experiment, "tolerance = 1e-4", "dt = 0.25"));
  BOOST_REQUIRE(folder.run({"--sweep", "process.killing=0,x^2", "-o", "a.h5"}).code == 0);
  BOOST_REQUIRE(
      folder.run({"--set", "task.forward.dt=0.125", "--sweep", "process.killing=0,x^2", "-o", "b.h5"}).code ==
      0);
  const Outcome outcome = folder.umkehr({"compare", "a.h5", "b.h5", "--rtol", "1e-13", "--only", "mass"});
  BOOST_TEST(outcome.code == 1, outcome.out);
  BOOST_TEST(has(outcome.out, "killing=1"), outcome.out);  // where mass is lost, the steps count
}
