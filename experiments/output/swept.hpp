// SPDX-License-Identifier: GPL-3.0-or-later
// Results of a sweep: one result, whose variables have a leading dimension for each swept key, out of those of its runs,
// and back.
#pragma once

#include <cstddef>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "experiments/output/result.hpp"

namespace umkehr {

/// What only the runs showed: a task does not give values on the same coordinates in each.
class ShapeChanged : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The group of one task, put together from its runs; NaN where a run lacks a variable.
class SweptGroup {
 public:
  /// The swept keys as coordinates, the last varying fastest.
  explicit SweptGroup(std::vector<Coordinate> keys);

  /// The group that one run, or several alike, gave. Throws ShapeChanged.
  void put(const std::vector<std::size_t>& runs, Group group);
  bool is_empty() const { return outlines_.empty(); }
  /// The whole, the same in whatever order runs came. Leaves nothing behind.
  Group take_whole();

 private:
  /// A run's group without the values.
  struct Outline {
    std::vector<std::string> coordinates, variables, long_names;
    std::map<std::string, std::string> attributes;
    std::vector<std::string> warnings;
  };

  void check_coordinates(const Group& group);
  void take_values(const std::vector<std::size_t>& runs, Variable& variable, Group& group);
  void describe(Group& group);
  std::vector<std::string> all_warnings() const;

  std::vector<Coordinate> keys_;
  std::size_t runs_ = 1;
  std::string name_;
  bool is_alike_ = false;                      // no key concerns this task: solved once, for all runs
  std::vector<Coordinate> coordinates_;        // of the task itself
  std::map<std::string, Variable> variables_;  // with all runs
  std::map<std::size_t, Outline> outlines_;    // by run
};

bool is_swept(const Result& result);
/// Its swept keys as coordinates; none of a plain result.
std::vector<Coordinate> swept_keys(const Result& result);
/// "dt = 0.1, order = 2"
std::string values_of_run(const std::vector<Coordinate>& keys, std::size_t run);
std::size_t count_runs(const std::vector<Coordinate>& keys);
/// One run of it, a plain result, without variables that the run lacks; `experiment` is left empty.
Result run_of(const Result& swept, std::size_t run);

}  // namespace umkehr
