// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/particles/particles.hpp"

#include <algorithm>
#include <cmath>

#include "grids/failure.hpp"
#include "solver/law/affine.hpp"
#include "solver/law/sample/law_sample.hpp"
#include "solver/particles/schemes/affine_scheme.hpp"
#include "solver/particles/schemes/flow_scheme.hpp"
#include "solver/particles/time_steps.hpp"
#include "solver/process/sampled_coefficient.hpp"
#include "solver/reversal/reversed_process.hpp"

namespace umkehr {
namespace {

constexpr std::size_t max_covariances = 10;  // axes of which all pairs are estimated
constexpr std::size_t pilots = 64;           // particles that say around what moments are summed
constexpr double usual_steps = 200;
constexpr std::size_t block_of_flows = 4096;  // particles: each block finds its own steps in time

bool is_back(const ParticleChoices& choices) {
  return choices.direction != ParticleDirection::forward;
}

bool has_walls(const ParticlesProblem& problem) {
  return problem.grid.has_value();
}

bool kills(const ParticlesProblem& problem, const ParticleChoices& choices) {
  return !is_back(choices) && problem.process.killing.constant_value() != 0.0;
}

/// Killing that depends on time alone weighs every path alike.
bool kills_by_place(const ParticlesProblem& problem) {
  for (std::size_t k = 0; k < problem.process.dimension(); ++k)
    if (problem.process.killing.depends_on_axis(k)) return true;
  return false;
}

class ParticleRun {
 public:
  ParticleRun(const ParticlesProblem& problem, const ParticleChoices& choices)
      : on_(problem),
        choices_(choices),
        clock_{problem.start, problem.stop},
        d_(problem.process.dimension()),
        pairs_(d_ <= max_covariances ? d_ * (d_ + 1) / 2 : d_),
        centre_(1, std::vector<double>(d_)) {}

  ParticlesSolution solve(const Progress& progress) {
    make_steps();
    make_motion();
    make_functions();
    const std::unique_ptr<ParticleScheme> scheme = make_scheme();
    find_centres(*scheme);
    EnsembleChoices choices = choices_.ensemble;
    if (choices_.path_step > 0) choices.refinement = parts_of_steps();
    if (choices_.direction == ParticleDirection::flow) choices.block = block_of_flows;
    const EnsembleRun run = run_ensemble(problem_, *scheme, choices, progress);
    return estimates(run, *scheme);
  }

 private:
  double motion_time(double t) const { return is_back(choices_) ? clock_(t) : t; }
  double forward_time(double r) const { return is_back(choices_) ? clock_(r) : r; }

  void make_steps() {
    std::vector<double> through = on_.times;
    if (on_.terminal) through.push_back(on_.stop);
    for (double& t : through) t = motion_time(t);
    std::sort(through.begin(), through.end());
    through.erase(std::unique(through.begin(), through.end()), through.end());
    const double dt =
        choices_.dt > 0 ? choices_.dt : (on_.stop - on_.start) / (needs_no_steps() ? 1 : usual_steps);
    std::vector<TimeJump> jumps = time_jumps(on_.process, on_.start, on_.stop);
    if (is_back(choices_)) jumps = reversed(jumps, clock_);
    if (choices_.direction == ParticleDirection::flow)
      steps_ = equal_steps(on_.start, through, jumps, on_.stop - on_.start);
    else
      steps_ = choices_.logarithmic
                   ? graded_steps(on_.start, through, jumps, dt, [this](double r) { return remaining(r); })
                   : equal_steps(on_.start, through, jumps, dt);
    problem_.steps = steps_.times;
    problem_.saved = steps_.saved;
  }

  /// From saved time to saved time at once.
  bool needs_no_steps() const {
    return !kills(on_, choices_) && particle_scheme_for(on_, choices_) == "exact";
  }

  /// How often path_step goes into each step.
  std::uint32_t parts_of_steps() const {
    const double first = steps_.times[1] - steps_.times[0], parts = std::round(first / choices_.path_step);
    if (!(parts >= 1) || parts * static_cast<double>(steps_.times.size()) > 2e9)
      throw UnfitProblem("`path_step` is at most `dt`, and makes at most 2e9 parts");
    for (std::size_t n = 0; n + 1 < steps_.times.size(); ++n)
      if (std::abs(steps_.times[n + 1] - steps_.times[n] - parts * choices_.path_step) > 1e-9 * first)
        throw UnfitProblem(
            "`path_step` does not go a whole number of times, the same one, into all steps; let `dt` be a "
            "multiple of it that divides the times between saved ones and jumps of coefficients");
    return static_cast<std::uint32_t>(parts);
  }

