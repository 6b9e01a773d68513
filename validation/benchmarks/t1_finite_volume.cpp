// SPDX-License-Identifier: GPL-3.0-or-later
// Task T1: the double well in one dimension from a narrow Gaussian, N cells on [-4, 4], equal steps to t = 2, set-up
// and factorisation included. Error: sum of h |p - exact cell mean|. A line stays in caches, so the limit given is that
// of one read and one write of it a step at the memory's speed, which a sweep in caches may pass.
#include <benchmark/benchmark.h>

#include <cmath>

#include "solver/finite_volume/finite_volume.hpp"
#include "solver/process/known_processes.hpp"
#include "solver/stepping/march.hpp"
#include "validation/benchmarks/double_well_reference.hpp"
#include "validation/benchmarks/stream_triad.hpp"

namespace {

using namespace umkehr;

double part_below(double x) {
  return 0.5 * std::erfc(-(x + 1) / (0.1 * std::sqrt(2.0)));
}

std::vector<double> solve(const Axis& axis, double steps, const char* scheme) {
  FiniteVolume volumes(double_well(0.5), Grid({axis}));
  std::vector<double> state(volumes.size());
  double below = part_below(axis.from);
  for (std::size_t i = 0; i < axis.points; ++i) {
    const double above = part_below(axis.face(i + 1));
    state[i] = (above - below) / axis.spacing();
    below = above;
  }
  const std::vector<double> times = {0, 2};
  StepControl control;
  control.scheme = finite_volume_scheme(scheme, steps == 0);
  control.tolerance = 1e-6;
  if (steps > 0) control.step = 2 / steps;
  march_forward(volumes, state, times, control, {});
  return state;
}

void double_well_to_two(benchmark::State& state, const char* scheme) {
  static const DoubleWellReference reference;
  static const double bandwidth = stream_triad();
  const Axis axis{"x", -4, 4, static_cast<std::size_t>(state.range(0)), Boundary::reflecting};
  const auto points = static_cast<double>(axis.points), steps = static_cast<double>(state.range(1));
  std::vector<double> density;
  for (auto _ : state) {
    density = solve(axis, steps, scheme);
    benchmark::DoNotOptimize(density.data());
  }
  const std::vector<double> exact = reference.cell_means(axis);
  double error = 0;
  for (std::size_t i = 0; i < axis.points; ++i) error += std::abs(density[i] - exact[i]) * axis.spacing();
  state.SetLabel(steps > 0 ? scheme : "adaptive, tolerance 1e-6");
  state.counters["N"] = points;
  state.counters["error"] = error;
  if (steps == 0) return;
  state.counters["steps"] = steps;
  state.counters["s/cell-step"] = benchmark::Counter(
      points * steps, benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
  state.counters["triad GB/s"] = bandwidth / 1e9;
  state.counters["limit_seconds"] = points * steps * 2 * sizeof(double) / bandwidth;
}

BENCHMARK_CAPTURE(double_well_to_two, crank_nicolson, "crank-nicolson")
    ->Args({1024, 128})
    ->Args({256, 128})
    ->Args({4096, 128})
    ->Args({16384, 128});
BENCHMARK_CAPTURE(double_well_to_two, sdirk2, "sdirk2")
    ->Args({1024, 128})
    ->Args({1024, 512})
    ->Args({1024, 0});

}  // namespace
