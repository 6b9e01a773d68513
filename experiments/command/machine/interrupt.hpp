// SPDX-License-Identifier: GPL-3.0-or-later
// Signals that ask the process to end. They are blocked in every thread, and one thread waits for them: the first ends
// the process within a moment, wherever the others are, and leaves no temporary file; later ones change nothing.
#pragma once

#include <functional>
#include <stdexcept>
#include <string>

namespace umkehr {

/// One of these signals was received.
class Interrupted : public std::runtime_error {
 public:
  explicit Interrupted(int number);
  int number() const { return number_; }

 private:
  int number_;
};

/// Blocks those that would end the process, and none that was ignored or has a handler of its own; they wait until
/// someone watches. Before any other thread exists.
void block_signals();
/// Starts the thread that waits for them, after block_signals().
void watch_signals();
/// Throws Interrupted if one waits that no thread watches for, which is so where none could be started.
void stop_if_interrupted();

/// What the last message says after "interrupted; ".
void say_when_interrupted(const std::string& outcome);

/// While it lives, a signal first calls `save`, from the watching thread, and says what it returns.
class Rescue {
 public:
  explicit Rescue(std::function<std::string()> save);
  ~Rescue();
  Rescue(const Rescue&) = delete;
  Rescue& operator=(const Rescue&) = delete;
};

/// From here on a signal changes nothing any more. Does not return if one is already ending the process.
void end_without_interruption();

}  // namespace umkehr
