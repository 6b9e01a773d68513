// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/particles/ensemble.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <sstream>

#include "grids/failure.hpp"
#include "grids/machine/lanes.hpp"
#include "grids/machine/team.hpp"
#include "solver/particles/branching.hpp"
#include "solver/particles/brownian_path.hpp"

namespace umkehr {
namespace {

constexpr std::size_t max_groups = 128;
constexpr std::size_t lanes_of_sums = 32;         // particles i and i + 32 of a group share an accumulator
constexpr std::size_t groups_at_once = 16;        // between looks at the progress
constexpr std::uint32_t first_stream = 1u << 20;  // of what is not an increment
constexpr double max_place = 1e150;
constexpr double a_particle_step = 3;  // nanoseconds, at least

struct Range {
  std::uint64_t first, last;
};

/// Groups of equal size, but for the last; whole batches of pairs where there are enough.
std::vector<Range> groups_of(const EnsembleChoices& choices) {
  const std::uint64_t count = choices.count;
  std::uint64_t size = (count + max_groups - 1) / max_groups;
  const std::uint64_t unit = size >= 64 ? 64 : choices.antithetic ? 2 : 1;
  size = (size + unit - 1) / unit * unit;
  std::vector<Range> groups;
  for (std::uint64_t first = 0; first < count; first += size)
    groups.push_back({choices.first + first, choices.first + std::min(count, first + size)});
  return groups;
}

/// One group's sums, each spread over accumulators by the particle's place in the group, so that blocks do not matter.
class Accumulators {
 public:
  explicit Accumulators(std::size_t columns) : values_(columns * lanes_of_sums) {}

  void add(std::size_t column, std::span<const double> weight, const double* factor) {
    double* sums = &values_[column * lanes_of_sums];
    for (std::size_t i = 0; i < weight.size(); i += lanes_of_sums)
      for (std::size_t l = 0; l < lanes_of_sums; ++l) sums[l] += weight[i + l] * factor[i + l];
  }
  void add(std::size_t column, double value) { values_[column * lanes_of_sums] += value; }

  void totals(std::span<double> out) const {
    for (std::size_t c = 0; c < out.size(); ++c) {
      std::array<double, lanes_of_sums> part;
      std::copy_n(&values_[c * lanes_of_sums], lanes_of_sums, part.begin());
      for (std::size_t width = lanes_of_sums / 2; width > 0; width /= 2)
        for (std::size_t l = 0; l < width; ++l) part[l] += part[l + width];
      out[c] = part[0];
    }
  }

 private:
  std::vector<double> values_;
};

/// What a group leaves in the bins at each saved time.
struct BinSums {
  History weight, square;
};

/// A block of particles on their way, padded to whole batches by particles of weight zero.
class Block {
 public:
  Block(const EnsembleProblem& problem, const ParticleScheme& scheme, const EnsembleChoices& choices,
        const EnsembleSums& layout, Range range)
      : problem_(problem),
        scheme_(scheme),
        choices_(choices),
        layout_(layout),
        path_(BrownianSource(choices.seed, choices.purpose),
              {scheme.uses_area(), choices.antithetic, choices.refinement}),
        first_(range.first),
        count_(range.last - range.first),
        padded_((count_ + lanes_of_sums - 1) / lanes_of_sums * lanes_of_sums),
        d_(problem.motion.dimension),
        x_(d_, padded_),
        before_(d_, padded_),
        space_(d_, padded_),
        noise_(d_),
        weight_(padded_),
        rate_(padded_),
        next_rate_(padded_),
        cost_(padded_),
        running_(padded_),
        next_running_(padded_),
        one_(padded_, 1),
        functions_(problem.functions.count, std::vector<double>(padded_)),
        leaving_(nothing_left(problem.walls, padded_)),
        absorbs_(std::ranges::any_of(leaving_, [](const auto& wall) { return !wall[0].empty(); })) {
    increments_.noise.assign(d_, std::vector<double>(padded_));
    if (scheme.uses_area()) increments_.area = increments_.noise;
    std::fill_n(weight_.begin(), count_, 1.0);
  }

  void run(Accumulators& sums, BinSums& bins, EnsembleRun& out) {
    begin();
    std::size_t saved = 0;
    for (std::size_t n = 0;; ++n) {
      while (saved < problem_.saved.size() && problem_.saved[saved] == n) save(saved++, sums, bins, out);
      if (saved == problem_.saved.size()) return;
      step(n);
    }
  }
  std::size_t resampled() const { return resampled_; }

