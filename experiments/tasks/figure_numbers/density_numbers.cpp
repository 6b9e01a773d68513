// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/tasks/figure_numbers/density_numbers.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "grids/quadrature.hpp"

namespace umkehr {
namespace {

using Values = std::vector<double>;

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

/// Sums over all other axes; what is not finite counts as nothing.
Values marginal(const Grid& grid, std::size_t axis, const Values& density) {
  Values sums(grid.axis(axis).points);
  for (std::size_t i = 0; i < density.size(); ++i)
    if (std::isfinite(density[i])) sums[i / grid.stride(axis) % sums.size()] += density[i];
  return sums;
}

struct Spread {
  double mean = unknown, variance = unknown;
};

Spread spread_along(const Grid& grid, std::size_t axis, const Values& density) {
  const Values weight = marginal(grid, axis, density), x = grid.axis(axis).centres();
  double total = 0, mean = 0, variance = 0;
  for (std::size_t i = 0; i < x.size(); ++i) total += weight[i], mean += weight[i] * x[i];
  if (!(total > 0)) return {};
  mean /= total;
  for (std::size_t i = 0; i < x.size(); ++i) variance += weight[i] * (x[i] - mean) * (x[i] - mean);
  return {mean, variance / total};
}

/// Fills one group from the fields of one task, time by time.
class Filling {
 public:
  Filling(const ShownTask& from, const IsWanted& is_wanted, Group& out)
      : from_(from),
        grid_(from.grid()),
        is_wanted_(is_wanted),
        times_(from.run.coordinate("t")->values),
        out_(out) {}

  void add_moments() const {
    std::vector<Spread> found(times_.size() * grid_.dimension());
    for (std::size_t n = 0; is_wanted_("moments") && n < times_.size(); ++n) {
      const Values density = from_.read("density", n);
      for (std::size_t k = 0; k < grid_.dimension(); ++k)
        found[n * grid_.dimension() + k] = spread_along(grid_, k, density);
    }
    add_spreads("", found);
  }

  void add_exact_moments(const ExactLaw& law) const {
    std::vector<Spread> exact(times_.size() * grid_.dimension());
    for (std::size_t n = 0; is_wanted_("moments") && n < times_.size(); ++n) {
      const GaussianMixture at_time = law.on_line_at(times_[n]);
      const Eigen::VectorXd mean = at_time.mean(), variance = at_time.covariance().diagonal();
      for (std::size_t k = 0; k < grid_.dimension(); ++k) {
        const auto row = static_cast<Eigen::Index>(k);
        exact[n * grid_.dimension() + k] = {mean[row], variance[row]};
      }
    }
    add_spreads("exact_", exact);
  }

  /// What becomes of the variance C of one Gaussian by (2.35) as it is printed: M^2 C + D/beta (1 - M^2), with the
  /// drift -beta x/2 and M = exp(-int beta/2).
  void add_printed_variance(const ExactLaw& law) const {
    const AffineProcess& process = law.process();
    if (grid_.dimension() != 1 || law.initial().components().size() != 1 || process.is_killed()) return;
    const double initial = law.initial().components().front().covariance(0, 0);
    const auto end_of = [&](double x, double t) {
      return process.transition(Eigen::VectorXd::Constant(1, x), law.start(), t).mean()[0];
    };
    Values printed;
    for (const double t : times_) {
      const double square = std::pow(end_of(1, t) - end_of(0, t), 2), beta = -2 * process.slope(t)(0, 0);
      printed.push_back(square * initial + process.diffusion(t)[0] / beta * (1 - square));
    }
    add("printed_variance", {"t"}, std::move(printed));
  }

  void add_log_density(const ExactLaw& law, const std::vector<LawSnapshot>& snapshots) const {
    if (grid_.dimension() != 1) return;
    Values rows(times_.size() * grid_.size(), unknown);
    for (const LawSnapshot& snapshot : snapshots) {
      if (!is_wanted_("tails")) break;
      const Values row = law.values_of("log_density", snapshot);
      std::copy(row.begin(), row.end(), rows.begin() + static_cast<std::ptrdiff_t>(snapshot.n * row.size()));
    }
    add("exact_log_density", {"t", grid_.axis(0).name}, std::move(rows));
  }

  void add_errors(const ExactLaw& law, const std::vector<LawSnapshot>& snapshots) const {
    Values density(times_.size(), unknown), score = density;
    for (const LawSnapshot& snapshot : snapshots) {
      if (!is_wanted_("error")) break;
      const Values exact = law.values_of("density", snapshot);
      density[snapshot.n] = relative_l1(from_.read("density", snapshot.n), exact);
      if (has_score()) score[snapshot.n] = score_error(law, snapshot, exact);
    }
    add("density_error", {"t"}, std::move(density));
    if (has_score()) add("score_error", {"t"}, std::move(score));
  }

 private:
  void add(const std::string& name, std::vector<std::string> dimensions, Values values) const {
    out_.variables.push_back({name, std::move(dimensions), std::move(values), "", ""});
  }

  /// A mean around a circle would depend on where it is cut.
  void add_spreads(const std::string& prefix, const std::vector<Spread>& all) const {
    for (std::size_t k = 0; k < grid_.dimension(); ++k) {
      if (grid_.axis(k).boundary == Boundary::periodic) continue;
      Values mean, variance;
      for (std::size_t n = 0; n < times_.size(); ++n) {
        mean.push_back(all[n * grid_.dimension() + k].mean);
        variance.push_back(all[n * grid_.dimension() + k].variance);
      }
      add(prefix + "mean_" + grid_.axis(k).name, {"t"}, std::move(mean));
      add(prefix + "variance_" + grid_.axis(k).name, {"t"}, std::move(variance));
    }
  }

  bool has_score() const {
    for (const Axis& axis : grid_.axes())
      if (!from_.has("score_" + axis.name)) return false;
    return true;
  }

  double score_error(const ExactLaw& law, const LawSnapshot& snapshot, const Values& density) const {
    Values weight, found, exact;
    const auto append = [](const Values& part, Values& all) {
      all.insert(all.end(), part.begin(), part.end());
    };
    for (const Axis& axis : grid_.axes()) {
      append(density, weight);
      append(from_.read("score_" + axis.name, snapshot.n), found);
      append(law.values_of("score_" + axis.name, snapshot), exact);
    }
    return weighted_relative_l2(weight, found, exact);
  }

  const ShownTask& from_;
  const Grid& grid_;
  const IsWanted& is_wanted_;
  const Values& times_;
  Group& out_;
};

}  // namespace

void add_density_numbers(const ShownTask& from, const std::optional<ExactLaw>& law, const IsWanted& is_wanted,
                         Group& out) {
  const Filling filling(from, is_wanted, out);
  filling.add_moments();
  if (!law) return;
  const std::vector<LawSnapshot> snapshots = law->at(from.run.coordinate("t")->values);
  filling.add_exact_moments(*law);
  filling.add_printed_variance(*law);
  filling.add_log_density(*law, snapshots);
  filling.add_errors(*law, snapshots);
}

}  // namespace umkehr
