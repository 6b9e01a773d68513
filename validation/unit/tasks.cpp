// SPDX-License-Identifier: GPL-3.0-or-later
// From the text of an experiment to the fields of its tasks, against closed forms of dx = -k x dt + sqrt(D) dW killed at
// rate q x^2: with g^2 = k^2 + 2 D q and s = g cosh(g tau) + k sinh(g tau), the value of surviving is
// J = exp(-a x^2 - c), a = q sinh(g tau)/s, c = (ln(s/g) - k tau)/2. Signs and factors that go astray between the file and
// the solver show here.
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <numbers>
#include <string>

#include "experiments/tasks/experiment.hpp"

using namespace umkehr;

namespace {

constexpr double k = 1, diffusion = 1, q = 1, x0 = 0.3;

struct Survival {
  double a, c;
  double at(double x) const { return std::exp(-a * x * x - c); }
};

Survival survival(double tau) {
  const double g = std::sqrt(k * k + 2 * diffusion * q);
  const double s = g * std::cosh(g * tau) + k * std::sinh(g * tau);
  return {q * std::sinh(g * tau) / s, (std::log(s / g) - k * tau) / 2};
}

/// Its cells are 0.1 wide, so that x0 is the centre of one, for 120 points.
std::string killed(const std::string& tasks, std::size_t points = 120) {
  return "[process]\ndrift = [\"-x\"]\ndiffusion = \"1\"\nkilling = \"x^2\"\n[time]\nstart = 0.0\nstop = "
         "1.0\nsave = "
         "5\n[[axis]]\nname = \"x\"\nfrom = -6.05\nto = 5.95\npoints = " +
         std::to_string(points) + "\nboundary = \"reflecting\"\n" + tasks;
}

std::vector<Group> solve(const std::string& text) {
  const Experiment experiment = parse_experiment(text, "test.toml", ".");
  Replays replays;
  std::vector<Group> groups;
  for (const auto& task : experiment.tasks)
    groups.push_back(task->solve(experiment, replays, [](double) {}).group);
  return groups;
}

const std::vector<double>& values(const Group& group, const std::string& name) {
  const Variable* variable = group.find(name);
  BOOST_TEST_REQUIRE(variable != nullptr, group.name << " has no " << name);
  return variable->values;
}

const std::vector<double>& coordinate(const Group& group, const std::string& name) {
  return group.coordinate(name)->values;
}

/// Largest |f(x, t) - exact(x, t)| over |x| < 2.5, far from the walls.
template <class Exact>
double error_of(const Group& group, const std::string& name, const Exact& exact) {
  const std::vector<double>&t = coordinate(group, "t"), &x = coordinate(group, "x"), &f = values(group, name);
  BOOST_TEST_REQUIRE(f.size() == t.size() * x.size());
  double error = 0;
  for (std::size_t n = 0; n < t.size(); ++n)
    for (std::size_t i = 0; i < x.size(); ++i)
      if (std::abs(x[i]) < 2.5) error = std::max(error, std::abs(f[n * x.size() + i] - exact(x[i], t[n])));
  return error;
}

}  // namespace

BOOST_AUTO_TEST_CASE(the_value_of_surviving) {
  const std::string task = "solve = \"backward-kolmogorov\"\nterminal = \"1\"\n";
  const std::vector<Group> groups =
      solve(killed("[[task]]\nname = \"f\"\nmethod = \"fourier\"\n" + task +
                   "[[task]]\nname = \"h\"\nmethod = \"hermite\"\n" + task +
                   "[[task]]\nname = \"v\"\nmethod = \"finite-volume\"\n" + task));
  const auto exact = [](double x, double t) { return survival(1 - t).at(x); };
  BOOST_TEST(error_of(groups[0], "value", exact) < 1e-9);
  BOOST_TEST(error_of(groups[1], "value", exact) < 1e-12);
  BOOST_TEST(error_of(groups[2], "value", exact) < 1.5e-3);
  // By quadrature of Mehler's kernel and by Riccati's equation alike.
  BOOST_TEST(exact(x0, 0) == 0.7534091669149918, boost::test_tools::tolerance(1e-14));
  const std::vector<double>& x = coordinate(groups[0], "x");
  const auto cell = static_cast<std::size_t>(std::lround((x0 - x[0]) / 0.1));
  BOOST_TEST(std::abs(values(groups[0], "value")[cell] - 0.7534091669149918) < 1e-12);
}

