// SPDX-License-Identifier: GPL-3.0-or-later
// lambda(x, s) = -ln int K(y, stop | x, s) exp(-lambda(y)) dy for the Gaussian kernel of an affine process, killed at a rate
// of second degree,
//   ln K = -kappa - (x, 1).J (x, 1)/2 - |L^-1 (y - m)|^2/2 - ln det(sqrt(2 pi) L),  m = E (x, 1),  L L^T = G,
// (2.30, 3.25), and u = D (E^T G^-1 <y - m> - J (x, 1)). Any saved time takes one sum, exact up to quadrature.
#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstdio>
#include <numbers>
#include <optional>
#include <span>
#include <utility>

#include "grids/dense/dense_matrix.hpp"
#include "grids/failure.hpp"
#include "grids/hermite.hpp"
#include "grids/machine/infinity.hpp"
#include "grids/machine/team.hpp"
#include "solver/hjb/hjb_error.hpp"
#include "solver/hjb/hjb_problem.hpp"
#include "solver/hjb/lines/log_kernel_sum.hpp"
#include "solver/law/affine.hpp"

namespace umkehr {
namespace {

using Matrix = Eigen::MatrixXd;
using Vector = Eigen::VectorXd;

constexpr std::size_t max_nodes = 8'000'000;
constexpr double agreement = 1e-11;     // between two spacings of nodes, relative to 1 + lambda - min lambda
constexpr double negligible_edge = 34;  // exp(-34) = 2e-15

/// The kernel from s to the stop.
struct TransitionKernel {
  GaussianTransport transport;
  Matrix root, inverse_root;
  double log_scale = 0;

  TransitionKernel(const AffineProcess& process, double s, double stop)
      : transport(process.transport(s, stop)) {
    const std::optional<Matrix> lower = cholesky(transport.noise);
    if (!lower)
      throw NumericalFailure("the noise between t = " + std::to_string(s) + " and " + std::to_string(stop) +
                             " has no width along some direction");
    root = *lower;
    inverse_root = invert_lower(root);
    log_scale = -transport.cost;
    for (Eigen::Index k = 0; k < root.rows(); ++k)
      log_scale -= std::log(root(k, k)) + 0.5 * std::log(2 * std::numbers::pi);
  }
  Vector mean(const Vector& x) const { return (transport.transition * x).head(root.rows()); }
  double log_weight(const Vector& x) const { return -0.5 * x.dot(transport.information * x); }
  /// Standard deviation along an axis, and where all other coordinates are known.
  double deviation(Eigen::Index k) const { return std::sqrt(transport.noise(k, k)); }
  double conditional_deviation(Eigen::Index k) const { return 1 / inverse_root.col(k).norm(); }
};

class KernelSolver {
 public:
  KernelSolver(const HjbProblem& problem, const AffineProcess& process, HjbSolution& solution)
      : problem_(problem),
        process_(process),
        solution_(solution),
        centres_(problem.grid.centres()),
        lambda_(problem.terminal_values()) {}

  void solve(std::size_t n) {
    const double s = problem_.times[n];
    if (s == problem_.stop) return problem_.terminal_field(solution_.value[n], controls_at(solution_, n));
    const TransitionKernel kernel(process_, s, problem_.stop);
    std::vector<NodeRange> ranges = first_ranges(kernel);
    for (int widening = 0; widening < 12; ++widening) {
      if (!fits(ranges)) return sum_locally(kernel, n);
      const TerminalNodes nodes = resolved_nodes(kernel, ranges, n);
      if (sum(kernel, nodes, n)) return require(n);
      for (NodeRange& range : ranges) {
        const double more = 0.3 * (range.to - range.from);
        range.from -= more;
        range.to += more;
      }
    }
    throw NumericalFailure("chi = exp(-lambda) is not integrable against the kernel from t = " +
                           std::to_string(s) + ": lambda falls faster than the process spreads");
  }

