// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/reversal/reverse_model.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <sstream>

#include "grids/dense/dense_matrix.hpp"
#include "grids/failure.hpp"
#include "grids/interpolation/wall_transform.hpp"
#include "solver/kolmogorov/fokker_planck.hpp"
#include "solver/law/affine.hpp"
#include "solver/law/mixture_path.hpp"
#include "solver/process/reversed_clock.hpp"
#include "solver/process/vector_field.hpp"
#include "solver/reversal/moving_frame.hpp"
#include "solver/reversal/reversed_process.hpp"
#include "solver/score/grid_at_time.hpp"
#include "solver/score/law_score.hpp"

namespace umkehr {
namespace {

constexpr double first_half_width = 7.5;  // of the box, in standard deviations
constexpr double wider = 1.3, finer = 1.5;
constexpr double min_wall_limit = 1e-12, ripple_limit = 1e-10;
constexpr double wall_of_process = 1e-8;  // above it a process meets its walls
constexpr double max_rough = 1e-4;  // of its maximum, or of the largest wave: beyond it a law is not one
constexpr int max_attempts = 4;

/// The drift in a moving frame.
void frame_drift(const ReversedProcess& reversed, const MovingFrame& frame, const Points& y, double r,
                 Components& g) {
  Points x = y;
  std::vector<MovingFrame::Placement> places;
  for (std::size_t k = 0; k < y.dimension(); ++k) {
    const MovingFrame::Placement& place = places.emplace_back(frame.at(k, r));
    for (double& value : x[k]) value = place.centre + place.width * value;
  }
  reversed.drift(x, r, g);
  for (std::size_t k = 0; k < y.dimension(); ++k) {
    const MovingFrame::Placement& place = places[k];
    for (std::size_t i = 0; i < y.count(); ++i)
      g[k][i] = (g[k][i] - place.centre_rate - place.width_rate * y[k][i]) / place.width;
  }
}

Process process_in(const ReversedProcess& reversed, const MovingFrame& frame) {
  Process process;
  process.drift =
      components_of([&](const Points& y, double r, Components& g) { frame_drift(reversed, frame, y, r, g); },
                    reversed.dimension());
  for (std::size_t k = 0; k < reversed.dimension(); ++k)
    process.diffusion.emplace_back(
        Coefficient::Function([&reversed, &frame, k](const Points&, double r, std::span<double> out) {
          const double width = frame.at(k, r).width;
          std::ranges::fill(out, reversed.diffusion(r)[k] / (width * width));
        }));
  return process;
}

/// The law at r = start in the frame.
Law law_in(const std::shared_ptr<const LawAtTime>& law, const MovingFrame& frame, std::size_t d,
           double start) {
  std::vector<MovingFrame::Placement> place;
  for (std::size_t k = 0; k < d; ++k) place.push_back(frame.at(k, start));
  if (const GaussianMixture* mixture = law->mixture()) {
    std::vector<Gaussian> moved = mixture->components();
    for (Gaussian& gaussian : moved)
      for (std::size_t k = 0; k < d; ++k) {
        const auto i = static_cast<Eigen::Index>(k);
        gaussian.mean[i] = (gaussian.mean[i] - place[k].centre) / place[k].width;
        gaussian.covariance.row(i) /= place[k].width;
        gaussian.covariance.col(i) /= place[k].width;
      }
    return GaussianMixture(std::move(moved));
  }
  return FormulaLaw{Coefficient::Function([law, place](const Points& y, double, std::span<double> out) {
    Points x = y;
    for (std::size_t k = 0; k < y.dimension(); ++k)
      for (double& value : x[k]) value = place[k].centre + place[k].width * value;
    law->log_density(x, out);
    for (double& p : out) p = std::exp(p);
  })};
}

/// Largest density in the outer cells of an axis that is not periodic, relative to the largest of all.
double at_walls(const Grid& grid, std::span<const double> density) {
  double most = 0, outer = 0;
  for (std::size_t i = 0; i < density.size(); ++i) {
    most = std::max(most, density[i]);
    for (std::size_t k = 0; k < grid.dimension(); ++k) {
      const std::size_t place = i / grid.stride(k) % grid.axis(k).points;
      if (grid.axis(k).boundary != Boundary::periodic && (place == 0 || place + 1 == grid.axis(k).points))
        outer = std::max(outer, std::abs(density[i]));
    }
  }
  return outer / most;
}

/// The share of the highest tenth of the wavenumbers; small where a density that vanishes at the walls is resolved.
double ripple(const Grid& grid, std::span<const double> density) {
  double share = 0;
  for (std::size_t k = 0; k < grid.dimension(); ++k) {
    const WallTransform transform(grid, k);
    const std::vector<double> spectrum = transform.spectrum(density);
    const std::vector<double>& wavenumber = transform.wavenumbers();
    const double highest = *std::max_element(wavenumber.begin(), wavenumber.end());
    double most = 0, tail = 0;
    for (std::size_t i = 0; i < spectrum.size(); ++i) {
      most = std::max(most, spectrum[i]);
      if (wavenumber[i] > 0.9 * highest) tail = std::max(tail, spectrum[i]);
    }
    share = std::max(share, tail / most);
  }
  return share;
}

/// The grid in x that the frame's grid is at clock r.
Grid grid_at(const Grid& grid, const MovingFrame& frame, double r) {
  std::vector<Axis> axes = grid.axes();
  for (std::size_t k = 0; k < axes.size(); ++k) {
    const MovingFrame::Placement place = frame.at(k, r);
    axes[k].from = place.centre + place.width * axes[k].from;
    axes[k].to = place.centre + place.width * axes[k].to;
  }
  return Grid(std::move(axes));
}

std::size_t even(double points) {
  return 2 * static_cast<std::size_t>(std::ceil(points / 2));
}

class NumericalModel {
 public:
  NumericalModel(const Process& process, const Grid& grid, const std::shared_ptr<const LawPath>& exact,
                 const TrialScore& score, double start, double stop, const std::vector<double>& times,
                 const ReverseModelChoices& choices, const Progress& progress)
      : grid_(grid),
        start_(start),
        stop_(stop),
        times_(times),
        choices_(choices),
        progress_(progress),
        at_stop_(exact->at(stop)),
        reversed_(process, std::make_shared<TrialScore>(score.beside(std::make_shared<LawScore>(exact))),
                  {start, stop}),
        meets_walls_(touches_walls(*exact)),
        frame_(make_frame()) {}

