// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/kolmogorov/warnings.hpp"

#include <sstream>

namespace umkehr {
namespace {

/// What a warning says besides its numbers.
std::string without_numbers(const std::string& warning) {
  std::istringstream words(warning);
  std::string kept, word;
  while (words >> word)
    if (word.find_first_of("0123456789") > 1) kept += word + ' ';
  return kept;
}

}  // namespace

void ToldWarnings::add(std::vector<std::string> found, std::vector<std::string>& all) {
  for (std::string& warning : found)
    if (told_.insert(without_numbers(warning)).second) all.push_back(std::move(warning));
}

}  // namespace umkehr
