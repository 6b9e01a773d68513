// SPDX-License-Identifier: GPL-3.0-or-later
// Methods as experiment files, result files and help spell them, in the order of their enumerations.
#pragma once

#include <string>
#include <vector>

namespace umkehr::method_names {

inline const std::vector<std::string> kolmogorov = {"finite-volume", "fourier", "hermite", "path-integral"};
inline const std::vector<std::string> spectrum = {"fourier", "hermite", "finite-volume", "galerkin"};
inline const std::vector<std::string> hjb = {"finite-difference", "spectral", "log-transform"};
inline const std::vector<std::string> bridge = {"closed-form", "propagator"};

}  // namespace umkehr::method_names
