// SPDX-License-Identifier: GPL-3.0-or-later
// Arrays at the start of a line of the cache, where a vector of eight doubles may be read without crossing it and FFTW's
// plans want them.
#pragma once

#include <boost/align/aligned_allocator.hpp>
#include <vector>

namespace umkehr {

template <class T>
using AlignedArray = std::vector<T, boost::alignment::aligned_allocator<T, 64>>;

using LaneBuffer = AlignedArray<double>;

}  // namespace umkehr
