// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "solver/process/process.hpp"

namespace umkehr {

/// Of formulas in x, y, z, as many as there are axes, and t; with the same D on each axis.
inline Process formula_process(const std::vector<std::string>& drift, const std::string& diffusion,
                               const std::string& killing = "0") {
  std::vector<std::string> axes = {"x", "y", "z"};
  axes.resize(drift.size());
  const auto parse = [&](const std::string& text) { return Formula::parse(text, {axes, {}}); };
  Process made;
  for (const std::string& text : drift) {
    made.drift.emplace_back(parse(text));
    made.diffusion.emplace_back(parse(diffusion));
  }
  made.killing = parse(killing);
  return made;
}

inline Process formula_process(const std::vector<std::string>& drift, double diffusion,
                               const std::string& killing = "0") {
  Process made = formula_process(drift, "1", killing);
  made.diffusion.assign(drift.size(), diffusion);
  return made;
}

}  // namespace umkehr
