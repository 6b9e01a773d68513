// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/spectrum/chain/interval_chain.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>
#include <sstream>

#include "grids/failure.hpp"
#include "grids/gauss_rule.hpp"

namespace umkehr {
namespace {

constexpr std::size_t nodes = 8;
constexpr double smooth =
    1e-12;                  // what the last two Legendre coefficients of 2F/D may add to Phi, and V's to V
constexpr double flat = 3;  // change of Phi across a panel, of whose exponential Gauss's rule is exact
constexpr std::size_t first_halvings = 20'000, halvings_a_cell = 16;
constexpr int max_halvings = 40;      // a jump is then placed to rounding
constexpr double max_exponent = 300;  // exp of which and of its double are finite
constexpr std::size_t block = 1024;   // half cells

using Values = std::array<double, nodes>;

/// On [0, 1]: Gauss's nodes and weights, integrals from 0 to each node, and the last two Legendre coefficients.
struct Rule {
  Values node, weight;
  std::array<Values, nodes> up_to;
  std::array<Values, 2> last;
  Rule();
};

/// P_0 ... P_nodes at z in [-1, 1].
std::array<double, nodes + 1> legendre(double z) {
  std::array<double, nodes + 1> p{1, z};
  for (std::size_t m = 1; m < nodes; ++m) {
    const double order = static_cast<double>(m);
    p[m + 1] = ((2 * order + 1) * z * p[m] - order * p[m - 1]) / (order + 1);
  }
  return p;
}

Rule::Rule() {
  const GaussRule<nodes>& gauss = gauss_legendre<nodes>();
  for (std::size_t q = 0; q < nodes; ++q) {
    node[q] = 0.5 * (1 + gauss.node[q]);
    weight[q] = 0.5 * gauss.weight[q];
  }
  for (std::size_t r = 0; r < nodes; ++r) {
    const auto at_node = legendre(2 * node[r] - 1);
    for (std::size_t q = 0; q < nodes; ++q) {
      const auto p = legendre(2 * node[q] - 1);
      double sum = node[q];
      for (std::size_t m = 1; m < nodes; ++m) sum += at_node[m] * 0.5 * (p[m + 1] - p[m - 1]);
      up_to[q][r] = weight[r] * sum;
    }
    for (std::size_t n = 0; n < 2; ++n) {
      const std::size_t m = nodes - 2 + n;
      last[n][r] = static_cast<double>(2 * m + 1) * weight[r] * at_node[m];
    }
  }
}

const Rule& rule() {
  static const Rule made;
  return made;
}

double largest(const Values& values) {
  double most = 0;
  for (const double value : values) most = std::max(most, std::abs(value));
  return most;
}

double tail(const Values& values) {
  double sum = 0;
  for (const Values& weights : rule().last) {
    double coefficient = 0;
    for (std::size_t r = 0; r < nodes; ++r) coefficient += weights[r] * values[r];
    sum += std::abs(coefficient);
  }
  return sum;
}

/// From the centre of a cell outwards to a face: g = ln w(x)/w(centre) there, and integrals on the way: of w, 1/w, w (V - R)
/// with some R, and those with V and w alone times the distance from the centre.
struct HalfCell {
  double length = 0, exponent = 0, mass = 0, resistance = 0, killed = 0, killed_lever = 0, mass_lever = 0;

  /// int w (V - least) and that integral times the distance.
  double sunk(double least, double reference) const {
    return std::max(0.0, killed - (least - reference) * mass);
  }
  double lever(double least, double reference) const {
    return std::max(0.0, killed_lever - (least - reference) * mass_lever);
  }
};

struct Panel {
  double from, length;  ///< towards the face, `from` the nearer end to the centre; length < 0: to the left
};

class Integrator {
 public:
  Integrator(const IntervalProcess& process, std::size_t cells)
      : process_(process),
        slow_(0.01 * process.diffusion / (process.axis.length() * process.axis.length())),
        left_(first_halvings + halvings_a_cell * cells) {}

  double min_killing() const { return least_; }
  /// R: V itself where it is the same everywhere.
  double reference() const { return reference_.value_or(0); }

  /// All half cells, of cell i the left one at 2 i.
  std::vector<HalfCell> half_cells(std::size_t cells) {
    Axis axis = process_.axis;
    axis.points = cells;
    std::vector<HalfCell> all(2 * cells);
    const double length = 0.5 * axis.spacing();
    for (std::size_t first = 0; first < all.size(); first += block) {
      std::vector<Panel> panels;
      for (std::size_t n = first; n < std::min(all.size(), first + block); ++n)
        panels.push_back({axis.centre(n / 2), n % 2 == 0 ? -length : length});
      const Samples samples = sample(panels);
      for (std::size_t n = 0; n < panels.size(); ++n)
        add(panels[n], samples.slope[n], samples.killing[n], max_halvings, all[first + n]);
    }
    return all;
  }

 private:
  struct Samples {
    std::vector<Values> slope, killing;  ///< dg/ds outwards, V
  };

  Samples sample(const std::vector<Panel>& panels) {
    std::vector<double> x, force(panels.size() * nodes), rate(force.size());
    for (const Panel& panel : panels)
      for (const double place : rule().node) x.push_back(panel.from + panel.length * place);
    process_.drift(x, force);
    process_.killing(x, rate);
    Samples samples{std::vector<Values>(panels.size()), std::vector<Values>(panels.size())};
    for (std::size_t n = 0; n < x.size(); ++n) {
      check(force[n], "the drift", x[n]);
      check(rate[n], "the killing rate", x[n]);
      least_ = std::min(least_, rate[n]);
      if (!reference_) reference_ = rate[n];
      const double outwards = panels[n / nodes].length < 0 ? -1 : 1;
      samples.slope[n / nodes][n % nodes] = outwards * 2 * force[n] / process_.diffusion;
      samples.killing[n / nodes][n % nodes] = rate[n];
    }
    return samples;
  }

