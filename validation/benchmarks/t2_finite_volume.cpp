// SPDX-License-Identifier: GPL-3.0-or-later
// Task T2: F = (-x + 2y, -y - 2x)/2, D = 1/2 on N x N cells of [-6, 6]^2 from N((1.5, 0), diag(0.16, 0.36)), 64 equal
// steps to t = 1; and its like in three dimensions, for the growth of cost. Error: sum of h^d |p - exact cell mean|.
// Limit: each step passes 2 d - 1 times along an axis, each pass reads and writes every cell once.
#include <benchmark/benchmark.h>

#include <cmath>

#include "solver/finite_volume/finite_volume.hpp"
#include "solver/law/affine.hpp"
#include "solver/stepping/march.hpp"
#include "validation/benchmarks/stream_triad.hpp"

namespace {

using namespace umkehr;

const std::vector<std::string> names = {"x", "y", "z"};
const std::vector<const char*> drifts = {"0.5*(-x + 2*y)", "0.5*(-y - 2*x)", "-0.5*z"};

Process rotation(std::size_t dimension, const char* diffusion) {
  const std::vector<std::string> axes(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(dimension));
  Process process;
  for (std::size_t k = 0; k < dimension; ++k) {
    process.drift.push_back(Formula::parse(drifts[k], {axes, {}}));
    process.diffusion.push_back(Formula::parse(diffusion, {axes, {}}));
  }
  return process;
}

GaussianMixture start(std::size_t dimension) {
  const auto d = static_cast<Eigen::Index>(dimension);
  Gaussian one;
  one.mean = Eigen::VectorXd::Zero(d);
  one.mean[0] = 1.5;
  one.covariance = 0.25 * Eigen::MatrixXd::Identity(d, d);
  one.covariance(0, 0) = 0.16;
  one.covariance(1, 1) = 0.36;
  return GaussianMixture({one});
}

void rotating_gaussian(benchmark::State& state, std::size_t dimension, const char* scheme,
                       const char* diffusion) {
  static const double bandwidth = stream_triad();
  constexpr double steps = 64;
  const auto points = static_cast<std::size_t>(state.range(0));
  std::vector<Axis> axes;
  for (std::size_t k = 0; k < dimension; ++k) axes.push_back({names[k], -6, 6, points, Boundary::reflecting});
  const Grid grid(axes);
  const Process process = rotation(dimension, diffusion);
  std::vector<double> density;
  for (auto _ : state) {
    FiniteVolume volumes(process, grid);
    density = volumes.state_of(start(dimension));
    const std::vector<double> times = {0, 1};
    StepControl control;
    control.step = 1 / steps;
    control.scheme = finite_volume_scheme(scheme, false);
    march_forward(volumes, density, times, control, {});
    benchmark::DoNotOptimize(density.data());
  }
  std::vector<double> exact(grid.size());
  AffineProcess::of(process)->push(start(dimension), 0, 1).cell_means(grid, exact);
  double error = 0;
  for (std::size_t i = 0; i < grid.size(); ++i) error += std::abs(density[i] - exact[i]) * grid.cell_volume();
  const auto cells = static_cast<double>(grid.size());
  const double passes = 2 * static_cast<double>(dimension) - 1;
  state.counters["N"] = static_cast<double>(points);
  state.counters["dimension"] = static_cast<double>(dimension);
  state.counters["cells"] = cells;
  state.counters["steps"] = steps;
  state.counters["error"] = error;
  state.counters["s/cell-step"] = benchmark::Counter(
      cells * steps, benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
  state.counters["triad GB/s"] = bandwidth / 1e9;
  state.counters["limit_seconds"] = cells * steps * passes * 2 * sizeof(double) / bandwidth;
}

void sizes(benchmark::internal::Benchmark* benchmark) {
  benchmark->Arg(512)->Arg(256)->Arg(128)->Unit(benchmark::kMillisecond)->UseRealTime();
}

BENCHMARK_CAPTURE(rotating_gaussian, crank_nicolson, 2, "crank-nicolson", "0.5")->Apply(sizes);
BENCHMARK_CAPTURE(rotating_gaussian, sdirk2, 2, "sdirk2", "0.5")->Apply(sizes);
BENCHMARK_CAPTURE(rotating_gaussian, crank_nicolson_time_dependent, 2, "crank-nicolson", "0.5 + 0.1*t")
    ->Arg(512)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();
BENCHMARK_CAPTURE(rotating_gaussian, crank_nicolson_three_dimensions, 3, "crank-nicolson", "0.5")
    ->Arg(32)
    ->Arg(64)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();

}  // namespace
