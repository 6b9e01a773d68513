// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/kolmogorov/discretise.hpp"

#include <algorithm>

#include "grids/failure.hpp"
#include "solver/finite_volume/finite_volume.hpp"
#include "solver/fourier/fourier.hpp"
#include "solver/fourier/fourier_odeint.hpp"
#include "solver/fourier/symmetrised.hpp"
#include "solver/hermite/hermite.hpp"
#include "solver/hermite/search/hermite_search.hpp"
#include "solver/hermite/search/hermite_value_search.hpp"
#include "solver/path_integral/path_integral.hpp"
#include "solver/process/seam.hpp"

namespace umkehr {
namespace {

HermiteChoice search(const Process& process, const Grid& grid, const Law& initial,
                     const std::vector<double>& times, const HermiteChoice& given) {
  return search_hermite_choice(process, grid, initial, times, given);
}

HermiteChoice search(const Process& process, const Grid& grid, const Coefficient& terminal,
                     const std::vector<double>& times, const HermiteChoice& given) {
  return search_hermite_value_choice(process, grid, terminal, times, given);
}

std::unique_ptr<Discretisation> fourier(const Process& process, const Grid& grid,
                                        const KolmogorovChoices& choices) {
  const std::string& scheme = choices.scheme;
  // Odeint bounds the error of each of its own steps, of which there are many.
  const double tolerance_a_step = std::max(1e-14, 0.01 * choices.tolerance);
  if (scheme == "symmetrised") return std::make_unique<Symmetrised>(process, grid);
  if (scheme == "odeint") return std::make_unique<FourierOdeint>(process, grid, tolerance_a_step);
  return std::make_unique<Fourier>(process, grid);
}

/// `known` is the law at the start or the value at the end.
template <class Known, class Solution>
std::unique_ptr<Discretisation> by_choice(const Process& process, const Grid& grid, const Known& known,
                                          const std::vector<double>& times, const KolmogorovChoices& choices,
                                          Solution& solution) {
  switch (choices.method) {
    case Method::finite_volume:
      return std::make_unique<FiniteVolume>(process, grid);
    case Method::fourier:
      return fourier(process, grid, choices);
    case Method::hermite: {
      const HermiteChoice given{choices.hermite_centre, choices.hermite_scale};
      const HermiteChoice used = search(process, grid, known, times, given);
      solution.hermite_centre = used.centre;
      solution.hermite_scale = used.scale;
      return std::make_unique<Hermite>(process, grid, times.front(), used);
    }
    case Method::path_integral:
      if (!is_smooth(process, grid, times.front()))
        solution.warnings.emplace_back(
            "the drift or the killing has jumps or kinks, where sliced kernels are of order 2 at best, and "
            "tell no error of it; compare runs on two grids, or take method finite-volume");
      return std::make_unique<PathIntegral>(process, grid, choices.order);
  }
  throw UnfitProblem("no such method");
}

}  // namespace

std::vector<std::string> schemes(Method method) {
  switch (method) {
    case Method::finite_volume:
      return finite_volume_schemes();
    case Method::fourier:
      return {"lawson", "symmetrised", "odeint"};
    case Method::hermite:
      return {"automatic"};
    case Method::path_integral:
      return {"push-and-convolve"};
  }
  throw UnfitProblem("no such method");
}

const Scheme* scheme_of(const KolmogorovChoices& choices) {
  const std::vector<std::string> known = schemes(choices.method);
  const std::string& name = choices.scheme.empty() ? known.front() : choices.scheme;
  if (std::find(known.begin(), known.end(), name) == known.end())
    throw UnfitProblem("this method has no scheme \"" + name + "\"");
  if (choices.method == Method::finite_volume) return finite_volume_scheme(name, !choices.step);
  // A fixed slice shows the kernel's own order.
  if (choices.method == Method::path_integral && choices.step) return PathIntegral::one_slice;
  return nullptr;
}

bool may_be_negative(const KolmogorovChoices& choices) {
  return choices.method == Method::fourier || choices.method == Method::path_integral;
}

std::unique_ptr<Discretisation> discretise(const Process& process, const Grid& grid, const Law& initial,
                                           const std::vector<double>& times, const KolmogorovChoices& choices,
                                           FokkerPlanckSolution& solution) {
  return by_choice(process, grid, initial, times, choices, solution);
}

std::unique_ptr<Discretisation> discretise(const Process& process, const Grid& grid,
                                           const Coefficient& terminal, const std::vector<double>& times,
                                           const KolmogorovChoices& choices,
                                           BackwardKolmogorovSolution& solution) {
  return by_choice(process, grid, terminal, times, choices, solution);
}

std::size_t estimate_memory(const Grid& grid, std::size_t times, const KolmogorovChoices& choices) {
  // Density, its logarithm and d scores at each time, twice (the solution, and what is written from it); a state in some
  // ten (finite volume) to twenty-five (Lawson's stages, transforms) copies, and the operator's coefficients.
  const std::size_t fields = 2 * times * (2 + grid.dimension());
  const std::size_t copies =
      choices.method == Method::finite_volume ? 12 + 6 * grid.dimension() : 25 + 3 * grid.dimension();
  return (fields + copies) * grid.size() * sizeof(double);
}

}  // namespace umkehr
