// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/tasks/shared/particle_estimates.hpp"

#include <cmath>
#include <span>
#include <utility>

#include "solver/particles/quantiles.hpp"

namespace umkehr {
namespace {

struct WithErrors {
  std::vector<double> value, error;
  void add(const Estimate& estimate) {
    value.push_back(estimate.value);
    error.push_back(std::isfinite(estimate.error) ? estimate.error : 0);
  }
};

void add_both(TaskGroup& group, const std::string& name, const std::vector<std::string>& dimensions,
              WithErrors both) {
  group.add(name, dimensions, std::move(both.value));
  group.add(name + "_error", dimensions, std::move(both.error));
}

Coordinate numbered(const std::string& name, std::size_t count, const std::string& long_name) {
  Coordinate coordinate{name, {}, long_name, {}, true};
  for (std::size_t i = 0; i < count; ++i) coordinate.values.push_back(static_cast<double>(i));
  return coordinate;
}

}  // namespace

void add_estimate(TaskGroup& group, const std::string& name, const Estimate& estimate) {
  group.add_scalar(name, estimate.value);
  group.add_scalar(name + "_error", estimate.error);
}

void add_weights(TaskGroup& group, const ParticlesSolution& found) {
  WithErrors weight, size;
  for (std::size_t n = 0; n < found.weight.size(); ++n) {
    weight.add(found.weight[n]);
    size.add(found.effective_size[n]);
  }
  add_both(group, "weight", {"t"}, std::move(weight));
  add_both(group, "effective_size", {"t"}, std::move(size));
}

void add_moments(TaskGroup& group, const std::vector<std::string>& coordinates,
                 const ParticlesSolution& found) {
  for (std::size_t k = 0; k < coordinates.size(); ++k) {
    WithErrors mean;
    for (const MomentEstimates& moments : found.moments) mean.add(moments.mean[k]);
    add_both(group, "mean_" + coordinates[k], {"t"}, std::move(mean));
  }
  for (std::size_t j = 0; j < coordinates.size(); ++j)
    for (std::size_t k = 0; k < found.moments[0].covariance[j].size(); ++k) {
      WithErrors covariance;
      for (const MomentEstimates& moments : found.moments) covariance.add(moments.covariance[j][k]);
      add_both(group, "covariance_" + coordinates[j] + "_" + coordinates[j + k], {"t"},
               std::move(covariance));
    }
}

void add_functions(TaskGroup& group, const std::vector<std::string>& names, const ParticlesSolution& found) {
  for (std::size_t j = 0; j < names.size(); ++j) {
    WithErrors observable;
    for (const auto& row : found.observables) observable.add(row[j]);
    add_both(group, "observable_" + names[j], {"t"}, std::move(observable));
  }
}

void add_histogram(TaskGroup& group, const ParticlesSolution& found) {
  group.add_axes();
  std::vector<double> density, error;
  for (const Histogram& one : found.histogram) {
    density.insert(density.end(), one.density.begin(), one.density.end());
    error.insert(error.end(), one.error.begin(), one.error.end());
  }
  group.add_field("histogram", std::move(density));
  group.add_field("histogram_error", std::move(error));
  group.note_cell_means("histogram");
}

void add_passage(TaskGroup& group, const ParticlesSolution& found) {
  group.add_coordinate(numbered("wall", found.passage.front().size(),
                                "walls: the lower and the upper one of each axis in turn"));
  WithErrors passage;
  for (const auto& row : found.passage)
    for (const Estimate& estimate : row) passage.add(estimate);
  add_both(group, "first_passage", {"t", "wall"}, std::move(passage));
}

void add_quantiles(TaskGroup& group, const std::vector<std::string>& coordinates,
                   const std::vector<double>& probabilities, std::size_t count,
                   const ParticlesSolution& found) {
  group.add_coordinate({"probability", probabilities, "share of the weight below the quantile"});
  for (std::size_t k = 0; k < coordinates.size(); ++k) {
    WithErrors quantile;
    for (std::size_t n = 0; n < found.kept.size(); ++n)
      for (const Estimate& one :
           weighted_quantiles(std::span<const double>(found.kept[n][k]).first(count),
                              std::span<const double>(found.kept_weight[n]).first(count), probabilities))
        quantile.add(one);
    add_both(group, "quantile_" + coordinates[k], {"t", "probability"}, std::move(quantile));
  }
}

void add_distances(TaskGroup& group, const SampleDistances& distances) {
  add_estimate(group, "energy_distance", distances.energy);
  add_estimate(group, "maximum_mean_discrepancy", distances.maximum_mean_discrepancy);
  add_estimate(group, "sliced_wasserstein", distances.sliced_wasserstein);
}

void add_positions(TaskGroup& group, std::size_t count, const ParticlesSolution& found) {
  const std::size_t dimension = found.kept.front().dimension();
  group.add_coordinate(numbered("particle", count, "number of the particle"));
  group.add_coordinate(numbered("component", dimension, "number of the coordinate"));
  std::vector<double> positions, weights;
  for (std::size_t n = 0; n < found.kept.size(); ++n)
    for (std::size_t i = 0; i < count; ++i) {
      for (std::size_t k = 0; k < dimension; ++k) positions.push_back(found.kept[n][k][i]);
      weights.push_back(found.kept_weight[n][i]);
    }
  group.add("position", {"t", "particle", "component"}, std::move(positions));
  group.add("position_weight", {"t", "particle"}, std::move(weights));
}

void add_likelihoods(TaskGroup& group, std::vector<double> likelihoods) {
  group.add_coordinate(numbered("point", likelihoods.size(), "number of the point"));
  group.add("log_likelihood", {"point"}, std::move(likelihoods));
}

void add_levels(TaskGroup& group, const std::vector<MultilevelLevel>& levels) {
  std::vector<double> mean, variance, count, cost;
  for (const MultilevelLevel& one : levels) {
    mean.push_back(one.mean);
    variance.push_back(one.variance);
    count.push_back(one.count);
    cost.push_back(one.cost);
  }
  group.add_coordinate(numbered("level", levels.size(), "number of the level, of steps dt/2^level"));
  group.add("level_mean", {"level"}, std::move(mean));
  group.add("level_variance", {"level"}, std::move(variance));
  group.add("level_count", {"level"}, std::move(count));
  group.add("level_cost", {"level"}, std::move(cost));
}

}  // namespace umkehr
