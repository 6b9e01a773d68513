// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/bridge/schroedinger_system.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <sstream>

#include "grids/failure.hpp"
#include "grids/machine/elementary.hpp"
#include "grids/machine/infinity.hpp"
#include "solver/bridge/anderson.hpp"

namespace umkehr {
namespace {

constexpr double growth = 2;              // of the error over the least so far that is not accepted
constexpr double progress_made = 0.9;     // of the error, by what the iteration still gains
constexpr double tolerated_error = 1e-8;  // of the marginals, where rounding forbids less
constexpr double tolerated_share = 1e-8;  // of the marginals, that no path leads to
constexpr std::size_t patience = 100,
                      long_patience = 500;  // sweeps without that, below such an error and above
constexpr double bound_slack = 1e-6;        // of the divergence, by which rounding may miss its bound

/// One end of the bridge: P of mass one exactly, and where it is positive.
struct Marginal {
  Marginal(const Grid& grid, std::span<const double> given, const char* name);

  std::vector<double> mass, log_density;
  std::vector<std::size_t> support;
};

Marginal::Marginal(const Grid& grid, std::span<const double> given, const char* name)
    : mass(given.begin(), given.end()), log_density(given.size()) {
  if (given.size() != grid.size())
    throw UnfitProblem(std::string("the ") + name + " marginal has " + std::to_string(given.size()) +
                       " values and the grid " + std::to_string(grid.size()) + " cells");
  double total = 0;
  for (std::size_t i = 0; i < given.size(); ++i) {
    if (!(given[i] >= 0 && given[i] < infinity))
      throw UnfitProblem(std::string("the ") + name + " marginal is " + std::to_string(given[i]) +
                         " at cell " + std::to_string(i) + "; a density is finite and not negative");
    total += given[i] * grid.cell_volume();
  }
  if (!(std::abs(total - 1) < 1e-3))
    throw UnfitProblem(std::string("the ") + name + " marginal has mass " + std::to_string(total) +
                       " on the grid; normalise it to 1");
  // What is too small for a double of full precision is none.
  const double scale = 1 / total,
               least = std::numeric_limits<double>::min() / std::min(1.0, grid.cell_volume());
  for (std::size_t i = 0; i < mass.size(); ++i) {
    mass[i] = mass[i] * scale < least ? 0 : mass[i] * scale;
    if (mass[i] > 0) support.push_back(i);
  }
  lanes::log(mass, log_density);
  for (double& each : mass) each *= grid.cell_volume();
}

double mean(const Marginal& of, std::span<const double> f) {
  double sum = 0;
  for (const std::size_t i : of.support)
    if (std::isfinite(f[i])) sum += of.mass[i] * f[i];
  return sum;
}

/// Mass of P where no path of the reference leads.
double unreached(const Marginal& of, std::span<const double> log_chi) {
  double sum = 0;
  for (const std::size_t i : of.support)
    if (log_chi[i] == -infinity) sum += of.mass[i];
  return sum;
}

class Iteration {
 public:
  Iteration(Kernel& kernel, const Marginal& initial, const Marginal& final,
            const SchroedingerChoices& choices);
  SchroedingerSolution operator()(const std::function<void(double)>& progress);

 private:
  double sweep();
  void advance(double error);
  void spread(std::span<const double> on_support);
  bool is_stuck(double error);
  [[noreturn]] void give_up(double error) const;
  void stop_at_rounding();
  void check_divergence();
  void check_reach();
  void warn_of_unreached();
  SchroedingerSolution finish(double error);

