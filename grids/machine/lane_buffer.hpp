// SPDX-License-Identifier: GPL-3.0-or-later
// Doubles that begin where a vector of eight may be read without crossing a line of the cache.
#pragma once

#include <cstddef>
#include <new>
#include <vector>

#include "grids/machine/lanes.hpp"

namespace umkehr {

template <class T>
struct LaneAllocator {
  using value_type = T;
  static constexpr std::align_val_t alignment{sizeof(Lanes)};

  LaneAllocator() = default;
  template <class U>
  explicit LaneAllocator(const LaneAllocator<U>&) {}
  T* allocate(std::size_t count) { return static_cast<T*>(::operator new(count * sizeof(T), alignment)); }
  void deallocate(T* values, std::size_t) { ::operator delete(values, alignment); }
  friend bool operator==(LaneAllocator, LaneAllocator) { return true; }
};

using LaneBuffer = std::vector<double, LaneAllocator<double>>;

}  // namespace umkehr
