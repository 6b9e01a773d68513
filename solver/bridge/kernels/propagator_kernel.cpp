// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/bridge/kernels/propagator_kernel.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <sstream>

#include "grids/failure.hpp"
#include "grids/machine/elementary.hpp"
#include "grids/machine/infinity.hpp"
#include "solver/bridge/kernels/matrix_kernel.hpp"
#include "solver/bridge/kernels/sliced_values.hpp"
#include "solver/bridge/kernels/symmetrised_slices.hpp"
#include "solver/bridge/kernels/symmetrised_values.hpp"
#include "solver/path_integral/dense_kernel.hpp"

namespace umkehr {
namespace {

constexpr double trusted_error = 1e-9;  // of the sliced propagator's logarithms
constexpr double min_exponent = -690;   // logarithms below the largest, that doubles hold in full
constexpr double parts_of_moving_rates = 64;
constexpr double max_work = 1e12;                      // exchanges of cells in all
constexpr std::size_t min_levels = 3, max_levels = 8;  // of twice as many slices each
constexpr double max_slices = 1 << 20;
constexpr double deepest_slice = 400;     // exponents by which W tells the ends apart
constexpr double counted_at_ends = 1e-7;  // of the largest density there
constexpr double max_fine_cells = 1e6, max_multiplications = 2e10;  // between slices, and in a sweep

/// A matrix kernel that says how exact it is where it was used: a change of ln G changes the divergence by its mean over
/// the coupling of the ends, to first order.
class SlicedKernel : public MatrixKernel {
 public:
  SlicedKernel(const Grid& grid, const SlicedPropagator& sliced)
      : MatrixKernel(grid, with_cells(sliced.log_kernel, grid)),
        doubt_(sliced.doubt),
        slices_(sliced.slices) {}

  void sweep(std::span<const double> log_initial, std::span<const double> log_chi_final,
             std::span<double> log_chi_initial, std::span<double> log_chi_hat_final) override {
    MatrixKernel::sweep(log_initial, log_chi_final, log_chi_initial, log_chi_hat_final);
    log_chi_.assign(log_chi_final.begin(), log_chi_final.end());
    log_chi_hat_.resize(size());
    log_quotient(log_initial, log_chi_initial, log_chi_hat_);
  }
  double divergence_error() const override { return mean_doubt(); }
  std::vector<std::string> warnings() const override {
    const double error = mean_doubt();
    if (error <= trusted_error) return {};
    std::ostringstream text;
    text.precision(3);
    text << "the propagator in " << slices_ << " slices has logarithms off by " << error
         << " on average over the bridge; take more points, so that more slices are resolved";
    return {text.str()};
  }
  std::size_t memory() const override { return MatrixKernel::memory() + doubt_.size() * sizeof(float); }

 private:
  static std::vector<double> with_cells(std::vector<double> logs, const Grid& grid) {
    const double cell = std::log(grid.cell_volume());
    for (double& each : logs) each += cell;
    return logs;
  }
  double mean_doubt() const {
    double sum = 0;
    if (log_chi_.empty()) return 0;
    for (std::size_t i = 0; i < size(); ++i)
      for (std::size_t j = 0; j < size(); ++j)
        sum += doubt_[i * size() + j] * std::exp(log_chi_hat_[i] + log_row(i)[j] + log_chi_[j]);
    return sum * grid().cell_volume();
  }

  std::vector<float> doubt_;
  std::size_t slices_;
  std::vector<double> log_chi_, log_chi_hat_;
};

class SlicedKernels : public KernelFamily {
 public:
  SlicedKernels(Process process, Grid grid, std::span<const double> initial, double start, double tolerance)
      : process_(std::move(process)),
        grid_(std::move(grid)),
        initial_(initial.begin(), initial.end()),
        start_(start) {
    choices_.tolerance = std::min(tolerance, choices_.tolerance);
  }
  /// A process that does not depend on time has one kernel for all intervals of a length.
  std::unique_ptr<Kernel> between(double start, double stop) override {
    const double key = process_.depends_on_time() ? 0 : std::round((stop - start) * 1e12) * 1e-12;
    if (key == 0) return std::make_unique<SlicedKernel>(grid_, make(start, stop));
    if (!last_ || last_length_ != key) {
      last_ = std::make_unique<SlicedPropagator>(make(start, stop));
      last_length_ = key;
    }
    return std::make_unique<SlicedKernel>(grid_, *last_);
  }
  std::unique_ptr<Kernel> values_between(double start, double stop) override {
    return std::make_unique<SlicedValues>(process_, grid_, start, stop);
  }
  bool reaches_far() const override { return false; }

