// SPDX-License-Identifier: GPL-3.0-or-later
// What an experiment file says is what the reader understands; its filled-in text says the same again.
#include <rapidcheck.h>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <cmath>

#include "experiments/tasks/experiment.hpp"
#include "experiments/tasks/sweep/sweep_input.hpp"
#include "experiments/text/nearest.hpp"
#include "experiments/text/toml_text.hpp"
#include "validation/support/run_command.hpp"

using namespace umkehr;

namespace {

const ForwardRun& forward(const Experiment& experiment, std::size_t task = 0) {
  return *experiment.tasks[task]->forward;
}

Experiment parsed(const std::string& text, const std::vector<std::string>& settings = {}) {
  return parse_experiment(text, "experiment.toml", ".", settings);
}

std::string with_process(const std::string& lines) {
  return replaced(small_experiment, "drift = [\"-beta*x\"]\ndiffusion = \"1\"", lines);
}

std::string with_initial(const std::string& law) {
  return replaced(small_experiment, "{ gaussian = { mean = [0.0], covariance = [[0.25]] } }", law);
}

double at(const Coefficient& function, double x, double t) {
  return function(std::vector<double>{x}, t);
}

const std::vector<std::string> variants = {
    small_experiment,
    with_process("name = \"brownian\"\ndiffusion = [\"1 + t\"]"),
    with_process("name = \"ornstein-uhlenbeck\"\nbeta = \"beta\"\ndiffusion = 2"),
    with_process("name = \"vp\""),
    with_process("name = \"ve\"\nsigma_min = 0.1\nsigma_max = 2"),
    with_process("name = \"sub-vp\"\nbeta_max = 5"),
    with_process("name = \"double-well\"\ndiffusion = 0.5"),
    replaced(with_process("name = \"vp-cosine\""), "stop = 1.0", "stop = 0.5"),
    with_process("potential = \"x^4/4 - x^2/2\"\ndiffusion = \"1\"\nkilling = \"x^2/10\""),
    with_initial("{ mixture = [{ weight = 2, mean = [-1.0], covariance = [[0.5]] }, { weight = 1, mean = "
                 "[1.0], covariance = [[0.25]] }] }"),
    with_initial("{ formula = \"exp(-x^4)\" }"),
    with_initial("{ point = [0.5] }"),
    replaced(small_experiment, "tolerance = 1e-4", "dt = 0.125"),
    replaced(small_experiment, "tolerance = 1e-4", "method = \"hermite\"\nscale = 0.5\ncentre = [1]"),
    replaced(small_experiment, "save = 3", "save = [0.25, 1]"),
    replaced(small_experiment, "title = \"small\"", "title = \"Schr\\u00F6dinger's \\\"Umkehrung\\\" \\\\\""),
    replaced(small_experiment, "name = \"forward\"\n", ""),
    replaced(small_experiment, "name = \"x\"\n", ""),
    replaced(small_experiment, "title = \"small\"\n",
             "\xef\xbb\xbf# Über die Umkehrung der Naturgesetze\r\n"),
};

}  // namespace

BOOST_DATA_TEST_CASE(the_filled_in_text_is_a_fixed_point, variants, text) {
  const Experiment first = parsed(text);
  const Experiment second = parsed(first.text);
  BOOST_TEST(second.text == first.text);
  BOOST_TEST(second.title == first.title);
  BOOST_TEST(second.times == first.times, boost::test_tools::per_element());
  BOOST_TEST(second.tasks.size() == first.tasks.size());
  BOOST_TEST(second.tasks[0]->name == first.tasks[0]->name);
  BOOST_TEST(forward(second).choices.tolerance == forward(first).choices.tolerance);
  for (const double t : {0.1, 0.3})
    BOOST_TEST(at(second.process.drift[0], 0.7, t) == at(first.process.drift[0], 0.7, t));
}

BOOST_AUTO_TEST_CASE(the_experiments_that_come_along_are_right) {
  int count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(UMKEHR_SOURCE_DIR "/experiments")) {
    if (entry.path().extension() != ".toml") continue;
    const Sweep first = read_sweep(entry.path());
    BOOST_TEST(parse_sweep(first.text, "again", entry.path().parent_path()).text == first.text);
    for (const Experiment& experiment : first.experiments)
      BOOST_TEST(experiment.warnings.empty(), entry.path().string());
    ++count;
  }
  BOOST_TEST(count >= 5);
}

