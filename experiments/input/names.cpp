// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/input/names.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>

#include "experiments/input/reading.hpp"
#include "solver/process/formula.hpp"

namespace umkehr {
namespace {

constexpr std::array variables = {"density",
                                  "log_density",
                                  "mass",
                                  "entropy",
                                  "mass_error",
                                  "minimum",
                                  "value",
                                  "pairing",
                                  "eigenvalue",
                                  "eigenfunction",
                                  "index",
                                  "log_chi",
                                  "log_chi_hat",
                                  "coupling",
                                  "x_initial",
                                  "x_final",
                                  "kl",
                                  "action",
                                  "iterations",
                                  "marginal_error",
                                  "optimum",
                                  "divergence",
                                  "rate",
                                  "correction",
                                  "action_error",
                                  "action_running",
                                  "normalisation",
                                  "lost",
                                  "error",
                                  "ways_difference",
                                  "start_kl",
                                  "bridge",
                                  "table_rate",
                                  "kernel",
                                  "gap_action",
                                  "gap_feasible",
                                  "gap_path_kl",
                                  "dsm",
                                  "dsm_constant",
                                  "gap_score_matching",
                                  "gap_path_kl_error",
                                  "gap_dsm",
                                  "gap_dsm_error",
                                  "endpoint_kl",
                                  "position",
                                  "density_error",
                                  "particle",
                                  "component",
                                  "histogram",
                                  "weights",
                                  "weight_sum",
                                  "weight_sum_error"};
constexpr std::array<std::string_view, 4> prefixes = {"score_", "control_", "mean_", "covariance_"};

template <class List>
bool holds(const List& list, const std::string& name) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

std::string problem_with(const std::string& name, const std::vector<std::string>& taken) {
  if (!is_name(name)) return "is not a name; use a letter, then letters, digits and _, 64 at most";
  if (is_reserved_name(name)) return "already means something in formulas; choose another name";
  const bool written = holds(variables, name) || std::any_of(prefixes.begin(), prefixes.end(),
                                                             [&](auto p) { return name.starts_with(p); });
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

void check_name(const std::string& name, const Place& place, const std::vector<std::string>& taken) {
  const std::string problem = problem_with(name, taken);
  if (!problem.empty()) refuse_at(place, TomlValue::of(name), "name", problem);
}

}  // namespace umkehr
