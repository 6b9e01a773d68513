// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/tasks/shared/forward_law.hpp"

#include <cmath>

#include "solver/law/circle.hpp"

namespace umkehr {
namespace {

class ExactLaw : public ExactRun {
 public:
  /// At the times at which the law is no point.
  ExactLaw(const Problem& problem, const AffineProcess& process, const ForwardRun& forward,
           const GaussianMixture& initial, const std::vector<double>& times)
      : grid_(problem.grid),
        centres_(grid_.centres()),
        diffusion_(problem.process.diffusion),
        has_cell_means_(forward.choices.method == Method::finite_volume) {
    for (std::size_t n = 0; n < times.size(); ++n) {
      const GaussianMixture law = process.push(initial, problem.start, times[n]);
      if (law.is_singular()) continue;
      moments_.push_back(n);
      times_.push_back(times[n]);
      masses_.push_back(law.mass());
      laws_.push_back(wrapped(law, grid_));
    }
  }

  const std::vector<std::size_t>& moments() const { return moments_; }
  const std::vector<double>& times() const { return times_; }

  double mass_outside(std::size_t n) const {
    double inside = 0;
    for (const double mean : cell_means_of(laws_[n])) inside += mean * grid_.cell_volume();
    return 1 - inside / masses_[n];
  }

  std::vector<double> at(const std::string& name, std::size_t n) const override {
    const GaussianMixture& law = laws_[n];
    std::vector<double> values(grid_.size());
    if (name == "mass") return {masses_[n]};
    if (name == "entropy") return {has_circle(grid_) ? entropy_on_grid(law) : law.entropy()};
    if (name == "density" && has_cell_means_) return cell_means_of(law);
    if (name == "density") return law.density(centres_, values), values;
    if (name == "log_density") return law.log_density(centres_, values), values;
    for (std::size_t k = 0; k < grid_.dimension(); ++k) {
      const bool is_control = name == "control_" + grid_.axis(k).name;
      if (name != "score_" + grid_.axis(k).name && !is_control) continue;
      law.score(centres_, k, values);
      const double factor = is_control ? diffusion_[k](times_[n]) : 1;  // u = D S (3.34)
      for (double& value : values) value *= factor;
      return values;
    }
    return {};
  }

 private:
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

  const Grid& grid_;
  Points centres_;
  const std::vector<Coefficient>& diffusion_;
  bool has_cell_means_;
  std::vector<std::size_t> moments_;  // numbers of the saved times
  std::vector<double> times_, masses_;
  std::vector<GaussianMixture> laws_;  // with their images where axes are periodic
};

}  // namespace

void add_forward_law(const ForwardRun& forward, const Group& run, ClosedForms& known) {
  const AffineProcess* process = known.affine(run.name);
  if (process == nullptr) return;
  const auto* initial = std::get_if<GaussianMixture>(&forward.initial);
  if (initial == nullptr)
    return known.remark(run.name, "no closed form is known, since its initial density is not a mixture");
  known.check_grid(run);
  const std::vector<double>& times = run.coordinate("t")->values;
  const ExactLaw exact(known.problem, *process, forward, *initial, times);
  if (const std::size_t left_out = times.size() - exact.moments().size(); left_out > 0)
    known.remark(run.name, "left out " + std::to_string(left_out) +
                               " saved time(s) at which the exact law is a point and has no density");
  known.remark_on_walls(
      run.name, exact.times(), [&](std::size_t n) { return exact.mass_outside(n); },
      "law lies outside the walls, which it does not know of");
  if (!exact.moments().empty()) known.add(run, exact.moments(), exact);
}

}  // namespace umkehr
