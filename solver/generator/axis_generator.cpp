// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/generator/axis_generator.hpp"

#include <algorithm>
#include <cmath>

#include "solver/generator/edge_integral.hpp"
#include "solver/generator/face_flux.hpp"

namespace umkehr {
namespace {

constexpr std::size_t most_terms = 4;  // with more, reading their arrays costs more than new integrals do

Formula product_of(const std::vector<Formula>& factors) {
  Formula product = factors.front();
  for (std::size_t k = 1; k < factors.size(); ++k) product = product * factors[k];
  return product;
}

double at_time(const Coefficient& coefficient, double t) {
  return coefficient.constant_value() ? *coefficient.constant_value() : coefficient(t);
}

/// Diffusion across a wall acts over half a cell, or not at all.
double wall_factor(Boundary boundary, bool is_wall) {
  if (!is_wall || boundary == Boundary::periodic) return 1;
  return boundary == Boundary::absorbing ? 2 : 0;
}

}  // namespace

AxisGenerator::AxisGenerator(const Process& process, const Grid& grid, std::size_t axis,
                             std::span<const double> equilibrium)
    : lines_(grid, axis),
      boundary_(grid.axis(axis).boundary),
      points_(grid.axis(axis).points),
      stride_(grid.stride(axis)),
      spacing_(grid.axis(axis).spacing()),
      diffusion_(process.diffusion[axis]),
      drift_(process.drift[axis]),
      varies_(equilibrium.empty() && (diffusion_.depends_on_time() || drift_.depends_on_time())) {
  for (std::size_t place = 0; place < batch_size(); ++place) {
    const std::size_t face = lines_.face(place % lines_.lanes(), place / lines_.lanes());
    edge_lengths_.push_back(edge_length(grid.axis(axis), face));
    wall_factors_.push_back(wall_factor(boundary_, face == 0 || face == grid.axis(axis).points));
  }
  find_terms(grid);
  if (!equilibrium.empty()) replace_by_equilibrium(equilibrium);
  for (Term& term : terms_) find_largest(term);
}

void AxisGenerator::find_terms(const Grid& grid) {
  edge_nodes_ = edge_nodes(grid, lines_);
  const auto products = drift_.formula() ? drift_.formula()->separate(most_terms) : std::nullopt;
  if (!varies_ || !drift_.depends_on_time()) {
    terms_.push_back({1.0, integrals_of(drift_, 0), {}, 0});
  } else if (products) {
    for (const Formula::Product& product : *products)
      terms_.push_back(
          {product.time_factor.front(), integrals_of(product_of(product.axis_factors), 0), {}, 0});
  } else {
    drift_must_be_integrated_ = true;
    terms_.push_back({1.0, std::vector<double>(lines_.batches() * batch_size()), {}, 0});
  }
  if (!drift_must_be_integrated_) edge_nodes_.clear();
}

std::vector<double> AxisGenerator::integrals_of(const Coefficient& drift, double t) const {
  const std::size_t places = lines_.batches() * batch_size();
  std::vector<double> integrals(places), values(places);
  for (std::size_t node = 0; node < edge_nodes_.size(); ++node) {
    drift(edge_nodes_[node], t, values);
    for (std::size_t place = 0; place < places; ++place)
      integrals[place] += edge_weights[node] * edge_lengths_[place % batch_size()] * values[place];
  }
  return integrals;
}

/// Between two cells of a density without flux, z is the logarithm of the ratio of their means.
void AxisGenerator::replace_by_equilibrium(std::span<const double> equilibrium) {
  std::vector<double>& integrals = terms_.front().integrals;
  const double half_diffusion = 0.5 * at_time(diffusion_, 0);
  const std::size_t n = points_, stride = stride_, width = lines_.lanes();
  const bool wraps = boundary_ == Boundary::periodic;
  for (std::size_t place = 0; place < integrals.size(); ++place) {
    const std::size_t lane = place % width, face = lines_.face(lane, place / width % rows());
    if ((face == 0 || face == n) && !wraps) continue;
    const std::size_t first = lines_.cell(place / batch_size(), lane, 0) - lines_.face(lane, 0) * stride;
    const double left = equilibrium[first + (face + n - 1) % n * stride];
    const double right = equilibrium[first + face % n * stride];
    integrals[place] = half_diffusion * (left - right);
  }
}

void AxisGenerator::find_largest(Term& term) const {
  term.largest.assign(lines_.batches(), 0);
  for (std::size_t place = 0; place < term.integrals.size(); ++place) {
    double& largest = term.largest[place / batch_size()];
    largest = std::max(largest, std::abs(term.integrals[place]));
  }
}

void AxisGenerator::freeze(double t) {
  frozen_diffusion_ = at_time(diffusion_, t);
  if (drift_must_be_integrated_) {
    terms_.front().integrals = integrals_of(drift_, t);
    find_largest(terms_.front());
  }
  for (Term& term : terms_) term.amplitude = at_time(term.time_factor, t) * 2 / frozen_diffusion_;
}

double AxisGenerator::largest_exponent(std::size_t batch) const {
  double bound = 0;
  for (const Term& term : terms_) bound += std::abs(term.amplitude) * term.largest[batch];
  return bound;
}

void AxisGenerator::exponents(std::size_t batch, double* z) const {
  std::fill_n(z, batch_size(), 0.0);
  for (const Term& term : terms_) {
    const double* integrals = term.integrals.data() + batch * batch_size();
    for (std::size_t place = 0; place < batch_size(); ++place) z[place] += term.amplitude * integrals[place];
  }
}

void AxisGenerator::rates(std::size_t batch, double factor, double* up, double* down) const {
  const bool all_small = largest_exponent(batch) <= small_exponent;
  const double scale = factor * frozen_diffusion_ / (2 * spacing_ * spacing_);
  exponents(batch, up);
  for (std::size_t place = 0; place < batch_size(); place += lanes::width) {
    const Lanes z = lanes::load(up + place);
    const Lanes row_scale = scale * lanes::load(&wall_factors_[place]);
    const FaceRates rate = all_small ? face_rates_of_small(z, row_scale) : face_rates(z, row_scale);
    lanes::store(up + place, rate.up);
    lanes::store(down + place, rate.down);
  }
}

std::size_t AxisGenerator::memory() const {
  const std::size_t numbers =
      terms_.size() + edge_nodes_.size() * (edge_nodes_.empty() ? 0 : edge_nodes_[0].dimension());
  return numbers * lines_.batches() * batch_size() * sizeof(double);
}

}  // namespace umkehr
