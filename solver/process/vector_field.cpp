// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/process/vector_field.hpp"

#include <algorithm>
#include <atomic>
#include <memory>
#include <utility>

namespace umkehr {
namespace {

class LatestBatch {
 public:
  LatestBatch(VectorField field, std::size_t dimension) : field_(std::move(field)), dimension_(dimension) {}

  void component(std::size_t axis, const Points& x, double t, std::span<double> out) const {
    std::ranges::copy(at(x, t)->values[axis], out.begin());
  }

 private:
  struct Batch {
    Points x;
    double t;
    Components values;
  };

  std::shared_ptr<const Batch> at(const Points& x, double t) const {
    const std::shared_ptr<const Batch> latest = latest_.load();
    if (latest && latest->t == t && latest->x == x) return latest;
    auto batch = std::make_shared<Batch>(Batch{x, t, Components(dimension_, std::vector<double>(x.count()))});
    field_(x, t, batch->values);
    latest_.store(batch);
    return batch;
  }

  VectorField field_;
  std::size_t dimension_;
  mutable std::atomic<std::shared_ptr<const Batch>> latest_;
};

}  // namespace

std::vector<Coefficient> components_of(VectorField field, std::size_t dimension) {
  const auto batch = std::make_shared<const LatestBatch>(std::move(field), dimension);
  std::vector<Coefficient> components;
  for (std::size_t k = 0; k < dimension; ++k)
    components.emplace_back(Coefficient::Function(
        [batch, k](const Points& x, double t, std::span<double> out) { batch->component(k, x, t, out); }));
  return components;
}

}  // namespace umkehr
