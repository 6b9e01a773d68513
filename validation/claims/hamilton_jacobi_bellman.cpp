// SPDX-License-Identifier: GPL-3.0-or-later
// The Hamilton-Jacobi-Bellman equation (3.24) against reference cases R6 and closed forms: quadratic costs of affine
// processes are Riccati's, terminal chi that is a Gaussian mixture stays one.
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "solver/control/hjb.hpp"

namespace {

using namespace umkehr;
using Json = nlohmann::json;

Formula formula(std::string text, std::size_t dimension = 1) {
  for (std::size_t at = text.find(" x"); at != std::string::npos; at = text.find(" x"))
    text.replace(at, 2, "*x");
  const std::vector<std::string> axes = {"x", "y", "z"};
  return Formula::parse(text, {{axes.begin(), axes.begin() + static_cast<std::ptrdiff_t>(dimension)}, {}});
}

std::vector<Json> cases(const std::string& id) {
  std::ifstream file(UMKEHR_SOURCE_DIR "/validation/reference/reference_cases.json");
  std::vector<Json> found;
  for (const Json& entry : Json::parse(file))
    if (entry["id"] == id) found.push_back(entry);
  BOOST_TEST_REQUIRE(!found.empty(), "no case " << id);
  return found;
}

Formula terminal_of(const Json& parameters) {
  const std::string text = parameters["terminal"];
  if (text.starts_with("lambda=")) return formula(text.substr(7));
  return formula("-log(0.4*exp(-(x+1.1)^2/(2*0.25)) + 0.6*exp(-(x-0.8)^2/(2*0.1225)))");
}

Process process_of(const Json& parameters) {
  const Json& killing = parameters["V"];
  const Formula v = killing.is_string() ? formula(killing) : Formula::constant(killing, 1);
  return {{formula(parameters["b"])}, {parameters["D"].get<double>()}, v, {}};
}

/// A grid with a centre at x, `points` - 1 cells about it and walls near -8 and 8.
Grid grid_about(double x, std::size_t points) {
  const double spacing = 16.0 / static_cast<double>(points);
  const double shift = x - spacing * std::round(x / spacing) + 0.5 * spacing;
  return Grid({{"x", -8 + shift, 8 + shift, points}});
}

struct Errors {
  double value = 0, control = 0;
};

Errors errors_of(const std::string& id, const HjbChoices& choices, std::size_t points) {
  Errors errors;
  for (const Json& entry : cases(id)) {
    const Json& parameters = entry["parameters"];
    const double x = std::stod(parameters["x"].get<std::string>()),
                 t = std::stod(parameters["t"].get<std::string>());
    const Grid grid = grid_about(x, points);
    const HjbSolution solution =
        solve_hjb(process_of(parameters), grid, terminal_of(parameters), 1.0, {t}, choices);
    std::size_t cell = 0;
    while (grid.axis(0).centre(cell) < x - 1e-9) ++cell;
    BOOST_TEST_REQUIRE(std::abs(grid.axis(0).centre(cell) - x) < 1e-12);
    const double expected = entry["value"];
    if (entry["quantity"] == "lambda(x,t)")
      errors.value = std::max(errors.value, std::abs(solution.value[0][cell] - expected));
    else
      errors.control = std::max(errors.control, std::abs(solution.control[0][0][cell] - expected));
  }
  BOOST_TEST_MESSAGE(id << " lambda " << errors.value << " control " << errors.control);
  return errors;
}

}  // namespace

BOOST_AUTO_TEST_CASE(reference_cases_by_the_logarithmic_transform) {
  for (const char* id : {"R6a", "R6b", "R6d"}) {
    const Errors errors = errors_of(id, {}, 64);
    BOOST_TEST(errors.value < 1e-12);
    BOOST_TEST(errors.control < 1e-11);
  }
}

BOOST_AUTO_TEST_CASE(reference_cases_by_finite_differences) {
  for (const char* id : {"R6a", "R6b", "R6d"})
    for (const int order : {2, 4}) {
      const Errors errors = errors_of(id, {HjbMethod::finite_difference, 1e-8, {}, order}, 256);
      BOOST_TEST(errors.value < 1e-6);
    }
}
