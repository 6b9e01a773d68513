// SPDX-License-Identifier: GPL-3.0-or-later
// A run against what its tasks know of it in closed form.
#pragma once

#include <filesystem>
#include <iosfwd>
#include <stdexcept>

#include "experiments/output/comparison/compare.hpp"

namespace umkehr {

/// No closed form is known for this process, or for any of these initial densities; what() says which.
class NoClosedForm : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// What is known of the run (closed_forms.hpp) by the rule of compare_results with the law as b. The experiment is read
/// again from the result; `directory` is where relative paths in it start. Saved times at which the law is a point are left
/// out; remarks say so, and how much of the law lies outside the walls. Throws NoClosedForm, ExperimentError, and
/// ResultFileError where the fields do not lie on the experiment's grid.
Comparison compare_analytic(const Result& run, const std::filesystem::path& directory,
                            double rtol = default_rtol, double atol = default_atol);

/// A line a saved time for each task: the relative L1 error of the density and the P-weighted relative L2 errors of
/// the scores.
void print_error_table(const Comparison& comparison, std::ostream& out);

}  // namespace umkehr
