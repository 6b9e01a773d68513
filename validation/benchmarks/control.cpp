// SPDX-License-Identifier: GPL-3.0-or-later
// Steps of the Hamilton-Jacobi-Bellman equation (3.24) by each method, and how their cost grows with N and the dimension: a
// run of equal steps beside a Fokker-Planck run of as many on the same grid. What takes no steps counts as one.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <string>
#include <vector>

#include "solver/finite_volume/finite_volume.hpp"
#include "solver/hjb/hjb.hpp"

namespace {

using namespace umkehr;

constexpr int steps = 8;
constexpr double stop = 0.1;

Formula formula(const std::string& text, std::size_t dimension) {
  std::vector<std::string> axes = {"x", "y", "z"};
  axes.resize(dimension);
  return Formula::parse(text, {axes, {}});
}

Process process_in(std::size_t dimension) {
  const std::vector<std::string> drift = {"x - x^3", "-y", "-z"};
  Process process;
  for (std::size_t k = 0; k < dimension; ++k) {
    process.drift.emplace_back(formula(drift[k], dimension));
    process.diffusion.emplace_back(0.5);
  }
  process.killing = formula("x^2/4", dimension);
  return process;
}

Grid grid_in(std::size_t dimension, std::size_t points) {
  std::vector<Axis> axes;
  for (const char* name : {"x", "y", "z"})
    if (axes.size() < dimension) axes.push_back({name, -2, 2, points, Boundary::reflecting});
  return Grid(axes);
}

void count_cells(benchmark::State& state, const Grid& grid) {
  state.counters["cells/s"] = benchmark::Counter(static_cast<double>(grid.size()) * steps,
                                                 benchmark::Counter::kIsIterationInvariantRate);
}

void control(benchmark::State& state, std::size_t dimension, HjbChoices choices) {
  const Grid grid = grid_in(dimension, static_cast<std::size_t>(state.range(0)));
  const Process process = process_in(dimension);
  const Coefficient terminal = formula("x^2/2", dimension);
  choices.step = stop / steps;
  for (auto _ : state) benchmark::DoNotOptimize(solve_hjb(process, grid, terminal, stop, {0}, choices));
  count_cells(state, grid);
}

void forward(benchmark::State& state, std::size_t dimension) {
  const Grid grid = grid_in(dimension, static_cast<std::size_t>(state.range(0)));
  const auto d = static_cast<Eigen::Index>(dimension);
  const Law law = GaussianMixture({{1, Eigen::VectorXd::Zero(d), 0.2 * Eigen::MatrixXd::Identity(d, d)}});
  for (auto _ : state) {
    FiniteVolume method(process_in(dimension), grid);
    std::vector<double> now = method.state_of(law);
    for (int n = 0; n < steps; ++n)
      method.forward(now, {stop * n / steps, stop * (n + 1) / steps, finite_volume_scheme("sdirk2", false)});
    benchmark::DoNotOptimize(now.data());
  }
  count_cells(state, grid);
}

[[maybe_unused]] const bool registered = [] {
  const std::vector<std::string> ends = {"_1d", "_2d", "_3d"};
  const std::vector<std::vector<int>> points = {{256, 1024}, {32, 64}, {12, 16}};
  for (std::size_t dimension = 1; dimension <= 3; ++dimension) {
    const auto each = [&](const std::string& name, const auto&... arguments) {
      auto* entry =
          benchmark::RegisterBenchmark((name + ends[dimension - 1]).c_str(), arguments...)->UseRealTime();
      for (const int n : points[dimension - 1]) entry->Arg(n);
    };
    each("fokker_planck", forward, dimension);
    each("finite_difference", control, dimension, HjbChoices{.method = HjbMethod::finite_difference});
    each("finite_difference_order_4", control, dimension,
         HjbChoices{.method = HjbMethod::finite_difference, .order = 4});
    each("spectral", control, dimension, HjbChoices{.method = HjbMethod::spectral});
  }
  return true;
}();

}  // namespace
