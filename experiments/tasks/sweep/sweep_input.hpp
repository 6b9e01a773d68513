// SPDX-License-Identifier: GPL-3.0-or-later
// A sweep: one experiment for every combination of values of some of its keys. The table [sweep] lists them, such as
// "task.forward.dt" = [0.1, 0.05], and so does --sweep task.forward.dt=0.1,0.05 of the command line, which replaces the
// values that the table has for that key. The first key varies slowest.
//
// One result holds all, so no key may change a coordinate or a shape. What it says of itself, `text`, is the experiment
// with [sweep] in it; defaults are filled in where they are the same in all runs, so that it gives the same runs again.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "experiments/tasks/experiment.hpp"

namespace umkehr {

struct SweptKey {
  std::string key;  ///< dotted, such as "task.forward.dt"
  std::string
      name;  ///< of its dimension in results: the last part of the key, or more of it where that is taken
  std::string place;               ///< where it was asked for
  std::vector<std::string> texts;  ///< the values as they were written
  std::vector<double> numbers;     ///< the values, or 0, 1, ... where they are no numbers
  bool is_text = false, is_integer = false;
};

struct Sweep {
  std::vector<SweptKey> keys;           ///< none: a plain experiment
  std::vector<Experiment> experiments;  ///< one a run, the last key varying fastest
  /// Run and number of a task -> the first run in which that task has the same input, and hence the same output.
  std::vector<std::vector<std::size_t>> first_alike;
  std::string text;  ///< the whole as TOML

  bool is_swept() const { return !keys.empty(); }
  /// "dt = 0.1, order = 2"
  std::string values_of(std::size_t run) const;
};

/// The number of a key's value in a run.
std::size_t index_of_value(const std::vector<SweptKey>& keys, std::size_t run, std::size_t key);

/// As read_experiment and parse_experiment; `sweeps` are the command line's --sweep KEY=V1,V2.
Sweep read_sweep(const std::filesystem::path& file, const std::vector<std::string>& settings = {},
                 const std::vector<std::string>& sweeps = {});
Sweep parse_sweep(const std::string& text, const std::string& name, const std::filesystem::path& directory,
                  const std::vector<std::string>& settings = {}, const std::vector<std::string>& sweeps = {});

}  // namespace umkehr
