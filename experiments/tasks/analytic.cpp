// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/tasks/analytic.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <ostream>

#include "experiments/output/result_file.hpp"
#include "experiments/tasks/analytic_pair.hpp"
#include "experiments/text/printable.hpp"
#include "experiments/text/short_number.hpp"
#include "solver/law/circle.hpp"

namespace umkehr {
namespace {

// The law at one saved time, with its images where axes are periodic.
struct Moment {
  std::size_t n;
  double time, mass;
  GaussianMixture law;
};

std::vector<Moment> moments_of(const AffineProcess& process, const Grid& grid, const GaussianMixture& initial,
                               double start, const std::vector<double>& times) {
  std::vector<Moment> moments;
  for (std::size_t n = 0; n < times.size(); ++n) {
    const GaussianMixture law = process.push(initial, start, times[n]);
    if (!law.is_singular()) moments.push_back({n, times[n], law.mass(), wrapped(law, grid)});
  }
  return moments;
}

// The part of a variable that was saved at the given moments.
Variable at_moments(const Variable& variable, const std::vector<Moment>& moments, std::size_t times) {
  Variable part = variable;
  part.values.clear();
  const std::size_t size = variable.values.size() / times;
  for (const Moment& moment : moments) {
    const auto first = variable.values.begin() + static_cast<std::ptrdiff_t>(moment.n * size);
    part.values.insert(part.values.end(), first, first + static_cast<std::ptrdiff_t>(size));
  }
  return part;
}

// The law's own values of a run's variables.
class ExactFields {
 public:
  ExactFields(const Experiment& experiment, const KolmogorovChoices& choices)
      : grid_(experiment.grid),
        centres_(grid_.centres()),
        diffusion_(experiment.process.diffusion),
        has_cell_means_(choices.method == Method::finite_volume) {}

  /// Nothing for a variable that no closed form is known of.
  std::optional<Variable> of(const Variable& variable, const std::vector<Moment>& moments) const {
    Variable exact = variable;
    exact.values.clear();
    for (const Moment& moment : moments) {
      const std::vector<double> values = values_of(variable.name, moment);
      if (values.empty()) return std::nullopt;
      exact.values.insert(exact.values.end(), values.begin(), values.end());
    }
    return exact;
  }

  double mass_outside(const Moment& moment) const {
    double inside = 0;
    for (const double mean : cell_means_of(moment.law)) inside += mean * grid_.cell_volume();
    return 1 - inside / moment.mass;
  }

 private:
  std::vector<double> values_of(const std::string& name, const Moment& moment) const {
    const GaussianMixture& law = moment.law;
    std::vector<double> values(grid_.size());
    if (name == "mass") return {moment.mass};
    if (name == "entropy") return {has_circle(grid_) ? entropy_on_grid(law) : law.entropy()};
    if (name == "density" && has_cell_means_) return cell_means_of(law);
    if (name == "density") return law.density(centres_, values), values;
    if (name == "log_density") return law.log_density(centres_, values), values;
    for (std::size_t k = 0; k < grid_.dimension(); ++k) {
      const bool is_control = name == "control_" + grid_.axis(k).name;
      if (name != "score_" + grid_.axis(k).name && !is_control) continue;
      law.score(centres_, k, values);
      const double factor = is_control ? diffusion_[k](moment.time) : 1;  // u = D S (3.34)
      for (double& value : values) value *= factor;
      return values;
    }
    return {};
  }

  /// The sum over centres is exact around a circle, and between walls that the law does not reach.
  double entropy_on_grid(const GaussianMixture& law) const {
    std::vector<double> logs(grid_.size());
    law.log_density(centres_, logs);
    double sum = 0;
    for (const double log : logs) sum -= std::exp(log) * log;
    return sum * grid_.cell_volume();
  }

  std::vector<double> cell_means_of(const GaussianMixture& law) const {
    std::vector<double> means(grid_.size());
    law.cell_means(grid_, means);
    return means;
  }

