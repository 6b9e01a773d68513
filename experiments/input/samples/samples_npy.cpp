// SPDX-License-Identifier: GPL-3.0-or-later
// The format of numpy.save: a signature, a version, the length of a header, the header as a dictionary in Python's words,
//   {'descr': '<f8', 'fortran_order': False, 'shape': (100, 2), }
// and the values (numpy.lib.format).
#include <algorithm>
#include <bit>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "experiments/input/samples/samples_file.hpp"
#include "experiments/output/result_file.hpp"
#include "experiments/text/printable.hpp"

namespace umkehr {
namespace {

constexpr std::size_t signature_size = 6;

struct Header {
  std::string type;  // such as <f8
  bool is_fortran = false;
  std::vector<std::size_t> shape;
};

class Parser {
 public:
  Parser(std::string_view text, const std::string& name) : text_(text), name_(name) {}

  Header read() {
    Header header;
    int found = 0;
    expect('{');
    while (!accept('}')) {
      const std::string key = word();
      expect(':');
      if (key == "descr") {
        header.type = type();
        found |= 1;
      } else if (key == "fortran_order") {
        header.is_fortran = truth();
        found |= 2;
      } else if (key == "shape") {
        header.shape = shape();
        found |= 4;
      } else {
        fail();
      }
      if (!accept(',')) {
        expect('}');
        break;
      }
    }
    if (found != 7) fail();
    return header;
  }

 private:
  [[noreturn]] void fail() const {
    throw ResultFileError(name_ + ": has a damaged .npy header; save the array again with numpy.save");
  }
  void skip() { text_.remove_prefix(std::min(text_.find_first_not_of(" \n"), text_.size())); }
  bool accept(char c) {
    skip();
    if (!text_.starts_with(c)) return false;
    text_.remove_prefix(1);
    return true;
  }
  void expect(char c) {
    if (!accept(c)) fail();
  }
  std::string word() {
    skip();
    const char quote = text_.empty() ? '\0' : text_[0];
    const std::size_t end = quote == '\'' || quote == '"' ? text_.find(quote, 1) : std::string_view::npos;
    if (end == std::string_view::npos) fail();
    std::string found(text_.substr(1, end - 1));
    text_.remove_prefix(end + 1);
    return found;
  }
  std::string type() {
    skip();
    if (text_.starts_with('['))
      throw ResultFileError(name_ + ": holds records (a structured array); save a plain array of numbers");
    return word();
  }
  bool truth() {
    skip();
    for (const std::string_view name : {"True", "False"})
      if (text_.starts_with(name)) {
        text_.remove_prefix(name.size());
        return name == "True";
      }
    fail();
  }
  std::vector<std::size_t> shape() {
    std::vector<std::size_t> lengths;
    expect('(');
    while (!accept(')')) {
      skip();
      std::size_t length = 0;
      const auto [end, code] = std::from_chars(text_.data(), text_.data() + text_.size(), length);
      if (code != std::errc() || lengths.size() > 32) fail();
      text_.remove_prefix(static_cast<std::size_t>(end - text_.data()));
      lengths.push_back(length);
      if (!accept(',')) {
        expect(')');
        break;
      }
    }
    return lengths;
  }

