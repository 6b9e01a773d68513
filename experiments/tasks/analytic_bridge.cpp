// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>
#include <optional>

#include "experiments/output/result_file.hpp"
#include "experiments/tasks/analytic_pair.hpp"
#include "experiments/text/short_number.hpp"
#include "solver/bridge/gaussian_bridge.hpp"
#include "solver/law/circle.hpp"

namespace umkehr {
namespace {

/// The closed form of a run's variables; nothing for one that it does not know.
class ExactBridge {
 public:
  ExactBridge(const GaussianBridge& bridge, const Grid& grid)
      : bridge_(bridge), grid_(grid), centres_(grid.centres()) {}

  std::optional<Variable> of(const Variable& variable, const std::vector<double>& times) const {
    Variable exact = variable;
    if (variable.name == "kl" || variable.name == "action") {
      exact.values = {bridge_.divergence()};
    } else if (variable.name == "coupling") {
      exact.values = coupling();
    } else {
      exact.values.clear();
      for (const double t : times) {
        const std::vector<double> field = field_of(variable.name, t);
        if (field.empty()) return std::nullopt;
        exact.values.insert(exact.values.end(), field.begin(), field.end());
      }
    }
    return exact;
  }

 private:
  std::vector<double> field_of(const std::string& name, double t) const {
    std::vector<double> values(grid_.size());
    if (name == "density") return GaussianMixture({bridge_.density(t)}).density(centres_, values), values;
    if (name == "log_chi") return bridge_.log_chi(t).values(centres_, values), values;
    if (name == "log_chi_hat") return bridge_.log_chi_hat(t).values(centres_, values), values;
    for (std::size_t k = 0; k < grid_.dimension(); ++k)
      if (name == "control_" + grid_.axis(k).name) return control(k, t);
    return {};
  }

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
};

/// The one Gaussian that a law is, if it is.
const Gaussian* gaussian(const Law& law) {
  const auto* mixture = std::get_if<GaussianMixture>(&law);
  const bool is_one = mixture != nullptr && mixture->components().size() == 1 && !mixture->is_singular();
  return is_one ? &mixture->components().front() : nullptr;
}

void remark_on_bridge_walls(const std::string& name, const GaussianBridge& bridge, const Grid& grid,
                            const std::vector<double>& times, AnalyticPair& pair) {
  double most = 0, when = 0;
  std::vector<double> means(grid.size());
  for (const double t : times) {
    GaussianMixture({bridge.density(t)}).cell_means(grid, means);
    double inside = 0;
    for (const double mean : means) inside += mean * grid.cell_volume();
    if (1 - inside <= most) continue;
    most = 1 - inside;
    when = t;
  }
  if (most > 1e-12)
    pair.remarks.push_back(
        name + ": at t = " + short_number(when) + " " + error_number(most) +
        " of the exact bridge lies outside the walls; widen the axes if that is not small beside "
        "the errors");
}

}  // namespace

void add_bridge(const Experiment& experiment, const SchroedingerBridgeTask& task, const Group& group,
                AnalyticPair& pair) {
  const Gaussian *initial = gaussian(task.initial), *final = gaussian(task.final);
  const std::optional<AffineProcess> process = AffineProcess::of(task.reference);
  if (initial == nullptr || final == nullptr || !process || has_circle(experiment.grid)) {
    pair.remarks.push_back(group.name +
                           ": no closed form is known of a bridge unless both ends are one Gaussian, " +
                           "the process is affine, and no axis is periodic");
    return;
  }
  check_grid(experiment.grid, group);
  const GaussianBridge bridge(*process, *initial, *final, experiment.start, experiment.stop);
  const ExactBridge exact(bridge, experiment.grid);
  remark_on_bridge_walls(group.name, bridge, experiment.grid, group.coordinate("t")->values, pair);
  Group run{group.name, group.coordinates, {}, group.attributes}, law = run;
  for (const Variable& variable : group.variables) {
    const bool is_field = !variable.dimensions.empty() && variable.dimensions[0] == "t";
    if (!is_field && variable.name != "coupling" && variable.name != "kl" && variable.name != "action")
      continue;
    std::optional<Variable> values = exact.of(variable, group.coordinate("t")->values);
    if (!values) continue;
    if (values->values.size() != variable.values.size())
      throw ResultFileError(group.name + "/" + variable.name +
                            " does not lie on the grid of the file's own experiment");
    run.variables.push_back(variable);
    law.variables.push_back(std::move(*values));
  }
  pair.run.groups.push_back(std::move(run));
  pair.law.groups.push_back(std::move(law));
}

}  // namespace umkehr
