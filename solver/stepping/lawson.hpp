// SPDX-License-Identifier: GPL-3.0-or-later
// Integrating-factor Runge-Kutta scheme of order 5 with an embedded one of order 4, for linear systems
//   y' = Lambda(t) y + N(t) y,  Lambda diagonal and real:
//   k_i = N(t_i) Y_i,  Y_i = E(t_0, t_i) y + h sum_{j<i} a_ij E(t_j, t_i) k_j,  E(s, t) = exp(int_s^t
//   Lambda), y_1 = E(t_0, t_1) y + h sum_i b_i E(t_i, t_1) k_i.
// Scheme: Lawson, SIAM J. Numer. Anal. 4 (1967) 372, on the tableau of Dormand & Prince, J. Comput. Appl.
// Math. 6 (1980) 19. Its stage times ascend, so every E damps where Lambda <= 0 and nothing overflows. The
// transposes reverse stages and factors:
//   l_i = N(t_i)^T (h b_i E(t_i, t_1) q + h sum_{j>i} a_ji E(t_i, t_j) l_j),  q_0 = E(t_0, t_1) q + sum_i
//   E(t_0, t_i) l_i,
// and hold in every inner product in which E is self-adjoint and `rest_adjoint` is the adjoint of `rest`.
#pragma once

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include "grids/machine/team.hpp"

namespace umkehr {

template <class S>
concept LawsonSystem = requires(S& system, double t, std::span<const double> in, std::span<double> out) {
  { system.size() } -> std::convertible_to<std::size_t>;
  system.factor(t, t, out);         // E(s, t), element by element
  system.rest(t, in, out);          // N(t) in
  system.rest_adjoint(t, in, out);  // N(t)^T in
};

struct DormandPrince {
  static constexpr std::size_t stages = 7;
  static constexpr int order = 5;
  static constexpr std::array<double, 7> node = {0, 1. / 5, 3. / 10, 4. / 5, 8. / 9, 1, 1};
  /// The last row holds the weights b of the solution: its last stage is the first one of the next step.
  static constexpr std::array<std::array<double, 7>, 7> matrix = {{
      {},
      {1. / 5},
      {3. / 40, 9. / 40},
      {44. / 45, -56. / 15, 32. / 9},
      {19372. / 6561, -25360. / 2187, 64448. / 6561, -212. / 729},
      {9017. / 3168, -355. / 33, 46732. / 5247, 49. / 176, -5103. / 18656},
      {35. / 384, 0, 500. / 1113, 125. / 192, -2187. / 6784, 11. / 84},
  }};
  /// Weights of order 5 minus weights of order 4.
  static constexpr std::array<double, 7> error = {71. / 57600,      0,         -71. / 16695, 71. / 1920,
                                                  -17253. / 339200, 22. / 525, -1. / 40};
};

template <LawsonSystem System>
class Lawson {
 public:
  /// Keeps a reference to the system, whose `apply` must depend on its arguments alone.
  explicit Lawson(System& system)
      : system_(system), size_(system.size()), factor_(size_), sum_(size_), start_(size_) {
    for (std::vector<double>& slope : slopes_) slope.resize(size_);
  }

  /// y from `start` to `stop`; where there is room for it an estimate of its error, the difference from the embedded scheme,
  /// of order 5 in the length.
  void forward(std::span<double> y, double start, double stop, std::span<double> error = {}) {
    advance(y, start, stop);
    if (error.empty()) return;
    system_.rest(stop, y, slopes_[6]);
    remember(known_[1], stop, y, slopes_[6]);
    std::fill(error.begin(), error.end(), 0.0);
    combine(error, tableau::error, stop - start, 0, 7);
  }

  /// q from `stop` down to `start` by the transpose of `forward`, and the transpose of the error estimate.
  void backward(std::span<double> q, double start, double stop, std::span<double> error = {}) {
    if (!error.empty()) {
      std::copy(q.begin(), q.end(), start_.begin());
      transpose(start_, start, stop, tableau::error, 7);
      std::fill(error.begin(), error.end(), 0.0);
      for (std::size_t i = 0; i < 7; ++i) add(error, slopes_[i]);
    }
    transpose(q, start, stop, tableau::matrix[6], 6);
    for (std::size_t i = 0; i < 6; ++i) add(q, slopes_[i]);
  }

  /// Bytes of its work space.
  std::size_t memory() const { return 14 * size_ * sizeof(double); }

