// SPDX-License-Identifier: GPL-3.0-or-later
// Bridges by propagated kernels: those of affine processes are the closed-form ones; other processes keep their marginals.
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <numbers>

#include "solver/bridge/kernels/closed_form_kernel.hpp"
#include "solver/bridge/kernels/propagator_kernel.hpp"
#include "solver/bridge/kernels/sliced_values.hpp"
#include "solver/bridge/schroedinger_system.hpp"
#include "solver/process/known_processes.hpp"

using namespace umkehr;

namespace {

Process formulas(const std::vector<std::string>& names, const std::vector<std::string>& drift,
                 const std::vector<std::string>& diffusion, const std::string& killing) {
  Process process;
  for (const std::string& each : drift) process.drift.push_back(Formula::parse(each, {names, {}}));
  for (const std::string& each : diffusion) process.diffusion.push_back(Formula::parse(each, {names, {}}));
  process.killing = Formula::parse(killing, {names, {}});
  return process;
}

/// A Gaussian with independent axes.
std::vector<double> gaussian(const Grid& grid, const std::vector<double>& mean, double variance) {
  const Points x = grid.centres();
  std::vector<double> out(grid.size());
  double mass = 0;
  for (std::size_t i = 0; i < out.size(); ++i) {
    double square = 0;
    for (std::size_t k = 0; k < mean.size(); ++k) square += (x[k][i] - mean[k]) * (x[k][i] - mean[k]);
    mass += out[i] = std::exp(-0.5 * square / variance);
  }
  for (double& each : out) each /= mass * grid.cell_volume();
  return out;
}

struct Compared {
  double divergence = 0, control = 0, density = 0;
};

/// The same bridge by both kernels: largest differences of the divergence, of grad ln chi(., middle) in the mean square
/// weighted by P, and of P there in L1.
Compared compare(const Process& process, const Grid& grid, const std::vector<double>& initial,
                 const std::vector<double>& final, double start, double stop,
                 const PropagatorChoices& choices = {}) {
  const double middle = 0.5 * (start + stop);
  const auto closed = closed_form_kernels(*AffineProcess::of(process), grid);
  const auto propagated = propagator_kernels(process, grid, {initial, final}, {start, middle, stop}, choices);
  std::vector<double> log_chi[2], log_chi_hat[2], slope[2];
  Compared out;
  double divergence[2];
  for (int n = 0; n < 2; ++n) {
    KernelFamily& family = n == 0 ? *closed : *propagated;
    const auto whole = family.between(start, stop);
    const SchroedingerSolution s = solve_schroedinger_system(*whole, grid, initial, final);
    BOOST_TEST_MESSAGE(s.iterations << " sweeps, error " << s.marginal_error);
    for (const std::string& warning : whole->warnings()) BOOST_TEST_MESSAGE(warning);
    BOOST_TEST(s.marginal_error <= 1e-12);
    divergence[n] = s.divergence;
    for (auto* field : {&log_chi[n], &log_chi_hat[n], &slope[n]}) field->resize(grid.size());
    std::vector<std::vector<double>> rest(grid.dimension() - 1, std::vector<double>(grid.size()));
    std::vector<std::span<double>> gradient = {slope[n]};
    for (std::vector<double>& each : rest) gradient.emplace_back(each);
    family.between(middle, stop)->apply_with_gradient(s.log_chi_final, log_chi[n], gradient);
    family.between(start, middle)->apply_transpose(s.log_chi_hat_initial, log_chi_hat[n]);
  }
  out.divergence = std::abs(divergence[0] - divergence[1]);
  for (std::size_t i = 0; i < grid.size(); ++i) {
    const double p = std::exp(log_chi[0][i] + log_chi_hat[0][i]),
                 q = std::exp(log_chi[1][i] + log_chi_hat[1][i]);
    out.density += std::abs(p - q) * grid.cell_volume();
    out.control += p * (slope[0][i] - slope[1][i]) * (slope[0][i] - slope[1][i]) * grid.cell_volume();
  }
  out.control = std::sqrt(out.control);
  BOOST_TEST_MESSAGE("divergence off by " << out.divergence << ", density by " << out.density
                                          << ", control by " << out.control);
  return out;
}

Axis line(const char* name, double from, double to, std::size_t points) {
  return {name, from, to, points, Boundary::reflecting};
}

}  // namespace

BOOST_AUTO_TEST_CASE(affine_processes_on_a_line) {
  const Grid grid({line("x", -6, 6, 240)});
  const Process killed =
      formulas({"x"}, {"-(1+0.5*sin(3*t))*x+0.4*cos(t)"}, {"1.1+0.4*cos(2*t)"}, "0.3*(1+t)*x^2+0.3*x-0.2");
  const Process created = formulas({"x"}, {"-0.9*x+0.3"}, {"0.8"}, "-0.2*x^2");
  for (const Process& process : {killed, created}) {
    const Compared off =
        compare(process, grid, gaussian(grid, {-1}, 0.2), gaussian(grid, {1}, 0.4), 0.2, 1.2);
    BOOST_TEST(off.divergence < 1e-9);
    BOOST_TEST(off.density < 1e-9);
    BOOST_TEST(off.control < 1e-8);
  }
}

