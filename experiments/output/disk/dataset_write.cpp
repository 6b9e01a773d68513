// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/output/disk/dataset_write.hpp"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <numeric>

#include "experiments/output/disk/compressed.hpp"
#include "grids/machine/team.hpp"

namespace umkehr::hdf5 {
namespace {

using Extent = std::vector<hsize_t>;

constexpr std::size_t small_field = 1 << 16;  // bytes; smaller ones are not worth a chunk
constexpr std::size_t large_chunk = 1 << 22;  // bytes; larger ones would be slow to read in part

hsize_t points_of(const Extent& lengths) {
  return std::accumulate(lengths.begin(), lengths.end(), hsize_t{1}, std::multiplies<>());
}

// Whole times together, at least a small field's worth of them; a time that is too large is cut along its
// first axes.
Extent chunk_of(const Extent& shape) {
  Extent chunk = shape;
  hsize_t bytes = points_of(shape) * sizeof(double);
  for (std::size_t k = 0; k < shape.size(); ++k) {
    const hsize_t row = bytes / chunk[k];
    const hsize_t wanted = k == 0 ? small_field : large_chunk;
    chunk[k] = std::clamp<hsize_t>(wanted / row, 1, shape[k]);
    bytes = row * chunk[k];
    if (bytes <= large_chunk) break;
  }
  return chunk;
}

/// The chunks of an array, numbered in C order.
class Chunks {
 public:
  Chunks(const Extent& shape, const Extent& chunk) : shape_(shape), chunk_(chunk) {
    for (std::size_t k = 0; k < shape.size(); ++k) counts_.push_back((shape[k] + chunk[k] - 1) / chunk[k]);
  }

  std::size_t count() const { return points_of(counts_); }
  std::size_t size() const { return points_of(chunk_); }
  /// Where it starts in the array.
  Extent offset(std::size_t number) const {
    Extent out(shape_.size());
    for (std::size_t k = shape_.size(); k-- > 0; number /= counts_[k])
      out[k] = number % counts_[k] * chunk_[k];
    return out;
  }
  bool is_one_piece(std::size_t number) const {
    if (!std::equal(chunk_.begin() + 1, chunk_.end(), shape_.begin() + 1)) return false;
    return offset(number)[0] + chunk_[0] <= shape_[0];
  }
  /// Where the values of a chunk in one piece are in the array.
  std::span<const double> piece(std::span<const double> values, std::size_t number) const {
    return values.subspan(number * size(), size());
  }
  /// Its values, zero beyond the edge of the array.
  std::vector<double> cut(std::span<const double> values, std::size_t number) const {
    std::vector<double> out(points_of(chunk_));
    copy(values, offset(number), 0, 0, out, 0);
    return out;
  }

 private:
  void copy(std::span<const double> values, const Extent& offset, std::size_t axis, std::size_t from,
            std::vector<double>& out, std::size_t to) const {
    const hsize_t length = std::min(chunk_[axis], shape_[axis] - offset[axis]);
    if (axis + 1 == shape_.size()) {
      const auto row = values.subspan(from * shape_[axis] + offset[axis], length);
      std::copy(row.begin(), row.end(), out.begin() + static_cast<std::ptrdiff_t>(to * chunk_[axis]));
      return;
    }
    for (hsize_t i = 0; i < length; ++i)
      copy(values, offset, axis + 1, from * shape_[axis] + offset[axis] + i, out, to * chunk_[axis] + i);
  }

  Extent shape_, chunk_, counts_;
};

// The library's own filters would run on one thread, one chunk after the other.
void write_chunks(hid_t dataset, const Chunks& chunks, std::span<const double> values) {
  constexpr std::size_t at_once = 16;
  constexpr double nanoseconds_a_value = 60;
  const double cost = nanoseconds_a_value * static_cast<double>(chunks.size());
  for (std::size_t first = 0; first < chunks.count(); first += at_once) {
    std::vector<std::vector<unsigned char>> packed(std::min(at_once, chunks.count() - first));
    share(packed.size(), cost, [&](std::size_t n) {
      const std::size_t number = first + n;
      packed[n] =
          compressed(chunks.is_one_piece(number) ? chunks.piece(values, number) : chunks.cut(values, number));
    });
    for (std::size_t n = 0; n < packed.size(); ++n)
      check(H5Dwrite_chunk(dataset, H5P_DEFAULT, 0, chunks.offset(first + n).data(), packed[n].size(),
                           packed[n].data()));
  }
}

Id create(hid_t group, const std::string& name, hid_t type, const Extent& shape, hid_t creation) {
  return Id(H5Dcreate2(group, name.c_str(), type, space_of(shape), H5P_DEFAULT, creation, H5P_DEFAULT),
            H5Dclose);
}

}  // namespace

void write_texts(hid_t object, const std::string& name, const std::vector<std::string>& texts) {
  // A fixed length must be positive; padding with null bytes makes one of them an empty text.
  std::size_t length = 1;
  for (const std::string& text : texts) length = std::max(length, text.size());
  std::string stored;
  for (const std::string& text : texts) stored += text + std::string(length - text.size(), '\0');
  const Id type = string_type(length);
  const Id space = space_of({texts.size()});
  const Id attribute(H5Acreate2(object, name.c_str(), type, space, H5P_DEFAULT, H5P_DEFAULT), H5Aclose);
  check(H5Awrite(attribute, type, stored.data()));
}

void write_text(hid_t object, const std::string& name, const std::string& text) {
  const std::string stored = text.empty() ? std::string(1, '\0') : text;
  const Id type = string_type(stored.size());
  const Id attribute(H5Acreate2(object, name.c_str(), type, space_of({}), H5P_DEFAULT, H5P_DEFAULT),
                     H5Aclose);
  check(H5Awrite(attribute, type, stored.data()));
}

Id write_doubles(hid_t group, const std::string& name, const Extent& shape, std::span<const double> values) {
  const Id creation = creation_list(H5P_DATASET_CREATE);
  if (shape.empty() || values.size_bytes() <= small_field) {
    Id dataset = create(group, name, H5T_IEEE_F64LE, shape, creation);
    check(H5Dwrite(dataset, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()));
    return dataset;
  }
  const Extent chunk = chunk_of(shape);
  check(H5Pset_chunk(creation, static_cast<int>(chunk.size()), chunk.data()));
  check(H5Pset_shuffle(creation));
  check(H5Pset_deflate(creation, compression_level));
  Id dataset = create(group, name, H5T_IEEE_F64LE, shape, creation);
  write_chunks(dataset, Chunks(shape, chunk), values);
  return dataset;
}

Id write_integers(hid_t group, const std::string& name, const std::vector<double>& values) {
  const std::vector<std::int64_t> whole(values.begin(), values.end());
  const Id creation = creation_list(H5P_DATASET_CREATE);
  Id dataset = create(group, name, H5T_STD_I64LE, {whole.size()}, creation);
  check(H5Dwrite(dataset, H5T_NATIVE_INT64, H5S_ALL, H5S_ALL, H5P_DEFAULT, whole.data()));
  return dataset;
}

}  // namespace umkehr::hdf5
