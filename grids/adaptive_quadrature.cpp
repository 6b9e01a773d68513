// SPDX-License-Identifier: GPL-3.0-or-later
#include "grids/adaptive_quadrature.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "grids/gauss_rule.hpp"

namespace umkehr {
namespace {

constexpr std::size_t points = 15;

/// Of the 7 among the 15, zero elsewhere.
double coarse_weight(std::size_t i) {
  return i % 2 == 1 ? gauss_legendre<7>().weight[i / 2] : 0;
}

struct Panel {
  double start = 0, stop = 0;
  std::vector<double> value, error, spread;  // spread: integral of |f - its mean|
};

Panel solve_panel(const TimeFunctions& f, double start, double stop) {
  Panel panel{start, stop, {}, {}, {}};
  std::vector<std::vector<double>> all;
  const double middle = 0.5 * (start + stop), half = 0.5 * (stop - start);
  const GaussRule<points>& rule = gauss_kronrod<points>();
  for (std::size_t i = 0; i < points; ++i) {
    all.push_back(f(middle + half * rule.node[i]));
    const std::vector<double>& values = all.back();
    panel.value.resize(values.size());
    panel.error.resize(values.size());
    for (std::size_t j = 0; j < values.size(); ++j) {
      panel.value[j] += half * rule.weight[i] * values[j];
      panel.error[j] += half * (rule.weight[i] - coarse_weight(i)) * values[j];
    }
  }
  panel.spread.resize(panel.value.size());
  for (std::size_t i = 0; i < points; ++i)
    for (std::size_t j = 0; j < panel.value.size(); ++j)
      panel.spread[j] += half * rule.weight[i] * std::abs(all[i][j] - panel.value[j] / (stop - start));
  return panel;
}

std::vector<double> sum_of_panels(const std::vector<Panel>& panels) {
  std::vector<double> total(panels.front().value.size());
  for (const Panel& panel : panels)
    for (std::size_t j = 0; j < total.size(); ++j) total[j] += panel.value[j];
  return total;
}

/// A panel's largest error relative to the whole.
double relative_error(const Panel& panel, const std::vector<double>& total) {
  double largest = 0;
  for (std::size_t j = 0; j < total.size(); ++j)
    if (panel.error[j] != 0)
      largest = std::max(largest, std::abs(panel.error[j]) / std::max(std::abs(total[j]), 1e-300));
  return largest;
}

/// QUADPACK's estimate of what the 15 points miss (Piessens et al. 1983, qk15): where they and the 7 agree well, they are
/// far better than that.
double expected_error(const Panel& panel, std::size_t j) {
  const double apart = std::abs(panel.error[j]), spread = panel.spread[j];
  if (!(spread > 0)) return apart;
  return std::min(apart, spread * std::pow(200 * apart / spread, 1.5));
}

/// Relative to the whole, and no less than the rounding of its sums.
double expected_error(const std::vector<Panel>& panels, const std::vector<double>& total) {
  double largest = 0;
  for (std::size_t j = 0; j < total.size(); ++j) {
    double error = 0;
    for (const Panel& panel : panels) error += expected_error(panel, j);
    if (error > 0)
      largest = std::max(
          largest, error / std::max(std::abs(total[j]), 1e-300) + std::numeric_limits<double>::epsilon());
  }
  return largest;
}

}  // namespace

TimeIntegral integrate(const TimeFunctions& f, double start, double stop, const QuadratureChoices& choices) {
  std::vector<Panel> panels = {solve_panel(f, start, stop)};
  TimeIntegral result;
  for (;;) {
    result.value = sum_of_panels(panels);
    result.error = 0;
    std::size_t worst = 0;
    double most = -1;
    for (std::size_t n = 0; n < panels.size(); ++n) {
      const double error = relative_error(panels[n], result.value);
      result.error += error;
      if (error > most) most = error, worst = n;
    }
    const Panel whole = panels[worst];
    const double middle = 0.5 * (whole.start + whole.stop);
    if (!(result.error > choices.tolerance) || panels.size() >= choices.max_panels || middle <= whole.start ||
        middle >= whole.stop)
      break;
    panels[worst] = solve_panel(f, whole.start, middle);
    panels.insert(panels.begin() + static_cast<std::ptrdiff_t>(worst) + 1,
                  solve_panel(f, middle, whole.stop));
  }
  result.error = expected_error(panels, result.value);
  for (const Panel& panel : panels) result.edges.push_back(panel.start);
  result.edges.push_back(stop);
  return result;
}

TimeNodes panel_nodes(const std::vector<double>& edges) {
  const GaussRule<points>& rule = gauss_kronrod<points>();
  TimeNodes nodes;
  for (std::size_t n = 0; n + 1 < edges.size(); ++n)
    for (std::size_t i = 0; i < points; ++i) {
      const double half = 0.5 * (edges[n + 1] - edges[n]);
      nodes.time.push_back(0.5 * (edges[n] + edges[n + 1]) + half * rule.node[i]);
      nodes.weight.push_back(half * rule.weight[i]);
    }
  return nodes;
}

}  // namespace umkehr
