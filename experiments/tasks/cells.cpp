// SPDX-License-Identifier: GPL-3.0-or-later
// The task "cells" (3.4-3.14): Schroedinger's particles in cells, the most probable table of their moves, and the exact
// probability of what was seen, beside which trials may be drawn. It needs no process, time or axis.
#include "solver/cells/cells.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "experiments/tasks/shared/closed_forms.hpp"
#include "experiments/tasks/shared/task_group.hpp"
#include "experiments/tasks/shared/task_reader.hpp"
#include "experiments/text/short_number.hpp"
#include "grids/failure.hpp"
#include "solver/cells/cell_draws.hpp"
#include "solver/cells/cell_probability.hpp"
#include "solver/particles/brownian_source.hpp"

namespace umkehr {
namespace {

constexpr std::size_t max_kernel_cells = 100, max_totals = 1000;
constexpr std::size_t max_particles = 1'000'000'000, max_trials = 1'000'000'000;
constexpr double a_count = 6e-8;      // seconds that one of a table takes to draw
constexpr double sum_error = 1e-12;   // of probabilities that should add to 1
constexpr double whole_error = 1e-9;  // of N p, relative to what rounding in p leaves
constexpr Range probability = {0, 1, true, true};

double sum_of(const std::vector<double>& numbers) {
  double sum = 0;
  for (const double number : numbers) sum += number;
  return sum;
}

/// Probabilities that add to 1.
std::vector<double> read_shares(TaskReader& in, const char* key, Eigen::Index cells) {
  const std::vector<double> p = in.numbers(key, static_cast<std::size_t>(cells));
  if (std::abs(sum_of(p) - 1) > sum_error)
    refuse(in.require(key), key, "adds to " + short_number(sum_of(p)) + "; probabilities must add to 1");
  return p;
}

Eigen::MatrixXd read_kernel(TaskReader& in) {
  const TomlValue& value = in.require("kernel");
  if (!value.is(TomlValue::Kind::array))
    refuse(value, "kernel", "is not a list of rows, one for each final cell k");
  const std::vector<TomlValue>& rows = read_list(value, "kernel", 1, max_kernel_cells);
  const std::size_t columns = rows[0].elements.size();
  Eigen::MatrixXd kernel(static_cast<Eigen::Index>(rows.size()), static_cast<Eigen::Index>(columns));
  for (std::size_t k = 0; k < rows.size(); ++k) {
    if (columns > max_kernel_cells) refuse(rows[k], "kernel", "has more than 100 entries");
    const std::vector<double> row = read_numbers(rows[k], "kernel", columns, probability);
    for (std::size_t l = 0; l < columns; ++l)
      kernel(static_cast<Eigen::Index>(k), static_cast<Eigen::Index>(l)) = row[l];
  }
  for (Eigen::Index l = 0; l < kernel.cols(); ++l)
    if (std::abs(kernel.col(l).sum() - 1) > sum_error)
      refuse(value, "kernel",
             "has a column " + std::to_string(l + 1) + " that adds to " + short_number(kernel.col(l).sum()) +
                 "; what leaves cell l must add to 1");
  return kernel;
}

/// N p, which must be whole.
Counts counts_of(const std::vector<double>& p, double particles, const TomlValue& value, const char* key) {
  Counts counts;
  for (const double share : p) {
    const double count = share * particles;
    if (std::abs(count - std::round(count)) > whole_error * std::max(1.0, 1e-6 * count))
      refuse(value, "particles",
             "makes " + short_number(count) + " particles of the share " + short_number(share) + " in \"" +
                 key + "\"; take numbers N for which every N p is whole");
    counts.push_back(std::llround(count));
  }
  return counts;
}

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

/// What is found for each number of particles.
struct SolvedCells {
  CellsOptimum optimum;
  std::vector<double> rate, prediction, table_rate;
  std::vector<double> frequency, frequency_error, sampled, sampled_error;  ///< none without trials
};

class CellsTask final : public Task {
 public:
  explicit CellsTask(TaskReader& in) {
    const Eigen::MatrixXd kernel = read_kernel(in);
    const std::vector<double> initial = read_shares(in, "initial", kernel.cols()),
                              final = read_shares(in, "final", kernel.rows());
    const TomlValue& list = in.require("particles");
    if (!list.is(TomlValue::Kind::array))
      refuse(list, "particles", "is not a list of numbers, such as [10, 100]");
    for (const TomlValue& value : read_list(list, "particles", 1, max_totals))
      add_total(value, kernel, initial, final);
    try {
      umkehr::check(cells_.front());
    } catch (const UnfitProblem& wrong) {
      refuse(in.require("final"), "final", wrong.what());
    }
    read_draws(in);
  }

