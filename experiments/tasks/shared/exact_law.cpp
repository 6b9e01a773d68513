// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/tasks/shared/exact_law.hpp"

#include <cmath>
#include <utility>

#include "solver/law/circle.hpp"

namespace umkehr {

ExactLaw::ExactLaw(const Problem& problem, AffineProcess process, const ForwardRun& forward,
                   GaussianMixture initial)
    : grid_(problem.grid),
      centres_(grid_.centres()),
      diffusion_(problem.process.diffusion),
      start_(problem.start),
      has_cell_means_(forward.choices.method == Method::finite_volume),
      process_(std::move(process)),
      initial_(std::move(initial)) {}

GaussianMixture ExactLaw::on_line_at(double time) const {
  return process_.push(initial_, start_, time);
}

std::vector<LawSnapshot> ExactLaw::at(const std::vector<double>& times) const {
  std::vector<LawSnapshot> snapshots;
  for (std::size_t n = 0; n < times.size(); ++n) {
    GaussianMixture law = on_line_at(times[n]);
    if (law.is_singular()) continue;
    GaussianMixture around = wrapped(law, grid_);
    snapshots.push_back({n, times[n], std::move(law), std::move(around)});
  }
  return snapshots;
}

std::vector<double> ExactLaw::values_of(const std::string& variable, const LawSnapshot& snapshot) const {
  const GaussianMixture& law = snapshot.law;
  std::vector<double> values(grid_.size());
  if (variable == "mass") return {snapshot.on_line.mass()};
  if (variable == "entropy") return {has_circle(grid_) ? entropy_on_grid(law) : law.entropy()};
  if (variable == "density" && has_cell_means_) return cell_means_of(law);
  if (variable == "density") return law.density(centres_, values), values;
  if (variable == "log_density") return law.log_density(centres_, values), values;
  for (std::size_t k = 0; k < grid_.dimension(); ++k) {
    const bool is_control = variable == "control_" + grid_.axis(k).name;
    if (variable != "score_" + grid_.axis(k).name && !is_control) continue;
    law.score(centres_, k, values);
    const double factor = is_control ? diffusion_[k](snapshot.time) : 1;  // u = D S (3.34)
    for (double& value : values) value *= factor;
    return values;
  }
  return {};
}

double ExactLaw::mass_outside(const LawSnapshot& snapshot) const {
  double inside = 0;
  for (const double mean : cell_means_of(snapshot.law)) inside += mean * grid_.cell_volume();
  return 1 - inside / snapshot.on_line.mass();
}

/// The sum over centres is exact around a circle, and between walls that the law does not reach.
double ExactLaw::entropy_on_grid(const GaussianMixture& law) const {
  std::vector<double> logs(grid_.size());
  law.log_density(centres_, logs);
  double sum = 0;
  for (const double log : logs) sum -= std::exp(log) * log;
  return sum * grid_.cell_volume();
}

std::vector<double> ExactLaw::cell_means_of(const GaussianMixture& law) const {
  std::vector<double> means(grid_.size());
  law.cell_means(grid_, means);
  return means;
}

std::optional<AffineProcess> affine_process(const Problem& problem) {
  if (problem.grid.has_grid() && depends_on_angle(problem.process, problem.grid)) return std::nullopt;
  return AffineProcess::of(problem.process);
}

KnownLaw known_law(const Problem& problem, const std::optional<AffineProcess>& process,
                   const ForwardRun& forward) {
  if (!process) return {{}, not_affine};
  const auto* initial = std::get_if<GaussianMixture>(&forward.initial);
  if (initial == nullptr) return {{}, "no closed form is known, since its initial density is not a mixture"};
  return {ExactLaw(problem, *process, forward, *initial), {}};
}

}  // namespace umkehr
