// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/cells/cell_flow.hpp"

#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/boykov_kolmogorov_max_flow.hpp>
#include <boost/graph/connected_components.hpp>
#include <boost/graph/strong_components.hpp>
#include <numeric>

namespace umkehr {
namespace {

using Eigen::Index;

using LinkTraits = boost::adjacency_list_traits<boost::vecS, boost::vecS, boost::directedS>;
struct FlowLink {
  std::int64_t capacity = 0, rest = 0;
  LinkTraits::edge_descriptor reverse = {};
};
using FlowNetwork =
    boost::adjacency_list<boost::vecS, boost::vecS, boost::directedS, boost::no_property, FlowLink>;

LinkTraits::edge_descriptor join(FlowNetwork& network, Index from, Index to, std::int64_t capacity) {
  const auto node = [](Index i) { return static_cast<std::size_t>(i); };
  const auto there = add_edge(node(from), node(to), {.capacity = capacity}, network).first,
             back = add_edge(node(to), node(from), {}, network).first;
  network[there].reverse = back;
  network[back].reverse = there;
  return there;
}

/// The nodes are the cells l, then the cells k. Joins those with a link, either way; gives each node's component.
template <class Graph, class Components, class Goes, class Returns>
std::vector<std::size_t> components(const Links& links, Components find, Goes goes, Returns returns) {
  const auto columns = static_cast<std::size_t>(links.cols());
  Graph graph(columns + static_cast<std::size_t>(links.rows()));
  for (Index k = 0; k < links.rows(); ++k)
    for (Index l = 0; l < links.cols(); ++l) {
      const auto from = static_cast<std::size_t>(l), to = columns + static_cast<std::size_t>(k);
      if (goes(k, l)) add_edge(from, to, graph);
      if (returns(k, l)) add_edge(to, from, graph);
    }
  std::vector<std::size_t> component(num_vertices(graph));
  find(graph, component.data());
  return component;
}

}  // namespace

std::int64_t total(const Counts& counts) {
  return std::accumulate(counts.begin(), counts.end(), std::int64_t{0});
}

CellFlow largest_flow(const CountTable& capacity, const Counts& initial, const Counts& final) {
  const Index columns = capacity.cols(), rows = capacity.rows(), source = columns + rows, sink = source + 1;
  FlowNetwork network(static_cast<std::size_t>(sink + 1));
  for (Index l = 0; l < columns; ++l) join(network, source, l, initial[static_cast<std::size_t>(l)]);
  for (Index k = 0; k < rows; ++k) join(network, columns + k, sink, final[static_cast<std::size_t>(k)]);
  std::vector<LinkTraits::edge_descriptor> links;
  for (Index k = 0; k < rows; ++k)
    for (Index l = 0; l < columns; ++l) links.push_back(join(network, l, columns + k, capacity(k, l)));
  std::vector<boost::default_color_type> side(num_vertices(network));
  const std::int64_t moved = boykov_kolmogorov_max_flow(
      network, get(&FlowLink::capacity, network), get(&FlowLink::rest, network),
      get(&FlowLink::reverse, network), side.data(), get(boost::vertex_index, network),
      static_cast<std::size_t>(source), static_cast<std::size_t>(sink));
  CellFlow result{CountTable::Zero(rows, columns), moved == total(initial), {}, {}};
  for (std::size_t n = 0; n < links.size(); ++n) {
    const FlowLink& link = network[links[n]];
    result.flow(static_cast<Index>(n) / columns, static_cast<Index>(n) % columns) = link.capacity - link.rest;
  }
  // What could still be reached from the source is black.
  for (std::size_t n = 0; n < static_cast<std::size_t>(source); ++n)
    if (const auto l = static_cast<std::size_t>(columns); side[n] == boost::black_color)
      n < l ? result.full_from.push_back(n) : result.full_to.push_back(n - l);
  return result;
}

Links usable_links(const Links& links, const CountTable& flow) {
  // A link without flow is used by some other flow if a cycle of exchanges passes through it.
  using Graph = boost::adjacency_list<boost::vecS, boost::vecS, boost::directedS>;
  const auto part = components<Graph>(
      links, [](const Graph& graph, std::size_t* component) { return strong_components(graph, component); },
      [&](Index k, Index l) { return links(k, l); }, [&](Index k, Index l) { return flow(k, l) > 0; });
  Links usable = links;
  for (Index k = 0; k < links.rows(); ++k)
    for (Index l = 0; l < links.cols(); ++l)
      usable(k, l) = links(k, l) && (flow(k, l) > 0 || part[static_cast<std::size_t>(l)] ==
                                                           part[static_cast<std::size_t>(links.cols() + k)]);
  return usable;
}

std::vector<std::size_t> parts_of(const Links& links) {
  using Graph = boost::adjacency_list<boost::vecS, boost::vecS, boost::undirectedS>;
  const auto part = components<Graph>(
      links,
      [](const Graph& graph, std::size_t* component) { return connected_components(graph, component); },
      [&](Index k, Index l) { return links(k, l); }, [](Index, Index) { return false; });
  return {part.begin() + links.cols(), part.end()};
}

}  // namespace umkehr
