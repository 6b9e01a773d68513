// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/score/mixture_between_nodes.hpp"

#include <utility>

#include "grids/adaptive_quadrature.hpp"
#include "solver/law/mixture_path.hpp"
#include "solver/score/panel_stencil.hpp"

namespace umkehr {
namespace {

class MixtureBetweenNodes : public LawPath {
 public:
  MixtureBetweenNodes(const LawPath& exact, std::vector<double> edges)
      : edges_(std::move(edges)), times_(panel_nodes(edges_).time) {
    // The ends themselves are exact.
    for (const double t : {edges_.front(), edges_.back()}) ends_.push_back(exact.at(t));
    for (const double t : times_) laws_.push_back(exact.at(t));
  }
  std::shared_ptr<const LawAtTime> at(double t) const override {
    if (t <= edges_.front()) return ends_[0];
    if (t >= edges_.back()) return ends_[1];
    const LagrangeStencil near = stencil_in_panel(edges_, times_, t);
    std::vector<Gaussian> components = ends_[0]->mixture()->components();
    for (std::size_t c = 0; c < components.size(); ++c) {
      components[c].mean.setZero();
      components[c].covariance.setZero();
      for (std::size_t i = 0; i < near.count; ++i) {
        const Gaussian& node = laws_[near.index[i]]->mixture()->components()[c];
        components[c].mean += near.weight[i] * node.mean;
        components[c].covariance += near.weight[i] * node.covariance;
      }
    }
    return std::make_shared<MixtureAtTime>(GaussianMixture(std::move(components)));
  }
  bool is_exact() const override { return true; }

 private:
  std::vector<double> edges_, times_;
  std::vector<std::shared_ptr<const LawAtTime>> ends_, laws_;
};

}  // namespace

std::shared_ptr<const LawPath> between_nodes(std::shared_ptr<const LawPath> exact,
                                             const std::vector<double>& edges) {
  if (!exact->at(edges.front())->mixture()) return exact;
  return std::make_shared<MixtureBetweenNodes>(*exact, edges);
}

}  // namespace umkehr
