// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/cells/cell_probability.hpp"

#include <algorithm>
#include <cmath>
#include <complex>
#include <limits>
#include <numbers>
#include <string>

#include "grids/dense/dense_matrix.hpp"
#include "grids/failure.hpp"
#include "grids/machine/team.hpp"

namespace umkehr {
namespace {

using Eigen::Index;
using std::numbers::pi;

// Of the integrand before it is left out, and of counts that are aliased: e^-34 = 2e-15. Both are smaller than I by the same
// factor, since a probability far off has as many neighbours as b has.
constexpr double enough = 34;

double log_determinant(const Eigen::MatrixXd& spread) {
  return spread.rows() == 0 ? 0 : invert(spread).log_abs_determinant;
}

/// The integral I over the contour of the free cells' angles, all others zero.
class ContourIntegral {
 public:
  ContourIntegral(const Cells& cells, const CellsOptimum& optimum, double most)
      : cells_(cells), h_(optimum.bridge) {
    const auto count = static_cast<double>(total(cells.initial));
    const auto rank = static_cast<double>(optimum.free.size());
    const double log_size = rank * std::log(2 * pi * count) + log_determinant(optimum.spread);
    for (std::size_t i = 0; i < optimum.free.size(); ++i)
      add_angle(optimum.free[i], count * optimum.spread(static_cast<Index>(i), static_cast<Index>(i)), count);
    refuse_beyond(most, rank, log_size);
    for (Index l = 0; l < h_.cols(); ++l)
      if (cells.initial[static_cast<std::size_t>(l)] > 0) columns_.push_back(l);
    set_couplings();
  }

  double integral() const {
    if (angles_.empty()) return 1;
    // By symmetry half of the first circle is enough; its points are summed in their order, whoever computes them.
    const State start(angles_.size(), columns_.size());
    const auto points = static_cast<std::ptrdiff_t>(angles_[0].points);
    const std::ptrdiff_t last = std::min(points / 2, window(0, start).last);
    std::vector<double> sums(static_cast<std::size_t>(last + 1));
    share(sums.size(), nanoseconds(), [&](std::size_t n) {
      const auto m = static_cast<std::ptrdiff_t>(n);
      State state = start;
      const bool is_own_mirror = m == 0 || 2 * m == points;
      sums[n] = (is_own_mirror ? 1 : 2) * at(0, m, state);
    });
    double sum = 0;
    for (const double part : sums) sum += part;
    for (const Angle& angle : angles_) sum /= static_cast<double>(angle.points);
    return sum;
  }

 private:
  /// That the points below one of the first circle take: a part of the deeper ones, which the decay cuts.
  double nanoseconds() const {
    double values = 20 * static_cast<double>(columns_.size());
    for (std::size_t i = 1; i < angles_.size(); ++i) values *= 0.3 * static_cast<double>(angles_[i].points);
    return values;
  }

  struct Angle {
    std::size_t cell, points;
  };
  /// The angles down to one depth, and there w_l = sum_k h(k|l) (e^(i theta_k) - 1), the phase and the decay.
  struct State {
    State(std::size_t depth, std::size_t columns)
        : theta(depth),
          phase(depth + 1),
          decay(depth + 1),
          w(depth + 1, std::vector<std::complex<double>>(columns)) {}
    std::vector<double> theta, phase, decay;
    std::vector<std::vector<std::complex<double>>> w;
  };

  void add_angle(std::size_t cell, double variance, double count) {
    const double points = std::ceil(decay_ / 3 + std::sqrt(decay_ * decay_ / 9 + 2 * decay_ * variance)) + 1;
    angles_.push_back({cell, static_cast<std::size_t>(std::min(points, count + 1))});
  }

  /// The points in the ellipsoid outside of which the integrand has decayed.
  void refuse_beyond(double most, double rank, double log_size) const {
    double all = 0, ball = 0.5 * rank * std::log(pi * 2 * decay_) - std::lgamma(1 + rank / 2) +
                           0.5 * rank * std::log(2 * pi) - 0.5 * log_size - rank * std::log(2 * pi);
    for (const Angle& angle : angles_) all += std::log(static_cast<double>(angle.points));
    const double values = std::exp(all + std::min(0.0, ball));
    if (values > most)
      throw UnfitProblem("the exact probability of " + std::to_string(cells_.final.size()) +
                         " cells would take about 1e" + std::to_string(std::lround(std::log10(values))) +
                         " values of an integrand, at most 1e" +
                         std::to_string(std::lround(std::log10(most))) +
                         " are allowed; take fewer cells or fewer particles");
  }

  /// |prod_l (1 + w_l)^a_l| <= exp(-sum_{k<k'} C_kk' (1 - cos(theta_k - theta_k'))), C_kk' = sum_l a_l h(k|l) h(k'|l).
  void set_couplings() {
    const std::size_t n = angles_.size();
    coupling_.assign(n, std::vector<double>(n + 1, 0.0));
    std::vector<bool> is_free(cells_.final.size(), false);
    for (const Angle& angle : angles_) is_free[angle.cell] = true;
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = 0; j < i; ++j) coupling_[i][j] = coupling(angles_[i].cell, angles_[j].cell);
      for (std::size_t k = 0; k < is_free.size(); ++k)
        if (!is_free[k]) coupling_[i][n] += coupling(angles_[i].cell, k);
    }
  }
  double coupling(std::size_t a, std::size_t b) const {
    double sum = 0;
    for (const Index l : columns_)
      sum += static_cast<double>(cells_.initial[static_cast<std::size_t>(l)]) * h_(static_cast<Index>(a), l) *
             h_(static_cast<Index>(b), l);
    return sum;
  }

