// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/finite_volume/axis_generator.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "grids/machine/team.hpp"
#include "solver/finite_volume/edge_integral.hpp"
#include "solver/finite_volume/face_flux.hpp"

namespace umkehr {
namespace {

Formula product_of(const std::vector<Formula>& factors) {
  Formula product = factors.front();
  for (std::size_t k = 1; k < factors.size(); ++k) product = product * factors[k];
  return product;
}

double at_time(const Coefficient& coefficient, double t) {
  return coefficient.constant_value() ? *coefficient.constant_value() : coefficient(t);
}

}  // namespace

AxisGenerator::AxisGenerator(const Process& process, const Grid& grid, std::size_t axis,
                             std::span<const double> equilibrium)
    : grid_(grid),
      lines_(grid, axis),
      boundary_(grid.axis(axis).boundary),
      points_(grid.axis(axis).points),
      stride_(grid.stride(axis)),
      spacing_(grid.axis(axis).spacing()),
      diffusion_(process.diffusion[axis]),
      drift_(process.drift[axis], grid.dimension()),
      // Nothing keeps an equilibrium at an absorbing wall, where its flux could not vanish.
      has_equilibrium_(!equilibrium.empty() && boundary_ != Boundary::absorbing),
      varies_(diffusion_.depends_on_time() || (!has_equilibrium_ && process.drift[axis].depends_on_time())) {
  if (process.potential) potential_.emplace(*process.potential, grid.dimension());
  if (potential_ && !potential_->are_several()) potential_.reset();
  wall_factors_.assign(batch_size(), 1);
  for (std::size_t lane = 0; lane < lines_.lanes(); ++lane) {
    if (lines_.face(lane, 0) == 0) wall_factors_[lane] = wall_factor();
    if (lines_.face(lane, lines_.length()) == points_)
      wall_factors_[lines_.length() * lines_.lanes() + lane] = wall_factor();
  }
  has_equilibrium_ ? take_equilibrium(equilibrium) : find_terms();
  for (Term& term : terms_) find_largest(term);
}

void AxisGenerator::find_terms() {
  for (std::size_t row = 0; row < rows(); ++row)
    for (std::size_t lane = 0; lane < lines_.lanes(); ++lane)
      edge_lengths_.push_back(edge_length(grid_.axis(lines_.axis()), lines_.face(lane, row)));
  const bool is_static = !drift_.function().depends_on_time();
  const Formula* formula = drift_.function().formula();
  const auto products =
      !is_static && formula && !potential_ ? formula->separate(BatchRates::max_terms) : std::nullopt;
  if (is_static) {
    terms_.push_back({1.0, integrals_of(drift_, 0), {}, 0});
  } else if (products && !products->empty()) {
    for (const Formula::Product& product : *products)
      terms_.push_back({product.time_factor.front(),
                        integrals_of({product_of(product.axis_factors), grid_.dimension()}, 0),
                        {},
                        0});
  } else {
    drift_must_be_integrated_ = true;
    terms_.push_back({1.0, LaneBuffer(lines_.batches() * batch_size()), {}, 0});
  }
}

LaneBuffer AxisGenerator::integrals_of(const Pieces& drift, double t) const {
  LaneBuffer integrals(lines_.batches() * batch_size());
  const CutEdges cut(drift, potential_ ? &*potential_ : nullptr, grid_, lines_);
  const double a_batch = 5 * static_cast<double>(batch_size() * edge_weights.size());
  const std::size_t seats =
      drift.function().formula() ? lines_.batches() : 1;  // other functions may know no threads
  share_pieces({lines_.batches(), a_batch, seats}, [&](const Piece& piece) {
    std::vector<double> values(batch_size());
    EdgeNodes nodes(grid_, lines_);
    for (std::size_t batch = piece.first; batch < piece.last; ++batch) {
      double* out = &integrals[batch * batch_size()];
      for (std::size_t node = 0; node < edge_weights.size(); ++node) {
        drift.function()(nodes.of(batch, node), t, values);
        for (std::size_t place = 0; place < batch_size(); ++place)
          out[place] += edge_weights[node] * edge_lengths_[place] * values[place];
      }
      for (std::size_t place = 0; cut.may_be() && place < batch_size(); ++place) {
        if (place % lines_.lanes() >= lines_.used(batch)) continue;
        if (const auto mean = cut.mean(batch, place, t)) out[place] = edge_lengths_[place] * *mean;
      }
    }
  });
  return integrals;
}

/// Between two cells of a density without flux, z is the logarithm of the ratio of their means.
void AxisGenerator::take_equilibrium(std::span<const double> equilibrium) {
  LaneBuffer integrals(lines_.batches() * batch_size());
  const bool wraps = boundary_ == Boundary::periodic;
  const auto fill = [&](std::size_t batch, std::size_t lane) {
    const double* line = equilibrium.data() + lines_.cell(batch, lane, 0) - lines_.face(lane, 0) * stride_;
    for (std::size_t row = 0; row < rows(); ++row) {
      const std::size_t face = lines_.face(lane, row);
      if ((face == 0 || face == points_) && !wraps) continue;
      const double left = line[(face == 0 ? points_ - 1 : face - 1) * stride_],
                   right = line[(face == points_ ? 0 : face) * stride_];
      integrals[batch * batch_size() + row * lines_.lanes() + lane] = left - right;
    }
  };
  for (std::size_t batch = 0; batch < lines_.batches(); ++batch)
    for (std::size_t lane = 0; lane < lines_.lanes(); ++lane) fill(batch, lane);
  terms_.push_back({1.0, std::move(integrals), {}, 1});
}

void AxisGenerator::find_largest(Term& term) const {
  const std::size_t lanes = lines_.lanes();
  term.largest.assign(lines_.batches() * blocks(), 0);
  for (std::size_t batch = 0; batch < lines_.batches(); ++batch)
    for (std::size_t row = 0; row < rows(); ++row) {
      double& largest = term.largest[batch * blocks() + BatchRates::block_of(row)];
      const double* first = &term.integrals[batch * batch_size() + row * lanes];
      for (std::size_t lane = 0; lane < lanes; ++lane) largest = std::max(largest, std::abs(first[lane]));
    }
}

void AxisGenerator::freeze(double t) {
  frozen_diffusion_ = at_time(diffusion_, t);
  if (drift_must_be_integrated_) {
    terms_.front().integrals = integrals_of(drift_, t);
    find_largest(terms_.front());
  }
  if (has_equilibrium_) return;
  for (Term& term : terms_) term.amplitude = at_time(term.time_factor, t) * 2 / frozen_diffusion_;
}

/// Diffusion across a wall acts over half a cell, or not at all.
double AxisGenerator::wall_factor() const {
  if (boundary_ == Boundary::periodic) return 1;
  return boundary_ == Boundary::absorbing ? 2 : 0;
}

BatchRates AxisGenerator::batch_rates(std::size_t batch, double factor) const {
  BatchRates result;
  const auto term = [&](const Term& own, double amplitude) -> BatchRates::Term {
    return {&own.integrals[batch * batch_size()], &own.largest[batch * blocks()], amplitude};
  };
  result.terms.fill(term(terms_.front(), 0));
  result.count = terms_.size();
  for (std::size_t n = 0; n < terms_.size(); ++n) result.terms[n] = term(terms_[n], terms_[n].amplitude);
  result.scale = factor * frozen_diffusion_ / (2 * spacing_ * spacing_);
  return result;
}

void AxisGenerator::exponents(std::size_t batch, double* z) const {
  const BatchRates of_batch = batch_rates(batch, 1);
  for (std::size_t place = 0; place < batch_size(); place += lanes::width)
    lanes::store(z + place, of_batch.exponents(place));
}

void AxisGenerator::rates(std::size_t batch, double factor, double* up, double* down,
                          const double* distance) const {
  const BatchRates of_batch = batch_rates(batch, factor);
  const std::size_t lanes = lines_.lanes();
  for (std::size_t row = 0; row < rows(); ++row) {
    const bool are_small = distance == nullptr && of_batch.are_small(BatchRates::block_of(row));
    for (std::size_t place = row * lanes; place < (row + 1) * lanes; place += lanes::width) {
      Lanes z = of_batch.exponents(place), scale = of_batch.scale * lanes::load(&wall_factors_[place]);
      if (distance != nullptr) {
        const Lanes between = lanes::load(distance + place);
        z = z * between;
        scale = scale / between;
      }
      const FaceRates rate = are_small ? face_rates_of_small(z, scale) : face_rates(z, scale);
      lanes::store(up + place, rate.up);
      lanes::store(down + place, rate.down);
    }
  }
}

std::size_t AxisGenerator::memory() const {
  return terms_.size() * lines_.batches() * batch_size() * sizeof(double);
}

}  // namespace umkehr
