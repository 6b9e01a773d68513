// SPDX-License-Identifier: GPL-3.0-or-later
// A scheme in time for particles: one step, and the orders that it declares for additive noise. Another one is another
// class, and its name in particle_schemes().
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "solver/particles/schemes/motion.hpp"

namespace umkehr {

class ParticleScheme {
 public:
  virtual ~ParticleScheme() = default;
  virtual std::string_view name() const = 0;
  virtual double strong_order() const = 0;  ///< E |x - x_exact| falls like h to this power
  virtual double weak_order() const = 0;    ///< |E f(x) - E f(x_exact)| does
  virtual bool uses_area() const { return false; }
  /// Moves x from t to t + h, step number n of a run; the increments are over that step.
  virtual void step(const Motion& motion, double t, double h, std::size_t n, const Increments& increments,
                    Points& x, StepSpace& space) const = 0;
};

/// The names of those for any process, the usual one first.
const std::vector<std::string>& particle_schemes();
/// Throws UnfitProblem for another name.
std::unique_ptr<ParticleScheme> particle_scheme(const std::string& name);

}  // namespace umkehr
