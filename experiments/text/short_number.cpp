// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/text/short_number.hpp"

#include <cstdio>

namespace umkehr {
namespace {

std::string formatted(const char* format, double value) {
  char buffer[40];
  std::snprintf(buffer, sizeof buffer, format, value);
  return buffer;
}

}  // namespace

std::string short_number(double value) {
  return formatted("%.6g", value);
}

std::string error_number(double value) {
  return value == 0 ? "0" : formatted("%.2e", value);
}

std::string size_text(double bytes) {
  const char* units[] = {"bytes", "KiB", "MiB", "GiB", "TiB", "PiB"};
  std::size_t unit = 0;
  for (; bytes >= 1024 && unit < 5; ++unit) bytes /= 1024;
  return formatted(unit == 0 ? "%.0f " : "%.1f ", bytes) + units[unit];
}

}  // namespace umkehr
