// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/reversal/reverse_diffusion.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <sstream>

#include "grids/failure.hpp"
#include "grids/quadrature.hpp"
#include "solver/hermite/search/hermite_search.hpp"
#include "solver/kolmogorov/backward_kolmogorov.hpp"
#include "solver/law/gridded_law.hpp"
#include "solver/law/mixture_path.hpp"
#include "solver/reversal/reversed_process.hpp"
#include "solver/score/dense_path.hpp"
#include "solver/score/law_score.hpp"

namespace umkehr {
namespace {

constexpr double worth_telling = 1e-9;        // of the forward mass, lost
constexpr double largest_ratio = 1e6;         // of initial and P(stop) that a replayed value can hold
constexpr double of_its_maximum = 1e-13;      // where a density counts
constexpr double outside_closed_form = 1e-9;  // mass beyond walls that a closed form may ignore
constexpr std::size_t stations = 128;         // of a mixture

void take_density(const LawAtTime& law, const Points& x, std::span<double> out) {
  law.log_density(x, out);
  for (double& p : out) p = std::exp(p);
}

/// What rounding has made negative, or zero, as small as it may be.
std::vector<double> above_rounding(std::span<const double> density) {
  const double least =
      std::numeric_limits<double>::epsilon() * *std::max_element(density.begin(), density.end());
  std::vector<double> out(density.begin(), density.end());
  for (double& p : out) p = std::max(p, least);
  return out;
}

class Reversal {
 public:
  Reversal(const FokkerPlanckReplay& of, const Law& initial, double start, const KolmogorovChoices& forward,
           const ReverseDiffusionChoices& choices, const Progress& progress)
      : of_(of),
        grid_(*of.grid),
        centres_(grid_.centres()),
        initial_(initial),
        start_(start),
        first_(of.times.front()),
        stop_(*of.stop),
        forward_(forward),
        choices_(choices),
        progress_(progress) {}

  ReverseDiffusionSolution solve() {
    know_forward_law();
    s_.lost = lost_share();
    take_target();
    take_control();
    take_action();
    march();
    compare();
    return std::move(s_);
  }

 private:
  void know_forward_law();
  bool has_closed_form() const;
  double lost_share() const;
  History forward_density() const;
  std::vector<double> noise_density() const;
  History bridge_density(const Coefficient& chi_hat);
  void take_target();
  void take_control();
  void take_action();
  void march();
  void compare();
  void take_other_start();
  std::optional<Coefficient> other_chi_hat(const std::vector<double>& q, const std::vector<double>& p);
  Law law_at_stop() const;
  KolmogorovChoices kolmogorov() const;

  const FokkerPlanckReplay& of_;
  const Grid& grid_;
  Points centres_;
  const Law& initial_;
  double start_, first_, stop_;
  const KolmogorovChoices& forward_;
  const ReverseDiffusionChoices& choices_;
  const Progress& progress_;