BOOST_AUTO_TEST_CASE(every_part_is_understood) {
  const Experiment e = parsed(small_experiment);
  BOOST_TEST(e.title == "small");
  BOOST_TEST(e.start == 0.0);
  BOOST_TEST(e.stop == 1.0);
  BOOST_TEST(e.times == (std::vector<double>{0, 0.5, 1}), boost::test_tools::per_element());
  BOOST_TEST(e.grid.axis(0).name == "x");
  BOOST_TEST(e.grid.axis(0).from == -4.0);
  BOOST_TEST(e.grid.axis(0).points == 32u);
  BOOST_TEST((e.grid.axis(0).boundary == Boundary::reflecting));
  BOOST_TEST(at(e.process.drift[0], 2, 0.5) == -3.0);
  BOOST_TEST(e.process.diffusion[0](0.5) == 1.0);
  BOOST_TEST(at(e.process.killing, 2, 0.5) == 0.0);
  BOOST_REQUIRE(e.tasks.size() == 1u);
  BOOST_TEST(e.tasks[0]->name == "forward");
  BOOST_TEST((forward(e).choices.method == Method::finite_volume));
  BOOST_TEST(forward(e).choices.tolerance == 1e-4);
  BOOST_TEST(!forward(e).choices.step.has_value());
  const auto& law = std::get<GaussianMixture>(forward(e).initial).components();
  BOOST_REQUIRE(law.size() == 1u);
  BOOST_TEST(law[0].mean[0] == 0.0);
  BOOST_TEST(law[0].covariance(0, 0) == 0.25);
}

BOOST_AUTO_TEST_CASE(weights_of_a_mixture_are_normalised) {
  const auto law = std::get<GaussianMixture>(forward(parsed(variants[9])).initial);
  BOOST_TEST(law.components()[0].weight == 2.0 / 3, boost::test_tools::tolerance(1e-15));
  BOOST_TEST(law.mass() == 1.0, boost::test_tools::tolerance(1e-15));
}

BOOST_AUTO_TEST_CASE(known_processes_have_their_coefficients) {
  const Process ou = parsed(variants[2]).process, vp = parsed(variants[3]).process,
                ve = parsed(variants[4]).process;
  BOOST_TEST(at(ou.drift[0], 2, 0.5) == -1.5, boost::test_tools::tolerance(1e-14));
  BOOST_TEST(ou.diffusion[0](0.5) == 2.0);
  BOOST_TEST(at(vp.drift[0], 2, 0.5) == -(0.1 + 19.9 * 0.5), boost::test_tools::tolerance(1e-14));
  BOOST_TEST(vp.diffusion[0](0.5) == 0.1 + 19.9 * 0.5, boost::test_tools::tolerance(1e-14));
  BOOST_TEST(ve.diffusion[0](0.5) == 2 * std::log(20.0) * 0.01 * 20, boost::test_tools::tolerance(1e-13));
  const Process well = parsed(variants[8]).process;
  BOOST_TEST(at(well.drift[0], 2, 0.5) == 2.0 - 8.0, boost::test_tools::tolerance(1e-14));
  BOOST_TEST(at(well.killing, 2, 0.5) == 0.4, boost::test_tools::tolerance(1e-14));
  BOOST_TEST(well.potential.has_value());
}

BOOST_AUTO_TEST_CASE(two_dimensions_take_a_list_of_each) {
  const std::string text = R"(
process = { drift = ["-x + y", "-y"], diffusion = ["1", "2*t + 1"] }
time = { start = 1, stop = 2 }
axis = [{ name = "x", from = -5, to = 5, points = 16 }, { name = "y", from = -4, to = 4, points = 8, boundary = "periodic" }]
task = [{ solve = "fokker-planck", initial = { gaussian = { mean = [0, 0.5], covariance = [[1, 0.25], [0.25, 0.5]] } } }]
)";
  const Experiment e = parsed(text);
  BOOST_TEST(e.grid.size() == 128u);
  BOOST_TEST((e.grid.axis(1).boundary == Boundary::periodic));
  BOOST_TEST(e.process.diffusion[1](1.5) == 4.0);
  BOOST_TEST(e.process.drift[0](std::vector<double>{1, 3}, 0) == 2.0);
  BOOST_TEST(e.times.size() == 11u);
  BOOST_TEST(e.times.front() == 1.0);
  BOOST_TEST(e.tasks[0]->name == "fokker-planck");
  BOOST_TEST(parsed(e.text).text == e.text);
}

