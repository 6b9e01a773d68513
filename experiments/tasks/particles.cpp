// SPDX-License-Identifier: GPL-3.0-or-later
// The task "particles" (2.2, 2.19, 2.31, 3.40, 3.41): paths of the process, of its reversal or along its probability flow, and
// what is estimated of them, each number beside its standard error.
#include "solver/particles/particles.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <stdexcept>

#include "experiments/input/axes_input.hpp"
#include "experiments/tasks/shared/closed_forms.hpp"
#include "experiments/tasks/shared/particle_estimates.hpp"
#include "experiments/tasks/shared/score_input.hpp"
#include "experiments/tasks/shared/task_cost.hpp"
#include "experiments/tasks/shared/task_group.hpp"
#include "experiments/tasks/shared/task_reader.hpp"
#include "experiments/text/short_number.hpp"
#include "grids/failure.hpp"
#include "solver/particles/brownian_source.hpp"
#include "solver/particles/known_score.hpp"
#include "solver/particles/log_likelihood.hpp"
#include "solver/particles/multilevel.hpp"
#include "solver/particles/sample_distances.hpp"

namespace umkehr {
namespace {

constexpr double max_count = 1e12, a_step = 4e-9;  // seconds a particle and a coordinate
constexpr double sums_at_once = 128 + 16 * 32;     // of the groups, and of the lanes of those at work
constexpr std::size_t ranked = 65536;              // particles that quantiles are taken of
constexpr std::size_t compared = 4096;             // particles and draws that distances are taken between

const std::vector<std::string>& directions() {
  static const std::vector<std::string> names = {"forward", "reverse", "flow"};
  return names;
}

const std::vector<std::string>& schemes() {
  static const std::vector<std::string> names = {"exact", "srk", "heun", "euler-maruyama", "runge-kutta"};
  return names;
}

bool has_absorbing_walls(const Space& space) {
  return space.has_grid() && std::ranges::any_of(space.axes(), [](const Axis& axis) {
           return axis.boundary == Boundary::absorbing;
         });
}

/// Of the covariances of a law over time, and of those that are kept for the times of steps.
double score_memory(const Law& initial, double d) {
  constexpr double times = 400, most = 3e8;
  const auto* mixture = std::get_if<GaussianMixture>(&initial);
  const double gaussians = mixture ? static_cast<double>(mixture->components().size()) : 0;
  return gaussians * d * d * sizeof(double) * times +
         std::min(most, 2 * times * gaussians * d * d * sizeof(double));
}

class ParticlesTask final : public Task {
 public:
  explicit ParticlesTask(TaskReader& in) {
    choices_.direction = in.choice("direction", ParticleDirection::forward);
    read_laws(in);
    read_motion(in);
    choices_.ensemble.seed = in.count("seed");
    if (TomlValue* tolerance = in.section.find("tolerance"))
      read_levels(in, *tolerance);
    else
      read_ensemble(in);
  }

  TaskText text() const override {
    if (tolerance_ > 0) return {"multilevel", choices_.scheme, "tolerance " + short_number(tolerance_)};
    const std::string steps = choices_.dt > 0 ? "dt " + short_number(choices_.dt) : "usual steps";
    return {directions()[static_cast<std::size_t>(choices_.direction)], choices_.scheme,
            short_number(static_cast<double>(choices_.ensemble.count)) + " particles, " + steps};
  }

  void check(const Problem& on) const override { particle_scheme_for(problem(on, nullptr), choices_); }

  TaskCost cost(const Problem& on) const override {
    if (tolerance_ > 0) {
      const double steps = choices_.dt > 0 ? (on.stop - on.start) / choices_.dt : 16;
      return {steps, a_step * steps * axes_of(on) / (tolerance_ * tolerance_),
              "tolerance " + short_number(tolerance_)};
    }
    const double steps = choices_.dt > 0 ? (on.stop - on.start) / choices_.dt : 200;
    return {steps, a_step * steps * axes_of(on) * static_cast<double>(choices_.ensemble.count),
            short_number(static_cast<double>(choices_.ensemble.count)) + " particles"};
  }

