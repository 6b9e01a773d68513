// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>

namespace umkehr {

/// The verb that a command line asks for, with its options bound, ready to be called; printing help is one too.
/// Throws UsageError.
std::function<int()> parse_command_line(int count, char** words);

}  // namespace umkehr