  /// -ln of the noise that lies between the data end and clock r, and a hundred thousandth of all more.
  double remaining(double r) const {
    const auto noise_until = [this](double t) {
      double noise = 0;
      for (const Coefficient& diffusion : on_.process.diffusion)
        noise += time_integral(diffusion, on_.start, t);
      return noise;
    };
    const double log_noise = std::log(noise_until(forward_time(r)) + 1e-5 * noise_until(on_.stop));
    return is_back(choices_) ? -log_noise : log_noise;
  }

  void make_motion() {
    if (!is_back(choices_)) {
      problem_.motion = motion_of(on_.process);
      add_control();
      if (kills(on_, choices_))
        problem_.killing = [this](const Points& x, double t, std::span<double> out) {
          on_.process.killing(x, t, out);
        };
    } else if (choices_.direction == ParticleDirection::reverse) {
      const auto reversal = std::make_shared<ReversedProcess>(on_.process, on_.score, clock_);
      problem_.motion = {
          d_, [reversal](const Points& x, double r, Components& out) { reversal->drift(x, r, out); },
          [reversal](double r, std::span<double> out) {
            std::ranges::copy(reversal->diffusion(r), out.begin());
          }};
    } else {
      problem_.motion = flow_motion(on_.process, on_.score, clock_);
    }
    if (has_walls(on_)) problem_.walls = walls_of(*on_.grid);
    if (is_back(choices_)) problem_.walls = walls_that_keep();
    problem_.start = start_of(on_.law, on_.grid);
    if (on_.bins) problem_.bins = {*on_.bins};
    problem_.binned = on_.binned;
  }

  void add_control() {
    if (!on_.control) return;
    problem_.motion.drift = [drift = problem_.motion.drift, control = on_.control](const Points& x, double t,
                                                                                   Components& out) {
      Components extra(out.size(), std::vector<double>(x.count()));
      drift(x, t, out);
      (*control)(x, t, extra);
      for (std::size_t k = 0; k < out.size(); ++k)
        for (std::size_t i = 0; i < extra[k].size(); ++i) out[k][i] += extra[k][i];
    };
    problem_.running = [this](const Points& x, double t, std::span<double> out) {
      Components u(d_, std::vector<double>(x.count()));
      (*on_.control)(x, t, u);
      std::ranges::fill(out, 0.0);
      for (std::size_t k = 0; k < d_; ++k) {
        const double diffusion = on_.process.diffusion[k](t);
        for (std::size_t i = 0; i < out.size(); ++i) out[i] += u[k][i] * u[k][i] / (2 * diffusion);
      }
    };
  }

  std::unique_ptr<ParticleScheme> make_scheme() const {
    const std::string name = particle_scheme_for(on_, choices_);
    if (name == "runge-kutta") return std::make_unique<FlowScheme>();
    if (name == "exact") return std::make_unique<AffineScheme>(*AffineProcess::of(on_.process), steps_.times);
    return particle_scheme(name);
  }

  /// x_k and products of two, around the pilots' means; observables; J1.
  void make_functions() {
    problem_.functions = {d_ + pairs_ + on_.observables.size() + (on_.terminal ? 1 : 0),
                          [this](const Points& x, double r, Components& out) { evaluate(x, r, out); }};
  }

  void evaluate(const Points& x, double r, Components& out) const {
    const std::vector<double>& centre = centre_[centre_.size() == 1 ? 0 : place_of(r)];
    for (std::size_t k = 0; k < d_; ++k)
      for (std::size_t i = 0; i < x.count(); ++i) out[k][i] = x[k][i] - centre[k];
    std::size_t n = d_;
    for (std::size_t j = 0; j < d_; ++j)
      for (std::size_t k = j; k < (d_ <= max_covariances ? d_ : j + 1); ++k, ++n)
        for (std::size_t i = 0; i < x.count(); ++i) out[n][i] = out[j][i] * out[k][i];
    for (const Coefficient& observable : on_.observables) observable(x, forward_time(r), out[n++]);
    if (on_.terminal) (*on_.terminal)(x, forward_time(r), out[n]);
  }

  std::size_t place_of(double r) const {
    const auto place = std::lower_bound(steps_.times.begin(), steps_.times.end(), r) - steps_.times.begin();
    const auto saved =
        std::lower_bound(steps_.saved.begin(), steps_.saved.end(), static_cast<std::size_t>(place));
    return static_cast<std::size_t>(saved - steps_.saved.begin());
  }

  /// Moments are summed around the means of a few particles, so that a law far from the origin keeps its digits.
  void find_centres(const ParticleScheme& scheme) {
    EnsembleChoices few = choices_.ensemble;
    few.count = std::min(pilots, few.count);
    few.keep = 0;
    EnsembleProblem pilot = problem_;
    pilot.bins.clear();
    pilot.killing = nullptr;
    pilot.walls = walls_that_keep();
    const EnsembleRun run = run_ensemble(pilot, scheme, few);
    std::vector<std::vector<double>> centres(steps_.saved.size(), std::vector<double>(d_));
    for (std::size_t n = 0; n < centres.size(); ++n)
      for (std::size_t k = 0; k < d_; ++k) centres[n][k] = average(run, n, k).value;
    centre_ = std::move(centres);
    if (centre_.size() == 1) centre_.push_back(centre_[0]);
  }

