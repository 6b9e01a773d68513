// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/tasks/figure_numbers/particle_numbers.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "experiments/output/result_file.hpp"
#include "experiments/output/swept.hpp"
#include "grids/failure.hpp"
#include "grids/interpolation/cell_averages.hpp"
#include "grids/quadrature.hpp"

namespace umkehr {
namespace {

constexpr double not_known = std::numeric_limits<double>::quiet_NaN();
constexpr double enough_particles = 100;  // expected in a cell
constexpr double same_law = 1e-12;        // relative L1 of the means over the cells

bool are_same(const Law& a, const Law& b, const Grid& grid) {
  std::vector<double> mean_a(grid.size()), mean_b(grid.size());
  try {
    cell_means(a, grid, mean_a);
    cell_means(b, grid, mean_b);
  } catch (const UnfitProblem&) {  // a law that is not on the grid
    return false;
  }
  return relative_l1(mean_a, mean_b) < same_law;
}

bool follows(const Task& particles, const Task& density, const Grid& grid) {
  return particles.followed && density.forward &&
         are_same(*particles.followed, density.forward->initial, grid);
}

const ShownTask* followed_by(const ShownTask& particles, const std::vector<ShownTask>& tasks) {
  for (const ShownTask& task : tasks)
    if (task.note("solve") == "fokker-planck" && task.has("density") &&
        task.experiment == particles.experiment && follows(*particles.task, *task.task, particles.grid()))
      return &task;
  return nullptr;
}

bool has_outflow(const ShownTask& particles, const ShownTask& density) {
  const Axis& axis = particles.grid().axis(0);
  return particles.has("first_passage") && density.has("mass") && particles.grid().dimension() == 1 &&
         axis.boundary == Boundary::absorbing && axis.points > 1 &&
         particles.experiment->process.killing.constant_value() == 0.0;
}

/// What leaves through a wall that absorbs, next to a cell of width h with this mean: a steady flux J under a drift f to the
/// wall leaves P(s) = J/f (1 - exp(-2 f s/D)) at a distance s from it.
double wall_flux(double drift, double diffusion, double width, double mean) {
  const double q = 2 * drift * width / diffusion;
  if (std::abs(q) < 1e-4) return diffusion / width * mean / (1 - q / 3);
  return drift * mean / (1 + std::expm1(-q) / q);
}

/// Rather than bins of its own.
bool has_cells_of_grid(const ShownTask& particles) {
  return particles.has("histogram") && particles.grid().has_grid() &&
         std::ranges::all_of(particles.grid().axes(), [&](const Axis& axis) {
           const Coordinate* cells = particles.run.coordinate(axis.name);
           return cells != nullptr && cells->values == axis.centres();
         });
}

/// Compares time by time.
class Comparison {
 public:
  Comparison(const ShownTask& particles, const ShownTask& density)
      : particles_(particles),
        density_(density),
        grid_(particles.grid()),
        times_(particles.run.coordinate("t")->values),
        count_(std::stod(particles.note("count"))) {}

  void add_cells(Group& out, bool is_wanted) const {
    std::vector<double> reference(times_.size() * grid_.size(), not_known), deviation = reference;
    for (std::size_t n = 0; is_wanted && n < times_.size(); ++n) {
      const std::vector<double> means = reference_at(n), own = deviation_at(n, means);
      const auto place = static_cast<std::ptrdiff_t>(n * grid_.size());
      std::copy(means.begin(), means.end(), reference.begin() + place);
      std::copy(own.begin(), own.end(), deviation.begin() + place);
    }
    std::vector<std::string> dimensions = {"t"};
    for (const Axis& axis : grid_.axes()) dimensions.push_back(axis.name);
    out.variables.push_back({"reference", dimensions, std::move(reference), "", ""});
    out.variables.push_back({"deviation", dimensions, std::move(deviation), "", ""});
  }

  void add_outflow(Group& out, bool is_wanted) const {
    std::vector<double> outflow(2 * times_.size(), not_known);
    std::array<double, 2> before{}, now{};
    for (std::size_t n = 0; is_wanted && n < times_.size(); ++n, before = now) {
      now = fluxes_at(n);
      const double lost = n == 0 ? 0 : density_.read("mass", n - 1)[0] - density_.read("mass", n)[0];
      const double all = before[0] + before[1] + now[0] + now[1];
      for (std::size_t wall = 0; wall < 2; ++wall)
        outflow[2 * n + wall] = all > 0 ? lost * (before[wall] + now[wall]) / all : 0;
    }
    out.variables.push_back({"outflow", {"t", "wall"}, std::move(outflow), "", ""});
  }

 private:
  std::vector<double> reference_at(std::size_t n) const {
    std::vector<double> density = density_.read("density", n);
    const bool are_means = density_.task->forward->choices.method == Method::finite_volume;
    return are_means ? density : cell_averages(grid_, density);
  }

