// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/hermite/hermite_value.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <sstream>

#include "grids/failure.hpp"
#include "grids/tensor_product.hpp"
#include "solver/hermite/hermite_generator.hpp"

namespace umkehr {
namespace {

[[noreturn]] void refuse_value(const Points& points, std::size_t i) {
  std::ostringstream text;
  text << "the Hermite method works on the whole line, where the terminal value is not finite, at (";
  for (std::size_t k = 0; k < points.dimension(); ++k) text << (k > 0 ? ", " : "") << points[k][i];
  text << "); use a smaller `scale` or another method";
  throw UnfitProblem(text.str());
}

}  // namespace

std::vector<double> hermite_value_coefficients(const Coefficient& value, double t,
                                               std::span<const HermiteBasis> bases, std::size_t finer) {
  std::vector<std::vector<double>> nodes;
  std::vector<Eigen::MatrixXd> functions;
  for (const HermiteBasis& basis : bases) {
    HermiteQuadrature quadrature(basis, finer * hermite_quadrature_size(basis.modes));
    nodes.push_back(std::move(quadrature.nodes));
    functions.push_back(std::move(quadrature.values));
  }
  const Points points = tensor_points(nodes);
  std::vector<double> values(points.count());
  value(points, t, values);
  // Times psi_0 = 1 times the root of the weight, whose other root comes with psi_n.
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!std::isfinite(values[i])) refuse_value(points, i);
    for (std::size_t k = bases.size(), rest = i; k-- > 0; rest /= nodes[k].size())
      values[i] *= functions[k](static_cast<Eigen::Index>(rest % nodes[k].size()), 0);
  }
  std::vector<double> coefficients = act_transposed_along_all(functions, values);
  drop_noise(coefficients);
  return coefficients;
}

void drop_noise(std::span<double> coefficients) {
  const Eigen::Map<const Eigen::VectorXd> all(coefficients.data(),
                                              static_cast<Eigen::Index>(coefficients.size()));
  const double noise = 4 * std::numeric_limits<double>::epsilon() * all.norm();
  for (double& c : coefficients)
    if (std::abs(c) < noise) c = 0;
}

Eigen::MatrixXd hermite_polynomials(const HermiteBasis& basis, std::span<const double> x,
                                    std::size_t dimension) {
  const double most = std::pow(1e150, 1.0 / static_cast<double>(dimension));
  Eigen::MatrixXd transposed(static_cast<Eigen::Index>(basis.modes), static_cast<Eigen::Index>(x.size()));
  for (std::size_t i = 0; i < x.size(); ++i) {
    double* column = transposed.col(static_cast<Eigen::Index>(i)).data();
    scaled_hermite(basis.scaled(x[i]), 0, {column, basis.modes});
    for (std::size_t n = 0; n < basis.modes; ++n) column[n] = std::clamp(column[n], -most, most);
  }
  return transposed.transpose();
}

}  // namespace umkehr
