// SPDX-License-Identifier: GPL-3.0-or-later
// Whatever kinds of tasks there are: each is in the registry, help and README say what it takes and writes, it reads each key
// that it lists, knows what it will take, and writes what its list says.
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <map>
#include <regex>
#include <set>
#include <sstream>

#include "experiments/tasks/experiment.hpp"
#include "experiments/tasks/registry.hpp"
#include "experiments/tasks/shared/closed_forms.hpp"
#include "validation/support/run_command.hpp"

using namespace umkehr;

namespace {

const std::string gaussian = "{ gaussian = { mean = [0.5], covariance = [[0.25]] } }";

/// A task of each kind, named "one", and lines that make it ask for further keys.
struct Example {
  std::string lines;
  std::vector<std::string> variants = {};
};

const std::map<std::string, Example> examples = {
    {"fokker-planck",
     {"initial = " + gaussian, {"method = \"path-integral\"", "method = \"hermite\"", "dt = 0.1"}}},
    {"backward-kolmogorov",
     {"terminal = \"x^2\"", {"of = \"forward\"", "method = \"path-integral\"", "method = \"hermite\""}}},
    {"spectrum", {"count = 3", {"method = \"hermite\"", "diffusion = [0.5, 1.0]"}}},
    {"hjb", {"terminal = \"x^2/4\"", {"method = \"finite-difference\"", "initial = " + gaussian}}},
    {"particles",
     {"initial = " + gaussian +
          "\ncount = 300\nobservables = { square = \"x^2\" }\nkeep = 3\nquantiles = [0.2, 0.5]",
      {"dt = 0.05", "direction = \"flow\"\npoints = [0.5, -1]",
       "bins = { x = { from = -2, to = 2, points = 20 } }", "terminal = \"x\"\nscheme = \"srk\"",
       "control = [\"-x\"]",
       "direction = \"reverse\"\nsteps = \"geometric\"\nscore = \"-x\"\nfinal = " + gaussian}}},
    {"most-probable-path", {"from = [-0.5]\nto = [1.0]\npoints = 21"}},
    {"schroedinger-bridge", {"initial = " + gaussian + "\nfinal = " + gaussian, {"method = \"propagator\""}}},
    {"reverse-diffusion", {"of = \"forward\"", {"of = \"series\"", "initial = " + gaussian}}},
    {"action-gap", {"of = \"forward\"\nscore = [\"-x\"]\nparticles = 300", {"particles = 0", "steps = 20"}}},
    {"cells",
     {"kernel = [[0.5, 0.4], [0.5, 0.6]]\ninitial = [0.4, 0.6]\nfinal = [0.7, 0.3]\nparticles = [10, 20]",
      {"trials = 200\nseed = 1"}}},
};

/// Lines of a task, of which later ones replace earlier ones of the same key.
std::string merged(const std::string& lines, const std::string& more) {
  const std::string key = more.substr(0, more.find(" = "));
  std::string all;
  std::istringstream in(lines);
  for (std::string line; std::getline(in, line);)
    if (key.empty() || !line.starts_with(key + " = ")) all += line + "\n";
  return all + more + "\n";
}

std::string experiment_with(const std::string& kind, const std::string& lines) {
  const std::string forward = "solve = \"fokker-planck\"\ninitial = " + gaussian;
  return "[process]\ndrift = [\"-x\"]\ndiffusion = \"1\"\n[time]\nstop = 1.0\nsave = 3\n[[axis]]\nfrom = "
         "-6\nto "
         "= 6\npoints = 48\n[[task]]\nname = \"forward\"\nmethod = \"finite-volume\"\n" +
         forward + "\n[[task]]\nname = \"series\"\nmethod = \"hermite\"\n" + forward +
         "\n[[task]]\nname = \"one\"\nsolve = \"" + kind + "\"\n" + lines;
}

std::vector<std::string> texts_of(const TaskKind& kind) {
  const Example& example = examples.at(kind.name);
  std::vector<std::string> texts = {experiment_with(kind.name, example.lines)};
  for (const std::string& variant : example.variants)
    texts.push_back(experiment_with(kind.name, merged(example.lines, variant)));
  return texts;
}

/// What is said of a key whose value can never be right.
std::string complaint(const std::string& text, const std::string& key) {
  try {
    parse_experiment(text, "test.toml", ".", {"task.one." + key + "=2001-02-03"});
  } catch (const ExperimentError& error) {
    return error.what();
  }
  return {};
}

std::string row_of_readme(const std::string& kind) {
  std::istringstream in(contents_of(std::filesystem::path(UMKEHR_SOURCE_DIR) / "README.md"));
  for (std::string line; std::getline(in, line);)
    if (line.starts_with("| `\"" + kind + "\"`")) return line;
  return {};
}

bool names(const std::string& row, const std::string& word) {
  const std::string literal = std::regex_replace(word, std::regex("\\*"), "\\*");
  return std::regex_search(row, std::regex("`" + literal + "(?![a-z_])"));
}

}  // namespace

BOOST_AUTO_TEST_CASE(every_file_of_a_task_is_registered) {
  std::set<std::string> found, registered;
  for (const auto& file : std::filesystem::directory_iterator(UMKEHR_SOURCE_DIR "/experiments/tasks")) {
    const std::string text = file.path().extension() == ".cpp" ? contents_of(file.path()) : "";
    std::smatch match;
    if (std::regex_search(text, match, std::regex("\nTaskKind ([a-z_]+)_task\\(\\) \\{")))
      found.insert(std::regex_replace(std::string(match[1]), std::regex("_"), "-"));
  }
  for (const TaskKind& kind : task_kinds()) registered.insert(kind.name);
  BOOST_TEST(found == registered, boost::test_tools::per_element());
  BOOST_TEST(registered.size() == task_kinds().size());
}