  TaskText text() const override {
    const Cells& cells = cells_.front();
    return {"schroedinger-system", "",
            std::to_string(cells.initial.size()) + " cells to " + std::to_string(cells.final.size()) + ", " +
                std::to_string(totals_.size()) + " numbers of particles"};
  }

  void check(const Problem&) const override {}  // reading checks all

  TaskCost cost(const Problem&) const override {
    const double entries = static_cast<double>(cells_.front().kernel.size());
    const double drawing = 2 * a_count * entries * static_cast<double>(draws_.trials);
    return {0, (1e-3 + drawing) * static_cast<double>(totals_.size()), ""};
  }

  TaskMemory memory(const Problem&) const override {
    const double tables = static_cast<double>(totals_.size()) + 20;
    return {tables * static_cast<double>(cells_.front().kernel.size()) * sizeof(double), 0};
  }

  SolvedTask solve(const Problem& on, Replays&, const Progress& progress) const override {
    const auto [solved, seconds] = timed([&] { return solve_each(progress); });
    const CellsOptimum& optimum = solved.optimum;
    const Eigen::MatrixXd& kernel = cells_.front().kernel;
    TaskGroup group(*this, on.grid, attributes(optimum));
    group.add_coordinate({"k", numbers_up_to(kernel.rows()), "number of the final cell", {}, true});
    group.add_coordinate({"l", numbers_up_to(kernel.cols()), "number of the initial cell", {}, true});
    group.add_coordinate({"N", totals_, "number of particles", {}, true});
    group.add("kernel", {"k", "l"}, in_rows(kernel));
    group.add("optimum", {"k", "l"}, in_rows(optimum.table));
    group.add("bridge", {"k", "l"}, in_rows(optimum.bridge));
    group.add("rate", {"N"}, solved.rate);
    group.add("correction", {"N"}, solved.prediction);
    group.add("table_rate", {"N"}, solved.table_rate);
    if (draws_.trials > 0) add_drawn(group, solved);
    group.add_scalar("divergence", optimum.divergence);
    group.add_scalar("iterations", static_cast<double>(optimum.iterations));
    return group.solved(seconds, {});
  }

  std::vector<TaskExtent> extents() const override {
    const Cells& cells = cells_.front();
    return {{"number of initial cells", {static_cast<double>(cells.initial.size())}},
            {"number of final cells", {static_cast<double>(cells.final.size())}},
            {"numbers of particles", totals_}};
  }

  void add_closed_form(const Group& run, ClosedForms& known) const override { known.none(run.name); }

 private:
  void read_draws(TaskReader& in) {
    draws_.trials = static_cast<std::int64_t>(in.count("trials"));
    if (draws_.trials == 1)
      refuse(in.require("trials"), "trials", "must be 0, for none, or 2 at least: an error takes two");
    draws_.seed = in.count("seed");
  }

  std::map<std::string, std::string> attributes(const CellsOptimum& optimum) const {
    std::map<std::string, std::string> all = {{"method", "schroedinger-system"},
                                              {"free_cells", std::to_string(optimum.free.size())}};
    if (draws_.trials == 0) return all;
    all["trials"] = std::to_string(draws_.trials);
    all["seed"] = std::to_string(draws_.seed);
    all["generator"] = std::string(BrownianSource::generator);
    return all;
  }

