// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>

#include "solver/cells/cell_probability.hpp"

namespace umkehr {
namespace {

using Eigen::Index;

/// What one more particle on a link adds to -ln Prob(c), and one less.
double cost_of_more(double g, std::int64_t count) {
  return std::log(static_cast<double>(count + 1)) - std::log(g);
}
double cost_of_less(double g, std::int64_t count) {
  return std::log(g) - std::log(static_cast<double>(count));
}

/// Tables with the same sums differ by cycles of exchanges l -> k -> l' -> ...: finds one that makes the table more
/// probable (Bellman and Ford) and does it.
class Exchanges {
 public:
  Exchanges(const Eigen::MatrixXd& kernel, const Links& links, CountTable& table)
      : kernel_(kernel), links_(links), table_(table) {}

  bool improve() {
    const auto nodes = static_cast<std::size_t>(table_.rows() + table_.cols());
    cost_.assign(nodes, 0.0);
    from_.assign(nodes, -1);
    Index changed = -1;
    for (std::size_t n = 0; n <= nodes; ++n)
      if ((changed = relax()) < 0) return false;
    for (std::size_t n = 0; n < nodes; ++n) changed = from_[at(changed)];  // surely on the cycle
    Index node = changed;
    do {
      const Index before = from_[at(node)], columns = table_.cols();
      if (node >= columns)
        ++table_(node - columns, before);
      else
        --table_(before - columns, node);
      node = before;
    } while (node != changed);
    return true;
  }

 private:
  static std::size_t at(Index node) { return static_cast<std::size_t>(node); }

  /// Some node that became cheaper to reach, or -1.
  Index relax() {
    Index changed = -1;
    const auto step = [&](Index from, Index to, double cost) {
      if (!(cost_[at(from)] + cost < cost_[at(to)] - 1e-12)) return;
      cost_[at(to)] = cost_[at(from)] + cost;
      from_[at(to)] = from;
      changed = to;
    };
    for (Index k = 0; k < table_.rows(); ++k)
      for (Index l = 0; l < table_.cols(); ++l) {
        if (!links_(k, l)) continue;
        step(l, table_.cols() + k, cost_of_more(kernel_(k, l), table_(k, l)));
        if (table_(k, l) > 0) step(table_.cols() + k, l, cost_of_less(kernel_(k, l), table_(k, l)));
      }
    return changed;
  }

  const Eigen::MatrixXd& kernel_;
  const Links& links_;
  CountTable& table_;
  std::vector<double> cost_;
  std::vector<Index> from_;
};

}  // namespace

CountTable most_probable_table(const Cells& cells, const CellsOptimum& optimum) {
  const auto count = static_cast<double>(total(cells.initial));
  CountTable table(optimum.table.rows(), optimum.table.cols()),
      room = CountTable::Zero(table.rows(), table.cols());
  Counts initial = cells.initial, final = cells.final;
  for (Index k = 0; k < table.rows(); ++k)
    for (Index l = 0; l < table.cols(); ++l) {
      table(k, l) = static_cast<std::int64_t>(std::floor(count * optimum.table(k, l) * (1 - 1e-9)));
      if (optimum.links(k, l)) room(k, l) = total(cells.initial);
      initial[static_cast<std::size_t>(l)] -= table(k, l);
      final[static_cast<std::size_t>(k)] -= table(k, l);
    }
  table += largest_flow(room, initial, final).flow;
  for (Exchanges exchanges(cells.kernel, optimum.links, table); exchanges.improve();) continue;
  return table;
}

}  // namespace umkehr