BOOST_AUTO_TEST_CASE(mass_outside_the_walls_is_told) {
  const Experiment e = parsed(with_initial("{ gaussian = { mean = [3.0], covariance = [[1.0]] } }"));
  BOOST_REQUIRE(e.warnings.size() == 1u);
  BOOST_TEST(e.warnings[0].find("0.158655") != std::string::npos, e.warnings[0]);
  BOOST_TEST(e.warnings[0].starts_with("experiment.toml:19:11: initial"), e.warnings[0]);
}

BOOST_AUTO_TEST_CASE(settings_change_what_the_file_says) {
  const Experiment e =
      parsed(small_experiment, {"time.stop=3", "task.forward.method=fourier", "axis.x.points=64",
                                "process.define.beta=2*t", "task.forward.initial.gaussian.mean.0=0.5"});
  BOOST_TEST(e.stop == 3.0);
  BOOST_TEST((forward(e).choices.method == Method::fourier));
  BOOST_TEST(e.grid.size() == 64u);
  BOOST_TEST(at(e.process.drift[0], 1, 2) == -4.0);
  BOOST_TEST(std::get<GaussianMixture>(forward(e).initial).components()[0].mean[0] == 0.5);
  BOOST_TEST(parsed(e.text).text == e.text);
}

BOOST_AUTO_TEST_CASE(any_text_survives_being_written_and_read) {
  const bool held = rc::check("strings and numbers of TOML come back", [] {
    const auto letters = *rc::gen::container<std::string>(rc::gen::inRange<char>(1, 127));
    const double number = *rc::gen::arbitrary<double>();
    const auto integer = *rc::gen::arbitrary<std::int64_t>();
    TomlValue root;
    root.entries = {{letters.empty() ? "a" : letters, {}, TomlValue::of(letters)},
                    {"the number", {}, TomlValue::of(number)},
                    {"integer", {}, TomlValue::of(integer)}};
    RC_PRE(letters != "the number" && letters != "integer");
    const Source source{"test", write_toml(root), false};
    const TomlValue back = parse_toml(source);
    RC_ASSERT(back.entries.size() == 3u);
    RC_ASSERT(back.entries[0].value.string == letters);
    RC_ASSERT(back.entries[1].value.real == number);
    RC_ASSERT(back.entries[2].value.integer == integer);
  });
  BOOST_TEST(held);
}

BOOST_AUTO_TEST_CASE(places_inside_strings_count_what_is_written) {
  const Source source{"test",
                      "a = \"\\u00e4x\\tq\"\n"
                      "b = '''\nüx'''\n"
                      "c = \"\"\"x \\\n   y\"\"\"\n",
                      false};
  TomlValue root = parse_toml(source);
  const auto place = [&](const char* key, std::size_t offset) {
    return place_inside(root.find(key)->value, offset).text();
  };
  BOOST_TEST(place("a", 0) == "test:1:6");
  BOOST_TEST(place("a", 2) == "test:1:12");  // behind the two bytes of ä
  BOOST_TEST(place("a", 3) == "test:1:13");
  BOOST_TEST(place("a", 4) == "test:1:15");
  BOOST_TEST(place("b", 0) == "test:3:1");
  BOOST_TEST(place("b", 2) == "test:3:2");
  BOOST_TEST(place("c", 0) == "test:4:8");
}

BOOST_AUTO_TEST_CASE(the_nearest_word_is_offered) {
  const std::vector<std::string> words = {"fourier", "hermite", "finite-volume"};
  BOOST_TEST(nearest("furier", words) == "fourier");
  BOOST_TEST(nearest("FOURIER", words) == "fourier");
  BOOST_TEST(nearest("hermtie", words) == "hermite");
  BOOST_TEST(nearest("chebyshev", words) == "");
  BOOST_TEST(suggestion("chebyshev", words) == "allowed: \"fourier\", \"hermite\", \"finite-volume\"");
}
