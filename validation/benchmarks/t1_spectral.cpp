// SPDX-License-Identifier: GPL-3.0-or-later
// T1 by spectral methods: the double well F = x - x^3, D = 1/2 on [-4, 4] from N(-1, 0.1^2) to t = 2. Each turn goes from
// the process to the density at the end, set-up included. L1 error against a sinc expansion at 256 points whose
// eigenvectors are computed by Eigen.
#include <benchmark/benchmark.h>

#include <Eigen/Eigenvalues>
#include <cmath>
#include <numbers>

#include "solver/fourier/fourier.hpp"
#include "solver/fourier/symmetrised.hpp"
#include "solver/process/known_processes.hpp"
#include "solver/stepping/march.hpp"

using namespace umkehr;

namespace {

constexpr double stop = 2, diffusion = 0.5, mean = -1, deviation = 0.1;

double half_phi(double x) {
  return (x * x * x * x / 4 - x * x / 2 + 0.25) / diffusion;
}
double start(double x) {
  return std::exp(-0.5 * (x - mean) * (x - mean) / (deviation * deviation)) /
         (deviation * std::sqrt(2 * std::numbers::pi));
}

/// P at the end anywhere: psi in sinc functions.
class Reference {
 public:
  Reference() : psi_(points) {
    Eigen::MatrixXd generator(points, points);
    for (int i = 0; i < points; ++i)
      for (int j = 0; j < points; ++j) {
        const double k = i - j, pi = std::numbers::pi;
        const double second = i == j ? pi * pi / 3 : 2 * ((i - j) % 2 == 0 ? 1 : -1) / (k * k);
        generator(i, j) = diffusion / 2 * second / (spacing * spacing);
      }
    for (int i = 0; i < points; ++i) {
      const double x = centre(i), drift = x - x * x * x;
      generator(i, i) += drift * drift / (2 * diffusion) + (1 - 3 * x * x) / 2;
      psi_[i] = start(x) > 1e-300 ? start(x) * std::exp(half_phi(x)) : 0;
    }
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> modes(generator);
    const Eigen::VectorXd decay = (-stop * modes.eigenvalues().array().max(0)).exp();
    psi_ = modes.eigenvectors() * decay.cwiseProduct(modes.eigenvectors().transpose() * psi_);
  }

  double operator()(double x) const {
    double sum = 0;
    for (int j = 0; j < points; ++j) {
      const double u = std::numbers::pi * (x - centre(j)) / spacing;
      sum += psi_[j] * (std::abs(u) < 1e-12 ? 1 : std::sin(u) / u);
    }
    return sum * std::exp(-half_phi(x));
  }

 private:
  static constexpr int points = 256;
  static constexpr double spacing = 8.5 / points;
  static double centre(int i) { return -4.25 + spacing * (i + 0.5); }
  Eigen::VectorXd psi_;
};

double l1_error(const Axis& axis, const std::vector<double>& density) {
  static const Reference reference;
  double sum = 0;
  for (std::size_t i = 0; i < density.size(); ++i)
    sum += std::abs(density[i] - reference(axis.centre(i))) * axis.spacing();
  return sum;
}

GaussianMixture initial() {
  Gaussian gaussian;
  gaussian.mean = Eigen::VectorXd::Constant(1, mean);
  gaussian.covariance = Eigen::MatrixXd::Constant(1, 1, deviation * deviation);
  return GaussianMixture({gaussian});
}

template <class Method>
void spectral(benchmark::State& run) {
  const Axis axis{"x", -4, 4, static_cast<std::size_t>(run.range(0)), Boundary::reflecting};
  const StepControl control{
      .tolerance = std::pow(10.0, -static_cast<double>(run.range(1))), .step = {}, .scheme = nullptr};
  const Process process = double_well(diffusion);
  const Law law = initial();
  std::vector<double> density(axis.points);
  std::size_t steps = 0;
  for (auto _ : run) {
    const Grid grid({axis});
    Method method(process, grid);
    std::vector<double> state = method.state_of(law);
    steps = march_forward(method, state, std::vector<double>{0, stop}, control, {}).steps.size();
    method.density(state, density);
    benchmark::DoNotOptimize(density.data());
  }
  run.counters["N"] = static_cast<double>(axis.points);
  run.counters["steps"] = static_cast<double>(steps);
  run.counters["error"] = l1_error(axis, density);
}

void symmetrised(benchmark::State& run) {
  spectral<Symmetrised>(run);
}
void fourier(benchmark::State& run) {
  spectral<Fourier>(run);
}

}  // namespace

BENCHMARK(symmetrised)
    ->Args({80, 12})
    ->Args({96, 12})
    ->Args({128, 12})
    ->Args({256, 12})
    ->Unit(benchmark::kMillisecond);
BENCHMARK(fourier)->Args({96, 8})->Args({128, 11})->Unit(benchmark::kMillisecond);
