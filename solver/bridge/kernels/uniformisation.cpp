// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/bridge/kernels/uniformisation.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "grids/failure.hpp"
#include "grids/machine/team.hpp"
#include "solver/finite_volume/equilibrium.hpp"
#include "solver/stepping/flush_to_zero.hpp"

namespace umkehr {
namespace {

constexpr double negligible = 1e-17;  // of what a term adds to any cell
constexpr std::size_t terms_a_look = 16;

/// out[j] += a[j] in[j]
void add_product(const double* a, const double* in, double* out, std::size_t count) {
  for (std::size_t j = 0; j < count; ++j) out[j] += a[j] * in[j];
}

}  // namespace

Uniformisation::Uniformisation(const Process& process, const Grid& grid, const std::vector<double>& times,
                               double longest_part)
    : grid_(grid),
      killing_(process.killing),
      depends_on_time_(process.depends_on_time()),
      centres_(grid.centres()),
      rates_(grid.dimension()),
      stay_(grid.size()) {
  ends_ = {times.front()};
  for (std::size_t n = 1; n < times.size(); ++n) {
    const double length = times[n] - times[n - 1];
    const double parts = depends_on_time_ ? std::ceil(length / longest_part) : 1;
    for (double p = 1; p < parts; ++p) ends_.push_back(times[n - 1] + p / parts * length);
    ends_.push_back(times[n]);
  }
  const std::vector<double> equilibrium = equilibrium_exponents(process, grid);
  for (std::size_t k = 0; k < grid.dimension(); ++k) {
    generators_.emplace_back(process, grid, k, equilibrium);
    rates_[k].up.resize(grid.size());
    rates_[k].down.resize(grid.size());
  }
}

void Uniformisation::read_rates(std::size_t axis) {
  const AxisGenerator& generator = generators_[axis];
  const AxisLines& lines = generator.lines();
  const std::size_t lanes = lines.lanes();
  LaneBuffer up((lines.length() + 1) * lanes), down(up);
  for (std::size_t batch = 0; batch < lines.batches(); ++batch) {
    generator.rates(batch, 1, up.data(), down.data());
    for (std::size_t lane = 0; lane < lines.used(batch); ++lane)
      for (std::size_t i = 0; i < lines.length(); ++i) {
        const std::size_t cell = lines.cell(batch, lane, i);
        rates_[axis].up[cell] = up[(i + 1) * lanes + lane];
        rates_[axis].down[cell] = down[i * lanes + lane];
      }
  }
}

void Uniformisation::freeze(double t) {
  if (is_frozen_ && !depends_on_time_) return;
  is_frozen_ = true;
  killing_(centres_, t, stay_);
  for (std::size_t k = 0; k < rates_.size(); ++k) {
    generators_[k].freeze(t);
    read_rates(k);
    for (std::size_t i = 0; i < stay_.size(); ++i) stay_[i] += rates_[k].up[i] + rates_[k].down[i];
  }
  lambda_ = std::max(1e-300, *std::max_element(stay_.begin(), stay_.end()));
  double sum = 0;
  for (const double rate : stay_) sum += rate;
  if (!std::isfinite(sum))
    throw UnfitProblem("the rates of the process are not finite at t = " + std::to_string(t));
  for (double& each : stay_) each = 1 - each / lambda_;
  for (AxisRates& along : rates_)
    for (auto* rates : {&along.up, &along.down})
      for (double& rate : *rates) rate /= lambda_;
}

/// One jump of the cells that share their first coordinate: what stays, and what comes from, or is seen at, neighbours.
void Uniformisation::jump_slab(Way way, std::size_t slab, const double* in, double* out) const {
  const std::size_t first_stride = grid_.stride(0), begin = slab * first_stride;
  for (std::size_t j = 0; j < first_stride; ++j) out[begin + j] = stay_[begin + j] * in[begin + j];
  const bool forward = way == Way::forward;
  for (std::size_t k = 0; k < grid_.dimension(); ++k) {
    const std::size_t points = grid_.axis(k).points, stride = grid_.stride(k), last = stride * (points - 1);
    const bool wraps = grid_.axis(k).boundary == Boundary::periodic;
    const double *up = rates_[k].up.data(), *down = rates_[k].down.data();
    // A density comes at the rate of where it was, a value at the rate of where it is seen.
    const auto to_upper = [&](std::size_t lower, std::size_t upper, std::size_t count) {
      add_product(forward ? up + lower : down + upper, in + lower, out + upper, count);
    };
    const auto to_lower = [&](std::size_t lower, std::size_t upper, std::size_t count) {
      add_product(forward ? down + upper : up + lower, in + upper, out + lower, count);
    };
    if (k == 0) {
      if (slab > 0 || wraps) to_upper(slab > 0 ? begin - stride : last, begin, stride);
      if (slab + 1 < points || wraps) to_lower(begin, slab + 1 < points ? begin + stride : 0, stride);
      continue;
    }
    for (std::size_t line = begin; line < begin + first_stride; line += stride * points) {
      to_upper(line, line + stride, last);
      to_lower(line, line + stride, last);
      if (!wraps) continue;
      to_upper(line + last, line, stride);
      to_lower(line + last, line, stride);
    }
  }
}

void Uniformisation::jump(Way way, std::span<const double> in, std::span<double> out) const {
  const std::size_t slabs = grid_.axis(0).points, together = std::max<std::size_t>(1, 512 / grid_.stride(0)),
                    blocks = (slabs + together - 1) / together;
  const double a_block = 2.0 * static_cast<double>(together * grid_.stride(0) * grid_.dimension());
  share(blocks, a_block, [&](std::size_t block) {
    const FlushToZero flush;
    for (std::size_t slab = block * together; slab < std::min(slabs, (block + 1) * together); ++slab)
      jump_slab(way, slab, in.data(), out.data());
  });
}

void Uniformisation::propagate(Way way, std::span<double> values, double h) {
  const FlushToZero flush;
  const double mean = lambda_ * h;
  std::vector<double> sum(values.size(), 0.0), now(values.begin(), values.end()), next(values.size());
  for (std::size_t k = 0;; ++k) {
    const auto jumps = static_cast<double>(k);
    const double weight = std::exp(jumps * std::log(mean) - mean - std::lgamma(jumps + 1));
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += weight * now[i];
    if (jumps > mean && k % terms_a_look == 0) {
      bool counts = false;
      for (std::size_t i = 0; i < sum.size(); ++i) counts = counts || weight * now[i] > negligible * sum[i];
      if (!counts) break;
    }
    jump(way, now, next);
    std::swap(now, next);
  }
  std::copy(sum.begin(), sum.end(), values.begin());
}

void Uniformisation::march(Way way, std::span<double> values, double start, double stop) {
  const auto first = std::lower_bound(ends_.begin(), ends_.end(), start),
             last = std::lower_bound(ends_.begin(), ends_.end(), stop);
  if (last == ends_.end() || *first != start || *last != stop)
    throw UnfitProblem("no kernel was made between t = " + std::to_string(start) + " and " +
                       std::to_string(stop));
  const std::ptrdiff_t parts = depends_on_time_ ? last - first : 1;
  for (std::ptrdiff_t n = 0; n < parts; ++n) {
    const auto at = first + (way == Way::forward ? n : parts - 1 - n);
    const double from = *at, to = depends_on_time_ ? *(at + 1) : stop;
    freeze(0.5 * (from + to));
    propagate(way, values, to - from);
  }
}

void Uniformisation::forward(std::span<double> density, double start, double stop) {
  march(Way::forward, density, start, stop);
}

void Uniformisation::backward(std::span<double> value, double start, double stop) {
  march(Way::backward, value, start, stop);
}

double Uniformisation::jumps(double start, double stop) {
  double largest = 0;
  for (const double t : {start, 0.5 * (start + stop), stop}) {
    freeze(t);
    largest = std::max(largest, lambda_);
  }
  return largest * (stop - start);
}

std::size_t Uniformisation::memory() const {
  std::size_t bytes = (3 * grid_.dimension() + 5) * grid_.size() * sizeof(double);
  for (const AxisGenerator& generator : generators_) bytes += generator.memory();
  return bytes;
}

}  // namespace umkehr