BOOST_AUTO_TEST_CASE(little_diffusion) {
  // D (stop - start) a hundredth of the squared distance.
  const Grid grid({line("x", -3, 3, 600)});
  const Compared off = compare(formulas({"x"}, {"-0.5*x"}, {"0.04"}, "0"), grid, gaussian(grid, {-1}, 0.04),
                               gaussian(grid, {1}, 0.02), 0, 1);
  BOOST_TEST(off.divergence < 1e-8);
  BOOST_TEST(off.density < 1e-8);
}

BOOST_AUTO_TEST_CASE(finite_volumes_converge_to_the_closed_form) {
  PropagatorChoices choices;
  choices.method = PropagatorMethod::finite_volume;
  choices.tolerance = 1e-6;
  double before = 0;
  const Process turning = formulas({"x", "y"}, {"-0.5*x-y", "x-0.5*y"}, {"1", "0.7"}, "0");
  for (const std::size_t n : {20u, 40u}) {
    const Grid plane({line("x", -5, 5, n), line("y", -5, 5, n)});
    const Compared off = compare(turning, plane, gaussian(plane, {-0.5, 0}, 0.4),
                                 gaussian(plane, {0.4, 0.3}, 0.5), 0, 1, choices);
    if (before > 0) BOOST_TEST(std::log2(before / off.density) > 1.7);
    before = off.density;
  }
}

BOOST_AUTO_TEST_CASE(double_well_coupling) {
  const Grid grid({line("x", -2.6, 2.6, 200)});
  const std::vector<double> initial = gaussian(grid, {-1}, 0.03), final = gaussian(grid, {0.8}, 0.05);
  const auto family = propagator_kernels(double_well(0.5), grid, {initial, final}, {0, 1, 2});
  const auto whole = family->between(0, 2);
  BOOST_TEST(whole->warnings().empty());
  const SchroedingerSolution s = solve_schroedinger_system(*whole, grid, initial, final);
  BOOST_TEST_MESSAGE("double well: " << s.iterations << " sweeps, divergence " << s.divergence);
  BOOST_TEST(s.marginal_error <= 1e-12);
  // Two halves make the whole, and the law between them has mass one.
  std::vector<double> log_chi(grid.size()), log_chi_hat(grid.size()), again(grid.size());
  family->between(1, 2)->apply(s.log_chi_final, log_chi);
  family->between(0, 1)->apply(log_chi, again);
  family->between(0, 1)->apply_transpose(s.log_chi_hat_initial, log_chi_hat);
  double mass = 0, worst = 0;
  for (std::size_t i = 0; i < grid.size(); ++i) {
    mass += std::exp(log_chi[i] + log_chi_hat[i]) * grid.cell_volume();
    if (initial[i] > 1e-12) worst = std::max(worst, std::abs(again[i] - s.log_chi_initial[i]));
  }
  BOOST_TEST(std::abs(mass - 1) < 1e-10);
  BOOST_TEST(worst < 1e-9);
}

BOOST_AUTO_TEST_CASE(values_by_slices_meet_absorbing_walls) {
  // exp(-b x/D) sin(pi x) decays at b^2/2D + D pi^2/2, its adjoint exp(+b x/D) sin(pi x) too. Slices know a wall exactly
  // that no drift crosses.
  const Grid room({{"x", 0, 1, 64, Boundary::absorbing}});
  const double d = 0.6, time = 0.04, pi = std::numbers::pi;
  for (const auto& [b, allowed] : {std::pair{0.0, 1e-9}, {0.5, 5e-3}}) {
    const double rate = 0.5 * (b * b / d + d * pi * pi);
    SlicedValues slices(formulas({"x"}, {b == 0 ? "0" : "0.5"}, {"0.6"}, "0"), room, 0, time);
    std::vector<double> value(room.size()), density(value), out(value), back(value);
    for (std::size_t i = 0; i < value.size(); ++i) {
      const double x = room.axis(0).centre(i), sine = std::log(std::sin(pi * x));
      value[i] = sine - b * x / d;
      density[i] = sine + b * x / d;
    }
    slices.apply(value, out);
    slices.apply_transpose(density, back);
    double worst = 0;
    for (std::size_t i = 0; i < value.size(); ++i)
      worst = std::max(
          {worst, std::abs(out[i] - value[i] + rate * time), std::abs(back[i] - density[i] + rate * time)});
    BOOST_TEST(worst < allowed, "drift " << b << ": " << worst);
  }
}
