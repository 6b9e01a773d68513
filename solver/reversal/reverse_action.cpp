// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/reversal/reverse_action.hpp"

#include <algorithm>
#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <cmath>

#include "solver/kolmogorov/fokker_planck.hpp"
#include "solver/law/affine.hpp"

namespace umkehr {
namespace {

constexpr unsigned most_halvings = 12;

template <class Rate>
double over_time(const Process& process, const Rate& rate, double first, double stop, double tolerance) {
  double sum = 0;
  for (const TimePiece& piece : pieces_between(time_jumps(process, first, stop), first, stop))
    sum += boost::math::quadrature::gauss_kronrod<double, 15>::integrate(rate, piece.start, piece.stop,
                                                                         most_halvings, tolerance);
  return sum;
}

bool is_absorbing(const Grid& grid) {
  return std::any_of(grid.axes().begin(), grid.axes().end(),
                     [](const Axis& axis) { return axis.boundary == Boundary::absorbing; });
}

/// int over the grid of f P, f at the points where P counts.
template <class AtPoint>
double mean_over(const Grid& grid, const Points& centres, const AtPoint& weighted) {
  double sum = 0;
  std::vector<double> x(grid.dimension());
  for (std::size_t i = 0; i < grid.size(); ++i) {
    for (std::size_t k = 0; k < x.size(); ++k) x[k] = centres[k][i];
    sum += weighted(x, i);
  }
  return sum * grid.cell_volume();
}

}  // namespace

double running_action(const Process& process, const Grid& grid, const ForwardLaw& law, double first,
                      double stop) {
  const Points centres = grid.centres();
  const Coefficient div = divergence(process);
  std::vector<double> rate(grid.size()), killing(grid.size());
  const auto at = [&](double t) {
    div(centres, t, rate);
    process.killing(centres, t, killing);
    return mean_over(grid, centres, [&](std::span<const double> x, std::size_t i) {
      double cost = rate[i] + killing[i];
      const double p = std::exp(law.log_density(x, t));
      if (p < 1e-30) return 0.0;
      for (std::size_t k = 0; k < grid.dimension(); ++k) {
        const double score = law.score(x, t, k);
        cost += process.diffusion[k](t) * score * score / 2;
      }
      return p * cost;
    });
  };
  // The rule's 15 points are far better than their distance from the 7 of Gauss.
  return over_time(process, at, first, stop, law.is_closed_form() ? 1e-9 : 1e-7);
}

double reference_normalisation(const Process& process, const Grid& grid, std::span<const double> noise,
                               double first, double stop, double tolerance) {
  const bool is_killed = process.killing.constant_value() != 0.0;
  if (!is_killed && !is_absorbing(grid) && AffineProcess::of(process)) {
    const Coefficient div = divergence(process);
    const std::vector<double> origin(grid.dimension());
    return -over_time(
        process, [&](double t) { return div(origin, t); }, first, stop, 1e-13);
  }
  KolmogorovChoices choices;
  choices.tolerance = tolerance;
  const FokkerPlanckSolution run =
      solve_fokker_planck(process, grid, FormulaLaw{1.0}, first, {stop}, choices);
  const double volume = grid.cell_volume() * static_cast<double>(grid.size());
  double sum = 0;
  for (std::size_t i = 0; i < grid.size(); ++i)
    if (noise[i] > 0) sum += noise[i] * std::log(volume * run.density[0][i]);
  return sum * grid.cell_volume();
}

}  // namespace umkehr
