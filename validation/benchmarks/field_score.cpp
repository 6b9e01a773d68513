// SPDX-License-Identifier: GPL-3.0-or-later
// Seconds a point for all components of a score that is known on a grid at 21 times, in batches as particles ask for them:
// 1024 places in no order, one thread. At one time; at a hundred times in turn, which are kept; and at times that never
// return, each of which takes one interpolation of the whole field. The limits are 20 ns in one dimension and 60 in the
// plane.
#include <benchmark/benchmark.h>

#include <cmath>
#include <random>
#include <string>
#include <vector>

#include "solver/score/trial_score.hpp"

namespace {

using namespace umkehr;

constexpr std::size_t batch = 1024;
constexpr int saved = 21;
constexpr std::size_t points[] = {512, 128, 32};
constexpr double limits[] = {20e-9, 60e-9};

TrialScore field_score(std::size_t dimension, Boundary boundary) {
  std::vector<Axis> axes;
  for (const char* name : {"x", "y", "z"})
    if (axes.size() < dimension) axes.push_back({name, -3, 3, points[dimension - 1], boundary});
  const Grid grid(axes);
  const Points x = grid.centres();
  std::vector<double> times;
  for (int n = 0; n < saved; ++n) times.push_back(n / (saved - 1.0));
  std::vector<History> field(dimension, History(times, grid.size()));
  for (std::size_t k = 0; k < dimension; ++k)
    for (std::size_t n = 0; n < times.size(); ++n)
      for (std::size_t i = 0; i < grid.size(); ++i)
        field[k][n][i] = std::sin(x[k][i] + times[n]) - std::cos(x[dimension - 1][i]);
  return TrialScore::of_field(grid, field);
}

Points anywhere(std::size_t dimension) {
  std::mt19937_64 random(5);
  std::uniform_real_distribution<double> inside(-2.9, 2.9);
  Points x(dimension, batch);
  for (std::size_t k = 0; k < dimension; ++k)
    for (double& place : x[k]) place = inside(random);
  return x;
}

/// times: how many there are before they return; 0: they never do.
void at_points(benchmark::State& state, std::size_t dimension, Boundary boundary, long times) {
  const TrialScore score = field_score(dimension, boundary);
  const Points x = anywhere(dimension);
  Components out(dimension, std::vector<double>(batch));
  long n = 0;
  for (auto _ : state) {
    const double t = times > 0 ? static_cast<double>(n++ % times + 1) / static_cast<double>(times + 1)
                               : std::fmod(0.618033988749895 * static_cast<double>(++n), 1.0);
    score(x, t, out);
    benchmark::DoNotOptimize(out.data());
    benchmark::ClobberMemory();
  }
  state.counters["s/point"] =
      benchmark::Counter(batch, benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
  if (dimension < 3) state.counters["limit"] = limits[dimension - 1];
}

[[maybe_unused]] const bool registered = [] {
  for (std::size_t dimension = 1; dimension <= 3; ++dimension) {
    const auto each = [&](const std::string& name, Boundary boundary, long times) {
      benchmark::RegisterBenchmark((name + "_" + std::to_string(dimension) + "d").c_str(), at_points,
                                   dimension, boundary, times);
    };
    each("one_time", Boundary::reflecting, 1);
    each("one_time_periodic", Boundary::periodic, 1);
    each("hundred_times", Boundary::reflecting, 100);
    each("new_times", Boundary::reflecting, 0);
  }
  return true;
}();

}  // namespace
