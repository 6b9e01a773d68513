// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/propagator/segment_sweep.hpp"

#include <type_traits>

namespace umkehr {
namespace {

constexpr std::size_t width = lanes::width;

/// work(number of vectors in a row), the number known to the compiler.
template <class Work>
void with_vectors(std::size_t lanes, Work work) {
  if (lanes == width) return work(std::integral_constant<int, 1>());
  lanes == 2 * width ? work(std::integral_constant<int, 2>()) : work(std::integral_constant<int, 4>());
}

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
void SegmentSweep::eliminate_and_rise(const double* up, const double* down, const double* right, double* x,
                                      Direction direction) {
  constexpr std::size_t row = V * width;
  const bool forward = direction == Direction::forward;
  Lanes open[V], coefficient[V], y[V];
  for (int v = 0; v < V; ++v) {
    open[v] = 1.0 + lanes::load(down + v * width);
    coefficient[v] = y[v] = Lanes{};
  }
  for (std::size_t i = 0; i < rows_; ++i)
    for (int v = 0; v < V; ++v) {
      const std::size_t place = i * row + v * width;
      const Lanes a = lanes::load(up + place + row), b = lanes::load(down + place + row);
      const Lanes inverse = 1.0 / (open[v] + a);
      const Lanes below = a * inverse, above = b * inverse;
      lanes::store(&inverse_pivot_[place], inverse);
      lanes::store(&from_below_[place], below);
      lanes::store(&from_above_[place], above);
      // As in `rise`, to the last bit: results must not depend on whether factors were at hand.
      y[v] = lanes::load(right + place) + coefficient[v] * y[v];
      lanes::store(x + place, y[v] * inverse);
      coefficient[v] = forward ? below : above;
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

void SegmentSweep::factor_and_solve(const double* up, const double* down, const double* right, double* x,
                                    Direction direction) {
  with_vectors(lanes_, [&](auto vectors) {
    eliminate_and_rise<vectors()>(up, down, right, x, direction);
    fall<vectors()>(x, falling(direction));
  });
}

}  // namespace umkehr
