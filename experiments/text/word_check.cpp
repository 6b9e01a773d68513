// SPDX-License-Identifier: GPL-3.0-or-later
#include <cctype>
#include <string_view>

#include "experiments/text/experiment_error.hpp"
#include "experiments/text/text_check.hpp"

namespace umkehr {
namespace {

constexpr std::size_t max_parts = 64;
constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";

/// Tells strings and comments from the rest of a TOML text, which their delimiters alone decide.
class Scanner {
 public:
  explicit Scanner(const Source& source) : text_(source.text), place_{&source, 1, 1} {
    if (text_.starts_with(byte_order_mark)) text_.remove_prefix(byte_order_mark.size());
  }

  bool done() const { return at_ >= text_.size(); }
  char now() const { return text_[at_]; }
  const Place& place() const { return place_; }
  bool in_words() const { return ending_.empty(); }

  /// Goes one character on, or over a whole delimiter.
  void next() {
    if (in_words())
      open();
    else
      close();
  }

 private:
  bool sees(std::string_view word) const { return text_.substr(at_, word.size()) == word; }

  void step(std::size_t characters) {
    for (; characters > 0 && !done(); --characters) {
      place_ = now() == '\n' ? Place{place_.source, place_.line + 1, 1}
                             : Place{place_.source, place_.line, place_.column + 1};
      for (++at_; !done() && (static_cast<unsigned char>(now()) & 0xC0) == 0x80;) ++at_;
    }
  }

  void open() {
    for (const std::string_view opening : {"\"\"\"", "'''", "\"", "'", "#"})
      if (sees(opening)) {
        ending_ = opening == "#" ? "\n" : opening;
        return step(opening.size());
      }
    step(1);
  }

  void close() {
    const char quote = ending_[0];
    const bool of_one_line = ending_.size() == 1;
    if (of_one_line && sees("\n")) {  // ends with its line, closed or not
      ending_ = {};
      step(1);
    } else if (sees(ending_)) {
      step(ending_.size());
      for (int n = 0; !of_one_line && n < 2 && !done() && now() == quote; ++n)
        step(1);  // it may end in two quotes
      ending_ = {};
    } else {
      step(quote == '"' && sees("\\") && !(of_one_line && sees("\\\n")) ? 2 : 1);
    }
  }

  std::string_view text_;
  std::string_view ending_;  // of the string or comment; empty outside
  std::size_t at_ = 0;
  Place place_;
};

bool belongs_to_key(char c) {
  return std::string_view(" \t_-\"'").find(c) != std::string_view::npos ||
         std::isalnum(static_cast<unsigned char>(c));
}

}  // namespace

void check_words(const Source& source) {
  std::size_t parts = 0;
  for (Scanner scanner(source); !scanner.done(); scanner.next()) {
    if (!scanner.in_words()) continue;
    const char c = scanner.now();
    const auto refuse = [&](const char* problem) {
      throw ExperimentError(scanner.place().text() + ": not TOML: " + problem);
    };
    if (static_cast<unsigned char>(c) >= 0x80)
      refuse("a character beyond ASCII outside of strings and comments; put it in quotes");
    if (c == '.')
      ++parts;
    else if (!belongs_to_key(c))
      parts = 0;
    if (parts > max_parts) refuse("a dotted key of more than 64 parts; write tables of fewer levels");
  }
}

}  // namespace umkehr
