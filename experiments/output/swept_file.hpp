// SPDX-License-Identifier: GPL-3.0-or-later
// What the coordinate of a swept key says beside its values: `swept_key`, the key of the experiment; where the values are
// no numbers, which texts 0, 1, ... stand for: `texts`, as they were written, and as the CF conventions have it
// `flag_values` and `flag_meanings`, words of letters, digits and _ - . + @ alone.
#pragma once

#include "experiments/output/disk/hdf5.hpp"
#include "experiments/output/result.hpp"

namespace umkehr {

/// Both throw hdf5::Error.
void write_swept_key(hid_t dataset, const Coordinate& coordinate);
/// Leaves a coordinate that is no swept key as it is.
void read_swept_key(hid_t dataset, Coordinate& coordinate);

/// A word for each text, each another one.
std::vector<std::string> flag_words(const std::vector<std::string>& texts);

}  // namespace umkehr
