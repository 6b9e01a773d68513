// SPDX-License-Identifier: GPL-3.0-or-later
// Matrices that have no eigenvalues to find: a failure that says how large they are and what to try, none of a library.
#include <boost/test/unit_test.hpp>
#include <limits>
#include <string>

#include "solver/spectrum/eigen/eigen_solver.hpp"

using namespace umkehr;

namespace {

/// 1, 2, 3, ... and one entry that is no number.
Eigen::MatrixXd damaged(Eigen::Index size) {
  Eigen::MatrixXd matrix = Eigen::VectorXd::LinSpaced(size, 1, static_cast<double>(size)).asDiagonal();
  matrix(size / 2, size / 2) = std::numeric_limits<double>::quiet_NaN();
  return matrix;
}

auto says(Eigen::Index size) {
  return [size](const EigenFailure& failure) {
    BOOST_TEST_MESSAGE(failure.what());
    const std::string text = failure.what();
    return text.find(std::to_string(size) + " unknowns") != std::string::npos &&
           text.find("another method") != std::string::npos;
  };
}

}  // namespace

BOOST_AUTO_TEST_CASE(what_a_library_cannot_solve_is_told_with_a_remedy) {
  for (const Eigen::Index size : {20, 100}) {
    const Eigen::MatrixXd matrix = damaged(size);
    BOOST_CHECK_EXCEPTION(lowest_general(matrix, 4, 0.1), EigenFailure, says(size));
    BOOST_CHECK_EXCEPTION(lowest_symmetric(matrix, 4, 0.1), EigenFailure, says(size));
    BOOST_CHECK_EXCEPTION(lowest_general(Eigen::SparseMatrix<double>(matrix.sparseView()), 4, 0.1),
                          EigenFailure, says(size));
  }
}
