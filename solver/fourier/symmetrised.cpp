// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/fourier/symmetrised.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <sstream>

#include "grids/failure.hpp"
#include "solver/fourier/fourier_warnings.hpp"

namespace umkehr {
namespace {

constexpr double epsilon = std::numeric_limits<double>::epsilon();
constexpr double max_loss = 1e-9;

using ConstVector = Eigen::Map<const Eigen::VectorXd>;
using Vector = Eigen::Map<Eigen::VectorXd>;

template <class Span>
auto amplitudes(Span state) {
  using Mapped = std::conditional_t<std::is_const_v<typename Span::element_type>, ConstVector, Vector>;
  return Mapped(state.data(), static_cast<Eigen::Index>(state.size() - 1));
}

}  // namespace

Symmetrised::Symmetrised(const Process& process, const Grid& grid)
    : grid_(grid),
      generator_(process, grid),
      tridiagonal_(generator_.matrix()),
      weight_(std::sqrt(grid.cell_volume()) * (-generator_.half_phi()).array().exp()) {}

std::vector<double> Symmetrised::log_density_of(const Law& law) const {
  std::vector<double> values(grid_.size());
  if (const auto* mixture = std::get_if<GaussianMixture>(&law)) {
    if (mixture->is_singular())
      throw UnfitProblem("the symmetrised scheme does not apply: the initial density is a point mass");
    mixture->log_density(grid_.centres(), values);
    return values;
  }
  if (has_pieces(law, grid_))
    throw UnfitProblem("the symmetrised scheme does not apply: the initial density jumps or has kinks");
  density_at(law, grid_, grid_.centres(), values);
  for (double& value : values) value = std::log(value);
  return values;
}

std::vector<double> Symmetrised::state_of(const Law& law) const {
  const std::vector<double> logarithm = log_density_of(law);
  const double h = grid_.cell_volume();
  std::vector<double> state(size());
  double inside = 0, all = 0;
  for (std::size_t i = 0; i < grid_.size(); ++i) {
    const double p = std::exp(logarithm[i]);
    all += p;
    const std::size_t n = i - generator_.first();
    if (i < generator_.first() || n >= generator_.size()) continue;
    inside += p;
    state[n] = std::sqrt(h) * std::exp(logarithm[i] + generator_.half_phi()[static_cast<Eigen::Index>(n)]);
  }
  // Roundoff of psi comes back as an L1 error of P of at most epsilon |psi| |exp(-Phi/2)|; what was cut off is lost.
  const double loss =
      epsilon * amplitudes(std::span<const double>(state)).norm() * weight_.norm() / (h * all) +
      (all - inside) / all;
  if (!(loss <= max_loss)) {
    std::ostringstream text;
    text.precision(2);
    text << "the symmetrised scheme does not apply: the initial density reaches so far up the potential that "
         << "exp(Phi/2) P would lose " << loss << " of it to roundoff (" << max_loss << " is allowed)";
    throw UnfitProblem(text.str());
  }
  return state;
}

void Symmetrised::density(std::span<const double> state, std::span<double> out) const {
  std::fill(out.begin(), out.end(), 0.0);
  const double h = grid_.cell_volume();
  for (std::size_t n = 0; n < generator_.size(); ++n)
    out[generator_.first() + n] = state[n] * weight_[static_cast<Eigen::Index>(n)] / h;
}

/// psi exp(-s Phi/2) has decayed at both ends with the least such s of a few, and still has its digits far out.
double Symmetrised::decay_needed(const Eigen::VectorXd& psi) const {
  constexpr double decayed = 1e-12;
  for (const double s : {0.0, 0.25, 0.5, 0.75}) {
    const Eigen::ArrayXd size = psi.array().abs() * (-s * generator_.half_phi()).array().exp();
    if (std::max(size[0], size[size.size() - 1]) <= decayed * size.maxCoeff()) return s;
  }
  return 1;
}

/// d ln P = phi'/phi + (1 - s) g with phi = psi exp(-s Phi/2); beyond the kept centres that of exp(-Phi), 2 g.
void Symmetrised::score(std::span<const double> state, std::size_t, std::span<double> out) const {
  Eigen::VectorXd psi = amplitudes(state);
  const double s = decay_needed(psi);
  psi.array() *= (-s * generator_.half_phi()).array().exp();
  const Eigen::VectorXd slope = generator_.derivative(psi);
  const double most = psi.cwiseAbs().maxCoeff();
  for (std::size_t i = 0; i < out.size(); ++i) {
    const double g = generator_.force()[i];
    const auto n = static_cast<Eigen::Index>(i) - static_cast<Eigen::Index>(generator_.first());
    const bool kept = n >= 0 && n < psi.size() && psi[n] > epsilon * most;
    out[i] = kept ? slope[n] / psi[n] + (1 - s) * g : 2 * g;
  }
}

double Symmetrised::mass(std::span<const double> state) const {
  return weight_.dot(amplitudes(state));
}

double Symmetrised::pairing(std::span<const double> density_state,
                            std::span<const double> value_state) const {
  return std::inner_product(density_state.begin(), density_state.end(), value_state.begin(), 0.0);
}

/// The approximation is good to 2e-14 of what there was: where killing leaves little of it, in pieces that leave more.
Exponentials Symmetrised::decay(double tau, const Eigen::VectorXd& rotated) const {
  constexpr double min_left = 0.1;
  const Exponentials whole =
      rational_exponentials(tridiagonal_.diagonal(), tridiagonal_.subdiagonal(), tau, rotated);
  if (!generator_.is_killed() || whole.decayed.norm() >= min_left * rotated.norm()) return whole;
  const Exponentials first = decay(tau / 2, rotated), second = decay(tau / 2, first.decayed);
  return {second.decayed, 0.5 * (first.averaged + second.averaged)};
}

void Symmetrised::move_density(std::span<double> state, double tau) const {
  auto psi = amplitudes(state);
  const Eigen::VectorXd rotated = tridiagonal_.rotate(psi);
  const Exponentials moved = decay(tau, rotated);
  psi = tridiagonal_.rotate_back(moved.decayed);
  if (!generator_.is_killed()) return;
  const Eigen::VectorXd average = tridiagonal_.rotate_back(moved.averaged);
  state.back() += tau * weight_.cwiseProduct(generator_.killing()).dot(average);
}

void Symmetrised::move_value(std::span<double> state, double tau) const {
  const double lost = state.back();
  auto phi = amplitudes(state);
  const Eigen::VectorXd rotated = tridiagonal_.rotate(phi);
  phi = tridiagonal_.rotate_back(decay(tau, rotated).decayed);
  if (!generator_.is_killed() || lost == 0) return;
  const Eigen::VectorXd paid = tridiagonal_.rotate(tau * lost * weight_.cwiseProduct(generator_.killing()));
  phi += tridiagonal_.rotate_back(decay(tau, paid).averaged);
}

double Symmetrised::advance(std::span<double> state, const Step& step, Direction direction, bool) {
  const double tau = generator_.clock(step.start, step.stop);
  direction == Direction::forward ? move_density(state, tau) : move_value(state, tau);
  return 0;
}

std::size_t Symmetrised::memory() const {
  return (generator_.size() * generator_.size() + 8 * generator_.size()) * sizeof(double);
}

std::vector<std::string> Symmetrised::warnings(std::span<const double> state, double t) const {
  std::vector<double> values(grid_.size());
  density(state, values);
  return wall_warnings(grid_, values, t);
}

}  // namespace umkehr
