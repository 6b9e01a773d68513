// SPDX-License-Identifier: GPL-3.0-or-later
// Values out of a table, each checked for its type and range, each complaint with its place.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "experiments/text/experiment_error.hpp"
#include "experiments/text/toml_value.hpp"

namespace umkehr {

/// Numbers that a key allows.
struct Range {
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
  bool with_low = false;
  bool with_high = false;

  bool holds(double x) const;
  std::string text() const;
};
/// Of lengths and times: far from overflow, whatever is done with them.
inline constexpr Range any_number = {-1e100, 1e100, true, true};
inline constexpr Range any_positive = {0, 1e100, false, true};
/// Of relative errors: what doubles resolve.
inline constexpr Range any_tolerance = {1e-15, 1, true, false};

/// The value as it stands in messages: in quotes, cut at 80 characters.
std::string quoted(const TomlValue& value);

/// Throws ExperimentError: place: key: "value" problem.
[[noreturn]] void refuse(const TomlValue& value, std::string_view key, const std::string& problem);
/// The same, with the place given apart.
[[noreturn]] void refuse_at(const Place& place, const TomlValue& value, std::string_view key,
                            const std::string& problem);

double read_number(const TomlValue& value, std::string_view key, const Range& range = {});
std::size_t read_count(const TomlValue& value, std::string_view key, std::size_t least, std::size_t most);
/// A string without control characters, of at most `longest` bytes.
const std::string& read_string(const TomlValue& value, std::string_view key, std::size_t longest = 4096);
/// A string that is one of the allowed ones.
std::string read_choice(const TomlValue& value, std::string_view key,
                        const std::vector<std::string>& allowed);
/// A list of numbers: `count` of them, or any number but none if that is 0.
std::vector<double> read_numbers(const TomlValue& value, std::string_view key, std::size_t count,
                                 const Range& range = {});
const std::vector<TomlValue>& read_list(const TomlValue& value, std::string_view key, std::size_t least,
                                        std::size_t most);

/// At most `most` characters of a text, cut between characters.
std::string cut(const std::string& text, std::size_t most);

/// A table while it is read: hands out values by key, fills in defaults, and knows in the end which keys
/// nobody asked for and in what order they are usually written.
class Section {
 public:
  /// `title` names the table in messages. Throws ExperimentError unless `table` is one.
  Section(TomlValue& table, std::string title);

  bool has(std::string_view key) const;
  /// The keys that were asked for so far.
  const std::vector<std::string>& asked() const { return asked_; }
  /// The value, if it is there. Either way the key becomes an allowed one.
  TomlValue* find(std::string_view key);
  /// The value; a missing one is an error that says what it would mean.
  TomlValue& require(std::string_view key, std::string_view meaning);
  /// The value, written into the table if it was missing.
  TomlValue& with_default(std::string_view key, TomlValue value);
  /// Refuses keys that were never asked for.
  void refuse_unknown() const;
  /// Does that, and puts the others in the order in which they were asked for.
  void finish();
  /// The table's own place, for what is wrong with it as a whole.
  [[noreturn]] void refuse_whole(const std::string& problem) const;

 private:
  std::size_t order(const TomlEntry& entry) const;

  TomlValue& table_;
  std::string title_;
  std::vector<std::string> asked_;
};

}  // namespace umkehr
