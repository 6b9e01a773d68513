// SPDX-License-Identifier: GPL-3.0-or-later
// Steps of the spectral equation backwards in time.
// One dimension: SDIRK of order 4, five stages, L-stable, with an embedded order 3 (Hairer & Wanner, Solving Ordinary
// Differential Equations II, IV.6), Newton's iteration with the Jacobian of the step's begin.
// More: y' = A y + N(s, y) by the classical Runge-Kutta scheme on exp(-A tau) y (Lawson, SIAM J. Numer. Anal. 4 (1967) 372),
// A the diffusion, whose exponential is a product over the axes; a step and two halves extrapolated, order 5.
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <memory>

#include "grids/dense/dense_matrix.hpp"
#include "solver/hjb/hjb_spectral.hpp"

namespace umkehr {
namespace {

using Field = std::vector<double>;
using Matrix = Eigen::MatrixXd;
using Vector = Eigen::VectorXd;

constexpr double max_operations = 1e12;  // some two minutes

/// Adds a multiple.
void add(Field& y, double factor, const Field& x) {
  for (std::size_t i = 0; i < y.size(); ++i) y[i] += factor * x[i];
}

class Steps : public SpectralScheme {
 public:
  Steps(const HjbProblem& problem, const SpectralNodes& nodes, bool logarithmic)
      : equation_(problem, nodes), logarithmic_(logarithmic), work_(work_of_step(nodes)) {}

  Field initial() override { return equation_.terminal(); }
  void check(std::span<const double> state, double s) override { equation_.check_resolution(state, s); }
  double roughness() const override { return equation_.roughness(); }
  std::size_t max_steps() const override {
    return static_cast<std::size_t>(std::clamp(max_operations / work_, 1e3, 5e4));
  }
  void fields(std::span<const double> state, double s, std::span<double> value,
              const std::vector<std::span<double>>& control) override {
    equation_.fields(state, s, value, control);
  }

  void step(Field& state, double s, double h, Field& error) override {
    if (!logarithmic_) return integrate(state, s, h, error);
    equation_.take_gauge(state);
    Field phi(state.size(), 1.0);
    integrate(phi, s, h, error);
    for (std::size_t i = 0; i < state.size(); ++i) {
      // Where a step is too long phi may turn negative: its logarithm, not a number, refuses it.
      state[i] -= std::log(phi[i]);
      error[i] /= phi[i];
    }
  }

 protected:
  virtual void integrate(Field& y, double s, double h, Field& error) = 0;
  SpectralHjb equation_;

 private:
  bool logarithmic_;
  double work_;
};

class ImplicitSteps final : public Steps {
 public:
  using Steps::Steps;
  int error_order() const override { return 5; }

 private:
  static constexpr double diagonal = 0.25;
  static constexpr double rounding =
      3e-9;  // of second derivatives on many nodes, which further turns do not lessen
  static constexpr std::array<double, 5> node = {1. / 4, 3. / 4, 11. / 20, 1. / 2, 1};
  static constexpr std::array<std::array<double, 5>, 5> matrix = {
      {{1. / 4},
       {1. / 2, 1. / 4},
       {17. / 50, -1. / 25, 1. / 4},
       {371. / 1360, -137. / 2720, 15. / 544, 1. / 4},
       {25. / 24, -49. / 48, 125. / 16, -85. / 12, 1. / 4}}};
  static constexpr std::array<double, 5> embedded = {59. / 48, -17. / 96, 225. / 32, -85. / 12, 0};

  void integrate(Field& y, double s, double h, Field& error) override {
    const auto n = static_cast<Eigen::Index>(y.size());
    const Matrix inverse = invert(Matrix::Identity(n, n) - h * diagonal * equation_.jacobian(s, y)).matrix;
    std::array<Field, 5> slopes;
    Field stage = y;
    last_change_ = 0;
    error.assign(y.size(), 0.0);
    for (std::size_t i = 0; i < 5; ++i) {
      Field base = y;
      for (std::size_t j = 0; j < i; ++j) add(base, h * matrix[i][j], slopes[j]);
      if (!solve(stage, base, s - node[i] * h, h * diagonal, inverse)) {
        std::fill(error.begin(), error.end(), std::numeric_limits<double>::infinity());
        return;
      }
      slopes[i].resize(y.size());
      for (std::size_t k = 0; k < y.size(); ++k) slopes[i][k] = (stage[k] - base[k]) / (h * diagonal);
      add(error, h * (matrix[4][i] - embedded[i]), slopes[i]);
    }
    y = stage;
    // Damped where the equation is stiff, where rounding would drown it (Hairer & Wanner, II, (IV.8.19)).
    const Vector damped = inverse * Eigen::Map<const Vector>(error.data(), n);
    for (std::size_t i = 0; i < error.size(); ++i) {
      const double by = damped[static_cast<Eigen::Index>(i)], size = 1 + std::abs(y[i]);
      // What is left of rounding there shorter steps would not lessen. The estimate is of order 3; its power 5/4 falls as
      // the error of the solution, of order 4, does.
      error[i] = std::abs(by) > 8 * last_change_ * size ? by * std::pow(std::abs(by) / size, 0.25) : 0;
    }
  }

