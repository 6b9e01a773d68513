// SPDX-License-Identifier: GPL-3.0-or-later
// The task "backward-kolmogorov" (2.26-2.29, 2.33b): the value J of a terminal value, by steps of its own or by those of
// an earlier Fokker-Planck task, transposed.
#include "solver/kolmogorov/backward_kolmogorov.hpp"

#include <algorithm>
#include <optional>

#include "experiments/output/result_file.hpp"
#include "experiments/tasks/shared/closed_forms.hpp"
#include "experiments/tasks/shared/kolmogorov_choices.hpp"
#include "experiments/tasks/shared/task_cost.hpp"
#include "experiments/text/short_number.hpp"
#include "solver/fourier/fourier_value.hpp"
#include "solver/kolmogorov/setup_check.hpp"
#include "solver/law/affine_value.hpp"
#include "solver/law/circle.hpp"

namespace umkehr {
namespace {

// A path strays by so many standard deviations with a probability of 1e-10; it is looked at eight times on its way.
constexpr double deviations = 6.5;
constexpr int looks = 8;

/// Where a process without killing has gone by one time: x -> mean_of_zero + matrix x, and its deviations.
struct Journey {
  Eigen::MatrixXd matrix;
  Eigen::VectorXd mean_of_zero, deviation;
};

Journey journey(const AffineProcess& process, double start, double stop) {
  const auto d = static_cast<Eigen::Index>(process.dimension());
  const auto end_of = [&](const Eigen::VectorXd& x) {
    return process.transition(x, start, stop).components().front();
  };
  const Gaussian zero = end_of(Eigen::VectorXd::Zero(d));
  Journey result{Eigen::MatrixXd(d, d), zero.mean, zero.covariance.diagonal().cwiseMax(0).cwiseSqrt()};
  for (Eigen::Index k = 0; k < d; ++k)
    result.matrix.col(k) = end_of(Eigen::VectorXd::Unit(d, k)).mean - zero.mean;
  return result;
}

/// Marks the centres from which paths between t and stop stay `share` of each axis away from its walls.
class Interior {
 public:
  Interior(const Problem& problem, double share) : grid_(problem.grid), share_(share), stop_(problem.stop) {
    Process free = problem.process;
    free.killing = 0.0;
    process_ = AffineProcess::of(free);
  }

  std::vector<bool> at(double t) const {
    std::vector<bool> inside(grid_.size(), true);
    if (!(t < stop_)) return inside;
    const Points x = grid_.centres();
    for (int n = 1; n <= looks; ++n) {
      const Journey way = journey(*process_, t, t + (stop_ - t) * n / looks);
      for (std::size_t i = 0; i < inside.size(); ++i) inside[i] = inside[i] && stays(way, x, i);
    }
    return inside;
  }

 private:
  bool stays(const Journey& way, const Points& x, std::size_t i) const {
    for (std::size_t k = 0; k < grid_.dimension(); ++k) {
      const Axis& axis = grid_.axis(k);
      if (axis.boundary == Boundary::periodic) continue;
      const auto row = static_cast<Eigen::Index>(k);
      double mean = way.mean_of_zero[row];
      for (std::size_t l = 0; l < grid_.dimension(); ++l)
        mean += way.matrix(row, static_cast<Eigen::Index>(l)) * x[l][i];
      const double reach = deviations * way.deviation[row] + share_ * axis.length();
      if (mean - reach < axis.from || mean + reach > axis.to) return false;
    }
    return true;
  }

