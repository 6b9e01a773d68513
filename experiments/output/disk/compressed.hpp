// SPDX-License-Identifier: GPL-3.0-or-later
// What HDF5's filters shuffle and deflate make of a chunk, made outside of the library: several chunks at once, and
// without a search for repetitions in bytes that have none.
#pragma once

#include <span>
#include <vector>

namespace umkehr {

/// Level 1: speed counts, and higher ones save a few percent of numbers that end in noise.
inline constexpr unsigned compression_level = 1;

/// The first bytes of all values, then all second bytes and so on, as one zlib stream. The same bytes whoever calls.
std::vector<unsigned char> compressed(std::span<const double> chunk);

}  // namespace umkehr
