// SPDX-License-Identifier: GPL-3.0-or-later
// Nanoseconds a point for formulas over arrays, one thread.
#include <benchmark/benchmark.h>

#include <array>
#include <vector>

#include "solver/process/formula/formula.hpp"

namespace {

using namespace umkehr;

const FormulaNames names{{"x"}, {{"beta", "0.1 + 19.9*t"}}};

void over_arrays(benchmark::State& state, const char* text) {
  const Formula formula = Formula::parse(text, names);
  const auto count = static_cast<std::size_t>(state.range(0));
  Points points(1, count);
  for (std::size_t i = 0; i < count; ++i)
    points[0][i] = -8 + 16 * static_cast<double>(i) / static_cast<double>(count);
  std::vector<double> out(count);
  double t = 0;
  for (auto _ : state) {
    formula(points, t, out);
    t += 1e-6;
    benchmark::DoNotOptimize(out.data());
    benchmark::ClobberMemory();
  }
  state.counters["s/point"] =
      benchmark::Counter(static_cast<double>(count),
                         benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

void one_point(benchmark::State& state) {
  const Formula formula = Formula::parse("-beta*x/2 + sin(3*x)*exp(-t)", names);
  std::array<double, 1> x{0.3};
  for (auto _ : state) benchmark::DoNotOptimize(x[0] = 0.5 * formula(x, 0.1));
}

void parsing(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(Formula::parse("-beta*x/2 + sin(3*x)*exp(-t)", names));
}

void sizes(benchmark::internal::Benchmark* benchmark) {
  benchmark->Arg(64)->Arg(4096)->Arg(100000);
}

BENCHMARK_CAPTURE(over_arrays, double_well, "x - x^3")->Apply(sizes);
BENCHMARK_CAPTURE(over_arrays, forced_vp, "-beta*x/2 + sin(3*x)*exp(-t)")->Apply(sizes);
BENCHMARK_CAPTURE(over_arrays, logarithm, "log(1 + x^2)")->Apply(sizes);
BENCHMARK_CAPTURE(over_arrays, tanh, "tanh(x)")->Apply(sizes);
BENCHMARK(one_point);
BENCHMARK(parsing);

}  // namespace
