// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace umkehr {

/// Does what a command line asks for and returns its exit code. Complaints go to standard error, and nothing is thrown.
int command(int count, char** words) noexcept;

}  // namespace umkehr
