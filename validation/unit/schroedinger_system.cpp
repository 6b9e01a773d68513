// SPDX-License-Identifier: GPL-3.0-or-later
// The iteration where it is hard: little diffusion, marginals with zero regions, marginals out of reach; what it says when
// it does not converge; independence of threads.
#include "solver/bridge/schroedinger_system.hpp"

#include <omp.h>
#include <algorithm>
#include <limits>

#include <boost/test/unit_test.hpp>
#include <cmath>

#include "grids/machine/team.hpp"
#include "solver/bridge/kernels/closed_form_kernel.hpp"
#include "solver/bridge/kernels/matrix_kernel.hpp"
#include "solver/process/known_processes.hpp"

using namespace umkehr;

namespace {

const Grid line({{"x", -3, 3, 600, Boundary::reflecting}});

template <class Density>
std::vector<double> on_line(Density density, const Grid& grid = line) {
  std::vector<double> out(grid.size());
  double mass = 0;
  for (std::size_t i = 0; i < out.size(); ++i) mass += out[i] = density(grid.axis(0).centre(i));
  for (double& each : out) each /= mass * grid.cell_volume();
  return out;
}

std::vector<double> gaussian(double mean, double deviation, const Grid& grid = line) {
  return on_line([=](double x) { return std::exp(-0.5 * std::pow((x - mean) / deviation, 2)); }, grid);
}

ClosedFormKernel brownian_kernel(double diffusion) {
  return {*AffineProcess::of(brownian(diffusion)), line, 0, 1};
}

/// Entropic transport between Gaussians: D_KL(H* || G) for a Brownian reference of variance D.
double divergence(double distance, double a, double b, double d) {
  const double root = std::sqrt(4 * a * a * b * b + d * d), covariance = 0.5 * (root - d);
  const double mean_square = distance * distance + a * a + b * b - 2 * covariance;
  const double determinant = a * a * b * b - covariance * covariance;
  return mean_square / (2 * d) + 0.5 * std::log(d * a * a / determinant) - 0.5;
}

}  // namespace

BOOST_AUTO_TEST_CASE(five_decades_of_diffusion) {
  for (const double d :
       {10.0, 1.0, 0.1, 0.01, 1e-3, 4e-4}) {  // the last a ten-thousandth of the squared distance
    ClosedFormKernel kernel = brownian_kernel(d);
    const SchroedingerSolution s =
        solve_schroedinger_system(kernel, line, gaussian(-1, 0.2), gaussian(1, 0.25));
    const double exact = divergence(2, 0.2, 0.25, d);
    BOOST_TEST_MESSAGE("D = " << d << ": " << s.iterations << " sweeps, error " << s.marginal_error
                              << ", divergence " << s.divergence << ", off by " << s.divergence - exact);
    BOOST_TEST(s.marginal_error <= 1e-12);
    BOOST_TEST(std::abs(s.divergence - exact) < 1e-9 * std::max(1.0, exact));
  }
}

BOOST_AUTO_TEST_CASE(zero_regions) {
  ClosedFormKernel kernel = brownian_kernel(0.05);
  const auto initial = on_line([](double x) { return std::abs(x + 1) < 0.5 ? 1.0 : 0.0; });
  const auto final =
      on_line([](double x) { return std::abs(x - 1) < 0.2 || std::abs(x - 0.2) < 0.1 ? 1.0 : 0.0; });
  const SchroedingerSolution s = solve_schroedinger_system(kernel, line, initial, final);
  BOOST_TEST(s.marginal_error <= 1e-12);
  double first = 0, last = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    first = std::max(first, std::abs(std::exp(s.log_chi_initial[i] + s.log_chi_hat_initial[i]) - initial[i]));
    last = std::max(last, std::abs(std::exp(s.log_chi_final[i] + s.log_chi_hat_final[i]) - final[i]));
    BOOST_TEST(std::isfinite(s.log_chi_initial[i]));
  }
  BOOST_TEST(first < 1e-12);
  BOOST_TEST(last < 1e-11);
}

