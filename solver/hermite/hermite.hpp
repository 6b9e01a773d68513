// SPDX-License-Identifier: GPL-3.0-or-later
// The Hermite method: on the whole line, P = sum_n c_n w psi_n and J = sum_n a_n psi_n (grids/hermite.hpp), so that
// <P, J> = sum_n c_n a_n, with as many modes along an axis as it has points; walls play no part. The scheme in time
// follows from the process: closed form if it is affine, exponentials if its axes are apart, else Runge-Kutta.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "grids/hermite.hpp"
#include "solver/hermite/hermite_steps.hpp"
#include "solver/process/process.hpp"
#include "solver/stepping/discretisation.hpp"

namespace umkehr {

/// Centres and scales of the bases at the start, one an axis. They stay, except for affine processes whose axes do not
/// act on each other: those move their bases along (hermite_affine.hpp).
struct HermiteChoice {
  std::vector<double> centre, scale;
};

/// A state holds the coefficients in C order, the mass that was killed, and the time.
class Hermite : public Discretisation {
 public:
  /// Throws UnfitProblem for periodic axes, and for a centre or scale that is not finite or not positive.
  Hermite(const Process& process, const Grid& grid, double start, const HermiteChoice& choice);

  std::vector<HermiteBasis> bases_at(double t) const { return steps_->bases_at(t); }

  std::size_t size() const override { return modes_ + 2; }
  std::vector<double> state_of(const Law& law) const override;
  void density(std::span<const double> state, std::span<double> out) const override;
  /// Where the density is below its own rounding errors, so is what this returns.
  void score(std::span<const double> state, std::size_t axis, std::span<double> out) const override;
  double mass(std::span<const double> state) const override { return state.front(); }
  double lost(std::span<const double> state) const override { return state[modes_]; }
  double pairing(std::span<const double> density_state, std::span<const double> value_state) const override;
  /// A value's coefficients at `stop`, in the bases of that time.
  std::vector<double> value_state_of(const Coefficient& terminal, double stop) const override;
  /// Polynomials far outside of their basis: where rounding errors would outgrow 1e150 they are cut there.
  void value(std::span<const double> state, std::span<double> out) const override;
  double advance(std::span<double> state, const Step& step, Direction direction, bool with_error) override;
  int error_order() const override { return steps_->error_order(); }
  bool steps_are_exact() const override { return steps_->steps_are_exact(); }
  bool acceptable(std::span<const double> state) const override;
  std::size_t memory() const override;
  std::vector<std::string> warnings(std::span<const double> state, double t) const override;
  std::vector<std::string> value_warnings(std::span<const double> state, double t) const override;
  void require_resolved(std::span<const double> state, double t) override;
  void require_resolved_value(std::span<const double> state, double t) override;

  /// The largest of the last coefficients along an axis, relative to the mass: about what the basis misses of it.
  double tail(std::span<const double> state, std::size_t axis) const;

 private:
  /// w psi_n at the centres, and the derivatives.
  struct AtCentres {
    std::vector<HermiteBasis> bases;
    std::vector<Eigen::MatrixXd> densities, derivatives;
  };
  const AtCentres& at_centres(double t) const;
  double largest_of_last(std::span<const double> state, std::size_t axis) const;
  double misprojected(std::span<const double> coefficients, double t, double size, bool of_value);
  Eigen::Index orders_used(std::span<const double> coefficients, std::size_t axis) const;
  /// Times their polynomials, at the worst of the centres, beside the largest value in the middle half of the axes.
  struct Shown {
    double last = 0;  ///< of the coefficients
    double rounding = 0, rounding_in_middle = 0;
  };
  static constexpr double max_wrong_shown = 1e-3;
  std::vector<Shown> worst_shown(std::span<const double> state) const;  ///< by axis

  Grid grid_;
  double start_;
  bool is_killed_;
  std::size_t modes_ = 1;
  std::vector<HermiteBasis> bases_;  // at the start
  std::unique_ptr<HermiteSteps> steps_;
  std::vector<Shown> shown_;  // of the value that was last looked at, and its time
  double shown_at_ = 0;
  mutable AtCentres at_centres_;  // for the latest bases
  /// What quadrature got wrong up to the latest saved time.
  struct Projected {
    bool of_value;
    double t, rate, wrong;
  };
  std::optional<Projected> projected_;
};

/// The scheme for a process.
std::unique_ptr<HermiteSteps> hermite_steps(const Process& process, const std::vector<HermiteBasis>& bases,
                                            double start);

}  // namespace umkehr
