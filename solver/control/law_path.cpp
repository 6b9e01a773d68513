// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/control/law_path.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <sstream>
#include <stdexcept>

#include "grids/adaptive_quadrature.hpp"
#include "solver/generator/sampled_coefficient.hpp"

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
                                  double stop) {
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
  return edges;
}

class NumericalPath : public LawPath {
 public:
  NumericalPath(const Process& process, const Grid& grid, const Law& initial, double origin, double start,
                double stop, const KolmogorovChoices& choices, const Progress& progress)
      : grid_(grid), start_(start), stop_(stop), panels_(graded_panels(process, grid, origin, start, stop)) {
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
    const auto above = std::upper_bound(panels_.begin(), panels_.end(), t) - panels_.begin();
    const auto panel = static_cast<std::size_t>(
        std::clamp<std::ptrdiff_t>(above - 1, 0, static_cast<std::ptrdiff_t>(panels_.size()) - 2));
    constexpr std::size_t nodes = 15;
    const std::size_t first = 1 + panel * nodes;
    std::vector<double> density(grid_.size());
    Components score(grid_.dimension(), std::vector<double>(grid_.size()));
    for (std::size_t i = 0; i < nodes; ++i) {
      double weight = 1;
      for (std::size_t j = 0; j < nodes; ++j)
        if (j != i) weight *= (t - times_[first + j]) / (times_[first + i] - times_[first + j]);
      const auto law = std::static_pointer_cast<const GridAtTime>(cached(first + i));
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

std::unique_ptr<LawPath> law_path(const Process& process, const Grid& grid, const Law& initial, double origin,
                                  double start, double stop, const KolmogorovChoices& choices,
                                  const Progress& progress) {
  const GaussianMixture* mixture = std::get_if<GaussianMixture>(&initial);
  if (mixture && mixture->is_singular() && start <= origin) refuse_point(start);
  if (mixture)
    if (std::optional<AffineProcess> affine = AffineProcess::of(process))
      return std::make_unique<ExactPath>(std::move(*affine), *mixture, origin, start);
  return std::make_unique<NumericalPath>(process, grid, initial, origin, start, stop, choices, progress);
}

}  // namespace umkehr
