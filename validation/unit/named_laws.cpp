// SPDX-License-Identifier: GPL-3.0-or-later
// Laws with a name, and variances: they say what the same law written out says.
#include "experiments/input/named_laws.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "experiments/tasks/experiment.hpp"
#include "validation/support/experiment_folder.hpp"
#include "validation/support/wrong_experiment.hpp"

using namespace umkehr;

namespace {

Experiment parsed(const std::string& text, const std::vector<std::string>& settings = {}) {
  return parse_experiment(text, "experiment.toml", ".", settings);
}

const Law& initial_of(const Experiment& experiment) {
  return experiment.tasks[0]->forward->initial;
}

const GaussianMixture& mixture_in(const Experiment& experiment) {
  return std::get<GaussianMixture>(initial_of(experiment));
}

/// The law of the small experiment by its name.
std::string named(const std::string& law) {
  return replaced(replaced(small_experiment, usual_initial, "\"data\""), "[[task]]",
                  "[law]\ndata = " + law + "\n[[task]]");
}

/// The same with a second axis.
std::string in_the_plane(const std::string& gaussian) {
  const std::string plane =
      replaced(replaced(small_experiment, "[\"-beta*x\"]", "[\"-beta*x\", \"-y\"]"), "[[task]]",
               "[[axis]]\nname = \"y\"\nfrom = -4.0\nto = 4.0\npoints = 16\n[[task]]");
  return replaced(plane, usual_initial, "{ gaussian = { " + gaussian + " } }");
}

const std::vector<std::string> laws = {
    usual_initial,
    "{ mixture = [{ weight = 2, mean = [-1.0], variance = 0.5 }, { weight = 1, mean = [1.0], variance = "
    "[0.25] }] }",
    "{ formula = \"exp(-x^4)\" }",
    "{ point = [0.5] }",
    "{ mean = [0.5], variance = 0.25 }",
};

}  // namespace

BOOST_DATA_TEST_CASE(a_name_stands_for_the_law, laws, law) {
  const Experiment by_name = parsed(named(law)),
                   written = parsed(replaced(small_experiment, usual_initial, law));
  BOOST_TEST(by_name.warnings.size() == written.warnings.size());
  if (const auto* mixture = std::get_if<GaussianMixture>(&initial_of(by_name));
      mixture && mixture->is_singular()) {
    BOOST_TEST(mixture->components()[0].mean[0] == mixture_in(written).components()[0].mean[0]);
    return;
  }
  std::vector<double> a(by_name.grid.size()), b = a;
  density_at(initial_of(by_name), by_name.grid, by_name.grid.centres(), a);
  density_at(initial_of(written), written.grid, written.grid.centres(), b);
  BOOST_TEST(a == b, boost::test_tools::per_element());
}

BOOST_DATA_TEST_CASE(a_text_with_names_reads_back_as_itself, laws, law) {
  const Experiment first = parsed(named(law));
  BOOST_TEST(has(first.text, "initial = \"data\""));
  BOOST_TEST(has(first.text, "[law.data"));
  BOOST_TEST(parsed(first.text).text == first.text);
}

BOOST_AUTO_TEST_CASE(a_setting_reaches_into_a_law) {
  const std::string text = named("{ mean = [0.5], variance = 0.25 }");
  BOOST_TEST(mixture_in(parsed(text, {"law.data.variance=0.04"})).components()[0].covariance(0, 0) == 0.04);
  BOOST_TEST(
      mixture_in(parsed(named(usual_initial), {"law.data.gaussian.mean=[1]"})).components()[0].mean[0] == 1);
  const std::vector<std::string> settings = {"law.other={ mean = [2], variance = 1 }",
                                             "task.forward.initial=other"};
  BOOST_TEST(mixture_in(parsed(text, settings)).components()[0].mean[0] == 2);
}

BOOST_AUTO_TEST_CASE(a_variance_is_a_covariance_along_the_axes) {
  const auto covariance = [](const std::string& spread) {
    return mixture_in(parsed(in_the_plane("mean = [0.5, 0.0], " + spread))).components()[0].covariance;
  };
  BOOST_TEST((covariance("variance = 0.04") == covariance("covariance = [[0.04, 0.0], [0.0, 0.04]]")));
  BOOST_TEST(
      (covariance("variance = [0.04, 0.09]") == covariance("covariance = [[0.04, 0.0], [0.0, 0.09]]")));
  BOOST_TEST(
      (covariance("variance = [0.04, 0.09]") != covariance("covariance = [[0.09, 0.0], [0.0, 0.04]]")));
}

BOOST_AUTO_TEST_CASE(every_density_may_be_named) {
  const std::string tasks = R"(
[[task]]
name = "back"
solve = "reverse-diffusion"
of = "forward"
initial = NOISE
[[task]]
name = "bridge"
solve = "schroedinger-bridge"
initial = DATA
final = NOISE
[[task]]
name = "steered"
solve = "hjb"
terminal = "x^2/2"
initial = NOISE
)";
  const auto written = [&](const std::string& data, const std::string& noise) {
    std::string text = std::string(small_experiment) + replaced(tasks, "DATA", data);
    while (has(text, "NOISE")) text = replaced(text, "NOISE", noise);
    return text;
  };
  const ExperimentFolder named(written("\"data\"", "\"noise\"") + R"(
[law.data]
mean = [-0.5]
variance = 0.1
[law.noise.gaussian]
mean = [0.25]
variance = 0.5
)");
  const ExperimentFolder plain(written("{ gaussian = { mean = [-0.5], covariance = [[0.1]] } }",
                                       "{ gaussian = { mean = [0.25], covariance = [[0.5]] } }"));
  const Outcome by_name = named.run({"-o", "named.h5"}), by_hand = plain.run({"-o", "plain.h5"});
  BOOST_REQUIRE_EQUAL(by_name.code, 0);
  BOOST_REQUIRE_EQUAL(by_hand.code, 0);
  const Outcome same =
      named.umkehr({"compare", "named.h5", (plain.files / "plain.h5").string(), "--rtol", "0"});
  BOOST_TEST(same.code == 0, same.out);
}

BOOST_AUTO_TEST_CASE(what_a_result_says_of_itself_gives_it_again) {
  const ExperimentFolder folder(named("{ samples = \"points.csv\", bandwidth = 0.5 }"));
  write_file(folder.files / "points.csv", "0.5\n-0.25\n");
  BOOST_REQUIRE(folder.run({"-o", "first.h5"}).code == 0);
  const Outcome plan = folder.umkehr({"run", "small.toml", "--dry-run"});
  BOOST_TEST(has(plan.out, "[law.data]"));
  BOOST_TEST(has(plan.out, "dataset") == false);
  write_file(folder.files / "small.toml", plan.out);
  BOOST_REQUIRE(folder.run({"-o", "again.h5"}).code == 0);
  BOOST_TEST(contents_of(folder.files / "first.h5") == contents_of(folder.files / "again.h5"));
}
