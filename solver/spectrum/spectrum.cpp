// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/spectrum/spectrum.hpp"

#include <algorithm>
#include <cmath>
#include <complex>
#include <limits>
#include <sstream>

#include "grids/failure.hpp"
#include "solver/spectrum/fourier_spectrum.hpp"
#include "solver/spectrum/mode_functions.hpp"
#include "solver/spectrum/product_spectrum.hpp"
#include "solver/spectrum/spectrum_check.hpp"
#include "solver/spectrum/spectrum_method.hpp"

namespace umkehr {
namespace {

// An eigenvalue with a larger error, of its size, is none. With killing of both signs it may be small by chance: its size
// is then at least a share of the killing's.
constexpr double worst_error = 1e-3, share_of_killing = 1e-6;

bool is_interval(const Grid& grid) {
  return grid.dimension() == 1 && grid.axis(0).boundary != Boundary::periodic;
}

bool keeps_digits(const SpectrumProblem& problem) {
  return problem.choices.method == SpectrumMethod::finite_volume &&
         is_product_of_intervals(problem.process, problem.grid, problem.t);
}

void check(const Process& process, const Grid& grid, double t, const SpectrumChoices& choices) {
  if (process.dimension() != grid.dimension())
    throw UnfitProblem("the process and the grid differ in dimension");
  if (choices.count == 0 || choices.count + 2 > grid.size())
    throw UnfitProblem("count = " + std::to_string(choices.count) + ": from 1 to " +
                       std::to_string(grid.size() - 2) + " eigenvalues exist on this grid");
  for (const Coefficient& diffusion : process.diffusion)
    if (!(diffusion(t) > 0))
      throw UnfitProblem("D vanishes at t = " + std::to_string(t) + ", where the spectrum is taken");
}

void check_hermite(const Grid& grid) {
  for (const Axis& axis : grid.axes())
    if (axis.boundary == Boundary::periodic)
      throw UnfitProblem("the Hermite method works on the whole line, but axis \"" + axis.name +
                         "\" is periodic; use another method");
  if (grid.size() > max_spectral_unknowns)
    throw UnfitProblem("this spectrum would need a dense matrix of " + std::to_string(grid.size()) +
                       " unknowns, of which " + std::to_string(max_spectral_unknowns) +
                       " are allowed; take fewer points");
}

void check_fourier(const Process& process, const Grid& grid, const SpectrumChoices& choices) {
  const std::vector<double> phi = potential(process, grid);
  if (phi.empty()) return require_room(grid.size());
  const std::size_t centres = stationary_centres(phi).size();
  require_room(centres);
  if (centres < choices.count)
    throw UnfitProblem("only " + std::to_string(centres) +
                       " centres lie where the stationary law does; take more points");
}

void check_finite_volumes(const Grid& grid) {
  if (is_interval(grid) && grid.size() > max_interval_points)
    throw UnfitProblem("finite volumes refine the axis \"" + grid.axis(0).name +
                       "\" threefold and more, from " + std::to_string(max_interval_points) +
                       " points at most; take fewer, on which no eigenvalue depends");
}

std::string number(double value) {
  std::ostringstream text;
  text.precision(3);
  text << value;
  return text.str();
}

std::string with_walls(const Grid& grid) {
  return is_interval(grid) ? "method = \"finite-volume\"" : "method = \"galerkin\"";
}

/// Why an eigenvalue is not settled, and what would settle it.
std::string remedy(const SpectrumProblem& problem, const SolvedSpectrum& solved, std::size_t n) {
  const SpectrumMethod method = problem.choices.method;
  const double half = 0.5 * solved.spectrum.error[n];
  if (!solved.cut.empty() && solved.cut[n] > half)
    return "this method solves on the line, which the walls cut off where the mode has not decayed; widen "
           "the axes, or "
           "keep the walls by " +
           with_walls(problem.grid);
  if (solved.rounding[n] > half)
    return "the smallest that this method sees here is " + number(solved.rounding[n] / worst_error) +
           ", smaller ones drown in rounding; " +
           (keeps_digits(problem) ? "take more noise"
            : is_product_of_intervals(problem.process, problem.grid, problem.t)
                ? "method = \"finite-volume\" keeps the digits of an axis between walls"
            : solved.spectrum.is_symmetric ? "take more noise"
                                           : "take more noise, or a drift nearer to a gradient");
  if (keeps_digits(problem))
    return "a coefficient is too rough for the finest cells; smooth it, or narrow the axis";
  if (method == SpectrumMethod::galerkin)
    return "narrow the axes to where the density is, take more noise, or method = \"finite-volume\" on a "
           "fine grid";
  return "take more points, or " + with_walls(problem.grid);
}

/// Throws EigenFailure.
void require_settled(const SpectrumProblem& problem, const SolvedSpectrum& solved) {
  const Spectrum& found = solved.spectrum;
  const double killing = -std::min(0.0, min_killing(problem));
  for (std::size_t n = problem.is_conservative() ? 1 : 0; n < found.real.size(); ++n) {
    const double size = std::max(std::hypot(found.real[n], found.imaginary[n]), share_of_killing * killing);
    if (found.error[n] <= worst_error * size) continue;
    throw EigenFailure("eigenvalue " + std::to_string(n) + " is not settled: " + number(found.real[n]) +
                       " with an error of " + number(found.error[n]) + "; " + remedy(problem, solved, n));
  }
}

SolvedSpectrum solved_by_choice(const SpectrumProblem& problem) {
  switch (problem.choices.method) {
    case SpectrumMethod::fourier:
      return by_fourier(problem);
    case SpectrumMethod::hermite:
      return by_hermite(problem);
    case SpectrumMethod::galerkin:
      return by_galerkin(problem);
    case SpectrumMethod::finite_volume:
      break;
  }
  return by_finite_volumes(problem);
}

}  // namespace

bool SpectrumProblem::is_conservative() const {
  const std::vector<Axis>& axes = grid.axes();
  return process.killing.constant_value() == 0.0 &&
         std::none_of(axes.begin(), axes.end(),
                      [](const Axis& axis) { return axis.boundary == Boundary::absorbing; });
}

double min_killing(const SpectrumProblem& problem) {
  std::vector<double> killing(problem.grid.size());
  problem.process.killing(problem.grid.centres(), problem.t, killing);
  return *std::min_element(killing.begin(), killing.end());
}

double shift_below(const SpectrumProblem& problem, double min_killing) {
  double rate = 0;
  for (std::size_t k = 0; k < problem.grid.dimension(); ++k) {
    const double length = problem.grid.axis(k).length();
    rate += problem.process.diffusion[k](problem.t) / (length * length);
  }
  return min_killing - std::max(rate, 1e-3 * std::abs(min_killing));
}

void take_values(const Eigen::VectorXcd& values, Spectrum& spectrum) {
  for (const std::complex<double>& value : values) {
    spectrum.real.push_back(value.real());
    spectrum.imaginary.push_back(value.imag());
  }
}

std::vector<double> rounding_of(double largest, const std::vector<double>& conditions) {
  std::vector<double> all;
  for (const double condition : conditions)
    all.push_back(std::numeric_limits<double>::epsilon() * largest * condition);
  return all;
}

std::vector<double> errors_of(const Eigen::VectorXcd& fine, const Eigen::VectorXcd& middle,
                              const Eigen::VectorXcd& coarse, const Resolutions& resolutions,
                              const std::vector<double>& rounding) {
  const Eigen::VectorXcd at_middle = matched(fine, middle), at_coarse = matched(at_middle, coarse);
  // That two resolutions of a mode come out the same may be an accident: a faster mode is not better resolved, and where
  // there are kinks none is better than the others.
  double least = 0;
  std::vector<double> all;
  if (!resolutions.is_smooth)
    for (Eigen::Index n = 0; n < fine.size(); ++n)
      least = std::max(least, remaining_error(0, std::abs(fine[n] - at_middle[n]), resolutions));
  for (Eigen::Index n = 0; n < fine.size(); ++n) {
    const double error =
        remaining_error(std::abs(at_middle[n] - at_coarse[n]), std::abs(fine[n] - at_middle[n]), resolutions);
    least = resolutions.is_smooth ? std::max(least, error) : least;
    all.push_back(std::max(rounding[static_cast<std::size_t>(n)], least));
  }
  return all;
}

SpectrumMethod usual_spectrum_method(const Process& process, const Grid& grid, double t) {
  if (is_product_of_intervals(process, grid, t)) return SpectrumMethod::finite_volume;
  return grid.dimension() > 1 ? SpectrumMethod::galerkin : SpectrumMethod::fourier;
}

void check_spectrum(const Process& process, const Grid& grid, double t, const SpectrumChoices& choices) {
  check(process, grid, t, choices);
  if (choices.method == SpectrumMethod::hermite) check_hermite(grid);
  if (choices.method == SpectrumMethod::fourier) check_fourier(process, grid, choices);
  if (choices.method == SpectrumMethod::finite_volume) check_finite_volumes(grid);
}

Spectrum solve_spectrum(const Process& process, const Grid& grid, double t, const SpectrumChoices& choices) {
  check_spectrum(process, grid, t, choices);
  const SpectrumProblem problem{process, grid, t, choices};
  SolvedSpectrum solved = solved_by_choice(problem);
  require_settled(problem, solved);
  if (process.depends_on_time()) {
    std::ostringstream text;
    text << "the generator depends on time; its spectrum is that at t = " << t;
    solved.spectrum.warnings.push_back(text.str());
  }
  return std::move(solved.spectrum);
}

}  // namespace umkehr
