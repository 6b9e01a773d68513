// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/hermite/search/hermite_value_search.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <optional>

#include "grids/failure.hpp"
#include "grids/machine/infinity.hpp"
#include "solver/hermite/hermite_affine.hpp"
#include "solver/hermite/hermite_exponential.hpp"
#include "solver/hermite/hermite_generator.hpp"
#include "solver/hermite/hermite_value.hpp"
#include "solver/hermite/search/hermite_objective.hpp"
#include "solver/law/affine.hpp"
#include "solver/stepping/golden_section.hpp"
#include "solver/stepping/march.hpp"

namespace umkehr {
namespace {

constexpr std::size_t intervals = 4;
constexpr double max_growth = 10;  // of a value, beyond which it is suspected to be nothing but error

/// Beside the middle, where an odd terminal value would vanish along the other axes.
double held_at(const Axis& axis) {
  return axis.from + 0.56 * axis.length();
}

/// The terminal value along one axis.
Coefficient along(const Coefficient& terminal, const Grid& grid, std::size_t axis) {
  std::vector<double> held;
  for (const Axis& other : grid.axes()) held.push_back(held_at(other));
  return Coefficient::Function([terminal, held, axis](const Points& x, double t, std::span<double> out) {
    Points line(held.size(), x.count());
    for (std::size_t k = 0; k < held.size(); ++k) std::ranges::fill(line[k], held[k]);
    std::ranges::copy(x[0], line[axis].begin());
    terminal(line, t, out);
  });
}

class Trials {
 public:
  Trials(const Process& process, const Grid& grid, const Coefficient& terminal, double start, double stop)
      : process_(process), grid_(grid), terminal_(terminal), start_(start), stop_(stop) {
    if (axes_are_apart(process)) affine_ = AffineProcess::of(process);
  }

  double truncation_error(const HermiteChoice& choice, std::size_t axis) const try {
    const std::vector<HermiteBasis> bases = bases_of(choice, axis);
    const std::unique_ptr<HermiteSteps> steps = steps_for(bases);
    const Coefficient terminal = along(terminal_, grid_, axis);
    std::vector<double> a =
        hermite_value_coefficients(terminal, stop_, std::vector{steps->bases_at(stop_)[axis]});
    double largest = 0;
    for (const double x : places(axis)) largest = std::max(largest, std::abs(terminal({&x, 1}, stop_)));
    std::vector<double> errors = {error(a, steps->bases_at(stop_)[axis], axis, largest)};
    for (std::size_t n = intervals; n-- > 0;) {
      steps->backward(a, {time(n), time(n + 1)});
      errors.push_back(error(a, steps->bases_at(time(n))[axis], axis, largest));
    }
    return badness_of(errors);
  } catch (const UnfitProblem&) {
    return infinity;  // a coefficient or the value does not fit this basis
  } catch (const NumericalFailure&) {
    return infinity;  // the basis ceases to exist
  }

 private:
  double time(std::size_t n) const {
    return n == intervals ? stop_ : start_ + (stop_ - start_) * static_cast<double>(n) / intervals;
  }

  std::vector<HermiteBasis> bases_of(const HermiteChoice& choice, std::size_t axis) const {
    const std::size_t max_modes = affine_ ? 512 : 64;
    std::vector<HermiteBasis> bases;
    for (std::size_t k = 0; k < grid_.dimension(); ++k)
      bases.push_back(
          {choice.centre[k], choice.scale[k], k == axis ? std::min(grid_.axis(k).points, max_modes) : 1});
    return bases;
  }

  std::unique_ptr<HermiteSteps> steps_for(const std::vector<HermiteBasis>& bases) const {
    if (affine_) return std::make_unique<HermiteAffine>(*affine_, bases, start_, true);
    return std::make_unique<HermiteExponential>(process_, bases);
  }

  /// Over the middle half of the axis.
  std::vector<double> places(std::size_t axis) const {
    std::vector<double> x;
    for (int i = 0; i <= 8; ++i)
      x.push_back(grid_.axis(axis).from + grid_.axis(axis).length() * (4 + i) / 16);
    return x;
  }

  /// Relative to the largest value there, or to `largest`: a value may have grown because it is nothing but error.
  double error(std::vector<double> a, const HermiteBasis& basis, std::size_t axis, double largest) const {
    drop_noise(a);
    const auto size = static_cast<Eigen::Index>(a.size());
    const Eigen::Map<const Eigen::VectorXd> all(a.data(), size);
    if (!all.allFinite()) return infinity;
    Eigen::Index used = size;
    while (used > 0 && all[used - 1] == 0) --used;
    const Eigen::MatrixXd psi = hermite_polynomials(basis, places(axis), 1);
    const double last =
        all.tail(std::min<Eigen::Index>(size, std::max<Eigen::Index>(2, size / 16))).cwiseAbs().maxCoeff();
    const double roundoff = std::numeric_limits<double>::epsilon() * all.norm();
    double value = 0, wrong = 0;
    for (Eigen::Index i = 0; i < psi.rows(); ++i) {
      value = std::max(value, std::abs(psi.row(i).dot(all)));
      wrong = std::max(
          wrong, last * std::abs(psi.row(i).tail(1)[0]) + roundoff * psi.row(i).head(used).cwiseAbs().sum());
    }
    if (!affine_ && value > max_growth * largest) wrong = std::max(wrong, value);
    return value > 0 ? wrong / std::min(value, largest) : infinity;
  }

  const Process& process_;
  const Grid& grid_;
  const Coefficient& terminal_;
  double start_, stop_;
  std::optional<AffineProcess> affine_;  // where the bases move
};

}  // namespace

HermiteChoice search_hermite_value_choice(const Process& process, const Grid& grid,
                                          const Coefficient& terminal, const std::vector<double>& times,
                                          const HermiteChoice& given) {
  if (!given.centre.empty() && !given.scale.empty()) return given;
  HermiteChoice choice = given;
  const bool free_centre = given.centre.empty(), free_scale = given.scale.empty();
  for (const Axis& axis : grid.axes()) {
    if (free_centre) choice.centre.push_back(0.5 * (axis.from + axis.to));
    if (free_scale) choice.scale.push_back(axis.length() / 8);
  }
  const Trials trials(process, grid, terminal, times.front(), times.back());
  for (std::size_t k = 0; k < grid.dimension(); ++k) {
    const double length = grid.axis(k).length();
    double &c = choice.centre[k], &s = choice.scale[k];
    const auto of_scale = [&](double value) { return s = value, trials.truncation_error(choice, k); };
    const auto of_centre = [&](double value) { return c = value, trials.truncation_error(choice, k); };
    if (free_scale) s = min_scale(of_scale, length / 80, length / 2, 12, 4);
    if (free_centre) c = least(of_centre, c - length / 8, c + length / 8, 5, 3);
    if (free_scale) s = min_scale(of_scale, 0.7 * s, 1.4 * s, 5, 3);
  }
  return choice;
}

}  // namespace umkehr
