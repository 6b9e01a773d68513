// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/reversal/reversed_process.hpp"

#include <algorithm>
#include <utility>

#include "solver/process/vector_field.hpp"

namespace umkehr {

ReversedProcess::ReversedProcess(Process forward, std::shared_ptr<const Score> score,
                                 const ReversedClock& clock)
    : forward_(std::move(forward)), score_(std::move(score)), clock_(clock) {}

/// Rounding leads no further than to the ends, beyond which a score may not be known.
double ReversedProcess::forward_time(double r) const {
  return std::clamp(clock_(r), clock_.start, clock_.stop);
}

void ReversedProcess::drift(const Points& x, double r, Components& out) const {
  const double t = forward_time(r);
  (*score_)(x, t, out);
  std::vector<double> drift(x.count());
  for (std::size_t k = 0; k < dimension(); ++k) {
    forward_.drift[k](x, t, drift);
    const double diffusion = forward_.diffusion[k](t);
    for (std::size_t i = 0; i < drift.size(); ++i) out[k][i] = diffusion * out[k][i] - drift[i];
  }
}

std::vector<double> ReversedProcess::diffusion(double r) const {
  std::vector<double> out;
  for (const Coefficient& diffusion : forward_.diffusion) out.push_back(diffusion(forward_time(r)));
  return out;
}

Process ReversedProcess::process() const {
  Process reversed;
  reversed.drift = components_of(
      [reversal = *this](const Points& x, double r, Components& out) { reversal.drift(x, r, out); },
      dimension());
  for (std::size_t k = 0; k < dimension(); ++k)
    if (forward_.diffusion[k].constant_value())
      reversed.diffusion.push_back(forward_.diffusion[k]);
    else
      reversed.diffusion.emplace_back(
          Coefficient::Function([reversal = *this, k](const Points&, double r, std::span<double> out) {
            std::ranges::fill(out, reversal.forward_.diffusion[k](reversal.forward_time(r)));
          }));
  return reversed;
}

Grid reversed_grid(const Grid& grid) {
  std::vector<Axis> axes = grid.axes();
  for (Axis& axis : axes)
    if (axis.boundary == Boundary::absorbing) axis.boundary = Boundary::reflecting;
  return Grid(std::move(axes));
}

}  // namespace umkehr
