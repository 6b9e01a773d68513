// SPDX-License-Identifier: GPL-3.0-or-later
// The processes that have a name. All of one dimension a component, the same along every axis.
#pragma once

#include <cstddef>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "solver/process/process.hpp"

namespace umkehr {

/// F = 0, noise D(t) (2.7, 2.15).
Process brownian(Coefficient diffusion, std::size_t dimension = 1);
/// F = -beta(t) x / 2, noise D(t) (2.34).
Process ornstein_uhlenbeck(Coefficient beta, Coefficient diffusion, std::size_t dimension = 1);
/// F = -beta x / 2, D = beta (4.10a), beta = beta_min + (beta_max - beta_min) t.
Process variance_preserving(double beta_min, double beta_max, std::size_t dimension = 1);
/// D = beta = pi/(1 + offset) tan(pi/2 (t + offset)/(1 + offset)); t < 1, where beta diverges.
Process variance_preserving_cosine(double offset, std::size_t dimension = 1);
/// F = 0, D = d sigma^2/dt, sigma = sigma_min (sigma_max/sigma_min)^t.
Process variance_exploding(double sigma_min, double sigma_max, std::size_t dimension = 1);
/// F = -beta x / 2, D = beta (1 - exp(-2 int_0^t beta)).
Process sub_variance_preserving(double beta_min, double beta_max, std::size_t dimension = 1);
/// F = x - x^3, noise D(t).
Process double_well(Coefficient diffusion, std::size_t dimension = 1);
/// F = -grad U by exact differentiation. The formula's dimension is the process's.
Process in_potential(const Formula& potential, std::vector<Coefficient> diffusion, Coefficient killing = 0.0);

struct NamedParameter {
  std::string name;
  std::optional<double> usual = {};  ///< none: it must be given, and may be a function of t
  bool may_vanish = false;           ///< numbers are > 0, or >= 0
  std::string above = {};            ///< the parameter that it must exceed; empty: none
};

struct ParameterValues {
  std::map<std::string, double> number;
  std::map<std::string, Coefficient> function;
};

/// A process that an experiment may call by name.
struct NamedProcess {
  std::string name, drift, diffusion;  ///< the same along every axis x, in formulas of the parameters
  std::vector<NamedParameter> parameters;
  Process (*make)(const ParameterValues& values, std::size_t dimension);
  double ends =
      std::numeric_limits<double>::infinity();  ///< where it is finite, it is so for 0 <= t < ends alone
};

/// All of them, in the order of the README's table.
const std::vector<NamedProcess>& named_processes();

}  // namespace umkehr
