// SPDX-License-Identifier: GPL-3.0-or-later
// T3: Schroedinger bridges between two mixtures, Brownian reference of D (stop - start) = 0.05, marginals floored at 1e-12
// of their maximum, until the L1 error of a marginal is below 1e-9; times include the kernel. 1-D with 2000 points by the
// closed form and by a dense matrix of logarithms, 2-D with 128^2, 3-D with 64^3; and the number of sweeps against D with
// acceleration and without (Fortet's iteration itself).
#include <benchmark/benchmark.h>
#include <algorithm>

#include <cmath>
#include <vector>

#include "solver/bridge/kernels/closed_form_kernel.hpp"
#include "solver/bridge/kernels/matrix_kernel.hpp"
#include "solver/bridge/schroedinger_system.hpp"
#include "solver/process/known_processes.hpp"

using namespace umkehr;

namespace {

constexpr double spread = 0.05;

struct Bump {
  double weight, width;
  std::vector<double> mean;
};

std::vector<double> density(const Grid& grid, const std::vector<Bump>& bumps) {
  const Points x = grid.centres();
  std::vector<double> out(grid.size());
  double most = 0, mass = 0;
  for (std::size_t i = 0; i < out.size(); ++i) {
    for (const Bump& bump : bumps) {
      double square = 0;
      for (std::size_t k = 0; k < grid.dimension(); ++k)
        square += std::pow((x[k][i] - bump.mean[k]) / bump.width, 2);
      out[i] += bump.weight * std::exp(-0.5 * square) / std::pow(bump.width, grid.dimension());
    }
    most = std::max(most, out[i]);
  }
  for (double& each : out) mass += each = std::max(each, 1e-12 * most);
  for (double& each : out) each /= mass * grid.cell_volume();
  return out;
}

/// Points as numpy.linspace has them: the first and last centre are the given ends.
Grid cube(std::size_t dimension, double half_width, std::size_t points) {
  std::vector<Axis> axes;
  const double outside = half_width / static_cast<double>(points - 1);
  for (const char* name : {"x", "y", "z"})
    if (axes.size() < dimension)
      axes.push_back({name, -half_width - outside, half_width + outside, points, Boundary::reflecting});
  return Grid(axes);
}

struct Problem {
  Grid grid;
  std::vector<double> initial, final;
};

Problem problem(std::size_t dimension, std::size_t points) {
  const Grid grid = cube(dimension, dimension == 1 ? 3 : 2, points);
  if (dimension == 1)
    return {grid, density(grid, {{0.5, 0.3, {-1}}, {0.5, 0.2, {0.5}}}),
            density(grid, {{0.3, 0.25, {-0.5}}, {0.7, 0.3, {1.2}}})};
  return {grid, density(grid, {{0.5, 0.3, {-0.8, -0.4, 0.2}}, {0.5, 0.25, {0.4, 0.6, -0.3}}}),
          density(grid, {{0.3, 0.25, {-0.6, 0.7, 0.1}}, {0.7, 0.3, {0.8, -0.5, 0.4}}})};
}

std::vector<double> brownian_matrix(const Axis& axis) {
  std::vector<double> logs(axis.points * axis.points);
  for (std::size_t i = 0; i < axis.points; ++i)
    for (std::size_t j = 0; j < axis.points; ++j) {
      const double distance = axis.centre(i) - axis.centre(j);
      logs[i * axis.points + j] = -0.5 * distance * distance / spread;
    }
  return logs;
}

SchroedingerChoices choices(std::size_t acceleration = 8) {
  SchroedingerChoices chosen;
  chosen.tolerance = 1e-9;
  chosen.acceleration = acceleration;
  chosen.max_iterations = 100'000;
  return chosen;
}

void report(benchmark::State& run, const Problem& of, const SchroedingerSolution& solution,
            const Kernel& kernel) {
  run.counters["N"] = static_cast<double>(of.grid.axis(0).points);
  run.counters["steps"] = static_cast<double>(solution.iterations);
  run.counters["dimension"] = static_cast<double>(of.grid.dimension());
  run.counters["error"] = solution.marginal_error;
  run.counters["kernel_bytes"] = static_cast<double>(kernel.memory());
}

template <class MakeKernel>
void bridge(benchmark::State& run, const Problem& of, const MakeKernel& make) {
  for (auto _ : run) {
    auto kernel = make();
    const SchroedingerSolution solution =
        solve_schroedinger_system(kernel, of.grid, of.initial, of.final, choices());
    benchmark::DoNotOptimize(solution.divergence);
    report(run, of, solution, kernel);
  }
}

/// closed_form/DIMENSION/POINTS
void closed_form(benchmark::State& run) {
  const auto dimension = static_cast<std::size_t>(run.range(0));
  const Problem of = problem(dimension, static_cast<std::size_t>(run.range(1)));
  const AffineProcess process = *AffineProcess::of(brownian(spread, dimension));
  bridge(run, of, [&] { return ClosedFormKernel(process, of.grid, 0, 1); });
}

/// Any dense kernel: its logarithms are given.
void dense(benchmark::State& run) {
  const Problem of = problem(1, static_cast<std::size_t>(run.range(0)));
  const std::vector<double> logs = brownian_matrix(of.grid.axis(0));
  bridge(run, of, [&] { return MatrixKernel(of.grid, logs); });
}

/// sweeps/1e6 D/ACCELERATION: 500 points, their number is in `steps`.
void sweeps(benchmark::State& run) {
  const Problem of = problem(1, 500);
  const AffineProcess process = *AffineProcess::of(brownian(1e-6 * static_cast<double>(run.range(0))));
  for (auto _ : run) {
    ClosedFormKernel kernel(process, of.grid, 0, 1);
    const auto solution = solve_schroedinger_system(kernel, of.grid, of.initial, of.final,
                                                    choices(static_cast<std::size_t>(run.range(1))));
    report(run, of, solution, kernel);
  }
  run.counters["dimension"] = 0;  // another problem: not beside the peers
}

}  // namespace

BENCHMARK(closed_form)
    ->Args({1, 2000})
    ->Args({2, 128})
    ->Args({3, 64})
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();
BENCHMARK(dense)->Arg(2000)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(sweeps)
    ->ArgsProduct({{10'000'000, 1'000'000, 100'000, 10'000, 2'000}, {0, 8}})
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();
