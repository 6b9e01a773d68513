// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/input/names.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>

#include "experiments/input/reading.hpp"
#include "solver/process/formula/formula.hpp"

namespace umkehr {
namespace {

/// Coordinates of results, and what the tasks to come will write: experiments of today stay right.
constexpr std::array others = {"index",
                               "point",
                               "bnds",
                               "x_initial",
                               "x_final",
                               "gap_path_kl",
                               "gap_path_kl_error",
                               "dsm",
                               "gap_dsm",
                               "position",
                               "gap_dsm_error",
                               "particle",
                               "component",
                               "histogram",
                               "weights",
                               "weight_sum",
                               "weight_sum_error"};
constexpr std::array<std::string_view, 2> prefixes = {"mean_", "covariance_"};

template <class List>
bool holds(const List& list, const std::string& name) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

std::string problem_with(const std::string& name, const std::vector<std::string>& taken,
                         const IsWritten& is_written) {
  if (!is_name(name)) return "is not a name; use a letter, then letters, digits and _, 64 at most";
  if (is_reserved_name(name)) return "already means something in formulas; choose another name";
  const bool written =
      is_written(name) || holds(others, name) || name.ends_with("_bnds") ||
      std::any_of(prefixes.begin(), prefixes.end(), [&](auto p) { return name.starts_with(p); });
  if (written) return "is a variable of result files; choose another name";
  if (holds(taken, name)) return "is already the name of something else; choose another name";
  return {};
}

}  // namespace

bool is_name(const std::string& name) {
  const auto fits = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; };
  return !name.empty() && name.size() <= 64 && std::isalpha(static_cast<unsigned char>(name[0])) &&
         std::all_of(name.begin(), name.end(), fits);
}

void check_name(const std::string& name, const Place& place, const std::vector<std::string>& taken,
                const IsWritten& is_written) {
  const std::string problem = problem_with(name, taken, is_written);
  if (!problem.empty()) refuse_at(place, TomlValue::of(name), "name", problem);
}

}  // namespace umkehr
