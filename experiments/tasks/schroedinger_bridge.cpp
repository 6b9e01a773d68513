// SPDX-License-Identifier: GPL-3.0-or-later
// The task "schroedinger-bridge" (3.26-3.28): the process nearest to a reference that goes from one density to another.
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>

#include "experiments/tasks/shared/closed_forms.hpp"
#include "experiments/tasks/shared/task_cost.hpp"
#include "experiments/tasks/shared/task_group.hpp"
#include "experiments/tasks/shared/task_reader.hpp"
#include "solver/bridge/bridge.hpp"
#include "solver/bridge/bridge_check.hpp"
#include "solver/bridge/gaussian_bridge.hpp"
#include "solver/kolmogorov/narrow_feature.hpp"
#include "solver/law/affine.hpp"
#include "solver/law/circle.hpp"

namespace umkehr {
namespace {

const std::vector<std::string>& bridge_methods() {
  static const std::vector<std::string> names = {"closed-form", "propagator"};
  return names;
}

const std::vector<std::string>& propagators() {
  static const std::vector<std::string> names = {"path-integral", "finite-volume"};
  return names;
}

bool is_by_closed_form(const Process& reference, const Grid& grid) {
  const bool is_line = std::none_of(grid.axes().begin(), grid.axes().end(),
                                    [](const Axis& axis) { return axis.boundary == Boundary::periodic; });
  return is_line && AffineProcess::of(reference).has_value();
}

/// Closed forms know no walls.
bool are_walls_meant(const Grid& grid, const Law& initial, const Law& final) {
  const auto absorbs = [](const Axis& axis) { return axis.boundary == Boundary::absorbing; };
  return std::any_of(grid.axes().begin(), grid.axes().end(), absorbs) || reaches_walls(initial, grid) ||
         reaches_walls(final, grid);
}

bool couples(const Process& process) {
  for (std::size_t k = 0; k < process.dimension(); ++k)
    for (std::size_t l = 0; l < process.dimension(); ++l)
      if (k != l && process.drift[k].depends_on_axis(l)) return true;
  return false;
}

/// Files hold finite numbers: where chi vanishes its logarithm is that of the smallest double, or less where others are.
std::vector<double> finite_logarithms(const History& history) {
  std::vector<double> all = history.values();
  double least = std::log(std::numeric_limits<double>::min());
  for (const double value : all)
    if (std::isfinite(value)) least = std::min(least, value);
  for (double& value : all)
    if (value == -std::numeric_limits<double>::infinity()) value = least;
  return all;
}

/// Of a bridge between two Gaussians, by gaussian_bridge.hpp, on the line without walls.
class ExactBridge : public ExactRun {
 public:
  ExactBridge(const GaussianBridge& bridge, const Grid& grid, const std::vector<double>& times)
      : bridge_(bridge), grid_(grid), centres_(grid.centres()), times_(times) {}

  std::vector<double> once(const std::string& name) const override {
    if (name == "kl" || name == "action") return {bridge_.divergence()};
    return name == "coupling" ? coupling() : std::vector<double>();
  }

  std::vector<double> at(const std::string& name, std::size_t n) const override {
    const double t = times_[n];
    std::vector<double> values(grid_.size());
    if (name == "density") return GaussianMixture({bridge_.density(t)}).density(centres_, values), values;
    if (name == "log_chi") return bridge_.log_chi(t).values(centres_, values), values;
    if (name == "log_chi_hat") return bridge_.log_chi_hat(t).values(centres_, values), values;
    for (std::size_t k = 0; k < grid_.dimension(); ++k)
      if (name == "control_" + grid_.axis(k).name) return control(k, t);
    return {};
  }

  double mass_outside(std::size_t n) const {
    std::vector<double> means(grid_.size());
    GaussianMixture({bridge_.density(times_[n])}).cell_means(grid_, means);
    double inside = 0;
    for (const double mean : means) inside += mean * grid_.cell_volume();
    return 1 - inside;
  }

 private:
  std::vector<double> control(std::size_t axis, double t) const {
    std::vector<double> values(grid_.size());
    const AffineControl u = bridge_.control(t);
    const auto row = static_cast<Eigen::Index>(axis);
    for (std::size_t i = 0; i < values.size(); ++i) {
      values[i] = u.offset[row];
      for (std::size_t l = 0; l < grid_.dimension(); ++l)
        values[i] += u.slope(row, static_cast<Eigen::Index>(l)) * centres_[l][i];
    }
    return values;
  }