  std::string_view text_;
  const std::string& name_;
};

template <typename Number>
double convert(const char* bytes, bool swapped) {
  char own[sizeof(Number)];
  std::memcpy(own, bytes, sizeof own);
  if (swapped) std::reverse(own, own + sizeof own);
  Number value;
  std::memcpy(&value, own, sizeof own);
  return static_cast<double>(value);
}

using Convert = double (*)(const char*, bool);

Convert conversion(const std::string& kind) {
  const std::pair<const char*, Convert> known[] = {
      {"f8", convert<double>},        {"f4", convert<float>},         {"i8", convert<std::int64_t>},
      {"i4", convert<std::int32_t>},  {"i2", convert<std::int16_t>},  {"i1", convert<std::int8_t>},
      {"u8", convert<std::uint64_t>}, {"u4", convert<std::uint32_t>}, {"u2", convert<std::uint16_t>},
      {"u1", convert<std::uint8_t>}};
  for (const auto& [name, convert_it] : known)
    if (kind == name) return convert_it;
  return nullptr;
}

const char* what_is(char kind) {
  return kind == 'c'                  ? "complex numbers"
         : kind == 'O'                ? "Python objects"
         : kind == 'b'                ? "truth values"
         : kind == 'f'                ? "reals of an unusual length"
         : kind == 'U' || kind == 'S' ? "texts"
         : kind == 'V'                ? "raw bytes"
                                      : "values of another kind";
}

Convert conversion_of(const std::string& type, const std::string& name) {
  constexpr std::string_view orders = "<>=|";
  const bool has_order = !type.empty() && orders.find(type[0]) != std::string_view::npos;
  const std::string kind = has_order ? type.substr(1) : type;
  if (const Convert found = conversion(kind)) return found;
  throw ResultFileError(name + ": holds " + what_is(kind.empty() ? '\0' : kind[0]) + " (\"" +
                        printable(type.substr(0, 40)) +
                        "\"); save float64, float32 or integers, such as a.astype(float)");
}

bool is_swapped(const std::string& type) {
  const bool is_little = std::endian::native == std::endian::little;
  return !type.empty() && type[0] == (is_little ? '>' : '<');
}

std::size_t unsigned_at(const std::string& bytes, std::size_t at, std::size_t count) {
  std::size_t value = 0;
  for (std::size_t k = count; k-- > 0;) value = value << 8U | static_cast<unsigned char>(bytes[at + k]);
  return value;
}

// Number of values, if as many as promised follow.
std::size_t count_of(const Header& header, std::size_t item, std::size_t left, const std::string& name) {
  std::size_t count = 1;
  for (const std::size_t length : header.shape) {
    if (length != 0 && count > left / length)
      throw ResultFileError(name + ": promises more values than the file holds; it is cut off");
    count *= length;
  }
  if (count * item == left) return count;
  throw ResultFileError(name + ": has " + std::to_string(left) + " bytes for " + std::to_string(count) +
                        " values of " + std::to_string(item) + "; it is " +
                        (count * item > left ? "cut off" : "followed by something else"));
}

}  // namespace

Samples parse_samples_npy(const std::string& bytes, const std::string& name, const CheckShape& check) {
  const std::size_t version =
      bytes.size() > signature_size ? static_cast<unsigned char>(bytes[signature_size]) : 0;
  const std::size_t length_size = version == 1 ? 2 : 4, text_at = signature_size + 2 + length_size;
  if (bytes.size() < text_at) throw ResultFileError(name + ": is cut off in its header");
  if (version < 1 || version > 3)
    throw ResultFileError(name + ": has version " + std::to_string(version) + " of .npy; 1 to 3 are read");
  const std::size_t length = unsigned_at(bytes, signature_size + 2, length_size);
  if (length > bytes.size() - text_at) throw ResultFileError(name + ": is cut off in its header");
  const Header header = Parser(std::string_view(bytes).substr(text_at, length), name).read();
  const Convert value_of = conversion_of(header.type, name);
  check(header.shape);
  const std::size_t item = header.type.back() - static_cast<std::size_t>('0'), first = text_at + length;
  const std::size_t count = count_of(header, item, bytes.size() - first, name);
  Samples samples{header.shape, std::vector<double>(count), {}};
  const bool turned = header.is_fortran && header.shape.size() == 2, swapped = is_swapped(header.type);
  const std::size_t rows = turned ? header.shape[0] : count, columns = turned ? header.shape[1] : 1;
  for (std::size_t n = 0; n < count; ++n)
    samples.values[n] =
        value_of(&bytes[first + item * (turned ? n % columns * rows + n / columns : n)], swapped);
  return samples;
}

}  // namespace umkehr
