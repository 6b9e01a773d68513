// SPDX-License-Identifier: GPL-3.0-or-later
// The Fourier method as a method of lines behind Boost.Odeint: Fehlberg's scheme of order 7(8) with its own steps. It is
// explicit in the diffusion too, so that its steps shrink with the square of the spacing: an independent check of the
// integrating-factor scheme rather than a rival. A value moves by the transposed equation, but with steps of its own, so
// that <P, J> is constant to the tolerance only.
#pragma once

#include "solver/fourier/fourier.hpp"

namespace umkehr {

class FourierOdeint : public Fourier {
 public:
  /// `tolerance` bounds the error of each of its steps, relative to the largest entry of the state.
  FourierOdeint(const Process& process, const Grid& grid, double tolerance);

  double advance(std::span<double> state, const Step& step, Direction direction, bool with_error) override;
  bool steps_are_exact() const override { return true; }

 private:
  double tolerance_;
};

}  // namespace umkehr