  ReverseModel solve() const {
    const double usual[] = {288, 108, 40}, most[] = {4096, 256, 80};
    const std::size_t d = grid_.dimension();
    double half = first_half_width,
           points = choices_.points > 0 ? static_cast<double>(choices_.points) : usual[d - 1];
    if (meets_walls_) return on(grid_, Method::finite_volume).model;
    const double wall_limit = std::max(min_wall_limit, choices_.tolerance);
    double wall_before = std::numeric_limits<double>::infinity();
    for (int attempt = 1;; ++attempt) {
      const Attempt found = on(box(half, even(points)), Method::fourier);
      const bool fits = found.wall < wall_limit,
                 is_fine = found.ripple < std::max(ripple_limit, choices_.tolerance);
      if (fits && is_fine) return found.model;
      // A law that a wider box does not hold better runs away.
      const bool runs_away = !fits && found.wall > 0.3 * wall_before;
      wall_before = found.wall;
      if (runs_away || attempt == max_attempts || points >= most[d - 1]) return with_warning(found);
      if (!fits) half *= wider;
      points = std::min(points * (fits ? finer : wider), most[d - 1]);
    }
  }

 private:
  struct Attempt {
    ReverseModel model;
    double wall = 0;    ///< largest density at the walls, relative to its maximum
    double ripple = 0;  ///< largest coefficient among the highest wavenumbers, relative to all
  };

  bool touches_walls(const LawPath& exact) const {
    if (exact.is_exact()) return false;
    for (const double t : {start_, stop_}) {
      const auto law = std::static_pointer_cast<const GridAtTime>(exact.at(t));
      if (at_walls(law->grid(), law->density()) > wall_of_process) return true;
    }
    return false;
  }

  bool is_fixed(std::size_t axis) const {
    return meets_walls_ || (!at_stop_->mixture() && grid_.axis(axis).boundary == Boundary::periodic);
  }

  MovingFrame make_frame() const {
    const std::size_t d = grid_.dimension();
    const LawAtTime::Moments moments = at_stop_->moments(d);
    std::vector<bool> fixed;
    for (std::size_t k = 0; k < d; ++k) fixed.push_back(is_fixed(k));
    return {[this](const Points& x, double r, Components& g) { reversed_.drift(x, r, g); },
            [this](double r) { return reversed_.diffusion(r); },
            moments.mean,
            moments.variance,
            fixed,
            start_,
            stop_};
  }

  Grid box(double half, std::size_t points) const {
    std::vector<Axis> axes = grid_.axes();
    for (std::size_t k = 0; k < axes.size(); ++k) {
      if (!is_fixed(k)) axes[k] = {axes[k].name, -half, half, points, Boundary::reflecting};
      axes[k].points = std::max(axes[k].points, points);
      if (!is_fixed(k)) axes[k].points = points;
    }
    return Grid(std::move(axes));
  }

