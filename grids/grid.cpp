// SPDX-License-Identifier: GPL-3.0-or-later
#include "grids/grid.hpp"

#include <cmath>

#include "grids/failure.hpp"

namespace umkehr {

Grid::Grid(std::vector<Axis> axes) : axes_(std::move(axes)), strides_(axes_.size()) {
  if (axes_.empty() || axes_.size() > 3) throw UnfitProblem("a grid has one to three axes");
  for (std::size_t k = axes_.size(); k-- > 0;) {
    const Axis& axis = axes_[k];
    if (!(axis.from < axis.to) || !std::isfinite(axis.length()))
      throw UnfitProblem("axis " + axis.name + ": from must be below to");
    if (axis.points < 2) throw UnfitProblem("axis " + axis.name + ": at least 2 points");
    strides_[k] = size_;
    size_ *= axis.points;
    cell_volume_ *= axis.spacing();
  }
}

Points Grid::centres() const {
  Points points(dimension(), size_);
  for (std::size_t k = 0; k < dimension(); ++k) {
    const std::vector<double> x = axes_[k].centres();
    for (std::size_t i = 0; i < size_; ++i) points[k][i] = x[i / strides_[k] % axes_[k].points];
  }
  return points;
}

}  // namespace umkehr
