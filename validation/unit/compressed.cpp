// SPDX-License-Identifier: GPL-3.0-or-later
// Packed chunks, unpacked by zlib and by HDF5's own filters.
#include "experiments/output/disk/compressed.hpp"

#include <zlib.h>

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <cstring>
#include <random>

#include "experiments/output/dataset.hpp"
#include "experiments/output/disk/dataset_write.hpp"
#include "validation/support/temporary_folder.hpp"

using namespace umkehr;

namespace {

std::vector<double> noise(std::size_t size, unsigned seed) {
  std::mt19937_64 random(seed);
  std::vector<double> values(size);
  for (double& value : values) {
    const std::uint64_t bits = random();
    std::memcpy(&value, &bits, sizeof bits);
  }
  return values;
}

std::vector<double> gaussian(std::size_t size) {
  std::vector<double> values(size);
  for (std::size_t i = 0; i < size; ++i) {
    const double x = 12 * (static_cast<double>(i) / static_cast<double>(size) - 0.5);
    values[i] = std::exp(-x * x / 2);
  }
  return values;
}

void check_unpacks(const std::vector<double>& values) {
  const std::vector<unsigned char> packed = compressed(values);
  std::vector<unsigned char> bytes(values.size() * sizeof(double));
  uLongf size = bytes.size();
  BOOST_TEST_REQUIRE(uncompress(bytes.data(), &size, packed.data(), packed.size()) == Z_OK);
  BOOST_TEST_REQUIRE(size == bytes.size());
  std::vector<unsigned char> original(bytes.size());
  for (std::size_t i = 0; i < values.size(); ++i)
    for (std::size_t k = 0; k < sizeof(double); ++k)
      std::memcpy(&original[i * sizeof(double) + k], &bytes[k * values.size() + i], 1);
  BOOST_TEST(std::memcmp(original.data(), values.data(), original.size()) == 0);
}

}  // namespace

BOOST_AUTO_TEST_CASE(whatever_is_packed_unpacks_to_the_same_bits) {
  for (const std::size_t size : {1UL, 7UL, 1000UL, 40000UL}) {
    check_unpacks(noise(size, 3));
    check_unpacks(gaussian(size));
    check_unpacks(std::vector<double>(size, 0.0));
  }
  std::vector<double> half = noise(40000, 5);
  std::fill(half.begin(), half.begin() + 20000, 1.0);
  check_unpacks(half);
}

BOOST_AUTO_TEST_CASE(noise_grows_by_little_and_repetitions_shrink) {
  BOOST_TEST(compressed(noise(40000, 1)).size() < 40000U * 8 + 2000);
  BOOST_TEST(compressed(gaussian(40000)).size() < 40000U * 8 * 9 / 10);
  // Rows of noise that repeat, as a field has that depends on one axis alone.
  std::vector<double> rows;
  const std::vector<double> row = noise(500, 2);
  for (int n = 0; n < 80; ++n) rows.insert(rows.end(), row.begin(), row.end());
  BOOST_TEST(compressed(rows).size() < 40000U * 8 / 20);
}

BOOST_AUTO_TEST_CASE(chunks_that_do_not_divide_the_array_are_read_by_the_library) {
  const TemporaryFolder folder;
  for (const std::vector<hsize_t>& shape :
       {std::vector<hsize_t>{30, 700}, {3, 641, 1021}, {2, 1, 100003}, {1, 90, 90, 90}}) {
    std::size_t size = 1;
    for (const hsize_t length : shape) size *= length;
    const std::vector<double> values = gaussian(size);
    {
      const hdf5::Id file = hdf5::create_file(folder / "a.h5");
      hdf5::write_doubles(file, "x", shape, values);
    }
    const Dataset read = read_dataset(folder / "a.h5", "x");
    BOOST_TEST((read.shape == std::vector<std::size_t>(shape.begin(), shape.end())));
    BOOST_TEST((read.values == values));
  }
}