 private:
  SlicedPropagator make(double start, double stop) const {
    return sliced_propagator(process_, grid_.axis(0), start, stop, log_density(start), choices_);
  }
  /// Where paths from the initial marginal are, roughly: this only says which entries of a kernel count.
  std::vector<double> log_density(double t) const {
    Eigen::VectorXd density =
        Eigen::Map<const Eigen::VectorXd>(initial_.data(), static_cast<Eigen::Index>(initial_.size()));
    const DenseKernel slices(process_, grid_.axis(0), 2);
    const std::size_t count = t > start_ ? std::min<std::size_t>(4, slices.max_slices(start_, t)) : 0;
    if (count > 0) density = slices.propagator(start_, t, count) * density;
    std::vector<double> logs(initial_.size());
    for (std::size_t i = 0; i < logs.size(); ++i)
      logs[i] = std::log(std::max(0.0, density[static_cast<Eigen::Index>(i)]));
    return logs;
  }

  Process process_;
  Grid grid_;
  std::vector<double> initial_;
  double start_;
  SlicedChoices choices_;
  std::unique_ptr<SlicedPropagator> last_;
  double last_length_ = 0;
};

class VolumesKernels : public KernelFamily {
 public:
  VolumesKernels(const Process& process, const Grid& grid, const std::vector<double>& times)
      : grid_(grid),
        volumes_(std::make_shared<Uniformisation>(process, grid, times,
                                                  (times.back() - times.front()) / parts_of_moving_rates)) {
    const double work = volumes_->jumps(times.front(), times.back()) * static_cast<double>(grid.size());
    if (work <= max_work) return;
    std::ostringstream text;
    text.precision(3);
    text << "finite volumes would exchange each of " << grid.size() << " cells "
         << work / static_cast<double>(grid.size())
         << " times; take fewer points, a shorter time, less diffusion or killing";
    throw UnfitProblem(text.str());
  }
  std::unique_ptr<Kernel> between(double start, double stop) override {
    return std::make_unique<VolumesKernel>(grid_, volumes_, start, stop);
  }
  bool reaches_far() const override { return false; }

 private:
  Grid grid_;
  std::shared_ptr<Uniformisation> volumes_;
};

/// The fewest cells between slices that resolve so many of them; nothing where those would be too many.
std::optional<std::size_t> refinement_for(const SymmetrisedProcess& process, const Grid& grid, double start,
                                          double stop, double slices) {
  for (std::size_t r = 1;; r += 2) {
    const double cells = static_cast<double>(grid.size()) *
                         std::pow(static_cast<double>(r), static_cast<double>(grid.dimension()));
    double work = 0;  // multiplications of a sweep
    for (const Axis& axis : grid.axes()) work += 2 * slices * cells * static_cast<double>(axis.points * r);
    if (cells > max_fine_cells || work > max_multiplications) return {};
    if (SymmetrisedSlices::max_slices(process, grid, r, start, stop) >= slices) return r;
  }
}

/// The fewest slices, a power of two, across which W differs by no more exponents than doubles hold, where the ends are.
double fewest_slices(const SymmetrisedProcess& process, const Grid& grid, const BridgeEnds& ends,
                     double start, double stop) {
  std::vector<double> well(grid.size());
  double depth = 0;
  for (const double t : {start, 0.5 * (start + stop), stop}) {
    process.well(grid.centres(), t, well);
    double highest = -infinity, lowest = infinity;
    for (const std::span<const double> end : {ends.initial, ends.final}) {
      if (end.empty()) continue;
      const double largest = *std::max_element(end.begin(), end.end());
      for (std::size_t i = 0; i < end.size(); ++i)
        if (end[i] > counted_at_ends * largest) {
          highest = std::max(highest, well[i]);
          lowest = std::min(lowest, well[i]);
        }
    }
    depth = std::max(depth, highest - lowest);
  }
  double slices = 2;
  while (slices < max_slices && slices * deepest_slice < depth * (stop - start)) slices *= 2;
  return slices;
}

/// In twice as many slices from level to level.
class SymmetrisedKernels : public KernelFamily {
 public:
  SymmetrisedKernels(SymmetrisedProcess process, const Grid& grid, const BridgeEnds& ends, double start,
                     double stop)
      : process_(std::make_shared<SymmetrisedProcess>(std::move(process))),
        grid_(grid),
        length_(stop - start),
        fewest_slices_(fewest_slices(*process_, grid, ends, start, stop)) {
    while (refinements_.size() < max_levels) {
      const auto r = refinement_for(*process_, grid, start, stop, slices_of(refinements_.size()));
      if (!r) break;
      refinements_.push_back(*r);
    }
    if (refinements_.size() < min_levels)
      throw UnfitProblem(
          "slices of the propagator are narrower than cells that can be afforded; take more points, more "
          "diffusion, or propagator finite-volume");
  }
  std::unique_ptr<Kernel> between(double start, double stop) override {
    return level_between(start, stop, refinements_.size() - 1);
  }
  std::size_t levels() const override { return refinements_.size(); }
  std::unique_ptr<Kernel> level_between(double start, double stop, std::size_t level) override {
    level_ = level;
    return std::make_unique<SymmetrisedSlices>(process_, grid_, refinements_[level], start, stop,
                                               static_cast<std::size_t>(slices_of(level)));
  }
  /// At their finest as long as those of the last level that was asked for.
  std::unique_ptr<Kernel> values_between(double start, double stop) override {
    return std::make_unique<SymmetrisedValues>(process_, grid_, start, stop, 4 * length_ / slices_of(level_));
  }
  bool reaches_far() const override { return false; }
  std::vector<std::size_t> open_axes() const override { return process_->open_axes(grid_); }