  /// Points of one angle where the decay, C - |z| cos(theta - arg z) with z = sum_j C_j e^(i theta_j), is within bounds.
  struct Window {
    std::ptrdiff_t first, last;
  };
  std::complex<double> pull(std::size_t depth, const State& s) const {
    std::complex<double> z = coupling_[depth].back();
    for (std::size_t j = 0; j < depth; ++j) z += std::polar(coupling_[depth][j], s.theta[j]);
    return z;
  }
  double strength(std::size_t depth) const {
    double sum = coupling_[depth].back();
    for (std::size_t j = 0; j < depth; ++j) sum += coupling_[depth][j];
    return sum;
  }
  Window window(std::size_t depth, const State& s) const {
    const auto points = static_cast<double>(angles_[depth].points);
    const std::complex<double> z = pull(depth, s);
    const double least = strength(depth) + s.decay[depth] - decay_;
    if (least > std::abs(z)) return {0, -1};
    if (least <= -std::abs(z)) return {0, static_cast<std::ptrdiff_t>(angles_[depth].points) - 1};
    const double reach = std::acos(least / std::abs(z)), middle = std::arg(z), step = 2 * pi / points;
    const double first = std::ceil((middle - reach) / step);
    return {static_cast<std::ptrdiff_t>(first),
            static_cast<std::ptrdiff_t>(std::min(std::floor((middle + reach) / step), first + points - 1))};
  }

  /// The sum over the deeper angles with this one at its point m.
  double at(std::size_t depth, std::ptrdiff_t m, State& s) const {
    const Angle& angle = angles_[depth];
    const double theta = 2 * pi * static_cast<double>(m) / static_cast<double>(angle.points);
    s.theta[depth] = theta;
    s.decay[depth + 1] =
        s.decay[depth] + strength(depth) - std::real(std::polar(1.0, theta) * std::conj(pull(depth, s)));
    s.phase[depth + 1] = s.phase[depth] - static_cast<double>(cells_.final[angle.cell]) * theta;
    const double half = std::sin(theta / 2);
    const std::complex<double> turn(-2 * half * half, std::sin(theta));
    for (std::size_t i = 0; i < columns_.size(); ++i)
      s.w[depth + 1][i] = s.w[depth][i] + h_(static_cast<Index>(angle.cell), columns_[i]) * turn;
    if (depth + 1 == angles_.size()) return value(s.w[depth + 1], s.phase[depth + 1]);
    double sum = 0;
    const Window window_of_next = window(depth + 1, s);
    for (std::ptrdiff_t next = window_of_next.first; next <= window_of_next.last; ++next)
      sum += at(depth + 1, next, s);
    return sum;
  }

  /// Re prod_l (1 + w_l)^a_l e^(-i sum_k b_k theta_k)
  double value(const std::vector<std::complex<double>>& w, double phase) const {
    double log = 0;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      const auto count = static_cast<double>(cells_.initial[static_cast<std::size_t>(columns_[i])]);
      log += 0.5 * count * std::log1p(2 * w[i].real() + std::norm(w[i]));
      phase += count * std::atan2(w[i].imag(), 1 + w[i].real());
    }
    return std::exp(log) * std::cos(phase);
  }

  const Cells& cells_;
  const Eigen::MatrixXd& h_;
  double decay_ = enough;
  std::vector<Angle> angles_;
  std::vector<Index> columns_;                 ///< cells l that hold something
  std::vector<std::vector<double>> coupling_;  ///< of an angle to those before it, and to all that are zero
};

}  // namespace

double log_probability(const Eigen::MatrixXd& kernel, const CountTable& table) {
  long double sum = 0;
  for (Index l = 0; l < table.cols(); ++l) {
    sum += std::lgamma(static_cast<long double>(table.col(l).sum()) + 1);
    for (Index k = 0; k < table.rows(); ++k) {
      if (table(k, l) == 0) continue;
      const auto count = static_cast<long double>(table(k, l));
      sum += count * std::log(static_cast<long double>(kernel(k, l))) - std::lgamma(count + 1);
    }
  }
  return static_cast<double>(sum);
}

double log_probability_of_final(const Cells& cells, const CellsOptimum& optimum, double most) {
  const ContourIntegral contour(cells, optimum, most);
  return -static_cast<double>(total(cells.initial)) * optimum.divergence + std::log(contour.integral());
}

double predicted_rate(const CellsOptimum& optimum, double particles) {
  const auto rank = static_cast<double>(optimum.free.size());
  return optimum.divergence +
         (rank * std::log(2 * pi * particles) + log_determinant(optimum.spread)) / (2 * particles);
}

}  // namespace umkehr
