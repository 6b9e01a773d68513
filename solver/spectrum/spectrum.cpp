// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/spectrum/spectrum.hpp"

#include <algorithm>
#include <cmath>
#include <complex>
#include <numeric>
#include <sstream>
#include <stdexcept>

#include "solver/process/quasi_potential.hpp"
#include "solver/spectrum/finite_volume_spectrum.hpp"
#include "solver/spectrum/fourier_spectrum.hpp"
#include "solver/spectrum/hermite_spectrum.hpp"
#include "solver/spectrum/spectrum_check.hpp"

namespace umkehr {
namespace {

constexpr double worst_tail = 1e-8;
// exp(-Phi/2) at a wall, of its maximum; its square is what the tail holds of the density.
constexpr double worst_wall = 1e-6;

using Fields = std::vector<std::vector<double>>;

/// Phi at the centres, less its minimum; empty where there is none.
std::vector<double> potential(const Process& process, const Grid& grid) {
  const auto quasi = QuasiPotential::of(process, grid);
  if (!quasi) return {};
  std::vector<double> phi(grid.size());
  (*quasi)(grid.centres(), phi);
  const double least = *std::min_element(phi.begin(), phi.end());
  for (double& value : phi) value -= least;
  return phi;
}

/// Below all eigenvalues, the real part of which is at least min V, by about the slowest rate that the grid shows.
double shift_below(const Process& process, const Grid& grid, double t) {
  const Points x = grid.centres();
  std::vector<double> killing(grid.size());
  process.killing(x, t, killing);
  double rate = 0;
  for (std::size_t k = 0; k < grid.dimension(); ++k) {
    const double length = grid.axis(k).length();
    rate += process.diffusion[k](t) / (length * length);
  }
  const double least = *std::min_element(killing.begin(), killing.end());
  return least - std::max(rate, 1e-3 * std::abs(least));
}

/// Makes int |phi|^2 w = int w, w = exp(-Phi) or one, and the last large value positive.
void normalise(const std::vector<double>& phi, std::vector<double>& re, std::vector<double>& im) {
  double square = 0, all = 0, largest = 0;
  const auto weight = [&](std::size_t i) { return phi.empty() ? 1 : std::exp(-phi[i]); };
  for (std::size_t i = 0; i < re.size(); ++i) {
    const double size = (re[i] * re[i] + im[i] * im[i]) * weight(i);
    square += size;
    all += weight(i);
    largest = std::max(largest, size);
  }
  std::size_t last = re.size() - 1;
  while (last > 0 && (re[last] * re[last] + im[last] * im[last]) * weight(last) < 0.5 * largest) --last;
  // The phase that makes that value real and positive.
  const double size = std::hypot(re[last], im[last]), scale = std::sqrt(all / square) / size;
  const double c = re[last] * scale, s = -im[last] * scale;
  for (std::size_t i = 0; i < re.size(); ++i) {
    const double x = re[i], y = im[i];
    re[i] = c * x - s * y;
    im[i] = s * x + c * y;
  }
}

void take_values(const Eigenpairs& pairs, Spectrum& spectrum) {
  for (const std::complex<double>& value : pairs.values) {
    spectrum.real.push_back(value.real());
    spectrum.imaginary.push_back(value.imag());
  }
}

/// Where psi has fallen below its roundoff, phi goes on as it was at the nearest centre along the last axis that tells.
void continue_constant(const Grid& grid, std::vector<bool> known, std::vector<double>& field) {
  for (std::size_t k = grid.dimension(); k-- > 0;) {
    const std::size_t points = grid.axis(k).points, stride = grid.stride(k);
    for (std::size_t cell = 0; cell < grid.size(); ++cell) {
      if (cell / stride % points != 0) continue;
      const auto at = [&](std::size_t i) { return cell + i * stride; };
      for (std::size_t i = 1; i < points; ++i)
        if (!known[at(i)] && known[at(i - 1)]) field[at(i)] = field[at(i - 1)], known[at(i)] = true;
      for (std::size_t i = points - 1; i-- > 0;)
        if (!known[at(i)] && known[at(i + 1)]) field[at(i)] = field[at(i + 1)], known[at(i)] = true;
    }
  }
}

void warn_of_walls(const Grid& grid, const std::vector<double>& phi, Spectrum& spectrum) {
  for (std::size_t k = 0; k < grid.dimension(); ++k) {
    if (grid.axis(k).boundary == Boundary::periodic) continue;
    double least = phi.front() + 1e300;
    for (std::size_t i = 0; i < grid.size(); ++i) {
      const std::size_t place = i / grid.stride(k) % grid.axis(k).points;
      if (place == 0 || place + 1 == grid.axis(k).points) least = std::min(least, phi[i]);
    }
    if (std::exp(-least / 2) <= worst_wall) continue;
    std::ostringstream text;
    text.precision(2);
    text << "at a wall of " << grid.axis(k).name << " exp(-Phi/2) is still " << std::exp(-least / 2)
         << " of its maximum, so that the line is cut off too early; widen that axis";
    spectrum.warnings.push_back(text.str());
  }
}

void by_symmetric_form(const Process& process, const Grid& grid, double t, const SpectrumChoices& choices,
                       const std::vector<double>& phi, Spectrum& spectrum) {
  const CardinalOperator op = symmetric_operator(process, grid, t, phi);
  const Eigenpairs pairs =
      lowest_symmetric(op.matrix, static_cast<Eigen::Index>(choices.count), shift_below(process, grid, t));
  take_values(pairs, spectrum);
  spectrum.is_symmetric = true;
  warn_of_walls(grid, phi, spectrum);
  for (Eigen::Index m = 0; m < pairs.values.size(); ++m) {
    std::vector<double> field(grid.size());
    std::vector<bool> known(grid.size());
    const double largest = pairs.vectors.col(m).cwiseAbs().maxCoeff();
    for (std::size_t n = 0; n < op.centres.size(); ++n) {
      const double psi = pairs.vectors(static_cast<Eigen::Index>(n), m).real();
      const std::size_t cell = op.centres[n];
      known[cell] = std::abs(psi) > 1e-10 * largest || phi[cell] < 40;
      field[cell] = psi * std::exp(phi[cell] / 2);
    }
    continue_constant(grid, known, field);
    spectrum.function.push_back(std::move(field));
  }
}

void by_fields(const Eigenpairs& pairs, Spectrum& spectrum) {
  take_values(pairs, spectrum);
  for (Eigen::Index m = 0; m < pairs.values.size(); ++m) {
    const Eigen::VectorXd re = pairs.vectors.col(m).real(), im = pairs.vectors.col(m).imag();
    spectrum.function.emplace_back(re.begin(), re.end());
    spectrum.imaginary_function.emplace_back(im.begin(), im.end());
  }
}

void by_hermite(const Process& process, const Grid& grid, double t, const SpectrumChoices& choices,
                Spectrum& spectrum) {
  std::vector<HermiteBasis> bases;
  std::vector<std::vector<double>> coordinates;
  for (std::size_t k = 0; k < grid.dimension(); ++k) {
    const Axis& axis = grid.axis(k);
    const double centre =
        choices.hermite_centre.empty() ? 0.5 * (axis.from + axis.to) : choices.hermite_centre[k];
    // A negative scale asks for a search around a sixteenth of the axis.
    const double scale = choices.hermite_scale.empty() ? -axis.length() / 16 : choices.hermite_scale[k];
    bases.push_back({centre, scale, axis.points});
    coordinates.push_back(axis.centres());
  }
  const HermiteModes modes = hermite_modes(process, t, bases, choices.count, shift_below(process, grid, t));
  take_values(modes.pairs, spectrum);
  for (const HermiteBasis& basis : modes.bases) {
    spectrum.hermite_centre.push_back(basis.centre);
    spectrum.hermite_scale.push_back(basis.scale);
  }
  for (Eigen::Index m = 0; m < modes.pairs.values.size(); ++m) {
    const Eigen::VectorXcd mode = modes.pairs.vectors.col(m);
    spectrum.function.push_back(hermite_values(modes.bases, mode.real(), coordinates));
    spectrum.imaginary_function.push_back(hermite_values(modes.bases, mode.imag(), coordinates));
  }
  if (modes.tail <= worst_tail) return;
  std::ostringstream text;
  text.precision(2);
  text << "the last Hermite coefficients hold " << modes.tail
       << " of a mode; take more points, or give a scale";
  spectrum.warnings.push_back(text.str());
}

void check(const Process& process, const Grid& grid, double t, const SpectrumChoices& choices) {
  if (process.dimension() != grid.dimension())
    throw std::invalid_argument("the process and the grid differ in dimension");
  if (choices.count == 0 || choices.count + 2 > grid.size())
    throw std::invalid_argument("count = " + std::to_string(choices.count) + ": from 1 to " +
                                std::to_string(grid.size() - 2) + " eigenvalues exist on this grid");
  for (const Coefficient& diffusion : process.diffusion)
    if (!(diffusion(t) > 0))
      throw std::invalid_argument("D vanishes at t = " + std::to_string(t) + ", where the spectrum is taken");
}

void check_hermite(const Grid& grid) {
  for (const Axis& axis : grid.axes())
    if (axis.boundary == Boundary::periodic)
      throw std::invalid_argument("the Hermite method works on the whole line, but axis \"" + axis.name +
                                  "\" is periodic; use another method");
  if (grid.size() > most_spectral_unknowns)
    throw std::invalid_argument("this spectrum would need a dense matrix of " + std::to_string(grid.size()) +
                                " unknowns, of which " + std::to_string(most_spectral_unknowns) +
                                " are allowed; take fewer points");
}

void check_fourier(const Process& process, const Grid& grid, const SpectrumChoices& choices) {
  const std::vector<double> phi = potential(process, grid);
  if (phi.empty()) return require_room(grid.size());
  const std::size_t centres = stationary_centres(phi).size();
  require_room(centres);
  if (centres < choices.count)
    throw std::invalid_argument("only " + std::to_string(centres) +
                                " centres lie where the stationary law does; take more points");
}

}  // namespace

void check_spectrum(const Process& process, const Grid& grid, double t, const SpectrumChoices& choices) {
  check(process, grid, t, choices);
  if (choices.method == SpectrumMethod::hermite) check_hermite(grid);
  if (choices.method == SpectrumMethod::fourier) check_fourier(process, grid, choices);
}

Spectrum solve_spectrum(const Process& process, const Grid& grid, double t, const SpectrumChoices& choices) {
  check_spectrum(process, grid, t, choices);
  Spectrum spectrum;
  const std::vector<double> phi = potential(process, grid);
  const double shift = shift_below(process, grid, t);
  const auto count = static_cast<Eigen::Index>(choices.count);
  switch (choices.method) {
    case SpectrumMethod::fourier:
      if (!phi.empty())
        by_symmetric_form(process, grid, t, choices, phi, spectrum);
      else
        by_fields(lowest_general(general_operator(process, grid, t).matrix, count, shift).first(count),
                  spectrum);
      break;
    case SpectrumMethod::hermite:
      by_hermite(process, grid, t, choices, spectrum);
      break;
    case SpectrumMethod::finite_volume:
      by_fields(lowest_general(finite_volume_operator(process, grid, t), count, shift).first(count),
                spectrum);
      break;
  }
  spectrum.imaginary_function.resize(spectrum.function.size(), std::vector<double>(grid.size()));
  for (std::size_t m = 0; m < spectrum.function.size(); ++m)
    normalise(phi, spectrum.function[m], spectrum.imaginary_function[m]);
  if (process.depends_on_time()) {
    std::ostringstream text;
    text << "the generator depends on time; its spectrum is that at t = " << t;
    spectrum.warnings.push_back(text.str());
  }
  return spectrum;
}

}  // namespace umkehr
