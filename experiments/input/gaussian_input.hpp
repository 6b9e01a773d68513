// SPDX-License-Identifier: GPL-3.0-or-later
// Gaussians N(mean, covariance), alone or as the parts of a mixture. In place of `covariance`, rows of a matrix, may
// stand `variance`: one number for every axis, or one an axis.
#pragma once

#include <cstddef>

#include "experiments/input/reading.hpp"
#include "solver/law/gaussian_mixture.hpp"

namespace umkehr {

/// A point: one number an axis.
Eigen::VectorXd read_vector(const TomlValue& value, std::string_view key, std::size_t dimension);
/// One Gaussian out of a section that nothing else was read from; finishes it.
Gaussian read_gaussian(Section& section, std::size_t dimension);
/// A list of weighted ones; weights are normalised.
GaussianMixture read_mixture(TomlValue& list, std::size_t dimension);

}  // namespace umkehr
