// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstdio>
#include "solver/kolmogorov/fokker_planck.hpp"
#include "solver/process/known_processes.hpp"

int main() {
  const umkehr::Grid grid({{.name = "x", .from = -8, .to = 8, .points = 128}});
  const umkehr::GaussianMixture start(
      {{1.0, Eigen::VectorXd::Constant(1, 0.9), Eigen::MatrixXd::Constant(1, 1, 0.3)}});
  const auto end = umkehr::solve_fokker_planck(umkehr::variance_preserving(0.1, 20), grid, start, 0, {0, 1},
                                               {.method = umkehr::Method::fourier});
  std::printf("h(stop) = %.9f\n", end.entropy.back());  // N(0, 1): (1 + ln 2 pi)/2 = 1.418938533
}
