// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/action/action.hpp"

#include <algorithm>

#include "grids/failure.hpp"
#include "grids/quadrature.hpp"
#include "solver/process/derivative.hpp"

namespace umkehr {
namespace {

using Values = std::vector<double>;

/// The fields of an action and their derivatives, at the centres of a grid.
class Sampled {
 public:
  Sampled(const Process& process, const ActionFields& fields, const Grid& grid)
      : process_(process),
        fields_(fields),
        grid_(grid),
        x_(grid.centres()),
        cost_rate_(time_derivative(fields.cost_to_go)),
        density_rate_(time_derivative(fields.density)) {
    const std::size_t d = grid.dimension();
    if (process.dimension() != d || process.diffusion.size() != d || fields.control.size() != d)
      throw UnfitProblem("process, control and grid differ in dimension");
    for (std::size_t k = 0; k < d; ++k) {
      divergence_.push_back(derivative(process.drift[k], k));
      divergence_.push_back(derivative(fields.control[k], k));
    }
    for (std::size_t k = 0; k < d; ++k) {
      cost_slope_.push_back(derivative(fields.cost_to_go, k));
      cost_curvature_.push_back(second_derivative(fields.cost_to_go, k));
      density_slope_.push_back(derivative(fields.density, k));
      density_curvature_.push_back(second_derivative(fields.density, k));
    }
  }

  Values at(const Coefficient& f, double t) const {
    Values out(grid_.size());
    f(x_, t, out);
    return out;
  }

  /// sum_k u_k^2/(2 D_k) + V
  Values running_cost(double t) const {
    Values cost = at(process_.killing, t);
    for (std::size_t k = 0; k < grid_.dimension(); ++k) {
      const Values u = at(fields_.control[k], t);
      const double diffusion = process_.diffusion[k](t);
      for (std::size_t i = 0; i < cost.size(); ++i) cost[i] += u[i] * u[i] / (2 * diffusion);
    }
    return cost;
  }

  /// (d_t + L_H) lambda
  Values backward(double t) const {
    Values out = at(cost_rate_, t);
    for (std::size_t k = 0; k < grid_.dimension(); ++k)
      add_transport(k, cost_slope_[k], cost_curvature_[k], t, process_.diffusion[k](t) / 2, out);
    return out;
  }

  /// (d_t - L_H^dagger) P
  Values forward(double t) const {
    Values out = at(density_rate_, t);
    const Values density = at(fields_.density, t);
    for (std::size_t k = 0; k < grid_.dimension(); ++k)
      add_transport(k, density_slope_[k], density_curvature_[k], t, -process_.diffusion[k](t) / 2, out);
    for (const Coefficient& divergence : divergence_) {
      const Values spread = at(divergence, t);
      for (std::size_t i = 0; i < out.size(); ++i) out[i] += spread[i] * density[i];
    }
    return out;
  }

  Values density(double t) const { return at(fields_.density, t); }
  Values cost_to_go(double t) const { return at(fields_.cost_to_go, t); }
  double integral(const Values& f, const Values& g) const {
    double sum = 0;
    for (std::size_t i = 0; i < f.size(); ++i) sum += f[i] * g[i];
    return sum * grid_.cell_volume();
  }

 private:
  /// out += (b_k + u_k) d_k f + half d_k^2 f
  void add_transport(std::size_t k, const Coefficient& slope, const Coefficient& curvature, double t,
                     double half, Values& out) const {
    const Values drift = at(process_.drift[k], t), control = at(fields_.control[k], t);
    const Values first = at(slope, t), second = at(curvature, t);
    for (std::size_t i = 0; i < out.size(); ++i)
      out[i] += (drift[i] + control[i]) * first[i] + half * second[i];
  }

  const Process& process_;
  const ActionFields& fields_;
  const Grid& grid_;
  Points x_;
  std::vector<Coefficient> divergence_, cost_slope_, cost_curvature_, density_slope_, density_curvature_;
  Coefficient cost_rate_, density_rate_;
};

}  // namespace

double action(const Process& process, const ActionFields& fields, const Grid& grid, double start, double stop,
              BoundarySign sign, const QuadratureChoices& choices) {
  const Sampled sampled(process, fields, grid);
  const auto paired = [&](double t) { return sampled.integral(sampled.density(t), sampled.cost_to_go(t)); };
  const auto rate = [&](double t) {
    Values cost = sampled.running_cost(t);
    const Values change = sampled.backward(t);
    for (std::size_t i = 0; i < cost.size(); ++i) cost[i] += change[i];
    return Values{sampled.integral(sampled.density(t), cost)};
  };
  const double ends = paired(start) - paired(stop);
  return (sign == BoundarySign::corrected ? ends : -ends) +
         integrate(rate, start, stop, choices).value.front();
}

double action_by_parts(const Process& process, const ActionFields& fields, const Grid& grid, double start,
                       double stop, const QuadratureChoices& choices) {
  const Sampled sampled(process, fields, grid);
  const auto rate = [&](double t) {
    return Values{sampled.integral(sampled.density(t), sampled.running_cost(t)) -
                  sampled.integral(sampled.cost_to_go(t), sampled.forward(t))};
  };
  return integrate(rate, start, stop, choices).value.front();
}

Stationarity stationarity(const Process& process, const ActionFields& fields, const Grid& grid, double t) {
  const Sampled sampled(process, fields, grid);
  Stationarity out{sampled.forward(t), sampled.running_cost(t), {}};
  for (double& value : out.forward) value = -value;
  const Values change = sampled.backward(t), density = sampled.density(t);
  for (std::size_t i = 0; i < change.size(); ++i) out.backward[i] += change[i];
  for (std::size_t k = 0; k < grid.dimension(); ++k) {
    Values control = sampled.at(fields.control[k], t);
    const Values slope = sampled.at(derivative(fields.cost_to_go, k), t);
    const double diffusion = process.diffusion[k](t);
    for (std::size_t i = 0; i < control.size(); ++i)
      control[i] = density[i] * (control[i] / diffusion + slope[i]);
    out.control.push_back(std::move(control));
  }
  return out;
}

double control_terms(std::span<const double> control, std::span<const double> diffusion,
                     std::span<const double> cost_slope) {
  double sum = 0;
  for (std::size_t k = 0; k < control.size(); ++k)
    sum += control[k] * (control[k] / (2 * diffusion[k]) + cost_slope[k]);
  return sum;
}

}  // namespace umkehr
