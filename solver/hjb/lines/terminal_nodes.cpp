// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/hjb/lines/terminal_nodes.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>

#include "grids/failure.hpp"
#include "grids/gauss_rule.hpp"
#include "grids/machine/infinity.hpp"
#include "solver/stepping/march.hpp"

namespace umkehr {
namespace {

constexpr std::size_t nodes_a_panel = TerminalNodes::block, max_nodes = 4'000'000;
constexpr auto& legendre = gauss_legendre<nodes_a_panel>;

std::array<double, nodes_a_panel> barycentric_weights() {
  std::array<double, nodes_a_panel> size;
  for (std::size_t i = 0; i < nodes_a_panel; ++i) {
    const double node = legendre().node[i];
    size[i] = (i % 2 == 0 ? 1 : -1) * std::sqrt((1 - node * node) * legendre().weight[i]);
  }
  return size;
}

/// At x in [-1, 1], from values at the nodes: Berrut & Trefethen, SIAM Rev. 46 (2004) 501.
double between_nodes(std::span<const double> values, double x) {
  static const std::array<double, nodes_a_panel> size = barycentric_weights();
  double above = 0, below = 0;
  for (std::size_t i = 0; i < nodes_a_panel; ++i) {
    const double share = size[i] / (x - legendre().node[i]);
    above += share * values[i];
    below += share;
  }
  return above / below;
}

class Panels {
 public:
  Panels(const TerminalValues& lambda, const NodeRange& range, TerminalNodes& out, NarrowFeatures& features)
      : lambda_(lambda),
        out_(out),
        features_(features),
        looks_closely_(features.spacing == 0),
        shortest_(1e-13 * (range.to - range.from)) {
    if (looks_closely_) features_.spacing = (range.to - range.from) / close_looks;
  }

  void cover(double left, double right) {
    const double middle = 0.5 * (left + right), half = 0.5 * (right - left);
    Points y(1, nodes_a_panel + tests.size());
    for (std::size_t i = 0; i < nodes_a_panel; ++i) y[0][i] = middle + half * legendre().node[i];
    for (std::size_t i = 0; i < tests.size(); ++i) y[0][nodes_a_panel + i] = middle + half * tests[i];
    std::vector<double> value(y.count());
    lambda_(y, value);
    if (half > shortest_ && (!is_resolved(value) || hides_feature(left, right, value))) {
      cover(left, middle);
      cover(middle, right);
      return;
    }
    if (out_.cost.size() > max_nodes)
      throw NumericalFailure(
          "the terminal value changes by more than a kernel can sum, as where exp(-lambda) is not integrable "
          "against it; a smaller box, or a terminal value that falls less steeply, is needed");
    for (std::size_t i = 0; i < nodes_a_panel; ++i) {
      out_.y[2].push_back(y[0][i]);
      out_.cost.push_back(value[i] - std::log(half * legendre().weight[i]));
    }
  }

 private:
  static constexpr std::array<double, 5> tests = {-0.993, -0.57, 0.03, 0.61, 0.997};
  static constexpr double close_looks = 20'000;  // over the range
  static constexpr double max_change = 20;       // of the exponent that 16 nodes integrate to rounding

  static bool is_resolved(const std::vector<double>& value) {
    const std::span<const double> at_nodes(value.data(), nodes_a_panel);
    const auto [low, high] = std::minmax_element(value.begin(), value.end());
    if (*low == infinity) return true;
    if (!(*high - *low <= max_change)) return false;
    for (std::size_t i = 0; i < tests.size(); ++i) {
      const double error = between_nodes(at_nodes, tests[i]) - value[nodes_a_panel + i];
      if (!(std::abs(error) <= 1e-12 * (1 + std::abs(*low)))) return false;
    }
    return true;
  }

  /// Whether a narrow feature is in a panel that is long for it.
  bool hides_feature(double left, double right, const std::vector<double>& value) {
    if (right - left < 2 * features_.spacing) return false;
    if (looks_closely_) look(left, right, value);
    const auto next = std::lower_bound(features_.at.begin(), features_.at.end(), left);
    return next != features_.at.end() && *next <= right;
  }

