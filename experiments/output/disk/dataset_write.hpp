// SPDX-License-Identifier: GPL-3.0-or-later
// Arrays into a file: small ones whole, large ones in chunks of whole times, shuffled and deflated on all threads.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "experiments/output/disk/hdf5.hpp"

namespace umkehr::hdf5 {

/// A text attribute of fixed length, and a list of them.
void write_text(hid_t object, const std::string& name, const std::string& text);
void write_texts(hid_t object, const std::string& name, const std::vector<std::string>& texts);

/// Doubles in C order; the same bytes for any number of threads. Throws Error.
Id write_doubles(hid_t group, const std::string& name, const std::vector<hsize_t>& shape,
                 std::span<const double> values);
/// 64-bit integers, of values that are whole.
Id write_integers(hid_t group, const std::string& name, const std::vector<double>& values);

}  // namespace umkehr::hdf5
