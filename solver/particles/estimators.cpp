// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/particles/estimators.hpp"

#include <algorithm>
#include <cmath>

namespace umkehr {
namespace {

using Row = std::span<const double>;

template <class Function>
Estimate of_row(const EnsembleRun& run, std::size_t time, const Function& f) {
  return run.sums.sums.estimate(time * run.sums.row(), run.sums.row(), f);
}

constexpr std::size_t count = 0, weight = 1, square = 2, running = 3, first_function = 4;

}  // namespace

Estimate mean_weight(const EnsembleRun& run, std::size_t time) {
  return of_row(run, time, [](Row sums) { return sums[weight] / sums[count]; });
}

Estimate effective_size(const EnsembleRun& run, std::size_t time) {
  // Without a group it is so much smaller because there are fewer particles: compared by its share of them.
  const Estimate share =
      of_row(run, time, [](Row sums) { return sums[weight] * sums[weight] / (sums[square] * sums[count]); });
  const double particles = run.sums.sums.total(run.sums.count(time), 1)[0];
  return {share.value * particles, share.error * particles};
}

Estimate average(const EnsembleRun& run, std::size_t time, std::size_t j) {
  return of_row(run, time, [j](Row sums) { return sums[first_function + j] / sums[weight]; });
}

Estimate expectation(const EnsembleRun& run, std::size_t time, std::size_t j) {
  return of_row(run, time, [j](Row sums) { return sums[first_function + j] / sums[count]; });
}

Estimate covariance(const EnsembleRun& run, std::size_t time, std::size_t j, std::size_t k,
                    std::size_t product) {
  return of_row(run, time, [=](Row sums) {
    const double w = sums[weight];
    return sums[first_function + product] / w - sums[first_function + j] / w * (sums[first_function + k] / w);
  });
}

Estimate running_average(const EnsembleRun& run, std::size_t time) {
  return of_row(run, time, [](Row sums) { return sums[running] / sums[weight]; });
}

Estimate left_by(const EnsembleRun& run, std::size_t time, std::size_t wall) {
  const std::size_t column = first_function + run.sums.functions + wall;
  return of_row(run, time, [column](Row sums) { return sums[column] / sums[count]; });
}

Estimate left_between(const EnsembleRun& run, std::optional<std::size_t> first, std::size_t last,
                      std::size_t wall) {
  if (!first) return left_by(run, last, wall);
  const std::size_t row = run.sums.row(), column = first_function + run.sums.functions + wall;
  return run.sums.sums.estimate(*first * row, (last - *first + 1) * row, [=](Row sums) {
    return (sums[(last - *first) * row + column] - sums[column]) / sums[count];
  });
}

Histogram histogram(const EnsembleRun& run, const Grid& bins, std::size_t time) {
  const double particles = run.sums.sums.total(run.sums.count(time), 1)[0], volume = bins.cell_volume();
  Histogram found;
  for (std::size_t i = 0; i < bins.size(); ++i) {
    const double mean = run.bin_weight[time][i] / particles,
                 mean_square = run.bin_square[time][i] / particles;
    found.density.push_back(mean / volume);
    found.error.push_back(std::sqrt(std::max(0.0, mean_square - mean * mean) / particles) / volume);
  }
  return found;
}

}  // namespace umkehr
