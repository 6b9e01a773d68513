// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/finite_volume/joint_chain.hpp"

namespace umkehr {

JointChain::JointChain(std::size_t joints, bool is_ring)
    : kept(joints),
      up(joints),
      down(joints),
      rows_(is_ring ? joints - 1 : joints),
      is_ring_(is_ring),
      inverse_pivot_(joints),
      from_below_(joints),
      from_above_(joints) {}

void JointChain::factor(Direction direction) {
  double open = kept[0] + (is_ring_ ? down.back() : 0);
  for (std::size_t j = 0; j < rows_; ++j) {
    const double inverse = 1 / (open + up[j]);
    inverse_pivot_[j] = inverse;
    from_below_[j] = up[j] * inverse;
    from_above_[j] = down[j] * inverse;
    if (j + 1 < kept.size()) open = kept[j + 1] + down[j] * (open * inverse);
  }
  if (!is_ring_) return;
  response_ = response(Direction::forward);
  if (direction == Direction::backward) transposed_response_ = response(Direction::backward);
  double pivot = kept.back();
  for (std::size_t j = 0; j < rows_; ++j) pivot += kept[j] * response_[j];
  last_inverse_pivot_ = 1 / pivot;
}

std::vector<double> JointChain::response(Direction direction) const {
  const bool forward = direction == Direction::forward;
  std::vector<double> c(rows_ + 1);
  if (rows_ == 0) return c;
  c[0] += forward ? up.back() : down.back();
  c[rows_ - 1] += forward ? down[rows_ - 1] : up[rows_ - 1];
  sweep(c.data(), direction);
  return c;
}

void JointChain::sweep(double* c, Direction direction) const {
  const bool forward = direction == Direction::forward;
  const std::vector<double>& rising = forward ? from_below_ : from_above_;
  const std::vector<double>& falling = forward ? from_above_ : from_below_;
  for (std::size_t j = 1; j < rows_; ++j) c[j] += rising[j - 1] * c[j - 1];
  c[rows_ - 1] *= inverse_pivot_[rows_ - 1];
  for (std::size_t j = rows_ - 1; j-- > 0;) c[j] = c[j] * inverse_pivot_[j] + falling[j] * c[j + 1];
}

void JointChain::solve(double* c, Direction direction) const {
  if (!is_ring_) return sweep(c, direction);
  double& last = c[rows_];
  if (rows_ > 0) {
    const bool forward = direction == Direction::forward;
    const std::vector<double>& answers = forward ? response_ : transposed_response_;
    sweep(c, direction);
    last += (forward ? down.back() : up.back()) * c[0] +
            (forward ? up[rows_ - 1] : down[rows_ - 1]) * c[rows_ - 1];
    last *= last_inverse_pivot_;
    for (std::size_t j = 0; j < rows_; ++j) c[j] += last * answers[j];
  } else {
    last *= last_inverse_pivot_;
  }
}

}  // namespace umkehr