BOOST_AUTO_TEST_CASE(help_names_every_kind_and_key) {
  const std::string help = task_kinds_help();
  for (const TaskKind& kind : task_kinds()) {
    BOOST_TEST(help.find("    " + kind.name + " ") != std::string::npos, kind.name);
    for (const TaskKey& key : kind.keys) {
      BOOST_TEST(help.find(key.name) != std::string::npos, key.name);
      for (const std::string& word : key.words) BOOST_TEST(help.find(word) != std::string::npos, word);
    }
  }
  for (std::size_t line = 0; line < help.size(); line = help.find('\n', line) + 1)
    BOOST_TEST(help.find('\n', line) - line <= 120u);
}

BOOST_AUTO_TEST_CASE(readme_names_every_key_and_variable) {
  for (const TaskKind& kind : task_kinds()) {
    const std::string row = row_of_readme(kind.name);
    BOOST_TEST(!row.empty(), kind.name);
    for (const TaskKey& key : kind.keys) BOOST_TEST(names(row, key.name), kind.name << ": " << key.name);
    for (const TaskVariable& variable : kind.writes)
      BOOST_TEST(names(row, variable.name), kind.name << ": " << variable.name);
  }
}

BOOST_AUTO_TEST_CASE(what_tasks_write_is_known) {
  for (const char* name :
       {"density", "score_x", "control_y", "path_z", "kramers", "eigenvalue_imaginary", "endpoint_kl"})
    BOOST_TEST(is_written_by_a_task(name), name);
  for (const char* name : {"x", "beta", "score", "densit"}) BOOST_TEST(!is_written_by_a_task(name), name);
}

BOOST_AUTO_TEST_CASE(every_kind_says_what_it_takes_and_writes) {
  const std::regex equation("(A\\.[0-9]+|[234]\\.[0-9]+[a-c]?)((-|, )(A\\.[0-9]+|[234]\\.[0-9]+[a-c]?))*");
  for (const TaskKind& kind : task_kinds()) {
    BOOST_TEST_CONTEXT(kind.name) {
      BOOST_TEST(!kind.keys.empty());
      BOOST_TEST(!kind.writes.empty());
      for (const TaskKey& key : kind.keys) {
        BOOST_TEST(!key.meaning.empty(), key.name);
        BOOST_TEST(key.words.empty() == (key.type != TaskKey::Type::word), key.name);
        if (!key.usual) continue;
        const bool is_count = key.type == TaskKey::Type::count;
        BOOST_TEST(key.usual->is(is_count ? TomlValue::Kind::integer : TomlValue::Kind::real), key.name);
        BOOST_TEST(key.range.holds(is_count ? double(key.usual->integer) : key.usual->real), key.name);
      }
      for (const TaskVariable& variable : kind.writes) {
        BOOST_TEST(!variable.long_name.empty(), variable.name);
        BOOST_TEST(std::regex_match(variable.equation, equation), variable.name << ": " << variable.equation);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(every_key_that_is_listed_is_read) {
  for (const TaskKind& kind : task_kinds())
    for (const TaskKey& key : kind.keys) {
      const std::vector<std::string> texts = texts_of(kind);
      BOOST_TEST(std::any_of(texts.begin(), texts.end(),
                             [&](const std::string& text) {
                               const std::string said = complaint(text, key.name);
                               return said.find(key.name + ": ") != std::string::npos &&
                                      said.find("unknown key") == std::string::npos;
                             }),
                 kind.name << ": " << key.name);
    }
}

BOOST_AUTO_TEST_CASE(every_kind_runs_and_writes_what_it_lists) {
  for (const TaskKind& kind : task_kinds())
    for (const std::string& text : texts_of(kind)) BOOST_TEST_CONTEXT(text) {
        const Experiment experiment = parse_experiment(text, "test.toml", ".");
        const Task& task = *experiment.tasks.back();
        Replays replays;
        for (const auto& earlier : experiment.tasks)
          if (earlier->name == task.of) earlier->solve(experiment, replays, [](double) {});
        task.check(experiment);
        BOOST_TEST(!task.text().method.empty());
        BOOST_TEST(!task.text().control.empty());
        BOOST_TEST(task.cost(experiment).seconds > 0);
        BOOST_TEST(task.memory(experiment).running > 0);
        const SolvedTask solved = task.solve(experiment, replays, [](double) {});
        BOOST_TEST(solved.group.attributes.at("solve") == kind.name);
        BOOST_TEST(solved.group.attributes.contains("method"));
        BOOST_TEST(!solved.group.variables.empty());
        for (const Variable& variable : solved.group.variables) {
          const TaskVariable* listed = kind.find(variable.name);
          BOOST_TEST_REQUIRE(listed != nullptr, variable.name);
          BOOST_TEST(variable.equation == listed->equation);
          BOOST_TEST(!variable.long_name.empty());
        }
        ClosedForms known(experiment);
        task.add_closed_form(solved.group, known);
        BOOST_TEST(known.law.groups.size() + known.remarks.size() > 0u);
      }
}