 private:
  using tableau = DormandPrince;
  using Weights = std::array<double, 7>;
  /// N(t) y, kept for the next step (or for this one again, if it was refused).
  struct Known {
    double t = 0;
    std::vector<double> y, slope;
  };

  static double time(double start, double stop, std::size_t stage) {
    const double c = tableau::node[stage];
    return c == 1 ? stop : start + c * (stop - start);
  }

  void advance(std::span<double> y, double start, double stop) {
    first_slope(start, y);
    for (std::size_t i = 1; i < 6; ++i) {
      system_.factor(time(start, stop, i - 1), time(start, stop, i), factor_);
      damp(y, 0, i);
      std::copy(y.begin(), y.end(), sum_.begin());
      combine(sum_, tableau::matrix[i], stop - start, 0, i);
      system_.rest(time(start, stop, i), sum_, slopes_[i]);
    }
    combine(y, tableau::matrix[6], stop - start, 0, 6);
  }

  /// Leaves l_i E(t_0, t_i) in the slopes and E(t_0, t_1) q in q.
  void transpose(std::span<double> q, double start, double stop, const Weights& weights, std::size_t stages) {
    const double h = stop - start;
    for (std::size_t i = stages; i-- > 0;) {
      for (std::size_t n = 0; n < size_; ++n) sum_[n] = h * weights[i] * q[n];
      Weights column{};
      for (std::size_t j = i + 1; j < stages; ++j) column[j] = tableau::matrix[j][i];
      combine(sum_, column, h, i + 1, stages);
      system_.rest_adjoint(time(start, stop, i), sum_, slopes_[i]);
      if (i == 0 || i == 6) continue;
      system_.factor(time(start, stop, i - 1), time(start, stop, i), factor_);
      damp(q, i, stages);
    }
  }

  void first_slope(double t, std::span<const double> y) {
    const auto holds = [&](const Known& known) {
      return known.t == t && known.y.size() == size_ && std::equal(y.begin(), y.end(), known.y.begin());
    };
    if (holds(known_[1])) std::swap(known_[0], known_[1]);
    if (!holds(known_[0])) {
      system_.rest(t, y, slopes_[0]);
      remember(known_[0], t, y, slopes_[0]);
    }
    slopes_[0] = known_[0].slope;
  }

  static void remember(Known& known, double t, std::span<const double> y, const std::vector<double>& slope) {
    known.t = t;
    known.y.assign(y.begin(), y.end());
    known.slope = slope;
  }

  /// Blocks that stay in the first cache, shared out between threads where there are many.
  template <class Act>
  void in_blocks(std::size_t arrays, Act act) const {
    constexpr std::size_t block = 512;
    const double nanoseconds = 0.4 * static_cast<double>(block * arrays);
    const std::size_t blocks = (size_ + block - 1) / block;
    share(blocks, nanoseconds, [&](std::size_t b) { act(b * block, std::min(size_, (b + 1) * block)); });
  }

  /// Multiplies y and the slopes [first, last) by the factor.
  void damp(std::span<double> y, std::size_t first, std::size_t last) {
    in_blocks(1 + last - first, [&](std::size_t from, std::size_t to) {
      for (std::size_t n = from; n < to; ++n) y[n] *= factor_[n];
      for (std::size_t i = first; i < last; ++i) {
        double* slope = slopes_[i].data();
        const double* factor = factor_.data();
        for (std::size_t n = from; n < to; ++n) slope[n] *= factor[n];
      }
    });
  }

  /// out += h sum_{first <= i < last} weights_i slope_i
  void combine(std::span<double> out, const Weights& weights, double h, std::size_t first,
               std::size_t last) const {
    in_blocks(last - first, [&](std::size_t from, std::size_t to) {
      for (std::size_t i = first; i < last; ++i) {
        const double weight = h * weights[i];
        if (weight == 0) continue;
        const double* slope = slopes_[i].data();
        for (std::size_t n = from; n < to; ++n) out[n] += weight * slope[n];
      }
    });
  }

  static void add(std::span<double> out, const std::vector<double>& slope) {
    for (std::size_t n = 0; n < out.size(); ++n) out[n] += slope[n];
  }

  System& system_;
  std::size_t size_;
  std::array<std::vector<double>, 7> slopes_;
  std::vector<double> factor_, sum_, start_;
  std::array<Known, 2> known_;
};

}  // namespace umkehr
