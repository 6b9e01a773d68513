// SPDX-License-Identifier: GPL-3.0-or-later
// Steps of Dormand & Prince (lawson.hpp with Lambda = 0) for every process that no closed form or exponential covers:
// axes that act on each other, by a drift or a killing that is not affine, or killed.
#pragma once

#include <optional>
#include <vector>

#include "solver/hermite/hermite_generator.hpp"
#include "solver/hermite/hermite_steps.hpp"
#include "solver/stepping/lawson.hpp"

namespace umkehr {

class HermiteRungeKutta : public HermiteSteps {
 public:
  HermiteRungeKutta(const Process& process, const std::vector<HermiteBasis>& bases)
      : process_(process),
        bases_(bases),
        system_{HermiteGenerator(process, bases)},
        scheme_(system_),
        error_(system_.size()) {}
  HermiteRungeKutta(const HermiteRungeKutta&) = delete;  // the scheme refers to the system
  HermiteRungeKutta& operator=(const HermiteRungeKutta&) = delete;

  std::vector<HermiteBasis> bases_at(double) override { return bases_; }
  double advance(std::span<double> coefficients, const Step& step, Direction direction,
                 bool with_error) override;
  int error_order() const override { return DormandPrince::order; }
  double misprojection(std::span<const double> coefficients, double t, bool of_value) override;
  std::size_t memory() const override {
    return scheme_.memory() + system_.generator.memory() + (finer_ ? finer_->memory() : 0);
  }

 private:
  struct System {
    HermiteGenerator generator;
    std::size_t size() const { return generator.size(); }
    void factor(double, double, std::span<double> out) const { std::fill(out.begin(), out.end(), 1.0); }
    void rest(double t, std::span<const double> in, std::span<double> out) {
      generator.apply_adjoint(t, in, out);
    }
    void rest_adjoint(double t, std::span<const double> in, std::span<double> out) {
      generator.apply(t, in, out);
    }
  };

  Process process_;
  std::vector<HermiteBasis> bases_;
  std::optional<HermiteGenerator> finer_;  // made when it is asked for
  System system_;
  Lawson<System> scheme_;
  std::vector<double> error_;
};

}  // namespace umkehr
