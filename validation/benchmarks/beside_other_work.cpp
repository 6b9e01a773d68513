// SPDX-License-Identifier: GPL-3.0-or-later
// Task T2 by finite volumes (Crank-Nicolson; t2_finite_volume.cpp): on one thread and on all, both alone and while another
// process keeps one core busy. Each repetition takes one after the other, so that whatever else the machine does meets
// all alike; medians, and their ratios to one thread.
#include <benchmark/benchmark.h>
#include <omp.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <vector>

#include "solver/finite_volume/finite_volume.hpp"
#include "solver/stepping/march.hpp"
#include "validation/benchmarks/busy_core.hpp"

namespace {

using namespace umkehr;

constexpr int repetitions = 9;

double seconds(const Process& process, const Grid& grid, const GaussianMixture& start, int threads) {
  omp_set_num_threads(threads);
  const auto begin = std::chrono::steady_clock::now();
  FiniteVolume volumes(process, grid);
  std::vector<double> density = volumes.state_of(start);
  StepControl control;
  control.step = 1.0 / 64;
  control.scheme = finite_volume_scheme("crank-nicolson", false);
  march_forward(volumes, density, std::vector<double>{0, 1}, control, {});
  benchmark::DoNotOptimize(density.data());
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

double median(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + repetitions / 2, values.end());
  return values[repetitions / 2];
}

void beside_other_work(benchmark::State& state) {
  const auto points = static_cast<std::size_t>(state.range(0));
  const Grid grid({{"x", -6, 6, points, Boundary::reflecting}, {"y", -6, 6, points, Boundary::reflecting}});
  const FormulaNames names{{"x", "y"}, {}};
  const Process process{{Formula::parse("0.5*(-x + 2*y)", names), Formula::parse("0.5*(-y - 2*x)", names)},
                        {0.5, 0.5},
                        0.0,
                        {}};
  const GaussianMixture start({{1, Eigen::Vector2d(1.5, 0), Eigen::Matrix2d{{0.16, 0}, {0, 0.36}}}});
  const int all = std::max(2, omp_get_num_procs());
  std::vector<double> one, quiet, one_beside, busy;
  for (auto _ : state) {
    one.clear(), quiet.clear(), one_beside.clear(), busy.clear();
    for (int n = 0; n < repetitions; ++n) {
      one.push_back(seconds(process, grid, start, 1));
      quiet.push_back(seconds(process, grid, start, all));
      const BusyCore other;
      one_beside.push_back(seconds(process, grid, start, 1));
      busy.push_back(seconds(process, grid, start, all));
    }
  }
  state.counters["threads"] = all;
  state.counters["one_ms"] = 1e3 * median(one);
  state.counters["all_ms"] = 1e3 * median(quiet);
  state.counters["one_one_core_busy_ms"] = 1e3 * median(one_beside);
  state.counters["all_one_core_busy_ms"] = 1e3 * median(busy);
  state.counters["all/one"] = median(quiet) / median(one);
  state.counters["busy/one"] = median(busy) / median(one);
}

BENCHMARK(beside_other_work)->Arg(128)->Arg(512)->Iterations(1)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