 private:
  void begin() {
    Points uniforms(problem_.start.uniforms, padded_), normals(problem_.start.normals, padded_);
    for (std::size_t k = 0; k < uniforms.dimension(); ++k)
      path_.uniforms(first_, 0, first_stream + static_cast<std::uint32_t>(k), uniforms[k]);
    for (std::size_t k = 0; k < normals.dimension(); ++k)
      path_.normals(first_, 0, first_stream + static_cast<std::uint32_t>(k), normals[k]);
    problem_.start.draw(uniforms, normals, x_);
    put_inside(problem_.walls, x_, weight_);
    const double t = problem_.steps.front();
    if (problem_.killing) problem_.killing(x_, t, rate_);
    if (problem_.running) problem_.running(x_, t, running_);
  }

  void step(std::size_t n) {
    const double t = problem_.steps[n], h = problem_.steps[n + 1] - t;
    path_.increments(first_, static_cast<std::uint32_t>(n), h, increments_);
    if (absorbs_) before_ = x_;
    scheme_.step(problem_.motion, t, h, n, increments_, x_, space_);
    check(problem_.steps[n + 1]);
    meet(t, h);
    kill(t, h);
    pay(t, h);
    if (choices_.branches && problem_.killing)
      resampled_ += branch(path_, first_, static_cast<std::uint32_t>(n), first_stream + (1u << 16), count_,
                           x_, weight_, {&rate_, &running_, &cost_});
  }

  void check(double t) const {
    for (std::size_t k = 0; k < d_; ++k)
      if (!are_finite(x_[k])) refuse(t);
  }

  static bool are_finite(std::span<const double> x) {
    lanes::Mask all = lanes::broadcast(0) == 0.0;
    for (std::size_t i = 0; i < x.size(); i += lanes::width)
      all &= lanes::abs(lanes::load(&x[i])) <= max_place;
    bool each = true;
    for (std::size_t i = 0; i < lanes::width; ++i) each = each && all[i] != 0;
    return each;
  }

  [[noreturn]] static void refuse(double t) {
    std::ostringstream text;
    text << "a particle's place is no longer finite at t = " << t
         << ": the drift is too steep for steps of this length, or drives particles to infinity; take a "
            "smaller `dt`";
    throw NumericalFailure(text.str());
  }

  void meet(double t, double h) {
    if (problem_.walls.empty()) return;
    if (absorbs_) problem_.motion.diffusion(t + h / 2, noise_);
    for (double& noise : noise_) noise *= h;
    meet_walls(problem_.walls, before_, noise_, x_, weight_, leaving_);
  }

  /// w exp(-int V) by the trapezoidal rule.
  void kill(double t, double h) {
    if (!problem_.killing) return;
    problem_.killing(x_, t + h, next_rate_);
    for (std::size_t i = 0; i < padded_; ++i) weight_[i] *= std::exp(-h / 2 * (rate_[i] + next_rate_[i]));
    std::swap(rate_, next_rate_);
  }

  void pay(double t, double h) {
    if (!problem_.running) return;
    problem_.running(x_, t + h, next_running_);
    for (std::size_t i = 0; i < padded_; ++i) cost_[i] += h / 2 * (running_[i] + next_running_[i]);
    std::swap(running_, next_running_);
  }

  void save(std::size_t time, Accumulators& sums, BinSums& bins, EnsembleRun& out) {
    const double t = problem_.steps[problem_.saved[time]];
    sums.add(layout_.count(time), static_cast<double>(count_));
    sums.add(layout_.weight(time), weight_, one_.data());
    sums.add(layout_.square(time), weight_, weight_.data());
    if (problem_.running) sums.add(layout_.running(time), weight_, cost_.data());
    if (problem_.functions.count > 0) problem_.functions.evaluate(x_, t, functions_);
    for (std::size_t j = 0; j < functions_.size(); ++j)
      sums.add(layout_.function(time, j), weight_, functions_[j].data());
    for (std::size_t wall = 0; wall < layout_.walls; ++wall)
      if (const std::vector<double>& left = leaving_[wall / 2][wall % 2]; !left.empty())
        sums.add(layout_.left(time, wall), left, one_.data());
    if (!problem_.bins.empty()) bin(time, bins);
    keep(time, out);
  }

  void bin(std::size_t time, BinSums& bins) const {
    const Grid& grid = problem_.bins.front();
    for (std::size_t i = 0; i < count_; ++i) {
      std::size_t cell = 0;
      bool inside = true;
      for (std::size_t k = 0; k < grid.dimension(); ++k) {
        const Axis& axis = grid.axis(k);
        const double place =
            (x_[problem_.binned.empty() ? k : problem_.binned[k]][i] - axis.from) / axis.spacing();
        inside = inside && place >= 0 && place < static_cast<double>(axis.points);
        if (inside) cell += static_cast<std::size_t>(place) * grid.stride(k);
      }
      if (!inside) continue;
      bins.weight[time][cell] += weight_[i];
      bins.square[time][cell] += weight_[i] * weight_[i];
    }
  }

