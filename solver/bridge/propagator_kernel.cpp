// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/bridge/propagator_kernel.hpp"

#include <algorithm>
#include <cmath>
#include <sstream>
#include <stdexcept>

#include "grids/elementary.hpp"
#include "grids/infinity.hpp"
#include "solver/bridge/matrix_kernel.hpp"
#include "solver/bridge/sliced_values.hpp"
#include "solver/kolmogorov/fokker_planck.hpp"
#include "solver/path/dense_kernel.hpp"

namespace umkehr {
namespace {

constexpr double floor_of_noise = 1e-14;   // of the largest value
constexpr double tolerated_share = 1e-12;  // of a marginal that lies in noise
constexpr double trusted_error = 1e-9;     // of the sliced propagator's logarithms

PropagatorMethod method_of(const Grid& grid, PropagatorMethod asked) {
  if (asked == PropagatorMethod::sliced && grid.dimension() != 1)
    throw std::invalid_argument("the sliced propagator is for one axis, not " +
                                std::to_string(grid.dimension()) + "; take finite-volume");
  if (asked != PropagatorMethod::automatic) return asked;
  return grid.dimension() == 1 ? PropagatorMethod::sliced : PropagatorMethod::finite_volume;
}

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
    const std::size_t count = t > start_ ? std::min<std::size_t>(4, slices.most_slices(start_, t)) : 0;
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

class StepsKernels : public KernelFamily {
 public:
  StepsKernels(Grid grid, std::shared_ptr<RecordedSteps> steps)
      : grid_(std::move(grid)), steps_(std::move(steps)) {}
  std::unique_ptr<Kernel> between(double start, double stop) override {
    return std::make_unique<StepsKernel>(grid_, steps_, start, stop);
  }
  bool reaches_far() const override { return false; }

 private:
  Grid grid_;
  std::shared_ptr<RecordedSteps> steps_;
};

}  // namespace

std::unique_ptr<KernelFamily> propagator_kernels(const Process& process, const Grid& grid,
                                                 std::span<const double> initial,
                                                 const std::vector<double>& times,
                                                 const PropagatorChoices& choices) {
  if (times.size() < 2) throw std::invalid_argument("a propagator takes at least two times");
  if (initial.size() != grid.size()) throw std::invalid_argument("the density and the grid differ in size");
  const PropagatorMethod method = method_of(grid, choices.method);
  if (method == PropagatorMethod::sliced)
    return std::make_unique<SlicedKernels>(process, grid, initial, times.front(), choices.tolerance);
  return std::make_unique<StepsKernels>(
      grid, std::make_shared<RecordedSteps>(process, grid, initial, times, choices.tolerance));
}

std::size_t propagator_memory(const Grid& grid, const PropagatorChoices& choices) {
  const PropagatorMethod method = method_of(grid, choices.method);
  if (method == PropagatorMethod::sliced)  // the extrapolation keeps some eight matrices
    return MatrixKernel::memory(grid.size()) + 8 * grid.size() * grid.size() * sizeof(double);
  return estimate_memory(grid, 1, {});
}

StepsKernel::StepsKernel(const Grid& grid, std::shared_ptr<RecordedSteps> steps, double start, double stop)
    : Kernel(grid), steps_(std::move(steps)), start_(start), stop_(stop), work_(grid.size()) {}

/// work = exp(logs - shift); gives the shift.
double StepsKernel::read(std::span<const double> logs) {
  const double largest = *std::max_element(logs.begin(), logs.end()),
               shift = largest == log_zero ? 0 : largest;
  for (std::size_t i = 0; i < logs.size(); ++i) work_[i] = logs[i] - shift;
  lanes::exp(work_, work_);
  return shift;
}

/// Logarithms of the work, nowhere below the noise; gives the logarithm of that level.
double StepsKernel::write(double shift, std::span<double> out) const {
  const double largest = *std::max_element(work_.begin(), work_.end()), noise = floor_of_noise * largest;
  if (!(largest > 0)) {
    std::fill(out.begin(), out.end(), log_zero);
    return log_zero;
  }
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = std::max(work_[i], noise);
  lanes::log(out, out);
  for (double& each : out) each += shift;
  return std::log(noise) + shift + 1e-9;
}

void StepsKernel::apply(std::span<const double> log_chi, std::span<double> out) {
  const double shift = read(log_chi);
  steps_->backward(work_, start_, stop_);
  write(shift, out);
}

void StepsKernel::apply_transpose(std::span<const double> log_chi_hat, std::span<double> out) {
  const double shift = read(log_chi_hat);
  steps_->forward(work_, start_, stop_);
  write(shift, out);
}

void StepsKernel::sweep(std::span<const double> log_initial, std::span<const double> log_chi_final,
                        std::span<double> log_chi_initial, std::span<double> log_chi_hat_final) {
  const double shift = read(log_chi_final);
  steps_->backward(work_, start_, stop_);
  const double noise = write(shift, log_chi_initial);
  initial_below_ = final_below_ = 0;
  for (std::size_t i = 0; i < size(); ++i)
    if (log_chi_initial[i] <= noise) initial_below_ += grid().cell_volume() * std::exp(log_initial[i]);
  std::vector<double> log_chi_hat(size());
  log_quotient(log_initial, log_chi_initial, log_chi_hat);
  const double shift_hat = read(log_chi_hat);
  steps_->forward(work_, start_, stop_);
  const double noise_hat = write(shift_hat, log_chi_hat_final);
  for (std::size_t i = 0; i < size(); ++i)
    if (log_chi_hat_final[i] <= noise_hat)
      final_below_ += grid().cell_volume() * std::exp(log_chi_hat_final[i] + log_chi_final[i]);
}

std::vector<std::string> StepsKernel::warnings() const {
  if (std::max(initial_below_, final_below_) <= tolerated_share) return {};
  std::ostringstream text;
  text.precision(3);
  text << "a share " << initial_below_ << " of the initial marginal and " << final_below_
       << " of the final one lie where propagated values are below " << floor_of_noise
       << " of their largest, which is noise; take more diffusion, a longer time, or method closed-form";
  return {text.str()};
}

}  // namespace umkehr
