// SPDX-License-Identifier: GPL-3.0-or-later
// The text of a sweep, and which of its tasks have the same input.
//
// In a single run all defaults are written into the text, and read again they give the same run. In a sweep some depend
// on the values that are swept, as the scheme does on the method: a table keeps its defaults where all runs have the
// same in it, and else has none written, so that each run finds its own again.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "experiments/tasks/experiment.hpp"
#include "experiments/tasks/sweep/sweep_keys.hpp"
#include "experiments/text/toml_value.hpp"

namespace umkehr {

class SweptText {
 public:
  /// `root`: the experiment as it is written, without its table [sweep].
  SweptText(const TomlValue& root, const std::vector<WrittenSweep>& sweeps);

  /// The experiment of one run, with its defaults.
  void add(TomlValue filled);
  std::string text() const;

 private:
  TomlValue root_, common_;
  const std::vector<WrittenSweep>& sweeps_;
  bool is_first_ = true;
};

class AlikeTasks {
 public:
  /// For each task of a run, given as it was read and with all defaults: the first run with the same input.
  std::vector<std::size_t> add(TomlValue filled, const Experiment& experiment);

 private:
  std::size_t number_of(const std::string& text);

  std::map<std::string, std::size_t> numbers_, first_;
  std::size_t runs_ = 0;
};

}  // namespace umkehr
