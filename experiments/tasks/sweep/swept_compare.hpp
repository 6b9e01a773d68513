// SPDX-License-Identifier: GPL-3.0-or-later
// Comparisons of sweeps: run by run, each as a plain result; of each variable the run is told in which it differs most.
#pragma once

#include <filesystem>

#include "experiments/output/comparison/compare.hpp"

namespace umkehr {

/// compare_results of plain results and of sweeps over the same values; a sweep and a plain result differ in shape.
Comparison compare_files(const Result& a, const Result& b, double rtol, double atol);
/// compare_analytic of a plain result, or of each run of a sweep. Throws NoClosedForm where no run has one.
Comparison compare_file_analytic(const Result& run, const std::filesystem::path& directory, double rtol,
                                 double atol);

}  // namespace umkehr
