// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/process/process.hpp"

#include <algorithm>

#include "grids/failure.hpp"
#include "solver/process/derivative.hpp"

namespace umkehr {

namespace {

bool changes(const Coefficient& coefficient) {
  return coefficient.depends_on_time();
}

}  // namespace

bool Process::depends_on_time() const {
  return std::any_of(drift.begin(), drift.end(), changes) ||
         std::any_of(diffusion.begin(), diffusion.end(), changes) || changes(killing);
}

bool is_smooth(const Process& process) {
  const auto smooth = [](const Coefficient& f) { return !f.formula() || f.formula()->is_smooth(); };
  return smooth(process.killing) && std::all_of(process.drift.begin(), process.drift.end(), smooth);
}

Coefficient divergence(const Process& process) {
  Formula sum = Formula::constant(0, process.dimension());
  std::vector<Coefficient> differenced;
  for (std::size_t k = 0; k < process.dimension(); ++k) {
    const Formula* drift = process.drift[k].formula();
    if (drift && drift->may_jump_along(k))
      throw UnfitProblem("the drift " + drift->text() +
                         " may jump, and its divergence would not be a function; smooth it");
    const Coefficient slope = derivative(process.drift[k], k);
    if (slope.formula())
      sum = sum + *slope.formula();
    else
      differenced.push_back(slope);
  }
  if (differenced.empty()) return sum;
  return Coefficient::Function([sum, differenced](const Points& x, double t, std::span<double> out) {
    sum(x, t, out);
    std::vector<double> values(out.size());
    for (const Coefficient& slope : differenced) {
      slope(x, t, values);
      for (std::size_t i = 0; i < out.size(); ++i) out[i] += values[i];
    }
  });
}

}  // namespace umkehr