 private:
  std::size_t dimension() const { return problem_.grid.dimension(); }

  Vector point(std::size_t i) const {
    Vector x(static_cast<Eigen::Index>(dimension()) + 1);
    for (std::size_t k = 0; k < dimension(); ++k) x[static_cast<Eigen::Index>(k)] = centres_[k][i];
    x[x.size() - 1] = 1;
    return x;
  }

  /// Where the kernel goes from anywhere on the grid.
  std::vector<NodeRange> first_ranges(const TransitionKernel& kernel) const {
    std::vector<NodeRange> ranges;
    for (std::size_t k = 0; k < dimension(); ++k) {
      const auto row = static_cast<Eigen::Index>(k);
      const Matrix& move = kernel.transport.transition;
      NodeRange range{move(row, move.cols() - 1), move(row, move.cols() - 1), 0};
      for (std::size_t j = 0; j < dimension(); ++j) {
        const Axis& axis = problem_.grid.axis(j);
        const double factor = move(row, static_cast<Eigen::Index>(j));
        range.from += std::min(factor * axis.from, factor * axis.to);
        range.to += std::max(factor * axis.from, factor * axis.to);
      }
      range.from -= 9 * kernel.deviation(row);
      range.to += 9 * kernel.deviation(row);
      range.spacing = std::min(0.7 * kernel.conditional_deviation(row), (range.to - range.from) / 16);
      ranges.push_back(range);
    }
    return ranges;
  }

  static bool fits(const std::vector<NodeRange>& ranges) {
    double count = ranges.size() == 1 ? 8 : 1;  // sixteen nodes for two deviations in 1-D
    for (const NodeRange& range : ranges) count *= 1 + (range.to - range.from) / range.spacing;
    return count <= static_cast<double>(max_nodes);
  }

  /// With what a sum over other nodes says of their error.
  TerminalNodes resolved_nodes(const TransitionKernel& kernel, std::vector<NodeRange>& ranges,
                               std::size_t n) {
    double& error = solution_.error[n];
    if (dimension() == 1) {
      const double narrowest = kernel.conditional_deviation(0),
                   aside = 0.007 * (ranges[0].to - ranges[0].from);
      TerminalNodes nodes = panel_nodes(lambda_, ranges[0], narrowest, features_);
      const NodeRange other{ranges[0].from - aside, ranges[0].to + 2 * aside, 0};
      error = largest_change(kernel, panel_nodes(lambda_, other, 0.9 * narrowest, features_), nodes, 17);
      return nodes;
    }
    TerminalNodes nodes = uniform_nodes(lambda_, ranges);
    error = infinity;
    for (;;) {
      std::vector<NodeRange> finer = ranges;
      for (NodeRange& range : finer) range.spacing *= 0.7;
      if (!fits(finer)) return nodes;
      TerminalNodes more = uniform_nodes(lambda_, finer);
      error = largest_change(kernel, nodes, more, 97);
      if (error <= agreement) return nodes;
      ranges = finer;
      nodes = std::move(more);
    }
  }

  /// Over a sample of the grid.
  double largest_change(const TransitionKernel& kernel, const TerminalNodes& a, const TerminalNodes& b,
                        std::size_t most) const {
    const std::size_t samples = std::min(problem_.grid.size(), most);
    std::vector<double> first, second;
    for (std::size_t n = 0; n < samples; ++n) {
      const Vector x = point(n * (problem_.grid.size() - 1) / (samples - 1)), m = kernel.mean(x);
      first.push_back(-log_kernel_sum(a, kernel.root, m).log - kernel.log_weight(x));
      second.push_back(-log_kernel_sum(b, kernel.root, m).log - kernel.log_weight(x));
    }
    return difference(first, second);
  }

