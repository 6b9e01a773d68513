// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <stdexcept>

namespace umkehr {

/// What the command returns; after a signal it is 128 and the signal's number.
namespace exit_code {
inline constexpr int done = 0;
inline constexpr int differs = 1;
inline constexpr int wrong_input = 2;
inline constexpr int numerical_failure = 3;
inline constexpr int file_failure = 4;
inline constexpr int signal = 128;
}  // namespace exit_code

/// A command line that makes no sense; what() says what would.
class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// A run that would not fit into memory; what() gives both numbers.
class OutOfMemory : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace umkehr
