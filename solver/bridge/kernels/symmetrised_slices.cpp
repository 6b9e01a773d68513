// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/bridge/kernels/symmetrised_slices.hpp"

#include <algorithm>
#include <cmath>

#include "grids/machine/elementary.hpp"
#include "grids/machine/infinity.hpp"
#include "solver/bridge/kernels/axis_product.hpp"
#include "solver/bridge/kernels/gaussian_images.hpp"
#include "solver/bridge/sums/line_interpolation.hpp"
#include "solver/stepping/flush_to_zero.hpp"

namespace umkehr {
namespace {

/// Cells: where two slices meet, the product of their Gaussians is narrower than either by the root of two.
constexpr double narrowest_slice = 1.7;
constexpr double smallest_exponent = -690;  // logarithms below the largest, that doubles hold in full
constexpr int looks_at_noise = 64;
constexpr double negligible_drift = 1e-12;

Grid refined(const Grid& grid, std::size_t factor) {
  std::vector<Axis> axes = grid.axes();
  for (Axis& axis : axes) axis.points *= factor;
  return Grid(axes);
}

}  // namespace

SymmetrisedProcess::SymmetrisedProcess(const Process& process, QuasiPotential phi)
    : process_(process), phi_(std::move(phi)), divergence_(divergence(process)) {}

std::optional<SymmetrisedProcess> SymmetrisedProcess::of(const Process& process, const Grid& grid) {
  for (const Axis& axis : grid.axes())
    if (axis.points < interpolated_from) return {};
  std::optional<QuasiPotential> phi = QuasiPotential::of(process, grid);
  if (!phi) return {};
  return SymmetrisedProcess(process, std::move(*phi));
}

std::vector<double> SymmetrisedProcess::half_phi(const Points& x) const {
  std::vector<double> out(x.count());
  phi_(x, out);
  for (double& each : out) each /= 2;
  return out;
}

void SymmetrisedProcess::well(const Points& x, double t, std::span<double> out) const {
  std::vector<double> term(x.count());
  process_.killing(x, t, out);
  divergence_(x, t, term);
  for (std::size_t i = 0; i < term.size(); ++i) out[i] += 0.5 * term[i];
  for (std::size_t k = 0; k < x.dimension(); ++k) {
    process_.drift[k](x, t, term);
    const double factor = 0.5 / diffusion(k, t);
    for (std::size_t i = 0; i < term.size(); ++i) out[i] += factor * term[i] * term[i];
  }
}

std::vector<std::size_t> SymmetrisedProcess::open_axes(const Grid& grid) const {
  std::vector<std::size_t> open;
  for (std::size_t k = 0; k < grid.dimension(); ++k) {
    const Axis& axis = grid.axis(k);
    if (axis.boundary != Boundary::reflecting) continue;
    double through = 0;
    std::vector<double> drift(grid.size());
    for (const double wall : {axis.from, axis.to}) {
      Points x = grid.centres();
      std::fill(x[k].begin(), x[k].end(), wall);
      process_.drift[k](x, 0, drift);
      for (const double each : drift) through = std::max(through, std::abs(each));
    }
    if (!(through <= negligible_drift)) open.push_back(k);
  }
  return open;
}

SymmetrisedSlices::SymmetrisedSlices(std::shared_ptr<const SymmetrisedProcess> process, const Grid& grid,
                                     std::size_t refinement, double start, double stop, std::size_t slices)
    : Kernel(grid),
      process_(std::move(process)),
      fine_(refined(grid, refinement)),
      start_(start),
      length_((stop - start) / static_cast<double>(slices)),
      slices_(slices),
      centres_(grid.centres()),
      fine_centres_(fine_.centres()),
      half_phi_(process_->half_phi(centres_)) {}

double SymmetrisedSlices::max_slices(const SymmetrisedProcess& process, const Grid& grid,
                                     std::size_t refinement, double start, double stop) {
  double most = infinity;
  for (std::size_t k = 0; k < grid.dimension(); ++k) {
    const double cell = narrowest_slice * grid.axis(k).spacing() / static_cast<double>(refinement);
    for (int n = 0; n <= looks_at_noise; ++n)
      most = std::min(most, process.diffusion(k, start + (stop - start) * n / looks_at_noise) *
                                (stop - start) / (cell * cell));
  }
  return most;
}

/// exp(-W h/2) of two slices that meet, or of the same one twice.
void SymmetrisedSlices::kill(const Points& centres, std::size_t slice, std::size_t other,
                             std::vector<double>& values) {
  const bool is_half = slice == other;
  Kept& kept = kept_[is_half][0];
  if (kept.factors.empty() || process_->depends_on_time()) {
    kept.factors.resize(values.size());
    process_->well(centres, middle(slice), kept.factors);
    if (!is_half) {
      std::vector<double> next(values.size());
      process_->well(centres, middle(other), next);
      for (std::size_t i = 0; i < next.size(); ++i) kept.factors[i] += next[i];
    }
    for (double& each : kept.factors) each *= -0.5 * length_;
    lanes::exp(kept.factors, kept.factors);
  }
  for (std::size_t i = 0; i < values.size(); ++i) values[i] *= kept.factors[i];
}

void SymmetrisedSlices::spread(const Grid& from, const Grid& to, double t, std::vector<double>& values) {
  Kept& kept = kept_[from.size() == size()][to.size() == size()];
  if (kept.matrices.empty() || process_->depends_on_time()) {
    kept.matrices.clear();
    for (std::size_t k = 0; k < from.dimension(); ++k)
      kept.matrices.push_back(from.axis(k).spacing() * gaussian_images(from.axis(k), to.axis(k).centres(),
                                                                       from.axis(k).centres(),
                                                                       process_->diffusion(k, t) * length_));
  }
  std::vector<std::size_t> points;
  for (const Axis& axis : from.axes()) points.push_back(axis.points);
  for (std::size_t k = 0; k < points.size(); ++k) values = axis_product(kept.matrices[k], values, points, k);
}

void SymmetrisedSlices::act(Way way, std::span<const double> in, std::span<double> out) {
  const FlushToZero flush;
  const double sign = way == Way::to_start ? -1 : 1;
  std::vector<double> values(in.begin(), in.end());
  double shift = log_zero;
  for (std::size_t i = 0; i < values.size(); ++i) shift = std::max(shift, values[i] += sign * half_phi_[i]);
  if (shift == log_zero) shift = 0;
  for (double& each : values) each = each - shift < smallest_exponent ? log_zero : each - shift;
  lanes::exp(values, values);
  const auto number = [&](std::size_t n) { return way == Way::to_stop ? n : slices_ - 1 - n; };
  kill(centres_, number(0), number(0), values);
  for (std::size_t n = 0; n < slices_; ++n) {
    if (n > 0) kill(fine_centres_, number(n - 1), number(n), values);
    spread(n == 0 ? grid() : fine_, n + 1 == slices_ ? grid() : fine_, middle(number(n)), values);
  }
  kill(centres_, number(slices_ - 1), number(slices_ - 1), values);
  lanes::log(values, out);
  for (std::size_t i = 0; i < values.size(); ++i)
    out[i] = values[i] > 0 ? out[i] + shift - sign * half_phi_[i] : log_zero;
}

void SymmetrisedSlices::apply(std::span<const double> log_chi, std::span<double> out) {
  act(Way::to_start, log_chi, out);
}

void SymmetrisedSlices::apply_transpose(std::span<const double> log_chi_hat, std::span<double> out) {
  act(Way::to_stop, log_chi_hat, out);
}

}  // namespace umkehr
