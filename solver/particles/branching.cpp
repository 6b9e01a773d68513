// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/particles/branching.hpp"

#include <algorithm>

namespace umkehr {
namespace {

constexpr double fewest = 0.5;  // of a block's particles that may count

std::vector<std::size_t> parents(std::span<const double> weight, double total, double offset) {
  const auto count = static_cast<double>(weight.size());
  std::vector<std::size_t> found(weight.size());
  double sum = 0;
  std::size_t parent = 0;
  for (std::size_t i = 0; i < weight.size(); ++i) {
    const double mark = (static_cast<double>(i) + offset) / count * total;
    while (parent + 1 < weight.size() && sum + weight[parent] <= mark) sum += weight[parent++];
    found[i] = parent;
  }
  return found;
}

void inherit(const std::vector<std::size_t>& parent, std::span<double> field) {
  const std::vector<double> before(field.begin(), field.end());
  for (std::size_t i = 0; i < parent.size(); ++i) field[i] = before[parent[i]];
}

}  // namespace

bool branch(const BrownianPath& path, std::uint64_t first, std::uint32_t step, std::uint32_t stream,
            std::size_t count, Points& x, std::vector<double>& weight,
            const std::vector<std::vector<double>*>& carried) {
  double sum = 0, squares = 0;
  for (std::size_t i = 0; i < count; ++i) {
    sum += weight[i];
    squares += weight[i] * weight[i];
  }
  if (!(sum > 0) || sum * sum >= fewest * static_cast<double>(count) * squares) return false;
  double offset = 0;
  path.uniforms(first, step, stream, {&offset, 1});
  const std::vector<std::size_t> parent = parents({weight.data(), count}, sum, offset);
  for (std::size_t k = 0; k < x.dimension(); ++k) inherit(parent, x[k].first(count));
  for (std::vector<double>* field : carried) inherit(parent, std::span(*field).first(count));
  std::fill_n(weight.begin(), count, sum / static_cast<double>(count));
  return true;
}

}  // namespace umkehr
