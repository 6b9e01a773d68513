// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "experiments/output/result.hpp"
#include "experiments/tasks/task.hpp"
#include "solver/cells/cell_probability.hpp"

namespace umkehr {

/// What is found for each number of particles.
struct SolvedCells {
  CellsOptimum optimum;
  std::vector<double> rate, prediction, table_rate;
};

/// Calls `progress` with the fraction that is done. Throws as solve_cells and log_probability_of_final do.
template <class Progress>
SolvedCells solve_cells_task(const CellsTask& task, const Progress& progress) {
  SolvedCells solved{solve_cells(task.cells.front()), {}, {}, {}};
  for (std::size_t n = 0; n < task.cells.size(); ++n) {
    const Cells& cells = task.cells[n];
    solved.rate.push_back(-log_probability_of_final(cells, solved.optimum) / task.totals[n]);
    solved.prediction.push_back(predicted_rate(solved.optimum, task.totals[n]));
    const CountTable best = most_probable_table(cells, solved.optimum);
    solved.table_rate.push_back(-log_probability(cells.kernel, best) / task.totals[n]);
    progress(static_cast<double>(n + 1) / static_cast<double>(task.cells.size()));
  }
  return solved;
}

/// optimum(k, l); rate, correction and table_rate over N; kernel, initial, final; divergence.
Group cells_group(const std::string& name, const CellsTask& task, const SolvedCells& solved);

}  // namespace umkehr