  /// Throws where the nodes have not been enough.
  void require(std::size_t n) const {
    const double error = solution_.error[n];
    if (error <= problem_.choices.tolerance) return;
    char text[240];
    std::snprintf(
        text, sizeof text,
        "seen from t = %.6g the terminal value is resolved to %.1e only by the most nodes that are "
        "taken, where tolerance = %.1g is asked for; a larger tolerance, a smoother terminal value or a "
        "smaller box is what it takes",
        problem_.times[n], error, problem_.choices.tolerance);
    throw NumericalFailure(text);
  }

  /// False if some sum has not ended within the nodes.
  bool sum(const TransitionKernel& kernel, const TerminalNodes& nodes, std::size_t n) {
    std::atomic<bool> has_ended = true;
    share(problem_.grid.size(), 3 * static_cast<double>(nodes.cost.size()), [&](std::size_t i) {
      const Vector x = point(i);
      const LogKernelSum found = log_kernel_sum(nodes, kernel.root, kernel.mean(x));
      if (found.edge > found.log - negligible_edge) has_ended = false;
      const Eigen::Map<const Vector> offset(found.offset.data(), kernel.root.rows());
      store(kernel, x, found.log, kernel.inverse_root * offset, n, i);
    });
    if (has_ended) check(n);
    return has_ended;
  }

  /// Where the kernel is too narrow for nodes that all share: Gauss-Hermite nodes about each mean, held against more of them.
  void sum_locally(const TransitionKernel& kernel, std::size_t n) {
    constexpr std::size_t modes[3][4] = {{48, 72, 108, 160}, {16, 24, 36, 54}, {9, 12, 16, 22}};
    std::vector<double> before;
    for (const std::size_t count : modes[dimension() - 1]) {
      sum_locally(kernel, n, count);
      const std::span<const double> now = solution_.value[n];
      solution_.error[n] = before.empty() ? infinity : difference(before, now);
      if (solution_.error[n] <= problem_.choices.tolerance) break;
      before.assign(now.begin(), now.end());
    }
    check(n);
    require(n);
  }

  void sum_locally(const TransitionKernel& kernel, std::size_t n, std::size_t modes) {
    const std::size_t d = dimension();
    const HermiteQuadrature rule({0, 1, 1}, modes);
    std::size_t total = 1;
    for (std::size_t k = 0; k < d; ++k) total *= modes;
    const double full = std::log(2 * std::numbers::pi) / 2 * static_cast<double>(d) +
                        kernel.inverse_root.diagonal().array().log().sum() * -1;
    share(problem_.grid.size(), 50 * static_cast<double>(total), [&](std::size_t i) {
      const Vector x = point(i), m = kernel.mean(x);
      Points y(d, total);
      Matrix z(static_cast<Eigen::Index>(d), static_cast<Eigen::Index>(total));
      Vector exponent(static_cast<Eigen::Index>(total));
      for (std::size_t j = 0; j < total; ++j) {
        const auto column = static_cast<Eigen::Index>(j);
        exponent[column] = 0;
        for (std::size_t k = 0, rest = j; k < d; ++k, rest /= modes) {
          z(static_cast<Eigen::Index>(k), column) = rule.nodes[rest % modes];
          exponent[column] += 2 * std::log(std::abs(rule.values(static_cast<Eigen::Index>(rest % modes), 0)));
        }
        const Vector at = m + kernel.root * z.col(column);
        for (std::size_t k = 0; k < d; ++k) y[k][j] = at[static_cast<Eigen::Index>(k)];
      }
      std::vector<double> cost(total);
      lambda_(y, cost);
      for (std::size_t j = 0; j < total; ++j) exponent[static_cast<Eigen::Index>(j)] -= cost[j];
      const double largest = exponent.maxCoeff();
      const Vector part = (exponent.array() - largest).exp();
      store(kernel, x, largest + std::log(part.sum()) + full, z * part / part.sum(), n, i);
    });
  }

