// SPDX-License-Identifier: GPL-3.0-or-later
// The two ways in which a calculation ends without a result. Whatever else is thrown is a fault of umkehr's own.
#pragma once

#include <stdexcept>

namespace umkehr {

/// A problem, or choices for it, that the method is not for; what() says what does not fit and what would.
class UnfitProblem : public std::invalid_argument {
 public:
  using std::invalid_argument::invalid_argument;
};

/// Not converged, not finite, or not resolved; what() says where, how far it came, and what to try.
class NumericalFailure : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace umkehr
