// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace umkehr {

/// The candidate that differs least from a word (insertions, deletions, changes, swapped neighbours), if one
/// is near enough to be meant; else empty.
std::string nearest(std::string_view word, const std::vector<std::string>& candidates);

/// `did you mean "x"?`, or where nothing is near, `allowed: "a", "b"`.
std::string suggestion(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace umkehr
