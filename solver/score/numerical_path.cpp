// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/score/numerical_path.hpp"

#include <algorithm>
#include <cmath>
#include <mutex>
#include <optional>
#include <sstream>
#include <utility>

#include "grids/adaptive_quadrature.hpp"
#include "grids/failure.hpp"
#include "solver/kolmogorov/fokker_planck.hpp"
#include "solver/law/affine.hpp"
#include "solver/law/circle.hpp"
#include "solver/law/mixture_path.hpp"
#include "solver/process/sampled_coefficient.hpp"
#include "solver/process/time_jumps.hpp"
#include "solver/score/grid_at_time.hpp"
#include "solver/score/panel_stencil.hpp"

namespace umkehr {
namespace {

constexpr std::size_t panel_count = 6;
constexpr double trusted_score = 1e-9;  // of the density's maximum
constexpr double mass_limit = 1e-6;

[[noreturn]] void refuse_point(double start) {
  std::ostringstream message;
  message << "the law is a point at t = " << start << ", where it has no score; take a later `start`";
  throw UnfitProblem(message.str());
}

/// Scaled once, so that means are over a law of mass one.
GaussianMixture of_mass_one(const GaussianMixture& law) {
  std::vector<Gaussian> components = law.components();
  for (Gaussian& gaussian : components) gaussian.weight /= law.mass();
  return GaussianMixture(std::move(components));
}

/// Panels that shrink towards `start` as the noise since `origin` does: equal in ln(int D + a cell's square).
std::vector<double> graded_panels(const Process& process, const Grid& grid, double origin, double start,
                                  double stop, const std::vector<TimeJump>& jumps) {
  const double cell = grid.axis(0).spacing();
  const auto noise = [&](double t) {
    double sum = 0;
    for (const Coefficient& diffusion : process.diffusion) sum += time_integral(diffusion, origin, t);
    return std::log(sum + cell * cell);
  };
  const double low = noise(start), high = noise(stop);
  std::vector<double> edges = {start};
  for (std::size_t n = 1; n < panel_count; ++n) {
    const double share = static_cast<double>(n) / panel_count, wanted = low + share * (high - low);
    double left = start, right = stop;
    for (int step = 0; step < 60; ++step) {
      const double middle = 0.5 * (left + right);
      (noise(middle) < wanted ? left : right) = middle;
    }
    // Half-way to equal ones, so that no panel is long where the drift is fast.
    edges.push_back(0.5 * (left + start + share * (stop - start)));
  }
  edges.push_back(stop);
  // No panel reaches across a jump.
  for (const TimeJump& jump : jumps) edges.push_back(jump.after);
  std::sort(edges.begin(), edges.end());
  edges.erase(std::unique(edges.begin(), edges.end()), edges.end());
  return edges;
}

class NumericalPath : public LawPath {
 public:
  NumericalPath(const Process& process, const Grid& grid, const Law& initial, double origin, double start,
                double stop, const KolmogorovChoices& choices, const Progress& progress)
      : grid_(grid),
        panels_(graded_panels(process, grid, origin, start, stop,
                              merged(time_jumps(process, start, stop), choices.jumps))) {
    times_ = panel_nodes(panels_).time;
    times_.insert(times_.begin(), start);
    times_.push_back(stop);
    solution_ = solve_fokker_planck(process, grid, initial, origin, times_, choices, progress);
    nodes_ = std::make_unique<Node[]>(times_.size());
    warnings_ = solution_.warnings;
    const auto [least, most] = std::minmax_element(solution_.mass.begin(), solution_.mass.end());
    if (*most - *least > mass_limit) {
      std::ostringstream text;
      text << "the mass on the grid falls from " << *most << " to " << *least
           << ", so that the reverse process is not the one that is judged; widen the axes or make their "
              "walls "
              "reflecting";
      warnings_.push_back(text.str());
    }
  }

  std::shared_ptr<const LawAtTime> at(double t) const override {
    const auto place = std::lower_bound(times_.begin(), times_.end(), t);
    if (place != times_.end() && *place == t) return saved(static_cast<std::size_t>(place - times_.begin()));
    return between(t);
  }
  std::vector<double> panels() const override { return panels_; }
  std::vector<std::string> warnings() const override { return warnings_; }

 private:
  std::shared_ptr<const GridAtTime> saved(std::size_t n) const {
    const std::span<const double> density = solution_.density[n];
    Components score;
    for (const History& component : solution_.score)
      score.emplace_back(component[n].begin(), component[n].end());
    return std::make_shared<GridAtTime>(grid_, std::vector<double>(density.begin(), density.end()),
                                        std::move(score), trusted_score);
  }

  /// By the polynomial through the 15 nodes of the panel, of the continued fields.
  std::shared_ptr<const LawAtTime> between(double t) const {
    const LagrangeStencil near =
        stencil_in_panel(panels_, std::span(times_).subspan(1, times_.size() - 2), t);
    std::vector<double> density(grid_.size());
    Components score(grid_.dimension(), std::vector<double>(grid_.size()));
    for (std::size_t i = 0; i < near.count; ++i) {
      const double weight = near.weight[i];
      const std::shared_ptr<const GridAtTime> law = node(1 + near.index[i]);
      for (std::size_t c = 0; c < density.size(); ++c) density[c] += weight * law->density()[c];
      for (std::size_t k = 0; k < score.size(); ++k)
        for (std::size_t c = 0; c < density.size(); ++c) score[k][c] += weight * law->score()[k][c];
    }
    return std::make_shared<GridAtTime>(grid_, std::move(density), std::move(score), 0.0);
  }

  std::shared_ptr<const GridAtTime> node(std::size_t n) const {
    std::call_once(nodes_[n].made, [&] { nodes_[n].law = saved(n); });
    return nodes_[n].law;
  }

  /// Made when it is first asked for.
  struct Node {
    std::once_flag made;
    std::shared_ptr<const GridAtTime> law;
  };

  Grid grid_;
  std::vector<double> panels_, times_;
  FokkerPlanckSolution solution_;
  std::vector<std::string> warnings_;
  std::unique_ptr<Node[]> nodes_;
};

}  // namespace

std::shared_ptr<const LawPath> law_path(const Process& process, const Grid& grid, const Law& initial,
                                        double origin, double start, double stop,
                                        const KolmogorovChoices& choices, const Progress& progress) {
  const GaussianMixture* mixture = std::get_if<GaussianMixture>(&initial);
  if (mixture && mixture->is_singular() && start <= origin) refuse_point(start);
  std::optional<AffineProcess> affine;
  if (mixture && !has_circle(grid)) affine = AffineProcess::of(process);
  if (!affine)
    return std::make_shared<NumericalPath>(process, grid, initial, origin, start, stop, choices, progress);
  const GaussianMixture law = affine->push(*mixture, origin, start);
  if (law.is_singular()) refuse_point(start);
  return std::make_shared<MixturePath>(std::move(*affine), of_mass_one(law), start);
}

}  // namespace umkehr
