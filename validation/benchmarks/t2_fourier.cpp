// SPDX-License-Identifier: GPL-3.0-or-later
// T2 by the Fourier method: F = (-x + 2y, -y - 2x)/2, D = 1/2 on [-6, 6]^2 from N((1.5, 0), diag(0.16, 0.36)) to t = 1, with
// the exact Gaussian as reference. Each turn goes from the process to the density at the end, set-up included.
#include <benchmark/benchmark.h>

#include <cmath>

#include "grids/quadrature.hpp"
#include "solver/fourier/fourier.hpp"
#include "solver/stepping/march.hpp"

using namespace umkehr;

namespace {

GaussianMixture exact(double t) {
  Eigen::Matrix2d turn;
  turn << std::cos(t), std::sin(t), -std::sin(t), std::cos(t);
  turn *= std::exp(-t / 2);
  Gaussian gaussian;
  gaussian.mean = turn * Eigen::Vector2d(1.5, 0);
  gaussian.covariance = turn * Eigen::Vector2d(0.16, 0.36).asDiagonal() * turn.transpose() +
                        0.5 * (1 - std::exp(-t)) * Eigen::Matrix2d::Identity();
  return GaussianMixture({gaussian});
}

Process rotation() {
  const FormulaNames names{{"x", "y"}, {}};
  Process process;
  process.drift = {Formula::parse("0.5*(-x+2*y)", names), Formula::parse("0.5*(-y-2*x)", names)};
  process.diffusion = {0.5, 0.5};
  return process;
}

void fourier(benchmark::State& run) {
  const auto points = static_cast<std::size_t>(run.range(0));
  const Grid grid({{"x", -6, 6, points, Boundary::reflecting}, {"y", -6, 6, points, Boundary::reflecting}});
  const Process process = rotation();
  const Law law = exact(0);
  const StepControl control{
      .tolerance = 1e-8, .step = 1.0 / static_cast<double>(run.range(1)), .scheme = nullptr};
  std::vector<double> density(grid.size()), reference(grid.size());
  for (auto _ : run) {
    Fourier method(process, grid);
    std::vector<double> state = method.state_of(law);
    march_forward(method, state, std::vector<double>{0, 1}, control, {});
    method.density(state, density);
    benchmark::DoNotOptimize(density.data());
  }
  exact(1).density(grid.centres(), reference);
  for (std::size_t i = 0; i < density.size(); ++i) density[i] -= reference[i];
  run.counters["N"] = static_cast<double>(points);
  run.counters["steps"] = static_cast<double>(run.range(1));
  run.counters["error"] = norm_l1(grid, density);
}

}  // namespace

BENCHMARK(fourier)
    ->Args({64, 32})
    ->Args({64, 64})
    ->Args({96, 64})
    ->Args({96, 96})
    ->Args({128, 128})
    ->Args({256, 256})
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();
