// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/hjb/lines/line_diffusion.hpp"

#include <algorithm>
#include <utility>

namespace umkehr {
namespace {

using Complex = std::complex<double>;

/// The zero of 1 - 3z/5 + 3z^2/20 - z^3/60 next to a guess, and the residue there.
std::array<Complex, 2> pole_near(Complex z) {
  const auto slope = [](Complex at) { return -0.6 + 0.3 * at - at * at / 20.0; };
  for (int turn = 0; turn < 6; ++turn) z -= (1.0 - 0.6 * z + 0.15 * z * z - z * z * z / 60.0) / slope(z);
  return {z, (1.0 + 0.4 * z + z * z / 20.0) / slope(z)};
}

}  // namespace

LineDiffusion::LineDiffusion(std::size_t points, double spacing, int order, bool periodic)
    : points_(points), banded_(periodic ? points - 2 : points), periodic_(periodic) {
  const double scale = 1 / (spacing * spacing);
  if (order == 4)
    stencil_ = {-scale / 12, scale * 4 / 3, -scale * 5 / 2, scale * 4 / 3, -scale / 12};
  else
    stencil_ = {0, scale, -2 * scale, scale, 0};
}

/// Entries of row i at columns i - 2 .. i + 2; a ghost is 3 f_0 - 3 f_1 + f_2, the next one 6 f_0 - 8 f_1 + 3 f_2.
std::array<double, 5> LineDiffusion::row(std::size_t i) const {
  std::array<double, 5> entries = stencil_;
  if (periodic_) return entries;
  const std::size_t from_end = std::min(i, points_ - 1 - i);
  const bool right = i != from_end;
  if (right) std::reverse(entries.begin(), entries.end());
  const auto add = [&](std::size_t column, double value) { entries[column - from_end + 2] += value; };
  constexpr double first[] = {3, -3, 1}, second[] = {6, -8, 3};
  if (from_end == 0) {
    const double near = std::exchange(entries[1], 0.0), far = std::exchange(entries[0], 0.0);
    for (std::size_t j = 0; j < 3; ++j) add(j, near * first[j] + far * second[j]);
  } else if (from_end == 1) {
    const double near = std::exchange(entries[0], 0.0);
    for (std::size_t j = 0; j < 3; ++j) add(j, near * first[j]);
  }
  if (right) std::reverse(entries.begin(), entries.end());
  return entries;
}

void LineDiffusion::solve_band(const Factors& factors, std::vector<Complex>& x) const {
  for (std::size_t i = 0; i < banded_; ++i) {
    if (i >= 1) x[i] -= factors.lower[i][1] * x[i - 1];
    if (i >= 2) x[i] -= factors.lower[i][0] * x[i - 2];
  }
  for (std::size_t i = banded_; i-- > 0;) {
    if (i + 1 < banded_) x[i] -= factors.upper[i][0] * x[i + 1];
    if (i + 2 < banded_) x[i] -= factors.upper[i][1] * x[i + 2];
    x[i] *= factors.inverse_diagonal[i];
  }
}

LineDiffusion::Factors LineDiffusion::factor(Complex pole, Complex residue) const {
  Factors out;
  out.residue = residue;
  out.lower.resize(banded_);
  out.upper.resize(banded_);
  out.inverse_diagonal.resize(banded_);
  for (std::size_t i = 0; i < banded_; ++i) {
    std::array<Complex, 5> a;
    const std::array<double, 5> entries = row(i);
    for (std::size_t j = 0; j < 5; ++j) a[j] = tau_ * entries[j];
    a[2] -= pole;
    if (i >= 2) {
      a[0] *= out.inverse_diagonal[i - 2];
      a[1] -= a[0] * out.upper[i - 2][0];
      a[2] -= a[0] * out.upper[i - 2][1];
    }
    if (i >= 1) {
      a[1] *= out.inverse_diagonal[i - 1];
      a[2] -= a[1] * out.upper[i - 1][0];
      a[3] -= a[1] * out.upper[i - 1][1];
    }
    out.lower[i] = {a[0], a[1]};
    out.upper[i] = {a[3], a[4]};
    out.inverse_diagonal[i] = 1.0 / a[2];
  }
  if (!periodic_) return out;
  const std::size_t n = points_;
  const auto entry = [&](std::size_t i, std::size_t j) {
    const std::size_t offset = (j + 2 + n - i) % n;
    return (offset < 5 ? Complex(tau_ * stencil_[offset]) : Complex(0)) - (i == j ? pole : Complex(0));
  };
  std::array<std::array<Complex, 2>, 2> s;
  for (std::size_t c = 0; c < 2; ++c) {
    std::vector<Complex>& column = out.border[c];
    column.resize(banded_);
    for (std::size_t i = 0; i < banded_; ++i) column[i] = entry(i, banded_ + c);
    solve_band(out, column);
    for (std::size_t r = 0; r < 2; ++r) {
      s[r][c] = entry(banded_ + r, banded_ + c);
      for (const std::size_t j : {std::size_t{0}, std::size_t{1}, banded_ - 2, banded_ - 1})
        s[r][c] -= entry(banded_ + r, j) * column[j];
    }
  }
  const Complex determinant = s[0][0] * s[1][1] - s[0][1] * s[1][0];
  out.inner = {
      {{s[1][1] / determinant, -s[0][1] / determinant}, {-s[1][0] / determinant, s[0][0] / determinant}}};
  return out;
}

void LineDiffusion::prepare(double tau) {
  if (tau == tau_) return;
  tau_ = tau;
  const auto [real, real_residue] = pole_near(3.6378342527444957);
  const auto [pair, pair_residue] = pole_near({2.6810828736277521, 3.0504301992474105});
  factors_ = {factor(real, real_residue), factor(pair, 2.0 * pair_residue)};
}

/// (re, im) = (z - p)^-1 line
void LineDiffusion::accumulate(const Factors& factors, const Lanes* line, Lanes* re, Lanes* im) const {
  const auto subtract = [&](std::size_t i, Complex factor, std::size_t j) {
    re[i] -= factor.real() * re[j] - factor.imag() * im[j];
    im[i] -= factor.real() * im[j] + factor.imag() * re[j];
  };
  for (std::size_t i = 0; i < banded_; ++i) {
    re[i] = line[i];
    im[i] = Lanes{};
    if (i >= 1) subtract(i, factors.lower[i][1], i - 1);
    if (i >= 2) subtract(i, factors.lower[i][0], i - 2);
  }
  for (std::size_t i = banded_; i-- > 0;) {
    if (i + 1 < banded_) subtract(i, factors.upper[i][0], i + 1);
    if (i + 2 < banded_) subtract(i, factors.upper[i][1], i + 2);
    const Complex scale = factors.inverse_diagonal[i];
    const Lanes real = re[i];
    re[i] = scale.real() * real - scale.imag() * im[i];
    im[i] = scale.real() * im[i] + scale.imag() * real;
  }
  if (!periodic_) return;
  std::array<Lanes, 2> rest_re, rest_im;
  const std::size_t m = banded_;
  const double far = tau_ * stencil_[0], near = tau_ * stencil_[1];
  const auto couple = [&](const Lanes* x) {
    // E x: the border's first row touches columns m - 2, m - 1 and 0, its second m - 1, 0 and 1.
    return std::array<Lanes, 2>{far * x[m - 2] + near * x[m - 1] + far * x[0],
                                far * x[m - 1] + near * x[0] + far * x[1]};
  };
  const std::array<Lanes, 2> e_re = couple(re), e_im = couple(im);
  for (std::size_t r = 0; r < 2; ++r) {
    rest_re[r] = rest_im[r] = Lanes{};
    for (std::size_t c = 0; c < 2; ++c) {
      const Complex g = factors.inner[r][c];
      const Lanes a = line[m + c] - e_re[c], b = -e_im[c];
      rest_re[r] += g.real() * a - g.imag() * b;
      rest_im[r] += g.real() * b + g.imag() * a;
    }
    re[m + r] = rest_re[r];
    im[m + r] = rest_im[r];
  }
  for (std::size_t i = 0; i < m; ++i)
    for (std::size_t c = 0; c < 2; ++c) subtract(i, factors.border[c][i], m + c);
}

void LineDiffusion::apply(Lanes* line, Lanes* scratch) const {
  Lanes *re = scratch, *im = scratch + points_;
  std::vector<Lanes> sum(points_, Lanes{});
  for (const Factors& factors : factors_) {
    accumulate(factors, line, re, im);
    for (std::size_t i = 0; i < points_; ++i)
      sum[i] += factors.residue.real() * re[i] - factors.residue.imag() * im[i];
  }
  std::copy(sum.begin(), sum.end(), line);
}

}  // namespace umkehr
