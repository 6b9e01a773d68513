// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <stdexcept>

namespace umkehr {

/// SIGINT or SIGTERM was received.
class Interrupted : public std::runtime_error {
 public:
  explicit Interrupted(int number);
  int number() const { return number_; }

 private:
  int number_;
};

/// From here on the two signals are only noted; a second one of the same kind ends the program at once.
void catch_interrupts();
/// Throws Interrupted if one was noted.
void stop_if_interrupted();

}  // namespace umkehr
