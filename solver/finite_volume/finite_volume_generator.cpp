// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/finite_volume/finite_volume_generator.hpp"

#include "solver/finite_volume/equilibrium.hpp"
#include "solver/generator/generator.hpp"
#include "solver/process/pieces.hpp"

namespace umkehr {

static_assert(Generator<FiniteVolumeGenerator>);
namespace {

using Triplets = std::vector<Eigen::Triplet<double>>;

void add_axis(AxisGenerator& axis, const Grid& grid, std::size_t k, Triplets& entries) {
  const AxisLines& lines = axis.lines();
  const std::size_t width = lines.lanes(), points = grid.axis(k).points, stride = grid.stride(k);
  std::vector<double> up((lines.length() + 1) * width), down(up.size());
  const auto add = [&](std::size_t row, std::size_t column, double value) {
    entries.emplace_back(static_cast<int>(row), static_cast<int>(column), value);
  };
  for (std::size_t batch = 0; batch < lines.batches(); ++batch) {
    axis.rates(batch, 1, up.data(), down.data());
    for (std::size_t lane = 0; lane < lines.used(batch); ++lane)
      for (std::size_t i = 0; i < lines.length(); ++i) {
        const std::size_t cell = lines.cell(batch, lane, i), place = cell / stride % points;
        const std::size_t left = place > 0 ? cell - stride : cell + (points - 1) * stride;
        const std::size_t right = place + 1 < points ? cell + stride : cell - (points - 1) * stride;
        const double out_left = down[i * width + lane], out_right = up[(i + 1) * width + lane];
        const bool periodic = axis.boundary() == Boundary::periodic;
        // A value sees what its cell gives away, and to whom.
        add(cell, cell, -out_left - out_right);
        if (place > 0 || periodic) add(cell, left, out_left);
        if (place + 1 < points || periodic) add(cell, right, out_right);
      }
  }
}

}  // namespace

FiniteVolumeGenerator::FiniteVolumeGenerator(const Process& process, const Grid& grid)
    : process_(process), grid_(grid) {
  const std::vector<double> equilibrium = equilibrium_exponents(process, grid);
  for (std::size_t k = 0; k < grid.dimension(); ++k) axes_.emplace_back(process, grid, k, equilibrium);
}

const Eigen::SparseMatrix<double>& FiniteVolumeGenerator::matrix(double t) {
  if (time_ && (*time_ == t || !process_.depends_on_time())) return matrix_;
  Triplets entries;
  for (std::size_t k = 0; k < axes_.size(); ++k) {
    axes_[k].freeze(t);
    add_axis(axes_[k], grid_, k, entries);
  }
  std::vector<double> killing(grid_.size());
  process_.killing(grid_.centres(), t, killing);
  replace_cut_cells({process_.killing, grid_.dimension()}, grid_, t, killing);
  for (std::size_t i = 0; i < killing.size(); ++i)
    entries.emplace_back(static_cast<int>(i), static_cast<int>(i), -killing[i]);
  const auto size = static_cast<Eigen::Index>(grid_.size());
  matrix_.resize(size, size);
  matrix_.setFromTriplets(entries.begin(), entries.end());
  time_ = t;
  return matrix_;
}

void FiniteVolumeGenerator::apply(double t, std::span<const double> h, std::span<double> out) {
  const auto size = static_cast<Eigen::Index>(grid_.size());
  Eigen::Map<Eigen::VectorXd>(out.data(), size) =
      matrix(t) * Eigen::Map<const Eigen::VectorXd>(h.data(), size);
}

void FiniteVolumeGenerator::apply_adjoint(double t, std::span<const double> density, std::span<double> out) {
  const auto size = static_cast<Eigen::Index>(grid_.size());
  Eigen::Map<Eigen::VectorXd>(out.data(), size) =
      matrix(t).transpose() * Eigen::Map<const Eigen::VectorXd>(density.data(), size);
}

}  // namespace umkehr
