// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/hermite/hermite_projection.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "grids/failure.hpp"
#include "grids/finite.hpp"
#include "grids/tensor_product.hpp"

namespace umkehr {
namespace {

using Counts = std::array<std::size_t, 3>;

Counts strides_of(std::span<const HermiteBasis> bases) {
  Counts strides{};
  std::size_t stride = 1;
  for (std::size_t k = bases.size(); k-- > 0; stride *= bases[k].modes) strides[k] = stride;
  return strides;
}

/// Moves to the next multi-index in C order.
void advance(Counts& n, std::span<const HermiteBasis> bases) {
  for (std::size_t k = bases.size(); k-- > 0;) {
    if (++n[k] < bases[k].modes) return;
    n[k] = 0;
  }
}

Gaussian scaled(const Gaussian& law, std::span<const HermiteBasis> bases) {
  Gaussian result = law;
  for (Eigen::Index k = 0; k < law.mean.size(); ++k) {
    const HermiteBasis& basis = bases[static_cast<std::size_t>(k)];
    result.mean[k] = basis.scaled(law.mean[k]);
    result.covariance.row(k) /= basis.scale;
    result.covariance.col(k) /= basis.scale;
  }
  return result;
}

/// sqrt(n_k) c_n = mu_k c_{n - e_k} + sum_l Delta_kl sqrt((n - e_k)_l) c_{n - e_k - e_l}, along the axis k of the
/// largest n_k, where rounding errors grow least.
void add_projection(const Gaussian& law, std::span<const HermiteBasis> bases, std::vector<double>& out) {
  const std::size_t dimension = bases.size();
  const Counts strides = strides_of(bases);
  const Gaussian z = scaled(law, bases);
  std::vector<double> c(out.size());
  c[0] = law.weight;
  Counts n{};
  for (std::size_t at = 1; at < c.size(); ++at) {
    advance(n, bases);
    const std::size_t k =
        static_cast<std::size_t>(std::max_element(n.begin(), n.begin() + dimension) - n.begin());
    const std::size_t below = at - strides[k];
    double sum = z.mean[static_cast<Eigen::Index>(k)] * c[below];
    for (std::size_t l = 0; l < dimension; ++l) {
      const std::size_t order = n[l] - (l == k ? 1 : 0);
      const double delta =
          z.covariance(static_cast<Eigen::Index>(k), static_cast<Eigen::Index>(l)) - (l == k);
      if (order > 0) sum += delta * std::sqrt(static_cast<double>(order)) * c[below - strides[l]];
    }
    c[at] = sum / std::sqrt(static_cast<double>(n[k]));
  }
  for (std::size_t at = 0; at < c.size(); ++at) out[at] += c[at];
}

/// The grid on which a density that is not a mixture is summed.
Grid sampling_grid(const Law& law, const Grid& grid) {
  if (const GriddedLaw* gridded = std::get_if<GriddedLaw>(&law)) return gridded->grid;
  std::vector<Axis> axes = grid.axes();
  for (Axis& axis : axes) axis.points *= axes.size() == 1 ? 8 : 2;
  return Grid(std::move(axes));
}

/// The midpoint rule, of spectral accuracy for a smooth density that is small at the walls.
std::vector<double> summed(const Law& law, const Grid& grid, std::span<const HermiteBasis> bases) {
  const Grid samples = sampling_grid(law, grid);
  const Points x = samples.centres();
  std::vector<double> density(samples.size());
  density_at(law, grid, x, density);
  std::vector<Eigen::MatrixXd> functions;
  for (std::size_t k = 0; k < bases.size(); ++k)
    functions.push_back(bases[k].functions(samples.axis(k).centres()));
  for (std::size_t i = 0; i < density.size(); ++i) {
    double quarter_squares = 0;
    for (std::size_t k = 0; k < bases.size(); ++k)
      quarter_squares += std::pow(bases[k].scaled(x[k][i]), 2) / 4;
    if (density[i] > 0) density[i] = std::exp(std::log(density[i] * samples.cell_volume()) + quarter_squares);
  }
  return act_transposed_along_all(functions, density);
}

}  // namespace

std::vector<double> hermite_coefficients(const Law& law, const Grid& grid,
                                         std::span<const HermiteBasis> bases) {
  std::vector<double> coefficients;
  if (const GaussianMixture* mixture = std::get_if<GaussianMixture>(&law)) {
    std::size_t size = 1;
    for (const HermiteBasis& basis : bases) size *= basis.modes;
    coefficients.resize(size);
    for (const Gaussian& component : mixture->components()) add_projection(component, bases, coefficients);
  } else {
    coefficients = summed(law, grid, bases);
  }
  if (!all_finite(coefficients)) throw UnfitProblem("the initial law is too wide for this Hermite scale");
  return coefficients;
}

}  // namespace umkehr