  TaskMemory memory(const Problem& on) const override {
    if (tolerance_ > 0) return {2.0 * (1 << 16) * (axes_of(on) + 3) * sizeof(double), 1 << 12};
    const double kept =
        times_of(on) * axes_of(on) * static_cast<double>(std::max(keep_, sampled())) * sizeof(double);
    const double bins =
        bins_ ? 40 * times_of(on) * static_cast<double>(bins_->grid.size()) * sizeof(double) : 0;
    const double d = axes_of(on), pairs = d > 10 ? d : d * (d + 1) / 2,
                 rows = 4 + d + pairs + static_cast<double>(observables_.size());
    const double laws = is_back() && known_ ? score_memory(known_->initial(), d) : 0;
    return {2 * kept + bins + laws + sums_at_once * rows * times_of(on) * sizeof(double), kept + bins / 20};
  }

  SolvedTask solve(const Problem& on, Replays& earlier, const Progress& progress) const override {
    if (tolerance_ > 0) return solve_levels(on, progress);
    std::vector<std::string> warnings;
    const ParticlesProblem problem = this->problem(on, &earlier);
    std::vector<double> likelihoods;
    const auto [found, seconds] = timed([&] {
      if (points_) likelihoods = log_likelihood(likelihood(on), *points_);
      return solve_particles(problem, with_sample(), progress);
    });
    TaskGroup group(*this, bins_ ? Space(bins_->grid) : on.grid, attributes(found));
    group.add_coordinate({"t", on.times, "time t of the process"});
    add_weights(group, found);
    add_moments(group, on.grid.names(), found);
    add_functions(group, observable_names_, found);
    if (bins_) add_histogram(group, found);
    if (!found.passage.empty()) add_passage(group, found);
    if (found.value) add_estimate(group, "value", *found.value);
    if (found.path_kl) add_estimate(group, "path_kl", *found.path_kl);
    if (!quantiles_.empty())
      add_quantiles(group, on.grid.names(), quantiles_, std::min(ranked, choices_.ensemble.count), found);
    if (target_) add_distances(group, distances(on, found));
    if (keep_ > 0) add_positions(group, keep_, found);
    if (points_) add_likelihoods(group, std::move(likelihoods));
    return group.solved(seconds, warnings, found.steps);
  }

  std::vector<TaskExtent> extents() const override {
    std::vector<TaskExtent> all = {{"number of kept paths", {static_cast<double>(keep_)}}};
    if (!quantiles_.empty()) all.push_back({"list of quantiles", quantiles_});
    if (points_) all.push_back({"number of points", {static_cast<double>(points_->count())}});
    if (bins_ && !bins_->coordinates.empty())
      for (const Axis& axis : bins_->grid.axes())
        all.push_back({"bins along " + axis.name, {axis.from, axis.to, static_cast<double>(axis.points)}});
    return all;
  }

  void add_closed_form(const Group& run, ClosedForms& known) const override { known.none(run.name); }

 private:
  bool is_back() const { return choices_.direction != ParticleDirection::forward; }

  void read_ensemble(TaskReader& in) {
    choices_.ensemble.count = in.count("count");
    choices_.ensemble.antithetic = in.flag("antithetic", false);
    choices_.ensemble.branches = in.choice("kill", std::size_t{0}) == 1;
    if (is_back() && !final_ && !known_) in.require("final");
    read_kept(in);
    read_quantiles(in);
    read_bins_of(in);
    read_steps(in);
    read_functions(in);
    read_points_of(in);
    followed = followed_law(in);
  }

