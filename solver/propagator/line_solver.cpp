// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/propagator/line_solver.hpp"

#include <algorithm>

namespace umkehr {
namespace {

constexpr std::size_t width = lanes::width;

/// One cell of every line of a batch of V vectors.
template <int V>
struct Row {
  Lanes lane[V];
};

template <int V>
[[gnu::always_inline]] inline Row<V> load_row(const double* from) {
  Row<V> row;
  for (int v = 0; v < V; ++v) row.lane[v] = lanes::load(from + v * width);
  return row;
}

}  // namespace

LineSolver::LineSolver(std::size_t length, std::size_t lanes, Boundary boundary)
    : length_(length),
      lanes_(lanes),
      boundary_(boundary),
      up_((length + 1) * lanes),
      down_((length + 1) * lanes),
      inverse_pivot_(length * lanes),
      from_below_(length * lanes),
      from_above_(length * lanes) {
  if (boundary != Boundary::periodic) return;
  response_.resize(length * lanes);
  transposed_response_.resize(length * lanes);
  last_inverse_pivot_.resize(lanes);
}

template <int V>
void LineSolver::eliminate() {
  Row<V> open;  // e_i
  for (int v = 0; v < V; ++v) open.lane[v] = 1.0 + lanes::load(&down_[v * width]);
  for (std::size_t i = 0; i < length_; ++i)
    for (int v = 0; v < V; ++v) {
      const std::size_t place = i * V * width + v * width;
      const Lanes a = lanes::load(&up_[place + V * width]), b = lanes::load(&down_[place + V * width]);
      const Lanes inverse = 1.0 / (open.lane[v] + a);
      lanes::store(&inverse_pivot_[place], inverse);
      lanes::store(&from_below_[place], a * inverse);
      lanes::store(&from_above_[place], b * inverse);
      open.lane[v] = 1.0 + b * (open.lane[v] * inverse);
    }
}

template <int V>
void LineSolver::sweep(std::size_t rows, const double* right, double* x, Direction direction) const {
  const bool forward = direction == Direction::forward;
  const double* rising = forward ? from_below_.data() : from_above_.data();
  const double* falling = forward ? from_above_.data() : from_below_.data();
  constexpr std::size_t row = V * width;
  Row<V> y = load_row<V>(right);
  for (int v = 0; v < V; ++v) lanes::store(x + v * width, y.lane[v]);
  for (std::size_t i = 1; i < rows; ++i)
    for (int v = 0; v < V; ++v) {
      const std::size_t place = i * row + v * width;
      y.lane[v] = lanes::load(right + place) + lanes::load(rising + place - row) * y.lane[v];
      lanes::store(x + place, y.lane[v]);
    }
  for (int v = 0; v < V; ++v) y.lane[v] = Lanes{};
  for (std::size_t i = rows; i-- > 0;)
    for (int v = 0; v < V; ++v) {
      const std::size_t place = i * row + v * width;
      y.lane[v] = lanes::load(x + place) * lanes::load(&inverse_pivot_[place]) +
                  lanes::load(falling + place) * y.lane[v];
      lanes::store(x + place, y.lane[v]);
    }
}

void LineSolver::find_response(Direction direction, std::vector<double>& response) const {
  std::fill(response.begin(), response.end(), 0.0);
  const std::vector<double>& to_first = direction == Direction::forward ? up_ : down_;
  const std::vector<double>& to_last_but_one = direction == Direction::forward ? down_ : up_;
  for (std::size_t lane = 0; lane < lanes_; ++lane) {
    response[lane] += to_first[lane];
    response[(length_ - 2) * lanes_ + lane] += to_last_but_one[(length_ - 1) * lanes_ + lane];
  }
  if (lanes_ == width)
    sweep<1>(length_ - 1, response.data(), response.data(), direction);
  else
    sweep<4>(length_ - 1, response.data(), response.data(), direction);
}

void LineSolver::factor(Direction direction) {
  lanes_ == width ? eliminate<1>() : eliminate<4>();
  if (boundary_ != Boundary::periodic) return;
  find_response(Direction::forward, response_);
  std::fill(last_inverse_pivot_.begin(), last_inverse_pivot_.end(), 1.0);
  for (std::size_t place = 0; place < (length_ - 1) * lanes_; ++place)
    last_inverse_pivot_[place % lanes_] += response_[place];
  for (double& pivot : last_inverse_pivot_) pivot = 1 / pivot;
  if (direction == Direction::backward) find_response(Direction::backward, transposed_response_);
}

/// The last cell of a periodic line, and what it adds to the others.
template <int V>
void LineSolver::close(const double* right, double* x, Direction direction) const {
  const bool forward = direction == Direction::forward;
  const double* from_first = forward ? down_.data() : up_.data();
  const double* from_last_but_one = (forward ? up_ : down_).data() + (length_ - 1) * V * width;
  const double* response = forward ? response_.data() : transposed_response_.data();
  const std::size_t last = (length_ - 1) * V * width;
  for (int v = 0; v < V; ++v) {
    const std::size_t lane = v * width;
    const Lanes gain = lanes::load(from_first + lane) * lanes::load(x + lane) +
                       lanes::load(from_last_but_one + lane) * lanes::load(x + last - V * width + lane);
    const Lanes value = (lanes::load(right + last + lane) + gain) * lanes::load(&last_inverse_pivot_[lane]);
    for (std::size_t place = lane; place < last; place += V * width)
      lanes::store(x + place, lanes::load(x + place) + value * lanes::load(response + place));
    lanes::store(x + last + lane, value);
  }
}

void LineSolver::solve(const double* right, double* x, Direction direction) const {
  const bool wraps = boundary_ == Boundary::periodic;
  const std::size_t rows = wraps ? length_ - 1 : length_;
  lanes_ == width ? sweep<1>(rows, right, x, direction) : sweep<4>(rows, right, x, direction);
  if (!wraps) return;
  lanes_ == width ? close<1>(right, x, direction) : close<4>(right, x, direction);
}

}  // namespace umkehr
