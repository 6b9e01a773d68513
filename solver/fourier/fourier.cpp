// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/fourier/fourier.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "grids/failure.hpp"
#include "solver/fourier/fourier_law.hpp"
#include "solver/fourier/fourier_warnings.hpp"

namespace umkehr {
namespace {

/// Of the coefficients alone: beside what is left, the mass killed so far would hide every error.
double norm(std::span<const double> state) {
  return std::sqrt(std::inner_product(state.begin(), state.end() - 1, state.begin(), 0.0));
}

/// Below it, relative to its largest value, a density is the noise of its transform.
constexpr double noise = 1e-15;

}  // namespace

Fourier::Fourier(const Process& process, const Grid& grid) {
  if (process.dimension() != grid.dimension() || process.diffusion.size() != grid.dimension())
    throw UnfitProblem("the process and the grid differ in dimension");
  generator_ = std::make_unique<FourierGenerator>(process, grid);
  lawson_ = std::make_unique<Lawson<FourierGenerator>>(*generator_);
  values_ = std::make_unique<FourierValue>(*generator_);
  error_.resize(generator_->size());
}

std::vector<double> Fourier::state_of(const Law& law) const {
  return fourier_state(*generator_, law);
}

std::vector<double> Fourier::sampled_state_of(const Law& law) const {
  return std::holds_alternative<GaussianMixture>(law) ? state_of(law)
                                                      : sampled_fourier_state(*generator_, law);
}

void Fourier::density(std::span<const double> state, std::span<double> out) const {
  generator_->to_values(state, out);
}

void Fourier::score(std::span<const double> state, std::size_t axis, std::span<double> out) const {
  std::vector<double> values(out.size());
  generator_->to_values(state, values);
  generator_->derivative(state, axis, out);
  double most = 0;
  for (const double p : values) most = std::max(most, std::abs(p));
  if (most == 0) return std::fill(out.begin(), out.end(), 0.0);
  for (std::size_t i = 0; i < out.size(); ++i) out[i] /= std::max(values[i], noise * most);
}

double Fourier::mass(std::span<const double> state) const {
  const Grid& grid = generator_->grid();
  return state[0] * std::sqrt(grid.cell_volume() * static_cast<double>(grid.size()));
}

double Fourier::lost(std::span<const double> state) const {
  return state.back();
}

double Fourier::pairing(std::span<const double> density_state, std::span<const double> value_state) const {
  return std::inner_product(density_state.begin(), density_state.end(), value_state.begin(), 0.0);
}

std::vector<double> Fourier::value_state_of(const Coefficient& terminal, double stop) const {
  return values_->state_of(terminal, stop);
}

void Fourier::value(std::span<const double> state, std::span<double> out) const {
  values_->values(state, out);
}

double Fourier::advance(std::span<double> state, const Step& step, Direction direction, bool with_error) {
  const bool forward = direction == Direction::forward;
  const std::span<double> error = with_error ? std::span(error_) : std::span<double>();
  if (forward)
    lawson_->forward(state, step.start, step.stop, error);
  else
    lawson_->backward(state, step.start, step.stop, error);
  if (!with_error) return 0;
  return forward ? norm(error) / norm(state) : values_->norm(error) / values_->norm(state);
}

std::size_t Fourier::memory() const {
  return generator_->memory() + lawson_->memory() + values_->memory() + error_.size() * sizeof(double);
}

std::vector<std::string> Fourier::warnings(std::span<const double> state, double t) const {
  std::vector<double> values(generator_->grid().size());
  generator_->to_values(state, values);
  double ripple = 0;
  for (std::size_t k = 0; k < generator_->grid().dimension(); ++k)
    ripple = std::max(ripple, spectrum_tail(*generator_, state, k));
  std::vector<std::string> found = wall_warnings(generator_->grid(), values, t, ripple);
  for (std::string& warning : spectrum_warnings(*generator_, state, t)) found.push_back(std::move(warning));
  return found;
}

std::vector<std::string> Fourier::value_warnings(std::span<const double> state, double t) const {
  return spectrum_warnings(*generator_, values_->inside(state), t, "value");
}

}  // namespace umkehr