  /// The expectation of `terminal` to a tolerance, by levels of steps.
  void read_levels(TaskReader& in, const TomlValue& tolerance) {
    tolerance_ = read_number(tolerance, "tolerance", in.known("tolerance").range);
    if (is_back()) refuse(tolerance, "tolerance", "is for particles that go forward alone");
    for (const char* key : {"count", "keep", "quantiles", "antithetic", "kill", "steps", "observables",
                            "control", "bins", "points"})
      if (const TomlValue* value = in.section.find(key))
        refuse(*value, key, "does not go with `tolerance`, by which `value` alone is estimated");
    read_steps(in);
    if (const TomlValue* scheme = in.section.find("scheme"); scheme && choices_.scheme == "exact")
      refuse(*scheme, "scheme", "has no steps to refine; with `tolerance` it is srk, heun or euler-maruyama");
    terminal_ = in.terminal();
    terminal_text_ = in.section.find("terminal")->string;
  }

  SolvedTask solve_levels(const Problem& on, const Progress& progress) const {
    const ParticlesProblem problem = this->problem(on, nullptr);
    const MultilevelChoices choices{tolerance_, choices_.scheme, choices_.dt, choices_.ensemble.seed};
    const auto [found, seconds] = timed([&] { return solve_multilevel(problem, choices, progress); });
    TaskGroup group(*this, on.grid,
                    {{"method", "multilevel"},
                     {"scheme", found.scheme},
                     {"seed", std::to_string(choices_.ensemble.seed)},
                     {"generator", std::string(BrownianSource::name)},
                     {"terminal", terminal_text_}});
    add_estimate(group, "value", found.value);
    group.add_scalar("bias_error", found.bias_error);
    group.add_scalar("cost_ratio", found.cost_ratio);
    add_levels(group, found.levels);
    return group.solved(seconds, {});
  }

  void read_laws(TaskReader& in) {
    if (!is_back()) {
      law_ = in.density("initial");
      find_for(in, "final", false, "reverse and flow");
      return;
    }
    if (std::optional<Law> initial = in.density_if_given("initial")) {
      target_ = *initial;
      known_ = std::make_shared<KnownScore>(in.input.process.process, in.space().grid_if_any(), *initial,
                                            in.input.times.start, in.input.times.stop);
    }
    final_ = in.density_if_given("final");
    if (!final_ && !known_)
      refuse(in.require("initial"), "initial",
             "is needed: what it becomes at `stop` is where the particles begin");
  }

  void read_motion(TaskReader& in) {
    if (TomlValue* score = find_for(in, "score", is_back(), "reverse and flow")) read_given_score(in, *score);
    if (TomlValue* control = find_for(in, "control", !is_back(), "forward")) read_control(in, *control);
    if (is_back() && !score_ && !known_) in.require("score");
  }

  /// The law at `start` whose density on the grid the histogram follows; nothing where a control, a score of one's own or
  /// what reversal cannot bring back makes it another one.
  std::optional<Law> followed_law(const TaskReader& in) const {
    if (!is_back()) return control_ || !control_of.empty() ? std::nullopt : law_;
    const bool loses =
        in.input.process.process.killing.constant_value() != 0.0 || has_absorbing_walls(in.space());
    return score_ || final_ || loses ? std::nullopt : target_;
  }

  /// The value of a key that is for some directions alone.
  static TomlValue* find_for(TaskReader& in, const char* key, bool fits, const std::string& which) {
    TomlValue* value = in.section.find(key);
    if (value && !fits) refuse(*value, key, "is for particles that go " + which + " alone");
    return value;
  }

  void read_given_score(TaskReader& in, TomlValue& value) {
    if (const auto run = in.forward_named(value)) {
      known_ = std::make_shared<KnownScore>(in.input.process.process, in.space().grid_if_any(), run->initial,
                                            in.input.times.start, in.input.times.stop);
      if (!target_) target_ = run->initial;
      return;
    }
    WrittenScore written = read_score(value, in.input);
    check_score(written, value, in.input.times.start, in.input.times.stop, in.input);
    score_ = std::make_shared<TrialScore>(std::move(written.score));
  }

  void read_control(TaskReader& in, TomlValue& value) {
    if (in.names_a_control(value)) {
      control_of = value.string;
      return;
    }
    WrittenScore written = read_score(value, in.input);
    control_ = std::make_shared<TrialScore>(std::move(written.score));
  }

