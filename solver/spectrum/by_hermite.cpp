// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <sstream>

#include "solver/spectrum/hermite_spectrum.hpp"
#include "solver/spectrum/mode_functions.hpp"
#include "solver/spectrum/spectrum_method.hpp"

namespace umkehr {
namespace {

// exp(-Phi/2) at a wall, of its maximum, from which on walls and the line differ.
constexpr double worst_wall = 1e-6;

/// The line is what was asked for; an absorbing wall that is reached cannot have been meant.
void tell_of_walls(const Grid& grid, const std::vector<double>& phi, Spectrum& spectrum) {
  for (std::size_t k = 0; k < grid.dimension() && !phi.empty(); ++k) {
    double least = phi.front() + 1e300;
    for (std::size_t i = 0; i < grid.size(); ++i) {
      const std::size_t place = i / grid.stride(k) % grid.axis(k).points;
      if (place == 0 || place + 1 == grid.axis(k).points) least = std::min(least, phi[i]);
    }
    if (std::exp(-least / 2) <= worst_wall) continue;
    std::ostringstream text;
    text.precision(2);
    text << "at a wall of " << grid.axis(k).name << " exp(-Phi/2) is still " << std::exp(-least / 2)
         << " of its maximum, while Hermite polynomials solve on the line, without walls; to keep the walls "
            "take method = \""
         << (grid.dimension() == 1 ? "finite-volume" : "galerkin") << '"';
    if (grid.axis(k).boundary == Boundary::absorbing) throw EigenFailure(text.str());
    spectrum.warnings.push_back(text.str());
  }
}

std::vector<HermiteBasis> bases_of(const SpectrumProblem& problem) {
  std::vector<HermiteBasis> bases;
  for (std::size_t k = 0; k < problem.grid.dimension(); ++k) {
    const Axis& axis = problem.grid.axis(k);
    const std::vector<double>&centre = problem.choices.hermite_centre, &scale = problem.choices.hermite_scale;
    // A negative scale asks for a search around a sixteenth of the axis.
    bases.push_back({centre.empty() ? 0.5 * (axis.from + axis.to) : centre[k],
                     scale.empty() ? -axis.length() / 16 : scale[k], axis.points});
  }
  return bases;
}

}  // namespace

SolvedSpectrum by_hermite(const SpectrumProblem& problem) {
  const HermiteModes modes = hermite_modes(problem.process, problem.t, bases_of(problem),
                                           problem.choices.count, shift_below(problem, min_killing(problem)));
  SolvedSpectrum solved;
  Spectrum& spectrum = solved.spectrum;
  take_values(modes.pairs.values, spectrum);
  std::vector<std::vector<double>> coordinates;
  for (std::size_t k = 0; k < problem.grid.dimension(); ++k) {
    coordinates.push_back(problem.grid.axis(k).centres());
    spectrum.hermite_centre.push_back(modes.bases[k].centre);
    spectrum.hermite_scale.push_back(modes.bases[k].scale);
  }
  spectrum.condition = modes.condition;
  solved.rounding = rounding_of(modes.largest, modes.condition);
  spectrum.error =
      errors_of(modes.pairs.values, modes.with_fewer[1], modes.with_fewer[0], modes.orders, solved.rounding);
  const std::vector<double> phi = potential(problem.process, problem.grid);
  for (Eigen::Index m = 0; m < modes.pairs.values.size(); ++m) {
    const Eigen::VectorXcd mode = modes.pairs.vectors.col(m);
    spectrum.function.push_back(hermite_values(modes.bases, mode.real(), coordinates));
    spectrum.imaginary_function.push_back(hermite_values(modes.bases, mode.imag(), coordinates));
    normalise(phi, spectrum.function.back(), spectrum.imaginary_function.back());
    orient(phi, spectrum.function.back(), spectrum.imaginary_function.back());
  }
  tell_of_walls(problem.grid, phi, spectrum);
  return solved;
}

}  // namespace umkehr
