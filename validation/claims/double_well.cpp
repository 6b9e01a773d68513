// SPDX-License-Identifier: GPL-3.0-or-later
// Reference cases R7: the density of dx = (x - x^3) dt + sqrt(0.5) dW at given points, its mean and second moment, by the
// Fourier method and in the symmetrised form.
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <nlohmann/json.hpp>

#include "solver/fourier/fourier.hpp"
#include "solver/fourier/symmetrised.hpp"
#include "solver/process/known_processes.hpp"
#include "solver/stepping/march.hpp"
#include "validation/support/reference_cases.hpp"

using namespace umkehr;

namespace {

struct Case {
  std::string quantity;
  double t, x, value;
};

std::vector<Case> cases() {
  std::vector<Case> found;
  for (const auto& entry : reference_cases("R7", "", "double-well FP density")) {
    const auto& parameters = entry["parameters"];
    BOOST_REQUIRE(parameters["P0"] == "N(-0.5,0.3^2)");
    found.push_back({entry["quantity"], parameters["t"], parameters.value("x", 0.0), entry["value"]});
  }
  return found;
}

/// Centres at multiples of 0.05, so that every x of the cases is one.
const Axis axis{"x", -4.025, 4.025, 161, Boundary::reflecting};

double quantity(const Case& sought, const std::vector<double>& density) {
  double mean = 0, square = 0;
  for (std::size_t i = 0; i < density.size(); ++i) {
    const double x = axis.centre(i);
    mean += x * density[i] * axis.spacing();
    square += x * x * density[i] * axis.spacing();
    if (sought.quantity == "P(x,t)" && std::abs(x - sought.x) < 1e-9) return density[i];
  }
  if (sought.quantity == "mean") return mean;
  BOOST_REQUIRE(sought.quantity == "E[x^2]");
  return square;
}

Law start() {
  Gaussian gaussian;
  gaussian.mean = Eigen::VectorXd::Constant(1, -0.5);
  gaussian.covariance = Eigen::MatrixXd::Constant(1, 1, 0.09);
  return GaussianMixture({gaussian});
}

void reproduce(Discretisation& method, double tolerance) {
  const std::vector<double> times = {0, 0.1, 0.5, 2, 10};
  std::vector<std::vector<double>> densities(times.size(), std::vector<double>(axis.points));
  std::vector<double> state = method.state_of(start());
  march_forward(method, state, times, {.tolerance = 1e-11, .step = {}, .scheme = nullptr},
                [&](std::size_t n, std::span<const double> now) { method.density(now, densities[n]); });
  const std::vector<Case> wanted = cases();
  BOOST_TEST(wanted.size() == 14u);
  for (const Case& sought : wanted) {
    const auto n = static_cast<std::size_t>(std::find(times.begin(), times.end(), sought.t) - times.begin());
    BOOST_REQUIRE(n < times.size());
    const double found = quantity(sought, densities[n]);
    BOOST_TEST_MESSAGE(sought.quantity << " at t = " << sought.t << ", x = " << sought.x << ": off by "
                                       << found - sought.value);
    BOOST_TEST(std::abs(found - sought.value) <= tolerance);
  }
}

}  // namespace

// The reference's two methods agree to 2e-12.
BOOST_AUTO_TEST_CASE(fourier_reproduces_the_reference) {
  Fourier method(double_well(0.5), Grid({axis}));
  reproduce(method, 1e-11);
}

BOOST_AUTO_TEST_CASE(symmetrised_form_reproduces_the_reference) {
  Symmetrised method(double_well(0.5), Grid({axis}));
  reproduce(method, 1e-11);
}
