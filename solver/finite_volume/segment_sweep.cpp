// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/finite_volume/segment_sweep.hpp"

#include "grids/machine/unrolled.hpp"

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

template <int V, bool kills>
void SegmentSweep::eliminate(const double* up, const double* down, const double* killing) {
  constexpr std::size_t row = V * width;
  double *inverse_pivot = inverse_pivot_.data(), *from_below = from_below_.data(),
         *from_above = from_above_.data();
  Lanes entered[V];  // e_i, less what the cell keeps and kills by itself
  unrolled<V>([&](auto v) UMKEHR_INLINE { entered[v] = lanes::load(down + v * width); });
  for (std::size_t first = 0; first < rows_ * row; first += row)
    unrolled<V>([&](auto v) UMKEHR_INLINE {
      const std::size_t place = first + v * width;
      const Lanes a = lanes::load(up + place + row), b = lanes::load(down + place + row);
      Lanes open = 1.0 + entered[v];
      if constexpr (kills) open += lanes::load(killing + place);
      const Lanes inverse = 1.0 / (open + a);
      lanes::store(inverse_pivot + place, inverse);
      lanes::store(from_below + place, a * inverse);
      lanes::store(from_above + place, b * inverse);
      entered[v] = b * (open * inverse);
    });
}

template <int V>
void SegmentSweep::rise(const double* right, double* x, const double* rising) const {
  constexpr std::size_t row = V * width;
  const double* inverse_pivot = inverse_pivot_.data();
  Lanes y[V]{}, coefficient[V]{};
  for (std::size_t first = 0; first < rows_ * row; first += row)
    unrolled<V>([&](auto v) UMKEHR_INLINE {
      const std::size_t place = first + v * width;
      y[v] = lanes::load(right + place) + coefficient[v] * y[v];
      coefficient[v] = lanes::load(rising + place);
      lanes::store(x + place, y[v] * lanes::load(inverse_pivot + place));
    });
}

template <int V>
void SegmentSweep::fall(double* x, const double* falling) const {
  constexpr std::size_t row = V * width;
  Lanes y[V]{};
  for (std::size_t first = rows_ * row; first > 0;) {
    first -= row;
    unrolled<V>([&](auto v) UMKEHR_INLINE {
      const std::size_t place = first + v * width;
      y[v] = lanes::load(x + place) + lanes::load(falling + place) * y[v];
      lanes::store(x + place, y[v]);
    });
  }
}

void SegmentSweep::factor(const double* up, const double* down, const double* killing) {
  with_vectors(lanes_, [&](auto vectors) {
    killing ? eliminate<vectors(), true>(up, down, killing) : eliminate<vectors(), false>(up, down, killing);
  });
}

void SegmentSweep::solve(const double* right, double* x, Direction direction) const {
  with_vectors(lanes_, [&](auto vectors) {
    rise<vectors()>(right, x, rising(direction));
    fall<vectors()>(x, falling(direction));
  });
}

}  // namespace umkehr
