// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "experiments/input/formula_input.hpp"
#include "experiments/input/problem.hpp"
#include "experiments/text/toml_value.hpp"
#include "solver/law/law.hpp"

namespace umkehr {

class NamedLaws;

/// What a density is read against.
struct LawInput {
  const Space& grid;
  const FormulaInput& formulas;
  std::filesystem::path directory;            ///< that relative paths start from
  std::vector<std::string>& warnings;         ///< mass that lies outside the grid is told here
  std::vector<std::filesystem::path>& files;  ///< those that are read are listed here
  const NamedLaws* named = nullptr;           ///< the tables [law.NAME]; none while these are read
};

/// A density: the name of a law, or a table of a mixture, a Gaussian, a formula, a point, samples or a field. Throws
/// ExperimentError, and ResultFileError where a file that it names cannot be read.
Law read_law(TomlValue& value, const std::string& key, const LawInput& input);

/// The part of it that lies in files: samples (a kernel density, or the empirical law), or a field of another
/// result.
class Section;
Law read_samples(Section& section, const LawInput& input);
/// Points, one or more: a list of them (in one dimension of numbers), a file, or { samples, dataset }.
Points read_points(TomlValue& value, const std::string& key, const LawInput& input);
Law read_field(Section& section, const LawInput& input);

/// A path of the experiment, refused unless a file stands there.
std::filesystem::path existing_file(const TomlValue& value, const std::string& key, const LawInput& input);
/// The cells whose centres are listed; refuses lists that have fewer than two or unequal distances.
Axis equal_cells(const std::string& name, const std::vector<double>& centres, const TomlValue& value,
                 const std::string& key);

/// Refuses a mixture of which nearly nothing lies on the grid; tells of one that sticks out.
void check_mass_on_grid(const GaussianMixture& mixture, const TomlValue& value, const std::string& key,
                        const LawInput& input);

}  // namespace umkehr