  void read_kept(TaskReader& in) {
    const TomlValue& keep = in.section.with_default("keep", TomlValue::of(std::int64_t{0}));
    if (keep.is(TomlValue::Kind::boolean))
      keep_ = keep.boolean ? choices_.ensemble.count : 0;
    else
      keep_ = read_count(keep, "keep", 0, choices_.ensemble.count);
  }

  void read_bins_of(TaskReader& in) {
    if (TomlValue* given = in.section.find("bins"))
      bins_ = read_bins(*given, in.space().names());
    else if (in.space().has_grid())
      bins_ = {in.grid(), {}};
  }

  void read_points_of(TaskReader& in) {
    TomlValue* given = find_for(in, "points", choices_.direction == ParticleDirection::flow, "flow");
    if (!given) return;
    points_ = read_points(*given, "points", in.input.laws);
    try {
      check_flow_likelihood(in.input.process.process, *score());
    } catch (const UnfitProblem& wrong) {
      refuse(*given, "points", std::string("have no likelihoods: ") + wrong.what());
    }
  }

  std::shared_ptr<const Score> score() const {
    return score_ ? std::shared_ptr<const Score>(score_) : known_;
  }

  /// Of the law with which reverse and flow begin.
  void log_density_at_stop(const Problem& on, const Points& x, std::span<double> out) const {
    if (!final_) return known_->log_density_at_stop(x, out);
    if (const auto* mixture = std::get_if<GaussianMixture>(&*final_)) return mixture->log_density(x, out);
    density_at(*final_, on.grid, x, out);
    for (double& density : out) density = std::log(std::max(density, std::numeric_limits<double>::min()));
  }

  void read_steps(TaskReader& in) {
    if (TomlValue* scheme = in.section.find("scheme")) {
      choices_.scheme = schemes()[in.choice("scheme", std::size_t{1})];
      check_scheme(*scheme);
    }
    for (const char* key : {"dt", "steps"})
      if (TomlValue* value = in.section.find(key); value && choices_.direction == ParticleDirection::flow)
        refuse(*value, key, "is not for the flow, whose steps adapt");
    if (const TomlValue* dt = in.section.find("dt"))
      choices_.dt = read_number(*dt, "dt", {0, in.input.times.stop - in.input.times.start, false, true});
    if (const TomlValue* part = in.section.find("path_step")) read_path_step(in, *part);
    if (choices_.direction != ParticleDirection::flow)
      choices_.logarithmic = in.choice("steps", std::size_t{0}) == 1;
  }

  void read_path_step(TaskReader& in, const TomlValue& part) {
    const double length = in.input.times.stop - in.input.times.start;
    choices_.path_step = read_number(part, "path_step", {0, length, false, true});
    if (choices_.direction == ParticleDirection::flow || tolerance_ > 0)
      refuse(part, "path_step", "is neither for the flow nor for levels by `tolerance`");
    if (!(choices_.dt > 0)) refuse(part, "path_step", "needs `dt`, a multiple of it");
    const double parts = choices_.dt / choices_.path_step;
    if (parts < 1 - 1e-9 || std::abs(parts - std::round(parts)) > 1e-9 * parts)
      refuse(part, "path_step", "does not go a whole number of times into dt = " + short_number(choices_.dt));
  }

  void check_scheme(const TomlValue& value) const {
    const bool is_flow = choices_.direction == ParticleDirection::flow;
    if (is_flow != (choices_.scheme == "runge-kutta"))
      refuse(value, "scheme",
             is_flow ? "must be \"runge-kutta\", which is the scheme of the flow" : "is for the flow alone");
  }

  void read_functions(TaskReader& in) {
    if (find_for(in, "terminal", !is_back(), "forward")) {
      const Formula terminal = in.terminal();
      terminal_ = terminal;
      terminal_text_ = terminal.text();
    }
    if (TomlValue* table = in.section.find("observables")) read_observables(in, *table);
  }

  void read_observables(TaskReader& in, TomlValue& table) {
    if (!table.is(TomlValue::Kind::table))
      refuse(table, "observables", "is not a table of formulas, such as { energy = \"x^2/2\" }");
    for (const TomlEntry& entry : table.entries) {
      observable_names_.push_back(entry.key);
      observables_.emplace_back(in.input.laws.formulas.read(entry.value, entry.key));
    }
  }

