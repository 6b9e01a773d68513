// SPDX-License-Identifier: GPL-3.0-or-later
// Reference cases R3 on the grid: killed kernels K(x, T | xi, 0) forward from a point (2.33a) and values J(xi, 0)
// backward (2.28, 2.29), by the spectral methods at N <= 256, to 1e-9.
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <nlohmann/json.hpp>
#include <string>

#include "solver/kolmogorov/backward_kolmogorov.hpp"
#include "solver/kolmogorov/fokker_planck.hpp"
#include "validation/support/reference_cases.hpp"

namespace {

using namespace umkehr;
using Json = nlohmann::json;

double number(const Json& value) {
  return value.is_string() ? std::stod(value.get<std::string>()) : value.get<double>();
}

/// Reference formulas leave multiplication signs out.
Formula formula(const Json& value) {
  if (!value.is_string()) return Formula::constant(value.get<double>(), 1);
  std::string text = value.get<std::string>();
  for (const auto& [from, to] : {std::pair{"cos x", "cos(x)"}, {" x", "*x"}, {"0.4x", "0.4*x"}})
    for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from))
      text.replace(at, std::string(from).size(), to);
  return Formula::parse(text);
}

Process process_of(const Json& parameters) {
  return {{formula(parameters["F"])}, {formula(parameters["D"])}, formula(parameters["V"]), {}};
}

Formula terminal_of(const Json& parameters) {
  return parameters.contains("J1") ? formula(parameters["J1"]) : Formula::constant(1, 1);
}

/// An axis whose centre number points/2 is x.
Grid around(double x, double length, std::size_t points) {
  const double spacing = length / static_cast<double>(points);
  const double from = x - length / 2 - spacing / 2;
  return Grid({Axis{"x", from, from + length, points, Boundary::reflecting}});
}

struct Way {
  const char* name;
  Method method;
  const char* scheme;
  std::size_t points;
};

KolmogorovChoices choices(const Way& way) {
  KolmogorovChoices result;
  result.method = way.method;
  result.scheme = way.scheme;
  result.tolerance = 1e-9;
  return result;
}

void check(const Json& entry, const Way& way, double value) {
  const double expected = entry["value"], error = std::abs(value / expected - 1);
  BOOST_TEST_MESSAGE(entry["id"] << " " << entry["parameters"] << " " << way.name << ": " << error);
  BOOST_TEST(error <= 1e-9);
}

void check_values(const std::string& id, double length, const std::vector<Way>& ways) {
  for (const Json& entry : reference_cases(id, "J("))
    for (const Way& way : ways) {
      const Json& parameters = entry["parameters"];
      const Grid grid = around(number(parameters["xi"]), length, way.points);
      const auto solution = solve_backward_kolmogorov(process_of(parameters), grid, terminal_of(parameters),
                                                      number(parameters["T"]), {0.0}, choices(way));
      check(entry, way, solution.value[0][way.points / 2]);
    }
}

void check_kernels(const std::string& id, const std::vector<Way>& ways) {
  for (const Json& entry : reference_cases(id, "K("))
    for (const Way& way : ways) {
      const Json& parameters = entry["parameters"];
      const Grid grid = around(number(parameters["x"]), 14, way.points);
      const Eigen::VectorXd xi = Eigen::VectorXd::Constant(1, number(parameters["xi"]));
      const GaussianMixture point({{1, xi, Eigen::MatrixXd::Zero(1, 1)}});
      const auto solution = solve_fokker_planck(process_of(parameters), grid, point, 0,
                                                {number(parameters["T"])}, choices(way));
      check(entry, way, solution.density[0][way.points / 2]);
    }
}

const Way fourier = {"Fourier", Method::fourier, "", 128};
const Way symmetrised = {"symmetrised", Method::fourier, "symmetrised", 192};
const Way hermite = {"Hermite", Method::hermite, "", 128};

}  // namespace

BOOST_AUTO_TEST_CASE(values_under_quadratic_killing) {
  for (const char* id : {"R3a", "R3b", "R3c"}) check_values(id, 14, {fourier, symmetrised, hermite});
}

BOOST_AUTO_TEST_CASE(values_under_killing_of_both_signs) {
  check_values("R3g", 12, {{"Fourier", Method::fourier, "", 160}, hermite});
}

BOOST_AUTO_TEST_CASE(values_in_a_double_well) {
  check_values("R3h", 7, {{"Fourier", Method::fourier, "", 176}});
  check_values("R3h", 9, {symmetrised, {"Hermite", Method::hermite, "", 128}});
}

BOOST_AUTO_TEST_CASE(kernels_from_a_point) {
  for (const char* id : {"R3a", "R3b", "R3c", "R3e"})
    check_kernels(id, {{"Fourier", Method::fourier, "", 192}, {"Hermite", Method::hermite, "", 160}});
}
