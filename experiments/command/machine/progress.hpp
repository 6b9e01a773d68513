// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

namespace umkehr {

/// How far long work is, on standard error: a bar with the time left on a terminal, else a line every ten seconds; of
/// work that does not tell, how long it has been going on. Short work shows nothing.
class ProgressBar {
 public:
  ProgressBar(std::string what, bool shown);
  ~ProgressBar();
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  void show(double fraction);
  /// Takes the bar off the terminal.
  void clear();

 private:
  using Clock = std::chrono::steady_clock;

  void watch();
  void draw(double fraction, Clock::time_point now);

  std::string what_;
  bool terminal_;
  bool drawn_ = false, is_told_ = false, is_over_ = false;
  Clock::time_point start_ = Clock::now();
  Clock::time_point next_;
  std::mutex mutex_;
  std::condition_variable over_;
  std::thread watch_;  // none: nothing is shown
};

/// Such as "1:05" or "2:00:03".
std::string duration_text(double seconds);

}  // namespace umkehr
