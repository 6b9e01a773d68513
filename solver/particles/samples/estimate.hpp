// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace umkehr {

/// What a sample tells of a number, and the standard deviation of that over samples.
struct Estimate {
  double value = 0, error = 0;
};

}  // namespace umkehr
