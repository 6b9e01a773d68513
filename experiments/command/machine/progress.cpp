// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/command/machine/progress.hpp"

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <system_error>

namespace umkehr {
namespace {

using std::chrono::milliseconds;

constexpr int bar_width = 30;
constexpr milliseconds first_sight{500}, between_bars{100}, between_lines{10'000};

}  // namespace

ProgressBar::ProgressBar(std::string what, bool shown)
    : what_(std::move(what)), terminal_(isatty(STDERR_FILENO) != 0) {
  next_ = start_ + (terminal_ ? first_sight : between_lines);
  if (!shown) return;
  sigset_t all, before;  // signals are for the thread that solves
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  try {
    watch_ = std::thread([this] { watch(); });
  } catch (const std::system_error&) {
    // Where no thread can be had the work still can be done.
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

ProgressBar::~ProgressBar() {
  {
    const std::lock_guard lock(mutex_);
    is_over_ = true;
  }
  over_.notify_all();
  if (watch_.joinable()) watch_.join();
  clear();
}

void ProgressBar::watch() {
  std::unique_lock lock(mutex_);
  const Clock::duration period = terminal_ ? first_sight : between_lines;
  while (!over_.wait_for(lock, period, [&] { return is_over_; }))
    if (!is_told_) draw(0, Clock::now());
}

void ProgressBar::show(double fraction) {
  if (!watch_.joinable() || !(fraction > 0)) return;
  const std::lock_guard lock(mutex_);
  is_told_ = true;
  const Clock::time_point now = Clock::now();
  if (now >= next_) draw(fraction, now);
}

void ProgressBar::draw(double fraction, Clock::time_point now) {
  next_ = now + (terminal_ ? between_bars : between_lines);
  const double elapsed = std::chrono::duration<double>(now - start_).count();
  // The first steps are the shortest; what they say of the time left is worth nothing.
  const std::string left = fraction < 0.01 ? "?" : duration_text(elapsed * (1 - fraction) / fraction);
  const int percent = static_cast<int>(100 * fraction);
  std::string text = what_ + ": ";
  if (fraction == 0) {
    text += "working for " + duration_text(elapsed);
  } else if (terminal_) {
    const int filled = std::clamp(static_cast<int>(bar_width * fraction), 0, bar_width);
    text = what_ + " [" + std::string(static_cast<std::size_t>(filled), '=') +
           std::string(static_cast<std::size_t>(bar_width - filled), ' ') + "] ";
  }
  if (fraction > 0) text += std::to_string(percent) + " %, " + left + " left";
  std::fprintf(stderr, terminal_ ? "\r\033[K%s" : "%s\n", text.c_str());
  std::fflush(stderr);
  drawn_ = terminal_;
}

void ProgressBar::clear() {
  const std::lock_guard lock(mutex_);
  if (drawn_) std::fputs("\r\033[K", stderr);
  drawn_ = false;
}

std::string duration_text(double seconds) {
  const auto whole = static_cast<long long>(std::ceil(std::clamp(seconds, 0.0, 1e9)));
  char text[40];
  if (whole >= 3600)
    std::snprintf(text, sizeof text, "%lld:%02lld:%02lld", whole / 3600, whole / 60 % 60, whole % 60);
  else
    std::snprintf(text, sizeof text, "%lld:%02lld", whole / 60, whole % 60);
  return text;
}

}  // namespace umkehr
