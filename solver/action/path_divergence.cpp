// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/action/path_divergence.hpp"

#include <algorithm>
#include <cmath>
#include <sstream>
#include <utility>
#include <vector>

#include "grids/failure.hpp"
#include "solver/action/relaxation_measure.hpp"
#include "solver/law/sample/law_sample.hpp"
#include "solver/particles/ensemble.hpp"
#include "solver/particles/estimators.hpp"
#include "solver/particles/schemes/scheme.hpp"
#include "solver/particles/time_steps.hpp"
#include "solver/process/reversed_clock.hpp"

namespace umkehr {
namespace {

constexpr double max_memory = 1.5e9;    // bytes of laws on a grid
constexpr double narrowest_share = 16;  // a part of a law on a grid has this part of its variance at least

/// The laws at all steps: each block of particles asks for them again.
class LawsAtTimes {
 public:
  LawsAtTimes(const LawPath& path, std::vector<double> times) : times_(std::move(times)) {
    std::sort(times_.begin(), times_.end());
    times_.erase(std::unique(times_.begin(), times_.end()), times_.end());
    for (const double t : times_) laws_.push_back(path.at(t));
  }
  /// At the nearest of the times, which rounding alone keeps from being the one that is meant.
  const LawAtTime& at(double t) const {
    auto place = static_cast<std::size_t>(std::lower_bound(times_.begin(), times_.end(), t) - times_.begin());
    if (place == times_.size() || (place > 0 && t - times_[place - 1] < times_[place] - t)) --place;
    return *laws_[place];
  }
  const LawAtTime& last() const { return *laws_.back(); }

 private:
  std::vector<double> times_;
  std::vector<std::shared_ptr<const LawAtTime>> laws_;
};

double narrowest(const LawAtTime& law, std::size_t dimension) {
  if (law.mixture()) return min_variance(*law.mixture());
  const std::vector<double> variance = law.moments(dimension).variance;
  return *std::min_element(variance.begin(), variance.end()) / narrowest_share;
}

Law law_of(const LawAtTime& law, const std::optional<Grid>& grid) {
  if (law.mixture()) return *law.mixture();
  GriddedLaw gridded{grid.value(), std::vector<double>(grid->size())};
  law.log_density(grid->centres(), gridded.density);
  for (double& density : gridded.density) density = std::exp(density);
  return gridded;
}

Points first_axes(const Points& x, std::size_t dimension) {
  std::vector<std::vector<double>> axes;
  for (std::size_t k = 0; k < dimension; ++k) axes.emplace_back(x[k].begin(), x[k].end());
  return Points(std::move(axes));
}

/// On the reversed clock: steps twice as long as wanted, and their halves.
struct PathSteps {
  std::vector<double> halves, whole;

  PathSteps(const PathDivergenceProblem& on, std::size_t steps) {
    const ReversedClock clock{on.start, on.stop};
    const std::size_t d = on.process.dimension();
    const auto measure = relaxation_measure(on.process, on.start, narrowest(*on.exact->at(on.start), d),
                                            narrowest(*on.exact->at(on.stop), d));
    std::vector<Formula> conditions = conditions_in_time(on.process);
    for (const Formula& condition : on.score.conditions_in_time()) conditions.push_back(condition);
    const double dt = (on.stop - on.start) / static_cast<double>((steps + 1) / 2);
    whole = graded_steps(on.start, {on.stop}, reversed(time_jumps(conditions, on.start, on.stop), clock), dt,
                         [&](double r) { return -measure(std::clamp(clock(r), on.start, on.stop)); })
                .times;
    for (std::size_t n = 0; n + 1 < whole.size(); ++n) {
      halves.push_back(whole[n]);
      halves.push_back(whole[n] + 0.5 * (whole[n + 1] - whole[n]));
    }
    halves.push_back(whole.back());
  }
};

/// Particles with an axis more for 1/2 int u^2/D, and one for int u dW/sqrt(D).
class GirsanovPaths {
 public:
  GirsanovPaths(const PathDivergenceProblem& on, PathsOf paths, const std::vector<double>& steps)
      : on_(on),
        clock_{on.start, on.stop},
        d_(on.process.dimension()),
        paths_(paths),
        laws_(*on.exact, forward_times(steps)) {}

  double forward_time(double r) const { return std::clamp(clock_(r), clock_.start, clock_.stop); }

