// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/output/swept_file.hpp"

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <string_view>

#include "experiments/output/disk/dataset_write.hpp"
#include "experiments/output/disk/hdf5_read.hpp"

namespace umkehr {
namespace {

constexpr std::size_t longest_text = 80, longest_word = 60;

std::string flag_word(const std::string& text) {
  std::string word = text.substr(0, longest_word);
  for (char& c : word)
    if (!std::isalnum(static_cast<unsigned char>(c)) &&
        std::string_view("_-.+@").find(c) == std::string_view::npos)
      c = '_';
  return word.empty() ? "_" : word;
}

void write_flag_values(hid_t dataset, const std::vector<double>& values) {
  const std::vector<std::int64_t> whole(values.begin(), values.end());
  const hdf5::Id space = hdf5::space_of({whole.size()});
  const hdf5::Id attribute(H5Acreate2(dataset, "flag_values", H5T_STD_I64LE, space, H5P_DEFAULT, H5P_DEFAULT),
                           H5Aclose);
  hdf5::check(H5Awrite(attribute, H5T_NATIVE_INT64, whole.data()));
}

/// Whole characters of UTF-8.
std::string shortened(const std::string& text) {
  std::size_t end = std::min(text.size(), longest_text);
  while (end < text.size() && end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end);
}

}  // namespace

std::vector<std::string> flag_words(const std::vector<std::string>& texts) {
  std::vector<std::string> words;
  for (const std::string& text : texts) {
    const std::string word = flag_word(text);
    std::string own = word;
    for (int n = 2; std::find(words.begin(), words.end(), own) != words.end(); ++n)
      own = word + "_" + std::to_string(n);
    words.push_back(own);
  }
  return words;
}

void write_swept_key(hid_t dataset, const Coordinate& coordinate) {
  hdf5::write_text(dataset, "swept_key", coordinate.swept_key);
  if (coordinate.texts.empty()) return;
  std::string meanings;
  for (const std::string& word : flag_words(coordinate.texts))
    meanings += (meanings.empty() ? "" : " ") + word;
  write_flag_values(dataset, coordinate.values);
  hdf5::write_text(dataset, "flag_meanings", meanings);
  std::vector<std::string> texts;
  for (const std::string& text : coordinate.texts) texts.push_back(shortened(text));
  hdf5::write_texts(dataset, "texts", texts);
}

void read_swept_key(hid_t dataset, Coordinate& coordinate) {
  coordinate.swept_key = hdf5::text_if_any(dataset, "swept_key");
  if (coordinate.swept_key.empty()) return;
  coordinate.texts = hdf5::texts_if_any(dataset, "texts");
  if (!coordinate.texts.empty() && coordinate.texts.size() != coordinate.values.size())
    throw hdf5::Error("has " + std::to_string(coordinate.texts.size()) + " texts for " +
                      std::to_string(coordinate.values.size()) + " values");
}

}  // namespace umkehr
