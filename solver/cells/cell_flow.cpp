// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/cells/cell_flow.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace umkehr {
namespace {

using Eigen::Index;

/// Breadth-first search over the cells l = 0.. and k = L.. along links that can take more, or give back.
class Search {
 public:
  Search(const CountTable& capacity, const CountTable& flow)
      : capacity_(capacity), flow_(flow), before_(size(), -2) {}

  /// From several cells at once.
  void start_from(const std::vector<Index>& nodes) {
    for (const Index node : nodes) before_[at(node)] = -1;
    for (queue_ = nodes; !queue_.empty();) {
      const std::vector<Index> now = std::exchange(queue_, {});
      for (const Index node : now) visit(node);
    }
  }
  bool has_reached(Index node) const { return before_[at(node)] != -2; }
  Index before(Index node) const { return before_[at(node)]; }

 private:
  static std::size_t at(Index node) { return static_cast<std::size_t>(node); }
  std::size_t size() const { return at(flow_.rows() + flow_.cols()); }

  void visit(Index node) {
    const Index first = flow_.cols();
    if (node < first) {
      for (Index k = 0; k < flow_.rows(); ++k)
        if (flow_(k, node) < capacity_(k, node)) reach(first + k, node);
    } else {
      for (Index l = 0; l < first; ++l)
        if (flow_(node - first, l) > 0) reach(l, node);
    }
  }
  void reach(Index node, Index from) {
    if (has_reached(node)) return;
    before_[at(node)] = from;
    queue_.push_back(node);
  }

  const CountTable &capacity_, &flow_;
  std::vector<Index> before_;
  std::vector<Index> queue_;
};

/// What can go along the path that ends in `node`, and, given an amount, its going.
template <class Link>
void along_path(const Search& search, Index node, Index columns, const Link& link) {
  for (Index to = node; search.before(to) >= 0; to = search.before(to)) {
    const Index from = search.before(to);
    const bool forward = to >= columns;
    link(forward ? to - columns : from - columns, forward ? from : to, forward);
  }
}

Index beginning(const Search& search, Index node) {
  while (search.before(node) >= 0) node = search.before(node);
  return node;
}

std::vector<Index> positive(const Counts& counts) {
  std::vector<Index> list;
  for (std::size_t i = 0; i < counts.size(); ++i)
    if (counts[i] > 0) list.push_back(static_cast<Index>(i));
  return list;
}

}  // namespace

std::int64_t total(const Counts& counts) {
  return std::accumulate(counts.begin(), counts.end(), std::int64_t{0});
}

CellFlow largest_flow(const CountTable& capacity, const Counts& initial, const Counts& final) {
  CellFlow result{CountTable::Zero(capacity.rows(), capacity.cols()), false, {}, {}};
  Counts to_send = initial, to_fill = final;
  const Index columns = capacity.cols();
  for (;;) {
    Search search(capacity, result.flow);
    search.start_from(positive(to_send));
    const std::vector<Index> open = positive(to_fill);
    const auto found =
        std::find_if(open.begin(), open.end(), [&](Index k) { return search.has_reached(columns + k); });
    if (found == open.end()) {
      result.is_complete = total(to_send) == 0;
      for (Index l = 0; l < columns; ++l)
        if (search.has_reached(l)) result.full_from.push_back(static_cast<std::size_t>(l));
      for (Index k = 0; k < capacity.rows(); ++k)
        if (search.has_reached(columns + k)) result.full_to.push_back(static_cast<std::size_t>(k));
      return result;
    }
    const Index start = beginning(search, columns + *found);
    std::int64_t amount =
        std::min(to_send[static_cast<std::size_t>(start)], to_fill[static_cast<std::size_t>(*found)]);
    along_path(search, columns + *found, columns, [&](Index k, Index l, bool forward) {
      amount = std::min(amount, forward ? capacity(k, l) - result.flow(k, l) : result.flow(k, l));
    });
    along_path(search, columns + *found, columns,
               [&](Index k, Index l, bool forward) { result.flow(k, l) += forward ? amount : -amount; });
    to_send[static_cast<std::size_t>(start)] -= amount;
    to_fill[static_cast<std::size_t>(*found)] -= amount;
  }
}

Links usable_links(const Links& links, const CountTable& flow) {
  // A link without flow is used by some other flow if a cycle of exchanges passes through it.
  CountTable capacity = CountTable::Zero(links.rows(), links.cols());
  for (Index k = 0; k < links.rows(); ++k)
    for (Index l = 0; l < links.cols(); ++l) capacity(k, l) = links(k, l) ? flow.sum() + 1 : 0;
  Links usable = links;
  for (Index k = 0; k < links.rows(); ++k) {
    Search search(capacity, flow);
    search.start_from({links.cols() + k});
    for (Index l = 0; l < links.cols(); ++l)
      usable(k, l) = links(k, l) && (flow(k, l) > 0 || search.has_reached(l));
  }
  return usable;
}

std::vector<int> parts_of(const Links& links) {
  std::vector<int> part(static_cast<std::size_t>(links.rows()), -1);
  CountTable both = CountTable::Zero(links.rows(), links.cols());
  for (Index k = 0; k < links.rows(); ++k)
    for (Index l = 0; l < links.cols(); ++l) both(k, l) = links(k, l) ? 1 : 0;
  const CountTable capacity = 2 * both;  // so that every link can be gone both ways
  int count = 0;
  for (Index k = 0; k < links.rows(); ++k) {
    if (part[static_cast<std::size_t>(k)] >= 0 || both.row(k).sum() == 0) continue;
    Search search(capacity, both);
    search.start_from({links.cols() + k});
    for (Index other = 0; other < links.rows(); ++other)
      if (search.has_reached(links.cols() + other)) part[static_cast<std::size_t>(other)] = count;
    ++count;
  }
  return part;
}

}  // namespace umkehr
