// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/output/disk/compressed.hpp"

#include <zlib.h>

#include <algorithm>
#include <memory>
#include <new>
#include <stdexcept>

namespace umkehr {
namespace {

using Bytes = std::vector<unsigned char>;

constexpr std::size_t planes = sizeof(double);
constexpr std::size_t sample_size = 1 << 12;
constexpr std::size_t worth = 8;  // less than an eighth off a plane takes longer than to solve for it

/// How a plane is worth being packed: noise not at all, bytes in no order by their frequency alone.
struct Packing {
  int level = compression_level;
  int strategy = Z_DEFAULT_STRATEGY;
};

/// One byte of each value.
void take_plane(std::span<const double> chunk, std::size_t plane, std::span<unsigned char> out) {
  const auto* bytes = reinterpret_cast<const unsigned char*>(chunk.data());
  for (std::size_t i = 0; i < chunk.size(); ++i) out[i] = bytes[planes * i + plane];
}

class Stream {
 public:
  // The room is for the worst case, and most of it is never touched.
  Stream(const Packing& packing, std::size_t room)
      : out_(std::make_unique_for_overwrite<unsigned char[]>(room)) {
    if (deflateInit2(&stream_, packing.level, Z_DEFLATED, MAX_WBITS, 8, packing.strategy) != Z_OK)
      throw std::bad_alloc();
    stream_.next_out = out_.get();
    stream_.avail_out = static_cast<uInt>(room);
  }
  ~Stream() { deflateEnd(&stream_); }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  void pack_as(const Packing& packing) {
    require(deflateParams(&stream_, packing.level, packing.strategy) == Z_OK);
  }
  void add(std::span<const unsigned char> bytes) {
    // zlib reads through a pointer that is not const.
    stream_.next_in = const_cast<Bytef*>(bytes.data());
    stream_.avail_in = static_cast<uInt>(bytes.size());
    require(deflate(&stream_, Z_NO_FLUSH) == Z_OK && stream_.avail_in == 0);
  }
  Bytes finish() {
    require(deflate(&stream_, Z_FINISH) == Z_STREAM_END);
    return Bytes(out_.get(), out_.get() + stream_.total_out);
  }

 private:
  static void require(bool done) {
    if (!done) throw std::logic_error("a compressed chunk does not fit where it should");
  }

  std::unique_ptr<unsigned char[]> out_;
  z_stream stream_{};
};

std::size_t room_for(std::size_t bytes) {
  return compressBound(static_cast<uLong>(bytes)) + planes * 64 + 1024;
}

std::size_t size_by(const Packing& packing, std::span<const unsigned char> sample) {
  Stream stream(packing, room_for(sample.size()));
  stream.add(sample);
  return stream.finish().size();
}

/// Judged by a piece from the middle, where fields have their features.
Packing best_packing(std::span<const unsigned char> plane) {
  const std::size_t size = std::min(plane.size(), sample_size);
  const auto sample = plane.subspan((plane.size() - size) / 2, size);
  const std::size_t searched = size_by({}, sample);
  if (searched > size - size / worth) return {Z_NO_COMPRESSION, Z_DEFAULT_STRATEGY};
  const Packing by_frequency{compression_level, Z_HUFFMAN_ONLY};
  return size_by(by_frequency, sample) <= searched + searched / 50 ? by_frequency : Packing{};
}

}  // namespace

Bytes compressed(std::span<const double> chunk) {
  Stream stream({}, room_for(chunk.size_bytes()));
  Bytes plane(chunk.size());
  for (std::size_t k = 0; k < planes; ++k) {
    take_plane(chunk, k, plane);
    stream.pack_as(best_packing(plane));
    stream.add(plane);
  }
  return stream.finish();
}

}  // namespace umkehr
