// SPDX-License-Identifier: GPL-3.0-or-later
// The Hamilton-Jacobi-Bellman equation (3.24) against reference cases R6 and closed forms: quadratic costs of affine
// processes are Riccati's, terminal chi that is a Gaussian mixture stays one.
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "solver/hjb/hjb.hpp"
#include "validation/support/reference_cases.hpp"

namespace {

using namespace umkehr;
using Json = nlohmann::json;

Formula formula(std::string text, std::size_t dimension = 1) {
  for (std::size_t at = text.find(" x"); at != std::string::npos; at = text.find(" x"))
    text.replace(at, 2, "*x");
  const std::vector<std::string> axes = {"x", "y", "z"};
  return Formula::parse(text, {{axes.begin(), axes.begin() + static_cast<std::ptrdiff_t>(dimension)}, {}});
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

struct Errors {
  double value = 0, control = 0;
};

/// The spacing divides 0.1, so that all points of the cases are centres.
Errors errors_of(const std::string& id, const HjbChoices& choices, double half, double spacing) {
  const auto points = static_cast<std::size_t>(std::lround(2 * half / spacing));
  const Grid grid({{"x", -half + spacing / 2, half + spacing / 2, points}});
  const std::vector<Json> entries = reference_cases(id);
  const auto number = [](const Json& text) { return std::stod(text.get<std::string>()); };
  std::set<double> saved;
  for (const Json& entry : entries) saved.insert(number(entry["parameters"]["t"]));
  const std::vector<double> times(saved.begin(), saved.end());
  const Json& parameters = entries[0]["parameters"];
  const HjbSolution solution =
      solve_hjb(process_of(parameters), grid, terminal_of(parameters), 1.0, times, choices);
  Errors errors;
  for (const Json& entry : entries) {
    const double x = number(entry["parameters"]["x"]), t = number(entry["parameters"]["t"]),
                 expected = entry["value"];
    const auto cell = static_cast<std::size_t>(std::lround((x + half) / spacing)) - 1;
    BOOST_TEST_REQUIRE(std::abs(grid.axis(0).centre(cell) - x) < 1e-12);
    const auto n = static_cast<std::size_t>(std::find(times.begin(), times.end(), t) - times.begin());
    if (entry["quantity"] == "lambda(x,t)")
      errors.value = std::max(errors.value, std::abs(solution.value[n][cell] - expected));
    else
      errors.control = std::max(errors.control, std::abs(solution.control[0][n][cell] - expected));
  }
  BOOST_TEST_MESSAGE(id << " lambda " << errors.value << " control " << errors.control);
  return errors;
}

}  // namespace

BOOST_AUTO_TEST_CASE(reference_cases_by_the_logarithmic_transform) {
  for (const char* id : {"R6a", "R6b", "R6d"}) {
    const Errors errors = errors_of(id, {}, 6.4, 0.1);
    BOOST_TEST(errors.value < 1e-12);
    BOOST_TEST(errors.control < 1e-11);
  }
}

BOOST_AUTO_TEST_CASE(reference_cases_by_the_spectral_method) {
  for (const char* id : {"R6a", "R6b", "R6d"}) {
    const Errors errors = errors_of(id, {HjbMethod::spectral, 1e-8}, 4, 0.1);
    BOOST_TEST(errors.value < 1e-8);
    BOOST_TEST(errors.control < 1e-8);
  }
}

BOOST_AUTO_TEST_CASE(reference_cases_by_finite_differences) {
  for (const char* id : {"R6a", "R6b"}) {
    const Errors errors = errors_of(id, {HjbMethod::finite_difference, 1e-8}, 6.4, 0.05);
    BOOST_TEST(errors.value < 1e-9);
    BOOST_TEST(errors.control < 1e-9);
  }
  for (const int order : {2, 4}) {
    const Errors errors = errors_of("R6d", {HjbMethod::finite_difference, 1e-6, {}, order}, 6.4, 0.0125);
    BOOST_TEST(errors.value < (order == 2 ? 1e-4 : 1e-6));
    BOOST_TEST(errors.control < (order == 2 ? 1e-3 : 1e-5));
  }
}
