// SPDX-License-Identifier: GPL-3.0-or-later
// A step of the backward equation beside one of the forward equation: the transposed step passes over the same cells and
// should cost the same (1.3 times at most). Rotating, killed, D(t); equal steps, and steps with their error estimate.
#include <benchmark/benchmark.h>

#include <memory>
#include <string>
#include <utility>

#include "solver/finite_volume/finite_volume.hpp"
#include "solver/fourier/fourier.hpp"
#include "solver/hermite/hermite.hpp"

namespace {

using namespace umkehr;

enum Equation { forward, backward, forward_with_error, backward_with_error };

Process process_in(std::size_t dimension) {
  const FormulaNames names{
      dimension == 1 ? std::vector<std::string>{"x"} : std::vector<std::string>{"x", "y"}, {}};
  const auto parse = [&](const char* text) { return Formula::parse(text, names); };
  if (dimension == 1) return {{parse("x - x^3")}, {parse("0.5 + 0.1*t")}, parse("x^2/4"), {}};
  return {{parse("0.5*(-x + 2*y)"), parse("0.5*(-y - 2*x)")},
          {parse("0.5 + 0.1*t"), parse("0.5")},
          parse("(x^2 + y^2)/8"),
          {}};
}

Grid grid_in(std::size_t dimension, std::size_t points) {
  std::vector<Axis> axes;
  for (const char* name : {"x", "y"})
    if (axes.size() < dimension) axes.push_back({name, -6, 6, points, Boundary::reflecting});
  return Grid(axes);
}

template <class Method>
std::unique_ptr<Discretisation> discretise(std::size_t dimension, const Grid& grid) {
  if constexpr (std::is_same_v<Method, Hermite>)
    return std::make_unique<Hermite>(process_in(dimension), grid, 0.0, HermiteChoice{{0}, {0.4}});
  else
    return std::make_unique<Method>(process_in(dimension), grid);
}

template <class Method>
void steps(benchmark::State& state, std::size_t dimension, Equation equation) {
  const Grid grid = grid_in(dimension, static_cast<std::size_t>(state.range(0)));
  const std::unique_ptr<Discretisation> method = discretise<Method>(dimension, grid);
  const auto d = static_cast<Eigen::Index>(dimension);
  const bool ahead = equation == forward || equation == forward_with_error;
  const std::vector<double> start =
      ahead ? method->state_of(GaussianMixture(
                  {{1, Eigen::VectorXd::Constant(d, 0.4), 0.3 * Eigen::MatrixXd::Identity(d, d)}}))
            : method->value_state_of(1.0, 1.0);
  constexpr int count = 8;
  constexpr double length = 1e-3;
  for (auto _ : state) {
    std::vector<double> now = start;
    for (int n = 0; n < count; ++n) {
      const int m = ahead ? n : count - 1 - n;
      const Step step{m * length, (m + 1) * length};
      if (equation == forward) method->forward(now, step);
      if (equation == backward) method->backward(now, step);
      if (equation == forward_with_error) method->forward_with_error(now, step);
      if (equation == backward_with_error) method->backward_with_error(now, step);
    }
    benchmark::DoNotOptimize(now.data());
  }
  state.counters["cells/s"] = benchmark::Counter(static_cast<double>(grid.size()) * count,
                                                 benchmark::Counter::kIsIterationInvariantRate);
}

template <class Method>
void beside(const std::string& name, std::size_t dimension, int points) {
  const std::pair<const char*, Equation> equations[] = {{"forward", forward},
                                                        {"backward", backward},
                                                        {"forward_with_error", forward_with_error},
                                                        {"backward_with_error", backward_with_error}};
  for (const auto& [equation_name, equation] : equations)
    benchmark::RegisterBenchmark((name + "/" + equation_name).c_str(), steps<Method>, dimension, equation)
        ->Arg(points)
        ->UseRealTime();
}

[[maybe_unused]] const bool registered = [] {
  beside<FiniteVolume>("finite_volume_1d", 1, 4096);
  beside<FiniteVolume>("finite_volume_2d", 2, 256);
  beside<Fourier>("fourier_2d", 2, 128);
  beside<Hermite>("hermite_1d", 1, 96);
  return true;
}();

}  // namespace
