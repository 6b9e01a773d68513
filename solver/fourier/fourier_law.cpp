// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/fourier/fourier_law.hpp"

#include <cmath>
#include <complex>
#include <numbers>
#include <sstream>

#include "grids/failure.hpp"
#include "grids/interpolation/spline_projection.hpp"

namespace umkehr {
namespace {

void check_inside(const Gaussian& gaussian, const Grid& grid) {
  if (gaussian.mean.size() != static_cast<Eigen::Index>(grid.dimension()))
    throw UnfitProblem("the density and the grid differ in dimension");
  for (std::size_t k = 0; k < grid.dimension(); ++k) {
    const Axis& axis = grid.axis(k);
    const double mean = gaussian.mean[static_cast<Eigen::Index>(k)];
    if (axis.boundary == Boundary::periodic || (mean > axis.from && mean < axis.to)) continue;
    std::ostringstream text;
    text << "the initial density has a mean at " << axis.name << " = " << mean
         << ", outside of the axis from " << axis.from << " to " << axis.to;
    throw UnfitProblem(text.str());
  }
}

/// exp(-i kappa (m - x_0)) along one axis; zero for the highest wavenumber of an even axis, which has no sign.
std::vector<std::complex<double>> phases(const Axis& axis, bool last, double mean) {
  std::vector<std::complex<double>> out;
  for (const double kappa : even_wavenumbers(axis, last))
    out.push_back(std::polar(1.0, -kappa * (mean - axis.centre(0))));
  if (axis.points % 2 == 0) out[axis.points / 2] = 0;
  return out;
}

/// Cut off where its coefficients are still large, a narrow law ripples all along the axis, and where the drift jumps at
/// the walls of a line the ripples do not forget it. exp(-36 (kappa/kappa_max)^14) keeps the law local; it changes only
/// wavenumbers that diffusion damps first.
void damp_ripples(const Axis& axis, const std::vector<double>& kappa, double variance,
                  std::vector<std::complex<double>>& phase) {
  const double highest = std::numbers::pi / axis.spacing();
  constexpr double resolved = 4.6;  // coefficients fall to 1 %
  if (axis.boundary == Boundary::periodic || variance * highest * highest / 2 > resolved) return;
  for (std::size_t i = 0; i < kappa.size(); ++i) phase[i] *= std::exp(-36 * std::pow(kappa[i] / highest, 14));
}

void add_transform(const Gaussian& gaussian, const FourierGenerator& generator, std::vector<double>& state) {
  const Grid& grid = generator.grid();
  const std::size_t d = grid.dimension(), row = generator.transform().row();
  std::vector<std::vector<std::complex<double>>> phase;
  std::vector<std::vector<double>> kappa;
  for (std::size_t k = 0; k < d; ++k) {
    phase.push_back(phases(grid.axis(k), k + 1 == d, gaussian.mean[static_cast<Eigen::Index>(k)]));
    kappa.push_back(even_wavenumbers(grid.axis(k), k + 1 == d));
  }
  for (std::size_t k = 0; k < d; ++k) {
    const auto i = static_cast<Eigen::Index>(k);
    damp_ripples(grid.axis(k), kappa[k], gaussian.covariance(i, i), phase[k]);
  }
  const double height = gaussian.weight / grid.cell_volume();
  Eigen::VectorXd wave(static_cast<Eigen::Index>(d));
  for (std::size_t n = 0; n < generator.transform().coefficients(); ++n) {
    std::complex<double> c = height;
    for (std::size_t k = d, rest = n; k-- > 0; rest /= kappa[k].size()) {
      const std::size_t i = rest % kappa[k].size();
      c *= phase[k][i];
      wave[static_cast<Eigen::Index>(k)] = kappa[k][i];
    }
    c *= std::exp(-0.5 * wave.dot(gaussian.covariance * wave));
    const double scale = generator.scale()[2 * (n % row)];
    state[2 * n] += scale * c.real();
    state[2 * n + 1] += scale * c.imag();
  }
}

/// Of points, as values at the centres.
std::vector<double> state_of_points(const PointMasses& masses, FourierGenerator& generator) {
  const Grid& grid = generator.grid();
  const std::size_t d = grid.dimension();
  std::vector<double> state(generator.size());
  generator.to_state(spline_projection(as_transformed(grid), masses.places, masses.mass), state);
  std::vector<std::vector<std::complex<double>>> keep;
  for (std::size_t k = 0; k < d; ++k) {
    const std::vector<double> kappa = even_wavenumbers(grid.axis(k), k + 1 == d);
    keep.emplace_back(kappa.size(), 1.0);
    damp_ripples(grid.axis(k), kappa, 0, keep[k]);
  }
  for (std::size_t n = 0; n < generator.transform().coefficients(); ++n) {
    double product = 1;
    for (std::size_t k = d, rest = n; k-- > 0; rest /= keep[k].size())
      product *= keep[k][rest % keep[k].size()].real();
    state[2 * n] *= product;
    state[2 * n + 1] *= product;
  }
  return state;
}

}  // namespace

std::vector<double> fourier_state(FourierGenerator& generator, const Law& law) {
  std::vector<double> state(generator.size());
  if (const auto* mixture = std::get_if<GaussianMixture>(&law)) {
    for (const Gaussian& gaussian : mixture->components()) {
      check_inside(gaussian, generator.grid());
      add_transform(gaussian, generator, state);
    }
    return state;
  }
  if (has_pieces(law, generator.grid()))
    return state_of_points(point_masses(law, generator.grid()), generator);
  return sampled_fourier_state(generator, law);
}

std::vector<double> sampled_fourier_state(FourierGenerator& generator, const Law& law) {
  std::vector<double> values(generator.grid().size()), state(generator.size());
  density_at(law, generator.grid(), generator.grid().centres(), values);
  generator.to_state(values, state);
  return state;
}

}  // namespace umkehr
