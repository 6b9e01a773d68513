// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>
#include <cmath>

#include "solver/process/seam.hpp"
#include "solver/spectrum/fourier_spectrum.hpp"
#include "solver/spectrum/mode_functions.hpp"
#include "solver/spectrum/spectrum_method.hpp"

namespace umkehr {
namespace {

constexpr double share_of_points = 0.8;  // of the resolution below
// What the cut at a wall changes, of |psi|^2 there (of its largest) times D/h^2: measured on harmonic wells of 20 and 60
// points that end at 2 to 5 standard deviations, within a factor of 5.
constexpr double of_cut = 0.1;

struct FourierModes {
  Grid grid;
  std::vector<double> phi;
  CardinalOperator op;
  Eigenpairs pairs, left;
};

Grid coarser(const Grid& grid, double share) {
  std::vector<Axis> axes = grid.axes();
  for (Axis& axis : axes)
    axis.points = std::max<std::size_t>(
        3, static_cast<std::size_t>(std::lround(share * static_cast<double>(axis.points))));
  return Grid(axes);
}

/// Along the axis that has fewest.
Resolutions points_of(const SpectrumProblem& problem) {
  const Grid& grid = problem.grid;
  const auto fewest = [](const Grid& of) {
    std::size_t least = of.axis(0).points;
    for (const Axis& axis : of.axes()) least = std::min(least, axis.points);
    return static_cast<double>(least);
  };
  return {fewest(coarser(grid, share_of_points * share_of_points)), fewest(coarser(grid, share_of_points)),
          fewest(grid), bend_of_waves, is_smooth(problem.process, problem.grid, problem.t)};
}

FourierModes solve_on(const SpectrumProblem& problem, const Grid& grid, bool with_left) {
  FourierModes found{grid, potential(problem.process, grid), {}, {}, {}};
  const double shift = shift_below(problem, min_killing(problem));
  if (found.phi.empty()) {
    found.op = general_operator(problem.process, grid, problem.t);
    found.pairs = lowest_general(found.op.matrix, problem.count(), shift);
    if (with_left) found.left = lowest_general(found.op.matrix.transpose(), problem.count(), shift);
  } else {
    found.op = symmetric_operator(problem.process, grid, problem.t, found.phi);
    const auto size = static_cast<Eigen::Index>(found.op.centres.size());
    found.pairs = lowest_symmetric(found.op.matrix, std::min(problem.count() + 1, size - 1), shift);
    found.left = found.pairs;
  }
  return found;
}

std::vector<bool> at_walls_of(const FourierModes& found, std::size_t k) {
  std::vector<bool> chosen;
  for (const std::size_t cell : found.op.centres) {
    const std::size_t place = cell / found.grid.stride(k) % found.grid.axis(k).points;
    chosen.push_back(place == 0 || place + 1 == found.grid.axis(k).points);
  }
  return chosen;
}

/// What the walls change in each eigenvalue, where the line goes on beyond them.
std::vector<double> errors_of_cut(const SpectrumProblem& problem, const FourierModes& found) {
  std::vector<double> error(static_cast<std::size_t>(found.pairs.values.size()));
  for (std::size_t k = 0; k < found.grid.dimension(); ++k) {
    const Axis& axis = found.grid.axis(k);
    if (axis.boundary == Boundary::periodic) continue;
    const std::vector<double> share = shares(found.pairs, found.left, at_walls_of(found, k));
    const double rate = of_cut * problem.process.diffusion[k](problem.t) / (axis.spacing() * axis.spacing());
    for (std::size_t n = 0; n < error.size(); ++n) error[n] += rate * share[n];
  }
  return error;
}

void take_functions(const FourierModes& found, Spectrum& spectrum) {
  for (Eigen::Index m = 0; m < found.pairs.values.size(); ++m) {
    const Eigen::VectorXd re = found.pairs.vectors.col(m).real(), im = found.pairs.vectors.col(m).imag();
    if (found.phi.empty()) {
      spectrum.function.emplace_back(re.begin(), re.end());
      spectrum.imaginary_function.emplace_back(im.begin(), im.end());
    } else {
      std::vector<double> psi(found.grid.size());
      std::vector<bool> kept(found.grid.size());
      for (std::size_t n = 0; n < found.op.centres.size(); ++n) {
        psi[found.op.centres[n]] = re[static_cast<Eigen::Index>(n)];
        kept[found.op.centres[n]] = true;
      }
      spectrum.function.push_back(function_of(found.grid, found.phi, psi, kept));
      spectrum.imaginary_function.emplace_back(found.grid.size());
    }
    normalise(found.phi, spectrum.function.back(), spectrum.imaginary_function.back());
    orient(found.phi, spectrum.function.back(), spectrum.imaginary_function.back());
  }
}

}  // namespace

SolvedSpectrum by_fourier(const SpectrumProblem& problem) {
  std::array<Eigen::VectorXcd, 2> before;
  for (const int n : {0, 1})
    before[static_cast<std::size_t>(n)] =
        solve_on(problem, coarser(problem.grid, std::pow(share_of_points, 2 - n)), false).pairs.values;
  FourierModes found = solve_on(problem, problem.grid, true);
  found.pairs = found.pairs.first(problem.count());

  SolvedSpectrum solved;
  Spectrum& spectrum = solved.spectrum;
  spectrum.is_symmetric = !found.phi.empty();
  take_values(found.pairs.values, spectrum);
  std::vector<double> condition(spectrum.real.size(), 1.0);
  if (!spectrum.is_symmetric) condition = spectrum.condition = conditions(found.pairs, found.left);
  solved.rounding = rounding_of(found.op.matrix.cwiseAbs().maxCoeff(), condition);
  spectrum.error = errors_of(found.pairs.values, before[1], before[0], points_of(problem), solved.rounding);
  solved.cut = errors_of_cut(problem, found);
  for (std::size_t n = 0; n < spectrum.error.size(); ++n) spectrum.error[n] += solved.cut[n];
  take_functions(found, spectrum);
  return solved;
}

}  // namespace umkehr