  static void add_drawn(TaskGroup& group, const SolvedCells& solved) {
    group.add("frequency", {"N"}, solved.frequency);
    group.add("frequency_error", {"N"}, solved.frequency_error);
    group.add("sampled_rate", {"N"}, solved.sampled);
    group.add("sampled_rate_error", {"N"}, solved.sampled_error);
  }

  void draw(const Cells& cells, SolvedCells& solved) const {
    const Estimate seen = observed_frequency(cells, draws_),
                   rate = sampled_rate(cells, solved.optimum, draws_);
    solved.frequency.push_back(seen.value);
    solved.frequency_error.push_back(seen.error);
    solved.sampled.push_back(rate.value);
    solved.sampled_error.push_back(rate.error);
  }

  void add_total(const TomlValue& value, const Eigen::MatrixXd& kernel, const std::vector<double>& initial,
                 const std::vector<double>& final) {
    const auto count = static_cast<double>(read_count(value, "particles", 1, max_particles));
    if (!totals_.empty() && !(count > totals_.back()))
      refuse(value, "particles", "is not above the number before it; give ascending numbers");
    totals_.push_back(count);
    cells_.push_back(
        {kernel, counts_of(initial, count, value, "initial"), counts_of(final, count, value, "final")});
  }

  SolvedCells solve_each(const Progress& progress) const {
    SolvedCells solved;
    solved.optimum = solve_cells(cells_.front());
    for (std::size_t n = 0; n < cells_.size(); ++n) {
      const Cells& cells = cells_[n];
      solved.rate.push_back(-log_probability_of_final(cells, solved.optimum) / totals_[n]);
      solved.prediction.push_back(predicted_rate(solved.optimum, totals_[n]));
      const CountTable best = most_probable_table(cells, solved.optimum);
      solved.table_rate.push_back(-log_probability(cells.kernel, best) / totals_[n]);
      if (draws_.trials > 0) draw(cells, solved);
      progress(static_cast<double>(n + 1) / static_cast<double>(cells_.size()));
    }
    return solved;
  }

  std::vector<double> totals_;  // N, ascending
  std::vector<Cells> cells_;    // with so many particles each, in equal shares
  CellDraws draws_;
};

}  // namespace

TaskKind cells_task() {
  using enum TaskKey::Type;
  return {
      "cells",
      {{"kernel", other, "g(k|l), a list of rows, one for each final cell k", "rows of g(k|l)"},
       {"initial", numbers, "the shares p_i(l) of the initial cells", {}, probability},
       {"final", numbers, "the shares p_f(k) of the final cells", "the shares of the cells", probability},
       {"particles", numbers, "a list of numbers of particles N", "a list of N"},
       {"trials",
        count,
        "how often all particles are drawn, for each N; 0: never",
        {},
        count_range(0, max_trials),
        usual_count(0)},
       {"seed", count, "of the random numbers", {}, count_range(0, std::size_t{1} << 53), usual_count(0)}},
      {{"kernel", "probability g(k|l) to go from cell l to cell k", "3.6"},
       {"optimum", "most probable table c/N", "3.9, 3.14"},
       {"bridge", "its transition probabilities h(k|l)", "3.9"},
       {"rate", "-(1/N) ln Prob({b}|{a}), exact", "3.14"},
       {"correction",
        "what the saddle point predicts for rate: divergence + (r ln(2 pi N) + ln det S)/(2 N) with r "
        "free_cells and S the covariance of their counts over N",
        "3.13, 3.14"},
       {"table_rate", "-(1/N) ln Prob(c) of the most probable whole table, exact", "3.7, 3.14"},
       {"frequency", "share of the trials that show the final counts", "3.6"},
       {"frequency_error", "standard error of frequency", "3.6"},
       {"sampled_rate", "rate by trials under the bridge, each with its weight", "3.13, 3.14"},
       {"sampled_rate_error", "standard error of sampled_rate", "3.13, 3.14"},
       {"divergence", "D_KL(h||g), what rate tends to", "3.12"},
       {"iterations", "iterations of the Schroedinger system", "3.28"}},
      read_as<CellsTask>,
      false,
      false};
}

}  // namespace umkehr
