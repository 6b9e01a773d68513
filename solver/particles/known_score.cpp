// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/particles/known_score.hpp"

#include <cmath>
#include <stdexcept>

#include "solver/law/affine.hpp"
#include "solver/law/circle.hpp"
#include "solver/law/mixture_path.hpp"
#include "solver/score/dense_path.hpp"
#include "solver/score/law_score.hpp"

namespace umkehr {
namespace {

constexpr std::size_t stations = 128;  // from which the way to any time is short

}  // namespace

struct KnownScore::Found {
  std::shared_ptr<const LawPath> path;
  std::shared_ptr<const LawScore> score;
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
      path = std::make_shared<MixturePath>(*AffineProcess::of(process_), std::get<GaussianMixture>(initial_),
                                           start_, stop_, stations);
    } else {
      if (!grid_)
        throw std::invalid_argument(
            "the exact score is known of a mixture under an affine process, or on a grid; give a `score`");
      KolmogorovChoices choices;
      choices.method = reaches_walls(initial_, *grid_) ? Method::finite_volume : Method::fourier;
      path = std::make_shared<DensePath>(process_, *grid_, initial_, start_, start_, stop_, choices);
    }
    found_ = std::make_shared<const Found>(Found{path, std::make_shared<LawScore>(path)});
  });
  return *found_;
}

void KnownScore::operator()(const Points& x, double t, Components& out) const {
  (*found().score)(x, t, out);
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
