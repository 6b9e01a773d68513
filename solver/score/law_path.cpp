// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/score/law_path.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <sstream>
#include <stdexcept>

#include "grids/adaptive_quadrature.hpp"
#include "grids/interpolation/lagrange.hpp"
#include "solver/law/circle.hpp"
#include "solver/process/sampled_coefficient.hpp"
#include "solver/process/time_jumps.hpp"

namespace umkehr {
namespace {

constexpr std::size_t panel_count = 6;
constexpr double trusted_score = 1e-9;  // of the density's maximum
constexpr double mass_limit = 1e-6;

[[noreturn]] void refuse_point(double start) {
  std::ostringstream message;
  message << "the law is a point at t = " << start << ", where it has no score; take a later `start`";
  throw std::domain_error(message.str());
}

class ExactPath : public LawPath {
 public:
  ExactPath(AffineProcess process, GaussianMixture initial, double origin, double start)
      : process_(std::move(process)),
        origin_(origin),
        start_(start),
        law_(process_.push(initial, origin, start)) {
    if (law_.is_singular()) refuse_point(start);
    // Scaled once, so that means are over a law of mass one.
    std::vector<Gaussian> components = law_.components();
    for (Gaussian& gaussian : components) gaussian.weight /= law_.mass();
    law_ = GaussianMixture(std::move(components));
  }
  std::shared_ptr<const LawAtTime> at(double t) const override {
    return std::make_shared<MixtureAtTime>(process_.push(law_, start_, t));
  }
  bool is_exact() const override { return true; }

 private:
  AffineProcess process_;
  double origin_, start_;
  GaussianMixture law_;
};

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

constexpr std::size_t nodes_of_panel = 15;

/// Of the polynomial through those of the panels' nodes whose panel holds t.
LagrangeStencil stencil_at(const std::vector<double>& edges, std::span<const double> nodes, double t) {
  const auto above = std::upper_bound(edges.begin(), edges.end(), t) - edges.begin();
  const auto panel = static_cast<std::size_t>(
      std::clamp<std::ptrdiff_t>(above - 1, 0, static_cast<std::ptrdiff_t>(edges.size()) - 2));
  return {nodes, panel * nodes_of_panel, nodes_of_panel, t};
}

class MixtureBetweenNodes : public LawPath {
 public:
  MixtureBetweenNodes(const LawPath& exact, std::vector<double> edges)
      : edges_(std::move(edges)), times_(panel_nodes(edges_).time) {
    // The ends themselves are exact.
    for (const double t : {edges_.front(), edges_.back()}) ends_.push_back(exact.at(t));
    for (const double t : times_) laws_.push_back(exact.at(t));
  }
  std::shared_ptr<const LawAtTime> at(double t) const override {
    if (t <= edges_.front()) return ends_[0];
    if (t >= edges_.back()) return ends_[1];
    const LagrangeStencil near = stencil_at(edges_, times_, t);
    std::vector<Gaussian> components = ends_[0]->mixture()->components();
    for (std::size_t c = 0; c < components.size(); ++c) {
      components[c].mean.setZero();
      components[c].covariance.setZero();
      for (std::size_t i = 0; i < near.count; ++i) {
        const Gaussian& node = laws_[near.index[i]]->mixture()->components()[c];
        components[c].mean += near.weight[i] * node.mean;
        components[c].covariance += near.weight[i] * node.covariance;
      }
    }
    return std::make_shared<MixtureAtTime>(GaussianMixture(std::move(components)));
  }
  bool is_exact() const override { return true; }

 private:
  std::vector<double> edges_, times_;
  std::vector<std::shared_ptr<const LawAtTime>> ends_, laws_;
};

/// Passes another one on.
class SamePath : public LawPath {
 public:
  explicit SamePath(const LawPath& other) : other_(other) {}
  std::shared_ptr<const LawAtTime> at(double t) const override { return other_.at(t); }
  bool is_exact() const override { return other_.is_exact(); }

 private:
  const LawPath& other_;
};

class NumericalPath : public LawPath {
 public:
  NumericalPath(const Process& process, const Grid& grid, const Law& initial, double origin, double start,
                double stop, const KolmogorovChoices& choices, const Progress& progress)
      : grid_(grid),
        start_(start),
        stop_(stop),
        panels_(graded_panels(process, grid, origin, start, stop,
                              merged(time_jumps(process, start, stop), choices.jumps))) {
    times_ = panel_nodes(panels_).time;
    times_.insert(times_.begin(), start);
    times_.push_back(stop);
    solution_ = solve_fokker_planck(process, grid, initial, origin, times_, choices, progress);
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
  std::shared_ptr<const LawAtTime> saved(std::size_t n) const {
    const std::span<const double> density = solution_.density[n];
    Components score;
    for (const History& component : solution_.score)
      score.emplace_back(component[n].begin(), component[n].end());
    return std::make_shared<GridAtTime>(grid_, std::vector<double>(density.begin(), density.end()),
                                        std::move(score), trusted_score);
  }

  /// By the polynomial through the 15 nodes of the panel, of the continued fields.
  std::shared_ptr<const LawAtTime> between(double t) const {
    const LagrangeStencil near = stencil_at(panels_, std::span(times_).subspan(1, times_.size() - 2), t);
    std::vector<double> density(grid_.size());
    Components score(grid_.dimension(), std::vector<double>(grid_.size()));
    for (std::size_t i = 0; i < near.count; ++i) {
      const double weight = near.weight[i];
      const auto law = std::static_pointer_cast<const GridAtTime>(cached(1 + near.index[i]));
      for (std::size_t c = 0; c < density.size(); ++c) density[c] += weight * law->density()[c];
      for (std::size_t k = 0; k < score.size(); ++k)
        for (std::size_t c = 0; c < density.size(); ++c) score[k][c] += weight * law->score()[k][c];
    }
    return std::make_shared<GridAtTime>(grid_, std::move(density), std::move(score), 0.0);
  }

  /// Used by one thread only.
  std::shared_ptr<const LawAtTime> cached(std::size_t n) const {
    laws_.resize(times_.size());
    if (!laws_[n]) laws_[n] = saved(n);
    return laws_[n];
  }

  Grid grid_;
  double start_, stop_;
  std::vector<double> panels_, times_;
  FokkerPlanckSolution solution_;
  std::vector<std::string> warnings_;
  mutable std::vector<std::shared_ptr<const LawAtTime>> laws_;
};

}  // namespace

std::unique_ptr<LawPath> between_nodes(const LawPath& exact, const std::vector<double>& edges) {
  if (!exact.at(edges.front())->mixture()) return std::make_unique<SamePath>(exact);
  return std::make_unique<MixtureBetweenNodes>(exact, edges);
}

std::unique_ptr<LawPath> law_path(const Process& process, const Grid& grid, const Law& initial, double origin,
                                  double start, double stop, const KolmogorovChoices& choices,
                                  const Progress& progress) {
  const GaussianMixture* mixture = std::get_if<GaussianMixture>(&initial);
  if (mixture && mixture->is_singular() && start <= origin) refuse_point(start);
  if (mixture && !has_circle(grid))
    if (std::optional<AffineProcess> affine = AffineProcess::of(process))
      return std::make_unique<ExactPath>(std::move(*affine), *mixture, origin, start);
  return std::make_unique<NumericalPath>(process, grid, initial, origin, start, stop, choices, progress);
}

}  // namespace umkehr
