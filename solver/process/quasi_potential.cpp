// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/process/quasi_potential.hpp"

#include <algorithm>
#include <cmath>

#include "grids/finite.hpp"
#include "grids/gauss_rule.hpp"
#include "grids/machine/team.hpp"

namespace umkehr {

namespace {

constexpr std::size_t sample_count = 256;
constexpr std::size_t block = 1024;

/// The grid's corners, then a sequence that fills it evenly: multiples of irrational numbers, modulo one.
Points samples_of(const Grid& region) {
  constexpr double steps[] = {0.8191725133961645, 0.6710436067037893,
                              0.5497004779019703};  // powers of 1/1.2207...
  Points x(region.dimension(), sample_count);
  for (std::size_t k = 0; k < region.dimension(); ++k)
    for (std::size_t i = 0; i < sample_count; ++i) {
      const double place = static_cast<double>(i) * steps[k];
      const double fraction = i < 8 ? static_cast<double>(i >> k & 1) : place - std::floor(place);
      x[k][i] = region.axis(k).from + fraction * region.axis(k).length();
    }
  return x;
}

/// Times at which a formula is compared with itself: most where schedules live, some far away.
std::vector<double> sample_times() {
  std::vector<double> times;
  for (int n = 0; n < 24; ++n) times.push_back(0.0131 + 0.0411 * n);
  for (int n = 0; n < 12; ++n) times.push_back(1.37 * std::pow(1.9, n));
  return times;
}

double largest(std::span<const double> values) {
  double value = 0;
  for (const double v : values) value = std::max(value, std::abs(v));
  return value;
}

std::vector<double> values_at(const Formula& formula, const Points& x, double t) {
  std::vector<double> values(x.count());
  formula(x, t, values);
  return values;
}

/// The first sample time at which all formulas are finite on the region.
std::optional<double> usable_time(const std::vector<Formula>& formulas, const Points& x) {
  for (const double t : sample_times())
    if (std::all_of(formulas.begin(), formulas.end(),
                    [&](const Formula& f) { return all_finite(values_at(f, x, t)); }))
      return t;
  return {};
}

/// Whether a formula that contains t has the same values at all times where it has any.
bool is_static(const Formula& formula, const Points& x, double t) {
  if (!formula.depends_on_time()) return true;
  if (!formula.conditions_in_time().empty()) return false;
  const std::vector<double> reference = values_at(formula, x, t);
  const double tolerance = 1e-12 * largest(reference);
  for (const double other : sample_times()) {
    const std::vector<double> values = values_at(formula, x, other);
    if (!all_finite(values)) continue;
    for (std::size_t i = 0; i < values.size(); ++i)
      if (!(std::abs(values[i] - reference[i]) <= tolerance)) return false;
  }
  return true;
}

/// d_j f_k = d_k f_j by exact derivatives, which jumps across other axes would escape.
bool is_gradient(const std::vector<Formula>& force, const Points& x, double t) {
  for (std::size_t j = 0; j < force.size(); ++j)
    for (std::size_t k = 0; k < j; ++k) {
      if (!force[k].is_smooth_along(j) || !force[j].is_smooth_along(k)) return false;
      const Formula left = force[k].derivative(j), right = force[j].derivative(k);
      if ((left - right).constant_value() == 0.0) continue;
      const std::vector<double> a = values_at(left, x, t), b = values_at(right, x, t);
      const double tolerance = 1e-12 * std::max(largest(a), largest(b));
      for (std::size_t i = 0; i < a.size(); ++i)
        if (!(std::abs(a[i] - b[i]) <= tolerance)) return false;
    }
  return true;
}

/// 2 U / D where it is exact.
std::optional<Formula> from_potential(const Process& process) {
  const Formula* potential = process.potential ? process.potential->formula() : nullptr;
  if (!potential || potential->depends_on_time()) return {};
  const std::optional<double> diffusion = process.diffusion[0].constant_value();
  if (!diffusion) return {};
  for (const Coefficient& other : process.diffusion)
    if (other.constant_value() != diffusion) return {};
  return Formula::constant(2 / *diffusion, 0) * *potential;
}

std::optional<std::vector<Formula>> forces(const Process& process) {
  std::vector<Formula> force;
  for (std::size_t k = 0; k < process.dimension(); ++k) {
    const Formula *drift = process.drift[k].formula(), *diffusion = process.diffusion[k].formula();
    if (!drift || !diffusion) return {};
    force.push_back(Formula::constant(2, 0) * (*drift / *diffusion));
  }
  return force;
}

}  // namespace

QuasiPotential::Rule QuasiPotential::composite_rule(unsigned points, unsigned panels) {
  Rule rule;
  const auto add = [&]<std::size_t n>(const GaussRule<n>& base, double left, double length) {
    for (std::size_t q = 0; q < n; ++q) {
      rule.node.push_back(left + 0.5 * length * (1 + base.node[outwards(n, q)]));
      rule.weight.push_back(0.5 * length * base.weight[outwards(n, q)]);
    }
  };
  for (unsigned p = 0; p < panels; ++p) {
    const double left = static_cast<double>(p) / panels, length = 1.0 / panels;
    if (points == 4)
      add(gauss_legendre<4>(), left, length);
    else if (points == 8)
      add(gauss_legendre<8>(), left, length);
    else
      add(gauss_legendre<16>(), left, length);
  }
  return rule;
}

std::optional<QuasiPotential> QuasiPotential::of(const Process& process, const Grid& region) {
  const Points samples = samples_of(region);
  QuasiPotential result;
  if ((result.exact_ = from_potential(process))) {
    if (all_finite(values_at(*result.exact_, samples, 0)) && result.is_periodic(region, samples))
      return result;
    return {};
  }
  std::optional<std::vector<Formula>> force = forces(process);
  if (!force) return {};
  const std::optional<double> time = usable_time(*force, samples);
  if (!time) return {};
  for (const Formula& component : *force)
    if (!is_static(component, samples, *time)) return {};
  if (!is_gradient(*force, samples, *time)) return {};
  result.force_ = std::move(*force);
  result.time_ = *time;
  for (const Axis& axis : region.axes()) result.centre_.push_back(axis.from + 0.5 * axis.length());
  if (!result.choose_rule(samples) || !result.is_periodic(region, samples)) return {};
  return result;
}

/// The first rule that the next one confirms at all samples.
bool QuasiPotential::choose_rule(const Points& samples) {
  std::vector<double> coarse(samples.count()), fine(samples.count());
  rule_ = composite_rule(4, 1);
  integrate(rule_, samples, coarse);
  for (const auto& [points, panels] :
       {std::pair{8U, 1U}, {16U, 1U}, {16U, 2U}, {16U, 4U}, {16U, 8U}, {16U, 16U}}) {
    const Rule finer = composite_rule(points, panels);
    integrate(finer, samples, fine);
    double change = 0;
    for (std::size_t i = 0; i < fine.size(); ++i) change = std::max(change, std::abs(fine[i] - coarse[i]));
    if (!all_finite(fine)) return false;
    if (change <= 1e-14 * largest(fine)) return true;
    rule_ = finer;
    coarse = fine;
  }
  return false;
}

/// Whether Phi is the same on both ends of every periodic axis.
bool QuasiPotential::is_periodic(const Grid& region, const Points& samples) const {
  for (std::size_t k = 0; k < region.dimension(); ++k) {
    if (region.axis(k).boundary != Boundary::periodic) continue;
    Points from = samples, to = samples;
    std::fill(from[k].begin(), from[k].end(), region.axis(k).from);
    std::fill(to[k].begin(), to[k].end(), region.axis(k).to);
    std::vector<double> left(samples.count()), right(samples.count()), inside(samples.count());
    (*this)(from, left);
    (*this)(to, right);
    (*this)(samples, inside);
    const auto [least, most] = std::minmax_element(inside.begin(), inside.end());
    for (std::size_t i = 0; i < left.size(); ++i)
      if (!(std::abs(left[i] - right[i]) <= 1e-12 * (*most - *least))) return false;
  }
  return true;
}

void QuasiPotential::integrate(const Rule& rule, const Points& x, std::span<double> out) const {
  const std::size_t d = x.dimension(), blocks = (x.count() + block - 1) / block;
  const double a_block = 20 * static_cast<double>(d * rule.node.size() * block);
  share(blocks, a_block, [&](std::size_t b) {
    const std::size_t first = b * block, count = std::min(block, x.count() - first);
    Points place(d, count);
    std::vector<double> force(count);
    std::fill_n(out.begin() + static_cast<std::ptrdiff_t>(first), count, 0.0);
    for (std::size_t q = 0; q < rule.node.size(); ++q) {
      for (std::size_t k = 0; k < d; ++k)
        for (std::size_t i = 0; i < count; ++i)
          place[k][i] = centre_[k] + rule.node[q] * (x[k][first + i] - centre_[k]);
      for (std::size_t k = 0; k < d; ++k) {
        force_[k](place, time_, force);
        for (std::size_t i = 0; i < count; ++i)
          out[first + i] -= rule.weight[q] * (x[k][first + i] - centre_[k]) * force[i];
      }
    }
  });
}

void QuasiPotential::operator()(const Points& x, std::span<double> out) const {
  if (exact_) return (*exact_)(x, 0, out);
  integrate(rule_, x, out);
}

}  // namespace umkehr
