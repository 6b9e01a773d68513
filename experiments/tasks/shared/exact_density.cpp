// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/tasks/shared/exact_density.hpp"

#include <algorithm>

#include "solver/law/circle.hpp"

namespace umkehr {
namespace {

constexpr char exact_density[] = "exact_density";

/// Its rows at all times; those at which the law is a point hold its mass in the nearest cells.
std::vector<double> rows_of(const ExactLaw& law, const Grid& grid, const std::vector<double>& times) {
  std::vector<double> rows(times.size() * grid.size());
  const auto row = [&](std::size_t n) { return std::span(rows).subspan(n * grid.size(), grid.size()); };
  std::vector<bool> is_known(times.size(), false);
  for (const LawSnapshot& snapshot : law.at(times)) {
    const std::vector<double> values = law.values_of("density", snapshot);
    std::copy(values.begin(), values.end(), row(snapshot.n).begin());
    is_known[snapshot.n] = true;
  }
  for (std::size_t n = 0; n < times.size(); ++n)
    if (!is_known[n]) wrapped(law.on_line_at(times[n]), grid).cell_means(grid, row(n));
  return rows;
}

}  // namespace

TaskVariable exact_density_variable() {
  return {exact_density, "density P in closed form", "2.35"};
}

bool asks_for_exact_density(const Task& task) {
  return std::find(task.write.begin(), task.write.end(), exact_density) != task.write.end();
}

void add_exact_density(const KnownLaw& known, const Grid& grid, const std::vector<double>& times,
                       TaskGroup& group, std::vector<std::string>& warnings) {
  if (!known.law) {
    warnings.push_back(std::string(exact_density) + " is not written: " + known.why_not);
    return;
  }
  group.add_field(exact_density, rows_of(*known.law, grid, times));
  if (known.law->has_cell_means()) group.note_cell_means(exact_density);
}

}  // namespace umkehr
