// SPDX-License-Identifier: GPL-3.0-or-later
// Text of files and experiments may hold bytes that steer a terminal; what goes to one passes through here.
#pragma once

#include <string>
#include <string_view>

namespace umkehr {

/// The text with control characters (of C0, C1, and those that turn the direction of writing) and bytes that are not
/// UTF-8 as escapes: \x1b, \u202e. Line ends are kept only where `keep_lines` says so; tabs become spaces.
std::string printable(std::string_view text, bool keep_lines = false);

}  // namespace umkehr
