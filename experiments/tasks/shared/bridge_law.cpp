// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/tasks/shared/bridge_law.hpp"

#include <numeric>
#include <optional>

#include "solver/bridge/gaussian_bridge.hpp"
#include "solver/law/circle.hpp"

namespace umkehr {
namespace {

class ExactBridge : public ExactRun {
 public:
  ExactBridge(const GaussianBridge& bridge, const Grid& grid, const std::vector<double>& times)
      : bridge_(bridge), grid_(grid), centres_(grid.centres()), times_(times) {}

  std::vector<double> once(const std::string& name) const override {
    if (name == "kl" || name == "action") return {bridge_.divergence()};
    return name == "coupling" ? coupling() : std::vector<double>();
  }

  std::vector<double> at(const std::string& name, std::size_t n) const override {
    const double t = times_[n];
    std::vector<double> values(grid_.size());
    if (name == "density") return GaussianMixture({bridge_.density(t)}).density(centres_, values), values;
    if (name == "log_chi") return bridge_.log_chi(t).values(centres_, values), values;
    if (name == "log_chi_hat") return bridge_.log_chi_hat(t).values(centres_, values), values;
    for (std::size_t k = 0; k < grid_.dimension(); ++k)
      if (name == "control_" + grid_.axis(k).name) return control(k, t);
    return {};
  }

  double mass_outside(std::size_t n) const {
    std::vector<double> means(grid_.size());
    GaussianMixture({bridge_.density(times_[n])}).cell_means(grid_, means);
    double inside = 0;
    for (const double mean : means) inside += mean * grid_.cell_volume();
    return 1 - inside;
  }

 private:
  std::vector<double> control(std::size_t axis, double t) const {
    std::vector<double> values(grid_.size());
    const AffineControl u = bridge_.control(t);
    const auto row = static_cast<Eigen::Index>(axis);
    for (std::size_t i = 0; i < values.size(); ++i) {
      values[i] = u.offset[row];
      for (std::size_t l = 0; l < grid_.dimension(); ++l)
        values[i] += u.slope(row, static_cast<Eigen::Index>(l)) * centres_[l][i];
    }
    return values;
  }

  /// At pairs of centres of the one axis, the final one fastest.
  std::vector<double> coupling() const {
    const std::span<const double> x = centres_[0];
    Points pairs(2, x.size() * x.size());
    for (std::size_t i = 0; i < x.size(); ++i)
      for (std::size_t j = 0; j < x.size(); ++j) {
        pairs[0][i * x.size() + j] = x[i];
        pairs[1][i * x.size() + j] = x[j];
      }
    std::vector<double> values(pairs.count());
    GaussianMixture({bridge_.ends()}).density(pairs, values);
    return values;
  }

  const GaussianBridge& bridge_;
  const Grid& grid_;
  Points centres_;
  const std::vector<double>& times_;
};

/// The one Gaussian that a law is, if it is.
const Gaussian* gaussian(const Law& law) {
  const auto* mixture = std::get_if<GaussianMixture>(&law);
  const bool is_one = mixture != nullptr && mixture->components().size() == 1 && !mixture->is_singular();
  return is_one ? &mixture->components().front() : nullptr;
}

}  // namespace

void add_bridge_law(const Process& reference, const Law& initial, const Law& final, const Group& run,
                    ClosedForms& known) {
  const Gaussian *first = gaussian(initial), *last = gaussian(final);
  const std::optional<AffineProcess> process = AffineProcess::of(reference);
  if (first == nullptr || last == nullptr || !process || has_circle(known.problem.grid))
    return known.remark(run.name,
                        "no closed form is known of a bridge unless both ends are one Gaussian, the process "
                        "is affine, and no axis is periodic");
  known.check_grid(run);
  const GaussianBridge bridge(*process, *first, *last, known.problem.start, known.problem.stop);
  const std::vector<double>& times = run.coordinate("t")->values;
  const ExactBridge exact(bridge, known.problem.grid, times);
  known.remark_on_walls(
      run.name, times, [&](std::size_t n) { return exact.mass_outside(n); }, "bridge lies outside the walls");
  std::vector<std::size_t> moments(times.size());
  std::iota(moments.begin(), moments.end(), 0);
  known.add(run, moments, exact);
}

}  // namespace umkehr