  Walls walls_that_keep() const {
    Walls walls = problem_.walls;
    for (std::optional<Wall>& wall : walls)
      if (wall->boundary == Boundary::absorbing) wall->boundary = Boundary::reflecting;
    return walls;
  }

  /// Of a saved time on the forward clock.
  std::size_t saved_at(double t) const { return place_of(motion_time(t)); }

  MomentEstimates moments_at(const EnsembleRun& run, std::size_t n) const {
    MomentEstimates moments;
    for (std::size_t k = 0; k < d_; ++k) {
      moments.mean.push_back(average(run, n, k));
      moments.mean.back().value += centre_[n][k];
    }
    std::size_t product = d_;
    for (std::size_t j = 0; j < d_; ++j) {
      moments.covariance.emplace_back();
      for (std::size_t k = j; k < (d_ <= max_covariances ? d_ : j + 1); ++k, ++product)
        moments.covariance.back().push_back(covariance(run, n, j, k, product));
    }
    return moments;
  }

  std::vector<Estimate> passage_at(const EnsembleRun& run, std::size_t n) const {
    std::vector<Estimate> passage;
    for (std::size_t wall = 0; wall < run.sums.walls; ++wall)
      passage.push_back(left_between(run, n == 0 ? std::nullopt : std::optional(n - 1), n, wall));
    return passage;
  }

  bool absorbs() const {
    return std::any_of(problem_.walls.begin(), problem_.walls.end(),
                       [](const auto& wall) { return wall->boundary == Boundary::absorbing; });
  }

  ParticlesSolution estimates(const EnsembleRun& run, const ParticleScheme& scheme) const {
    ParticlesSolution s;
    s.scheme = scheme.name();
    s.steps = steps_.times.size() - 1;
    for (const double t : on_.times) {
      const std::size_t n = saved_at(t);
      s.weight.push_back(mean_weight(run, n));
      s.effective_size.push_back(effective_size(run, n));
      s.moments.push_back(moments_at(run, n));
      s.observables.emplace_back();
      for (std::size_t j = 0; j < on_.observables.size(); ++j)
        s.observables.back().push_back(average(run, n, d_ + pairs_ + j));
      if (on_.bins) s.histogram.push_back(histogram(run, *on_.bins, n));
      if (absorbs()) s.passage.push_back(passage_at(run, n));
      if (choices_.ensemble.keep > 0) {
        s.kept.push_back(run.kept[n]);
        s.kept_weight.push_back(run.kept_weight[n]);
      }
    }
    const std::size_t last = run.times.size() - 1;
    if (on_.terminal) s.value = expectation(run, last, problem_.functions.count - 1);
    if (on_.control) s.path_kl = running_average(run, last);
    return s;
  }

  const ParticlesProblem& on_;
  const ParticleChoices& choices_;
  ReversedClock clock_;
  std::size_t d_, pairs_;
  TimeSteps steps_;
  EnsembleProblem problem_;
  std::vector<std::vector<double>> centre_;  // one for all, then one a saved time
};

}  // namespace

Walls walls_of(const Grid& grid) {
  Walls walls;
  for (const Axis& axis : grid.axes()) walls.push_back(Wall{axis.boundary, axis.from, axis.to});
  return walls;
}

ParticleStart start_of(const Law& law, const std::optional<Grid>& grid) {
  const LawSampler sampler(law, grid ? &*grid : nullptr);
  return {sampler.uniforms(), sampler.normals(),
          [sampler](const Points& uniforms, const Points& normals, Points& x) {
            sampler.draw(uniforms, normals, x);
          }};
}

std::string particle_scheme_for(const ParticlesProblem& problem, const ParticleChoices& choices) {
  if (is_back(choices) && !problem.score) throw UnfitProblem("going back in time takes a score");
  if (is_back(choices) && problem.control) throw UnfitProblem("a control acts forward in time alone");
  if (choices.direction == ParticleDirection::flow) return "runge-kutta";
  const bool can_be_exact = !is_back(choices) && !has_walls(problem) && !problem.control &&
                            !(kills(problem, choices) && kills_by_place(problem)) &&
                            AffineProcess::of(problem.process).has_value();
  if (choices.scheme == "exact" && !can_be_exact)
    throw UnfitProblem(
        "the exact scheme is for a forward affine process on the whole line, without control and without "
        "killing "
        "that depends on the place; take srk");
  if (choices.scheme.empty()) return can_be_exact ? "exact" : particle_schemes().front();
  return choices.scheme;
}

ParticlesSolution solve_particles(const ParticlesProblem& problem, const ParticleChoices& choices,
                                  const Progress& progress) {
  return ParticleRun(problem, choices).solve(progress);
}

}  // namespace umkehr
