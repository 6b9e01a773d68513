// SPDX-License-Identifier: GPL-3.0-or-later
// A first program against the installed library: an Ornstein-Uhlenbeck process forward, back, and steered elsewhere.
//   dx = -x/2 dt + sqrt(1 + t) dW,  x(0) ~ N(2, 1/4):  x(t) ~ N(2 exp(-t/2), exp(-t)/4 + t)
// by (2.35) with v = int_0^t D(s) exp(-int_s^t beta) ds, here t. Each line that is printed ends with an error or a check.
// Built as docs/first.md says.
#include <cmath>
#include <cstdio>
#include <vector>

#include "grids/quadrature.hpp"
#include "solver/bridge/bridge.hpp"
#include "solver/kolmogorov/fokker_planck.hpp"
#include "solver/reversal/reverse_diffusion.hpp"

using umkehr::Formula, umkehr::GaussianMixture, umkehr::Grid, umkehr::Method, umkehr::Process;

namespace {

GaussianMixture gaussian(double mean, double variance) {
  return GaussianMixture(
      {{1.0, Eigen::VectorXd::Constant(1, mean), Eigen::MatrixXd::Constant(1, 1, variance)}});
}

std::vector<double> values(const GaussianMixture& law, const Grid& grid) {
  std::vector<double> density(grid.size());
  law.density(grid.centres(), density);
  return density;
}

}  // namespace

int main() {
  // 1. The process, by formulas in x and t: drift F and diffusion D, one each an axis; nothing is killed.
  Process process;
  process.drift = {Formula::parse("-x/2")};
  process.diffusion = {Formula::parse("1 + t")};

  // 2. The grid: 256 cells between two walls, far from where anything happens.
  const Grid grid({{.name = "x", .from = -10, .to = 10, .points = 256}});

  // 3. The law at t = 0, and what (2.35) makes of it at t = 1.
  const GaussianMixture start = gaussian(2, 0.25);
  const GaussianMixture exact = gaussian(2 * std::exp(-0.5), 0.25 * std::exp(-1.0) + 1);

  // 4. The Fokker-Planck equation (2.6) from 0 to 1, by two methods; the second leaves what step 6 needs.
  umkehr::FokkerPlanckReplay run;
  const std::vector<double> times = {0, 0.5, 1};
  umkehr::KolmogorovChoices volumes, series;
  volumes.method = Method::finite_volume;
  series.method = Method::fourier;
  const auto cells = umkehr::solve_fokker_planck(process, grid, start, 0, times, volumes);
  const auto modes = umkehr::solve_fokker_planck(process, grid, start, 0, times, series, {}, &run);

  // 5. Errors: relative L1 distance from the closed form, which for finite volumes is that of means over cells.
  std::vector<double> means(grid.size());
  exact.cell_means(grid, means);
  std::printf("forward, finite volumes: error %.1e in %zu steps\n",
              umkehr::relative_l1(cells.density[2], means), cells.run.steps.size());
  std::printf("forward, Fourier:        error %.1e in %zu steps\n",
              umkehr::relative_l1(modes.density[2], values(exact, grid)), modes.run.steps.size());

  // 6. Back again (3.35): the drift -F + D grad ln P carries the law at 1 to the one at 0. Its action is the difference of
  // their entropies, half the logarithm of the quotient of their variances.
  const auto back = umkehr::reverse_diffusion(run, start, 0, series, {series, {}});
  std::printf("reversed:                error %.1e at t = 0, action %.6f = h(1) - h(0) to %.1e\n",
              back.density_error, back.action.action,
              std::abs(back.action.action - 0.5 * std::log(std::exp(-1.0) + 4)));

  // 7. Elsewhere: the Schroedinger bridge (3.28) from the same start to N(-2, 1/4), the least change of the process.
  const auto bridge = umkehr::solve_bridge(process, grid, start, gaussian(-2, 0.25), 0, 1, times);
  std::printf("bridge:                  D_KL %.6f = running cost to %.1e, ends met to %.1e\n",
              bridge.divergence, std::abs(bridge.divergence - bridge.action), bridge.marginal_error);
}
