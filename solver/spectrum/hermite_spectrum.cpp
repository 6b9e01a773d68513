// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/spectrum/hermite_spectrum.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "grids/tensor_product.hpp"
#include "solver/hermite/hermite_generator.hpp"
#include "solver/spectrum/resolution.hpp"

namespace umkehr {
namespace {

// A trial run with few modes tells good scales from bad ones; ratios of 1.2 pass over no good one.
constexpr double trial_ratio = 1.2;
constexpr int trials_each_way = 10;
constexpr std::size_t trial_unknowns = 400;
constexpr double unresolved = 0.1;  // the share of an artefact in its last orders

Eigen::MatrixXd matrix_of(const Process& process, double t, const std::vector<HermiteBasis>& bases) {
  HermiteGenerator generator(process, bases);
  const auto size = static_cast<Eigen::Index>(generator.size());
  Eigen::MatrixXd matrix(size, size);
  std::vector<double> unit(generator.size()), column(generator.size());
  for (Eigen::Index j = 0; j < size; ++j) {
    unit[static_cast<std::size_t>(j)] = 1;
    generator.apply(t, unit, column);
    unit[static_cast<std::size_t>(j)] = 0;
    matrix.col(j) = -Eigen::Map<const Eigen::VectorXd>(column.data(), size);
  }
  return matrix;
}

/// Whether a mode's coefficient belongs to the last tenth of the orders of any axis.
bool is_late(std::size_t n, const std::vector<HermiteBasis>& bases) {
  for (std::size_t k = bases.size(); k-- > 0;) {
    const std::size_t modes = bases[k].modes, order = n % modes;
    if (order >= modes - std::max<std::size_t>(2, modes / 10)) return true;
    n /= modes;
  }
  return false;
}

/// The share of a mode that its last orders hold.
double tail_of(const Eigen::VectorXcd& mode, const std::vector<HermiteBasis>& bases) {
  double late = 0, all = 0;
  for (Eigen::Index n = 0; n < mode.size(); ++n) {
    const double size = std::abs(mode[n]);
    all += size;
    if (is_late(static_cast<std::size_t>(n), bases)) late += size;
  }
  return late / all;
}

/// The modes that the basis resolves: the others are artefacts of its end.
Eigenpairs modes_in(const Process& process, double t, const std::vector<HermiteBasis>& bases,
                    std::size_t count, double shift) {
  const Eigenpairs all =
      lowest_general(matrix_of(process, t, bases), static_cast<Eigen::Index>(count), shift);
  Eigenpairs resolved = all;
  Eigen::Index found = 0;
  for (Eigen::Index m = 0; m < all.values.size(); ++m) {
    if (!(tail_of(all.vectors.col(m), bases) < unresolved)) continue;
    resolved.values[found] = all.values[m];
    resolved.vectors.col(found++) = all.vectors.col(m);
  }
  if (found < static_cast<Eigen::Index>(count))
    throw EigenFailure("the Hermite bases resolve " + std::to_string(found) + " of " + std::to_string(count) +
                       " modes; take more points, or give another scale");
  resolved.values.conservativeResize(found);
  resolved.vectors.conservativeResize(Eigen::NoChange, found);
  return resolved.first(static_cast<Eigen::Index>(count));
}

std::vector<HermiteBasis> scaled(std::vector<HermiteBasis> bases, const std::vector<bool>& is_free,
                                 double factor) {
  for (std::size_t k = 0; k < bases.size(); ++k)
    if (is_free[k]) bases[k].scale *= factor;
  return bases;
}

std::vector<HermiteBasis> with_share(std::vector<HermiteBasis> bases, double share) {
  for (HermiteBasis& basis : bases)
    basis.modes =
        std::max<std::size_t>(6, static_cast<std::size_t>(share * static_cast<double>(basis.modes)));
  return bases;
}

/// So many times about a tenth less, by fours: of a well that is even in x only every other order counts, and those with signs
/// that may alternate.
std::vector<HermiteBasis> by_fours_fewer(std::vector<HermiteBasis> bases, std::size_t times) {
  for (HermiteBasis& basis : bases) {
    const std::size_t less = 4 * times * std::max<std::size_t>(1, (basis.modes + 20) / 40);
    basis.modes = basis.modes > less + 6 ? basis.modes - less : std::min<std::size_t>(6, basis.modes);
  }
  return bases;
}

std::vector<double> conditions_of(const Eigen::MatrixXd& matrix, const Eigenpairs& modes, std::size_t count,
                                  double shift) {
  return conditions(
      modes, lowest_general(Eigen::MatrixXd(matrix.transpose()), static_cast<Eigen::Index>(count), shift));
}

/// How far the eigenvalues move when the bases lose a tenth of their modes, and what rounding moves in a matrix that is far
/// from normal: where -L is triangular they do not move at any scale.
double instability(const Process& process, double t, const std::vector<HermiteBasis>& bases,
                   std::size_t count, double shift) {
  const Eigenpairs all = modes_in(process, t, bases, count, shift);
  const Eigenpairs fewer = modes_in(process, t, with_share(bases, 0.9), count, shift);
  const auto shared = static_cast<Eigen::Index>(count);
  const Eigen::MatrixXd matrix = matrix_of(process, t, bases);
  const std::vector<double> condition = conditions_of(matrix, all, count, shift);
  return (all.values.head(shared) - fewer.values.head(shared)).cwiseAbs().maxCoeff() +
         std::numeric_limits<double>::epsilon() * matrix.cwiseAbs().maxCoeff() *
             *std::max_element(condition.begin(), condition.end());
}

/// The factor of the free scales with the least instability, tried with few modes.
double best_factor(const Process& process, double t, std::vector<HermiteBasis> bases,
                   const std::vector<bool>& is_free, std::size_t count, double shift) {
  double size = 1;
  for (const HermiteBasis& basis : bases) size *= static_cast<double>(basis.modes);
  const double share = std::min(
      1.0, std::pow(static_cast<double>(trial_unknowns) / size, 1.0 / static_cast<double>(bases.size())));
  bases = with_share(bases, share);
  double best = 0, least = std::numeric_limits<double>::infinity();
  for (int n = -trials_each_way; n <= trials_each_way; ++n) {
    const double factor = std::pow(trial_ratio, n);
    try {
      const double found = instability(process, t, scaled(bases, is_free, factor), count, shift);
      if (found < least) {
        least = found;
        best = factor;
      }
    } catch (const EigenFailure&) {  // a scale that resolves nothing is a bad one
    }
  }
  if (best == 0)
    throw EigenFailure("no scale of the Hermite bases resolves " + std::to_string(count) +
                       " modes; take more points, or another method");
  return best;
}

}  // namespace

HermiteModes hermite_modes(const Process& process, double t, std::vector<HermiteBasis> bases,
                           std::size_t count, double shift) {
  std::vector<bool> is_free(bases.size());
  for (std::size_t k = 0; k < bases.size(); ++k) {
    is_free[k] = bases[k].scale < 0;
    bases[k].scale = std::abs(bases[k].scale);
  }
  if (std::find(is_free.begin(), is_free.end(), true) != is_free.end())
    bases = scaled(bases, is_free, best_factor(process, t, bases, is_free, count, shift));
  const Eigen::MatrixXd matrix = matrix_of(process, t, bases);
  HermiteModes modes;
  modes.bases = bases;
  modes.pairs = modes_in(process, t, bases, count, shift);
  modes.largest = matrix.cwiseAbs().maxCoeff();
  const std::vector<HermiteBasis> fewer[] = {by_fours_fewer(bases, 2), by_fours_fewer(bases, 1)};
  for (const std::size_t n : {0U, 1U})
    modes.with_fewer[n] = modes_in(process, t, fewer[n], count, shift).values;
  const auto orders = [](const std::vector<HermiteBasis>& of) { return static_cast<double>(of[0].modes); };
  modes.orders = {orders(fewer[0]), orders(fewer[1]), orders(bases), 0, is_smooth(process)};
  modes.condition = conditions_of(matrix, modes.pairs, count, shift);
  return modes;
}

std::vector<double> hermite_values(const std::vector<HermiteBasis>& bases,
                                   const Eigen::VectorXd& coefficients,
                                   const std::vector<std::vector<double>>& coordinates) {
  std::vector<Eigen::MatrixXd> functions;
  for (std::size_t k = 0; k < bases.size(); ++k) {
    functions.push_back(bases[k].functions(coordinates[k]));
    for (Eigen::Index i = 0; i < functions[k].rows(); ++i) {
      const double z = bases[k].scaled(coordinates[k][static_cast<std::size_t>(i)]);
      functions[k].row(i) *= std::exp(0.25 * z * z);
    }
  }
  const std::span<const double> in(coefficients.data(), static_cast<std::size_t>(coefficients.size()));
  return act_along_all(functions, in);
}

}  // namespace umkehr