  /// At pairs of centres of the one axis, the final one fastest.
  std::vector<double> coupling() const {
    const std::span<const double> x = centres_[0];
    Points pairs(2, x.size() * x.size());
    for (std::size_t i = 0; i < x.size(); ++i)
      for (std::size_t j = 0; j < x.size(); ++j) {
        pairs[0][i * x.size() + j] = x[i];
        pairs[1][i * x.size() + j] = x[j];
      }
    std::vector<double> values(pairs.count());
    GaussianMixture({bridge_.ends()}).density(pairs, values);
    return values;
  }

  const GaussianBridge& bridge_;
  const Grid& grid_;
  Points centres_;
  const std::vector<double>& times_;
};

/// The one Gaussian that a law is, if it is.
const Gaussian* gaussian(const Law& law) {
  const auto* mixture = std::get_if<GaussianMixture>(&law);
  const bool is_one = mixture != nullptr && mixture->components().size() == 1 && !mixture->is_singular();
  return is_one ? &mixture->components().front() : nullptr;
}

class SchroedingerBridge final : public Task {
 public:
  explicit SchroedingerBridge(TaskReader& in) {
    reference_ =
        read_own_process(in.section, in.input.process, in.input.laws.formulas, in.grid(), in.input.times);
    choices_.system.tolerance = in.number("tolerance");
    choices_.system.max_iterations = in.count("iterations");
    initial_ = in.density("initial");
    final_ = in.density("final");
    read_method(in);
    if (choices_.method == BridgeMethod::propagator) read_propagator(in);
  }

  TaskText text() const override {
    return {method(), marches() ? propagator() : "", control_text({}, choices_.system.tolerance)};
  }

  void check(const Problem& on) const override {
    check_bridge(reference_, on.grid, initial_, final_, on.start, on.stop, on.times, choices_);
    require_wide_features(reference_, on.grid, on.start, on.stop);
    require_wide_features(initial_, on.grid);
    require_wide_features(final_, on.grid);
  }

  TaskCost cost(const Problem& on) const override {
    constexpr double nodes = 63, iterations = 50;
    const double d = axes_of(on), cells = cells_of(on);
    const bool is_dense = d == 1, is_product = !is_dense && (marches() || d < 3 || !couples(reference_));
    const double apply = a_kernel_entry * (is_product ? cells * std::pow(cells, 1 / d) : cells * cells);
    const double steps = marches() && !is_dense ? iterations * smooth_steps * a_volume * d * cells : 0;
    return {0, 5 * (nodes + times_of(on) + iterations) * apply + steps, rates_text(reference_, on)};
  }

  TaskMemory memory(const Problem& on) const override {
    const double coupling = axes_of(on) > 1 ? 0 : cells_of(on) * field_of(on),
                 kept = (3 + axes_of(on)) * times_of(on) * field_of(on) + coupling;
    return {kept + static_cast<double>(estimate_bridge_memory(on.grid, choices_)), kept};
  }

  SolvedTask solve(const Problem& on, Replays&, const Progress& progress) const override {
    const auto [bridge, seconds] = timed([&] {
      return solve_bridge(reference_, on.grid, initial_, final_, on.start, on.stop, on.times, choices_,
                          progress);
    });
    TaskGroup group(*this, on.grid, {{"method", method()}});
    if (marches()) group.note("propagator", propagator());
    group.add_times_and_axes(bridge.density.times());
    group.add_field("density", bridge.density.values());
    group.add_field("log_chi", finite_logarithms(bridge.log_chi));
    group.add_field("log_chi_hat", finite_logarithms(bridge.log_chi_hat));
    group.add_vector("control", bridge.control);
    if (!bridge.coupling.empty()) add_coupling(on.grid.axis(0), bridge, group);
    group.add_scalar("kl", bridge.divergence);
    group.add_scalar("kl_error", bridge.divergence_error);
    group.add_scalar("action", bridge.action);
    group.add_scalar("action_error", bridge.action_error);
    group.add_scalar("marginal_error", bridge.marginal_error);
    group.add_scalar("iterations", static_cast<double>(bridge.iterations));
    return group.solved(seconds, bridge.warnings, bridge.iterations);
  }

  void add_closed_form(const Group& run, ClosedForms& known) const override {
    const Gaussian *first = gaussian(initial_), *last = gaussian(final_);
    const std::optional<AffineProcess> process = AffineProcess::of(reference_);
    if (first == nullptr || last == nullptr || !process || has_circle(known.problem.grid))
      return known.remark(
          run.name,
          "no closed form is known of a bridge unless both ends are one Gaussian, the process "
          "is affine, and no axis is periodic");
    known.check_grid(run);
    const GaussianBridge bridge(*process, *first, *last, known.problem.start, known.problem.stop);
    const std::vector<double>& times = run.coordinate("t")->values;
    const ExactBridge exact(bridge, known.problem.grid, times);
    known.remark_on_walls(
        run.name, times, [&](std::size_t n) { return exact.mass_outside(n); },
        "bridge lies outside the walls");
    std::vector<std::size_t> moments(times.size());
    std::iota(moments.begin(), moments.end(), 0);
    known.add(run, moments, exact);
  }