  /// stage = base + factor f(s, stage); false where Newton's iteration does not converge.
  bool solve(Field& stage, const Field& base, double s, double factor, const Matrix& inverse) {
    double before = std::numeric_limits<double>::infinity();
    for (int turn = 0; turn < 12; ++turn) {
      equation_.slope(s, stage, slope_);
      equation_.add_diffusion(s, stage, slope_);
      Vector residual(static_cast<Eigen::Index>(stage.size()));
      for (std::size_t i = 0; i < stage.size(); ++i)
        residual[static_cast<Eigen::Index>(i)] = base[i] + factor * slope_[i] - stage[i];
      const Vector change = inverse * residual;
      double size = 0;
      for (std::size_t i = 0; i < stage.size(); ++i) {
        const double by = change[static_cast<Eigen::Index>(i)];
        stage[i] += by;
        size = std::max(size, std::abs(by) / (1 + std::abs(stage[i])));
      }
      if (!std::isfinite(size) || size > 1e3) return false;
      if (size < 1e-13 || (size < rounding && size > 0.3 * before)) {
        last_change_ = std::max(last_change_, size);
        return true;
      }
      before = size;
    }
    return before < rounding;
  }

  Field slope_;
  double last_change_ = 0;  // with which Newton's iteration ended, relative to 1 + |y|
};

class FactorSteps final : public Steps {
 public:
  using Steps::Steps;
  int error_order() const override { return 5; }

 private:
  void integrate(Field& y, double s, double h, Field& error) override {
    Field halves = y;
    const double middle = s - 0.5 * h, end = s - h;
    runge_kutta(y, s, middle, end);
    runge_kutta(halves, s, 0.5 * (s + middle), middle);
    runge_kutta(halves, middle, 0.5 * (middle + end), end);
    error.resize(y.size());
    for (std::size_t i = 0; i < y.size(); ++i) {
      error[i] = (halves[i] - y[i]) / 15;
      y[i] = halves[i] + error[i];
    }
  }

  void runge_kutta(Field& y, double from, double middle, double to) {
    const double h = from - to;
    Field k, moved = y, stage = y, weighted = y;
    equation_.slope(from, y, k);
    add(stage, h / 2, k);
    diffuse(moved, middle, from);
    diffuse(stage, middle, from);
    // E (y + h k/6) from E y and E (y + h k/2).
    for (std::size_t i = 0; i < y.size(); ++i) weighted[i] = moved[i] + (stage[i] - moved[i]) / 3;
    equation_.slope(middle, stage, k);
    add(weighted, h / 3, k);
    stage = moved;
    add(stage, h / 2, k);
    equation_.slope(middle, stage, k);
    add(weighted, h / 3, k);
    stage = moved;
    add(stage, h, k);
    diffuse(stage, to, middle);
    diffuse(weighted, to, middle);
    equation_.slope(to, stage, k);
    add(weighted, h / 6, k);
    y = std::move(weighted);
  }

  void diffuse(Field& y, double from, double to) {
    for (std::size_t k = 0; k < equation_.dimension(); ++k) {
      equation_.act(factor(k, equation_.diffused(k, from, to)), k, y, scratch_);
      y.swap(scratch_);
    }
  }

  /// exp(tau d_k^2), kept while steps repeat.
  const Matrix& factor(std::size_t k, double tau) {
    const auto key = std::pair(k, static_cast<float>(tau));
    const auto known = factors_.find(key);
    if (known != factors_.end() && std::abs(known->second.first - tau) <= 1e-14 * tau)
      return known->second.second;
    if (factors_.size() > 48) factors_.clear();
    return (factors_[key] = {tau, exponential(tau * equation_.axis(k).curvature)}).second;
  }

  Field scratch_;
  std::map<std::pair<std::size_t, float>, std::pair<double, Matrix>> factors_;
};

}  // namespace

double work_of_step(const SpectralNodes& nodes) {
  double rows = 0, size = 1;
  for (const std::size_t count : nodes.counts) {
    rows += static_cast<double>(count);
    size *= static_cast<double>(count);
  }
  // An inverse, or some 40 products with the matrices of each axis.
  return nodes.counts.size() == 1 ? 3 * size * size * size : 80 * rows * size;
}

std::unique_ptr<SpectralScheme> spectral_scheme(const HjbProblem& problem, const SpectralNodes& nodes,
                                                bool logarithmic) {
  if (problem.grid.dimension() == 1) return std::make_unique<ImplicitSteps>(problem, nodes, logarithmic);
  return std::make_unique<FactorSteps>(problem, nodes, logarithmic);
}

}  // namespace umkehr
