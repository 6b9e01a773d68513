// SPDX-License-Identifier: GPL-3.0-or-later
// Values as states of the symmetrised scheme.
#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <sstream>

#include "grids/failure.hpp"
#include "grids/interpolation/taper.hpp"
#include "solver/fourier/fourier_value.hpp"
#include "solver/fourier/symmetrised.hpp"

namespace umkehr {
namespace {

constexpr double rounding = std::numeric_limits<double>::epsilon();
constexpr double max_loss_of_values = 1e-9;

auto kept(std::span<const double> state) {
  return Eigen::Map<const Eigen::VectorXd>(state.data(), static_cast<Eigen::Index>(state.size() - 1));
}

}  // namespace

/// Somewhere in the middle half of the axis a value must stand out of the roundoff of phi.
void Symmetrised::refuse_lost_middle(const Eigen::VectorXd& phi) const {
  const double roundoff = rounding * phi.cwiseAbs().maxCoeff();
  double middle = 0;
  for (Eigen::Index n = 0; n < phi.size(); ++n) {
    const std::size_t i = generator_.first() + static_cast<std::size_t>(n);
    if (4 * i >= grid_.size() && 4 * i < 3 * grid_.size()) middle = std::max(middle, std::abs(phi[n]));
  }
  if (roundoff <= max_loss_of_values * middle) return;
  std::ostringstream text;
  text.precision(2);
  text << "the symmetrised scheme does not apply: exp(-Phi/2) J is so much larger at the walls that in the "
          "middle of "
       << "the axis roundoff is " << roundoff / middle << " of it (" << max_loss_of_values << " is allowed)";
  throw UnfitProblem(text.str());
}

std::vector<double> Symmetrised::value_state_of(const Coefficient& terminal, double stop) const {
  constexpr double decayed = 1e-13;
  std::vector<double> values(grid_.size()), state(size());
  terminal(grid_.centres(), stop, values);
  Eigen::Map<Eigen::VectorXd> phi(state.data(), weight_.size());
  phi = weight_.cwiseProduct(
      Eigen::Map<const Eigen::VectorXd>(values.data() + generator_.first(), weight_.size()));
  refuse_lost_middle(phi);
  const double limit = decayed * phi.cwiseAbs().maxCoeff();
  const bool lower = std::abs(phi[0]) > limit, upper = std::abs(phi[phi.size() - 1]) > limit;
  const std::vector<double> keep = taper(generator_.axis(), blended_share);
  for (std::size_t n = 0; n < generator_.size(); ++n) {
    const std::size_t i = generator_.first() + n;
    if (i < grid_.size() / 2 ? lower : upper) state[n] *= keep[i];
  }
  return state;
}

void Symmetrised::value(std::span<const double> state, std::span<double> out) const {
  const std::size_t last = generator_.size() - 1;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const std::size_t n = std::min(std::max(i, generator_.first()) - generator_.first(), last);
    out[i] = state[n] / weight_[static_cast<Eigen::Index>(n)];
  }
}

/// Roundoff of phi, relative to the value where phi is largest.
std::vector<std::string> Symmetrised::value_warnings(std::span<const double> state, double t) const {
  constexpr double visible = 1e-9;
  Eigen::Index highest = 0;
  if (!(kept(state).cwiseAbs().maxCoeff(&highest) > 0)) return {};
  const double least = rounding / visible * weight_[highest];
  const auto counts = [&](double weight) { return weight >= least; };
  const auto begin = weight_.data(), end = begin + weight_.size();
  const auto first = generator_.first() + static_cast<std::size_t>(std::find_if(begin, end, counts) - begin);
  const auto behind =
      generator_.first() +
      static_cast<std::size_t>(
          std::find_if(std::make_reverse_iterator(end), std::make_reverse_iterator(begin), counts).base() -
          begin);
  if (first == 0 && behind == grid_.size()) return {};
  const Axis& axis = generator_.axis();
  std::ostringstream text;
  text.precision(3);
  text << "exp(Phi/2) magnifies the roundoff of the value at t = " << t << " beyond " << visible
       << " of its size outside of " << axis.name << " = " << axis.centre(first) << " to "
       << axis.centre(behind - 1) << "; for values there use another scheme";
  return {text.str()};
}

}  // namespace umkehr
