// SPDX-License-Identifier: GPL-3.0-or-later
// The formulas by which the README and --help write out the named processes are what these processes are.
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <filesystem>
#include <regex>
#include <sstream>

#include "experiments/input/named_process.hpp"
#include "experiments/tasks/experiment.hpp"
#include "solver/process/known_processes.hpp"
#include "validation/support/run_command.hpp"

using namespace umkehr;

namespace {

/// A row of the README's table; parameters with their defaults, which are empty where a value must be given.
struct Row {
  std::string name, drift, diffusion;
  std::vector<std::pair<std::string, std::string>> parameters;

  friend std::ostream& operator<<(std::ostream& out, const Row& process) { return out << process.name; }
};

std::vector<std::string> codes_in(const std::string& text) {
  static const std::regex code("`([^`]*)`");
  std::vector<std::string> found;
  for (std::sregex_iterator at(text.begin(), text.end(), code), end; at != end; ++at)
    found.push_back((*at)[1]);
  return found;
}

Row read_row(const std::string& row) {
  std::vector<std::string> cells;
  std::istringstream in(row.substr(1));
  for (std::string cell; std::getline(in, cell, '|');) cells.push_back(cell);
  BOOST_REQUIRE_EQUAL(cells.size(), 4u);
  Row process{codes_in(cells[0]).at(0), codes_in(cells[1]).at(0), codes_in(cells[2]).at(0), {}};
  for (const std::string& parameter : codes_in(cells[3])) {
    const std::size_t equals = parameter.find(" = ");
    process.parameters.emplace_back(parameter.substr(0, equals),
                                    equals == std::string::npos ? "" : parameter.substr(equals + 3));
  }
  return process;
}

std::vector<Row> documented() {
  std::istringstream in(contents_of(std::filesystem::path(UMKEHR_SOURCE_DIR) / "README.md"));
  std::vector<Row> all;
  bool within = false;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("| `name =` |"))
      within = true;
    else if (within && line.starts_with("| `"))
      all.push_back(read_row(line));
    else if (within && !line.starts_with("| -"))
      break;
  }
  return all;
}

const std::vector<Row> rows = documented();

/// An experiment in the plane, before the singularity of the cosine schedule.
Process process_of(const std::string& lines) {
  std::string text = replaced(small_experiment, "drift = [\"-beta*x\"]\ndiffusion = \"1\"\n", lines);
  text = replaced(text, "[process.define]\nbeta = \"1 + t\"\n", "");
  text = replaced(text, "stop = 1.0", "start = 0.05\nstop = 0.9");
  text = replaced(text, "[[task]]", "[[axis]]\nname = \"y\"\nfrom = -4.0\nto = 4.0\npoints = 8\n[[task]]");
  text = replaced(text, "[0.0], covariance = [[0.25]]", "[0, 0], covariance = [[0.25, 0], [0, 0.25]]");
  return parse_experiment(text, "experiment.toml", ".").process;
}

/// Their values by name; where a value must be given, it is a formula in t.
std::string value_of(const std::pair<std::string, std::string>& parameter, bool others) {
  if (parameter.second.empty()) return others ? "0.3 + t^2" : "0.7 + sin(t)/5";
  return others ? std::to_string(1.7 * std::stod(parameter.second)) : parameter.second;
}

Process by_name(const Row& row, bool others) {
  std::string lines = "name = \"" + row.name + "\"\n";
  for (const auto& parameter : row.parameters)
    if (parameter.second.empty())
      lines += parameter.first + " = \"" + value_of(parameter, others) + "\"\n";
    else if (others)
      lines += parameter.first + " = " + value_of(parameter, others) + "\n";
  return process_of(lines);
}

Process by_formula(const Row& row, bool others) {
  const std::string drift_y = std::regex_replace(row.drift, std::regex("\\bx\\b"), "y");
  std::string defined = "[process.define]\n";
  for (const auto& parameter : row.parameters)
    defined += "given_" + parameter.first + " = \"" + value_of(parameter, others) + "\"\n";
  const auto renamed = [&](std::string text) {
    for (const auto& parameter : row.parameters)
      text =
          std::regex_replace(text, std::regex("\\b" + parameter.first + "\\b"), "given_" + parameter.first);
    return text;
  };
  return process_of("drift = [\"" + renamed(row.drift) + "\", \"" + renamed(drift_y) + "\"]\ndiffusion = \"" +
                    renamed(row.diffusion) + "\"\n" + defined);
}

void same(const Process& a, const Process& b) {
  for (const double t : {0.1, 0.45, 0.9})
    for (const std::vector<double>& x : {std::vector{-1.7, 0.4}, std::vector{0.6, 2.3}})
      for (std::size_t k = 0; k < 2; ++k) {
        const double drift = b.drift[k](x, t), noise = b.diffusion[k](x, t);
        BOOST_TEST(std::abs(a.drift[k](x, t) - drift) <= 1e-13 * std::abs(drift));
        BOOST_TEST(std::abs(a.diffusion[k](x, t) - noise) <= 1e-13 * std::abs(noise) + 1e-15);
      }
}

}  // namespace

BOOST_AUTO_TEST_CASE(every_named_process_is_written_out) {
  std::vector<std::string> names;
  for (const Row& row : rows) names.push_back(row.name);
  std::vector<std::string> known;
  for (const NamedProcess& process : named_processes()) known.push_back(process.name);
  BOOST_TEST(names == known, boost::test_tools::per_element());
}

BOOST_DATA_TEST_CASE(it_is_what_the_formulas_say, rows, row) {
  same(by_name(row, false), by_formula(row, false));
  same(by_name(row, true), by_formula(row, true));
}

BOOST_DATA_TEST_CASE(help_writes_the_same_formulas, rows, row) {
  const std::string text = named_processes_help();
  const std::size_t place = text.find("    " + row.name + " ");
  BOOST_REQUIRE(place != std::string::npos);
  std::size_t end = text.find("\n    ", place);
  while (end != std::string::npos && text[end + 5] == ' ') end = text.find("\n    ", end + 1);
  const std::string entry = text.substr(place, end - place);
  BOOST_TEST(entry.find("F = " + row.drift) != std::string::npos, entry);
  BOOST_TEST(entry.find("D = " + row.diffusion) != std::string::npos, entry);
  for (const auto& [parameter, usual] : row.parameters)
    BOOST_TEST(entry.find(usual.empty() ? parameter : parameter + " = " + usual) != std::string::npos, entry);
}
