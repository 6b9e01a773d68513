// SPDX-License-Identifier: GPL-3.0-or-later
// How long a run may take: --max-seconds, and without it the point beyond which nobody waits. What reports progress is
// stopped by an exception that says what drives the cost; what does not, by a thread that ends the program with exit 3.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

namespace umkehr {

class Budget {
 public:
  /// The clock starts here.
  explicit Budget(std::optional<double> max_seconds);
  ~Budget();
  Budget(const Budget&) = delete;
  Budget& operator=(const Budget&) = delete;

  /// From here on it is about this, such as "task \"forward\""; `driver` says what makes it long.
  void begin(const std::string& what, const std::string& driver);
  /// The fraction of the task that is done. Throws NumericalFailure where the time is over, or will not suffice.
  void see(double fraction);
  /// All tasks are solved: writing is not cut short.
  void done();

 private:
  using Clock = std::chrono::steady_clock;
  struct Sight {
    double seconds = 0, fraction = 0;
  };

  double seconds() const;
  void note(double fraction);
  std::optional<double> seconds_left() const;
  std::string how_far() const;
  void watch();

  std::optional<double> max_seconds_;
  Clock::time_point start_ = Clock::now();
  std::string what_, driver_;
  double fraction_ = 0, step_ = 0;
  std::deque<Sight> sights_;  // of the task, some ten of them, the last one now
  bool is_done_ = false;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::thread watch_;
};

}  // namespace umkehr
