// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/score/trial_score.hpp"

#include <algorithm>
#include <sstream>
#include <utility>

#include "grids/failure.hpp"
#include "grids/interpolation/local_interpolation.hpp"

namespace umkehr {
namespace {

constexpr std::size_t order_in_time = 8;

}  // namespace

TrialScore TrialScore::of(std::vector<Coefficient> components) {
  TrialScore score;
  score.component_ = std::move(components);
  return score;
}

TrialScore TrialScore::of_exact_score(std::vector<Coefficient> components) {
  TrialScore score = of(std::move(components));
  score.needs_exact_score_ = true;
  return score;
}

TrialScore TrialScore::of_field(Grid grid, std::vector<History> components) {
  if (components.size() != grid.dimension())
    throw UnfitProblem("a score on a grid of " + std::to_string(grid.dimension()) +
                       " axes needs as many components, not " + std::to_string(components.size()));
  for (const History& component : components)
    if (component.size() != grid.size() || component.times().size() < 2)
      throw UnfitProblem("a score's field is of another grid, or known at fewer than 2 times");
  TrialScore score;
  score.grid_.push_back(std::move(grid));
  score.field_ = std::make_shared<const TimeSlices>(std::move(components), order_in_time);
  return score;
}

std::vector<Formula> TrialScore::conditions_in_time() const {
  std::vector<Formula> conditions;
  for (const Coefficient& component : component_)
    if (component.formula())
      for (const Formula& condition : component.formula()->conditions_in_time())
        conditions.push_back(condition);
  return conditions;
}

void TrialScore::check_times(double start, double stop) const {
  if (!field_) return;
  for (const History& component : field_->fields()) {
    const double first = component.times().front(), last = component.times().back();
    if (start >= first && stop <= last) continue;
    std::ostringstream message;
    message << "the score's field is known from t = " << first << " to " << last << ", not on all of ["
            << start << ", " << stop << "]; move start and stop inside, or write the field at more times";
    throw UnfitProblem(message.str());
  }
}

TrialScore TrialScore::beside(std::shared_ptr<const Score> exact) const {
  TrialScore score = *this;
  score.exact_ = std::move(exact);
  return score;
}

void TrialScore::operator()(const Points& x, double t, Components& out) const {
  if (!needs_exact_score_) return (*this)(x, {}, t, out);
  if (!exact_) throw UnfitProblem("a trial score needs the exact one, which it was not given");
  Components exact_score(dimension(), std::vector<double>(x.count()));
  (*exact_)(x, t, exact_score);
  (*this)(x, exact_score, t, out);
}

bool TrialScore::has_divergence() const {
  if (functions() == nullptr) return false;
  for (std::size_t k = 0; k < component_.size(); ++k)
    if (!component_[k].formula() || component_[k].formula()->may_jump_along(k)) return false;
  return true;
}

void TrialScore::with_divergence(const Points& x, double t, std::span<const double> factor, Components& out,
                                 std::span<double> divergence) const {
  if (!has_divergence()) throw UnfitProblem("the derivatives of this score are not known");
  (*this)(x, t, out);
  std::vector<double> slope(x.count());
  std::fill(divergence.begin(), divergence.end(), 0.0);
  for (std::size_t k = 0; k < component_.size(); ++k) {
    component_[k].formula()->derivative(k)(x, t, slope);
    for (std::size_t i = 0; i < slope.size(); ++i) divergence[i] += factor[k] * slope[i];
  }
}

void TrialScore::operator()(const Points& x, const Components& exact_score, double t, Components& out) const {
  if (field_) return interpolate_locally(grid_.front(), *field_->at(t), x, out);
  if (!needs_exact_score_) {
    for (std::size_t k = 0; k < component_.size(); ++k) component_[k](x, t, out[k]);
    return;
  }
  const std::size_t d = component_.size();
  Points both(2 * d, x.count());
  for (std::size_t k = 0; k < d; ++k) {
    std::copy(x[k].begin(), x[k].end(), both[k].begin());
    std::copy(exact_score[k].begin(), exact_score[k].end(), both[d + k].begin());
  }
  for (std::size_t k = 0; k < d; ++k) component_[k](both, t, out[k]);
}

}  // namespace umkehr