  std::vector<double> deviation_at(std::size_t n, const std::vector<double>& reference) const {
    std::vector<double> found = particles_.read("histogram", n);
    const std::vector<double> error = particles_.read("histogram_error", n);
    for (std::size_t i = 0; i < found.size(); ++i) {
      const bool is_known = reference[i] * grid_.cell_volume() * count_ >= enough_particles && error[i] > 0;
      found[i] = is_known ? (found[i] - reference[i]) / error[i] : not_known;
    }
    return found;
  }

  /// Through the lower and the upper wall.
  std::array<double, 2> fluxes_at(std::size_t n) const {
    const std::vector<double> means = reference_at(n);
    const Axis& axis = grid_.axis(0);
    const Process& process = density_.experiment->process;
    const double t = times_[n], diffusion = process.diffusion[0](t);
    const auto out_of = [&](double wall, double outwards, double mean) {
      return wall_flux(outwards * process.drift[0](std::array{wall}, t), diffusion, axis.spacing(), mean);
    };
    return {out_of(axis.from, -1, means.front()), out_of(axis.to, 1, means.back())};
  }

  const ShownTask &particles_, &density_;
  const Grid& grid_;
  const std::vector<double>& times_;
  double count_;
};

/// Values of a variable in each run, at the last of its own first coordinate if it has one.
std::vector<double> last_values(const std::filesystem::path& file, const Group& group,
                                const std::string& name, const Sweep& sweep) {
  const std::size_t keys = sweep.keys.size();
  std::vector<double> all;
  for (std::size_t run = 0; run < sweep.experiments.size(); ++run) {
    std::vector<std::size_t> place;
    for (std::size_t k = 0; k < keys; ++k) place.push_back(index_of_value(sweep.keys, run, k));
    if (const Variable* found = group.find(name); found->dimensions.size() > keys)
      place.push_back(group.coordinate(found->dimensions[keys])->values.size() - 1);
    all.push_back(read_values_at(file, group.name + "/" + name, place).at(0));
  }
  return all;
}

bool is_payment_of(const Task& particles, const Group& paid, const Task& value, const Group& valued,
                   const Experiment& experiment) {
  const auto note = [](const Group& group, const std::string& name) {
    const auto found = group.attributes.find(name);
    return found == group.attributes.end() ? std::string() : found->second;
  };
  if (!valued.find("pairing") || note(valued, "terminal") != note(paid, "terminal")) return false;
  return std::any_of(experiment.tasks.begin(), experiment.tasks.end(), [&](const auto& task) {
    return task->name == value.of && follows(particles, *task, experiment.grid);
  });
}

Group expectation_group(const std::filesystem::path& file, const Group& paid, const Group& valued,
                        const Sweep& sweep, const std::vector<Coordinate>& keys) {
  Group out{"expected " + paid.name, keys, {}, {{"expected_of", paid.name}, {"reference_task", valued.name}}};
  std::vector<std::string> dimensions;
  for (const Coordinate& key : keys) dimensions.push_back(key.name);
  std::vector<double> expected = last_values(file, valued, "pairing", sweep),
                      deviation = last_values(file, paid, "value", sweep);
  for (std::size_t run = 0; run < expected.size(); ++run) deviation[run] -= expected[run];
  out.variables.push_back({"expected", dimensions, std::move(expected), "", ""});
  out.variables.push_back({"deviation", dimensions, std::move(deviation), "", ""});
  return out;
}

}  // namespace

std::optional<Group> histogram_group(const ShownTask& particles, const std::vector<ShownTask>& tasks,
                                     bool is_wanted) {
  const ShownTask* density = has_cells_of_grid(particles) ? followed_by(particles, tasks) : nullptr;
  if (density == nullptr) return std::nullopt;
  Group out{"histogram " + particles.run.name,
            {*particles.run.coordinate("t")},
            {},
            {{"particles", particles.label}, {"density", density->label}}};
  for (const Axis& axis : particles.grid().axes())
    out.coordinates.push_back(*particles.run.coordinate(axis.name));
  const Comparison comparison(particles, *density);
  comparison.add_cells(out, is_wanted);
  if (has_outflow(particles, *density)) {
    out.coordinates.push_back(*particles.run.coordinate("wall"));
    comparison.add_outflow(out, is_wanted);
  }
  return out;
}

std::vector<Group> expectation_groups(const std::filesystem::path& file, const Result& outline,
                                      const Sweep& sweep) {
  std::vector<Group> groups;
  const Experiment& first = sweep.experiments.front();
  for (const auto& particles : first.tasks) {
    const Group* paid = outline.find(particles->name);
    if (!paid || !paid->find("value") || !particles->followed) continue;
    for (const auto& value : first.tasks) {
      const Group* valued = outline.find(value->name);
      if (!valued || !is_payment_of(*particles, *paid, *value, *valued, first)) continue;
      groups.push_back(expectation_group(file, *paid, *valued, sweep, swept_keys(outline)));
      break;
    }
  }
  return groups;
}

}  // namespace umkehr
