// SPDX-License-Identifier: GPL-3.0-or-later
// T2 by the Hermite method: a Gaussian under the rotating drift 0.5 (-x + 2 y, -y - 2 x), D = 0.5, over unit time, from
// the problem to the density on as many points as modes; bases searched. The error is the L1 distance from the exact law.
#include <benchmark/benchmark.h>

#include <cmath>

#include "solver/hermite/search/hermite_search.hpp"
#include "solver/law/affine.hpp"
#include "solver/stepping/march.hpp"

namespace {

using namespace umkehr;

Coefficient formula(const char* text) {
  return Formula::parse(text, {{"x", "y"}, {}});
}

void t2(benchmark::State& run) {
  const std::size_t points = static_cast<std::size_t>(run.range(0));
  const Process process{{formula("0.5*(-x + 2*y)"), formula("0.5*(-y - 2*x)")}, {0.5, 0.5}, 0.0, {}};
  const Grid grid(
      {Axis{"x", -6, 6, points, Boundary::reflecting}, Axis{"y", -6, 6, points, Boundary::reflecting}});
  const GaussianMixture initial({{1, Eigen::Vector2d(1.5, 0), Eigen::Matrix2d{{0.16, 0.0}, {0.0, 0.36}}}});
  const std::vector<double> times = {0, 1};
  std::vector<double> density(grid.size()), exact(grid.size());
  for (auto _ : run) {
    Hermite hermite(process, grid, 0, search_hermite_choice(process, grid, initial, times));
    std::vector<double> state = hermite.state_of(initial);
    march_forward(hermite, state, times, {}, {});
    hermite.density(state, density);
    benchmark::DoNotOptimize(density.data());
  }
  AffineProcess::of(process)->push(initial, 0, 1).density(grid.centres(), exact);
  double error = 0;
  for (std::size_t i = 0; i < exact.size(); ++i)
    error += std::abs(density[i] - exact[i]) * grid.cell_volume();
  run.counters["error"] = error;
}

BENCHMARK(t2)->Arg(24)->Arg(32)->Arg(48)->Arg(64)->Arg(128)->Arg(256)->Unit(benchmark::kMillisecond);

}  // namespace
