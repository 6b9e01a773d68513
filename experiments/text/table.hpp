// SPDX-License-Identifier: GPL-3.0-or-later
// A table of text for the screen: left-aligned columns, each as wide as its widest cell,
// and nothing that steers a terminal.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

namespace umkehr {

class Table {
 public:
  explicit Table(std::vector<std::string> heading) : rows_{std::move(heading)} {}
  /// A row may be shorter than the heading.
  void add(std::vector<std::string> row);
  void print(std::ostream& out) const;

 private:
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace umkehr
