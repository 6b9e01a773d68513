// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>
#include <cmath>
#include <complex>

#include "grids/failure.hpp"
#include "solver/finite_volume/finite_volume_generator.hpp"
#include "solver/spectrum/mode_functions.hpp"
#include "solver/spectrum/product_spectrum.hpp"
#include "solver/spectrum/spectrum_method.hpp"

namespace umkehr {
namespace {

constexpr double next_order =
    7;  // less one: what the third power of half the width leaves, absorbing walls' next one

SolvedSpectrum on_intervals(const SpectrumProblem& problem) {
  IntervalModes modes = product_modes(problem.process, problem.grid, problem.t, problem.choices.count);
  SolvedSpectrum solved;
  Spectrum& spectrum = solved.spectrum;
  spectrum.imaginary.resize(modes.value.size());
  spectrum.real = std::move(modes.value);
  spectrum.error = std::move(modes.error);
  spectrum.function = std::move(modes.function);
  spectrum.imaginary_function.resize(spectrum.function.size(), std::vector<double>(problem.grid.size()));
  spectrum.is_symmetric = true;
  solved.rounding = std::move(modes.rounding);
  return solved;
}

Grid divided(const Grid& grid, std::size_t by) {
  std::vector<Axis> axes = grid.axes();
  for (Axis& axis : axes) axis.points = std::max<std::size_t>(2, (axis.points + by / 2) / by);
  return Grid(axes);
}

double squared_width(const Grid& grid) {
  return std::pow(grid.cell_volume(), 2 / static_cast<double>(grid.dimension()));
}

/// Free of the error of second order.
Eigen::VectorXcd extrapolated(const Eigen::VectorXcd& fine, const Grid& of_fine,
                              const Eigen::VectorXcd& coarse, const Grid& of_coarse) {
  return fine + (fine - coarse) / (squared_width(of_coarse) / squared_width(of_fine) - 1);
}

Eigenpairs pairs_on(const SpectrumProblem& problem, const Eigen::SparseMatrix<double>& matrix) {
  return lowest_general(matrix, problem.count(), shift_below(problem, min_killing(problem)));
}

/// Of extrapolated values, where the changes fall as those of second order do; else the last change, as of first order.
double error_of(std::complex<double> fine, std::complex<double> middle, std::complex<double> coarse,
                std::complex<double> best, std::complex<double> before) {
  const double last = std::abs(fine - middle), ratio = last / std::abs(middle - coarse),
               smooth = std::abs(best - before) / next_order;
  return ratio > 0.15 && ratio < 0.35 ? smooth : std::max(smooth, last);
}

SolvedSpectrum on_grids(const SpectrumProblem& problem) {
  const std::array<Grid, 3> grids = {problem.grid, divided(problem.grid, 2), divided(problem.grid, 4)};
  if (grids[2].size() < problem.choices.count + 4)
    throw UnfitProblem(
        "finite volumes hold this grid against one with a quarter of the points an axis, "
        "which has no more than " +
        std::to_string(grids[2].size()) + " eigenvalues; take more points, or a smaller count");
  std::array<Eigenpairs, 3> pairs;
  Eigen::SparseMatrix<double> matrix;
  for (const std::size_t n : {2U, 1U, 0U}) {
    matrix = -FiniteVolumeGenerator(problem.process, grids[n]).matrix(problem.t);
    pairs[n] = pairs_on(problem, matrix);
  }
  pairs[0] = pairs[0].first(problem.count());
  const Eigen::VectorXcd &fine = pairs[0].values, middle = matched(fine, pairs[1].values),
                         coarse = matched(middle, pairs[2].values),
                         best = extrapolated(fine, grids[0], middle, grids[1]),
                         before = extrapolated(middle, grids[1], coarse, grids[2]);
  SolvedSpectrum solved;
  Spectrum& spectrum = solved.spectrum;
  take_values(best, spectrum);
  const Eigen::SparseMatrix<double> transposed = matrix.transpose();
  spectrum.condition = conditions(pairs[0], pairs_on(problem, transposed));
  solved.rounding = rounding_of(matrix.coeffs().abs().maxCoeff(), spectrum.condition);
  const std::vector<double> phi = potential(problem.process, problem.grid);
  for (Eigen::Index n = 0; n < best.size(); ++n) {
    const double left = error_of(fine[n], middle[n], coarse[n], best[n], before[n]);
    spectrum.error.push_back(std::max(left, solved.rounding[static_cast<std::size_t>(n)]));
    const Eigen::VectorXd re = pairs[0].vectors.col(n).real(), im = pairs[0].vectors.col(n).imag();
    spectrum.function.emplace_back(re.begin(), re.end());
    spectrum.imaginary_function.emplace_back(im.begin(), im.end());
    normalise(phi, spectrum.function.back(), spectrum.imaginary_function.back());
    orient(phi, spectrum.function.back(), spectrum.imaginary_function.back());
  }
  return solved;
}

}  // namespace

SolvedSpectrum by_finite_volumes(const SpectrumProblem& problem) {
  return is_product_of_intervals(problem.process, problem.grid, problem.t) ? on_intervals(problem)
                                                                           : on_grids(problem);
}

}  // namespace umkehr
