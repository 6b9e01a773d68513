// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/propagator/segment_sweep.hpp"

namespace umkehr {
namespace {

constexpr std::size_t width = lanes::width;

}  // namespace

SegmentSweep::SegmentSweep(std::size_t rows, std::size_t lanes)
    : rows_(rows),
      lanes_(lanes),
      inverse_pivot_(rows * lanes),
      from_below_(rows * lanes),
      from_above_(rows * lanes) {}

const double* SegmentSweep::rising(Direction direction) const {
  return direction == Direction::forward ? from_below_.data() : from_above_.data();
}

const double* SegmentSweep::falling(Direction direction) const {
  return direction == Direction::forward ? from_above_.data() : from_below_.data();
}

template <int V>
void SegmentSweep::eliminate(const double* up, const double* down) {
  constexpr std::size_t row = V * width;
  Lanes open[V];  // e_i
  for (int v = 0; v < V; ++v) open[v] = 1.0 + lanes::load(down + v * width);
  for (std::size_t i = 0; i < rows_; ++i)
    for (int v = 0; v < V; ++v) {
      const std::size_t place = i * row + v * width;
      const Lanes a = lanes::load(up + place + row), b = lanes::load(down + place + row);
      const Lanes inverse = 1.0 / (open[v] + a);
      lanes::store(&inverse_pivot_[place], inverse);
      lanes::store(&from_below_[place], a * inverse);
      lanes::store(&from_above_[place], b * inverse);
      open[v] = 1.0 + b * (open[v] * inverse);
    }
}

template <int V>
void SegmentSweep::rise(const double* right, double* x, const double* rising) const {
  constexpr std::size_t row = V * width;
  Lanes y[V];
  for (int v = 0; v < V; ++v) {
    y[v] = lanes::load(right + v * width);
    lanes::store(x + v * width, y[v] * lanes::load(&inverse_pivot_[v * width]));
  }
  for (std::size_t i = 1; i < rows_; ++i)
    for (int v = 0; v < V; ++v) {
      const std::size_t place = i * row + v * width;
      y[v] = lanes::load(right + place) + lanes::load(rising + place - row) * y[v];
      lanes::store(x + place, y[v] * lanes::load(&inverse_pivot_[place]));
    }
}

template <int V>
void SegmentSweep::fall(double* x, const double* falling) const {
  constexpr std::size_t row = V * width;
  Lanes y[V];
  for (int v = 0; v < V; ++v) y[v] = lanes::load(x + (rows_ - 1) * row + v * width);
  for (std::size_t i = rows_ - 1; i-- > 0;)
    for (int v = 0; v < V; ++v) {
      const std::size_t place = i * row + v * width;
      y[v] = lanes::load(x + place) + lanes::load(falling + place) * y[v];
      lanes::store(x + place, y[v]);
    }
}

void SegmentSweep::factor(const double* up, const double* down) {
  with_vectors(lanes_, [&](auto vectors) { eliminate<vectors()>(up, down); });
}

void SegmentSweep::solve(const double* right, double* x, Direction direction) const {
  with_vectors(lanes_, [&](auto vectors) {
    rise<vectors()>(right, x, rising(direction));
    fall<vectors()>(x, falling(direction));
  });
}

}  // namespace umkehr
