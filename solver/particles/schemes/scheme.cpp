// SPDX-License-Identifier: GPL-3.0-or-later

#include "solver/particles/schemes/scheme.hpp"
#include "grids/failure.hpp"
#include "solver/particles/schemes/euler_maruyama.hpp"
#include "solver/particles/schemes/stochastic_heun.hpp"
#include "solver/particles/schemes/stochastic_runge_kutta.hpp"

namespace umkehr {

const std::vector<std::string>& particle_schemes() {
  static const std::vector<std::string> names = {"srk", "euler-maruyama", "heun"};
  return names;
}

std::unique_ptr<ParticleScheme> particle_scheme(const std::string& name) {
  if (name == "srk") return std::make_unique<StochasticRungeKutta>();
  if (name == "heun") return std::make_unique<StochasticHeun>();
  if (name == "euler-maruyama") return std::make_unique<EulerMaruyama>();
  throw UnfitProblem("particles have no scheme \"" + name + "\"");
}

}  // namespace umkehr
