// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/bridge/kernels/gaussian_form.hpp"

#include <cmath>
#include <numbers>

#include "grids/dense/dense_matrix.hpp"
#include "grids/failure.hpp"

namespace umkehr {

GaussianForm gaussian_form(const AffineProcess& process, double start, double stop,
                           const Eigen::VectorXd& centre) {
  if (!(start < stop)) throw UnfitProblem("a kernel takes start < stop");
  const GaussianTransport transport = process.transport(start, stop);
  const Eigen::Index d = centre.size();
  if (transport.noise.rows() != d)
    throw UnfitProblem("the process has " + std::to_string(transport.noise.rows()) +
                       " components and the grid " + std::to_string(d));
  if (!cholesky(transport.noise))
    throw UnfitProblem("between t = " + std::to_string(start) + " and " + std::to_string(stop) +
                       " the process has too little noise for a density; take times further apart");
  const Inverse precision = invert(transport.noise);
  const Eigen::MatrixXd map = transport.transition.topLeftCorner(d, d);
  const Eigen::MatrixXd information = transport.information.topLeftCorner(d, d);
  // From the centre: where its mean goes, and what killing costs it.
  const Eigen::VectorXd drift = map * centre + transport.transition.topRightCorner(d, 1) - centre;
  const Eigen::VectorXd pull = precision.matrix * drift;
  const Eigen::VectorXd toll = information * centre + transport.information.topRightCorner(d, 1);
  const double cost = 0.5 * centre.dot(information * centre) +
                      centre.dot(transport.information.topRightCorner(d, 1).col(0)) +
                      0.5 * transport.information(d, d) + transport.cost;
  GaussianForm form;
  form.coupling = product(map.transpose(), precision.matrix);
  form.at_stop = {centre, 0, pull, precision.matrix};
  form.at_start = {centre,
                   -0.5 * drift.dot(pull) - cost - 0.5 * precision.log_abs_determinant -
                       0.5 * static_cast<double>(d) * std::log(2 * std::numbers::pi),
                   -map.transpose() * pull - toll, product(form.coupling, map) + information};
  return form;
}

}  // namespace umkehr