  static void check(double value, const char* what, double x) {
    if (std::isfinite(value)) return;
    std::ostringstream text;
    text << what << " is not finite at " << x;
    throw UnfitProblem(text.str());
  }

  void add(const Panel& panel, const Values& slope, const Values& killing, int halvings, HalfCell& cell) {
    const double length = std::abs(panel.length), steepest = length * largest(slope);
    const bool is_smooth = length * tail(slope) <= smooth * (1 + 0.1 * steepest) &&
                           tail(killing) <= smooth * (largest(killing) + slow_);
    if (halvings == 0 || (is_smooth && steepest <= flat)) return add_whole(length, slope, killing, cell);
    if (!is_smooth && left_-- == 0)
      throw UnfitProblem(
          "the drift or the killing rate varies too fast to be followed; smooth it, or narrow the axis");
    const std::vector<Panel> halves = {{panel.from, panel.length / 2},
                                       {panel.from + panel.length / 2, panel.length / 2}};
    const Samples samples = sample(halves);
    for (std::size_t n = 0; n < 2; ++n)
      add(halves[n], samples.slope[n], samples.killing[n], halvings - 1, cell);
  }

  void add_whole(double length, const Values& slope, const Values& killing, HalfCell& cell) {
    double whole = 0;
    for (std::size_t q = 0; q < nodes; ++q) {
      double inner = 0;
      for (std::size_t r = 0; r < nodes; ++r) inner += rule().up_to[q][r] * slope[r];
      const double exponent = cell.exponent + length * inner, weight = length * rule().weight[q];
      const double density = weight * std::exp(exponent), sunk = density * (killing[q] - *reference_),
                   distance = cell.length + length * rule().node[q];
      cell.mass += density;
      cell.mass_lever += distance * density;
      cell.killed += sunk;
      cell.killed_lever += distance * sunk;
      cell.resistance += weight * std::exp(-exponent);
      whole += rule().weight[q] * slope[q];
    }
    cell.exponent += length * whole;
    cell.length += length;
    if (std::abs(cell.exponent) <= max_exponent) return;
    std::ostringstream text;
    text.precision(2);
    text << "the noise is too weak for the cells: exp(-2 U/D) changes by exp(" << cell.exponent
         << ") across half of one; take more points, or a narrower axis";
    throw UnfitProblem(text.str());
  }

  const IntervalProcess& process_;
  double slow_;       // a killing that no eigenvalue sees
  std::size_t left_;  // halvings of what is not smooth
  double least_ = std::numeric_limits<double>::infinity();
  std::optional<double> reference_;
};

}  // namespace

IntervalChain interval_chain(const IntervalProcess& process, std::size_t cells) {
  Integrator integrator(process, cells);
  const std::vector<HalfCell> halves = integrator.half_cells(cells);
  IntervalChain made{{std::vector<double>(cells), std::vector<double>(cells), std::vector<double>(cells),
                      std::vector<double>(cells)},
                     integrator.min_killing()};
  HoppingChain& chain = made.chain;
  const double half_noise = 0.5 * process.diffusion,
               spacing = process.axis.length() / static_cast<double>(cells);
  const bool absorbs = process.axis.boundary == Boundary::absorbing;
  const auto sunk = [&](std::size_t n) { return halves[n].sunk(made.min_killing, integrator.reference()); };
  /// What the neighbour at a distance has of a half cell's killing.
  const auto given = [&](std::size_t n, double distance) {
    return std::min(sunk(n), halves[n].lever(made.min_killing, integrator.reference()) / distance);
  };
  double log_weight = 0;  // ln w at the centre, less that at the first
  for (std::size_t i = 0; i < cells; ++i) {
    const HalfCell &left = halves[2 * i], &right = halves[2 * i + 1];
    const double mass = left.mass + right.mass;
    chain.log_mass[i] = log_weight + std::log(mass);
    double sink = sunk(2 * i) + sunk(2 * i + 1);
    const auto meet_wall = [&](std::size_t n) {
      if (absorbs) sink += half_noise / halves[n].resistance - given(n, 0.5 * spacing);
    };
    if (i == 0) meet_wall(0);
    if (i + 1 == cells) meet_wall(2 * i + 1);
    if (i > 0) {
      const HalfCell& before = halves[2 * i - 1];
      const double rise = before.exponent - left.exponent;
      chain.left[i] = half_noise / ((std::exp(rise) * before.resistance + left.resistance) * mass);
      sink += std::exp(-rise) * given(2 * i - 1, spacing) - given(2 * i, spacing);
    }
    if (i + 1 < cells) {
      const HalfCell& next = halves[2 * i + 2];
      const double rise = right.exponent - next.exponent;
      chain.right[i] = half_noise / ((right.resistance + std::exp(-rise) * next.resistance) * mass);
      sink += std::exp(rise) * given(2 * i + 2, spacing) - given(2 * i + 1, spacing);
      log_weight += rise;
    }
    chain.sink[i] = std::max(0.0, sink / mass);
  }
  return made;
}

}  // namespace umkehr
