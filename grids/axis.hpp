// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace umkehr {

/// What happens to the process at both ends of an axis.
enum class Boundary { reflecting, absorbing, periodic };

/// One coordinate: `points` equal cells between two walls, values at the cell centres.
struct Axis {
  std::string name = "x";
  double from = -1;
  double to = 1;
  std::size_t points = 2;
  Boundary boundary = Boundary::reflecting;

  double length() const { return to - from; }
  double spacing() const { return length() / static_cast<double>(points); }
  double centre(std::size_t i) const { return from + spacing() * (static_cast<double>(i) + 0.5); }
  /// Face i lies between cells i - 1 and i; faces 0 and `points` are the walls.
  double face(std::size_t i) const { return from + spacing() * static_cast<double>(i); }
  std::vector<double> centres() const;
};

}  // namespace umkehr
