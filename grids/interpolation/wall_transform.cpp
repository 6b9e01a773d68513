// SPDX-License-Identifier: GPL-3.0-or-later
#include "grids/interpolation/wall_transform.hpp"

#include <algorithm>
#include <cmath>
#include <mutex>
#include <numbers>
#include <stdexcept>

#include "grids/fourier.hpp"
#include "grids/machine/team.hpp"

namespace umkehr {
namespace {

constexpr std::size_t lines_a_block = 8;

struct Kinds {
  fftw_r2r_kind forward, inverse;
};
Kinds kinds(Boundary boundary) {
  if (boundary == Boundary::reflecting) return {FFTW_REDFT10, FFTW_REDFT01};
  if (boundary == Boundary::absorbing) return {FFTW_RODFT10, FFTW_RODFT01};
  return {FFTW_R2HC, FFTW_HC2R};
}

/// Place of coefficient i in a half-complex array: the real parts 0 .. n/2, then the imaginary ones descending.
std::size_t mode(Boundary boundary, std::size_t i, std::size_t n) {
  if (boundary == Boundary::reflecting) return i;
  if (boundary == Boundary::absorbing) return i + 1;
  return std::min(i, n - i);
}

fftw_plan plan(std::size_t n, fftw_r2r_kind kind) {
  RealArray lines(n * lines_a_block);
  const int length = static_cast<int>(n);
  fftw_plan made = fftw_plan_many_r2r(1, &length, lines_a_block, lines.data(), nullptr, 1, length,
                                      lines.data(), nullptr, 1, length, &kind, FFTW_ESTIMATE);
  if (made == nullptr) throw std::runtime_error("FFTW cannot plan this transform");
  return made;
}

}  // namespace

void WallTransform::Destroy::operator()(fftw_plan plan) const {
  const std::lock_guard lock(fftw_planner());
  fftw_destroy_plan(plan);
}

WallTransform::WallTransform(const Grid& grid, std::size_t axis)
    : n_(grid.axis(axis).points),
      inner_(grid.stride(axis)),
      lines_(grid.size() / n_),
      blocks_((lines_ + lines_a_block - 1) / lines_a_block) {
  const Boundary boundary = grid.axis(axis).boundary;
  const bool periodic = boundary == Boundary::periodic;
  scale_ = static_cast<double>(periodic ? n_ : 2 * n_);
  const double lowest = (periodic ? 2 : 1) * std::numbers::pi / grid.axis(axis).length();
  for (std::size_t i = 0; i < n_; ++i)
    wavenumbers_.push_back(lowest * static_cast<double>(mode(boundary, i, n_)));
  const std::lock_guard lock(fftw_planner());
  forward_.reset(plan(n_, kinds(boundary).forward));
  inverse_.reset(plan(n_, kinds(boundary).inverse));
}

std::size_t WallTransform::lines_in(std::size_t block) const {
  return std::min(lines_a_block, lines_ - block * lines_a_block);
}

void WallTransform::gather(const double* values, std::size_t block, double* lines) const {
  const std::size_t count = lines_in(block);
  for (std::size_t l = 0; l < count; ++l) {
    const double* from = values + place(block * lines_a_block + l);
    for (std::size_t i = 0; i < n_; ++i) lines[l * n_ + i] = from[i * inner_];
  }
}

void WallTransform::scatter(const double* lines, std::size_t block, double* values) const {
  const std::size_t count = lines_in(block);
  for (std::size_t l = 0; l < count; ++l) {
    double* to = values + place(block * lines_a_block + l);
    for (std::size_t i = 0; i < n_; ++i) to[i * inner_] = lines[l * n_ + i];
  }
}

void WallTransform::multiply(std::span<double> values, std::span<const double> multiplier) const {
  std::vector<double> factors(multiplier.begin(), multiplier.end());
  for (double& factor : factors) factor /= scale_;
  const double a_block = 15 * static_cast<double>(n_ * lines_a_block);
  share_pieces({blocks_, a_block}, [&](const Piece& piece) {
    RealArray lines(n_ * lines_a_block);
    for (std::size_t block = piece.first; block < piece.last; ++block) {
      gather(values.data(), block, lines.data());
      fftw_execute_r2r(forward_.get(), lines.data(), lines.data());
      for (std::size_t l = 0; l < lines_a_block; ++l)
        for (std::size_t i = 0; i < n_; ++i) lines[l * n_ + i] *= factors[i];
      fftw_execute_r2r(inverse_.get(), lines.data(), lines.data());
      scatter(lines.data(), block, values.data());
    }
  });
}

std::vector<double> WallTransform::spectrum(std::span<const double> values) const {
  std::vector<double> most(n_);
  RealArray lines(n_ * lines_a_block);
  for (std::size_t block = 0; block < blocks_; ++block) {
    gather(values.data(), block, lines.data());
    fftw_execute_r2r(forward_.get(), lines.data(), lines.data());
    for (std::size_t l = 0; l < lines_in(block); ++l)
      for (std::size_t i = 0; i < n_; ++i) most[i] = std::max(most[i], std::abs(lines[l * n_ + i]));
  }
  return most;
}

}  // namespace umkehr
