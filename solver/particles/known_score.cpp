// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/particles/known_score.hpp"

#include <algorithm>
#include <cmath>

#include "grids/failure.hpp"
#include "solver/law/affine.hpp"
#include "solver/law/circle.hpp"
#include "solver/law/mixture_path.hpp"
#include "solver/particles/score_at_times.hpp"
#include "solver/process/time_jumps.hpp"
#include "solver/score/dense_path.hpp"
#include "solver/score/mixture_between_nodes.hpp"

namespace umkehr {
namespace {

constexpr std::size_t stations = 128;  // from which the way to any time is short
constexpr std::size_t first_panels = 8, max_panels = 512;
constexpr double settled = 1e-11;  // of means and covariances between nodes, relative

double largest_difference(const GaussianMixture& a, const GaussianMixture& b) {
  double largest = 0;
  for (std::size_t c = 0; c < a.components().size(); ++c) {
    const Gaussian &one = a.components()[c], &other = b.components()[c];
    const double scale = one.covariance.diagonal().cwiseAbs().maxCoeff();
    largest = std::max({largest, (one.mean - other.mean).cwiseAbs().maxCoeff() / std::sqrt(scale),
                        (one.covariance - other.covariance).cwiseAbs().maxCoeff() / scale});
  }
  return largest;
}

/// Panels that shrink towards the start, between jumps.
std::vector<double> panel_edges(double start, double stop, const std::vector<TimeJump>& jumps,
                                std::size_t panels) {
  std::vector<double> edges;
  for (std::size_t n = 0; n <= panels; ++n) {
    const double share = static_cast<double>(n) / static_cast<double>(panels);
    edges.push_back(start + (stop - start) * share * share);
  }
  edges.back() = stop;
  for (const TimeJump& jump : jumps) edges.push_back(jump.after);
  std::sort(edges.begin(), edges.end());
  edges.erase(std::unique(edges.begin(), edges.end()), edges.end());
  return edges;
}

/// Interpolated in time where polynomials on few panels say the same, since flows ask at times of their own.
std::shared_ptr<const LawPath> interpolated(std::shared_ptr<const MixturePath> exact, double start,
                                            double stop, const std::vector<TimeJump>& jumps) {
  for (std::size_t panels = first_panels; panels <= max_panels; panels *= 2) {
    const std::vector<double> edges = panel_edges(start, stop, jumps, panels);
    const std::shared_ptr<const LawPath> path = between_nodes(exact, edges);
    double worst = 0;
    for (std::size_t n = 0; n + 1 < edges.size() && worst < settled; ++n)
      for (const double share : {0.003, 0.31, 0.77}) {
        const double t = edges[n] + share * (edges[n + 1] - edges[n]);
        worst = std::max(worst, largest_difference(exact->mixture_at(t), *path->at(t)->mixture()));
      }
    if (worst < settled) return path;
  }
  return exact;
}

}  // namespace

struct KnownScore::Found {
  std::shared_ptr<const LawPath> path;
  std::shared_ptr<const Score> score;
};

KnownScore::KnownScore(Process process, std::optional<Grid> grid, Law initial, double start, double stop)
    : process_(std::move(process)),
      grid_(std::move(grid)),
      initial_(std::move(initial)),
      start_(start),
      stop_(stop) {}

bool KnownScore::has_closed_form() const {
  return std::holds_alternative<GaussianMixture>(initial_) && (!grid_ || !has_circle(*grid_)) &&
         AffineProcess::of(process_).has_value();
}

const KnownScore::Found& KnownScore::found() const {
  std::call_once(once_, [this] {
    std::shared_ptr<const LawPath> path;
    if (has_closed_form()) {
      const auto& mixture = std::get<GaussianMixture>(initial_);
      const auto exact =
          std::make_shared<MixturePath>(*AffineProcess::of(process_), mixture, start_, stop_, stations);
      path = exact;
      if (!mixture.is_singular())
        path = interpolated(exact, start_, stop_, time_jumps(process_, start_, stop_));
    } else {
      if (!grid_)
        throw UnfitProblem(
            "the exact score is known of a mixture under an affine process, or on a grid; give a `score`");
      KolmogorovChoices choices;
      choices.method = reaches_walls(initial_, *grid_) ? Method::finite_volume : Method::fourier;
      path = std::make_shared<DensePath>(process_, *grid_, initial_, start_, start_, stop_, choices);
    }
    found_ = std::make_shared<const Found>(Found{path, std::make_shared<ScoreAtTimes>(path)});
  });
  return *found_;
}

void KnownScore::operator()(const Points& x, double t, Components& out) const {
  (*found().score)(x, t, out);
}

bool KnownScore::has_divergence() const {
  return has_closed_form() || (grid_ && !has_circle(*grid_) && !reaches_walls(initial_, *grid_));
}

void KnownScore::with_divergence(const Points& x, double t, std::span<const double> factor, Components& out,
                                 std::span<double> divergence) const {
  found().score->with_divergence(x, t, factor, out, divergence);
}

void KnownScore::log_density_at_stop(const Points& x, std::span<double> out) const {
  found().path->at(stop_)->log_density(x, out);
}

Law KnownScore::law_at_stop() const {
  const std::shared_ptr<const LawAtTime> law = found().path->at(stop_);
  if (const GaussianMixture* mixture = law->mixture()) return *mixture;
  const Points centres = grid_->centres();
  GriddedLaw gridded{*grid_, std::vector<double>(grid_->size())};
  law->log_density(centres, gridded.density);
  for (double& density : gridded.density) density = std::exp(density);
  return gridded;
}

}  // namespace umkehr
