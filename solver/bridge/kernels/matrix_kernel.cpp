// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/bridge/kernels/matrix_kernel.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "grids/failure.hpp"
#include "grids/log_sum_exp.hpp"
#include "grids/machine/elementary.hpp"
#include "grids/machine/infinity.hpp"
#include "grids/machine/lanes.hpp"
#include "grids/machine/team.hpp"
#include "grids/machine/unrolled.hpp"
#include "solver/stepping/flush_to_zero.hpp"

namespace umkehr {
namespace {

constexpr double span_of_doubles = 650;  // exponents between the largest and the least that a sum may need
constexpr double moved = 40;             // exponents by which potentials may leave those that were absorbed
constexpr double min_sum = 1e-280;
constexpr std::size_t rows_a_block = 64, rows_together = 4;  // rows

std::size_t whole_rows(std::size_t count) {
  return (count + 2 * lanes::width - 1) / (2 * lanes::width) * (2 * lanes::width);
}

double horizontal(Lanes a) {
  double sum = 0;
  for (std::size_t lane = 0; lane < lanes::width; ++lane) sum += a[lane];
  return sum;
}

/// ln sum exp(row + g)
double log_sum_with(std::span<const double> row, std::span<const double> g) {
  return log_sum_exp(row.size(), [&](std::size_t j) { return row[j] + g[j]; });
}

/// sums[r] = row r times v, for `together` rows
[[gnu::always_inline]] inline void dots(const double* rows, std::size_t pitch, const double* v,
                                        double* sums) {
  Lanes sum[rows_together][2];
  for (auto& row : sum) row[0] = row[1] = lanes::broadcast(0.0);
  for (std::size_t j = 0; j < pitch; j += 2 * lanes::width) {
    const Lanes low = lanes::load(v + j), high = lanes::load(v + j + lanes::width);
    unrolled<static_cast<int>(rows_together)>([&](auto r) UMKEHR_INLINE {
      sum[r][0] += lanes::load(rows + r * pitch + j) * low;
      sum[r][1] += lanes::load(rows + r * pitch + j + lanes::width) * high;
    });
  }
  for (std::size_t r = 0; r < rows_together; ++r) sums[r] = horizontal(sum[r][0] + sum[r][1]);
}

/// out += sum_r u[r] row r
[[gnu::always_inline]] inline void add_rows(const double* rows, std::size_t pitch, const double* u,
                                            double* out) {
  for (std::size_t j = 0; j < pitch; j += lanes::width) {
    Lanes sum = lanes::load(out + j);
    unrolled<static_cast<int>(rows_together)>(
        [&](auto r) UMKEHR_INLINE { sum += u[r] * lanes::load(rows + r * pitch + j); });
    lanes::store(out + j, sum);
  }
}

/// out[i] = usual(i), or exact(i), which takes long, where the sum is too small.
template <class Exact, class Usual>
void finish(std::span<const double> sums, std::span<double> out, const Exact& exact, const Usual& usual) {
  const auto small = std::count_if(sums.begin(), sums.end(), [](double sum) { return sum < min_sum; });
  const double all = 10 * static_cast<double>(sums.size()) * static_cast<double>(small);
  share(sums.size(), 2 + all / static_cast<double>(sums.size()),
        [&](std::size_t i) { out[i] = sums[i] < min_sum ? exact(i) : usual(i); });
}

}  // namespace

MatrixKernel::MatrixKernel(const Grid& grid, std::vector<double> log_matrix)
    : Kernel(grid),
      log_matrix_(std::move(log_matrix)),
      pitch_(whole_rows(grid.size())),
      absorbed_(pitch_, 0.0),
      row_log_(whole_rows(grid.size()), 0.0),
      v_(pitch_, 0.0),
      sums_(pitch_, 0.0) {
  if (log_matrix_.size() != size() * size())
    throw UnfitProblem("a kernel on " + std::to_string(size()) + " cells is a matrix of as many rows, not " +
                       std::to_string(log_matrix_.size()) + " numbers");
  double sum = 0;
  for (const double each : log_matrix_) sum += each < std::numeric_limits<double>::infinity() ? 0 : 1;
  if (sum > 0)
    throw UnfitProblem("the logarithms of a kernel hold " + std::to_string(sum) +
                       " values that are infinite or not numbers; take a finite drift and killing");
  const std::size_t rows = (size() + rows_a_block - 1) / rows_a_block * rows_a_block;
  scaled_.assign(rows * pitch_, 0.0);
  partial_.resize(rows / rows_a_block * pitch_);
  absorb_nothing();
}

std::size_t MatrixKernel::memory(std::size_t cells) {
  return (2 * cells + cells / rows_a_block + 8) * whole_rows(cells) * sizeof(double);
}

std::size_t MatrixKernel::memory() const {
  return memory(size());
}

void MatrixKernel::absorb_nothing() {
  std::vector<double> span(size());
  share(size(), 2 * static_cast<double>(size()), [&](std::size_t i) {
    double largest = log_zero, least = 0;
    for (const double each : log_row(i)) largest = std::max(largest, each);
    for (const double each : log_row(i)) least = std::min(least, each == log_zero ? 0 : each - largest);
    row_log_[i] = largest == log_zero ? 0 : largest;
    span[i] = -least;
  });
  everything_counts_ = *std::max_element(span.begin(), span.end()) < span_of_doubles;
  exponentiate();
}

void MatrixKernel::absorb(std::span<const double> log_chi) {
  std::vector<std::size_t> free;
  for (std::size_t j = 0; j < size(); ++j) {
    absorbed_[j] = log_chi[j];
    if (log_chi[j] == log_zero) free.push_back(j);
  }
  share(size(), 3 * static_cast<double>(size()), [&](std::size_t i) {
    const double sum = log_sum_with(log_row(i), absorbed_);
    row_log_[i] = sum == log_zero ? 0 : sum;
  });
  if (!free.empty()) fill_columns(free);
  exponentiate();
}

/// Where chi vanishes anything may be absorbed: what makes the largest entry of the column one.
void MatrixKernel::fill_columns(const std::vector<std::size_t>& columns) {
  for (const std::size_t j : columns) absorbed_[j] = log_zero;
  for (std::size_t i = 0; i < size(); ++i)
    for (const std::size_t j : columns)
      absorbed_[j] = std::max(absorbed_[j], log_matrix_[i * size() + j] - row_log_[i]);
  for (const std::size_t j : columns) absorbed_[j] = absorbed_[j] == log_zero ? 0 : -absorbed_[j];
}

void MatrixKernel::exponentiate() {
  const FlushToZero flush;
  share_pieces({size(), 2 * static_cast<double>(size())}, [&](const Piece& piece) {
    std::vector<double> row(size());
    for (std::size_t i = piece.first; i < piece.last; ++i) {
      const std::span<const double> logs = log_row(i);
      for (std::size_t j = 0; j < size(); ++j) row[j] = logs[j] + absorbed_[j] - row_log_[i];
      lanes::exp(row, {&scaled_[i * pitch_], size()});
    }
  });
}

/// v = exp(ln chi - g - shift); gives the shift.
double MatrixKernel::load(std::span<const double> log_chi) {
  const auto largest_of = [&] {
    double largest = log_zero;
    for (std::size_t j = 0; j < size(); ++j) largest = std::max(largest, log_chi[j] - absorbed_[j]);
    return largest == log_zero ? 0 : largest;
  };
  double shift = largest_of(), least = shift;
  for (std::size_t j = 0; j < size(); ++j)
    if (log_chi[j] != log_zero) least = std::min(least, log_chi[j] - absorbed_[j]);
  if (!everything_counts_ && shift - least > moved) {
    absorb(log_chi);
    shift = largest_of();
  }
  for (std::size_t j = 0; j < size(); ++j) v_[j] = log_chi[j] - absorbed_[j] - shift;
  const std::span<double> v(v_.data(), size());
  lanes::exp(v, v);
  return shift;
}

/// sums_ = A^T u, u given row by row: weights_of(first row, u of `together` rows).
template <class Weights>
void MatrixKernel::columns(const Weights& weights_of) {
  const std::size_t blocks = partial_.size() / pitch_;
  {
    const FlushToZero flush;
    share(blocks, 0.5 * static_cast<double>(rows_a_block * pitch_), [&](std::size_t b) {
      double* partial = &partial_[b * pitch_];
      std::fill_n(partial, pitch_, 0.0);
      for (std::size_t i = b * rows_a_block; i < std::min(size(), (b + 1) * rows_a_block);
           i += rows_together) {
        double u[rows_together];
        weights_of(i, u);
        add_rows(&scaled_[i * pitch_], pitch_, u, partial);
      }
    });
  }
  std::fill(sums_.begin(), sums_.end(), 0.0);
  for (std::size_t b = 0; b < blocks; ++b)
    for (std::size_t j = 0; j < pitch_; ++j) sums_[j] += partial_[b * pitch_ + j];
}

void MatrixKernel::apply(std::span<const double> log_chi, std::span<double> out) {
  const double shift = load(log_chi);
  std::vector<double> sums(whole_rows(size()));
  {
    const FlushToZero flush;
    share(sums.size() / rows_together, 0.3 * static_cast<double>(rows_together * pitch_), [&](std::size_t n) {
      dots(&scaled_[n * rows_together * pitch_], pitch_, v_.data(), &sums[n * rows_together]);
    });
  }
  lanes::log(std::span(sums).first(size()), out);
  finish(
      std::span(sums).first(size()), out, [&](std::size_t i) { return log_row_sum(i, log_chi); },
      [&](std::size_t i) { return out[i] + row_log_[i] + shift; });
}

void MatrixKernel::apply_transpose(std::span<const double> log_chi_hat, std::span<double> out) {
  double shift = log_zero;
  for (std::size_t i = 0; i < size(); ++i) shift = std::max(shift, log_chi_hat[i] + row_log_[i]);
  if (shift == log_zero) shift = 0;
  std::vector<double> u(whole_rows(size()), 0.0);
  for (std::size_t i = 0; i < size(); ++i) u[i] = log_chi_hat[i] + row_log_[i] - shift;
  lanes::exp(std::span<const double>(u).first(size()), std::span(u).first(size()));
  columns([&](std::size_t i, double* weights) { std::copy_n(&u[i], rows_together, weights); });
  finish_columns(shift, log_chi_hat, out);
}

void MatrixKernel::sweep(std::span<const double> log_initial, std::span<const double> log_chi_final,
                         std::span<double> log_chi_initial, std::span<double> log_chi_hat_final) {
  const double shift = load(log_chi_final);
  std::vector<double> density(whole_rows(size()), 0.0), sums(density);
  lanes::exp(log_initial, std::span(density).first(size()));
  columns([&](std::size_t i, double* weights) {
    dots(&scaled_[i * pitch_], pitch_, v_.data(), &sums[i]);
    for (std::size_t r = 0; r < rows_together; ++r)
      weights[r] = sums[i + r] > 0 ? density[i + r] / sums[i + r] : 0;
  });
  if (*std::min_element(sums.begin(), sums.begin() + static_cast<std::ptrdiff_t>(size())) < min_sum)
    return Kernel::sweep(log_initial, log_chi_final, log_chi_initial, log_chi_hat_final);
  lanes::log(std::span<const double>(sums).first(size()), log_chi_initial);
  for (std::size_t i = 0; i < size(); ++i) log_chi_initial[i] += row_log_[i] + shift;
  std::vector<double> log_chi_hat(size());
  log_quotient(log_initial, log_chi_initial, log_chi_hat);
  finish_columns(-shift, log_chi_hat, log_chi_hat_final);
}

void MatrixKernel::finish_columns(double shift, std::span<const double> log_chi_hat, std::span<double> out) {
  const std::span<const double> sums(sums_.data(), size());
  lanes::log(sums, out);
  finish(
      sums, out, [&](std::size_t j) { return log_column_sum(j, log_chi_hat); },
      [&](std::size_t j) { return out[j] + shift - absorbed_[j]; });
}

double MatrixKernel::log_row_sum(std::size_t i, std::span<const double> log_chi) const {
  return log_sum_with(log_row(i), log_chi);
}

double MatrixKernel::log_column_sum(std::size_t j, std::span<const double> log_chi_hat) const {
  std::vector<double> column(size());
  for (std::size_t i = 0; i < size(); ++i) column[i] = log_matrix_[i * size() + j];
  return log_sum_with(column, log_chi_hat);
}

}  // namespace umkehr