  void store(const TransitionKernel& kernel, const Vector& x, double log_sum, const Vector& whitened,
             std::size_t n, std::size_t i) {
    solution_.value[n][i] = -(log_sum + kernel.log_scale + kernel.log_weight(x));
    const Eigen::Index d = whitened.size();
    const Vector pull = kernel.inverse_root.transpose() * whitened;
    const Vector gradient = kernel.transport.transition.topLeftCorner(d, d).transpose() * pull -
                            (kernel.transport.information * x).head(d);
    for (Eigen::Index k = 0; k < d; ++k) {
      const auto axis = static_cast<std::size_t>(k);
      solution_.control[axis][n][i] = problem_.process.diffusion[axis](problem_.times[n]) * gradient[k];
    }
  }

  void check(std::size_t n) const {
    for (const double value : solution_.value[n])
      if (!std::isfinite(value))
        throw NumericalFailure("lambda is not finite at t = " + std::to_string(problem_.times[n]));
  }

  const HjbProblem& problem_;
  const AffineProcess& process_;
  HjbSolution& solution_;
  Points centres_;
  TerminalValues lambda_;
  NarrowFeatures features_;
};

/// A kernel on the line serves a periodic axis whose coordinate no coefficient knows.
bool respects_periods(const HjbProblem& problem) {
  for (std::size_t k = 0; k < problem.grid.dimension(); ++k) {
    if (!problem.is_periodic(k)) continue;
    if (problem.process.killing.depends_on_axis(k)) return false;
    for (const Coefficient& drift : problem.process.drift)
      if (drift.depends_on_axis(k)) return false;
  }
  return true;
}

/// Formulas of pieces may seem affine where their derivatives are taken, and are not on the grid.
bool is_affine_on_grid(const HjbProblem& problem, const AffineProcess& affine) {
  constexpr double same = 1e-9;
  const Points centres = problem.grid.centres();
  const std::size_t d = problem.grid.dimension();
  std::vector<double> values(centres.count());
  const auto agrees = [&](const Coefficient& f, double t, const auto& form) {
    f(centres, t, values);
    for (std::size_t i = 0; i < values.size(); ++i) {
      Vector x(static_cast<Eigen::Index>(d));
      for (std::size_t k = 0; k < d; ++k) x[static_cast<Eigen::Index>(k)] = centres[k][i];
      if (!(std::abs(values[i] - form(x)) <= same * (1 + std::abs(values[i])))) return false;
    }
    return true;
  };
  for (const double t : {problem.times.front(), 0.5 * (problem.times.front() + problem.stop), problem.stop}) {
    const Matrix slope = affine.slope(t), curvature = affine.killing_curvature(t);
    const Vector offset = affine.offset(t), pull = affine.killing_slope(t);
    for (std::size_t k = 0; k < d; ++k) {
      const auto row = static_cast<Eigen::Index>(k);
      if (!agrees(problem.process.drift[k], t,
                  [&](const Vector& x) { return slope.row(row).dot(x) + offset[row]; }))
        return false;
    }
    if (!agrees(problem.process.killing, t, [&](const Vector& x) {
          return 0.5 * x.dot(curvature * x) + pull.dot(x) + affine.killing_rate(t);
        }))
      return false;
  }
  return true;
}

}  // namespace

bool solve_by_kernel(const HjbProblem& problem, HjbSolution& solution) {
  const std::optional<AffineProcess> affine = AffineProcess::of(problem.process);
  if (!affine || !respects_periods(problem) || !is_affine_on_grid(problem, *affine)) return false;
  KernelSolver solver(problem, *affine, solution);
  const std::size_t count = problem.times.size();
  for (std::size_t n = count; n-- > 0;) {
    try {
      solver.solve(n);
    } catch (const UnfitProblem& error) {  // killing makes the mass infinite on the way
      throw NumericalFailure(error.what());
    }
    if (problem.progress) problem.progress(static_cast<double>(count - n) / static_cast<double>(count));
  }
  return true;
}

}  // namespace umkehr
