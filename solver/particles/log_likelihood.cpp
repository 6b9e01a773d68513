// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/particles/log_likelihood.hpp"

#include <algorithm>

#include "grids/failure.hpp"
#include "grids/machine/team.hpp"
#include "solver/particles/schemes/flow_scheme.hpp"
#include "solver/process/time_jumps.hpp"

namespace umkehr {
namespace {

constexpr std::size_t points_together = 64;
constexpr double a_flow = 1e8;  // nanoseconds: worth a thread of its own

/// d_k F_k
std::vector<Formula> drift_slopes(const Process& process) {
  std::vector<Formula> slopes;
  for (std::size_t k = 0; k < process.dimension(); ++k)
    slopes.push_back(process.drift[k].formula()->derivative(k));
  return slopes;
}

/// x, and the integral so far.
Motion likelihood_motion(const FlowLikelihood& problem) {
  const std::size_t d = problem.process.dimension();
  const auto drift = [&problem, d, slopes = drift_slopes(problem.process)](const Points& x, double t,
                                                                           Components& out) {
    Points place(d, x.count());
    for (std::size_t k = 0; k < d; ++k) std::ranges::copy(x[k], place[k].begin());
    std::vector<double> half(d), slope(x.count()), divergence(x.count());
    for (std::size_t k = 0; k < d; ++k) half[k] = problem.process.diffusion[k](t) / 2;
    Components score(d, std::vector<double>(x.count()));
    problem.score->with_divergence(place, t, half, score, divergence);
    for (std::size_t i = 0; i < x.count(); ++i) out[d][i] = -divergence[i];
    for (std::size_t k = 0; k < d; ++k) {
      problem.process.drift[k](place, t, out[k]);
      slopes[k](place, t, slope);
      for (std::size_t i = 0; i < x.count(); ++i) {
        out[k][i] -= half[k] * score[k][i];
        out[d][i] += slope[i];
      }
    }
  };
  return {d + 1, drift, [](double, std::span<double> out) { std::ranges::fill(out, 0.0); }};
}

Points some_of(const Points& points, std::size_t first) {
  Points some(points.dimension() + 1, std::min(points_together, points.count() - first));
  for (std::size_t k = 0; k < points.dimension(); ++k)
    for (std::size_t i = 0; i < some.count(); ++i) some[k][i] = points[k][first + i];
  return some;
}

void follow(const FlowLikelihood& problem, Points x, std::span<double> out) {
  const std::size_t d = problem.process.dimension();
  const Motion motion = likelihood_motion(problem);
  const FlowScheme scheme(problem.tolerance);
  StepSpace space(d + 1, x.count());
  const std::vector<TimeJump> jumps = time_jumps(problem.process, problem.start, problem.stop);
  for (const TimePiece& piece : pieces_between(jumps, problem.start, problem.stop))
    scheme.step(motion, piece.start, piece.stop - piece.start, 0, {}, x, space);
  Points place(d, x.count());
  for (std::size_t k = 0; k < d; ++k) std::ranges::copy(x[k], place[k].begin());
  problem.log_density(place, out);
  for (std::size_t i = 0; i < out.size(); ++i) out[i] += x[d][i];
}

}  // namespace

void check_flow_likelihood(const Process& process, const Score& score) {
  if (process.killing.constant_value() != 0.0)
    throw UnfitProblem(
        "the probability flow carries no law that is killed; leave out `points` or the killing");
  for (std::size_t k = 0; k < process.dimension(); ++k) {
    const Formula* drift = process.drift[k].formula();
    if (!drift || drift->may_jump_along(k))
      throw UnfitProblem("log-likelihoods need the divergence of the drift, which jumps or is no formula");
  }
  if (!score.has_divergence())
    throw UnfitProblem(
        "log-likelihoods need the divergence of the score: of formulas that do not jump nor hold the exact "
        "score, or of "
        "the exact one where no wall is met");
}

std::vector<double> log_likelihood(const FlowLikelihood& problem, const Points& points) {
  check_flow_likelihood(problem.process, *problem.score);
  std::vector<double> found(points.count());
  const std::size_t blocks = (points.count() + points_together - 1) / points_together;
  share(blocks, a_flow, [&](std::size_t block) {
    const std::size_t first = block * points_together;
    Points some = some_of(points, first);
    const std::size_t count = some.count();
    follow(problem, std::move(some), std::span(found).subspan(first, count));
  });
  return found;
}

}  // namespace umkehr
