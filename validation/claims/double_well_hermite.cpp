// SPDX-License-Identifier: GPL-3.0-or-later
// R7: densities and moments in the double well F = x - x^3, D = 1/2, from N(-0.5, 0.3^2), against independent values.
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>

#include "solver/hermite/search/hermite_search.hpp"
#include "solver/process/known_processes.hpp"
#include "solver/stepping/march.hpp"
#include "validation/support/reference_cases.hpp"

using namespace umkehr;

namespace {

/// P(x), or a moment from the first coefficients: x = c + s z, z = psi_1, z^2 = sqrt(2) psi_2 + 1.
double quantity(const nlohmann::json& reference, const HermiteBasis& basis, std::span<const double> c) {
  const std::string name = reference["quantity"];
  const double mean = basis.centre * c[0] + basis.scale * c[1];
  if (name == "mean") return mean;
  if (name == "E[x^2]")
    return basis.centre * (2 * mean - basis.centre * c[0]) +
           basis.scale * basis.scale * (std::sqrt(2.0) * c[2] + c[0]);
  const std::vector<double> x = {reference["parameters"]["x"].get<double>()};
  return basis.densities(x).row(0).dot(
      Eigen::Map<const Eigen::VectorXd>(c.data(), static_cast<Eigen::Index>(basis.modes)));
}

}  // namespace

BOOST_AUTO_TEST_CASE(densities_and_moments_in_the_double_well) {
  const Process process = double_well(0.5);
  const Grid grid({Axis{"x", -3, 3, 192, Boundary::reflecting}});
  const GaussianMixture initial(
      {{1, Eigen::VectorXd::Constant(1, -0.5), Eigen::MatrixXd::Constant(1, 1, 0.09)}});
  const std::vector<double> times = {0, 0.1, 0.5, 2, 10};
  Hermite hermite(process, grid, 0, search_hermite_choice(process, grid, initial, times));
  std::map<double, std::vector<double>> states;
  std::vector<double> state = hermite.state_of(initial);
  march_forward(
      hermite, state, times, {.tolerance = 1e-10, .step = {}, .scheme = nullptr},
      [&](std::size_t n, std::span<const double> now) { states[times[n]].assign(now.begin(), now.end()); });
  const std::vector<nlohmann::json> references = reference_cases("R7", "", "double-well FP density");
  BOOST_TEST(references.size() == 14u);
  for (const nlohmann::json& reference : references) {
    const double value = quantity(reference, hermite.bases_at(0)[0], states.at(reference["parameters"]["t"]));
    const double difference = value - reference["value"].get<double>();
    BOOST_TEST_MESSAGE(reference["quantity"] << " " << reference["parameters"]["t"] << ": off by "
                                             << difference);
    BOOST_TEST(std::abs(difference) < 1e-10);
  }
}