  EnsembleProblem problem(const std::vector<double>& steps, std::size_t axes_more) const {
    EnsembleProblem problem;
    problem.motion = {d_ + axes_more,
                      [this](const Points& x, double r, Components& out) { drift(x, r, out); },
                      [this](double r, std::span<double> out) { diffusion(r, out); }};
    problem.start = start();
    problem.steps = steps;
    problem.saved = {steps.size() - 1};
    if (!on_.exact->is_exact() && on_.grid) problem.walls = walls(axes_more);
    return problem;
  }

  /// u/D at a batch.
  Components lacking(const Points& x, double r) const {
    const double t = forward_time(r);
    Components exact(d_, std::vector<double>(x.count())), model = exact;
    scores(first_axes(x, d_), t, exact, model);
    for (std::size_t k = 0; k < d_; ++k)
      for (std::size_t i = 0; i < x.count(); ++i)
        exact[k][i] = paths_ == PathsOf::model ? model[k][i] - exact[k][i] : exact[k][i] - model[k][i];
    return exact;
  }

  void diffusion(double r, std::span<double> out) const {
    std::ranges::fill(out, 0.0);
    for (std::size_t k = 0; k < d_; ++k) out[k] = on_.process.diffusion[k](forward_time(r));
  }
  std::size_t dimension() const { return d_; }

 private:
  std::vector<double> forward_times(const std::vector<double>& steps) const {
    std::vector<double> times;
    for (const double r : steps) times.push_back(forward_time(r));
    return times;
  }

  void scores(const Points& x, double t, Components& exact, Components& model) const {
    laws_.at(t).score(x, exact);
    on_.score(x, exact, t, model);
  }

  void drift(const Points& moved, double r, Components& out) const {
    const double t = forward_time(r);
    const Points x = first_axes(moved, d_);
    Components exact(d_, std::vector<double>(x.count())), model = exact;
    scores(x, t, exact, model);
    for (std::size_t k = d_; k < out.size(); ++k) std::ranges::fill(out[k], 0.0);
    std::vector<double> forward(x.count());
    for (std::size_t k = 0; k < d_; ++k) {
      on_.process.drift[k](x, t, forward);
      const double diffusion = on_.process.diffusion[k](t);
      const std::vector<double>& score = paths_ == PathsOf::model ? model[k] : exact[k];
      for (std::size_t i = 0; i < forward.size(); ++i) {
        out[k][i] = diffusion * score[i] - forward[i];
        const double difference = exact[k][i] - model[k][i];
        out[d_][i] += diffusion / 2 * difference * difference;
      }
    }
  }

  ParticleStart start() const {
    const LawSampler sampler(law_of(laws_.last(), on_.grid), on_.grid ? &*on_.grid : nullptr);
    return {sampler.uniforms(), sampler.normals(),
            [sampler, d = d_](const Points& uniforms, const Points& normals, Points& x) {
              Points places = first_axes(x, d);
              sampler.draw(uniforms, normals, places);
              for (std::size_t k = 0; k < d; ++k) std::ranges::copy(places[k], x[k].begin());
            }};
  }

  /// What survives an absorbing wall never meets it.
  Walls walls(std::size_t axes_more) const {
    Walls walls;
    for (const Axis& axis : on_.grid->axes())
      walls.push_back(Wall{axis.boundary == Boundary::periodic ? Boundary::periodic : Boundary::reflecting,
                           axis.from, axis.to});
    walls.resize(walls.size() + axes_more);
    return walls;
  }

  const PathDivergenceProblem& on_;
  ReversedClock clock_;
  std::size_t d_;
  PathsOf paths_;
  LawsAtTimes laws_;
};

/// Another scheme's step, and Ito's sum of u dW/sqrt(D) on the last axis.
class WithItoSum final : public ParticleScheme {
 public:
  WithItoSum(const GirsanovPaths& paths, std::unique_ptr<ParticleScheme> scheme)
      : paths_(paths), scheme_(std::move(scheme)) {}
  std::string_view name() const override { return scheme_->name(); }
  double strong_order() const override { return std::min(1.0, scheme_->strong_order()); }
  double weak_order() const override { return scheme_->weak_order(); }
  bool uses_area() const override { return scheme_->uses_area(); }
  void step(const Motion& motion, double t, double h, std::size_t n, const Increments& increments, Points& x,
            StepSpace& space) const override {
    const Components lacking = paths_.lacking(x, t);
    scheme_->step(motion, t, h, n, increments, x, space);
    motion.diffusion(t, space.noise);
    for (std::size_t k = 0; k < paths_.dimension(); ++k)
      for (std::size_t i = 0; i < x.count(); ++i)
        x[x.dimension() - 1][i] += std::sqrt(space.noise[k]) * lacking[k][i] * increments.noise[k][i];
  }

