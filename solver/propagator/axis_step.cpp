// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/propagator/axis_step.hpp"

#include <omp.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "solver/propagator/flush_to_zero.hpp"

namespace umkehr {
namespace {

const double g = 1 - std::sqrt(0.5);
const double second_stage = (1 - g) / g;
constexpr std::size_t parallel_from = 8192;  // cells: below it, waking threads costs more than they do
constexpr std::size_t width = lanes::width, widest = 4 * width;
constexpr std::size_t remembered = 4;  // lengths of steps whose factors are kept

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

void combine(std::vector<double>& out, double a, const std::vector<double>& x, double b,
             const std::vector<double>& y) {
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = a * x[i] + b * y[i];
}

/// values += share * |values|, lane by lane.
void spread(std::vector<double>& values, const double* share, std::size_t lanes) {
  // A share this small would be rounded away.
  if (std::all_of(share, share + lanes, [](double each) { return std::abs(each) < 0x1p-54; })) return;
  for (std::size_t lane = 0; lane < lanes; lane += lanes::width) {
    const Lanes own = lanes::load(share + lane);
    for (std::size_t place = lane; place < values.size(); place += lanes) {
      const Lanes value = lanes::load(&values[place]);
      lanes::store(&values[place], value + own * lanes::abs(value));
    }
  }
}

double sum(const double* values, std::size_t count) {
  double result = 0;
  for (std::size_t i = 0; i < count; ++i) result += values[i];
  return result;
}

}  // namespace

AxisStep::AxisStep(AxisGenerator generator)
    : generator_(std::move(generator)), outflows_(generator_.lines().batches()) {
  const AxisLines& lines = generator_.lines();
  const std::size_t batches = lines.batches();
  const bool parallel = batches > 1 && lines.length() * lines.lanes() * batches >= parallel_from;
  const std::size_t threads = parallel ? static_cast<std::size_t>(omp_get_max_threads()) : 1;
  for (std::size_t n = 0; n < std::min(threads, batches); ++n) desks_.push_back(new_desk());
}

AxisStep::Desk AxisStep::new_desk() const {
  const AxisLines& lines = generator_.lines();
  const std::vector<double> cells(lines.length() * lines.lanes());
  return {LineSolver(lines, generator_.boundary()), cells, cells, cells};
}

template <class Work>
void AxisStep::for_each_batch(Work work) {
  const std::size_t batches = outflows_.size();
  if (batches == 1 || desks_.size() == 1) {
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

/// This desk; or, where factors last, the one that has them for g h = `length`, or else the one longest in use.
AxisStep::Desk& AxisStep::desk_for(Desk& own, double length, Direction direction) {
  if (!factors_last()) return own;
  for (Desk& known : desks_)
    if (known.factored_length == length && known.factored_for == direction) return known;
  if (desks_.size() < remembered) desks_.push_back(new_desk());
  Desk& chosen = desks_[oldest_++ % desks_.size()];
  chosen.factored_length = 0;
  return chosen;
}

/// From `before` to `after`, on the desk that is returned; `stage` keeps the first stage.
AxisStep::Desk& AxisStep::solve(Desk& own, LineScheme scheme, double h, const double* field,
                                std::size_t batch, Direction direction) {
  const double length = implicit_part(scheme) * h;
  Desk& desk = desk_for(own, length, direction);
  generator_.lines().gather(field, batch, desk.before.data());
  if (factors_last() && desk.factored_length == length) {
    desk.solver.solve(desk.before.data(), desk.stage.data(), direction);
  } else {
    generator_.rates(batch, length, desk.solver.up.data(), desk.solver.down.data());
    desk.solver.factor_and_solve(desk.before.data(), desk.stage.data(), direction);
    desk.factored_length = length;
    desk.factored_for = direction;
  }
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
  return desk;
}

/// The scheme's quadrature of the flux through the walls at which a segment begins or ends.
double AxisStep::outflow(const Desk& desk, LineScheme scheme, std::size_t lane) const {
  const AxisLines& lines = generator_.lines();
  const std::size_t lanes = lines.lanes(), last = (lines.length() - 1) * lanes + lane;
  const double stage = scheme == LineScheme::sdirk2 ? second_stage : 1 / implicit_part(scheme);
  const double after = scheme == LineScheme::sdirk2 ? 1 : 0;
  const auto flux = [&](double rate, std::size_t cell) {
    return rate * (stage * desk.stage[cell] + after * desk.after[cell]);
  };
  const bool begins = !lines.is_segmented() || lane == 0, ends = !lines.is_segmented() || lane + 1 == lanes;
  return (begins ? flux(desk.solver.down[lane], lane) : 0) +
         (ends ? flux(desk.solver.up[last + lanes], last) : 0);
}

/// Spreads over each line what rounding errors took from it; returns the outflow.
double AxisStep::settle(Desk& desk, LineScheme scheme, std::size_t batch) {
  const AxisLines& lines = generator_.lines();
  const std::size_t lanes = lines.lanes();
  std::array<double, widest> missing{}, size{}, left{};
  for (std::size_t lane = 0; lane < lanes; lane += width) {
    Lanes difference{}, absolute{};
    for (std::size_t place = lane; place < desk.after.size(); place += lanes) {
      const Lanes after = lanes::load(&desk.after[place]);
      difference += lanes::load(&desk.before[place]) - after;
      absolute += lanes::abs(after);
    }
    lanes::store(&missing[lane], difference);
    lanes::store(&size[lane], absolute);
  }
  if (generator_.boundary() == Boundary::absorbing)
    for (std::size_t lane = 0; lane < lanes; ++lane) left[lane] = outflow(desk, scheme, lane);
  if (lines.is_segmented())
    for (std::array<double, widest>* each : {&missing, &size, &left}) {
      const double whole = sum(each->data(), lanes);
      std::fill(each->begin(), each->end(), 0.0);
      each->front() = whole;
    }
  std::array<double, widest> share{};
  for (std::size_t lane = 0; lane < lanes; ++lane) {
    const std::size_t line = lines.is_segmented() ? 0 : lane;
    share[lane] = size[line] > 0 ? (missing[line] - left[line]) / size[line] : 0;
  }
  spread(desk.after, share.data(), lanes);
  return sum(left.data(), lines.is_segmented() ? 1 : lines.used(batch));
}

double AxisStep::forward(LineScheme scheme, double h, std::span<double> density) {
  for_each_batch([&](Desk& own, std::size_t batch) {
    Desk& desk = solve(own, scheme, h, density.data(), batch, Direction::forward);
    outflows_[batch] = settle(desk, scheme, batch);
    generator_.lines().scatter(desk.after.data(), batch, density.data());
  });
  return sum(outflows_.data(), outflows_.size());
}

void AxisStep::backward(LineScheme scheme, double h, std::span<double> value) {
  for_each_batch([&](Desk& own, std::size_t batch) {
    const Desk& desk = solve(own, scheme, h, value.data(), batch, Direction::backward);
    generator_.lines().scatter(desk.after.data(), batch, value.data());
  });
}

std::size_t AxisStep::memory() const {
  const AxisLines& lines = generator_.lines();
  constexpr std::size_t arrays_a_desk = 8;
  return generator_.memory() +
         desks_.size() * arrays_a_desk * lines.length() * lines.lanes() * sizeof(double);
}

}  // namespace umkehr
