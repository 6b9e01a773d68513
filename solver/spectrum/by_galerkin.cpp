// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>

#include "grids/tensor_product.hpp"
#include "solver/process/quasi_potential.hpp"
#include "solver/process/seam.hpp"
#include "solver/spectrum/galerkin_spectrum.hpp"
#include "solver/spectrum/mode_functions.hpp"
#include "solver/spectrum/spectrum_method.hpp"

namespace umkehr {
namespace {

// Functions an axis, until eigenvalues settle or the matrix is as large as takes seconds.
constexpr std::array<std::size_t, 3> first_functions = {32, 16, 9};
constexpr double growth = 1.25;
constexpr std::size_t max_on_one_axis = 1600;
constexpr double settled = 1e-12;  // of an eigenvalue

struct GalerkinModes {
  GalerkinOperator op;
  Eigenpairs pairs;
};

Resolutions resolutions_of(const SpectrumProblem& problem) {
  return {1, growth, growth * growth, bend_of_waves, is_smooth(problem.process, problem.grid, problem.t)};
}

std::size_t product_of(const std::vector<std::size_t>& functions) {
  std::size_t all = 1;
  for (const std::size_t count : functions) all *= count;
  return all;
}

/// As many an axis as the grid has points, in proportion, but no axis less than half of another. Odd on a circle, where the
/// derivative of the highest of an even number vanishes at the nodes.
std::vector<std::size_t> functions_of(const Grid& grid, double largest) {
  double most = 0;
  for (const Axis& axis : grid.axes()) most = std::max(most, static_cast<double>(axis.points));
  std::vector<std::size_t> functions;
  for (const Axis& axis : grid.axes()) {
    const double share = std::max(0.5, static_cast<double>(axis.points) / most);
    const auto count = static_cast<std::size_t>(std::lround(largest * share));
    functions.push_back(axis.boundary == Boundary::periodic ? count | 1 : count);
  }
  return functions;
}

/// Gives back the root of the mean of exp(-Phi), under which vectors of length one become functions of mean square one;
/// without a Phi that of the volume.
double length_of(const GalerkinOperator& op, const std::optional<QuasiPotential>& quasi, double least) {
  std::vector<std::vector<double>> nodes;
  for (const CardinalBasis& basis : op.bases) nodes.push_back(basis.node);
  const Points x = tensor_points(nodes);
  std::vector<double> phi(x.count());
  if (quasi) (*quasi)(x, phi);
  double all = 0;
  for (std::size_t n = 0; n < phi.size(); ++n) all += op.weight(n) * (quasi ? std::exp(least - phi[n]) : 1.0);
  return std::sqrt(all);
}

GalerkinModes solve_with(const SpectrumProblem& problem, const std::vector<std::size_t>& functions,
                         bool is_symmetric) {
  GalerkinModes found{galerkin_operator(problem.process, problem.grid, problem.t, functions, is_symmetric),
                      {}};
  const double shift = shift_below(problem, found.op.min_killing);
  found.pairs = is_symmetric ? lowest_symmetric(found.op.matrix, problem.count() + 1, shift)
                             : lowest_general(found.op.matrix, problem.count(), shift);
  return found;
}

void take_functions(const SpectrumProblem& problem, const GalerkinModes& found, Spectrum& spectrum) {
  const Grid& grid = problem.grid;
  std::optional<QuasiPotential> quasi;
  std::vector<double> phi;
  double least = 0;
  if (spectrum.is_symmetric) {
    quasi = QuasiPotential::of(problem.process, grid);
    phi.resize(grid.size());
    (*quasi)(grid.centres(), phi);
    least = *std::min_element(phi.begin(), phi.end());
    for (double& value : phi) value -= least;
  }
  const double length = length_of(found.op, quasi, least);
  const std::vector<bool> everywhere(grid.size(), true);
  for (Eigen::Index m = 0; m < found.pairs.values.size(); ++m) {
    const Eigen::VectorXcd vector = found.pairs.vectors.col(m).normalized() * length;
    std::vector<double> re = found.op.field(vector.real(), grid), im = found.op.field(vector.imag(), grid);
    if (quasi) re = function_of(grid, phi, re, everywhere);
    orient(phi, re, im);
    spectrum.function.push_back(std::move(re));
    spectrum.imaginary_function.push_back(std::move(im));
  }
}

/// Rounding where modes are smooth, not where the nodes crowd at walls.
double typical_entry(const Eigen::MatrixXd& matrix) {
  return matrix.diagonal().cwiseAbs().mean();
}

std::vector<double> conditions_of(const SpectrumProblem& problem, const GalerkinModes& found,
                                  bool is_symmetric) {
  if (is_symmetric) return std::vector<double>(static_cast<std::size_t>(found.pairs.values.size()), 1.0);
  const double shift = shift_below(problem, found.op.min_killing);
  return conditions(found.pairs, lowest_general(found.op.matrix.transpose(), problem.count(), shift));
}

bool are_settled(const Eigen::VectorXcd& values, const std::vector<double>& error, double rounding) {
  for (Eigen::Index n = 0; n < values.size(); ++n)
    if (error[static_cast<std::size_t>(n)] > std::max(rounding, settled * std::abs(values[n]))) return false;
  return true;
}

/// The last of a series of resolutions, and the eigenvalues of the two before it.
struct Series {
  GalerkinModes last;
  std::array<Eigen::VectorXcd, 2> before;
};

Series refined(const SpectrumProblem& problem, bool is_symmetric) {
  const std::size_t d = problem.grid.dimension(), most = d == 1 ? max_on_one_axis : max_galerkin_unknowns,
                    fewest = 4 * problem.choices.count + 20;
  double functions = static_cast<double>(first_functions[d - 1]);
  while (product_of(functions_of(problem.grid, functions)) < fewest) functions *= growth;
  const Resolutions each = resolutions_of(problem);
  Series series;
  for (int resolutions = 1;; ++resolutions, functions *= growth) {
    series.last = solve_with(problem, functions_of(problem.grid, functions), is_symmetric);
    const Eigen::VectorXcd all = series.last.pairs.values;
    series.last.pairs = series.last.pairs.first(problem.count());
    const Eigen::VectorXcd& values = series.last.pairs.values;
    const bool is_last = product_of(functions_of(problem.grid, functions * growth)) > most;
    if (resolutions > 2) {
      const double rounding = std::numeric_limits<double>::epsilon() * typical_entry(series.last.op.matrix);
      const std::vector<double> none(static_cast<std::size_t>(values.size())),
          error = errors_of(values, series.before[1], series.before[0], each, none);
      if (is_last || are_settled(values, error, rounding)) return series;
    }
    series.before = {std::move(series.before[1]), all};
  }
}

}  // namespace

SolvedSpectrum by_galerkin(const SpectrumProblem& problem) {
  SolvedSpectrum solved;
  Spectrum& spectrum = solved.spectrum;
  spectrum.is_symmetric = QuasiPotential::of(problem.process, problem.grid).has_value();
  const Series series = refined(problem, spectrum.is_symmetric);
  const GalerkinModes& found = series.last;
  take_values(found.pairs.values, spectrum);
  const std::vector<double> condition = conditions_of(problem, found, spectrum.is_symmetric);
  if (!spectrum.is_symmetric) spectrum.condition = condition;
  solved.rounding = rounding_of(typical_entry(found.op.matrix), condition);
  spectrum.error = errors_of(found.pairs.values, series.before[1], series.before[0], resolutions_of(problem),
                             solved.rounding);
  take_functions(problem, found, spectrum);
  return solved;
}

}  // namespace umkehr
