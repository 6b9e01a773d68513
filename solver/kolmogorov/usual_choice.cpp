// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/kolmogorov/usual_choice.hpp"

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>
#include <vector>

#include "grids/failure.hpp"
#include "solver/fourier/symmetrised.hpp"
#include "solver/kolmogorov/narrow_feature.hpp"

namespace umkehr {
namespace {

constexpr std::size_t max_dense_points = 600;  // beyond them a dense matrix takes longer than finite volumes
constexpr double resolved = 1e-10, negative = 1e-12;
constexpr double few_steps = 3e4;  // which take about a second
constexpr int looks = 8;           // at times, evenly

/// Size of P in the highest tenth of the wavenumbers, relative to its largest.
double tail_of(std::span<const double> p) {
  const std::size_t waves = p.size() / 2 + 1, high = waves - waves / 10 - 1;
  double tail = 0, most = 0;
  for (std::size_t k = 0; k < waves; ++k) {
    const double angle = 2 * std::numbers::pi * static_cast<double>(k) / static_cast<double>(p.size());
    std::complex<double> sum = 0;
    for (std::size_t j = 0; j < p.size(); ++j) sum += std::polar(1.0, angle * static_cast<double>(j)) * p[j];
    most = std::max(most, std::abs(sum));
    if (k >= high) tail = std::max(tail, std::abs(sum));
  }
  return most > 0 ? tail / most : 0;
}

/// Why a state of the scheme does not stand; empty if it does.
std::string objection(const Symmetrised& scheme, const Grid& grid, std::span<const double> state, double t) {
  std::vector<double> density(grid.size());
  scheme.density(state, density);
  const auto [least, most] = std::minmax_element(density.begin(), density.end());
  if (!(*most > 0) || !std::isfinite(*most)) return "leaves no density";
  if (*least < -negative * *most || !(tail_of(density) < resolved))
    return "does not resolve the density on this grid";
  if (!scheme.warnings(state, t).empty()) return "knows no walls, which the density reaches";
  return "";
}

/// Why the symmetrised scheme is not to be taken; empty if it is.
std::string objection(const Process& process, const Grid& grid, const Law& initial, double start,
                      double stop) {
  constexpr const char* reserved = "the symmetrised scheme ";
  if (grid.dimension() != 1) return reserved + std::string("works in one dimension only");
  if (grid.axis(0).boundary != Boundary::reflecting) return reserved + std::string("knows no walls");
  if (grid.size() > max_dense_points) return reserved + std::string("is slow on so many points");
  try {
    require_wide_features(process, grid, start, stop);
    Symmetrised scheme(process, grid);
    std::vector<double> state = scheme.state_of(initial);
    for (int n = 0; n <= looks; ++n) {
      const auto time = [&](int m) { return start + (stop - start) * m / looks; };
      if (n > 0) scheme.forward(state, {time(n - 1), time(n)});
      if (const std::string why = objection(scheme, grid, state, time(n)); !why.empty())
        return reserved + why;
    }
  } catch (const UnfitProblem& wrong) {
    return wrong.what();
  }
  return "";
}

/// Of explicit steps, which let the drift cross a fraction of a cell.
double steps_of_lawson(const Process& process, const Grid& grid, double start, double stop) {
  constexpr double steps_a_cell = 3;
  const Points x = grid.centres();
  std::vector<double> force(x.count());
  double fastest = 0;
  for (const double t : {start, 0.5 * (start + stop), stop})
    for (std::size_t k = 0; k < grid.dimension(); ++k) {
      process.drift[k](x, t, force);
      for (const double f : force) fastest = std::max(fastest, std::abs(f) / grid.axis(k).spacing());
    }
  return steps_a_cell * fastest * (stop - start);
}

constexpr const char* symmetrised_reason = "the drift has a potential that does not change with time";

}  // namespace

UsualChoice usual_choice(const Process& process, const Grid& grid, const Law& initial, double start,
                         double stop) {
  const std::string why_not = objection(process, grid, initial, start, stop);
  if (why_not.empty()) return {Method::fourier, "symmetrised", symmetrised_reason};
  return {Method::finite_volume, schemes(Method::finite_volume).front(), why_not};
}

UsualChoice usual_fourier_choice(const Process& process, const Grid& grid, const Law& initial, double start,
                                 double stop) {
  const bool steps_are_few = steps_of_lawson(process, grid, start, stop) < few_steps;
  const std::string why_not = steps_are_few
                                  ? "a few steps leave more digits far out than the symmetrised scheme does"
                                  : objection(process, grid, initial, start, stop);
  if (why_not.empty()) return {Method::fourier, "symmetrised", symmetrised_reason};
  return {Method::fourier, schemes(Method::fourier).front(), why_not};
}

}  // namespace umkehr
