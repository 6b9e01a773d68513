// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace umkehr {

/// A scheme in time, of which there is one object each; methods add what they need to take its steps.
struct Scheme {
  std::string_view name;
  int order;
};

/// One accepted step in time. A run's steps, replayed, give the same linear map, and so the exact transpose.
struct Step {
  double start = 0;
  double stop = 0;
  const Scheme* scheme = nullptr;  ///< one of the discretisation's own, or nothing for the usual one

  double length() const { return stop - start; }
  /// Number n of `parts` equal ones.
  Step part(int n, int parts) const {
    const auto time = [&](int at) { return at == parts ? stop : start + length() * at / parts; };
    return {time(n), time(n + 1), scheme};
  }
};

/// Of a density, or of a value by the transposes.
enum class Direction { forward, backward };

}  // namespace umkehr
