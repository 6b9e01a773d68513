// SPDX-License-Identifier: GPL-3.0-or-later
// Under the sanitizers everything takes ten to fifty times as long. What a claim sweeps through is then shorter by the
// most expensive member, and what only that one shows is not asserted.
#pragma once

#include <vector>

namespace umkehr {

#ifdef UMKEHR_SANITIZED
inline constexpr bool is_sanitized = true;
#else
inline constexpr bool is_sanitized = false;
#endif

/// All, the most expensive last; without it under the sanitizers.
template <class Each>
std::vector<Each> affordable(std::vector<Each> all) {
  if (is_sanitized && all.size() > 2) all.pop_back();
  return all;
}

}  // namespace umkehr
