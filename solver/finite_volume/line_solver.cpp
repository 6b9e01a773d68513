// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/finite_volume/line_solver.hpp"

#include <algorithm>

namespace umkehr {

LineSolver::LineSolver(const AxisLines& lines, Boundary boundary)
    : up((lines.length() + 1) * lines.lanes()),
      down(up.size()),
      length_(lines.length()),
      lanes_(lines.lanes()),
      is_segmented_(lines.is_segmented()),
      wraps_(boundary == Boundary::periodic),
      segments_(is_segmented_ || wraps_ ? length_ - 1 : length_, lanes_) {
  if (is_segmented_) chains_.emplace_back(lanes_, wraps_);
  if (!is_segmented_ && wraps_) chains_.assign(lanes_, JointChain(1, true));
  joints_.resize(lanes_);
  joints_below_.resize(lanes_);
}

std::size_t LineSolver::below(std::size_t lane) const {
  if (!is_segmented_) return lane;
  return lane == 0 ? lanes_ - 1 : lane - 1;
}

LineSolver::Responses LineSolver::responses(Direction direction) const {
  const bool forward = direction == Direction::forward;
  const std::size_t rows = length_ - 1;
  Responses result{LaneBuffer(length_ * lanes_), LaneBuffer(length_ * lanes_)};
  for (std::size_t lane = 0; lane < lanes_; ++lane) {
    if (!is_first_of_open_line(lane)) result.to_below[lane] = (forward ? up : down)[lane];
    result.to_own[(rows - 1) * lanes_ + lane] = (forward ? down : up)[rows * lanes_ + lane];
  }
  segments_.solve(result.to_below.data(), result.to_below.data(), direction);
  segments_.solve(result.to_own.data(), result.to_own.data(), direction);
  return result;
}

/// The joints' own equations: what passes from one to the next through a segment, and what a segment keeps.
void LineSolver::join() {
  const std::size_t rows = length_ - 1;
  const auto chain = [&](std::size_t lane) -> JointChain& { return chains_[is_segmented_ ? 0 : lane]; };
  const auto place = [&](std::size_t lane) { return is_segmented_ ? lane : 0; };
  for (std::size_t lane = 0; lane < lanes_; ++lane) chain(lane).kept[place(lane)] = own(rows * lanes_ + lane);
  for (std::size_t lane = 0; lane < lanes_; ++lane) {
    JointChain& joints = chain(lane);
    double kept_of_below = 0, kept_of_own = 0;
    for (std::size_t i = 0; i < rows; ++i) {
      kept_of_below += own(i * lanes_ + lane) * responses_.to_below[i * lanes_ + lane];
      kept_of_own += own(i * lanes_ + lane) * responses_.to_own[i * lanes_ + lane];
    }
    joints.kept[place(lane)] += kept_of_own;
    if (is_first_of_open_line(lane)) {
      // What a joint sends into the first segment and does not get back leaves through the wall.
      joints.kept[place(lane)] += down[lane] * responses_.to_own[lane];
      continue;
    }
    joints.kept[place(below(lane))] += kept_of_below;
    joints.up[place(below(lane))] =
        up[rows * lanes_ + lane] * responses_.to_below[(rows - 1) * lanes_ + lane];
    joints.down[place(below(lane))] = down[lane] * responses_.to_own[lane];
  }
  if (!wraps_) chains_[0].up.back() = up[length_ * lanes_ + lanes_ - 1];
}

void LineSolver::factor(Direction direction) {
  segments_.factor(up.data(), down.data(), killing.empty() ? nullptr : killing.data());
  if (!has_joints()) return;
  responses_ = responses(Direction::forward);
  if (direction == Direction::backward) transposed_responses_ = responses(Direction::backward);
  join();
  for (JointChain& chain : chains_) chain.factor(direction);
}

/// `values`: the cells between joints as if nothing came from those, and the joints' right-hand sides.
void LineSolver::solve_joints(double* values, Direction direction) const {
  const bool forward = direction == Direction::forward;
  const LaneBuffer& rising = forward ? up : down;
  const LaneBuffer& falling = forward ? down : up;
  const std::size_t rows = length_ - 1;
  double* joints = values + rows * lanes_;
  for (std::size_t lane = 0; lane < lanes_; ++lane)
    joints[lane] += rising[rows * lanes_ + lane] * values[(rows - 1) * lanes_ + lane];
  for (std::size_t lane = 0; lane < lanes_; ++lane)
    if (!is_first_of_open_line(lane)) joints[below(lane)] += falling[lane] * values[lane];
  const std::size_t joints_a_chain = is_segmented_ ? lanes_ : 1;
  for (std::size_t k = 0; k < chains_.size(); ++k) chains_[k].solve(joints + k * joints_a_chain, direction);
}

void LineSolver::solve_apart(const double* right, double* x, Direction direction) {
  if (!has_joints()) return segments_.solve(right, x, direction);
  const std::size_t joints = (length_ - 1) * lanes_;
  if (x != right) std::copy_n(right + joints, lanes_, x + joints);
  segments_.solve(right, x, direction);
  solve_joints(x, direction);
  for (std::size_t lane = 0; lane < lanes_; ++lane) {
    joints_[lane] = x[joints + lane];
    joints_below_[lane] = x[joints + below(lane)];
  }
}

void LineSolver::solve(const double* right, double* x, Direction direction) {
  solve_apart(right, x, direction);
  each_solution(x, direction, [x](std::size_t place, std::size_t, Lanes solution) UMKEHR_INLINE {
    lanes::store(x + place, solution);
  });
}

}  // namespace umkehr
