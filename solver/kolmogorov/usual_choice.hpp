// SPDX-License-Identifier: GPL-3.0-or-later
// What a forward run is solved by where nobody chose: the symmetrised scheme (symmetrised.hpp), exact in time and of
// spectral accuracy, where a trial of it is seen to reach the problem, else finite volumes.
#pragma once

#include <string>

#include "grids/grid.hpp"
#include "solver/kolmogorov/choices.hpp"
#include "solver/law/law.hpp"
#include "solver/process/process.hpp"

namespace umkehr {

struct UsualChoice {
  Method method = Method::finite_volume;
  std::string scheme;
  std::string reason;  ///< in words, for the user
};

/// Among all methods.
UsualChoice usual_choice(const Process& process, const Grid& grid, const Law& initial, double start,
                         double stop);
/// Among the schemes of Fourier's method: explicit steps while they are few.
UsualChoice usual_fourier_choice(const Process& process, const Grid& grid, const Law& initial, double start,
                                 double stop);

}  // namespace umkehr
