// SPDX-License-Identifier: GPL-3.0-or-later
// The part of L^dagger along one axis on finite volumes: for cell i of a line, with fluxes as in face_flux.hpp,
//   dp_i/ds = up_i p_{i-1} + down_{i+1} p_{i+1} - (down_i + up_{i+1}) p_i,
// face i between cells i - 1 and i. Its transpose exchanges the roles of up and down; no second operator exists.
// Walls: no flux (reflecting); P = 0 half a cell away (absorbing); face `points` is face 0 (periodic).
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "grids/axis_lines.hpp"
#include "grids/grid.hpp"
#include "grids/machine/lane_buffer.hpp"
#include "solver/finite_volume/batch_rates.hpp"
#include "solver/process/pieces.hpp"
#include "solver/process/process.hpp"

namespace umkehr {

class AxisGenerator {
 public:
  /// `equilibrium` holds -ln of the cell means of a density without any flux, where there is one; else it is empty.
  AxisGenerator(const Process& process, const Grid& grid, std::size_t axis,
                std::span<const double> equilibrium);

  const AxisLines& lines() const { return lines_; }
  Boundary boundary() const { return boundary_; }
  /// Whether the rates are the same at all times.
  bool is_static() const { return !varies_; }

  /// Fixes the coefficients to those at time t.
  void freeze(double t);
  /// The rates of a batch times `factor`, without the walls' own factor.
  BatchRates batch_rates(std::size_t batch, double factor) const;
  /// What multiplies the rates through faces at walls.
  double wall_factor() const;
  /// factor * rates through faces 0 ... length of all segments of a batch, face r of segment j at [r * lanes + j].
  /// `distance`, where it is given, is that between the nodes on both sides of each face, in cells.
  void rates(std::size_t batch, double factor, double* up, double* down,
             const double* distance = nullptr) const;
  /// z through those faces.
  void exponents(std::size_t batch, double* z) const;
  std::size_t memory() const;

 private:
  /// z = sum of these, each its amplitude at the frozen time times an integral of a function of x along each edge.
  struct Term {
    Coefficient time_factor;
    LaneBuffer integrals;
    std::vector<double> largest;  // |integral|, by batch and block of rows
    double amplitude;
  };
  std::size_t rows() const { return lines_.length() + 1; }
  std::size_t batch_size() const { return rows() * lines_.lanes(); }
  std::size_t blocks() const { return BatchRates::block_of(lines_.length()) + 1; }
  void find_terms();
  void take_equilibrium(std::span<const double> equilibrium);
  LaneBuffer integrals_of(const Pieces& drift, double t) const;
  void find_largest(Term& term) const;

  Grid grid_;
  AxisLines lines_;
  Boundary boundary_;
  std::size_t points_, stride_;
  double spacing_;
  Coefficient diffusion_;
  Pieces drift_;
  std::optional<Pieces> potential_;  // where it has several
  bool has_equilibrium_, varies_;
  bool drift_must_be_integrated_ = false;  // anew at each time
  double frozen_diffusion_ = 0;
  std::vector<double> edge_lengths_;  // (rows, lanes), where there is no equilibrium
  LaneBuffer wall_factors_;           // (rows, lanes): what multiplies D/(2 h^2)
  std::vector<Term> terms_;
};

}  // namespace umkehr
