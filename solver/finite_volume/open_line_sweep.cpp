// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/finite_volume/open_line_sweep.hpp"

#include <algorithm>

#include "grids/machine/unrolled.hpp"

namespace umkehr {
namespace {

constexpr std::size_t width = lanes::width;
constexpr std::size_t fetched_rows = BatchRates::block_rows;

}  // namespace

OpenLineSweep::OpenLineSweep(const AxisLines& lines)
    : rows_(lines.length()),
      lanes_(lines.lanes()),
      before_(rows_ * lanes_),
      after_(rows_ * lanes_),
      falling_(rows_ * lanes_) {}

template <int V, bool keep, Direction direction, std::size_t terms, class Fetch>
void OpenLineSweep::eliminate_and_rise(BatchRates rates, double wall_factor, Fetch fetch) {
  constexpr std::size_t row = V * width;
  constexpr bool forward = direction == Direction::forward;
  const double* right = before_.data();
  double *x = after_.data(), *falling = falling_.data();
  double *rising = rising_.data(), *inverse_pivot = inverse_pivot_.data();
  Lanes open[V], coefficient[V], y[V];
  unrolled<V>([&](auto v) UMKEHR_INLINE {
    const Lanes down = rates.template at<terms, false>(v * width, wall_factor).down;
    lanes::store(wall_down_ + v * width, down);
    open[v] = 1.0 + down;
    coefficient[v] = y[v] = Lanes{};
  });
  const auto eliminate = [&](std::size_t place, auto v, FaceRates rate) UMKEHR_INLINE {
    const Lanes inverse = 1.0 / (open[v] + rate.up);
    const Lanes below = rate.up * inverse, above = rate.down * inverse;
    y[v] = lanes::load(right + place) + coefficient[v] * y[v];
    lanes::store(x + place, y[v] * inverse);
    lanes::store(falling + place, forward ? above : below);
    coefficient[v] = forward ? below : above;
    if constexpr (keep) {
      lanes::store(rising + place, coefficient[v]);
      lanes::store(inverse_pivot + place, inverse);
    }
    open[v] = 1.0 + above * open[v];
  };
  const auto sweep = [&](std::size_t from, std::size_t to, auto small) UMKEHR_INLINE {
    for (std::size_t first = from; first < to; first += row)
      unrolled<V>([&](auto v) UMKEHR_INLINE {
        const std::size_t place = first + v * width;
        eliminate(place, v, rates.template at<terms, small()>(place + row, 1.0));
      });
  };
  const std::size_t last = (rows_ - 1) * row;
  for (std::size_t fetched = 0; fetched < rows_; fetched += fetched_rows) {
    // A few rows at a time: while divisions wait for each other, memory is free.
    fetch(fetched, std::min(fetched + fetched_rows, rows_));
    const std::size_t from = fetched * row, to = std::min(from + fetched_rows * row, last);
    rates.are_small(fetched / fetched_rows) ? sweep(from, to, std::true_type())
                                            : sweep(from, to, std::false_type());
  }
  unrolled<V>([&](auto v) UMKEHR_INLINE {
    const std::size_t place = last + v * width;
    const FaceRates rate = rates.template at<terms, false>(place + row, wall_factor);
    lanes::store(wall_up_ + v * width, rate.up);
    eliminate(place, v, rate);
  });
}

template <int V>
void OpenLineSweep::rise_again() {
  constexpr std::size_t row = V * width;
  double* x = after_.data();
  const double *rising = rising_.data(), *inverse_pivot = inverse_pivot_.data();
  Lanes y[V]{}, coefficient[V]{};
  for (std::size_t first = 0; first < rows_ * row; first += row)
    unrolled<V>([&](auto v) UMKEHR_INLINE {
      const std::size_t place = first + v * width;
      y[v] = lanes::load(x + place) + coefficient[v] * y[v];
      coefficient[v] = lanes::load(rising + place);
      lanes::store(x + place, y[v] * lanes::load(inverse_pivot + place));
    });
}

/// The solution s from the last row to the first; `after` becomes give(before, s).
template <int V, class Give>
void OpenLineSweep::fall(Give give) {
  constexpr std::size_t row = V * width;
  const double *before = before_.data(), *falling = falling_.data();
  double* x = after_.data();
  Lanes solution[V]{}, missing[V]{}, size[V]{};
  for (std::size_t first = rows_ * row; first > 0;) {
    first -= row;
    unrolled<V>([&](auto v) UMKEHR_INLINE {
      const std::size_t place = first + v * width;
      solution[v] = lanes::load(x + place) + lanes::load(falling + place) * solution[v];
      const Lanes old = lanes::load(before + place), given = give(old, solution[v]);
      missing[v] += old - given;
      size[v] += lanes::abs(given);
      lanes::store(x + place, given);
    });
  }
  unrolled<V>([&](auto v) UMKEHR_INLINE {
    lanes::store(sums_.missing + v * width, missing[v]);
    lanes::store(sums_.size + v * width, size[v]);
  });
}

/// What passes the walls where weight(before, after) is what the scheme's quadrature takes a cell's density for.
template <class Weight>
void OpenLineSweep::add_outflow(Weight weight) {
  const std::size_t last = (rows_ - 1) * lanes_;
  for (std::size_t lane = 0; lane < lanes_; ++lane)
    sums_.left[lane] += wall_down_[lane] * weight(before_[lane], after_[lane]) +
                        wall_up_[lane] * weight(before_[last + lane], after_[last + lane]);
}

template <int V, class Line, class Fetch>
void OpenLineSweep::step_of(Line, const BatchRates& rates, double wall_factor, Direction direction,
                            Fetch fetch) {
  rates.with_number([&](auto terms) {
    direction == Direction::forward
        ? eliminate_and_rise<V, Line::solves_twice, Direction::forward, terms()>(rates, wall_factor, fetch)
        : eliminate_and_rise<V, Line::solves_twice, Direction::backward, terms()>(rates, wall_factor, fetch);
  });
  std::fill_n(sums_.left, lanes_, 0.0);
  if constexpr (Line::solves_twice) {
    fall<V>([](Lanes old, Lanes solution) UMKEHR_INLINE { return Line::mixed(old, solution); });
    if (wall_factor != 0) add_outflow(Line::left_of_first);
    rise_again<V>();
  }
  fall<V>([](Lanes old, Lanes solution) UMKEHR_INLINE { return Line::after(old, solution); });
  if (wall_factor != 0) add_outflow(Line::left_of_last);
}

const double* OpenLineSweep::step(LineScheme scheme, const BatchRates& rates, double wall_factor,
                                  Direction direction, const AxisLines& lines, std::size_t batch,
                                  const double* field) {
  const auto fetch = [&](std::size_t from, std::size_t to) {
    lines.gather(field, batch, before_.data(), from, to);
  };
  std::visit(
      [&](auto known) {
        const std::size_t kept = known.solves_twice ? falling_.size() : rising_.size();
        rising_.resize(kept);
        inverse_pivot_.resize(kept);
        with_vectors(lanes_,
                     [&](auto vectors) { step_of<vectors()>(known, rates, wall_factor, direction, fetch); });
      },
      scheme);
  return after_.data();
}

}  // namespace umkehr