  ParticlesProblem problem(const Problem& on, Replays* earlier) const {
    ParticlesProblem problem;
    problem.process = on.process;
    problem.grid = on.grid.grid_if_any();
    problem.start = on.start;
    problem.stop = on.stop;
    problem.times = on.times;
    problem.terminal = terminal_;
    problem.observables = observables_;
    if (bins_) problem.bins = bins_->grid;
    if (bins_) problem.binned = bins_->coordinates;
    problem.control = control_;
    if (!control_of.empty() && earlier) problem.control = earlier->controls.at(control_of);
    if (is_back()) {
      problem.score = score();
      problem.law = final_ ? *final_ : earlier ? known_->law_at_stop() : GaussianMixture();
    } else {
      problem.law = *law_;
    }
    return problem;
  }

  std::size_t sampled() const { return !quantiles_.empty() ? ranked : target_ ? compared : 0; }

  void read_quantiles(TaskReader& in) {
    TomlValue* value = in.section.find("quantiles");
    if (!value) return;
    if (!value->is(TomlValue::Kind::array) || value->elements.empty() || value->elements.size() > 1000)
      refuse(*value, "quantiles", "is not a list of 1 to 1000 probabilities");
    quantiles_ = read_numbers(*value, "quantiles", value->elements.size(), {0, 1, false, false});
    if (std::adjacent_find(quantiles_.begin(), quantiles_.end(), std::greater_equal<>()) != quantiles_.end())
      refuse(*value, "quantiles", "does not ascend");
  }

  /// Distances need positions at the last of the steps.
  ParticleChoices with_sample() const {
    ParticleChoices choices = choices_;
    choices.ensemble.keep = std::max(keep_, std::min(sampled(), choices.ensemble.count));
    return choices;
  }

  std::map<std::string, std::string> attributes(const ParticlesSolution& found) const {
    std::map<std::string, std::string> all = {
        {"method", directions()[static_cast<std::size_t>(choices_.direction)]},
        {"scheme", found.scheme},
        {"count", std::to_string(choices_.ensemble.count)},
        {"seed", std::to_string(choices_.ensemble.seed)},
        {"generator", std::string(BrownianSource::name)}};
    if (terminal_) all["terminal"] = terminal_text_;
    return all;
  }

  FlowLikelihood likelihood(const Problem& on) const {
    return {on.process, score(),
            [&](const Points& x, std::span<double> out) { log_density_at_stop(on, x, out); }, on.start,
            on.stop};
  }

  SampleDistances distances(const Problem& on, const ParticlesSolution& found) const {
    const Grid* grid = on.grid.has_grid() ? &on.grid.grid() : nullptr;
    return distances_to(*target_, grid, found.kept.front(), choices_.ensemble.seed);
  }

