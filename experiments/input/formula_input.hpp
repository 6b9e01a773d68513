// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "experiments/input/names.hpp"
#include "experiments/text/toml_value.hpp"
#include "solver/process/formula/formula.hpp"

namespace umkehr {

/// Reads the formulas of one experiment: numbers or strings over its axes, `t` and its definitions.
/// Complaints point at the character, in a definition where the error lies there.
class FormulaInput {
 public:
  explicit FormulaInput(std::vector<std::string> axes);

  /// The table [process.define]. Throws ExperimentError for a wrong name or formula, and for circles.
  void define(const TomlValue& definitions, const IsWritten& is_written);
  /// The same over further coordinates, which follow the axes.
  FormulaInput with_axes(const std::vector<std::string>& further) const;
  /// Throws ExperimentError.
  Formula read(const TomlValue& value, std::string_view key) const;

  const std::vector<std::string>& axes() const { return names_.axes; }

 private:
  FormulaNames names_;
  std::map<std::string, TomlValue> definitions_;
};

}  // namespace umkehr
