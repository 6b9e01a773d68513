// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/fourier/fourier_generator.hpp"

#include <algorithm>
#include <cmath>

#include "grids/machine/elementary.hpp"
#include "grids/machine/team.hpp"
#include "solver/generator/generator.hpp"

namespace umkehr {

static_assert(Generator<FourierGenerator>);
namespace {

constexpr double a_value = 0.6;  // nanoseconds

/// Below it a factor is zero: products of three stay clear of subnormal numbers.
constexpr double min_exponent = -200;

std::vector<double> twice_each(const std::vector<double>& values) {
  std::vector<double> out;
  for (const double value : values) out.insert(out.end(), {value, value});
  return out;
}

double* reals(ComplexArray& c) {
  return reinterpret_cast<double*>(c.data());
}
const double* reals(const ComplexArray& c) {
  return reinterpret_cast<const double*>(c.data());
}

std::vector<SampledCoefficient> sample(const std::vector<Coefficient>& coefficients,
                                       const std::shared_ptr<const Points>& points) {
  std::vector<SampledCoefficient> sampled;
  for (const Coefficient& coefficient : coefficients) sampled.emplace_back(coefficient, points);
  return sampled;
}

/// out = a b, or out += a b
void multiply(std::span<const double> a, const RealArray& b, RealArray& out, bool add) {
  const double *left = a.data(), *right = b.data();
  double* to = out.data();
  share_pieces({b.size(), a_value}, [=](const Piece& piece) {
#pragma omp simd
    for (std::size_t i = piece.first; i < piece.last; ++i)
      to[i] = add ? to[i] + left[i] * right[i] : left[i] * right[i];
  });
}

}  // namespace

Grid as_transformed(const Grid& grid) {
  std::vector<Axis> axes = grid.axes();
  for (Axis& axis : axes)
    if (axis.boundary != Boundary::periodic) axis.boundary = Boundary::reflecting;
  return Grid(std::move(axes));
}

FourierGenerator::FourierGenerator(const Process& process, const Grid& grid)
    : grid_(grid),
      transform_(grid),
      diffusion_(process.diffusion),
      drift_(sample(process.drift, std::make_shared<const Points>(grid.centres()))),
      killing_(process.killing, std::make_shared<const Points>(grid.centres())),
      damping_(grid.dimension()),
      field_(grid.size()),
      product_(grid.size()),
      sum_(grid.size()),
      coefficients_(transform_.coefficients()) {
  for (std::size_t k = 0; k < grid.dimension(); ++k) {
    std::vector<double> half_square = even_wavenumbers(grid.axis(k), is_last(k));
    for (double& kappa : half_square) kappa *= kappa / 2;
    std::vector<double> kappa = wavenumbers(grid.axis(k), is_last(k));
    half_square_.push_back(is_last(k) ? twice_each(half_square) : half_square);
    kappa_.push_back(is_last(k) ? twice_each(kappa) : kappa);
  }
  // Only k = 0 and the highest k of an even axis stand for themselves alone, the others for -k as well.
  const std::size_t n = grid.axes().back().points, row = transform_.row();
  const double one = std::sqrt(grid.cell_volume() / static_cast<double>(grid.size()));
  std::vector<double> scale(row, one * std::sqrt(2.0));
  scale[0] = one;
  if (n % 2 == 0) scale[n / 2] = one;
  scale_ = twice_each(scale);
  for (const double s : scale_) inverse_scale_.push_back(1 / s);
}

std::size_t FourierGenerator::index(std::size_t row, std::size_t axis) const {
  for (std::size_t k = grid_.dimension() - 1; k-- > axis + 1;) row /= grid_.axis(k).points;
  return row % grid_.axis(axis).points;
}

void FourierGenerator::factor(double s, double t, std::span<double> out) {
  for (std::size_t k = 0; k < grid_.dimension(); ++k) {
    const double integral = time_integral(diffusion_[k], s, t);
    std::vector<double>& damping = damping_[k];
    damping.resize(half_square_[k].size());
    for (std::size_t i = 0; i < damping.size(); ++i) damping[i] = -integral * half_square_[k][i];
    lanes::exp(damping, damping);
    for (std::size_t i = 0; i < damping.size(); ++i)
      if (-integral * half_square_[k][i] < min_exponent) damping[i] = 0;
  }
  const std::size_t width = 2 * transform_.row();
  share(transform_.rows(), a_value * static_cast<double>(width), [&](std::size_t row) {
    double others = 1;
    for (std::size_t k = 0; k + 1 < grid_.dimension(); ++k) others *= damping_[k][index(row, k)];
    for (std::size_t m = 0; m < width; ++m) out[row * width + m] = others * damping_.back()[m];
  });
  out.back() = 1;
}

void FourierGenerator::unpack(std::span<const double> state) {
  const std::size_t width = 2 * transform_.row();
  const double normalise = 1 / static_cast<double>(grid_.size());
  share(transform_.rows(), a_value * static_cast<double>(width), [&](std::size_t row) {
    double* to = reals(coefficients_) + row * width;
    const double* from = state.data() + row * width;
    for (std::size_t m = 0; m < width; ++m) to[m] = normalise * from[m] * inverse_scale_[m];
  });
}

/// i kappa times the coefficients.
void FourierGenerator::unpack_derivative(std::span<const double> state, std::size_t axis) {
  const std::size_t width = 2 * transform_.row();
  const double normalise = 1 / static_cast<double>(grid_.size());
  const bool last = is_last(axis);
  share(transform_.rows(), a_value * static_cast<double>(width), [&](std::size_t row) {
    double* to = reals(coefficients_) + row * width;
    const double* from = state.data() + row * width;
    const double across = last ? normalise : normalise * kappa_[axis][index(row, axis)];
    for (std::size_t m = 0; m < width; m += 2) {
      const double weight = (last ? across * kappa_[axis][m] : across) * inverse_scale_[m];
      to[m] = -weight * from[m + 1];
      to[m + 1] = weight * from[m];
    }
  });
}

/// out -= i kappa c for the coefficients c of a flux along an axis.
void FourierGenerator::add_divergence(std::size_t axis, std::span<double> out) const {
  const std::size_t width = 2 * transform_.row();
  const bool last = is_last(axis);
  share(transform_.rows(), a_value * static_cast<double>(width), [&](std::size_t row) {
    const double* from = reals(coefficients_) + row * width;
    double* to = out.data() + row * width;
    const double across = last ? 1 : kappa_[axis][index(row, axis)];
    for (std::size_t m = 0; m < width; m += 2) {
      const double weight = (last ? kappa_[axis][m] : across) * scale_[m];
      to[m] += weight * from[m + 1];
      to[m + 1] -= weight * from[m];
    }
  });
}

void FourierGenerator::rest(double t, std::span<const double> in, std::span<double> out) {
  std::fill(out.begin(), out.end(), 0.0);
  unpack(in);
  transform_.inverse(coefficients_, field_);
  for (std::size_t k = 0; k < grid_.dimension(); ++k) {
    if (drift_[k].is_zero()) continue;
    multiply(drift_[k].at(t), field_, product_, false);
    transform_.forward(product_, coefficients_);
    add_divergence(k, out);
  }
  if (killing_.is_zero()) return;
  multiply(killing_.at(t), field_, product_, false);
  transform_.forward(product_, coefficients_);
  const std::size_t width = 2 * transform_.row();
  for (std::size_t n = 0; n + 1 < out.size(); ++n) out[n] -= scale_[n % width] * reals(coefficients_)[n];
  out.back() = coefficients_[0].real() * grid_.cell_volume();
}

void FourierGenerator::rest_adjoint(double t, std::span<const double> in, std::span<double> out) {
  std::fill(sum_.begin(), sum_.end(), 0.0);
  for (std::size_t k = 0; k < grid_.dimension(); ++k) {
    if (drift_[k].is_zero()) continue;
    unpack_derivative(in, k);
    transform_.inverse(coefficients_, field_);
    multiply(drift_[k].at(t), field_, sum_, true);
  }
  if (!killing_.is_zero()) {
    unpack(in);
    transform_.inverse(coefficients_, field_);
    // What a density loses to V is counted in the last entry of its state.
    for (double& value : field_) value = in.back() - value;
    multiply(killing_.at(t), field_, sum_, true);
  }
  transform_.forward(sum_, coefficients_);
  const std::size_t width = 2 * transform_.row();
  for (std::size_t row = 0; row < transform_.rows(); ++row)
    for (std::size_t m = 0; m < width; ++m)
      out[row * width + m] = scale_[m] * reals(coefficients_)[row * width + m];
  out.back() = 0;
}

void FourierGenerator::apply(double t, std::span<const double> h, std::span<double> out) {
  rest_adjoint(t, h, out);
  add_diffusion(t, h, out);
}

void FourierGenerator::apply_adjoint(double t, std::span<const double> density, std::span<double> out) {
  rest(t, density, out);
  add_diffusion(t, density, out);
}

void FourierGenerator::add_diffusion(double t, std::span<const double> in, std::span<double> out) const {
  const std::size_t width = 2 * transform_.row();
  std::vector<double> diffusion;
  for (const Coefficient& d : diffusion_) diffusion.push_back(d(t));
  for (std::size_t row = 0; row < transform_.rows(); ++row) {
    double across = 0;
    for (std::size_t k = 0; k + 1 < grid_.dimension(); ++k)
      across += diffusion[k] * half_square_[k][index(row, k)];
    for (std::size_t m = 0; m < width; ++m)
      out[row * width + m] -= (across + diffusion.back() * half_square_.back()[m]) * in[row * width + m];
  }
}

void FourierGenerator::to_state(std::span<const double> values, std::span<double> state) {
  std::copy(values.begin(), values.end(), product_.begin());
  transform_.forward(product_, coefficients_);
  const std::size_t width = 2 * transform_.row();
  for (std::size_t n = 0; n + 1 < state.size(); ++n) state[n] = scale_[n % width] * reals(coefficients_)[n];
  state.back() = 0;
}

void FourierGenerator::to_values(std::span<const double> state, std::span<double> values) {
  unpack(state);
  transform_.inverse(coefficients_, field_);
  std::copy(field_.begin(), field_.end(), values.begin());
}

void FourierGenerator::derivative(std::span<const double> state, std::size_t axis, std::span<double> values) {
  unpack_derivative(state, axis);
  transform_.inverse(coefficients_, field_);
  std::copy(field_.begin(), field_.end(), values.begin());
}

std::size_t FourierGenerator::memory() const {
  std::size_t bytes = killing_.memory() + 3 * grid_.size() * sizeof(double) + size() * sizeof(double);
  for (const SampledCoefficient& drift : drift_) bytes += drift.memory();
  return bytes;
}

}  // namespace umkehr
