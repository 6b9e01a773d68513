// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>
#include <string_view>

#include "experiments/input/samples/samples_file.hpp"
#include "experiments/output/result_file.hpp"
#include "experiments/text/printable.hpp"

namespace umkehr {
namespace {

struct Cell {
  std::string text;        // without quotes and blanks around it
  std::size_t offset = 0;  // of its first byte in the line
};

bool is_blank(char c) {
  return c == ' ' || c == '\t';
}

// Locale has no say here. What is too small for a double is zero, as for every other reader.
std::optional<double> number_of(std::string_view text) {
  if (text.size() > 1 && text[0] == '+' && text[1] != '-') text.remove_prefix(1);
  double value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (end != text.data() + text.size()) return std::nullopt;
  if (code == std::errc::result_out_of_range) {
    const std::size_t exponent = text.find_first_of("eE");
    const bool is_small =
        exponent != std::string_view::npos ? text.substr(exponent + 1).starts_with('-') : text.find('.') < 3;
    return is_small ? 0.0 : std::numeric_limits<double>::infinity();
  }
  return code == std::errc() ? std::optional(value) : std::nullopt;
}

class Reader {
 public:
  Reader(std::string_view text, const std::string& name) : text_(text), name_(name) {}

  Samples read(const CheckShape& check) {
    skip_mark();
    while (next_line()) read_line(check);
    if (rows_ == 0) throw ResultFileError(name_ + ": holds no samples; give one a line");
    samples_.shape = {rows_, columns_};
    check(samples_.shape);
    return std::move(samples_);
  }

 private:
  [[noreturn]] void refuse_at(std::size_t offset, const std::string& problem) const {
    const std::string_view before = line_.substr(0, std::min(offset, line_.size()));
    const auto characters =
        std::count_if(before.begin(), before.end(), [](char c) { return (c & 0xC0) != 0x80; });
    throw ResultFileError(name_ + ":" + std::to_string(number_) + ":" + std::to_string(characters + 1) +
                          ": " + problem);
  }

  void skip_mark() {
    if (text_.starts_with("\xFE\xFF") || text_.starts_with("\xFF\xFE"))
      throw ResultFileError(name_ + ": is text in UTF-16; save it in UTF-8");
    if (text_.starts_with("\xEF\xBB\xBF")) text_.remove_prefix(3);
  }

  // Ends with \n, \r\n or \r.
  bool next_line() {
    if (text_.empty()) return false;
    const std::size_t end = std::min(text_.find_first_of("\r\n"), text_.size());
    line_ = text_.substr(0, end);
    const bool is_pair = text_.substr(end).starts_with("\r\n");
    text_.remove_prefix(std::min(end + (is_pair ? 2 : 1), text_.size()));
    ++number_;
    return true;
  }

  void read_line(const CheckShape& check) {
    const auto control = std::find_if(line_.begin(), line_.end(), [](char c) {
      return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7F;
    });
    if (control != line_.end())
      refuse_at(static_cast<std::size_t>(control - line_.begin()),
                "a control byte (" + printable(std::string(1, *control)) + "); this is no table of text");
    std::vector<Cell> cells = split();
    if (cells.empty()) return;
    if (columns_ == 0 && is_heading(cells)) {
      columns_ = cells.size();
      return;
    }
    if (columns_ == 0) columns_ = cells.size();
    if (cells.size() != columns_)
      refuse_at(cells.back().offset, "has " + std::to_string(cells.size()) + " values where " +
                                         std::to_string(columns_) + " are on the lines before");
    for (const Cell& cell : cells) samples_.values.push_back(value_of(cell));
    samples_.lines.push_back(number_);
    constexpr std::size_t now_and_then =
        1 << 20;  // a file of very many rows is refused before it fills the memory
    if (++rows_ % now_and_then == 0) check({rows_, columns_});
  }

  double value_of(const Cell& cell) const {
    const std::optional<double> value = number_of(cell.text);
    if (value) return *value;
    if (cell.text.empty()) refuse_at(cell.offset, "a value is missing");
    const bool has_comma = cell.text.find(',') != std::string::npos;
    refuse_at(cell.offset, "\"" + printable(cell.text.substr(0, 80)) + "\" is not a number" +
                               (has_comma    ? "; decimals are written with a point"
                                : rows_ == 0 ? ""
                                             : "; one line of names may stand at the top"));
  }

  // One whose words are all no numbers.
  static bool is_heading(const std::vector<Cell>& cells) {
    return std::none_of(cells.begin(), cells.end(),
                        [](const Cell& cell) { return cell.text.empty() || number_of(cell.text); });
  }

  // Of the first line that says something; semicolons go before commas, which may then be decimals.
  void choose_separator(std::string_view line) {
    separator_ = line.find(';') != std::string_view::npos   ? ';'
                 : line.find(',') != std::string_view::npos ? ','
                                                            : ' ';
  }

  std::vector<Cell> split() {
    std::vector<Cell> cells;
    std::size_t at = skip_blanks(0);
    if (at == line_.size() || line_[at] == '#') return cells;
    if (separator_ == 0) choose_separator(line_.substr(0, line_.find('#')));
    for (;;) {
      cells.push_back(cell_at(at));
      at = skip_blanks(at);
      if (at == line_.size() || line_[at] == '#') return cells;
      if (separator_ == ' ') continue;
      if (line_[at] != separator_) refuse_at(at, "text behind a quoted value");
      at = skip_blanks(at + 1);
      if (at == line_.size() || line_[at] == '#') {
        cells.push_back({"", at});
        return cells;
      }
    }
  }

  std::size_t skip_blanks(std::size_t at) const {
    while (at < line_.size() && is_blank(line_[at])) ++at;
    return at;
  }

  bool ends(char c) const { return c == '#' || c == separator_ || (separator_ == ' ' && c == '\t'); }

  Cell cell_at(std::size_t& at) const {
    Cell cell{"", at};
    if (at < line_.size() && line_[at] == '"') return quoted_at(at);
    while (at < line_.size() && !ends(line_[at])) cell.text += line_[at++];
    while (!cell.text.empty() && is_blank(cell.text.back())) cell.text.pop_back();
    return cell;
  }

  Cell quoted_at(std::size_t& at) const {
    Cell cell{"", at};
    for (++at; at < line_.size(); ++at) {
      if (line_[at] != '"') {
        cell.text += line_[at];
      } else if (line_.substr(at + 1).starts_with('"')) {
        cell.text += line_[++at];
      } else {
        ++at;
        return cell;
      }
    }
    refuse_at(cell.offset, "a quote that is not closed on its line");
  }

  std::string_view text_, line_;
  const std::string& name_;
  std::size_t number_ = 0, rows_ = 0, columns_ = 0;
  char separator_ = 0;
  Samples samples_;
};

}  // namespace

Samples parse_samples_text(const std::string& text, const std::string& name, const CheckShape& check) {
  return Reader(text, name).read(check);
}

}  // namespace umkehr
