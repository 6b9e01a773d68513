// SPDX-License-Identifier: GPL-3.0-or-later
// Refuses what the TOML library cannot be trusted with. Both throw ExperimentError at the first offence.
#pragma once

#include <cstddef>
#include <string_view>

#include "experiments/text/toml_value.hpp"

namespace umkehr {

/// Control bytes other than tab and line ends, invalid UTF-8, texts beyond 4 MiB.
void check_bytes(const Source& source);
/// Bytes of the UTF-8 character that starts at `i`; 0 if none does (RFC 3629: no surrogates, no longer form than needed).
std::size_t character_length(std::string_view text, std::size_t i);
/// In a text that passed: characters beyond ASCII outside strings and comments, where TOML has no use for them, and
/// dotted keys of very many parts.
void check_words(const Source& source);

}  // namespace umkehr