  /// Panels are gone through from the left: what is found is ascending.
  void look(double left, double right, const std::vector<double>& value) {
    const std::span<const double> at_nodes(value.data(), nodes_a_panel);
    const double least = *std::min_element(value.begin(), value.end());
    const auto count = static_cast<std::size_t>((right - left) / features_.spacing);
    Points y(1, count);
    for (std::size_t i = 0; i < count; ++i)
      y[0][i] = left + (right - left) * (static_cast<double>(i) + 0.5) / static_cast<double>(count);
    std::vector<double> found(count);
    lambda_(y, found);
    for (std::size_t i = 0; i < count; ++i) {
      const double z = (2 * y[0][i] - left - right) / (right - left);
      const double error = std::abs(between_nodes(at_nodes, z) - found[i]);
      if (error > 1e-6 * (1 + std::abs(least)) && (features_.at.empty() || y[0][i] > features_.at.back()))
        features_.at.push_back(y[0][i]);
    }
  }

  const TerminalValues& lambda_;
  TerminalNodes& out_;
  NarrowFeatures& features_;
  bool looks_closely_;
  double shortest_;
};

}  // namespace

void TerminalNodes::find_least() {
  const auto least = [](const std::vector<double>& values, std::size_t together) {
    std::vector<double> out(values.size() / together, infinity);
    for (std::size_t i = 0; i < values.size(); ++i)
      out[i / together] = std::min(out[i / together], values[i]);
    return out;
  };
  block_least = least(cost, block);
  row_least = least(block_least, row / block);
  plane_least = least(row_least, y[1].size());
}

TerminalNodes panel_nodes(const TerminalValues& lambda, const NodeRange& range, double narrowest,
                          NarrowFeatures& features) {
  TerminalNodes nodes;
  nodes.y[0] = nodes.y[1] = {0};
  Panels panels(lambda, range, nodes, features);
  const double length = range.to - range.from, count = std::max(8.0, std::ceil(length / (2 * narrowest)));
  for (double n = 0; n < count; ++n)
    panels.cover(range.from + length * (n / count), range.from + length * ((n + 1) / count));
  nodes.row = nodes.y[2].size();
  nodes.find_least();
  return nodes;
}

TerminalNodes uniform_nodes(const TerminalValues& lambda, const std::vector<NodeRange>& ranges) {
  TerminalNodes nodes;
  nodes.y[0] = {0};
  const std::size_t d = ranges.size();
  double log_volume = 0;
  for (std::size_t k = 0; k < d; ++k) {
    const double count = std::ceil((ranges[k].to - ranges[k].from) / ranges[k].spacing);
    const double spacing = (ranges[k].to - ranges[k].from) / count;
    log_volume += std::log(spacing);
    std::vector<double>& y = nodes.y[3 - d + k];
    y.clear();
    for (double n = 0; n <= count; ++n) y.push_back(ranges[k].from + spacing * n);
  }
  const std::size_t last = nodes.y[2].size();
  nodes.row = (last + TerminalNodes::block - 1) / TerminalNodes::block * TerminalNodes::block;
  nodes.cost.assign(nodes.y[0].size() * nodes.y[1].size() * nodes.row, infinity);
  Points point(d, last);
  std::copy(nodes.y[2].begin(), nodes.y[2].end(), point[d - 1].begin());
  for (std::size_t i = 0; i < nodes.y[0].size(); ++i)
    for (std::size_t j = 0; j < nodes.y[1].size(); ++j) {
      if (d == 3) std::fill(point[0].begin(), point[0].end(), nodes.y[0][i]);
      std::fill(point[d - 2].begin(), point[d - 2].end(), nodes.y[1][j]);
      double* cost = nodes.cost.data() + (i * nodes.y[1].size() + j) * nodes.row;
      lambda(point, {cost, last});
      for (std::size_t k = 0; k < last; ++k) cost[k] -= log_volume;
    }
  nodes.y[2].resize(nodes.row, nodes.y[2].back());
  nodes.find_least();
  return nodes;
}

}  // namespace umkehr