 private:
  const GirsanovPaths& paths_;
  std::unique_ptr<ParticleScheme> scheme_;
};

EnsembleChoices ensemble_of(const PathDivergenceChoices& choices) {
  EnsembleChoices ensemble;
  ensemble.count = choices.particles;
  ensemble.seed = choices.seed;
  return ensemble;
}

/// Densities, their logarithms, scores and the centres at all steps.
double bytes_of_laws(const Grid& grid, std::size_t steps) {
  const auto fields = static_cast<double>(2 * grid.dimension() + 2);
  return static_cast<double>(steps) * static_cast<double>(grid.size()) * fields * sizeof(double);
}

void require_possible(const PathDivergenceProblem& on, const PathDivergenceChoices& choices) {
  if (choices.particles < 2) throw UnfitProblem("an error takes two particles at least");
  if (on.exact->is_exact() || !on.grid) return;
  const double bytes = bytes_of_laws(*on.grid, choices.steps);
  if (bytes <= max_memory) return;
  std::ostringstream text;
  text << "the laws at all steps of the particles would take " << bytes / 1e9
       << " GB; take fewer `steps` or points";
  throw UnfitProblem(text.str());
}

}  // namespace

double path_divergence_memory(const Grid& grid, std::size_t steps) {
  return std::min(bytes_of_laws(grid, steps), max_memory);
}

Estimate path_divergence(const PathDivergenceProblem& on, const PathDivergenceChoices& choices,
                         const Progress& progress) {
  require_possible(on, choices);
  const PathSteps steps(on, choices.steps);
  const GirsanovPaths paths(on, choices.paths, steps.halves);
  const std::unique_ptr<ParticleScheme> scheme = particle_scheme("heun");
  const auto run = [&](const std::vector<double>& times, std::uint32_t refinement, const Progress& report) {
    EnsembleProblem problem = paths.problem(times, 1);
    problem.functions = {1, [d = paths.dimension()](const Points& x, double, Components& out) {
                           std::ranges::copy(x[d], out[0].begin());
                         }};
    EnsembleChoices ensemble = ensemble_of(choices);
    ensemble.refinement = refinement;
    return run_ensemble(problem, *scheme, ensemble, report);
  };
  const auto share_of_progress = [&](double offset, double share) {
    return [&progress, offset, share](double fraction) {
      if (progress) progress(offset + share * fraction);
    };
  };
  const EnsembleRun fine = run(steps.halves, 1, share_of_progress(0, 2.0 / 3)),
                    coarse = run(steps.whole, 2, share_of_progress(2.0 / 3, 1.0 / 3));
  GroupedSums sums(fine.sums.sums.groups(), 2);
  for (std::size_t g = 0; g < sums.groups(); ++g) {
    const double better = fine.sums.sums[g][fine.sums.function(0, 0)],
                 worse = coarse.sums.sums[g][coarse.sums.function(0, 0)];
    sums[g][0] = (4 * better - worse) / 3;
    sums[g][1] = fine.sums.sums[g][fine.sums.weight(0)];
  }
  return sums.estimate(0, 2, [](std::span<const double> sum) { return sum[0] / sum[1]; });
}

LikelihoodRatios likelihood_ratios(const PathDivergenceProblem& on, const PathDivergenceChoices& choices,
                                   const std::string& scheme) {
  require_possible(on, choices);
  const PathSteps steps(on, choices.steps);
  const GirsanovPaths paths(on, choices.paths, steps.halves);
  EnsembleProblem problem = paths.problem(steps.halves, 2);
  problem.functions = {2, [d = paths.dimension()](const Points& x, double, Components& out) {
                         for (std::size_t i = 0; i < x.count(); ++i) {
                           out[0][i] = x[d][i] + x[d + 1][i];
                           out[1][i] = std::exp(-out[0][i]);
                         }
                       }};
  const EnsembleRun run =
      run_ensemble(problem, WithItoSum(paths, particle_scheme(scheme)), ensemble_of(choices));
  return {average(run, 0, 0), average(run, 0, 1)};
}

}  // namespace umkehr
