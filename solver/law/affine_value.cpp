// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/law/affine_value.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "grids/dense/dense_matrix.hpp"
#include "grids/failure.hpp"
#include "grids/hermite.hpp"
#include "grids/tensor_product.hpp"

namespace umkehr {
namespace {

constexpr std::size_t batch = 32768;  // points at a time
constexpr double negligible = 1e-18;  // weight of a node
constexpr double agreement = 1e-13;   // between two rules, relative to the largest value
constexpr std::array<std::size_t, 3> max_nodes = {384, 96, 40};

/// Nodes z and weights for E[f(Z)], Z standard normal in `rank` dimensions.
struct NormalRule {
  Points nodes;
  std::vector<double> weights;

  NormalRule(std::size_t rank, std::size_t count) : nodes(rank, 0) {
    const HermiteQuadrature line(HermiteBasis{0, 1, 1}, count);
    const Points all = tensor_points(std::vector(rank, line.nodes));
    std::vector<std::vector<double>> kept(rank);
    for (std::size_t i = 0; i < std::max<std::size_t>(1, all.count()); ++i) {
      double weight = 1;
      for (std::size_t k = rank, rest = i; k-- > 0; rest /= count)
        weight *= std::pow(line.values(static_cast<Eigen::Index>(rest % count), 0), 2);
      if (weight < negligible) continue;
      weights.push_back(weight);
      for (std::size_t k = 0; k < rank; ++k) kept[k].push_back(all[k][i]);
    }
    nodes = Points(std::move(kept));
  }
};

/// C^(1/2) without the directions in which C is flat: (d, rank).
Eigen::MatrixXd root_of(const Eigen::MatrixXd& covariance) {
  const SymmetricEigen eigen = symmetric_eigen(covariance);
  const double flat = 1e-30 + 1e-15 * eigen.values.cwiseAbs().maxCoeff();
  std::vector<Eigen::Index> stretched;
  for (Eigen::Index k = 0; k < eigen.values.size(); ++k)
    if (eigen.values[k] > flat) stretched.push_back(k);
  Eigen::MatrixXd root(covariance.rows(), static_cast<Eigen::Index>(stretched.size()));
  for (Eigen::Index k = 0; k < root.cols(); ++k) {
    const Eigen::Index from = stretched[static_cast<std::size_t>(k)];
    root.col(k) = eigen.vectors.col(from) * std::sqrt(eigen.values[from]);
  }
  return root;
}

/// The laws at `stop` from points of a batch.
GaussianMixture laws_from(const AffineProcess& process, const Points& x, std::size_t first, std::size_t count,
                          double t, double stop) {
  const auto d = static_cast<Eigen::Index>(x.dimension());
  std::vector<Gaussian> points(count, {1, Eigen::VectorXd(d), Eigen::MatrixXd::Zero(d, d)});
  for (std::size_t i = 0; i < count; ++i)
    for (Eigen::Index k = 0; k < d; ++k) points[i].mean[k] = x[static_cast<std::size_t>(k)][first + i];
  return process.push(GaussianMixture(std::move(points)), t, stop);
}

double mean(const Gaussian& law, const Eigen::MatrixXd& root, const NormalRule& rule,
            const Coefficient& terminal, double stop) {
  const std::size_t count = rule.weights.size();
  Points at(static_cast<std::size_t>(law.mean.size()), count);
  for (std::size_t k = 0; k < at.dimension(); ++k) {
    std::fill(at[k].begin(), at[k].end(), law.mean[static_cast<Eigen::Index>(k)]);
    for (Eigen::Index l = 0; l < root.cols(); ++l) {
      const double stretch = root(static_cast<Eigen::Index>(k), l);
      for (std::size_t i = 0; i < count; ++i)
        at[k][i] += stretch * rule.nodes[static_cast<std::size_t>(l)][i];
    }
  }
  std::vector<double> values(count);
  terminal(at, stop, values);
  double sum = 0;
  for (std::size_t i = 0; i < count; ++i) sum += rule.weights[i] * values[i];
  if (!std::isfinite(sum)) throw UnfitProblem("the terminal value is not finite where the process may go");
  return law.weight * sum;
}

}  // namespace

double affine_value(const AffineProcess& process, const Coefficient& terminal, double t, double stop,
                    const Points& x, std::span<double> out) {
  // Some of the points say how many nodes it takes.
  const std::size_t samples = std::min<std::size_t>(x.count(), 24);
  Points few(x.dimension(), samples);
  for (std::size_t k = 0; k < x.dimension(); ++k)
    for (std::size_t i = 0; i < samples; ++i)
      few[k][i] = x[k][samples < 2 ? 0 : i * (x.count() - 1) / (samples - 1)];
  const GaussianMixture laws = laws_from(process, few, 0, samples, t, stop);
  const Eigen::MatrixXd root = root_of(laws.components().front().covariance);
  const auto rank = static_cast<std::size_t>(root.cols());
  const auto values = [&](const NormalRule& rule) {
    std::vector<double> result;
    for (const Gaussian& law : laws.components()) result.push_back(mean(law, root, rule, terminal, stop));
    return result;
  };
  std::size_t nodes = 8;
  NormalRule rule(rank, nodes);
  double error = 0;
  for (std::vector<double> before = values(rule); rank > 0;) {
    nodes = nodes * 3 / 2;
    rule = NormalRule(rank, nodes);
    std::vector<double> now = values(rule);
    double largest = 0, difference = 0;
    for (std::size_t i = 0; i < samples; ++i) {
      largest = std::max(largest, std::abs(now[i]));
      difference = std::max(difference, std::abs(now[i] - before[i]));
    }
    error = largest > 0 ? difference / largest : 0;
    if (error <= agreement || nodes * 3 / 2 > max_nodes[rank - 1]) break;
    before = std::move(now);
  }
  for (std::size_t first = 0; first < x.count(); first += batch) {
    const std::size_t count = std::min(batch, x.count() - first);
    const GaussianMixture from = laws_from(process, x, first, count, t, stop);
    for (std::size_t i = 0; i < count; ++i)
      out[first + i] = mean(from.components()[i], root, rule, terminal, stop);
  }
  return error;
}

}  // namespace umkehr