BOOST_AUTO_TEST_CASE(acceleration_changes_the_way_only) {
  ClosedFormKernel kernel = brownian_kernel(0.05);
  SchroedingerChoices plain;
  plain.acceleration = 0;
  const auto a = solve_schroedinger_system(kernel, line, gaussian(-1, 0.3), gaussian(1, 0.2), plain);
  const auto b = solve_schroedinger_system(kernel, line, gaussian(-1, 0.3), gaussian(1, 0.2));
  BOOST_TEST(b.iterations < a.iterations);
  BOOST_TEST(std::abs(a.divergence - b.divergence) < 1e-10);
}

BOOST_AUTO_TEST_CASE(threads) {
  // Three blocks of the sums that accelerate.
  const team::SharesAnything small;
  const Grid fine({{"x", -3, 3, 5000, Boundary::reflecting}});
  std::vector<double> found[2];
  double divergences[2];
  for (int k = 0; k < 2; ++k) {
    omp_set_num_threads(1 + 2 * k);
    ClosedFormKernel kernel(*AffineProcess::of(brownian(0.2)), fine, 0, 1);
    const SchroedingerSolution s =
        solve_schroedinger_system(kernel, fine, gaussian(-0.6, 0.3, fine), gaussian(0.5, 0.2, fine));
    found[k] = s.log_chi_final;
    divergences[k] = s.divergence;
  }
  BOOST_TEST(found[0] == found[1]);
  BOOST_TEST(std::abs(divergences[0] - divergence(1.1, 0.3, 0.2, 0.2)) < 1e-9);
}

namespace {

/// L1 distance of P_f from chi_f G^T chi_hat_i, with Brownian transitions written out here.
double missed_at_stop(const Grid& on, const SchroedingerSolution& s, std::span<const double> final,
                      double variance) {
  const double width = on.cell_volume(), scale = width / std::sqrt(2 * M_PI * variance);
  double missed = 0;
  for (std::size_t j = 0; j < on.size(); ++j) {
    double reached = 0;
    for (std::size_t i = 0; i < on.size(); ++i) {
      const double step = on.axis(0).centre(j) - on.axis(0).centre(i);
      reached += std::exp(s.log_chi_hat_initial[i] + s.log_chi_final[j] - step * step / (2 * variance));
    }
    missed += std::abs(scale * reached - final[j]) * width;
  }
  return missed;
}

}  // namespace

/// Nearly all of the error lies beyond the first block of 2048 cells, and is large enough to be seen.
BOOST_AUTO_TEST_CASE(marginal_error_is_the_distance_of_the_marginals) {
  const Grid fine({{"x", -3, 3, 5000, Boundary::reflecting}});
  const auto initial = gaussian(-0.6, 0.3, fine), final = gaussian(1.2, 0.2, fine);
  for (const double tolerance : {1e-2, 1e-4}) {
    ClosedFormKernel kernel(*AffineProcess::of(brownian(0.2)), fine, 0, 1);
    SchroedingerChoices loose;
    loose.tolerance = tolerance;
    const SchroedingerSolution s = solve_schroedinger_system(kernel, fine, initial, final, loose);
    const double missed = missed_at_stop(fine, s, final, 0.2);
    BOOST_TEST_MESSAGE(s.iterations << " sweeps: claimed " << s.marginal_error << ", true " << missed);
    BOOST_TEST(missed > 1e-9);
    BOOST_TEST(std::abs(s.marginal_error / missed - 1) < 0.01);
  }
}

namespace {

/// A closed form that never gives the same twice, as rounding may not.
class NoisyKernel : public ClosedFormKernel {
 public:
  NoisyKernel(double size) : ClosedFormKernel(brownian_kernel(0.5)), size_(size) {}
  void apply(std::span<const double> in, std::span<double> out) override {
    ClosedFormKernel::apply(in, out);
    size_ = -size_;
    for (double& each : out) each += size_;
  }

