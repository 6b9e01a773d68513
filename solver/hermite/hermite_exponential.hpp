// SPDX-License-Identifier: GPL-3.0-or-later
// Steps by matrix exponentials, axis by axis, for a process whose axes do not act on each other: no stiffness limits
// them. Exact for one that does not depend on time; else two half steps of the commutator-free scheme of order 4
//   exp(h (a B_2 + b B_1)) exp(h (b B_2 + a B_1)),  a = 1/4 + sqrt(3)/6, b = 1/4 - sqrt(3)/6, B at the Gauss nodes
// (Blanes & Moan, Appl. Numer. Math. 56 (2006) 1519), compared with one whole step for the error.
#pragma once

#include <optional>
#include <vector>

#include "solver/hermite/hermite_generator.hpp"
#include "solver/hermite/hermite_steps.hpp"

namespace umkehr {

class HermiteExponential : public HermiteSteps {
 public:
  HermiteExponential(const Process& process, const std::vector<HermiteBasis>& bases);

  std::vector<HermiteBasis> bases_at(double) override { return bases_; }
  double advance(std::span<double> coefficients, const Step& step, Direction direction,
                 bool with_error) override;
  int error_order() const override { return 5; }
  bool steps_are_exact() const override { return !depends_on_time_; }
  double misprojection(std::span<const double> coefficients, double t, bool of_value) override;
  std::size_t memory() const override;

 private:
  void prepare(const Step& step);
  void prepare_whole();
  bool is_prepared(const Step& step) const;
  void compare_quadratures(double t);

  Process process_;
  std::vector<HermiteBasis> bases_;
  std::vector<HermiteAxisGenerator> axes_;
  bool depends_on_time_ = false;
  std::optional<Step> prepared_;
  bool whole_is_prepared_ = false;
  std::vector<Eigen::MatrixXd> matrices_;  // of the step, one an axis, acting on values
  std::vector<Eigen::MatrixXd> whole_;     // the same by one whole step, for the error
  std::optional<double> compared_;         // at which time the two quadratures differ by what follows
  std::vector<Eigen::MatrixXd> mistake_;
};

}  // namespace umkehr
