// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/finite_volume/axis_step.hpp"

#include <algorithm>

#include "grids/machine/team.hpp"
#include "grids/machine/unrolled.hpp"
#include "solver/stepping/flush_to_zero.hpp"

namespace umkehr {
namespace {

constexpr double nanoseconds_a_cell = 4;
constexpr std::size_t width = lanes::width;
constexpr std::size_t remembered = 4;  // lengths of steps whose factors are kept

double sum(const double* values, std::size_t count) {
  double result = 0;
  for (std::size_t i = 0; i < count; ++i) result += values[i];
  return result;
}

}  // namespace

AxisStep::AxisStep(AxisGenerator generator)
    : generator_(std::move(generator)), losses_(generator_.lines().batches()) {
  const AxisLines& lines = generator_.lines();
  const std::size_t batches = lines.batches();
  nanoseconds_a_batch_ = nanoseconds_a_cell * static_cast<double>(lines.length() * lines.lanes());
  const std::size_t seats = team::seats(nanoseconds_a_batch_ * static_cast<double>(batches));
  for (std::size_t n = 0; n < std::min(seats, batches); ++n) furnish(desks_.emplace_back());
}

/// With what the next step needs.
void AxisStep::furnish(Workspace& workspace) const {
  const AxisLines& lines = generator_.lines();
  if (sweeps() && !workspace.sweep) {
    workspace.sweep.emplace(lines);
  } else if (!sweeps() && !workspace.solver) {
    workspace.solver.emplace(lines, generator_.boundary());
    workspace.before = workspace.mixed = workspace.after = LaneBuffer(lines.length() * lines.lanes());
  }
}

bool AxisStep::sweeps() const {
  return generator_.boundary() != Boundary::periodic && !generator_.lines().is_segmented() &&
         !factors_last() && killing_ == nullptr;
}

void AxisStep::freeze(double t, const KillingLayer* killing, std::size_t killing_version) {
  generator_.freeze(t);
  killing_ = killing;
  killing_version_ = killing_version;
}

template <class Work>
void AxisStep::for_each_batch(Work work) {
  const FlushToZero guard;
  share_pieces({losses_.size(), nanoseconds_a_batch_, desks_.size()}, [&](const Piece& piece) {
    for (std::size_t batch = piece.first; batch < piece.last; ++batch) work(desks_[piece.seat], batch);
  });
}

/// This workspace; or, where factors last, the one that has them for g h = `length`, or else the one longest in use.
AxisStep::Workspace& AxisStep::desk_for(Workspace& own, double length, Direction direction) {
  if (!factors_last()) return own;
  for (Workspace& known : desks_)
    if (has_factors(known, length, direction)) return known;
  if (desks_.size() < remembered) furnish(desks_.emplace_back());
  Workspace& chosen = desks_[oldest_++ % desks_.size()];
  chosen.factored_length = 0;
  return chosen;
}

bool AxisStep::has_factors(const Workspace& workspace, double length, Direction direction) const {
  return workspace.factored_length == length && workspace.factored_killing == killing_version_ &&
         workspace.factored_for == direction;
}

void AxisStep::factor(Workspace& workspace, double length, std::size_t batch, Direction direction) const {
  LineSolver& solver = *workspace.solver;
  const AxisLines& lines = generator_.lines();
  const std::size_t cells = workspace.before.size();
  solver.killing.resize(killing_ ? cells : 0);
  workspace.distance.resize(killing_ ? cells + lines.lanes() : 0);
  if (killing_) {
    // The last row is that of the faces above the last cells; what is gathered above it is overwritten.
    lines.gather(killing_->above.data(), batch, workspace.distance.data() + lines.lanes());
    lines.gather(killing_->below.data(), batch, workspace.distance.data());
    lines.gather(killing_->rate.data(), batch, solver.killing.data());
  }
  for (double& rate : solver.killing) rate *= length;
  generator_.rates(batch, length, solver.up.data(), solver.down.data(),
                   killing_ ? workspace.distance.data() : nullptr);
  if (killing_) {
    // What leaves a cell through a face is a share of its mean.
    const auto weigh = [&](const std::vector<double>& first, double* first_row,
                           const std::vector<double>& then, double* then_row, double* rates) {
      lines.gather(first.data(), batch, first_row);
      lines.gather(then.data(), batch, then_row);
      for (std::size_t i = 0; i < workspace.distance.size(); ++i) rates[i] *= workspace.distance[i];
    };
    double *lowest = workspace.distance.data(), *next = lowest + lines.lanes();
    weigh(killing_->share_below, lowest, killing_->share, next, solver.up.data());
    weigh(killing_->share_above, next, killing_->share, lowest, solver.down.data());
  }
  solver.factor(direction);
  workspace.factored_length = length;
  workspace.factored_killing = killing_version_;
  workspace.factored_for = direction;
}

/// The cells of a batch after a step, not settled.
const double* AxisStep::solve(Workspace& own, LineScheme scheme, double h, const double* field,
                              std::size_t batch, Direction direction, LineSums& sums) {
  const AxisLines& lines = generator_.lines();
  const double length = std::visit([](auto known) { return known.implicit_part; }, scheme) * h;
  furnish(own);
  if (sweeps()) {
    const double* after = own.sweep->step(scheme, generator_.batch_rates(batch, length),
                                          generator_.wall_factor(), direction, lines, batch, field);
    sums = own.sweep->sums();
    return after;
  }
  Workspace& workspace = desk_for(own, length, direction);
  lines.gather(field, batch, workspace.before.data());
  if (!factors_last() || !has_factors(workspace, length, direction))
    factor(workspace, length, batch, direction);
  workspace.solver->solve_apart(workspace.before.data(), workspace.after.data(), direction);
  sums = std::visit(
      [&](auto known) {
        return killing_ ? finish<true>(workspace, known, direction)
                        : finish<false>(workspace, known, direction);
      },
      scheme);
  return workspace.after.data();
}

/// From the first solution, `after`, which still lacks what joints add, to the end of the step.
template <bool kills, class Line>
LineSums AxisStep::finish(Workspace& workspace, Line, Direction direction) {
  double *before = workspace.before.data(), *mixed = workspace.mixed.data(), *after = workspace.after.data();
  Lanes killed[LineSums::widest / width]{};
  const double* killing = workspace.solver->killing.data();
  if constexpr (Line::solves_twice) {
    workspace.solver->each_solution(
        after, direction, [&](std::size_t place, auto v, Lanes solution) UMKEHR_INLINE {
          lanes::store(mixed + place, Line::mixed(lanes::load(before + place), solution));
          if constexpr (kills) killed[v] += Line::killed_of_first * lanes::load(killing + place) * solution;
        });
    workspace.solver->solve_apart(mixed, after, direction);
  }
  Lanes missing[LineSums::widest / width]{}, size[LineSums::widest / width]{};
  workspace.solver->each_solution(
      after, direction, [&](std::size_t place, auto v, Lanes solution) UMKEHR_INLINE {
        const Lanes old = lanes::load(before + place), given = Line::after(old, solution);
        missing[v] += old - given;
        size[v] += lanes::abs(given);
        lanes::store(after + place, given);
        if constexpr (kills) killed[v] += Line::killed_of_last * lanes::load(killing + place) * solution;
      });
  const AxisLines& lines = generator_.lines();
  LineSums sums;
  const bool leaks = generator_.boundary() == Boundary::absorbing;
  for (std::size_t lane = 0; lane < lines.lanes(); ++lane) {
    sums.missing[lane] = missing[lane / width][lane % width];
    sums.size[lane] = size[lane / width][lane % width];
    sums.left[lane] = leaks ? outflow(workspace, Line(), lane) : 0;
    sums.killed[lane] = killed[lane / width][lane % width];
  }
  return sums;
}

/// The scheme's quadrature of the flux through the walls at which a segment begins or ends.
template <class Line>
double AxisStep::outflow(const Workspace& workspace, Line, std::size_t lane) const {
  const AxisLines& lines = generator_.lines();
  const std::size_t lanes = lines.lanes(), end = (lines.length() - 1) * lanes + lane;
  const auto flux = [&](double rate, std::size_t cell) {
    const double before = workspace.before[cell], last = Line::left_of_last(before, workspace.after[cell]);
    if constexpr (Line::solves_twice)
      return rate * (Line::left_of_first(before, workspace.mixed[cell]) + last);
    else
      return rate * last;
  };
  const bool begins = !lines.is_segmented() || lane == 0, ends = !lines.is_segmented() || lane + 1 == lanes;
  return (begins ? flux(workspace.solver->down[lane], lane) : 0) +
         (ends ? flux(workspace.solver->up[end + lanes], end) : 0);
}

/// The share of each |value| by which what rounding errors took from its line is given back; returns what it lost.
CellLoss AxisStep::settle(const LineSums& sums, std::size_t batch, double* share) const {
  const AxisLines& lines = generator_.lines();
  const std::size_t lanes = lines.lanes();
  if (lines.is_segmented()) {
    const CellLoss loss{sum(sums.left, lanes), sum(sums.killed, lanes)};
    const double size = sum(sums.size, lanes);
    std::fill_n(share, lanes, size > 0 ? (sum(sums.missing, lanes) - loss.outflow - loss.killed) / size : 0);
    return loss;
  }
  for (std::size_t lane = 0; lane < lanes; ++lane) {
    const double lost = sums.left[lane] + sums.killed[lane];
    share[lane] = sums.size[lane] > 0 ? (sums.missing[lane] - lost) / sums.size[lane] : 0;
  }
  return {sum(sums.left, lines.used(batch)), sum(sums.killed, lines.used(batch))};
}

CellLoss AxisStep::forward(LineScheme scheme, double h, std::span<double> density) {
  for_each_batch([&](Workspace& own, std::size_t batch) {
    LineSums sums;
    double share[LineSums::widest];
    const double* after = solve(own, scheme, h, density.data(), batch, Direction::forward, sums);
    losses_[batch] = settle(sums, batch, share);
    generator_.lines().scatter(after, batch, density.data(), share);
  });
  CellLoss all;
  for (const CellLoss& loss : losses_) all = {all.outflow + loss.outflow, all.killed + loss.killed};
  return all;
}

void AxisStep::backward(LineScheme scheme, double h, std::span<double> value) {
  for_each_batch([&](Workspace& own, std::size_t batch) {
    LineSums sums;
    const double* after = solve(own, scheme, h, value.data(), batch, Direction::backward, sums);
    generator_.lines().scatter(after, batch, value.data());
  });
}

std::size_t AxisStep::memory() const {
  const AxisLines& lines = generator_.lines();
  const std::size_t arrays_a_desk = sweeps() ? 5 : 9;
  return generator_.memory() +
         desks_.size() * arrays_a_desk * lines.length() * lines.lanes() * sizeof(double);
}

}  // namespace umkehr
