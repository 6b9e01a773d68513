// SPDX-License-Identifier: GPL-3.0-or-later
// Which tables c(k, l) of whole numbers have the column sums a_l and the row sums b_k (3.4) and use allowed links only:
// a flow from the cells l to the cells k (Boykov & Kolmogorov, IEEE Trans. Pattern Anal. 26 (2004) 1124).
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "grids/dense/eigen.hpp"

namespace umkehr {

using Counts = std::vector<std::int64_t>;
/// c(k, l), (K, L)
using CountTable = Eigen::Matrix<std::int64_t, Eigen::Dynamic, Eigen::Dynamic>;
/// Whether (or how many) particles may go from l to k, (K, L).
using Links = Eigen::Matrix<bool, Eigen::Dynamic, Eigen::Dynamic>;

std::int64_t total(const Counts& counts);

/// As large a flow as there is, at most `capacity` on each link; complete if it moves all of a.
struct CellFlow {
  CountTable flow;
  bool is_complete;
  std::vector<std::size_t> full_from,
      full_to;  ///< if not: cells l that reach no other cells k than these, too small
};
CellFlow largest_flow(const CountTable& capacity, const Counts& initial, const Counts& final);

/// The links that some complete flow uses, given one of them.
Links usable_links(const Links& links, const CountTable& flow);

/// Connected parts of the cells k that are linked through common cells l: a number for each k.
std::vector<std::size_t> parts_of(const Links& links);

}  // namespace umkehr