  void keep(std::size_t time, EnsembleRun& out) const {
    const std::uint64_t before = first_ - choices_.first;
    for (std::size_t i = 0; i < count_ && before + i < choices_.keep; ++i) {
      for (std::size_t k = 0; k < d_; ++k) out.kept[time][k][before + i] = x_[k][i];
      out.kept_weight[time][before + i] = weight_[i];
    }
  }

  const EnsembleProblem& problem_;
  const ParticleScheme& scheme_;
  const EnsembleChoices& choices_;
  const EnsembleSums& layout_;
  BrownianPath path_;
  std::uint64_t first_;
  std::size_t count_, padded_, d_;
  Points x_, before_;
  Increments increments_;
  StepSpace space_;
  std::vector<double> noise_, weight_, rate_, next_rate_, cost_, running_, next_running_, one_;
  Components functions_;
  Leaving leaving_;
  bool absorbs_;
  std::size_t resampled_ = 0;
};

class EnsembleRunner {
 public:
  EnsembleRunner(const EnsembleProblem& problem, const ParticleScheme& scheme, const EnsembleChoices& choices)
      : problem_(problem), scheme_(scheme), choices_(choices), groups_(groups_of(choices)) {
    for (const std::size_t n : problem.saved) run_.times.push_back(problem.steps[n]);
    run_.sums.functions = problem.functions.count;
    run_.sums.walls = 2 * problem.walls.size();
    run_.sums.sums = GroupedSums(groups_.size(), run_.sums.row() * problem.saved.size());
    const std::size_t kept = std::min(choices.keep, choices.count);
    run_.kept.assign(problem.saved.size(), Points(problem.motion.dimension, kept));
    run_.kept_weight.assign(problem.saved.size(), std::vector<double>(kept));
    run_.bin_weight = run_.bin_square = no_bins();
  }

  EnsembleRun solve(const Progress& progress) {
    for (std::size_t first = 0; first < groups_.size(); first += groups_at_once) {
      const std::size_t last = std::min(first + groups_at_once, groups_.size());
      std::vector<BinSums> bins(last - first);
      std::vector<std::size_t> resampled(last - first);
      const double particles = static_cast<double>(groups_[first].last - groups_[first].first);
      share(last - first, particles * static_cast<double>(problem_.steps.size()) * a_particle_step,
            [&](std::size_t n) { resampled[n] = run_group(first + n, bins[n]); });
      for (std::size_t n = 0; n < bins.size(); ++n) {
        run_.resampled += resampled[n];
        add(bins[n].weight, run_.bin_weight);
        add(bins[n].square, run_.bin_square);
      }
      if (progress) progress(static_cast<double>(last) / static_cast<double>(groups_.size()));
    }
    require_survivors();
    return std::move(run_);
  }

 private:
  History no_bins() const {
    return problem_.bins.empty() ? History() : History(run_.times, problem_.bins.front().size());
  }

  static void add(const History& part, History& all) {
    for (std::size_t n = 0; n < part.times().size(); ++n)
      for (std::size_t i = 0; i < part.size(); ++i) all[n][i] += part[n][i];
  }

  std::size_t run_group(std::size_t group, BinSums& bins) {
    bins = {no_bins(), no_bins()};
    Accumulators sums(run_.sums.row() * run_.times.size());
    std::size_t resampled = 0;
    const auto [first, last] = groups_[group];
    for (std::uint64_t from = first; from < last; from += choices_.block) {
      Block block(problem_, scheme_, choices_, run_.sums, {from, std::min(last, from + choices_.block)});
      block.run(sums, bins, run_);
      resampled += block.resampled();
    }
    sums.totals(run_.sums.sums[group]);
    return resampled;
  }

  void require_survivors() const {
    for (std::size_t n = 0; n < run_.times.size(); ++n) {
      const std::vector<double> weight = run_.sums.sums.total(run_.sums.weight(n), 1);
      if (weight[0] > 0 && std::isfinite(weight[0])) continue;
      std::ostringstream text;
      text << (weight[0] > 0 ? "the weights of the particles overflow" : "no particle is left")
           << " at t = " << run_.times[n]
           << "; take more particles, `kill = \"branch\"`, or an earlier `stop`";
      throw NumericalFailure(text.str());
    }
  }

  const EnsembleProblem& problem_;
  const ParticleScheme& scheme_;
  const EnsembleChoices& choices_;
  std::vector<Range> groups_;
  EnsembleRun run_;
};

}  // namespace

EnsembleRun run_ensemble(const EnsembleProblem& problem, const ParticleScheme& scheme,
                         const EnsembleChoices& choices, const Progress& progress) {
  if (choices.block == 0 || choices.block % 64 != 0)
    throw UnfitProblem("a block of particles is a multiple of 64");
  return EnsembleRunner(problem, scheme, choices).solve(progress);
}

}  // namespace umkehr
