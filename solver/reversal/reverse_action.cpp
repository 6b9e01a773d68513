// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/reversal/reverse_action.hpp"

#include <algorithm>
#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <cmath>
#include <memory>
#include <vector>

#include "solver/kolmogorov/fokker_planck.hpp"
#include "solver/law/affine.hpp"

namespace umkehr {
namespace {

constexpr unsigned max_halvings = 12;
constexpr double min_density = 1e-30;  // that counts

template <class Rate>
double over_time(const Process& process, const Rate& rate, double first, double stop, double tolerance) {
  double sum = 0;
  for (const TimePiece& piece : pieces_between(time_jumps(process, first, stop), first, stop))
    sum += boost::math::quadrature::gauss_kronrod<double, 15>::integrate(rate, piece.start, piece.stop,
                                                                         max_halvings, tolerance);
  return sum;
}

bool is_absorbing(const Grid& grid) {
  return std::any_of(grid.axes().begin(), grid.axes().end(),
                     [](const Axis& axis) { return axis.boundary == Boundary::absorbing; });
}

}  // namespace

double running_action(const Process& process, const Grid& grid, const LawPath& law, double first,
                      double stop) {
  const Points centres = grid.centres();
  const Coefficient div = divergence(process);
  std::vector<double> rate(grid.size()), killing(grid.size()), log_density(grid.size());
  Components score(grid.dimension(), std::vector<double>(grid.size()));
  const auto at = [&](double t) {
    div(centres, t, rate);
    process.killing(centres, t, killing);
    const std::shared_ptr<const LawAtTime> now = law.at(t);
    now->log_density(centres, log_density);
    now->score(centres, score);
    for (std::size_t i = 0; i < grid.size(); ++i) rate[i] += killing[i];
    for (std::size_t k = 0; k < grid.dimension(); ++k) {
      const double diffusion = process.diffusion[k](t);
      for (std::size_t i = 0; i < grid.size(); ++i) rate[i] += diffusion * score[k][i] * score[k][i] / 2;
    }
    double sum = 0;
    for (std::size_t i = 0; i < grid.size(); ++i)
      if (const double p = std::exp(log_density[i]); !(p < min_density)) sum += p * rate[i];
    return sum * grid.cell_volume();
  };
  // The rule's 15 points are far better than their distance from the 7 of Gauss.
  return over_time(process, at, first, stop, law.is_exact() ? 1e-9 : 1e-7);
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