  Kernel& kernel_;
  const Marginal &initial_, &final_;
  const SchroedingerChoices& choices_;
  SchroedingerSolution s_;
  Anderson accelerate_;
  std::vector<double> image_, residual_, shift_, best_image_, next_;  // on the support of P_f
  double least_ = infinity, gained_from_ = infinity;
  std::size_t gained_at_ = 0;
};

std::vector<double> on_support(const Marginal& of, std::span<const double> values) {
  std::vector<double> out;
  out.reserve(of.support.size());
  for (const std::size_t i : of.support) out.push_back(values[i]);
  return out;
}

Iteration::Iteration(Kernel& kernel, const Marginal& initial, const Marginal& final,
                     const SchroedingerChoices& choices)
    : kernel_(kernel),
      initial_(initial),
      final_(final),
      choices_(choices),
      accelerate_(on_support(final, final.mass), choices.acceleration),
      image_(final.support.size()),
      residual_(image_),
      shift_(image_),
      best_image_(image_),
      next_(image_) {
  s_.log_chi_final.assign(kernel.size(), -infinity);
  s_.log_chi_initial.resize(kernel.size());
  s_.log_chi_hat_final.resize(kernel.size());
  const bool begins = choices.log_chi_final.size() == kernel.size();
  for (const std::size_t i : final.support)
    s_.log_chi_final[i] = begins && std::isfinite(choices.log_chi_final[i]) ? choices.log_chi_final[i] : 0;
}

/// The image of ln chi_f and the error of the marginals: P_i is met, and P_f is off by P_f (exp(ln chi_f - image) - 1).
double Iteration::sweep() {
  kernel_.sweep(initial_.log_density, s_.log_chi_final, s_.log_chi_initial, s_.log_chi_hat_final);
  ++s_.iterations;
  for (std::size_t n = 0; n < image_.size(); ++n) {
    const std::size_t i = final_.support[n];
    const double log_chi_hat = s_.log_chi_hat_final[i];
    image_[n] = log_chi_hat == -infinity ? s_.log_chi_final[i] : final_.log_density[i] - log_chi_hat;
    residual_[n] = image_[n] - s_.log_chi_final[i];
    shift_[n] = -residual_[n];
  }
  lanes::exp(shift_, shift_);
  double error = 0;
  for (std::size_t n = 0; n < image_.size(); ++n) {
    const std::size_t i = final_.support[n];
    if (s_.log_chi_hat_final[i] == -infinity) continue;  // see check_reach
    error += final_.mass[i] *
             (std::abs(residual_[n]) < 1e-3 ? std::abs(std::expm1(-residual_[n])) : std::abs(shift_[n] - 1));
  }
  return error;
}

void Iteration::advance(double error) {
  if (!(error <= growth * least_)) {
    accelerate_.restart();
    spread(best_image_);
    return;
  }
  if (error < least_) {
    least_ = error;
    best_image_ = image_;
  }
  accelerate_(image_, residual_, next_);
  spread(next_);
}

void Iteration::spread(std::span<const double> values) {
  for (std::size_t n = 0; n < values.size(); ++n) s_.log_chi_final[final_.support[n]] = values[n];
}

/// What no path leads to is missing from a marginal, however long one iterates.
void Iteration::check_reach() {
  const double at_start = unreached(initial_, s_.log_chi_initial),
               at_stop = unreached(final_, s_.log_chi_hat_final);
  s_.unreached = std::max(at_start, at_stop);
  if (s_.unreached <= tolerated_share) return;
  std::ostringstream text;
  text.precision(3);
  text << "no path that this kernel's digits show leads from a share " << at_start
       << " of the initial marginal to the final one, and to a share " << at_stop
       << " of the final marginal from the initial one; take other marginals or walls, more diffusion, or "
          "another propagator";
  throw NotConverged(text.str());
}

/// Whether the last sweeps have gained nothing.
bool Iteration::is_stuck(double error) {
  if (error < progress_made * gained_from_) {
    gained_from_ = error;
    gained_at_ = s_.iterations;
  }
  return s_.iterations > gained_at_ + (least_ <= tolerated_error ? patience : long_patience);
}

void Iteration::give_up(double error) const {
  double size = 0;
  for (const std::size_t i : final_.support)
    if (s_.log_chi_hat_final[i] != -infinity)
      size += final_.mass[i] * (std::abs(s_.log_chi_final[i]) + std::abs(s_.log_chi_hat_final[i]));
  const double rounding = size * std::numeric_limits<double>::epsilon();
  std::ostringstream text;
  text.precision(3);
  text << "the marginals are off by " << std::min(error, least_) << " after " << s_.iterations
       << " sweeps, and " << choices_.tolerance << " was asked for; ";
  if (least_ < 4 * rounding)
    text << "rounding of potentials of size " << size << " leaves about " << rounding
         << ": take a tolerance above that, or more diffusion";
  else
    text << "take more iterations, a larger tolerance, or begin from the potentials of a larger diffusion";
  for (const std::string& warning : kernel_.warnings()) text << "; " << warning;
  throw NotConverged(text.str());
}

SchroedingerSolution Iteration::operator()(const std::function<void(double)>& progress) {
  for (;;) {
    const double error = sweep();
    if (std::isnan(error)) give_up(error);
    if (s_.iterations == 1) check_reach();
    if (progress) progress(std::clamp(std::log(error) / std::log(choices_.tolerance), 0.0, 1.0));
    if (error <= choices_.tolerance + s_.unreached) return finish(error);
    const bool is_over = is_stuck(error);
    if (is_over && least_ <= tolerated_error) {
      stop_at_rounding();
      return finish(sweep());
    }
    if (is_over || s_.iterations >= choices_.max_iterations) give_up(error);
    advance(error);
  }
}

void Iteration::warn_of_unreached() {
  std::ostringstream text;
  text.precision(3);
  text
      << "a share " << s_.unreached
      << " of a marginal lies where this kernel's digits show no path, and is left out; take more diffusion, "
         "or marginals that end sooner";
  s_.warnings.push_back(text.str());
}

/// From the best state so far once more.
void Iteration::stop_at_rounding() {
  spread(best_image_);
  std::ostringstream text;
  text.precision(3);
  text << "rounding leaves an error of " << least_ << " in the marginals, and " << choices_.tolerance
       << " was asked for; nothing was gained in the last " << patience << " of " << s_.iterations
       << " sweeps; take a tolerance above that";
  s_.warnings.push_back(text.str());
}

/// Int P_i ln int G at most, that is Jensen's bound with the kernel's own mass.
void Iteration::check_divergence() {
  std::vector<double> nothing(kernel_.size(), 0.0), log_mass(kernel_.size());
  kernel_.apply(nothing, log_mass);
  double mass = 0;
  for (const std::size_t i : initial_.support) mass += initial_.mass[i] * std::exp(log_mass[i]);
  const double least = -std::log(mass), slack = bound_slack * std::max(1.0, std::abs(least));
  if (std::isfinite(s_.divergence) && !(s_.divergence < least - slack)) return;
  std::ostringstream text;
  text.precision(6);
  text << "D_KL(H*||G) came out as " << s_.divergence << ", and cannot be below " << least
       << ", minus the logarithm of the mass that the reference keeps: the kernel has no digits left where "
          "the "
          "marginals are; take more points, more diffusion, or marginals that are less far apart";
  throw NotConverged(text.str());
}

SchroedingerSolution Iteration::finish(double error) {
  check_reach();
  if (s_.unreached > choices_.tolerance) warn_of_unreached();
  s_.marginal_error = std::max(error, s_.unreached);
  s_.log_chi_hat_initial.resize(kernel_.size());
  log_quotient(initial_.log_density, s_.log_chi_initial, s_.log_chi_hat_initial);
  const double gauge = mean(initial_, s_.log_chi_initial);
  for (auto* f : {&s_.log_chi_initial, &s_.log_chi_final})
    for (double& value : *f) value -= gauge;
  for (auto* f : {&s_.log_chi_hat_initial, &s_.log_chi_hat_final})
    for (double& value : *f) value += gauge;
  s_.divergence = mean(final_, s_.log_chi_final);
  check_divergence();
  return std::move(s_);
}

}  // namespace

SchroedingerSolution solve_schroedinger_system(Kernel& kernel, const Grid& grid,
                                               std::span<const double> initial, std::span<const double> final,
                                               const SchroedingerChoices& choices,
                                               const std::function<void(double)>& progress) {
  if (kernel.size() != grid.size())
    throw UnfitProblem("the kernel has " + std::to_string(kernel.size()) + " cells and the grid " +
                       std::to_string(grid.size()));
  const Marginal at_start(grid, initial, "initial"), at_stop(grid, final, "final");
  return Iteration(kernel, at_start, at_stop, choices)(progress);
}

}  // namespace umkehr
