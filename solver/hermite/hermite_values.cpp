// SPDX-License-Identifier: GPL-3.0-or-later
// Values as states of the Hermite method.
#include <algorithm>
#include <sstream>

#include "grids/failure.hpp"
#include "grids/tensor_product.hpp"
#include "solver/hermite/hermite.hpp"
#include "solver/hermite/hermite_norm.hpp"
#include "solver/hermite/hermite_value.hpp"
#include "solver/stepping/march.hpp"

namespace umkehr {
namespace {

/// Where twice as many nodes give other coefficients, the value has kinks or jumps.
void require_same(std::vector<double> finer, std::span<const double> coefficients) {
  constexpr double max_wrong = 1e-5;
  const double size = norm_of_coefficients(finer);
  for (std::size_t n = 0; n < finer.size(); ++n) finer[n] -= coefficients[n];
  const double wrong = norm_of_coefficients(finer);
  if (wrong <= max_wrong * size) return;
  std::ostringstream text;
  text.precision(3);
  text << "the Hermite method does not reach this problem: its quadrature of the terminal value, which is "
          "not smooth, "
          "is wrong by "
       << wrong / size << " of it (" << max_wrong << " is allowed); take method finite-volume";
  throw NumericalFailure(text.str());
}

}  // namespace

std::vector<double> Hermite::value_state_of(const Coefficient& terminal, double stop) const {
  const std::vector<HermiteBasis> bases = bases_at(stop);
  std::vector<double> state = hermite_value_coefficients(terminal, stop, bases);
  require_same(hermite_value_coefficients(terminal, stop, bases, 2), state);
  state.push_back(0);
  state.push_back(stop);
  return state;
}

void Hermite::value(std::span<const double> state, std::span<double> out) const {
  const std::vector<HermiteBasis> bases = bases_at(state.back());
  std::vector<Eigen::MatrixXd> polynomials;
  for (std::size_t k = 0; k < bases.size(); ++k)
    polynomials.push_back(hermite_polynomials(bases[k], grid_.axis(k).centres(), bases.size()));
  std::vector<double> coefficients(state.begin(), state.begin() + static_cast<std::ptrdiff_t>(modes_));
  drop_noise(coefficients);
  const std::vector<double> values = act_along_all(polynomials, coefficients);
  std::copy(values.begin(), values.end(), out.begin());
}

std::vector<std::string> Hermite::value_warnings(std::span<const double> state, double t) const {
  constexpr double visible = 1e-9;
  const double size =
      Eigen::Map<const Eigen::VectorXd>(state.data(), static_cast<Eigen::Index>(modes_)).norm();
  const std::vector<HermiteBasis> bases = bases_at(t);
  std::vector<std::string> found;
  for (std::size_t k = 0; k < bases.size(); ++k) {
    std::ostringstream text;
    text.precision(3);
    if (const double rounding = shown_.empty() || shown_at_ != t ? 0 : shown_[k].rounding;
        rounding > max_wrong_shown) {
      text << "far from its centre along \"" << grid_.axis(k).name << "\" rounding leaves " << rounding
           << " of the value; trust only the middle of the axes, or take method finite-volume";
      found.push_back(text.str());
      text.str("");
    }
    const double last = largest_of_last(state, k);
    if (!(last > visible * size)) continue;
    text << "the Hermite coefficients of the value along \"" << grid_.axis(k).name
         << "\" have not decayed: at t = " << t << " the last of " << bases[k].modes << " are " << last / size
         << " of all (centre " << bases[k].centre << ", scale " << bases[k].scale
         << "); take more points, another `centre` or `scale`, or method finite-volume for values with kinks";
    found.push_back(text.str());
  }
  return found;
}

}  // namespace umkehr
