// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/input/law_input.hpp"

#include <cmath>

#include "experiments/input/grid_sample.hpp"
#include "experiments/input/reading.hpp"
#include "experiments/text/short_number.hpp"
#include "grids/dense/dense_matrix.hpp"

namespace umkehr {
namespace {

constexpr std::size_t most_components = 100'000;

Eigen::VectorXd read_vector(const TomlValue& value, std::string_view key, std::size_t dimension) {
  const std::vector<double> numbers = read_numbers(value, key, dimension, any_number);
  return Eigen::Map<const Eigen::VectorXd>(numbers.data(), static_cast<Eigen::Index>(dimension));
}

Eigen::MatrixXd read_covariance(const TomlValue& value, std::size_t dimension) {
  const auto d = static_cast<Eigen::Index>(dimension);
  Eigen::MatrixXd matrix(d, d);
  Eigen::Index row = 0;
  for (const TomlValue& numbers : read_list(value, "covariance", dimension, dimension))
    matrix.row(row++) = read_vector(numbers, "covariance", dimension);
  if ((matrix - matrix.transpose()).cwiseAbs().maxCoeff() > 1e-12 * matrix.cwiseAbs().maxCoeff())
    refuse(value, "covariance", "is not symmetric; make entries (k, l) and (l, k) equal");
  const Eigen::VectorXd spread = symmetric_eigenvalues(matrix);
  if (!(spread.minCoeff() > 1e-14 * spread.maxCoeff()))
    refuse(value, "covariance",
           "is not positive definite; its smallest eigenvalue is " + short_number(spread.minCoeff()) +
               " (for a delta, give { point = [...] })");
  return 0.5 * (matrix + matrix.transpose());
}

Gaussian read_gaussian(TomlValue& table, const std::string& title, bool weighted, std::size_t dimension) {
  Section section(table, title);
  Gaussian gaussian;
  if (weighted)
    gaussian.weight = read_number(section.require("weight", "its positive share"), "weight", any_positive);
  gaussian.mean = read_vector(section.require("mean", "a list of one number an axis"), "mean", dimension);
  gaussian.covariance =
      read_covariance(section.require("covariance", "a list of rows, such as [[1.0]]"), dimension);
  section.finish();
  return gaussian;
}

GaussianMixture read_mixture(TomlValue& list, std::size_t dimension) {
  read_list(list, "mixture", 1, most_components);
  std::vector<Gaussian> components;
  double total = 0;
  for (TomlValue& table : list.elements) {
    components.push_back(read_gaussian(table, "mixture", true, dimension));
    total += components.back().weight;
  }
  for (Gaussian& component : components) component.weight /= total;
  return GaussianMixture(std::move(components));
}

GaussianMixture read_point(const TomlValue& value, const Grid& grid) {
  const auto d = static_cast<Eigen::Index>(grid.dimension());
  const Eigen::VectorXd point = read_vector(value, "point", grid.dimension());
  for (std::size_t k = 0; k < grid.dimension(); ++k) {
    const Axis& axis = grid.axis(k);
    const double x = point[static_cast<Eigen::Index>(k)];
    if (!(x > axis.from && x < axis.to))
      refuse(value, "point",
             "lies outside the grid; " + axis.name + " must be between " + short_number(axis.from) + " and " +
                 short_number(axis.to));
  }
  return GaussianMixture({{1.0, point, Eigen::MatrixXd::Zero(d, d)}});
}

FormulaLaw read_formula(const TomlValue& value, const LawInput& input) {
  const Formula formula = input.formulas.read(value, "formula");
  if (formula.depends_on_time())
    refuse(value, "formula", "depends on t; a density at one time may depend on the axes alone");
  const Extremes found = extremes(formula, 0, input.grid);
  if (found.where_not_finite)
    refuse(value, "formula", "is not finite at " + *found.where_not_finite + "; a density must be finite");
  if (found.least < 0)
    refuse(
        value, "formula",
        "is " + short_number(found.least) + " at " + found.where_least + "; a density must not be negative");
  if (!(found.largest > 0))
    refuse(value, "formula", "vanishes on the whole grid; a density must be positive somewhere");
  return {formula};
}

}  // namespace

Law read_law(TomlValue& table, const std::string& key, const LawInput& input) {
  Section section(table, key);
  const std::size_t dimension = input.grid.dimension();
  int kinds = 0;
  for (const char* kind : {"mixture", "gaussian", "formula", "point", "samples", "field"})
    kinds += section.has(kind);
  if (kinds > 1) section.refuse_whole("is several densities at once; give one of its kinds");
  Law law;
  if (TomlValue* mixture = section.find("mixture")) law = read_mixture(*mixture, dimension);
  if (TomlValue* gaussian = section.find("gaussian"))
    law = GaussianMixture({read_gaussian(*gaussian, "gaussian", false, dimension)});
  if (TomlValue* formula = section.find("formula")) law = read_formula(*formula, input);
  if (TomlValue* point = section.find("point")) law = read_point(*point, input.grid);
  if (section.find("samples")) law = read_samples(section, input);
  if (section.find("field")) law = read_field(section, input);
  section.finish();
  if (kinds == 0)
    section.refuse_whole(
        "no density; give { mixture }, { gaussian }, { formula }, { point }, { samples } or { field }");
  if (const auto* mixture = std::get_if<GaussianMixture>(&law))
    check_mass_on_grid(*mixture, table, key, input);
  return law;
}

}  // namespace umkehr