BOOST_AUTO_TEST_CASE(the_pairing_is_the_share_that_survives) {
  const std::string initial = "initial = { gaussian = { mean = [0.5], covariance = [[0.16]] } }\n";
  for (const std::string method : {"fourier", "hermite", "finite-volume"}) {
    const std::vector<Group> groups = solve(
        killed("[[task]]\nname = \"p\"\nsolve = \"fokker-planck\"\nmethod = \"" + method + "\"\n" + initial +
               "[[task]]\nname = \"j\"\nsolve = \"backward-kolmogorov\"\nof = \"p\"\nterminal = \"1\"\n"));
    const Survival whole = survival(1);
    const double width = 1 + 2 * whole.a * 0.16,
                 share = std::exp(-whole.c - whole.a * 0.25 / width) / std::sqrt(width);
    const std::vector<double>& pairing = values(groups[1], "pairing");
    BOOST_TEST_REQUIRE(pairing.size() == 5U);
    BOOST_TEST_CONTEXT(method)
    for (const double found : pairing) {
      BOOST_TEST(std::abs(found / pairing[0] - 1) < 1e-12);
      BOOST_TEST(std::abs(found - share) < (method == "finite-volume" ? 4e-4 : 1e-10));
    }
    BOOST_TEST(std::abs(values(groups[0], "mass").back() - share) <
               (method == "finite-volume" ? 4e-4 : 1e-10));
  }
}

BOOST_AUTO_TEST_CASE(rates_over_the_noise_beside_kramers) {
  const std::string scan =
      "[[task]]\nname = \"s\"\nsolve = \"spectrum\"\ncount = 4\ndiffusion = [0.06, 0.12, 0.5]\n";
  const std::string rest =
      "[time]\nstop = 1.0\n[[axis]]\nname = \"x\"\nfrom = -3.0\nto = 3.0\npoints = 240\n" + scan;
  const Group well = solve("[process]\nname = \"double-well\"\ndiffusion = 0.3\n" + rest).front();
  const std::vector<double>&d = coordinate(well, "diffusion"), &kramers = values(well, "kramers"),
        &rates = values(well, "eigenvalue");
  BOOST_TEST_REQUIRE(kramers.size() == 3U);
  BOOST_TEST_REQUIRE(rates.size() == 12U);
  for (std::size_t n = 0; n < 3; ++n) {
    // U'' is 2 in both wells and -1 on the barrier, which is 1/4 high; the mode relaxes by escape from both.
    const double formula = std::numbers::sqrt2 / std::numbers::pi * std::exp(-0.5 / d[n]);
    BOOST_TEST(kramers[n] == formula, boost::test_tools::tolerance(1e-10));
    BOOST_TEST(std::abs(rates[4 * n]) < 1e-11);
  }
  // It is right up to a share of the order of D.
  BOOST_TEST(std::abs(rates[1] / kramers[0] - 1) < 0.1);
  BOOST_TEST(std::abs(rates[5] / kramers[1] - 1) < 0.2);
}

BOOST_AUTO_TEST_CASE(rates_over_the_noise_in_wells_that_are_not_alike) {
  const Group tilted = solve(
                           "[process]\ndrift = [\"x-x^3-0.1\"]\ndiffusion = 0.3\n[time]\nstart = 1.0\nstop = "
                           "2.0\n[[axis]]\nname = "
                           "\"x\"\nfrom = -2.5\nto = 2.5\npoints = 100\n[[task]]\nname = \"s\"\nsolve = "
                           "\"spectrum\"\ncount = 2\n"
                           "diffusion = [0.02, 0.04]\n")
                           .front();
  const std::vector<double>&kramers = values(tilted, "kramers"), &rates = values(tilted, "eigenvalue"),
        &errors = values(tilted, "eigenvalue_error");
  BOOST_TEST_REQUIRE(kramers.size() == 2U);
  for (std::size_t n = 0; n < 2; ++n) {
    BOOST_TEST(std::abs(rates[2 * n + 1] / kramers[n] - 1) < 0.1);
    BOOST_TEST(errors[2 * n + 1] < 1e-12 * rates[2 * n + 1]);
  }
}

BOOST_AUTO_TEST_CASE(walls_are_kept_unless_the_line_is_asked_for) {
  const std::string axis =
      "[process]\ndrift = [\"-2.0\"]\ndiffusion = 1.0\n[time]\nstop = 1.0\n[[axis]]\nname = \"z\"\nfrom = "
      "0.0\nto = "
      "3.0\npoints = 50\n[[task]]\nname = \"s\"\nsolve = \"spectrum\"\ncount = 2\n";
  const Group usual = solve(axis).front();
  BOOST_TEST(usual.attributes.at("method") == "finite-volume");
  const double k = std::numbers::pi / 3;
  BOOST_TEST(std::abs(values(usual, "eigenvalue")[1] - 2 - k * k / 2) < 1e-11);
  BOOST_TEST(values(usual, "eigenvalue_error")[1] < 1e-11);
  BOOST_CHECK_THROW(solve(axis + "method = \"fourier\"\n"), std::runtime_error);
}

