// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace umkehr {

/// Where standard input, output or error is closed, its number would go to the next file that is opened, and messages
/// into that file. Something stands there afterwards that refuses to be read, or written. Before any file is opened.
void occupy_standard_streams();

}  // namespace umkehr