 private:
  double size_;
};

/// Mass that comes from nowhere: its transpose is another kernel.
class WrongKernel : public ClosedFormKernel {
 public:
  WrongKernel() : ClosedFormKernel(brownian_kernel(0.5)) {}
  void apply_transpose(std::span<const double> in, std::span<double> out) override {
    ClosedFormKernel::apply_transpose(in, out);
    for (double& each : out) each += 100;
  }
  void sweep(std::span<const double> p, std::span<const double> chi, std::span<double> start,
             std::span<double> hat) override {
    std::vector<double> log_chi_hat(size());
    std::fill(start.begin(), start.end(), 0.0);
    (void)chi;
    log_quotient(p, start, log_chi_hat);
    apply_transpose(log_chi_hat, hat);
  }
};

}  // namespace

BOOST_AUTO_TEST_CASE(rounding_ends_the_iteration_and_is_told) {
  NoisyKernel kernel(1e-10);
  const SchroedingerSolution s = solve_schroedinger_system(kernel, line, gaussian(-1, 0.3), gaussian(1, 0.2));
  BOOST_TEST(s.iterations < 400u);
  BOOST_TEST(s.marginal_error > 1e-12);
  BOOST_TEST(s.marginal_error < 1e-9);
  BOOST_TEST_REQUIRE(s.warnings.size() == 1u);
  BOOST_TEST(s.warnings[0].find("rounding leaves") != std::string::npos, s.warnings[0]);
  BOOST_TEST(std::abs(s.divergence - divergence(2, 0.3, 0.2, 0.5)) < 1e-7);
}

BOOST_AUTO_TEST_CASE(no_divergence_is_below_that_of_the_mass) {
  WrongKernel kernel;
  BOOST_CHECK_EXCEPTION(solve_schroedinger_system(kernel, line, gaussian(-1, 0.3), gaussian(1, 0.2)),
                        NotConverged, [](const NotConverged& failure) {
                          BOOST_TEST_MESSAGE(failure.what());
                          return std::string(failure.what()).find("cannot be below") != std::string::npos;
                        });
}

BOOST_AUTO_TEST_CASE(what_cannot_be_done) {
  const auto says = [](const std::string& words) {
    return [words](const std::exception& failure) {
      BOOST_TEST_MESSAGE(failure.what());
      return std::string(failure.what()).find(words) != std::string::npos;
    };
  };
  ClosedFormKernel kernel = brownian_kernel(0.01);
  SchroedingerChoices few;
  few.max_iterations = 3;
  const auto initial = gaussian(-1, 0.3), final = gaussian(1, 0.2);
  BOOST_CHECK_EXCEPTION(solve_schroedinger_system(kernel, line, initial, final, few), NotConverged,
                        says("after 3 sweeps"));
  std::vector<double> wrong = initial;
  wrong[5] = -1;
  BOOST_CHECK_EXCEPTION(solve_schroedinger_system(kernel, line, wrong, final), std::invalid_argument,
                        says("not negative"));
  for (double& each : wrong) each = 2;
  BOOST_CHECK_EXCEPTION(solve_schroedinger_system(kernel, line, wrong, final), std::invalid_argument,
                        says("mass"));
  wrong.pop_back();
  BOOST_CHECK_THROW(solve_schroedinger_system(kernel, line, wrong, final), std::invalid_argument);
  // Two rooms without a door.
  const Grid rooms({{"x", 0, 1, 4, Boundary::reflecting}});
  const double no = -std::numeric_limits<double>::infinity();
  MatrixKernel walls(rooms, {0, 0, no, no, 0, 0, no, no, no, no, 0, 0, no, no, 0, 0});
  BOOST_CHECK_EXCEPTION(solve_schroedinger_system(walls, rooms, std::vector<double>{2, 2, 0, 0},
                                                  std::vector<double>{0, 0, 2, 2}),
                        NotConverged, says("no path"));
  // A share that no cell shows is left out, and said.
  const SchroedingerSolution s = solve_schroedinger_system(
      walls, rooms, std::vector<double>{2, 2 - 2e-9, 2e-9, 0}, std::vector<double>{3, 1, 0, 0});
  BOOST_TEST(std::abs(s.unreached - 5e-10) < 1e-15);
  BOOST_TEST(std::abs(s.marginal_error - 5e-10) < 1e-15);
  BOOST_TEST(s.warnings.size() == 1U);
  BOOST_TEST(std::abs(s.divergence - (0.75 * std::log(0.75) + 0.25 * std::log(0.25))) < 1e-8);
}