  const Grid& grid_;
  double share_, stop_;
  std::optional<AffineProcess> process_;
};

double share_of(Method method) {
  return method == Method::fourier ? blended_share : 0;
}

/// J of a terminal value by affine_value.hpp, where paths from x stay away from the walls: elsewhere the wall's own physics
/// is in the values, and both sides are set to zero.
void add_value_law(const Formula& terminal, Method method, const Group& group, ClosedForms& known) {
  known.check_grid(group);
  const Variable* value = group.find("value");
  const Grid& grid = known.problem.grid;
  const std::vector<double>& times = group.coordinate("t")->values;
  if (value == nullptr || value->values.size() != times.size() * grid.size())
    throw ResultFileError(group.name + "/value does not lie on the grid of the file's own experiment");
  const bool knows_walls = method != Method::hermite;
  const Interior interior(known.problem, share_of(method));
  const Points x = grid.centres();
  Variable run = *value, exact = *value;
  const Coefficient at_stop = wrapped(Coefficient(terminal), grid);
  double least = 1, worst = 0;
  for (std::size_t n = 0; n < times.size(); ++n) {
    const std::span<double> computed(run.values.data() + n * grid.size(), grid.size());
    const std::span<double> right(exact.values.data() + n * grid.size(), grid.size());
    worst = std::max(
        worst, affine_value(*known.affine(group.name), at_stop, times[n], known.problem.stop, x, right));
    if (!knows_walls) continue;
    const std::vector<bool> inside = interior.at(times[n]);
    const auto kept = std::count(inside.begin(), inside.end(), true);
    least = std::min(least, static_cast<double>(kept) / static_cast<double>(grid.size()));
    for (std::size_t i = 0; i < grid.size(); ++i)
      if (!inside[i]) computed[i] = right[i] = 0;
  }
  if (least < 1)
    known.remark(group.name, "values are compared where no path meets a wall, on " +
                                 short_number(100 * least) + " % of the grid at least");
  if (worst > 1e-11)
    known.remark(group.name, "the exact values are known to " + error_number(worst) +
                                 " only, their terminal value being rough");
  Group part{group.name, group.coordinates, {std::move(run)}, group.attributes};
  known.run.groups.push_back(part);
  part.variables = {std::move(exact)};
  known.law.groups.push_back(std::move(part));
}

class BackwardKolmogorov final : public Task {
 public:
  explicit BackwardKolmogorov(TaskReader& in)
      : choices_(in.section.find("of") ? taken_over(in) : read_kolmogorov_choices(in)),
        terminal_(in.terminal()) {}

  TaskText text() const override {
    return {name_of(choices_.method), choices_.scheme, of.empty() ? control_text(choices_) : "replays " + of};
  }

  void check(const Problem& on) const override {
    check_setup(on.process, on.grid, terminal_, on.start, on.stop, choices_);
  }

  TaskCost cost(const Problem& on) const override { return march_cost(on, choices_); }

  TaskMemory memory(const Problem& on) const override {
    return {kolmogorov_memory(on, choices_), (of.empty() ? 1 : 2) * times_of(on) * field_of(on)};
  }

  SolvedTask solve(const Problem& on, Replays& replays, const Progress& progress) const override {
    const auto [solution, seconds] = timed([&] {
      return of.empty() ? solve_backward_kolmogorov(on.process, on.grid, terminal_, on.stop, on.times,
                                                    choices_, progress)
                        : replay_backward_kolmogorov(replays.at(of), terminal_, progress);
    });
    TaskGroup group(*this, on.grid, {{"terminal", terminal_.text()}});
    note_kolmogorov(choices_, solution.run, group);
    if (!of.empty()) group.note("of", of);
    group.note_bases(solution.hermite_centre, solution.hermite_scale);
    group.add_times_and_axes(solution.value.times());
    group.add_field("value", solution.value.values());
    if (!solution.pairing.empty()) group.add("pairing", {"t"}, solution.pairing);
    group.add_errors(solution.errors, solution.run.error);
    return group.solved(seconds, solution.warnings, solution.run.steps.size(), solution.run.refused);
  }

  void add_closed_form(const Group& run, ClosedForms& known) const override {
    if (known.affine(name)) add_value_law(terminal_, choices_.method, run, known);
  }

 private:
  /// The choices of the task whose steps are replayed.
  KolmogorovChoices taken_over(TaskReader& in) {
    const std::shared_ptr<ForwardRun> run = in.forward(*this);
    const Method method = run->choices.method;
    if (in.choice("method", method) != method)
      refuse(*in.section.find("method"), "method", "is not that of the task it replays, " + name_of(method));
    for (const char* key : {"scheme", "order", "tolerance", "dt", "centre", "scale"})
      if (in.section.has(key))
        refuse(*in.section.find(key), key,
               "cannot be chosen beside \"of\", which replays the steps of " + of);
    run->is_replayed = true;
    return run->choices;
  }

  KolmogorovChoices choices_;
  Formula terminal_;  // J at `stop`
};

}  // namespace

TaskKind backward_kolmogorov_task() {
  using enum TaskKey::Type;
  const std::string equation = "2.26-2.29, 2.33b",
                    error = "largest error of J at the first time, relative to its largest value, by the ";
  return {"backward-kolmogorov",
          TaskKeys{{"terminal", formula, "the value J at stop, a formula", "a formula, the value at stop"},
                   {"of", task, "a fokker-planck task, whose steps are replayed",
                    "a fokker-planck task, whose steps are replayed"}} +
              kolmogorov_keys(),
          {{"value", "J = E[J1(x(stop)) exp(-int V) | x(t) = x]", equation},
           {"pairing", "<P, J>, constant in t", equation},
           {"grid_error", error + "cells, estimated", equation},
           {"step_error", error + "steps in time, estimated", equation}},
          read_as<BackwardKolmogorov>};
}

}  // namespace umkehr
