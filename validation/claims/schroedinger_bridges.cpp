// SPDX-License-Identifier: GPL-3.0-or-later
// Schroedinger bridges (3.26-3.28) between given marginals under affine reference processes, against the reference cases
// R4 (Gaussian ends, closed form) and R5 (other ends, by another program).
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <numbers>

#include "solver/bridge/kernels/closed_form_kernel.hpp"
#include "solver/bridge/kernels/kernel_family.hpp"
#include "solver/bridge/schroedinger_system.hpp"
#include "solver/process/known_processes.hpp"
#include "validation/support/reference_cases.hpp"

using namespace umkehr;

namespace {

double gauss(double x, double mean, double variance) {
  return std::exp(-0.5 * (x - mean) * (x - mean) / variance) / std::sqrt(2 * std::numbers::pi * variance);
}

template <class Density>
std::vector<double> on_grid(const Grid& grid, Density density) {
  std::vector<double> out(grid.size());
  double mass = 0;
  for (std::size_t i = 0; i < out.size(); ++i) mass += out[i] = density(grid.axis(0).centre(i));
  for (double& each : out) each /= mass * grid.cell_volume();
  return out;
}

/// Cells of width 0.04 with centres at multiples of 0.1 among others.
const Grid line({{"x", -8.01, 7.99, 800, Boundary::reflecting}});

std::size_t cell(double x) {
  return static_cast<std::size_t>(std::lround((x - line.axis(0).centre(0)) / line.axis(0).spacing()));
}

void has_value(const std::string& id, const std::string& quantity, double value, double tolerance) {
  const auto found = reference_cases(id, quantity);
  const double expected = found[0]["value"];
  BOOST_TEST_CONTEXT(id << " " << quantity)
  BOOST_TEST(std::abs(value - expected) <= tolerance * std::max(1.0, std::abs(expected)),
             value << " and not " << expected);
}

}  // namespace

BOOST_AUTO_TEST_CASE(gaussian_ends) {
  struct Case {
    const char* id;
    double mi, vi, mf, vf;
    const char *drift, *killing;
  };
  for (const Case& c : {Case{"R4a", -1, 0.25, 1.5, 0.64, "0", "0"},
                        {"R4c", -1, 0.25, 1.5, 0.64, "-0.8*x", "0"},
                        {"R4d", -0.5, 0.5, 1, 0.3, "-0.5*x", "1.2*x^2/2"}}) {
    Process process;
    process.drift = {Formula::parse(c.drift, {{"x"}, {}})};
    process.diffusion = {1.0};
    process.killing = Formula::parse(c.killing, {{"x"}, {}});
    ClosedFormKernel kernel(*AffineProcess::of(process), line, 0, 1);
    const auto initial = on_grid(line, [&](double x) { return gauss(x, c.mi, c.vi); });
    const auto final = on_grid(line, [&](double x) { return gauss(x, c.mf, c.vf); });
    const SchroedingerSolution s = solve_schroedinger_system(kernel, line, initial, final);
    BOOST_TEST_MESSAGE(c.id << ": " << s.iterations << " sweeps, error " << s.marginal_error);
    BOOST_TEST(s.marginal_error <= 1e-12);
    has_value(c.id, "D_KL(H*||G)", s.divergence, 1e-11);
  }
}

BOOST_AUTO_TEST_CASE(other_ends) {
  for (const char* id : {"R5a", "R5c"}) {
    const bool quartic = id[2] == 'c';
    const Process process = quartic ? ornstein_uhlenbeck(1.4, 0.5) : brownian(1.0);
    const auto kernels = closed_form_kernels(*AffineProcess::of(process), line);
    const double d = quartic ? 0.5 : 1;
    const auto initial =
        on_grid(line, [](double x) { return 0.6 * gauss(x, -1.5, 0.16) + 0.4 * gauss(x, 1.5, 0.25); });
    const auto final = on_grid(
        line, [&](double x) { return quartic ? std::exp(-std::pow(x - 0.2, 4)) : gauss(x, 0.2, 0.36); });
    const auto whole = kernels->between(0, 1);
    const SchroedingerSolution s = solve_schroedinger_system(*whole, line, initial, final);
    BOOST_TEST_MESSAGE(id << ": " << s.iterations << " sweeps, error " << s.marginal_error);
    has_value(id, "D_KL(H*||G)", s.divergence, 1e-11);
    const auto ratio = [&](const std::vector<double>& log_chi, double x) {
      return std::exp(log_chi[cell(x)] - log_chi[cell(0.2)]);
    };
    const std::pair<const char*, double> places[] = {
        {"-1.5", -1.5}, {"-0.5", -0.5}, {"1", 1}, {"2", 2}, {"0.2", 0.2}};
    for (const auto& [name, x] : places) {
      const std::string at = name;
      if (x != 0.2) {
        has_value(id, "chi(" + at + ",0)/chi(0.2,0)", ratio(s.log_chi_initial, x), 1e-11);
        has_value(id, "chi(" + at + ",T)/chi(0.2,T)", ratio(s.log_chi_final, x), 1e-11);
      }
    }
    for (const auto& [time, t] : {std::pair{"0.25", 0.25}, {"0.5", 0.5}, {"0.75", 0.75}}) {
      std::vector<double> log_chi(line.size()), log_chi_hat(line.size()), slope(line.size());
      const std::span<double> gradient[1] = {slope};
      kernels->between(t, 1)->apply_with_gradient(s.log_chi_final, log_chi, gradient);
      kernels->between(0, t)->apply_transpose(s.log_chi_hat_initial, log_chi_hat);
      for (const auto& [name, x] : places) {
        const std::string at = "(" + std::string(name) + "," + time + ")";
        has_value(id, "P" + at, std::exp(log_chi[cell(x)] + log_chi_hat[cell(x)]), 1e-11);
        has_value(id, "u" + at, d * slope[cell(x)], 1e-10);
      }
    }
  }
}
