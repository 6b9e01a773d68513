// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/particles/wall.hpp"

#include <algorithm>
#include <cmath>

#include "grids/machine/lanes.hpp"

namespace umkehr {
namespace {

/// On a circle of the interval's length, or of twice that, whose second half lies on the first.
double wrapped(double x, const Wall& wall) {
  const double length = wall.to - wall.from;
  return x - length * std::floor((x - wall.from) / length);
}

double folded(double x, const Wall& wall) {
  const double length = wall.to - wall.from, way = x - wall.from;
  const double around = way - 2 * length * std::floor(way / (2 * length));
  return wall.from + (around > length ? 2 * length - around : around);
}

bool is_inside(double x, const Wall& wall) {
  return x >= wall.from && x <= wall.to;
}

/// Whole vectors at a time, since nearly all are.
bool are_all_inside(const Wall& wall, std::span<const double> x) {
  double least = wall.from, most = wall.to;
  std::size_t i = 0;
  Lanes low = lanes::broadcast(least), high = lanes::broadcast(most);
  for (; i + lanes::width <= x.size(); i += lanes::width) {
    const Lanes place = lanes::load(&x[i]);
    low = lanes::select(place < low, place, low);
    high = lanes::select(place > high, place, high);
  }
  for (std::size_t l = 0; l < lanes::width; ++l) {
    least = std::min(least, low[l]);
    most = std::max(most, high[l]);
  }
  for (; i < x.size(); ++i) {
    least = std::min(least, x[i]);
    most = std::max(most, x[i]);
  }
  return least == wall.from && most == wall.to;
}

void fold_all(const Wall& wall, std::span<double> x) {
  if (are_all_inside(wall, x)) return;
  for (double& place : x)
    if (!is_inside(place, wall))
      place = wall.boundary == Boundary::periodic ? wrapped(place, wall) : folded(place, wall);
}

/// Of the bridges between two points inside.
double share_that_crosses(double x, double y, double noise) {
  return std::exp(-2 * std::max(x, 0.0) * std::max(y, 0.0) / noise);
}

void absorb(const Wall& wall, std::span<const double> before, double noise, std::span<double> x,
            std::span<double> weight, std::array<std::vector<double>, 2>& leaving) {
  // Beyond it the share is below the last digit.
  const double far = 20 * noise;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double a = before[i] - wall.from, b = x[i] - wall.from, c = wall.to - before[i], d = wall.to - x[i];
    if (weight[i] == 0 || (b > 0 && d > 0 && a * b > far && c * d > far)) {
      if (weight[i] == 0) x[i] = before[i];
      continue;
    }
    const double left = d > 0 ? share_that_crosses(a, b, noise) : 0;
    const double right = b > 0 ? share_that_crosses(c, d, noise) : 0;
    const double lost = std::min(1.0, left + right);
    if (lost == 0) continue;
    leaving[0][i] += weight[i] * lost * left / (left + right);
    leaving[1][i] += weight[i] * lost * right / (left + right);
    weight[i] *= 1 - lost;
    if (weight[i] == 0) x[i] = before[i];
  }
}

}  // namespace

Leaving nothing_left(const Walls& walls, std::size_t particles) {
  Leaving leaving(walls.size());
  for (std::size_t k = 0; k < walls.size(); ++k)
    if (walls[k] && walls[k]->boundary == Boundary::absorbing)
      leaving[k].fill(std::vector<double>(particles));
  return leaving;
}

void put_inside(const Walls& walls, Points& x, std::span<double> weight) {
  for (std::size_t k = 0; k < walls.size(); ++k) {
    if (!walls[k]) continue;
    if (walls[k]->boundary != Boundary::absorbing) {
      fold_all(*walls[k], x[k]);
      continue;
    }
    for (std::size_t i = 0; i < weight.size(); ++i)
      if (!is_inside(x[k][i], *walls[k])) {
        weight[i] = 0;
        x[k][i] = std::clamp(x[k][i], walls[k]->from, walls[k]->to);
      }
  }
}

void meet_walls(const Walls& walls, const Points& before, std::span<const double> noise, Points& x,
                std::span<double> weight, Leaving& leaving) {
  for (std::size_t k = 0; k < walls.size(); ++k) {
    if (!walls[k]) continue;
    if (walls[k]->boundary == Boundary::absorbing)
      absorb(*walls[k], before[k], noise[k], x[k], weight, leaving[k]);
    else
      fold_all(*walls[k], x[k]);
  }
}

}  // namespace umkehr
