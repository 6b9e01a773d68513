// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/input/law_input.hpp"

#include <cmath>

#include "experiments/input/gaussian_input.hpp"
#include "experiments/input/grid_sample.hpp"
#include "experiments/input/named_laws.hpp"
#include "experiments/input/reading.hpp"
#include "experiments/text/short_number.hpp"

namespace umkehr {
namespace {

GaussianMixture read_point(const TomlValue& value, const Space& grid) {
  const auto d = static_cast<Eigen::Index>(grid.dimension());
  const Eigen::VectorXd point = read_vector(value, "point", grid.dimension());
  for (std::size_t k = 0; grid.has_grid() && k < grid.dimension(); ++k) {
    const Axis& axis = grid.axis(k);
    const double x = point[static_cast<Eigen::Index>(k)];
    if (!(x > axis.from && x < axis.to))
      refuse(value, "point",
             "lies outside the grid; " + axis.name + " must be between " + short_number(axis.from) + " and " +
                 short_number(axis.to));
  }
  return GaussianMixture({{1.0, point, Eigen::MatrixXd::Zero(d, d)}});
}

/// A law that is known by its values needs somewhere to sum them.
void refuse_without_cells(const TomlValue& value, const char* key, const LawInput& input) {
  if (!input.grid.has_grid())
    refuse(
        value, key,
        "is normalised and drawn from over the cells of [[axis]], and this experiment has a [space] without "
        "cells; give { mixture }, { gaussian }, { point } or { samples }");
}

FormulaLaw read_formula(const TomlValue& value, const LawInput& input) {
  refuse_without_cells(value, "formula", input);
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

GaussianMixture read_only_gaussian(TomlValue& table, std::size_t dimension) {
  Section section(table, "gaussian");
  return GaussianMixture({read_gaussian(section, dimension)});
}

constexpr const char* kinds_of_law[] = {"mixture", "gaussian", "formula", "point",
                                        "samples", "field",    "mean"};

/// { mean, variance } says the same as { gaussian = { mean, variance } }.
void refuse_several_kinds(const Section& section) {
  int kinds = 0;
  for (const char* kind : kinds_of_law) kinds += section.has(kind);
  if (kinds > 1) section.refuse_whole("is several densities at once; give one of its kinds");
  for (const char* width : {"variance", "covariance"})
    if (section.has("gaussian") && section.has(width))
      section.refuse_whole(std::string("has a ") + width + " beside its gaussian; give gaussian." + width);
}

Law read_kind(Section& section, const LawInput& input) {
  const std::size_t dimension = input.grid.dimension();
  if (TomlValue* mixture = section.find("mixture")) return read_mixture(*mixture, dimension);
  if (TomlValue* gaussian = section.find("gaussian")) return read_only_gaussian(*gaussian, dimension);
  if (TomlValue* formula = section.find("formula")) return read_formula(*formula, input);
  if (TomlValue* point = section.find("point")) return read_point(*point, input.grid);
  if (section.find("samples")) return read_samples(section, input);
  if (const TomlValue* field = section.find("field")) {
    refuse_without_cells(*field, "field", input);
    return read_field(section, input);
  }
  if (section.find("mean") || section.has("variance") || section.has("covariance"))
    return GaussianMixture({read_gaussian(section, dimension)});
  section.refuse_unknown();
  section.refuse_whole(
      "no density; give { mixture }, { gaussian }, { formula }, { point }, { samples } or { field }");
}

}  // namespace

Law read_law(TomlValue& value, const std::string& key, const LawInput& input) {
  if (value.is(TomlValue::Kind::string) && input.named) return input.named->named(value, key);
  Section section(value, key);
  refuse_several_kinds(section);
  Law law = read_kind(section, input);
  section.finish();
  if (const auto* mixture = std::get_if<GaussianMixture>(&law))
    check_mass_on_grid(*mixture, value, key, input);
  return law;
}

}  // namespace umkehr
