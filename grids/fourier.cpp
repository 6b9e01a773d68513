// SPDX-License-Identifier: GPL-3.0-or-later
#include "grids/fourier.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <stdexcept>

#include "grids/machine/team.hpp"

namespace umkehr {
namespace {

constexpr std::size_t lines_in_block = 8;

/// That a block of lines of n values takes.
double nanoseconds(std::size_t n, double a_value) {
  return a_value * static_cast<double>(lines_in_block * n) * std::log2(static_cast<double>(n + 1));
}

fftw_complex* raw(std::complex<double>* c) {
  return reinterpret_cast<fftw_complex*>(c);
}

fftw_plan planned(fftw_plan plan) {
  if (plan == nullptr) throw std::runtime_error("FFTW cannot plan this transform");
  return plan;
}

fftw_plan plan_complex(std::size_t n, std::size_t count, std::size_t stride, ComplexArray& scratch,
                       int sign) {
  const int length = static_cast<int>(n);
  return planned(fftw_plan_many_dft(1, &length, static_cast<int>(count), raw(scratch.data()), nullptr,
                                    static_cast<int>(stride), 1, raw(scratch.data()), nullptr,
                                    static_cast<int>(stride), 1, sign, FFTW_ESTIMATE));
}

fftw_plan plan_real(std::size_t n, std::size_t count, RealArray& values, ComplexArray& c, bool forward) {
  const int length = static_cast<int>(n), row = length / 2 + 1, lines = static_cast<int>(count);
  return planned(forward ? fftw_plan_many_dft_r2c(1, &length, lines, values.data(), nullptr, 1, length,
                                                  raw(c.data()), nullptr, 1, row, FFTW_ESTIMATE)
                         : fftw_plan_many_dft_c2r(1, &length, lines, raw(c.data()), nullptr, 1, row,
                                                  values.data(), nullptr, 1, length, FFTW_ESTIMATE));
}

}  // namespace

std::mutex& fftw_planner() {
  static std::mutex mutex;
  return mutex;
}

void FourierTransform::Destroy::operator()(fftw_plan plan) const {
  const std::lock_guard lock(fftw_planner());
  fftw_destroy_plan(plan);
}

FourierTransform::FourierTransform(const Grid& grid) : size_(grid.size()) {
  const std::size_t n = grid.axes().back().points;
  row_ = n / 2 + 1;
  rows_ = size_ / n;
  plan_rows(n);
  std::size_t outer = 1, inner = coefficients();
  for (std::size_t k = 0; k + 1 < grid.dimension(); ++k) {
    const std::size_t points = grid.axis(k).points;
    inner /= points;
    lines_.push_back(plan_lines(outer, points, inner));
    outer *= points;
  }
}

void FourierTransform::plan_rows(std::size_t n) {
  RealArray values(n * lines_in_block);
  ComplexArray c(row_ * lines_in_block);
  const std::size_t rest = rows_ % lines_in_block;
  row_blocks_ = (rows_ + lines_in_block - 1) / lines_in_block;
  const std::lock_guard lock(fftw_planner());
  if (rows_ >= lines_in_block) {
    rows_forward_.reset(plan_real(n, lines_in_block, values, c, true));
    rows_inverse_.reset(plan_real(n, lines_in_block, values, c, false));
  }
  if (rest > 0) {
    rows_forward_rest_.reset(plan_real(n, rest, values, c, true));
    rows_inverse_rest_.reset(plan_real(n, rest, values, c, false));
  }
}

FourierTransform::Lines FourierTransform::plan_lines(std::size_t outer, std::size_t n,
                                                     std::size_t inner) const {
  ComplexArray scratch(n * inner);
  const std::size_t rest = inner % lines_in_block;
  Lines lines{outer, n, inner, (inner + lines_in_block - 1) / lines_in_block, {}, {}, {}, {}};
  const std::lock_guard lock(fftw_planner());
  if (inner >= lines_in_block) {
    lines.forward.reset(plan_complex(n, lines_in_block, inner, scratch, FFTW_FORWARD));
    lines.inverse.reset(plan_complex(n, lines_in_block, inner, scratch, FFTW_BACKWARD));
  }
  if (rest > 0) {
    lines.forward_rest.reset(plan_complex(n, rest, inner, scratch, FFTW_FORWARD));
    lines.inverse_rest.reset(plan_complex(n, rest, inner, scratch, FFTW_BACKWARD));
  }
  return lines;
}

void FourierTransform::transform_lines(const Lines& lines, ComplexArray& c, bool forward) const {
  const std::size_t jobs = lines.outer * lines.blocks;
  share(jobs, nanoseconds(lines.n, 0.8), [&](std::size_t job) {
    const std::size_t first = job % lines.blocks * lines_in_block;
    const bool full = first + lines_in_block <= lines.inner;
    const Plan& plan =
        forward ? (full ? lines.forward : lines.forward_rest) : (full ? lines.inverse : lines.inverse_rest);
    fftw_complex* at = raw(c.data() + job / lines.blocks * lines.n * lines.inner + first);
    fftw_execute_dft(plan.get(), at, at);
  });
}

void FourierTransform::forward(const RealArray& values, ComplexArray& coefficients) const {
  const std::size_t n = size_ / rows_;
  share(row_blocks_, nanoseconds(n, 0.3), [&](std::size_t block) {
    const std::size_t first = block * lines_in_block;
    const Plan& plan = first + lines_in_block <= rows_ ? rows_forward_ : rows_forward_rest_;
    // A real transform out of place leaves its input as it was, though FFTW's signature does not say so.
    fftw_execute_dft_r2c(plan.get(), const_cast<double*>(values.data()) + first * n,
                         raw(coefficients.data() + first * row_));
  });
  for (const Lines& lines : lines_) transform_lines(lines, coefficients, true);
}

void FourierTransform::inverse(ComplexArray& coefficients, RealArray& values) const {
  for (const Lines& lines : lines_) transform_lines(lines, coefficients, false);
  const std::size_t n = size_ / rows_;
  share(row_blocks_, nanoseconds(n, 0.3), [&](std::size_t block) {
    const std::size_t first = block * lines_in_block;
    const Plan& plan = first + lines_in_block <= rows_ ? rows_inverse_ : rows_inverse_rest_;
    fftw_execute_dft_c2r(plan.get(), raw(coefficients.data() + first * row_), values.data() + first * n);
  });
}

std::vector<double> even_wavenumbers(const Axis& axis, bool last) {
  const std::size_t n = axis.points, count = last ? n / 2 + 1 : n;
  std::vector<double> kappa(count);
  for (std::size_t k = 0; k < count; ++k) {
    const double mode = k <= n / 2 ? static_cast<double>(k) : static_cast<double>(k) - static_cast<double>(n);
    kappa[k] = 2 * std::numbers::pi * mode / axis.length();
  }
  return kappa;
}

std::vector<double> wavenumbers(const Axis& axis, bool last) {
  std::vector<double> kappa = even_wavenumbers(axis, last);
  if (axis.points % 2 == 0) kappa[axis.points / 2] = 0;
  return kappa;
}

}  // namespace umkehr
