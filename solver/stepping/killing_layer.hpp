// SPDX-License-Identifier: GPL-3.0-or-later
// Steep killing within the cells of an axis. Where V is constant in pieces and the density changes little while a path
// crosses a cell, D/2 p'' = V p: a piece of length l is a two-port with arms tanh(k l/2)/k on either side of a node at
// which p dies at the rate D/2 k sinh(k l), k = sqrt(2 V/D), where the piece holds sinh(k l)/k times the density of its node.
// Pieces in a row are one such two-port again, so that a cell has a node, distances from it to both faces, and a density
// there, of its mean a share; a wall of killing lies where the formula puts it, however thin its layer. In a uniform V the
// mean dies at the rate V itself, at all times. Where V is resolved the node is the centre, the distances are half a cell,
// and the share is one, to order 2.
#pragma once

#include <span>
#include <vector>

#include "grids/grid.hpp"
#include "solver/process/pieces.hpp"

namespace umkehr {

/// One number a cell.
struct KillingLayer {
  std::vector<double> rate;  ///< at which its mean dies
  std::vector<double> below,
      above;                   ///< distance to the next node, in cells; at a wall twice that to the face
  std::vector<double> offset;  ///< of the node from the centre, in cells
  std::vector<double> share;   ///< density at the node over the mean
  std::vector<double> share_below, share_above;  ///< the same of the next cells
};

/// Of V - least on lines through the cells' centres, where `rates` holds V in cells that no border of a piece cuts. With
/// `at_centres`, cells whose centres live keep their nodes there.
KillingLayer killing_layer(const Pieces& killing, const Grid& grid, std::size_t axis, double t,
                           double diffusion, std::span<const double> rates, double least, bool at_centres);

/// Values at the nodes along an axis, from node to node in straight lines, at the centres.
void move_to_centres(const KillingLayer& layer, const Grid& grid, std::size_t axis, std::span<double> values);

/// Whether paths enter cells of that size by much less than their size where they are killed at that rate.
bool is_hardly_entered(double rate, double spacing, double diffusion);

}  // namespace umkehr
