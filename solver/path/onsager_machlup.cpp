// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/path/onsager_machlup.hpp"

#include <algorithm>
#include <functional>
#include <stdexcept>

namespace umkehr {
namespace {

void add(Action& action, const LagrangianValue& at, double length) {
  action.kinetic += length * at.kinetic;
  action.divergence += length * at.divergence;
  action.killing += length * at.killing;
}

}  // namespace

DiscreteAction::Piece DiscreteAction::piece(const Path& path, std::size_t j) {
  Piece made{{}, {}, 0.5 * (path.times[j] + path.times[j + 1]), path.times[j + 1] - path.times[j]};
  for (const std::vector<double>& x : path.x) {
    made.x.push_back(0.5 * (x[j] + x[j + 1]));
    made.v.push_back((x[j + 1] - x[j]) / made.length);
  }
  return made;
}

Action DiscreteAction::value(const Path& path) const {
  Action action;
  for (std::size_t j = 0; j < path.intervals(); ++j) {
    const Piece at = piece(path, j);
    add(action, lagrangian_.value(at.x, at.v, at.time), at.length);
  }
  return action;
}

Action DiscreteAction::derivatives(const Path& path, std::vector<double>& gradient,
                                   BandMatrix& hessian) const {
  const std::size_t d = path.dimension(), n = path.intervals();
  gradient.assign((n - 1) * d, 0.0);
  hessian = BandMatrix((n - 1) * d, 2 * d - 1);
  Action action;
  for (std::size_t j = 0; j < n; ++j) {
    const Piece at = piece(path, j);
    const LagrangianValue l = lagrangian_.with_derivatives(at.x, at.v, at.time);
    const double h = at.length;
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
  for (std::size_t j = 0; j < path.intervals(); ++j) {
    const Piece at = piece(path, j);
    const LagrangianValue l = lagrangian_.value(at.x, at.v, at.time);
    double work = 0;
    for (std::size_t k = 0; k < path.dimension(); ++k) work += at.v[k] * l.momentum[k];
    lagrangian.push_back(l.value());
    energy.push_back(work - l.value());
  }
}

Action onsager_machlup_action(const Process& process, const Path& path, bool with_divergence) {
  if (path.dimension() != process.dimension())
    throw std::invalid_argument("the path and the process differ in dimension");
  if (path.times.size() < 2 || !std::is_sorted(path.times.begin(), path.times.end(), std::less_equal<>()))
    throw std::invalid_argument("a path takes at least two ascending times");
  for (const std::vector<double>& x : path.x)
    if (x.size() != path.times.size())
      throw std::invalid_argument("a path takes one place at each of its times");
  const Lagrangian lagrangian(process, with_divergence);
  return DiscreteAction(lagrangian).value(path);
}

}  // namespace umkehr
