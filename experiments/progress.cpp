// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/progress.hpp"

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace umkehr {
namespace {

using std::chrono::milliseconds;

constexpr int bar_width = 30;
constexpr milliseconds first_sight{500}, between_bars{100}, between_lines{10'000};

}  // namespace

ProgressBar::ProgressBar(std::string what, bool shown)
    : what_(std::move(what)), shown_(shown), terminal_(isatty(STDERR_FILENO) != 0) {
  next_ = start_ + (terminal_ ? first_sight : between_lines);
}

ProgressBar::~ProgressBar() {
  clear();
}

void ProgressBar::show(double fraction) {
  const Clock::time_point now = Clock::now();
  if (!shown_ || now < next_ || !(fraction > 0)) return;
  next_ = now + (terminal_ ? between_bars : between_lines);
  const double elapsed = std::chrono::duration<double>(now - start_).count();
  // The first steps are the shortest; what they say of the time left is worth nothing.
  const std::string left = fraction < 0.01 ? "?" : duration_text(elapsed * (1 - fraction) / fraction);
  const int percent = static_cast<int>(100 * fraction);
  if (!terminal_) {
    std::fprintf(stderr, "%s: %d %%, %s left\n", what_.c_str(), percent, left.c_str());
    return;
  }
  const int filled = std::clamp(static_cast<int>(bar_width * fraction), 0, bar_width);
  const std::string bar = std::string(static_cast<std::size_t>(filled), '=') +
                          std::string(static_cast<std::size_t>(bar_width - filled), ' ');
  std::fprintf(stderr, "\r\033[K%s [%s] %3d %%, %s left", what_.c_str(), bar.c_str(), percent, left.c_str());
  std::fflush(stderr);
  drawn_ = true;
}

void ProgressBar::clear() {
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
