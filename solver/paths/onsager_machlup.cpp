// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/paths/onsager_machlup.hpp"

#include <algorithm>
#include <functional>

#include "grids/failure.hpp"

namespace umkehr {
namespace {

void add(Action& action, const LagrangianValue& at, double length) {
  action.kinetic += length * at.kinetic;
  action.divergence += length * at.divergence;
  action.killing += length * at.killing;
}

}  // namespace

DiscreteAction::Pieces DiscreteAction::pieces(const Path& path) {
  const std::size_t n = path.intervals();
  Pieces made{Points(path.dimension(), n), Points(path.dimension(), n), {}, {}};
  for (std::size_t j = 0; j < n; ++j) {
    made.time.push_back(0.5 * (path.times[j] + path.times[j + 1]));
    made.length.push_back(path.times[j + 1] - path.times[j]);
  }
  for (std::size_t k = 0; k < path.dimension(); ++k)
    for (std::size_t j = 0; j < n; ++j) {
      made.x[k][j] = 0.5 * (path.x[k][j] + path.x[k][j + 1]);
      made.v[k][j] = (path.x[k][j + 1] - path.x[k][j]) / made.length[j];
    }
  return made;
}

Action DiscreteAction::value(const Path& path) const {
  const Pieces at = pieces(path);
  const std::vector<LagrangianValue> along = lagrangian_.values(at.x, at.v, at.time);
  Action action;
  for (std::size_t j = 0; j < along.size(); ++j) add(action, along[j], at.length[j]);
  return action;
}

Action DiscreteAction::derivatives(const Path& path, std::vector<double>& gradient,
                                   BandMatrix& hessian) const {
  const std::size_t d = path.dimension(), n = path.intervals();
  gradient.assign((n - 1) * d, 0.0);
  hessian = BandMatrix((n - 1) * d, 2 * d - 1);
  const Pieces at = pieces(path);
  const std::vector<LagrangianValue> along = lagrangian_.with_derivatives(at.x, at.v, at.time);
  Action action;
  for (std::size_t j = 0; j < n; ++j) {
    const LagrangianValue& l = along[j];
    const double h = at.length[j];
    add(action, l, h);
    // End e of the piece (0 below, 1 above) moves v by `sign[e] / h` and the middle by a half.
    const double sign[] = {-1, 1};
    for (std::size_t e = 0; e < 2; ++e) {
      if (j + e == 0 || j + e == n) continue;
      const std::size_t row = (j + e - 1) * d;
      for (std::size_t k = 0; k < d; ++k) {
        gradient[row + k] += sign[e] * l.momentum[k] + 0.5 * h * l.force[k];
        for (std::size_t f = 0; f <= e; ++f) {
          if (j + f == 0 || j + f == n) continue;
          const std::size_t column = (j + f - 1) * d;
          for (std::size_t m = 0; m < d; ++m) {
            if (column + m > row + k) continue;
            const double across = 0.5 * (sign[e] * l.vx[k][m] + sign[f] * l.vx[m][k]);
            const double kinetic = k == m ? sign[e] * sign[f] * l.vv[k] / h : 0;
            hessian(row + k, column + m) += kinetic + across + 0.25 * h * l.xx[k][m];
          }
        }
      }
    }
  }
  return action;
}

void DiscreteAction::along(const Path& path, std::vector<double>& lagrangian,
                           std::vector<double>& energy) const {
  lagrangian.clear();
  energy.clear();
  const Pieces at = pieces(path);
  const std::vector<LagrangianValue> all = lagrangian_.values(at.x, at.v, at.time);
  for (std::size_t j = 0; j < all.size(); ++j) {
    const LagrangianValue& l = all[j];
    double work = 0;
    for (std::size_t k = 0; k < path.dimension(); ++k) work += at.v[k][j] * l.momentum[k];
    lagrangian.push_back(l.value());
    energy.push_back(work - l.value());
  }
}

Action onsager_machlup_action(const Process& process, const Path& path, bool with_divergence) {
  if (path.dimension() != process.dimension())
    throw UnfitProblem("the path and the process differ in dimension");
  if (path.times.size() < 2 || !std::is_sorted(path.times.begin(), path.times.end(), std::less_equal<>()))
    throw UnfitProblem("a path takes at least two ascending times");
  for (const std::vector<double>& x : path.x)
    if (x.size() != path.times.size()) throw UnfitProblem("a path takes one place at each of its times");
  const Lagrangian lagrangian(process, with_divergence);
  return DiscreteAction(lagrangian).value(path);
}

}  // namespace umkehr
