// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace umkehr {

/// As few digits as name the number to 6 places: 0.5, -1.20833, 1e-05.
std::string short_number(double value);
/// A size of error: 1.23e-10, or 0.
std::string error_number(double value);
/// Such as "1.5 GiB".
std::string size_text(double bytes);

}  // namespace umkehr
