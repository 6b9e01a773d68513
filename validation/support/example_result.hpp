// SPDX-License-Identifier: GPL-3.0-or-later
// A result with everything that a file may hold: fields in one and two dimensions, small and large, scalars, texts.
#pragma once

#include <cmath>

#include "experiments/output/result.hpp"

namespace umkehr {

inline std::vector<double> equally_spaced(double from, double to, std::size_t count) {
  std::vector<double> points(count);
  for (std::size_t i = 0; i < count; ++i)
    points[i] = from + (to - from) * static_cast<double>(i) / static_cast<double>(count - 1);
  return points;
}

/// A spreading Gaussian on the product of the group's coordinates after t.
inline Variable spreading_gaussian(const Group& group, const std::string& name) {
  Variable variable{name, {}, {1.0}, "spreading Gaussian", "2.6, 2.33a"};
  for (const Coordinate& coordinate : group.coordinates) {
    variable.dimensions.push_back(coordinate.name);
    std::vector<double> product;
    for (const double left : variable.values)
      for (const double x : coordinate.values)
        product.push_back(coordinate.name == "t" ? 1 / (1 + x) : left * std::exp(-x * x * left));
    variable.values = std::move(product);
  }
  return variable;
}

inline Result example_result(std::size_t points = 400) {
  const auto axis = [](const std::string& name, double from, double to, std::size_t count) {
    return Coordinate{name, equally_spaced(from, to, count), "position along " + name};
  };
  Group line{"forward", {axis("t", 0, 1, 21), axis("x", -8, 8, points)}, {}, {{"method", "fourier"}}};
  line.variables = {spreading_gaussian(line, "density"),
                    {"mass", {"t"}, std::vector<double>(21, 1.0), "mass", "2.6"},
                    {"mass_error", {}, {1.5e-16}, "largest error of the mass", ""}};
  Group plane{
      "plane", {axis("t", 0, 1, 3), axis("x", -3, 3, 8), axis("y", -2, 2, 5)}, {}, {{"scheme", "strang"}}};
  plane.variables = {spreading_gaussian(plane, "density"), spreading_gaussian(plane, "log_density")};
  return {"Schr\u00f6dinger's example", "umkehr 0.0.0", "title = \"example\"\n", {line, plane}};
}

}  // namespace umkehr