 private:
  double slices_of(std::size_t level) const { return std::ldexp(fewest_slices_, static_cast<int>(level)); }

  std::shared_ptr<const SymmetrisedProcess> process_;
  Grid grid_;
  double length_, fewest_slices_;
  std::vector<std::size_t> refinements_;
  std::size_t level_ = min_levels;
};

}  // namespace

PropagatorMethod usual_propagator(const Process& process, const Grid& grid, const BridgeEnds& ends,
                                  double start, double stop) {
  if (grid.dimension() == 1) {
    const Formula* drift = process.drift[0].formula();
    return drift && drift->may_jump_along(0) ? PropagatorMethod::finite_volume : PropagatorMethod::sliced;
  }
  const std::optional<SymmetrisedProcess> symmetrised = SymmetrisedProcess::of(process, grid);
  if (!symmetrised) return PropagatorMethod::finite_volume;
  const double enough = std::ldexp(fewest_slices(*symmetrised, grid, ends, start, stop), min_levels - 1);
  return refinement_for(*symmetrised, grid, start, stop, enough) ? PropagatorMethod::sliced
                                                                 : PropagatorMethod::finite_volume;
}

std::unique_ptr<KernelFamily> propagator_kernels(const Process& process, const Grid& grid,
                                                 const BridgeEnds& ends, const std::vector<double>& times,
                                                 const PropagatorChoices& choices) {
  if (times.size() < 2) throw UnfitProblem("a propagator takes at least two times");
  if (ends.initial.size() != grid.size()) throw UnfitProblem("the density and the grid differ in size");
  const PropagatorMethod method = choices.method == PropagatorMethod::automatic
                                      ? usual_propagator(process, grid, ends, times.front(), times.back())
                                      : choices.method;
  if (method == PropagatorMethod::sliced && grid.dimension() > 1) {
    std::optional<SymmetrisedProcess> symmetrised = SymmetrisedProcess::of(process, grid);
    if (!symmetrised)
      throw UnfitProblem(
          "path integrals of several axes need a drift F_k = -(D_k/2) d_k Phi, with a smooth Phi that stays "
          "the same, and 8 points along each axis; take propagator finite-volume");
    return std::make_unique<SymmetrisedKernels>(std::move(*symmetrised), grid, ends, times.front(),
                                                times.back());
  }
  if (method == PropagatorMethod::sliced)
    return std::make_unique<SlicedKernels>(process, grid, ends.initial, times.front(), choices.tolerance);
  return std::make_unique<VolumesKernels>(process, grid, times);
}

std::size_t propagator_memory(const Grid& grid, const PropagatorChoices& choices) {
  if (grid.dimension() == 1 &&
      choices.method != PropagatorMethod::finite_volume)  // the extrapolation keeps some eight matrices
    return MatrixKernel::memory(grid.size()) + 8 * grid.size() * grid.size() * sizeof(double);
  const std::size_t volumes = (6 * grid.dimension() + 8) * grid.size() * sizeof(double);
  if (choices.method == PropagatorMethod::finite_volume) return volumes;
  return volumes + 4 * static_cast<std::size_t>(max_fine_cells) * sizeof(double);
}

VolumesKernel::VolumesKernel(const Grid& grid, std::shared_ptr<Uniformisation> volumes, double start,
                             double stop)
    : Kernel(grid), volumes_(std::move(volumes)), start_(start), stop_(stop), work_(grid.size()) {}

/// work = exp(logs - shift); gives the shift.
double VolumesKernel::read(std::span<const double> logs) {
  const double largest = *std::max_element(logs.begin(), logs.end()),
               shift = largest == log_zero ? 0 : largest;
  for (std::size_t i = 0; i < logs.size(); ++i)
    work_[i] = logs[i] - shift < min_exponent ? log_zero : logs[i] - shift;
  lanes::exp(work_, work_);
  return shift;
}

void VolumesKernel::write(double shift, std::span<double> out) const {
  lanes::log(work_, out);
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = work_[i] > 0 ? out[i] + shift : log_zero;
}

void VolumesKernel::apply(std::span<const double> log_chi, std::span<double> out) {
  const double shift = read(log_chi);
  volumes_->backward(work_, start_, stop_);
  write(shift, out);
}

void VolumesKernel::apply_transpose(std::span<const double> log_chi_hat, std::span<double> out) {
  const double shift = read(log_chi_hat);
  volumes_->forward(work_, start_, stop_);
  write(shift, out);
}

}  // namespace umkehr
