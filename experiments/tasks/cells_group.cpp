// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/tasks/cells_group.hpp"

#include <algorithm>

namespace umkehr {
namespace {

std::vector<double> numbers_up_to(Eigen::Index count) {
  std::vector<double> numbers;
  for (Eigen::Index n = 1; n <= count; ++n) numbers.push_back(static_cast<double>(n));
  return numbers;
}

/// Row after row.
std::vector<double> in_rows(const Eigen::MatrixXd& matrix) {
  std::vector<double> values;
  for (Eigen::Index k = 0; k < matrix.rows(); ++k)
    for (const double entry : matrix.row(k)) values.push_back(entry);
  return values;
}

}  // namespace

Group cells_group(const std::string& name, const CellsTask& task, const SolvedCells& solved) {
  const CellsOptimum& optimum = solved.optimum;
  const Eigen::MatrixXd& kernel = task.cells.front().kernel;
  Group group{name,
              {{"k", numbers_up_to(kernel.rows()), "number of the final cell", {}, true},
               {"l", numbers_up_to(kernel.cols()), "number of the initial cell", {}, true},
               {"N", task.totals, "number of particles", {}, true}},
              {},
              {{"solve", "cells"},
               {"method", "schroedinger-system"},
               {"free_cells", std::to_string(optimum.free.size())}}};
  const auto add = [&](const char* variable, std::vector<std::string> dimensions, std::vector<double> values,
                       const char* meaning, const char* equation) {
    group.variables.push_back({variable, std::move(dimensions), std::move(values), meaning, equation});
  };
  add("kernel", {"k", "l"}, in_rows(kernel), "probability g(k|l) to go from cell l to cell k", "3.6");
  add("optimum", {"k", "l"}, in_rows(optimum.table), "most probable table c/N", "3.9, 3.14");
  add("bridge", {"k", "l"}, in_rows(optimum.bridge), "its transition probabilities h(k|l)", "3.9");
  add("rate", {"N"}, solved.rate, "-(1/N) ln Prob({b}|{a}), exact", "3.14");
  add("correction", {"N"}, solved.prediction,
      "what the saddle point predicts for rate: divergence + (r ln(2 pi N) + ln det S)/(2 N) with r "
      "free_cells and "
      "S the covariance of their counts over N",
      "3.13, 3.14");
  add("table_rate", {"N"}, solved.table_rate, "-(1/N) ln Prob(c) of the most probable whole table, exact",
      "3.7, 3.14");
  add("divergence", {}, {optimum.divergence}, "D_KL(h||g), what rate tends to", "3.12");
  add("iterations", {}, {static_cast<double>(optimum.iterations)}, "iterations of the Schroedinger system",
      "3.28");
  return group;
}

}  // namespace umkehr
