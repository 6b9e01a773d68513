// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/propagator/axis_step.hpp"

#include <omp.h>

#include <algorithm>
#include <cmath>

#include "solver/propagator/flush_to_zero.hpp"

namespace umkehr {
namespace {

const double g = 1 - std::sqrt(0.5);
const double second_stage = (1 - g) / g;
constexpr std::size_t parallel_from = 8192;  // cells: below it, waking threads costs more than they do

/// h multiplies A by this in the matrix that is solved with.
double implicit_part(LineScheme scheme) {
  switch (scheme) {
    case LineScheme::sdirk2:
      return g;
    case LineScheme::crank_nicolson:
      return 0.5;
    default:
      return 1;
  }
}

void combine(std::span<double> out, double a, std::span<const double> x, double b,
             std::span<const double> y) {
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = a * x[i] + b * y[i];
}

}  // namespace

AxisStep::AxisStep(AxisGenerator generator)
    : generator_(std::move(generator)), outflows_(generator_.lines().batches()) {
  const AxisLines& lines = generator_.lines();
  const std::size_t size = lines.length() * lines.lanes();
  const bool parallel = lines.batches() > 1 && size * lines.batches() >= parallel_from;
  const std::size_t threads = parallel ? static_cast<std::size_t>(omp_get_max_threads()) : 1;
  for (std::size_t n = 0; n < std::min(threads, lines.batches()); ++n)
    desks_.push_back({LineSolver(lines.length(), lines.lanes(), generator_.boundary()),
                      std::vector<double>(size), std::vector<double>(size), std::vector<double>(size)});
}

template <class Work>
void AxisStep::for_each_batch(Work work) {
  const std::size_t batches = generator_.lines().batches();
  if (desks_.size() == 1) {
    const FlushToZero guard;
    for (std::size_t batch = 0; batch < batches; ++batch) work(desks_.front(), batch);
    return;
  }
#pragma omp parallel num_threads(static_cast <int>(desks_.size()))
  {
    const FlushToZero guard;
    Desk& desk = desks_[static_cast<std::size_t>(omp_get_thread_num())];
#pragma omp for schedule(static)
    for (std::size_t batch = 0; batch < batches; ++batch) work(desk, batch);
  }
}

/// From `before` to `after`; `stage` keeps the first stage.
void AxisStep::solve(Desk& desk, LineScheme scheme, double h, std::size_t batch, Direction direction) {
  generator_.rates(batch, implicit_part(scheme) * h, desk.solver.up(), desk.solver.down());
  desk.solver.factor(direction);
  desk.solver.solve(desk.before.data(), desk.stage.data(), direction);
  switch (scheme) {
    case LineScheme::sdirk2:
      combine(desk.after, 1 - second_stage, desk.before, second_stage, desk.stage);
      desk.solver.solve(desk.after.data(), desk.after.data(), direction);
      break;
    case LineScheme::crank_nicolson:
      combine(desk.after, -1, desk.before, 2, desk.stage);
      break;
    case LineScheme::backward_euler:
      desk.after = desk.stage;
  }
}

/// The scheme's quadrature of the flux through both walls of a line.
double AxisStep::outflow(Desk& desk, LineScheme scheme, std::size_t lane) const {
  const AxisLines& lines = generator_.lines();
  const std::size_t last = (lines.length() - 1) * lines.lanes() + lane;
  const double stage = scheme == LineScheme::sdirk2 ? second_stage : 1 / implicit_part(scheme);
  const double after = scheme == LineScheme::sdirk2 ? 1 : 0;
  const double first_cell = stage * desk.stage[lane] + after * desk.after[lane];
  const double last_cell = stage * desk.stage[last] + after * desk.after[last];
  return desk.solver.down()[lane] * first_cell + desk.solver.up()[last + lines.lanes()] * last_cell;
}

/// Spreads over each line what rounding errors took from it; returns the outflow.
double AxisStep::settle(Desk& desk, LineScheme scheme, std::size_t batch) {
  const AxisLines& lines = generator_.lines();
  const std::size_t width = lines.lanes();
  const bool wraps = generator_.boundary() == Boundary::periodic;
  std::vector<double> missing(width), size(width);
  for (std::size_t place = 0; place < desk.after.size(); ++place) {
    missing[place % width] += desk.before[place] - desk.after[place];
    size[place % width] += std::abs(desk.after[place]);
  }
  double left = 0;
  for (std::size_t lane = 0; lane < width; ++lane) {
    const double through_walls = wraps ? 0 : outflow(desk, scheme, lane);
    if (lane < lines.used(batch)) left += through_walls;
    missing[lane] = size[lane] > 0 ? (missing[lane] - through_walls) / size[lane] : 0;
  }
  for (std::size_t place = 0; place < desk.after.size(); ++place)
    desk.after[place] += missing[place % width] * std::abs(desk.after[place]);
  return left;
}

double AxisStep::forward(LineScheme scheme, double h, std::span<double> density) {
  for_each_batch([&](Desk& desk, std::size_t batch) {
    generator_.lines().gather(density.data(), batch, desk.before.data());
    solve(desk, scheme, h, batch, Direction::forward);
    outflows_[batch] = settle(desk, scheme, batch);
    generator_.lines().scatter(desk.after.data(), batch, density.data());
  });
  double sum = 0;
  for (const double outflow : outflows_) sum += outflow;
  return sum;
}

void AxisStep::backward(LineScheme scheme, double h, std::span<double> value) {
  for_each_batch([&](Desk& desk, std::size_t batch) {
    generator_.lines().gather(value.data(), batch, desk.before.data());
    solve(desk, scheme, h, batch, Direction::backward);
    generator_.lines().scatter(desk.after.data(), batch, value.data());
  });
}

std::size_t AxisStep::memory() const {
  const AxisLines& lines = generator_.lines();
  constexpr std::size_t arrays_a_desk = 10;
  return generator_.memory() +
         desks_.size() * arrays_a_desk * lines.length() * lines.lanes() * sizeof(double);
}

}  // namespace umkehr
