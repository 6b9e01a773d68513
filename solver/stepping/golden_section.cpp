// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/stepping/golden_section.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace umkehr {

double least(const std::function<double(double)>& f, double from, double to, int scan, int sections) {
  double best = 0.5 * (from + to), min_value = std::numeric_limits<double>::infinity();
  const double spacing = (to - from) / (scan - 1);
  for (int i = 0; i < scan; ++i) {
    const double at = from + spacing * i, value = f(at);
    if (value < min_value) {
      min_value = value;
      best = at;
    }
  }
  const double ratio = std::numbers::phi - 1;
  double low = best - spacing, high = best + spacing;
  double inner = high - ratio * (high - low), outer = low + ratio * (high - low);
  double f_inner = f(inner), f_outer = f(outer);
  for (int i = 0; i < sections; ++i) {
    if (f_inner <= f_outer) {
      high = outer;
      outer = inner;
      f_outer = f_inner;
      f_inner = f(inner = high - ratio * (high - low));
    } else {
      low = inner;
      inner = outer;
      f_inner = f_outer;
      f_outer = f(outer = low + ratio * (high - low));
    }
  }
  const double refined = f_inner <= f_outer ? inner : outer;
  return std::min(f_inner, f_outer) < min_value ? refined : best;
}

double min_scale(const std::function<double(double)>& f, double from, double to, int scan, int sections) {
  return std::exp(least([&](double log_scale) { return f(std::exp(log_scale)); }, std::log(from),
                        std::log(to), scan, sections));
}

}  // namespace umkehr