  ParticleChoices choices_;
  double tolerance_ = 0;  // 0: particles by `count`
  std::optional<Law> law_, final_, target_;
  std::shared_ptr<const KnownScore> known_;  // of the law that `initial`, or an earlier task, becomes
  std::shared_ptr<const TrialScore> score_, control_;
  std::optional<Coefficient> terminal_;
  std::string terminal_text_;
  std::vector<std::string> observable_names_;
  std::vector<Coefficient> observables_;
  std::optional<Bins> bins_;      // of the grid itself without coordinates
  std::optional<Points> points_;  // whose likelihoods are wanted
  std::vector<double> quantiles_;
  std::size_t keep_ = 0;
};

/// NAME and the standard error of it.
void add_pair(std::vector<TaskVariable>& writes, const std::string& name, const std::string& long_name,
              const std::string& equation) {
  writes.push_back({name, long_name, equation});
  writes.push_back({name + "_error", "standard error of " + long_name, equation});
}

std::vector<TaskVariable> written() {
  std::vector<TaskVariable> writes;
  add_pair(writes, "weight", "E[exp(-int V); alive]", "2.31");
  add_pair(writes, "effective_size", "effective number of particles, (sum w)^2 / sum w^2", "2.31");
  add_pair(writes, "value", "E[J1(x(stop)) exp(-int V)]", "2.29");
  add_pair(writes, "path_kl", "1/2 E int |u|^2/D dt", "3.21");
  add_pair(writes, "histogram", "density of the particles", "2.6");
  add_pair(writes, "first_passage", "weight that left through a wall since the time before", "2.6");
  add_pair(writes, "energy_distance", "energy distance of the particles from the target", "3.41");
  add_pair(writes, "maximum_mean_discrepancy", "squared maximum mean discrepancy from the target", "3.41");
  add_pair(writes, "sliced_wasserstein", "sliced Wasserstein distance from the target", "3.41");
  writes.push_back({"quantile_*", "quantiles of *, or their standard error", "2.2"});
  writes.push_back({"bias_error", "bias of value by the steps in time", "2.29"});
  writes.push_back({"level_mean", "mean of the difference of a level from the one before", "2.29"});
  writes.push_back({"level_variance", "variance of that difference", "2.29"});
  writes.push_back({"level_count", "samples of the level", "2.29"});
  writes.push_back({"level_cost", "steps in time of one sample of the level", "2.29"});
  writes.push_back({"cost_ratio", "cost of plain sampling over that of levels", "2.29"});
  writes.push_back({"position", "places of the first particles", "2.2"});
  writes.push_back({"position_weight", "their weights", "2.31"});
  writes.push_back({"log_likelihood", "ln P at `start` of each point, along the probability flow", "3.41"});
  writes.push_back({"mean_*", "mean of *, or its standard error", "2.2"});
  writes.push_back({"covariance_*", "covariance of *, or its standard error", "2.2"});
  writes.push_back({"observable_*", "average of *, or its standard error", "2.2"});
  return writes;
}

}  // namespace

TaskKind particles_task() {
  using enum TaskKey::Type;
  return {
      "particles",
      {{"direction", word, "which way particles go", {}, {}, {}, directions()},
       {"initial", density, "where particles start, at `start`; for reverse and flow the law to come back"},
       {"final", density, "where reverse and flow begin, at `stop`; usually what `initial` becomes"},
       {"score", other,
        "of reverse and flow: an earlier task, formulas or { field, variable }; usually the exact one"},
       {"control", other, "an extra drift: a bridge or hjb task, or formulas"},
       {"count",
        count,
        "how many particles",
        {},
        count_range(1, static_cast<std::size_t>(max_count)),
        usual_count(100'000)},
       {"tolerance",
        number,
        "instead of count: the relative error of value, by levels of steps",
        {},
        any_tolerance},
       {"scheme", word, "how steps are taken", {}, {}, {}, schemes()},
       {"dt", number, "the longest step in time"},
       {"path_step", number,
        "of the parts that the noise is made of, so that runs with other dt see one path"},
       {"steps",
        word,
        "how steps follow each other; geometric ones shrink towards the data end",
        {},
        {},
        {},
        {"equal", "geometric"}},
       {"seed", count, "of the random numbers", {}, count_range(0, std::size_t{1} << 53), usual_count(0)},
       {"kill", word, "whether killing takes weight or particles", {}, {}, {}, {"weights", "branch"}},
       {"antithetic", other, "whether particles come in pairs with opposite noise, true or false"},
       {"keep", other, "how many whole paths to write, or true for all"},
       {"bins", other,
        "of the histogram: a table of one or two coordinates, NAME = { from, to, points }; usually the "
        "grid's cells"},
       {"points", other, "whose ln P at `start` the flow finds: a list, or a file as of samples"},
       {"quantiles", other, "probabilities whose quantiles are wanted, of the first 65536 particles"},
       {"terminal", formula, "J1, whose expectation at `stop` is wanted"},
       {"observables", other, "a table NAME = formula, averaged at each saved time"}},
      written(),
      read_as<ParticlesTask>,
      true,
      false};
}

}  // namespace umkehr
