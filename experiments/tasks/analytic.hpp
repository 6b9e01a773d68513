// SPDX-License-Identifier: GPL-3.0-or-later
// A run against the law that its process and initial density have in closed form: a Gaussian mixture under an affine
// process stays one, P(x, t) = sum_c w_c N(x; m_c(t), C_c(t)) (the corrected (2.35)), on the line without walls; around
// a periodic axis that no coefficient knows it is wrapped (circle.hpp).
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

/// The run's density (finite volume: cell means, else values at the centres), log_density, score_*, mass and entropy
/// against the law, by the rule of compare_results with the law as b. The experiment is read again from the result;
/// `directory` is where relative paths in it start. Saved times at which the law is a point are left out; remarks say
/// so, and how much of the law lies outside the walls. Throws NoClosedForm, ExperimentError, and
/// ResultFileError where the fields do not lie on the experiment's grid.
Comparison compare_analytic(const Result& run, const std::filesystem::path& directory,
                            double rtol = default_rtol, double atol = default_atol);

/// A line a saved time for each task: the relative L1 error of the density and the P-weighted relative L2 errors of
/// the scores.
void print_error_table(const Comparison& comparison, std::ostream& out);

}  // namespace umkehr
