// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace umkehr {

/// Tells the core that this thread only waits.
inline void pause_core() {
#if defined(__SSE2__)
  _mm_pause();
#elif defined(__aarch64__)
  asm volatile("isb");
#endif
}

}  // namespace umkehr
