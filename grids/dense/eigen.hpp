// SPDX-License-Identifier: GPL-3.0-or-later
// Eigen as every source sees it, ours and a user's: vectors and matrices that one of them allocates and the other
// frees must agree on their alignment whatever flags either is compiled with. Eigen's own choice follows -march; here it
// is 64 bytes, enough for any vector unit, so that loops start at the same element everywhere.
// CMake's targets define both macros; this header does so for those who compile by hand.
#pragma once

#ifndef EIGEN_CORE_H
#ifndef EIGEN_MAX_ALIGN_BYTES
#define EIGEN_MAX_ALIGN_BYTES 64
#endif
#ifndef EIGEN_DONT_PARALLELIZE
#define EIGEN_DONT_PARALLELIZE
#endif
#endif

#include <Eigen/Core>

static_assert(EIGEN_MAX_ALIGN_BYTES == 64,
              "umkehr needs Eigen with EIGEN_MAX_ALIGN_BYTES=64 in every source of a program: link "
              "umkehr's CMake targets, define it on the command line, or include umkehr before Eigen");
#if defined(_OPENMP) && !defined(EIGEN_DONT_PARALLELIZE)
#error \
    "umkehr needs Eigen with EIGEN_DONT_PARALLELIZE in every source: sums would change with the number of threads"
#endif
