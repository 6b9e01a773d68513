// SPDX-License-Identifier: GPL-3.0-or-later
// int P(x) f(x) dx for a Gaussian mixture P, as sum_c w_c int N(z) f(m_c + L_c z) dz: each by the trapezoidal rule in the
// component's own whitened coordinates z, which converges exponentially for smooth f; steps are halved until the values
// stand. Mixtures of many components take one rule on a lattice of x instead where that has fewer nodes.
#pragma once

#include <functional>
#include <vector>

#include "grids/points.hpp"
#include "solver/law/gaussian_mixture.hpp"

namespace umkehr {

/// Fills one array a function with its values at the points.
using PointFunctions = std::function<void(const Points& x, std::vector<std::vector<double>>& out)>;

struct MixtureMean {
  std::vector<double> value;  ///< one a function
  double change = 0;          ///< by which the last halving of the step moved them, relative to 1 + |value|
};

/// The means of `count` functions. Steps are halved until that moves no value by more than `accuracy`: for smooth functions
/// what is left is about its square. Throws UnfitProblem if the mixture is singular, UnfitProblem beyond three
/// dimensions.
MixtureMean mixture_mean(const GaussianMixture& law, std::size_t count, const PointFunctions& f,
                         double accuracy = 1e-8);

}  // namespace umkehr
