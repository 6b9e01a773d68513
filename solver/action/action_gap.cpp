// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/action/action_gap.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <memory>
#include <sstream>

#include "grids/adaptive_quadrature.hpp"
#include "grids/failure.hpp"
#include "solver/action/action.hpp"
#include "solver/action/denoising_constant.hpp"
#include "solver/action/denoising_loss.hpp"
#include "solver/action/path_divergence.hpp"
#include "solver/law/circle.hpp"
#include "solver/reversal/reverse_model.hpp"
#include "solver/score/grid_at_time.hpp"
#include "solver/score/mixture_between_nodes.hpp"
#include "solver/score/numerical_path.hpp"

namespace umkehr {
namespace {

constexpr double loose_quadrature = 1e-5, field_tolerance = 1e-7;
constexpr double noteworthy_error = 1e-3, max_error = 0.05;  // of the gap, that the cells of a law leave
constexpr double short_step = 0.01, resolved = 0.4;          // of the least width of the exact law

std::vector<double> diffusion_at(const Process& process, double t) {
  std::vector<double> out;
  for (const Coefficient& diffusion : process.diffusion) out.push_back(diffusion(t));
  return out;
}

Components room(std::size_t dimension, const Points& x) {
  return Components(dimension, std::vector<double>(x.count()));
}

/// sum_k D_k/2 E |S_k - d_k ln P|^2 under `weight`, d ln P that of `exact`.
double mismatch(const LawAtTime& weight, const LawAtTime& exact, const TrialScore& score,
                const std::vector<double>& diffusion, double t) {
  const auto f = [&](const Points& x, std::vector<std::vector<double>>& out) {
    Components truth = room(diffusion.size(), x), model = truth;
    exact.score(x, truth);
    score(x, truth, t, model);
    std::fill(out[0].begin(), out[0].end(), 0.0);
    for (std::size_t k = 0; k < diffusion.size(); ++k)
      for (std::size_t i = 0; i < x.count(); ++i)
        out[0][i] += diffusion[k] / 2 * (model[k][i] - truth[k][i]) * (model[k][i] - truth[k][i]);
  };
  return weight.mean(1, f)[0];
}

/// d_k lambda = -d_k ln P by central differences of order 8.
void cost_slope(const LawAtTime& law, const Points& x, double step, std::size_t k, std::vector<double>& out) {
  constexpr double weight[] = {4.0 / 5, -1.0 / 5, 4.0 / 105, -1.0 / 280};
  std::fill(out.begin(), out.end(), 0.0);
  Points moved = x;
  std::vector<double> right(out.size()), left(out.size());
  for (int n = 1; n <= 4; ++n) {
    for (std::size_t i = 0; i < out.size(); ++i) moved[k][i] = x[k][i] + n * step;
    law.log_density(moved, right);
    for (std::size_t i = 0; i < out.size(); ++i) moved[k][i] = x[k][i] - n * step;
    law.log_density(moved, left);
    for (std::size_t i = 0; i < out.size(); ++i) out[i] -= weight[n - 1] * (right[i] - left[i]) / step;
  }
}

/// The least standard deviation of a mixture's components along an axis.
double min_width(const GaussianMixture& mixture) {
  double least = std::numeric_limits<double>::infinity();
  for (const Gaussian& gaussian : mixture.components())
    if (gaussian.weight > 0)
      least = std::min(least, std::sqrt(Eigen::VectorXd(gaussian.covariance.diagonal()).minCoeff()));
  return least;
}

/// The rate of (3.36): what (3.21) holds of u-hat less what it holds of u = -D grad lambda.
double action_rate(const LawAtTime& exact, const TrialScore& score, const std::vector<double>& diffusion,
                   double t) {
  const std::size_t d = diffusion.size();
  const auto f = [&](const Points& x, std::vector<std::vector<double>>& out) {
    Components truth = room(d, x), model = truth, slope = truth;
    exact.score(x, truth);
    score(x, truth, t, model);
    for (std::size_t k = 0; k < d; ++k) {
      if (exact.mixture())
        cost_slope(exact, x, short_step * min_width(*exact.mixture()), k, slope[k]);
      else
        for (std::size_t i = 0; i < x.count(); ++i) slope[k][i] = -truth[k][i];
    }
    std::vector<double> best(d), trial(d), of_cost(d);
    for (std::size_t i = 0; i < x.count(); ++i) {
      for (std::size_t k = 0; k < d; ++k) {
        of_cost[k] = slope[k][i];
        best[k] = -diffusion[k] * slope[k][i];
        trial[k] = diffusion[k] * model[k][i];
      }
      out[0][i] = control_terms(trial, diffusion, of_cost) - control_terms(best, diffusion, of_cost);
    }
  };
  return exact.mean(1, f)[0];
}

/// What is interpolated between points and times is not smooth enough for more.
QuadratureChoices quadrature_for(const TrialScore& score, const ActionGapChoices& choices) {
  if (score.is_field()) return {.tolerance = std::max(choices.tolerance, field_tolerance), .max_panels = 24};
  return {.tolerance = choices.tolerance};
}

/// Integrals between jumps, panels chosen in each piece.
TimeIntegral between_jumps(const TimeFunctions& f, const std::vector<TimeJump>& jumps, double start,
                           double stop, const QuadratureChoices& choices) {
  TimeIntegral all;
  std::vector<double> doubt;
  for (const TimePiece& piece : pieces_between(jumps, start, stop)) {
    const TimeIntegral one = integrate(f, piece.start, piece.stop, choices);
    all.value.resize(one.value.size());
    doubt.resize(one.value.size());
    for (std::size_t j = 0; j < one.value.size(); ++j) {
      all.value[j] += one.value[j];
      doubt[j] += one.error * std::abs(one.value[j]);
    }
    if (!all.edges.empty()) all.edges.pop_back();
    all.edges.insert(all.edges.end(), one.edges.begin(), one.edges.end());
  }
  for (std::size_t j = 0; j < doubt.size(); ++j)
    if (doubt[j] > 0) all.error = std::max(all.error, doubt[j] / std::abs(all.value[j]));
  return all;
}

/// Integrals over fixed panels, where the exact law is known only there.
TimeIntegral on_panels(const TimeFunctions& f, const std::vector<double>& edges) {
  const TimeNodes nodes = panel_nodes(edges);
  TimeIntegral out;
  out.edges = edges;
  for (std::size_t n = 0; n < nodes.time.size(); ++n) {
    const std::vector<double> values = f(nodes.time[n]);
    out.value.resize(values.size());
    for (std::size_t j = 0; j < values.size(); ++j) out.value[j] += nodes.weight[n] * values[j];
  }
  return out;
}

}  // namespace

void check_action_gap(const Process& process, const Grid& grid, const TrialScore& score, double origin,
                      double start, double stop) {
  if (process.killing.constant_value() != 0.0)
    throw UnfitProblem("the action gap is that of reversing a process without killing; leave `killing` out");
  if (process.dimension() != grid.dimension() || score.dimension() != grid.dimension())
    throw UnfitProblem("the process, the grid and the score differ in dimension");
  if (!(origin <= start && start < stop)) throw UnfitProblem("the action gap needs origin <= start < stop");
  score.check_times(start, stop);
}

namespace {

void add_constant(const Process& process, const Grid& grid, const Law& initial, double origin, double start,
                  double stop, ActionGap& gap) {
  const GaussianMixture* mixture = std::get_if<GaussianMixture>(&initial);
  const std::optional<AffineProcess> affine = AffineProcess::of(process);
  if (!mixture || !affine || has_circle(grid)) {
    const char* needed = !mixture  ? "an initial law that is a mixture"
                         : !affine ? "a drift that is affine in the axes"
                                   : "axes that are not periodic";
    gap.warnings.push_back(std::string("dsm_constant is left out: its exact form needs ") + needed +
                           " (3.43)");
    return;
  }
  const double constant = denoising_constant(*affine, *mixture, origin, start, stop);
  if (std::isfinite(constant))
    gap.dsm_constant = constant;
  else
    gap.warnings.push_back("dsm_constant is left out: it is infinite for a density at start = " +
                           std::to_string(start) + "; take a later `start`");
}

/// The gap by particles, whose failure leaves the rest as it is.
void add_particles(const PathDivergenceProblem& paths, const Law& initial, double origin,
                   const ActionGapChoices& choices, ActionGap& gap, const Progress& progress) {
  if (choices.particles == 0) return;
  const auto unless_it_fails = [&](const char* names, const auto& estimate) {
    try {
      estimate();
    } catch (const NumericalFailure& failure) {
      gap.warnings.push_back(std::string(names) + " left out: " + failure.what());
    } catch (const UnfitProblem& failure) {  // laws that are too large, or have no draws
      gap.warnings.push_back(std::string(names) + " left out: " + failure.what());
    }
  };
  unless_it_fails("gap_path_kl is", [&] {
    gap.path_kl = path_divergence(
        paths, {.particles = choices.particles, .seed = choices.seed, .steps = choices.steps}, progress);
  });
  if (!gap.dsm_constant) return;
  unless_it_fails("dsm and gap_dsm are", [&] {
    gap.dsm = denoising_loss({paths.process, std::get<GaussianMixture>(initial), origin, paths.exact,
                              paths.score, paths.start, paths.stop},
                             {.particles = choices.particles, .seed = choices.seed});
    gap.dsm_gap = Estimate{gap.dsm->value - *gap.dsm_constant, gap.dsm->error};
  });
}

/// The mismatch under the model's law, on cells that also resolve the exact score.
double under_model(const LawAtTime& model, const LawAtTime& exact, const TrialScore& score,
                   const std::vector<double>& diffusion, double t) {
  const auto* gridded = dynamic_cast<const GridAtTime*>(&model);
  if (!gridded || !exact.mixture()) return mismatch(model, exact, score, diffusion, t);
  return mismatch(gridded->refined(resolved * min_width(*exact.mixture())), exact, score, diffusion, t);
}

void add_model(const Process& process, const Grid& grid, const std::shared_ptr<const LawPath>& exact,
               const TrialScore& score, double start, double stop, const std::vector<double>& edges,
               const ActionGapChoices& choices, const std::vector<TimeJump>& jumps, ActionGap& gap,
               const Progress& progress) {
  const auto leave_out = [&](const std::exception& failure) {
    gap.warnings.push_back(std::string("endpoint_kl and gap_feasible are left out: ") + failure.what());
  };
  const TimeNodes nodes = panel_nodes(edges);
  std::vector<double> times = nodes.time;
  times.insert(times.begin(), start);
  try {
    if (!std::is_sorted(times.begin(), times.end(), std::less_equal<>()))
      throw NumericalFailure("its integrals over time have not settled when their nodes meet");
    const ReverseModel model =
        reverse_model(process, grid, between_nodes(exact, edges), score, start, stop, times,
                      {.tolerance = quadrature_for(score, choices).tolerance, .jumps = jumps}, progress);
    gap.exact_model = model.is_closed_form;
    gap.warnings.insert(gap.warnings.end(), model.warnings.begin(), model.warnings.end());
    gap.endpoint_kl = relative_entropy(*exact->at(start), *model.law.front());
    double feasible = 0;
    for (std::size_t n = 0; n < nodes.time.size(); ++n) {
      const double t = nodes.time[n];
      feasible +=
          nodes.weight[n] * under_model(*model.law[n + 1], *exact->at(t), score, diffusion_at(process, t), t);
    }
    gap.feasible = feasible;
  } catch (const NumericalFailure& failure) {
    leave_out(failure);
  } catch (const UnfitProblem& failure) {  // a law that the model makes, which no grid bears
    leave_out(failure);
  }
}

Grid with_half_the_cells(const Grid& grid) {
  std::vector<Axis> axes = grid.axes();
  for (Axis& axis : axes) axis.points = std::max<std::size_t>(2, (axis.points + 1) / 2);
  return Grid(std::move(axes));
}

/// Holds the gap against that of a law on half of the cells.
void add_error(const Process& process, const Grid& grid, const Law& initial, double origin,
               const TrialScore& score, double start, double stop, const ActionGapChoices& choices,
               ActionGap& gap) {
  // A gap between scores that are both but rounding is none.
  const double gap_scale = std::max(gap.score_matching, 1e-12);
  std::ostringstream text;
  try {
    const std::shared_ptr<const LawPath> law =
        law_path(process, with_half_the_cells(grid), initial, origin, start, stop, choices.forward);
    const double coarse =
        on_panels(
            [&](double t) {
              const std::shared_ptr<const LawAtTime> at = law->at(t);
              return std::vector<double>{mismatch(*at, *at, score, diffusion_at(process, t), t)};
            },
            law->panels())
            .value[0];
    // Finite volumes are of order 2, the others of none.
    const double order = choices.forward.method == Method::finite_volume ? 3 : 1;
    gap.score_matching_error = std::abs(gap.score_matching - coarse) / order;
    if (*gap.score_matching_error <= noteworthy_error * gap_scale) return;
    text << "the cells of the law leave an error of about " << *gap.score_matching_error << " in the gap of "
         << gap.score_matching << "; more points leave less";
    if (!(*gap.score_matching_error <= max_error * gap_scale)) throw NumericalFailure(text.str());
  } catch (const NumericalFailure& failure) {
    if (gap.score_matching_error) throw;
    text << "what the cells of the law leave of an error in the gap is not known: on half of them "
         << failure.what();
  }
  gap.warnings.push_back(text.str());
}

}  // namespace

ActionGap action_gap(const Process& process, const Grid& grid, const Law& initial, double origin,
                     const TrialScore& score, double start, double stop, const ActionGapChoices& given,
                     const Progress& progress) {
  check_action_gap(process, grid, score, origin, start, stop);
  const auto part = [&](double offset, double share) {
    return [&progress, offset, share](double fraction) {
      if (progress) progress(offset + share * fraction);
    };
  };
  std::vector<Formula> conditions = conditions_in_time(process);
  for (const Formula& condition : score.conditions_in_time()) conditions.push_back(condition);
  const std::vector<TimeJump> jumps = time_jumps(conditions, start, stop);
  ActionGapChoices choices = given;
  choices.forward.jumps = merged(std::move(choices.forward.jumps), jumps);
  const std::shared_ptr<const LawPath> exact =
      law_path(process, grid, initial, origin, start, stop, choices.forward, part(0, 0.4));
  ActionGap gap;
  gap.exact_law = exact->is_exact();
  gap.warnings = exact->warnings();
  const auto by_action = [&](double t) {
    return std::vector<double>{action_rate(*exact->at(t), score, diffusion_at(process, t), t)};
  };
  const auto by_score = [&](double t) {
    const std::shared_ptr<const LawAtTime> law = exact->at(t);
    return std::vector<double>{mismatch(*law, *law, score, diffusion_at(process, t), t)};
  };
  const std::vector<double> panels = exact->panels();
  const QuadratureChoices quadrature = quadrature_for(score, choices);
  const auto over_time = [&](const TimeFunctions& f) {
    return panels.empty() ? between_jumps(f, jumps, start, stop, quadrature) : on_panels(f, panels);
  };
  const TimeIntegral of_score = over_time(by_score);
  gap.score_matching = of_score.value[0];
  gap.action = over_time(by_action).value[0];
  gap.quadrature_error = of_score.error;
  if (of_score.error > loose_quadrature && gap.score_matching > 1e-15) {
    std::ostringstream text;
    text << "the integrals over time are known to " << of_score.error
         << " only; the score may jump in time, or `start` lie too near a point";
    gap.warnings.push_back(text.str());
  }
  if (!panels.empty()) add_error(process, grid, initial, origin, score, start, stop, choices, gap);
  add_constant(process, grid, initial, origin, start, stop, gap);
  add_particles({process, grid, exact, score, start, stop}, initial, origin, choices, gap, part(0.4, 0.2));
  add_model(process, grid, exact, score, start, stop, of_score.edges, choices, jumps, gap, part(0.6, 0.4));
  return gap;
}

double riemann_gap(const Process& process, const LawPath& exact, const TrialScore& score, double start,
                   double stop, std::size_t n) {
  const double step = (stop - start) / static_cast<double>(n);
  double sum = 0;
  for (std::size_t s = 1; s < n; ++s) {
    const double t = stop - static_cast<double>(s) * step;
    const std::shared_ptr<const LawAtTime> law = exact.at(t);
    sum += step * mismatch(*law, *law, score, diffusion_at(process, t), t);
  }
  return sum;
}

}  // namespace umkehr
