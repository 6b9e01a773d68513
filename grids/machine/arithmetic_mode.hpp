// SPDX-License-Identifier: GPL-3.0-or-later
// How a thread rounds and what it makes of subnormal numbers; new threads do as their maker did at that moment.
#pragma once

#if defined(__SSE2__)
#include <xmmintrin.h>
#endif

namespace umkehr {

class ArithmeticMode {
 public:
#if defined(__SSE2__)
  static ArithmeticMode of_this_thread() {
    return ArithmeticMode(_mm_getcsr());
  }
  void set() const {
    _mm_setcsr(state_);
  }

 private:
  explicit ArithmeticMode(unsigned state) : state_(state & ~_MM_EXCEPT_MASK) {}
  unsigned state_;
#else
  static ArithmeticMode of_this_thread() {
    return {};
  }
  void set() const {}
#endif
};

}  // namespace umkehr