  Attempt on(const Grid& grid, Method method) const {
    std::vector<double> clock;
    for (auto t = times_.rbegin(); t != times_.rend(); ++t) clock.push_back(start_ + stop_ - *t);
    KolmogorovChoices choices;
    choices.method = method;
    choices.tolerance = method == Method::fourier ? choices_.tolerance : 1e-8;
    choices.jumps = reversed(choices_.jumps, {start_, stop_});
    const FokkerPlanckSolution run = solve_fokker_planck(process_in(reversed_, frame_), grid,
                                                         law_in(at_stop_, frame_, grid.dimension(), start_),
                                                         start_, clock, choices, progress_);
    Attempt found;
    if (method != Method::fourier) found.model.warnings = run.warnings;
    for (std::size_t n = clock.size(); n-- > 0;) {
      const std::span<const double> density = run.density[n];
      found.wall = std::max(found.wall, at_walls(grid, density));
      found.ripple = std::max(found.ripple, ripple(grid, density));
      found.model.law.push_back(std::make_shared<GridAtTime>(
          grid_at(grid, frame_, clock[n]), std::vector<double>(density.begin(), density.end())));
    }
    return found;
  }

  ReverseModel with_warning(Attempt found) const {
    std::ostringstream text;
    text.precision(2);
    text << "endpoint_kl and gap_feasible are rough: the law that the score generates reaches the walls of "
            "its box with "
         << found.wall << " of its maximum, and its highest wavenumbers hold " << found.ripple
         << " of the largest; shorten [start, stop], or take a score that grows less steeply";
    if (std::max(found.wall, found.ripple) > max_rough) throw NumericalFailure(text.str());
    found.model.warnings = {text.str()};
    return found.model;
  }

  const Grid& grid_;
  double start_, stop_;
  const std::vector<double>& times_;
  const ReverseModelChoices& choices_;
  const Progress& progress_;
  std::shared_ptr<const LawAtTime> at_stop_;
  ReversedProcess reversed_;
  bool meets_walls_;
  MovingFrame frame_;
};

/// dx = (F - D S) ds + sqrt(D) dW, where it is affine.
std::optional<AffineProcess> affine_dual(const Process& process, const TrialScore& score) {
  if (!score.functions()) return std::nullopt;
  Process dual;
  dual.diffusion = process.diffusion;
  for (std::size_t k = 0; k < process.dimension(); ++k) {
    const Formula *drift = process.drift[k].formula(), *diffusion = process.diffusion[k].formula(),
                  *component = (*score.functions())[k].formula();
    if (!drift || !diffusion || !component) return std::nullopt;
    dual.drift.emplace_back(*drift - *diffusion * *component);
  }
  return AffineProcess::of(dual);
}

std::shared_ptr<const LawAtTime> pulled_back(const GaussianMixture& law, const GaussianTransport& transport) {
  const Eigen::Index d = transport.noise.rows();
  const Eigen::MatrixXd inverse = invert(transport.transition.topLeftCorner(d, d)).matrix;
  const Eigen::VectorXd offset = transport.transition.topRightCorner(d, 1);
  std::vector<Gaussian> moved = law.components();
  for (Gaussian& gaussian : moved) {
    gaussian.mean = inverse * (gaussian.mean - offset);
    const Eigen::MatrixXd covariance =
        inverse * (gaussian.covariance + transport.noise) * inverse.transpose();
    gaussian.covariance = 0.5 * (covariance + covariance.transpose());
  }
  return std::make_shared<MixtureAtTime>(GaussianMixture(std::move(moved)));
}

}  // namespace

ReverseModel reverse_model(const Process& process, const Grid& grid,
                           const std::shared_ptr<const LawPath>& exact, const TrialScore& score, double start,
                           double stop, const std::vector<double>& times, const ReverseModelChoices& choices,
                           const Progress& progress) {
  const std::shared_ptr<const LawAtTime> at_stop = exact->at(stop);
  const std::optional<AffineProcess> dual = affine_dual(process, score);
  if (!dual || !at_stop->mixture())
    return NumericalModel(process, grid, exact, score, start, stop, times, choices, progress).solve();
  ReverseModel model;
  model.is_closed_form = true;
  for (const double t : times)
    model.law.push_back(pulled_back(*at_stop->mixture(), dual->transport(t, stop)));
  return model;
}

}  // namespace umkehr