  /// Attributes `killing`, the rate as it was written, and `is_killed`, "yes" or "no".
  void add_for_figures(const Problem&, const Group&, Group& out) const override {
    const Formula* rate = reference_.killing.formula();
    if (rate == nullptr) return;
    out.attributes["killing"] = rate->text();
    out.attributes["is_killed"] = reference_.killing.constant_value() == 0.0 ? "no" : "yes";
  }

 private:
  bool marches() const { return choices_.method == BridgeMethod::propagator; }
  const std::string& method() const { return bridge_methods()[static_cast<std::size_t>(choices_.method)]; }
  const std::string& propagator() const {
    return propagators()[choices_.propagator == PropagatorMethod::finite_volume];
  }

  void read_method(TaskReader& in) {
    const bool is_known = is_by_closed_form(reference_, in.grid());
    choices_.method = in.choice("method", is_known && !are_walls_meant(in.grid(), initial_, final_)
                                              ? BridgeMethod::closed_form
                                              : BridgeMethod::propagator);
    if (choices_.method == BridgeMethod::closed_form && !is_known)
      refuse(*in.section.find("method"), "method",
             "needs a process with affine drift and killing at most quadratic, and no periodic axis; take "
             "\"propagator\"");
  }

  void read_propagator(TaskReader& in) {
    const PropagatorMethod usual =
        usual_propagator(reference_, in.grid(), initial_, final_, in.input.times.start, in.input.times.stop);
    const bool by_volumes = in.choice("propagator", usual == PropagatorMethod::finite_volume);
    choices_.propagator = by_volumes ? PropagatorMethod::finite_volume : PropagatorMethod::sliced;
    if (!by_volumes && usual != PropagatorMethod::sliced && in.grid().dimension() > 1)
      refuse(*in.section.find("propagator"), "propagator",
             "needs, along several axes, a drift that is the gradient of a smooth function, and cells that "
             "its slices resolve; take \"finite-volume\"");
  }

  static void add_coupling(const Axis& axis, const Bridge& bridge, TaskGroup& group) {
    const std::vector<std::string> ends = {axis.name + "_initial", axis.name + "_final"};
    group.add_coordinate({ends[0], axis.centres(), axis.name + " at the start"});
    group.add_coordinate({ends[1], axis.centres(), axis.name + " at the stop"});
    group.add("coupling", ends, bridge.coupling);
  }

  Process reference_;  // that of the experiment, with the task's own `diffusion` and `killing`
  Law initial_, final_;
  BridgeChoices choices_;
};

}  // namespace

TaskKind schroedinger_bridge_task() {
  using enum TaskKey::Type;
  const SchroedingerChoices usual;
  return {
      "schroedinger-bridge",
      {{"initial", density, "the density at the start"},
       {"final", density, "the density at the stop", "two densities"},
       {"method", word, "where the kernel comes from", {}, {}, {}, bridge_methods()},
       {"propagator", word, "how the reference is propagated", {}, {}, {}, propagators()},
       {"tolerance", number, "the error of the marginals that is allowed", "of the marginals", any_tolerance,
        TomlValue::of(usual.tolerance)},
       {"iterations", count, "how many iterations at most", "at most", count_range(1, 10'000'000),
        usual_count(usual.max_iterations)},
       {"diffusion", other, "noise of the reference instead of the process's"},
       {"killing", other, "killing of the reference instead of the process's", "instead of the process's"}},
      {{"density", "density of the bridge, P = chi chi_hat", "3.26, 3.28"},
       {"log_chi", "ln chi", "3.26b, 3.28"},
       {"log_chi_hat", "ln chi_hat", "3.28"},
       {"control_*", "control u = D d ln chi / d*", "3.26a"},
       {"coupling", "joint density of the ends", "3.28"},
       {"kl", "D_KL(H* || G)", "3.15, 3.28"},
       {"kl_error", "error of the divergence, estimated", "3.15"},
       {"action", "action, int int P (|u|^2/2D + V)", "3.21, 3.22"},
       {"action_error", "error of the action, estimated", "3.22"},
       {"marginal_error", "L1 error of the marginals", "3.28"},
       {"iterations", "iterations of the Schroedinger system", "3.28"}},
      read_as<SchroedingerBridge>};
}

}  // namespace umkehr
