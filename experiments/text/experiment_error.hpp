// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <stdexcept>

namespace umkehr {

/// A wrong experiment. what() is the whole message: file:line:column: key: "value" what is wrong; what is
/// allowed. Lines and columns count from 1, columns in characters.
class ExperimentError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace umkehr
