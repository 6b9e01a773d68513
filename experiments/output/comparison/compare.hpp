// SPDX-License-Identifier: GPL-3.0-or-later
// Two results, variable by variable: b is the reference, d = a - b, at each saved time t
//   sum |d|  <=  atol * n + rtol * sum |b|                                     over the n values at that
//   time; score_*, control_* and log_*, where their group of b has a density P at that time: (sum P d^2
//   / sum P)^(1/2)  <=  atol + rtol * (sum P b^2 / sum P)^(1/2)     where P > 1e-10 max P.
// A variable without t is judged as a whole. NaN and infinities equal only themselves. Diagnostics at the level of
// rounding (is_diagnostic) have an atol of their own at least, rounding_level times what they are errors of.
#pragma once

#include <iosfwd>
#include <string>
#include <utility>
#include <vector>

#include "experiments/output/result.hpp"

namespace umkehr {

/// The rule above, for --help.
inline constexpr char comparison_rule[] =
    "A variable agrees if at each saved time sum|a-b| <= atol*n + rtol*sum|b| over its n values there, b "
    "being the\n"
    "second file. score_*, control_* and log_* are weighted by the density P of b at that time "
    "instead, over\n"
    "the region where P > 1e-10 of its maximum: rms_P(a-b) <= atol + rtol*rms_P(b). Variables without t are "
    "judged as\n"
    "a whole. NaN equals NaN. A missing variable, another shape and other coordinates are differences.\n"
    "Diagnostics that are rounding at best (mass_error and other *error, *_difference, lost, minimum) have "
    "an "
    "atol of\n1e-12 at least, minimum 1e-12 of the largest density: 1e-15 against 2e-15 is no difference.";

/// What is zero but for rounding: mass_error and other errors, differences of two ways, lost mass, minimum.
bool is_diagnostic(const std::string& variable);
inline constexpr double rounding_level = 1e-12;

inline constexpr double default_rtol = 1e-9;
inline constexpr double default_atol = 0;

/// How far one variable of a is from that of b.
struct VariableComparison {
  std::string group;
  std::string name;
  std::string remark;  ///< why the values could not be set against each other, or what is not finite in them
  bool same = false;
  bool weighted = false;       ///< judged by P-weighted L2, else by L1
  std::vector<double> times;   ///< empty if it has no t
  std::vector<double> errors;  ///< relative, in the norm that judges, one a time (one if it has no t)
  std::size_t worst = 0;       ///< the index of the largest of them, where the rest of this is taken:
  double l1 = 0, l2 = 0,
         linf = 0;  ///< means (weighted by P if `weighted`) of |d| and d^2 (its root); the largest |d|
  double relative_l1 = 0, relative_l2 = 0, relative_linf = 0;  ///< over the same norms of b
  std::vector<std::pair<std::string, double>> location;        ///< coordinates of the largest |d|, t included
};

struct Comparison {
  std::vector<VariableComparison> variables;
  std::vector<std::string> remarks;  ///< what a reader should know; no verdict hangs on them

  /// False also if there is no variable at all.
  bool same() const;
};

Comparison compare_results(const Result& a, const Result& b, double rtol = default_rtol,
                           double atol = default_atol);

/// What of a comparison the names choose: variables, GROUP/VARIABLE or groups.
Comparison chosen(const Comparison& comparison, const std::vector<std::string>& names);
/// All names that choose something.
std::vector<std::string> names_to_choose(const Comparison& comparison);

/// One line a variable, then the remarks; the last line is "same" or "differ".
void print_comparison(const Comparison& comparison, std::ostream& out);
/// One JSON object: {"same": bool, "variables": {"group/name": {...}}, "remarks": [...]}; what is not finite
/// is null.
std::string comparison_json(const Comparison& comparison);

}  // namespace umkehr