  std::shared_ptr<const LawPath> law_;
  const MixturePath* mixture_ = nullptr;
  History target_;  // the law to come back
  ReverseDiffusionSolution s_;
};

/// On the line always; between walls that the law does not feel.
bool Reversal::has_closed_form() const {
  const GaussianMixture* mixture = std::get_if<GaussianMixture>(&initial_);
  const std::optional<AffineProcess> affine = AffineProcess::of(of_.process);
  if (!mixture || !affine) return false;
  const bool has_walls = of_.method == Method::finite_volume || of_.method == Method::path_integral;
  for (const Axis& axis : grid_.axes())
    if (axis.boundary == Boundary::periodic) return false;
  if (!has_walls) return true;
  std::vector<double> means(grid_.size());
  constexpr int looks = 8;
  for (int n = 0; n <= looks; ++n) {
    const GaussianMixture law = affine->push(*mixture, start_, first_ + (stop_ - first_) * n / looks);
    law.cell_means(grid_, means);
    if (std::abs(1 - integral(grid_, means) / law.mass()) > outside_closed_form) return false;
  }
  return true;
}

void Reversal::know_forward_law() {
  const GaussianMixture* mixture = std::get_if<GaussianMixture>(&initial_);
  if (mixture && mixture->is_singular() && first_ == start_)
    throw UnfitProblem("the law at t = " + std::to_string(first_) +
                       " is a point, which has no score to return along; save from a later time on, or "
                       "start from a narrow Gaussian");
  if (has_closed_form()) {
    auto law =
        std::make_shared<MixturePath>(*AffineProcess::of(of_.process), *mixture, start_, stop_, stations);
    mixture_ = law.get();
    law_ = std::move(law);
    return;
  }
  law_ = std::make_shared<DensePath>(of_.process, grid_, initial_, start_, first_, stop_, forward_);
  for (std::string& warning : law_->warnings()) s_.warnings.push_back(std::move(warning));
}

double Reversal::lost_share() const {
  const bool is_lossy = of_.process.killing.constant_value() != 0.0 ||
                        std::any_of(grid_.axes().begin(), grid_.axes().end(),
                                    [](const Axis& axis) { return axis.boundary == Boundary::absorbing; });
  if (!is_lossy) return 0;
  const BackwardKolmogorovSolution survival = replay_backward_kolmogorov(of_, 1.0);
  return 1 - survival.pairing.front() / of_.discretisation->mass(of_.states.front());
}

History Reversal::forward_density() const {
  History density(of_.times, grid_.size());
  for (std::size_t n = 0; n < of_.times.size(); ++n) of_.discretisation->density(of_.states[n], density[n]);
  return density;
}

/// P(stop)
std::vector<double> Reversal::noise_density() const {
  std::vector<double> density(grid_.size());
  if (of_.times.back() == stop_)
    of_.discretisation->density(of_.states.back(), density);
  else
    take_density(*law_->at(stop_), centres_, density);
  return density;
}

/// P chi_hat, of mass one.
History Reversal::bridge_density(const Coefficient& chi_hat) {
  BackwardKolmogorovSolution value = replay_backward_kolmogorov(of_, chi_hat);
  History density = forward_density();
  for (std::size_t n = 0; n < of_.times.size(); ++n)
    for (std::size_t i = 0; i < grid_.size(); ++i) density[n][i] *= value.value[n][i] / value.pairing[n];
  return density;
}

void Reversal::take_target() {
  if (s_.lost != 0) {
    target_ = bridge_density(1.0);
    if (s_.lost > worth_telling) {
      std::ostringstream text;
      text.precision(3);
      text << s_.lost << " of the forward mass is killed or absorbed by t = " << stop_
           << ": what comes back is the law of the rest, those that survive";
      s_.warnings.push_back(text.str());
    }
    return;
  }
  target_ = forward_density();
  const double mass = of_.discretisation->mass(of_.states.front());
  for (std::size_t n = 0; n < of_.times.size(); ++n)
    for (double& p : target_[n]) p /= mass;
}

void Reversal::take_control() {
  s_.control.assign(grid_.dimension(), History(of_.times, grid_.size()));
  Components score(grid_.dimension(), std::vector<double>(grid_.size()));
  for (std::size_t n = 0; n < of_.times.size(); ++n) {
    if (mixture_) mixture_->at(of_.times[n])->score(centres_, score);
    for (std::size_t k = 0; k < grid_.dimension(); ++k) {
      if (!mixture_) of_.discretisation->score(of_.states[n], k, score[k]);
      const double diffusion = of_.process.diffusion[k](of_.times[n]);
      for (std::size_t i = 0; i < grid_.size(); ++i) s_.control[k][n][i] = diffusion * score[k][i];
    }
  }
}

void Reversal::take_action() {
  ReverseAction& a = s_.action;
  const std::vector<double> noise = noise_density();
  if (s_.lost == 0 && mixture_)
    a.action = mixture_->mixture_at(stop_).entropy() - mixture_->mixture_at(first_).entropy();
  else {
    const double survivors = integral(grid_, noise);
    const History forward = forward_density();
    double data_end = 0;
    for (std::size_t i = 0; i < grid_.size(); ++i)
      if (forward[0][i] > 0) data_end += target_[0][i] * std::log(forward[0][i]);
    a.action = data_end * grid_.cell_volume() + entropy(grid_, noise) / survivors;
  }
  if (s_.lost == 0) a.running = running_action(of_.process, grid_, *law_, first_, stop_);
  std::vector<double> normalised = noise;
  const double mass = integral(grid_, noise);
  for (double& p : normalised) p /= mass;
  a.normalisation = reference_normalisation(of_.process, grid_, normalised, first_, stop_,
                                            std::max(1e-9, forward_.tolerance));
}

Law Reversal::law_at_stop() const {
  if (choices_.initial) return *choices_.initial;
  if (mixture_) {
    const GaussianMixture law = mixture_->mixture_at(stop_);
    std::vector<Gaussian> components = law.components();
    for (Gaussian& component : components) component.weight /= law.mass();
    return GaussianMixture(std::move(components));
  }
  return FormulaLaw{
      Coefficient::Function([law = law_->at(stop_)](const Points& x, double, std::span<double> out) {
        take_density(*law, x, out);
      })};
}

/// Bases that stay where they are hold the law on its way back as well as forth.
KolmogorovChoices Reversal::kolmogorov() const {
  KolmogorovChoices choices = choices_.kolmogorov;
  if (choices.method != Method::hermite) return choices;
  HermiteChoice basis{choices.hermite_centre, choices.hermite_scale};
  if (mixture_)
    basis = search_resting_hermite_choice(*AffineProcess::of(of_.process), mixture_->mixture_at(first_),
                                          grid_, first_, stop_, basis);
  else
    basis = {of_.hermite_centre, of_.hermite_scale};
  if (choices.hermite_centre.empty()) choices.hermite_centre = basis.centre;
  if (choices.hermite_scale.empty()) choices.hermite_scale = basis.scale;
  return choices;
}

void Reversal::march() {
  const ReversedClock clock{start_, stop_};
  std::vector<double> times;
  for (auto t = of_.times.rbegin(); t != of_.times.rend(); ++t) times.push_back(clock(*t));
  KolmogorovChoices choices = kolmogorov();
  choices.jumps = reversed(time_jumps(of_.process, start_, stop_), clock);
  const ReversedProcess anderson(of_.process, std::make_shared<LawScore>(law_), clock);
  FokkerPlanckSolution run = solve_fokker_planck(anderson.process(), reversed_grid(grid_), law_at_stop(),
                                                 start_, times, choices, progress_);
  s_.density = History(of_.times, grid_.size());
  for (std::size_t n = 0; n < times.size(); ++n)
    std::ranges::copy(run.density[times.size() - 1 - n], s_.density[n].begin());
  s_.run = std::move(run.run);
  s_.hermite_centre = std::move(run.hermite_centre);
  s_.hermite_scale = std::move(run.hermite_scale);
  for (std::string& warning : run.warnings) s_.warnings.push_back("in reverse, " + std::move(warning));
}

void Reversal::compare() {
  for (std::size_t n = 0; n < of_.times.size(); ++n)
    s_.error.push_back(relative_l1(s_.density[n], target_[n]));
  s_.density_error = s_.error.front();
  if (choices_.initial) return take_other_start();
  s_.ways_difference = *std::max_element(s_.error.begin(), s_.error.end());
}

/// Q/P at the noise end as chi_hat there, zero where neither counts; nothing where no replayed value can hold it.
std::optional<Coefficient> Reversal::other_chi_hat(const std::vector<double>& q,
                                                   const std::vector<double>& p) {
  const double max_q = *std::max_element(q.begin(), q.end()), max_p = *std::max_element(p.begin(), p.end());
  GriddedLaw ratio{grid_, std::vector<double>(grid_.size())};
  double most = 0;
  for (std::size_t i = 0; i < grid_.size(); ++i) {
    const bool counts = q[i] > of_its_maximum * max_q || p[i] > of_its_maximum * max_p;
    ratio.density[i] = p[i] > 0 && (counts || mixture_) ? q[i] / p[i] : 0;
    if (counts) most = std::max(most, p[i] > 0 ? ratio.density[i] : largest_ratio * 2);
  }
  if (most > largest_ratio) {
    std::ostringstream text;
    text.precision(3);
    text << "`initial` exceeds the exact end " << most
         << " times somewhere: it was reversed by Anderson's formula alone; a narrower one is also reversed "
            "as a "
            "bridge";
    s_.warnings.push_back(text.str());
    return std::nullopt;
  }
  return Coefficient(Coefficient::Function([ratio](const Points& x, double, std::span<double> out) {
    Points inside = x;
    for (std::size_t k = 0; k < x.dimension(); ++k)
      for (double& place : inside[k])
        place = std::clamp(place, ratio.grid.axis(k).from, ratio.grid.axis(k).to);
    interpolate(ratio, inside, out);
  }));
}

void Reversal::take_other_start() {
  std::vector<double> q(grid_.size()), p = noise_density();
  if (of_.method == Method::finite_volume)
    cell_means(*choices_.initial, grid_, q);
  else
    density_at(*choices_.initial, grid_, centres_, q);
  const double mass = integral(grid_, p);
  for (double& value : p) value /= mass;
  s_.start_kl = relative_entropy(grid_, p, q);
  const std::optional<Coefficient> chi_hat = other_chi_hat(q, p);
  if (!chi_hat) {
    s_.endpoint_kl = relative_entropy(grid_, target_[0], above_rounding(s_.density[0]));
    return;
  }
  const History bridge = bridge_density(*chi_hat);
  s_.ways_difference = 0;
  for (std::size_t n = 0; n < of_.times.size(); ++n)
    s_.ways_difference = std::max(*s_.ways_difference, relative_l1(s_.density[n], bridge[n]));
  s_.endpoint_kl = relative_entropy(grid_, target_[0], bridge[0]);
}

}  // namespace

ReverseDiffusionSolution reverse_diffusion(const FokkerPlanckReplay& of, const Law& initial, double start,
                                           const KolmogorovChoices& forward,
                                           const ReverseDiffusionChoices& choices, const Progress& progress) {
  if (!of.discretisation || !of.grid || !of.stop) throw UnfitProblem("there is no forward run to reverse");
  if (choices.kolmogorov.method != of.method)
    throw UnfitProblem("a reversal takes the method of the forward run that it reverses");
  if (!(of.times.front() < *of.stop))
    throw UnfitProblem("the only saved time is the noise end; save earlier ones to reverse to");
  return Reversal(of, initial, start, forward, choices, progress).solve();
}

}  // namespace umkehr
