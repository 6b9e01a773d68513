// SPDX-License-Identifier: GPL-3.0-or-later
// A user's program: vectors and matrices go to the library and come back, are assigned over, moved and freed on
// either side. Whoever allocates, whatever flags either was compiled with.
#include <Eigen/Dense>
#include <cmath>
#include <cstdio>
#include <utility>
#include <vector>

#include "grids/dense/dense_matrix.hpp"
#include "grids/hermite.hpp"
#include "solver/action/action_gap.hpp"
#include "solver/bridge/bridge.hpp"
#include "solver/bridge/gaussian_bridge.hpp"
#include "solver/cells/cells.hpp"
#include "solver/hjb/hjb.hpp"
#include "solver/kolmogorov/backward_kolmogorov.hpp"
#include "solver/kolmogorov/fokker_planck.hpp"
#include "solver/law/affine.hpp"
#include "solver/paths/most_probable_path.hpp"
#include "solver/process/known_processes.hpp"
#include "solver/reversal/reverse_diffusion.hpp"
#include "solver/spectrum/spectrum.hpp"

namespace {

using Eigen::Index, Eigen::MatrixXd, Eigen::VectorXd;

umkehr::GaussianMixture standard(Index dimension) {
  return umkehr::GaussianMixture(
      {{0.5, VectorXd::Constant(dimension, 1.0), MatrixXd::Identity(dimension, dimension)},
       {0.5, VectorXd::Constant(dimension, -1.0), MatrixXd::Identity(dimension, dimension)}});
}

/// Sum of what should be zero, over mixtures of one to nine dimensions: blocks of every length pass the border.
double moments() {
  double wrong = 0;
  for (Index d = 1; d < 10; ++d) {
    const umkehr::GaussianMixture mixture = standard(d);
    VectorXd mean = mixture.mean();
    MatrixXd covariance = MatrixXd::Zero(d + 1, d);
    covariance = mixture.covariance();
    VectorXd mine = VectorXd::Ones(d + 2);
    mine = std::move(mean);
    wrong += mine.norm() + (covariance - MatrixXd::Identity(d, d) - MatrixXd::Ones(d, d)).norm();
    std::vector<umkehr::Gaussian> parts = mixture.components();
    parts[0].mean = mine;
    parts[1].mean = VectorXd::Zero(d);
    parts.push_back(parts[0]);
    wrong += umkehr::GaussianMixture(std::move(parts)).mean().norm();
  }
  return wrong;
}

double algebra() {
  double wrong = 0;
  for (Index n = 1; n < 12; ++n) {
    const MatrixXd a = MatrixXd::Identity(n, n) * 3 + MatrixXd::Ones(n, n);
    const umkehr::LinearSolve solve = umkehr::factorise(a);
    VectorXd x = solve(VectorXd::Ones(n));
    wrong += (a * x - VectorXd::Ones(n)).norm();
    umkehr::SymmetricEigen eigen = umkehr::symmetric_eigen(a);
    wrong += std::abs(eigen.values[n - 1] - 3 - static_cast<double>(n));
    x = std::move(eigen.values);
    MatrixXd product = umkehr::product(a, umkehr::invert(a).matrix);
    wrong += (product - MatrixXd::Identity(n, n)).norm();
    product = umkehr::exponential(MatrixXd::Zero(n, n));
    wrong += (product - MatrixXd::Identity(n, n)).norm();
  }
  return wrong;
}

double affine() {
  const auto process = umkehr::AffineProcess::of(umkehr::variance_preserving(0.1, 20));
  if (!process) return 1;
  MatrixXd slope = MatrixXd::Zero(3, 3);
  slope = process->slope(1.0);
  VectorXd at = VectorXd::Constant(1, 0.5);
  const umkehr::GaussianMixture law = process->transition(at, 0, 1);
  at = law.mean();
  return std::abs(slope(0, 0) + 10) + std::abs(at[0] - 0.5 * std::exp(-10.05 / 2));
}

double cells() {
  const umkehr::CellsOptimum optimum =
      umkehr::solve_cells({MatrixXd::Constant(3, 3, 1.0 / 3), {3, 4, 5}, {4, 4, 4}});
  MatrixXd bridge = MatrixXd::Ones(5, 2);
  bridge = optimum.bridge;
  return (bridge - MatrixXd::Constant(3, 3, 1.0 / 3)).norm();
}

}  // namespace

int main() {
  const double wrong[] = {moments(), algebra(), affine(), cells()};
  for (const double each : wrong) std::printf("wrong by %.1e\n", each);
  const umkehr::Grid grid({{.name = "x", .from = -8, .to = 8, .points = 128}});
  const umkehr::GaussianMixture start({{1.0, VectorXd::Constant(1, 0.9), MatrixXd::Constant(1, 1, 0.3)}});
  const auto end = umkehr::solve_fokker_planck(umkehr::variance_preserving(0.1, 20), grid, start, 0, {0, 1},
                                               {.method = umkehr::Method::fourier});
  std::printf("h(stop) = %.9f\n", end.entropy.back());  // N(0, 1): (1 + ln 2 pi)/2 = 1.418938533
  for (const double each : wrong)
    if (!(each < 1e-12)) return 1;
}
