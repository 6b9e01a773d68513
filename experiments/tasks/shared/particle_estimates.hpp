// SPDX-License-Identifier: GPL-3.0-or-later
// What particles estimate, as variables of a result: NAME, and NAME_error beside it.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "experiments/tasks/shared/task_group.hpp"
#include "solver/particles/multilevel.hpp"
#include "solver/particles/particles.hpp"
#include "solver/particles/sample_distances.hpp"

namespace umkehr {

void add_estimate(TaskGroup& group, const std::string& name, const Estimate& estimate);
void add_weights(TaskGroup& group, const ParticlesSolution& found);
/// Means and covariances of the coordinates with these names.
void add_moments(TaskGroup& group, const std::vector<std::string>& coordinates,
                 const ParticlesSolution& found);
/// Averages of the observables with these names.
void add_functions(TaskGroup& group, const std::vector<std::string>& names, const ParticlesSolution& found);
/// On the axes of the group.
void add_histogram(TaskGroup& group, const ParticlesSolution& found);
void add_passage(TaskGroup& group, const ParticlesSolution& found);
/// Of the first `count` particles that were kept.
void add_quantiles(TaskGroup& group, const std::vector<std::string>& coordinates,
                   const std::vector<double>& probabilities, std::size_t count,
                   const ParticlesSolution& found);
void add_distances(TaskGroup& group, const SampleDistances& distances);
/// Places and weights of the first `count` particles.
void add_positions(TaskGroup& group, std::size_t count, const ParticlesSolution& found);
/// ln P at `start` of each point.
void add_likelihoods(TaskGroup& group, std::vector<double> likelihoods);
void add_levels(TaskGroup& group, const std::vector<MultilevelLevel>& levels);

}  // namespace umkehr