BOOST_AUTO_TEST_CASE(rates_of_a_harmonic_well_do_not_know_the_noise) {
  const Group well =
      solve(
          "[process]\ndrift = [\"-1.5*x\"]\ndiffusion = \"7\"\n[time]\nstop = 1.0\n[[axis]]\nname = "
          "\"x\"\nfrom = -6.0\nto = 6.0\npoints = 200\n[[task]]\nname = \"s\"\nsolve = "
          "\"spectrum\"\ncount = 4\ndiffusion = [0.25, 0.5, 1.0]\n")
          .front();
  const std::vector<double>& rates = values(well, "eigenvalue");
  for (std::size_t n = 0; n < 12; ++n) BOOST_TEST(std::abs(rates[n] - 1.5 * double(n % 4)) < 1e-11);
}

BOOST_AUTO_TEST_CASE(the_best_control_and_the_density_under_it) {
  const Group group = solve(killed("[[task]]\nname = \"u\"\nsolve = \"hjb\"\nmethod = "
                                   "\"log-transform\"\nterminal = \"0\"\ninitial "
                                   "= { gaussian = { mean = [0.8], covariance = [[0.09]] } }\n",
                                   240))
                          .front();
  BOOST_TEST(error_of(group, "value", [](double x, double t) {
               return survival(1 - t).a * x * x + survival(1 - t).c;
             }) < 1e-12);
  BOOST_TEST(error_of(group, "control_x",
                      [](double x, double t) { return -2 * diffusion * survival(1 - t).a * x; }) < 1e-12);
  // The drift -(k + 2 D a) x is linear, c' = D a: what starts Gaussian remains it.
  const auto shrinks = [](double from, double to) {
    return std::exp(-k * (to - from) - 2 * (survival(1 - from).c - survival(1 - to).c));
  };
  const auto variance = [&](double t) {
    const int pieces = 400;
    double noise = 0;
    for (int n = 0; n < pieces; ++n) noise += std::pow(shrinks(t * (n + 0.5) / pieces, t), 2) * t / pieces;
    return 0.09 * std::pow(shrinks(0, t), 2) + diffusion * noise;
  };
  const double h = 12.0 / 240;  // means over cells of this width
  BOOST_TEST(error_of(group, "density", [&](double x, double t) {
               const double mean = 0.8 * shrinks(0, t), scale = std::sqrt(2 * variance(t));
               return (std::erf((x + h / 2 - mean) / scale) - std::erf((x - h / 2 - mean) / scale)) / (2 * h);
             }) < 1e-3);
}

BOOST_AUTO_TEST_CASE(the_most_probable_path_of_a_harmonic_well) {
  const Group group =
      solve(
          "[process]\ndrift = [\"-x\"]\ndiffusion = \"0.5\"\n[time]\nstop = 2.0\n[[axis]]\nname = "
          "\"x\"\nfrom = -4.0\nto = 4.0\npoints = 50\n[[task]]\nname = \"m\"\nsolve = "
          "\"most-probable-path\"\nfrom = [-0.7]\nto = [1.2]\npoints = 401\n")
          .front();
  const std::vector<double>&t = coordinate(group, "t"), &x = values(group, "path_x");
  BOOST_TEST_REQUIRE(t.size() == 401U);
  for (std::size_t n = 0; n < t.size(); ++n) {
    const double exact = (-0.7 * std::sinh(2 - t[n]) + 1.2 * std::sinh(t[n])) / std::sinh(2.0);
    BOOST_TEST(std::abs(x[n] - exact) < 1e-6);
  }
  // x' + x = 2 A e^t along it, and div F = -1.
  const double amplitude = (1.2 + 0.7 * std::exp(-2.0)) / (2 * std::sinh(2.0));
  const double kinetic = amplitude * amplitude * (std::exp(4.0) - 1) / 0.5;
  BOOST_TEST(std::abs(values(group, "action_kinetic")[0] - kinetic) < 2e-6 * kinetic);
  BOOST_TEST(values(group, "action_divergence")[0] == -1.0, boost::test_tools::tolerance(1e-12));
  BOOST_TEST(values(group, "action_killing")[0] == 0.0);
}