  Grid grid_;
  Points centres_;
  std::vector<Coefficient> diffusion_;
  bool has_cell_means_;
};

void remark_on_start(const Group& group, std::size_t left_out, AnalyticPair& pair) {
  if (left_out == 0) return;
  pair.remarks.push_back(group.name + ": left out " + std::to_string(left_out) +
                         " saved time(s) at which the exact law is a point and has no density");
}

void remark_on_walls(const Group& group, const ExactFields& exact, const std::vector<Moment>& moments,
                     AnalyticPair& pair) {
  double most = 0, when = 0;
  for (const Moment& moment : moments) {
    const double outside = exact.mass_outside(moment);
    if (outside <= most) continue;
    most = outside;
    when = moment.time;
  }
  if (most > 1e-12)
    pair.remarks.push_back(
        group.name + ": at t = " + short_number(when) + " " + error_number(most) +
        " of the exact law lies outside the walls, which it does not know of; widen the axes if "
        "that is not small beside the errors");
}

void add_group(const Group& group, const ExactFields& exact, const std::vector<Moment>& moments,
               AnalyticPair& pair) {
  const std::size_t times = group.coordinate("t")->values.size();
  Group run{group.name, group.coordinates, {}, group.attributes};
  for (Coordinate& coordinate : run.coordinates) {
    if (coordinate.name != "t") continue;
    coordinate.values.clear();
    for (const Moment& moment : moments) coordinate.values.push_back(moment.time);
  }
  Group law = run;
  for (const Variable& variable : group.variables) {
    if (variable.dimensions.empty() || variable.dimensions[0] != "t") continue;
    std::optional<Variable> values = exact.of(variable, moments);
    if (!values) continue;
    run.variables.push_back(at_moments(variable, moments, times));
    law.variables.push_back(std::move(*values));
    if (run.variables.back().values.size() != law.variables.back().values.size())
      throw ResultFileError(group.name + "/" + variable.name +
                            " does not lie on the grid of the file's own experiment");
  }
  pair.run.groups.push_back(std::move(run));
  pair.law.groups.push_back(std::move(law));
}

const Task& named(const Experiment& experiment, const std::string& name) {
  return *std::find_if(experiment.tasks.begin(), experiment.tasks.end(),
                       [&](const Task& task) { return task.name == name; });
}

void add_task(const Experiment& experiment, const std::optional<AffineProcess>& process, const Task& task,
              const Group& group, AnalyticPair& pair) {
  if (const auto* bridge = std::get_if<SchroedingerBridgeTask>(&task.problem))
    return add_bridge(experiment, *bridge, group, pair);
  if (!process) {
    pair.remarks.push_back(
        task.name +
        ": no closed form is known: the drift is not affine in the axes, or the killing not "
        "quadratic, or one of them depends on the place along a periodic axis");
    return;
  }
  if (const auto* backward = std::get_if<BackwardKolmogorovTask>(&task.problem))
    return add_values(experiment, *process, *backward, group, pair);
  const auto* reverse = std::get_if<ReverseDiffusionTask>(&task.problem);
  if (reverse != nullptr && (reverse->choices.initial || process->is_killed())) {
    pair.remarks.push_back(
        task.name + ": no closed form is known of a reversal from another start or of a killed process");
    return;
  }
  // What the exact reversal goes through is the forward law.
  const auto* forward =
      std::get_if<FokkerPlanckTask>(&(reverse == nullptr ? task : named(experiment, reverse->of)).problem);
  if (forward == nullptr) {
    pair.remarks.push_back(task.name + ": no closed form is known of a task of this kind");
    return;
  }
  const GaussianMixture* initial = std::get_if<GaussianMixture>(&forward->initial);
  if (initial == nullptr) {
    pair.remarks.push_back(task.name +
                           ": no closed form is known, since its initial density is not a mixture");
    return;
  }
  const ExactFields exact(experiment, forward->choices);
  check_grid(experiment.grid, group);
  const std::vector<double>& times = group.coordinate("t")->values;
  const std::vector<Moment> moments =
      moments_of(*process, experiment.grid, *initial, experiment.start, times);
  remark_on_start(group, times.size() - moments.size(), pair);
  remark_on_walls(group, exact, moments, pair);
  if (!moments.empty()) add_group(group, exact, moments, pair);
}

std::string why_not(const Result& result, const std::string& task) {
  for (const Failure& failure : result.failed)
    if (failure.task == task) return ", which failed: " + printable(failure.why);
  return {};
}

AnalyticPair run_and_law(const Result& result, const std::filesystem::path& directory) {
  const Experiment experiment = parse_experiment(result.experiment, "the file's experiment", directory);
  const bool is_on_line = !depends_on_angle(experiment.process, experiment.grid);
  const std::optional<AffineProcess> process =
      is_on_line ? AffineProcess::of(experiment.process) : std::nullopt;
  AnalyticPair pair;
  for (const Task& task : experiment.tasks) {
    const Group* group = result.find(task.name);
    if (group == nullptr)
      pair.remarks.push_back(task.name + ": the file does not hold this task" + why_not(result, task.name));
    else
      add_task(experiment, process, task, *group, pair);
  }
  if (pair.law.groups.empty())
    throw NoClosedForm(pair.remarks.empty() ? "the experiment has no task" : pair.remarks.front());
  return pair;
}

}  // namespace

void check_grid(const Grid& grid, const Group& group) {
  for (const Axis& axis : grid.axes()) {
    const Coordinate* coordinate = group.coordinate(axis.name);
    const std::vector<double> centres = axis.centres();
    const auto near = [&](double a, double b) { return std::abs(a - b) <= 1e-12 * axis.length(); };
    if (coordinate == nullptr || !std::equal(centres.begin(), centres.end(), coordinate->values.begin(),
                                             coordinate->values.end(), near))
      throw ResultFileError(group.name + ": axis " + axis.name + " is not that of the file's own experiment");
  }
}

Comparison compare_analytic(const Result& run, const std::filesystem::path& directory, double rtol,
                            double atol) {
  const AnalyticPair pair = run_and_law(run, directory);
  Comparison comparison = compare_results(pair.run, pair.law, rtol, atol);
  comparison.remarks.insert(comparison.remarks.end(), pair.remarks.begin(), pair.remarks.end());
  return comparison;
}

}  // namespace umkehr
