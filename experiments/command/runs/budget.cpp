// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/command/runs/budget.hpp"

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <csignal>
#include <cstdlib>

#include "experiments/command/machine/exit_code.hpp"
#include "experiments/command/machine/progress.hpp"
#include "experiments/text/short_number.hpp"
#include "grids/failure.hpp"
#include "solver/stepping/march.hpp"

namespace umkehr {
namespace {

constexpr double endless = 2 * 86'400;  // seconds left beyond which a run without a bound is stopped
constexpr double margin = 2;            // of the estimate over the time allowed
constexpr std::size_t max_sights = 12;
constexpr double shortest_window = 0.2, longest_window = 5;  // seconds that an estimate looks back
constexpr double grace = 0.3;  // seconds for what reports progress to stop by itself

std::string percent(double fraction) {
  return short_number(100 * fraction) + " %";
}

}  // namespace

Budget::Budget(std::optional<double> max_seconds) : max_seconds_(max_seconds) {
  if (!max_seconds_ || *max_seconds_ > 1e9) return;
  sigset_t all, before;  // signals are for the thread that solves
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  watch_ = std::thread([this] { watch(); });
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

Budget::~Budget() {
  done();
  if (watch_.joinable()) watch_.join();
}

double Budget::seconds() const {
  return std::chrono::duration<double>(Clock::now() - start_).count();
}

void Budget::begin(const std::string& what, const std::string& driver) {
  const std::lock_guard lock(mutex_);
  what_ = what;
  driver_ = driver;
  fraction_ = step_ = 0;
  sights_ = {{seconds(), 0}};
}

void Budget::done() {
  const std::lock_guard lock(mutex_);
  is_done_ = true;
  changed_.notify_all();
}

/// A sight every tenth of the window; where a second part of a task begins anew, so does the estimate.
void Budget::note(double fraction) {
  if (fraction > fraction_) step_ = fraction - fraction_;
  if (fraction < fraction_) sights_.clear();
  fraction_ = fraction;
  const double window =
      max_seconds_ ? std::clamp(0.1 * *max_seconds_, shortest_window, longest_window) : longest_window;
  const double now = seconds();
  if (!sights_.empty() && now - sights_.back().seconds < window / 10) return;
  sights_.push_back({now, fraction});
  if (sights_.size() > max_sights) sights_.pop_front();
}

/// By the pace over the window, once it no longer quickens: first steps are short and say little.
std::optional<double> Budget::seconds_left() const {
  if (sights_.size() < max_sights) return std::nullopt;
  const Sight &first = sights_.front(), &middle = sights_[max_sights / 2], &last = sights_.back();
  const double early = (middle.fraction - first.fraction) / (middle.seconds - first.seconds);
  const double late = (last.fraction - middle.fraction) / (last.seconds - middle.seconds);
  if (!(late > 0) || late > 1.1 * early) return std::nullopt;
  return (1 - last.fraction) / late;
}

std::string Budget::how_far() const {
  if (what_.empty()) return "before the first task began";
  std::string text = "with " + percent(fraction_) + " done";
  if (step_ > 0) text += ", steps of " + percent(step_) + " now";
  const auto left = seconds_left();
  if (left && fraction_ < 1) text += ", " + duration_text(*left) + " left at this pace";
  return text + (driver_.empty() ? "" : "; what drives it: " + driver_);
}

void Budget::see(double fraction) {
  const std::lock_guard lock(mutex_);
  note(fraction);
  const double now = seconds();
  if (max_seconds_ && now > *max_seconds_)
    throw NumericalFailure("the " + short_number(*max_seconds_) + " s of --max-seconds are over " +
                           how_far());
  const std::optional<double> left = seconds_left();
  if (!left) return;
  if (max_seconds_ && *left > margin * (*max_seconds_ - now))
    throw NumericalFailure("it will not end within the " + short_number(*max_seconds_) +
                           " s of --max-seconds: after " + short_number(now) + " s it is " + how_far());
  if (!max_seconds_ && *left > endless)
    throw NumericalFailure("it would not end: after " + short_number(now) + " s it is " + how_far() +
                           " (--max-seconds allows more)");
}

void Budget::watch() {
  std::unique_lock lock(mutex_);
  const auto end = start_ + std::chrono::duration_cast<Clock::duration>(
                                std::chrono::duration<double>(*max_seconds_ + grace));
  if (changed_.wait_until(lock, end, [this] { return is_done_; })) return;
  const std::string place = what_.empty() ? "" : what_ + ": ";
  const std::string text = "umkehr: " + place + "the " + short_number(*max_seconds_) +
                           " s of --max-seconds are over " + how_far() + "\n";
  [[maybe_unused]] const auto written = ::write(STDERR_FILENO, text.data(), text.size());
  std::_Exit(exit_code::numerical_failure);
}

}  // namespace umkehr
