// SPDX-License-Identifier: GPL-3.0-or-later
// What a run gives, as the result file holds it: groups (one a task) of named arrays on named dimensions.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace umkehr {

struct Variable {
  std::string name;
  std::vector<std::string> dimensions;  ///< names of the group's coordinates; none for a scalar
  std::vector<double> values;           ///< C order
  std::string long_name;
  std::string equation;           ///< numbers of the paper, such as "2.6, 2.33a"
  std::string cell_methods = {};  ///< as the CF conventions say it: "x: y: mean" of means over cells
  bool is_written = true;         ///< else it is for the screen alone
};

struct Coordinate {
  std::string name;
  std::vector<double> values;
  std::string long_name;
  std::vector<double> bounds = {};  ///< lower and upper bound of each cell, where there are means over cells
  bool is_integer = false;          ///< numbers of something, in the file as integers
  std::string swept_key = {};       ///< of a sweep: the key of the experiment; its values need not ascend
  std::vector<std::string> texts =
      {};  ///< what the values 0, 1, ... stand for, where the swept ones are no numbers
};

struct Group {
  std::string name;
  std::vector<Coordinate> coordinates;
  std::vector<Variable> variables;
  std::map<std::string, std::string> attributes;  ///< such as method and scheme
  std::vector<std::string> warnings = {};         ///< of the run

  const Variable* find(const std::string& variable) const;
  const Coordinate* coordinate(const std::string& name) const;
};

/// A task that a result lacks.
struct Failure {
  std::string task, why;
};

struct Result {
  std::string title;
  std::string source;      ///< "umkehr VERSION"
  std::string experiment;  ///< the full TOML text, defaults filled in
  std::vector<Group> groups;
  std::vector<Failure> failed = {};  ///< tasks of the experiment that gave no group, where a run kept going

  const Group* find(const std::string& group) const;
};

}  // namespace umkehr
