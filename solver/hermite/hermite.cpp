// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/hermite/hermite.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <sstream>

#include "grids/failure.hpp"
#include "grids/finite.hpp"
#include "grids/tensor_product.hpp"
#include "solver/hermite/hermite_affine.hpp"
#include "solver/hermite/hermite_exponential.hpp"
#include "solver/hermite/hermite_projection.hpp"
#include "solver/hermite/hermite_runge_kutta.hpp"

namespace umkehr {
namespace {

std::vector<HermiteBasis> bases_of(const Grid& grid, const HermiteChoice& choice) {
  if (choice.centre.size() != grid.dimension() || choice.scale.size() != grid.dimension())
    throw UnfitProblem("the Hermite method takes one centre and one scale an axis");
  std::vector<HermiteBasis> bases;
  for (std::size_t k = 0; k < grid.dimension(); ++k) {
    if (grid.axis(k).boundary == Boundary::periodic)
      throw UnfitProblem("the Hermite method works on the whole line, but axis \"" + grid.axis(k).name +
                         "\" is periodic; use another method");
    if (!std::isfinite(choice.centre[k]) || !std::isfinite(choice.scale[k]) || choice.scale[k] <= 0)
      throw UnfitProblem("a Hermite centre must be finite and a scale positive");
    bases.push_back({choice.centre[k], choice.scale[k], grid.axis(k).points});
  }
  return bases;
}

/// (w psi_n)' = -sqrt(n + 1) w psi_{n+1}/scale, from w psi_n up to one mode more.
Eigen::MatrixXd derivatives_of(const Eigen::MatrixXd& one_more, double scale) {
  const Eigen::Index modes = one_more.cols() - 1;
  const Eigen::VectorXd factors =
      -Eigen::VectorXd::LinSpaced(modes, 1, static_cast<double>(modes)).cwiseSqrt() / scale;
  return one_more.rightCols(modes) * factors.asDiagonal();
}

}  // namespace

std::unique_ptr<HermiteSteps> hermite_steps(const Process& process, const std::vector<HermiteBasis>& bases,
                                            double start) {
  const bool apart = axes_are_apart(process);
  if (std::optional<AffineProcess> affine = AffineProcess::of(process);
      affine && HermiteAffine::covers(*affine, apart))
    return std::make_unique<HermiteAffine>(std::move(*affine), bases, start, apart);
  if (apart) return std::make_unique<HermiteExponential>(process, bases);
  return std::make_unique<HermiteRungeKutta>(process, bases);
}

Hermite::Hermite(const Process& process, const Grid& grid, double start, const HermiteChoice& choice)
    : grid_(grid),
      start_(start),
      is_killed_(process.killing.constant_value() != 0.0),
      bases_(bases_of(grid, choice)),
      steps_(hermite_steps(process, bases_, start)) {
  for (const HermiteBasis& basis : bases_) modes_ *= basis.modes;
}

const Hermite::AtCentres& Hermite::at_centres(double t) const {
  std::vector<HermiteBasis> bases = bases_at(t);
  if (at_centres_.bases == bases) return at_centres_;
  at_centres_ = {std::move(bases), {}, {}};
  for (std::size_t k = 0; k < bases_.size(); ++k) {
    HermiteBasis basis = at_centres_.bases[k];
    ++basis.modes;
    const Eigen::MatrixXd one_more = basis.densities(grid_.axis(k).centres());
    at_centres_.densities.emplace_back(one_more.leftCols(one_more.cols() - 1));
    at_centres_.derivatives.push_back(derivatives_of(one_more, basis.scale));
  }
  return at_centres_;
}

std::vector<double> Hermite::state_of(const Law& law) const {
  std::vector<double> state = hermite_coefficients(law, grid_, bases_);
  state.push_back(0);
  state.push_back(start_);
  return state;
}

void Hermite::density(std::span<const double> state, std::span<double> out) const {
  const std::vector<double> values = act_along_all(at_centres(state.back()).densities, state.first(modes_));
  std::copy(values.begin(), values.end(), out.begin());
}

void Hermite::score(std::span<const double> state, std::size_t axis, std::span<double> out) const {
  const AtCentres& matrices = at_centres(state.back());
  const std::vector<double> values = act_along_all(matrices.densities, state.first(modes_));
  std::vector<Eigen::MatrixXd> derived = matrices.densities;
  derived[axis] = matrices.derivatives[axis];
  const std::vector<double> slopes = act_along_all(derived, state.first(modes_));
  const double rounding =
      std::numeric_limits<double>::epsilon() * *std::max_element(values.begin(), values.end());
  const double floor = std::max(rounding, std::numeric_limits<double>::min());
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = slopes[i] / std::max(values[i], floor);
}

double Hermite::pairing(std::span<const double> density_state, std::span<const double> value_state) const {
  double sum = 0;
  for (std::size_t n = 0; n <= modes_; ++n) sum += density_state[n] * value_state[n];
  return sum;
}

// What leaves c_0 was killed; a value counts the killed mass with its own entry for it. The two are transposes.
double Hermite::advance(std::span<double> state, const Step& step, Direction direction, bool with_error) {
  const bool forward = direction == Direction::forward;
  const double before = state.front(), counted = is_killed_ && !forward ? state[modes_] : 0;
  state.front() -= counted;
  const double error = steps_->advance(state.first(modes_), step, direction, with_error);
  state.front() += counted;
  if (is_killed_ && forward) state[modes_] += before - state.front();
  state.back() = forward ? step.stop : step.start;
  return error;
}

bool Hermite::acceptable(std::span<const double> state) const {
  return all_finite(state);
}

std::size_t Hermite::memory() const {
  std::size_t bytes = steps_->memory();
  for (std::size_t k = 0; k < bases_.size(); ++k)
    bytes += 2 * bases_[k].modes * grid_.axis(k).points * sizeof(double);
  return bytes + 3 * (modes_ + grid_.size()) * sizeof(double);
}

double Hermite::tail(std::span<const double> state, std::size_t axis) const {
  return largest_of_last(state, axis) / std::max(std::abs(state.front()), std::numeric_limits<double>::min());
}

double Hermite::largest_of_last(std::span<const double> state, std::size_t axis) const {
  const std::size_t modes = bases_[axis].modes, last = std::max<std::size_t>(2, modes / 16);
  std::size_t stride = 1;
  for (std::size_t k = axis + 1; k < bases_.size(); ++k) stride *= bases_[k].modes;
  double most = 0;
  for (std::size_t at = 0; at < modes_; ++at)
    if (at / stride % modes + last >= modes) most = std::max(most, std::abs(state[at]));
  return most;
}

std::vector<std::string> Hermite::warnings(std::span<const double> state, double t) const {
  constexpr double visible = 1e-9;
  std::vector<std::string> found;
  const std::vector<HermiteBasis> bases = bases_at(t);
  for (std::size_t k = 0; k < bases_.size(); ++k) {
    const double size = tail(state, k);
    if (size <= visible) continue;
    std::ostringstream text;
    text.precision(3);
    text << "the Hermite coefficients along \"" << grid_.axis(k).name << "\" have not decayed: at t = " << t
         << " the last of " << bases_[k].modes << " are " << size << " of the mass (centre "
         << bases[k].centre << ", scale " << bases[k].scale
         << "); take more points, or another `centre` or `scale`";
    found.push_back(text.str());
  }
  return found;
}

}  // namespace umkehr
