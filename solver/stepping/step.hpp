// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace umkehr {

/// One accepted step in time. A run's steps, replayed, give the same linear map, and so the exact transpose.
struct Step {
  double start = 0;
  double stop = 0;
  int scheme = 0;  ///< which of the discretisation's own schemes took it; 0 is the usual one

  double length() const { return stop - start; }
};

}  // namespace umkehr
