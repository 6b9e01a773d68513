// SPDX-License-Identifier: GPL-3.0-or-later
// Closed-form steps for affine processes (hermite_kernel.hpp), of any length: a Kronecker product of kernel matrices
// where no axis acts on another, and in two dimensions without killing, for any other affine drift,
//   T = exp(u.Delta u/2 + u.a) o (u -> B^T u),
// whose second factor keeps the total degree (hermite_substitution.hpp).
// Where axes are apart the bases move with the process, as the Gaussian w would: then Delta = a = 0 and, without killing,
// T = diag B^n contracts, while in bases that stand still a law that spreads loses all digits to cancellation.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "solver/hermite/hermite_kernel.hpp"
#include "solver/hermite/hermite_steps.hpp"

namespace umkehr {

class HermiteAffine : public HermiteSteps {
 public:
  /// The bases are those at `start`.
  HermiteAffine(AffineProcess process, std::vector<HermiteBasis> bases, double start, bool axes_apart);
  /// Whether the closed form covers this process: axes apart, or two of them and no killing.
  static bool covers(const AffineProcess& process, bool axes_apart);

  std::vector<HermiteBasis> bases_at(double t) override;
  double advance(std::span<double> coefficients, const Step& step, Direction direction,
                 bool with_error) override;
  int error_order() const override { return 8; }
  bool steps_are_exact() const override { return true; }
  std::size_t memory() const override;

 private:
  void prepare(const Step& step);
  void move_density(std::span<double> coefficients);
  void move_value(std::span<double> coefficients);
  void multiply_powers(std::span<double> coefficients) const;
  void multiply_pairs(std::span<double> coefficients, bool transposed) const;

  AffineProcess process_;
  std::vector<HermiteBasis> bases_;  // at the start
  double start_;
  bool moves_;
  std::map<double, std::vector<HermiteBasis>> moved_;  // at the times met so far
  std::optional<Step> prepared_;
  HermiteKernel kernel_;
  bool apart_ = true;
  bool contracts_ = false;  // T is diagonal
  double weight_ = 1;
  std::vector<Eigen::MatrixXd> matrices_;  // kernel matrices, with B = 1 where axes mix
};

}  // namespace umkehr
