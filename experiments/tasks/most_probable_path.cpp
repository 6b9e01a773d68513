// SPDX-License-Identifier: GPL-3.0-or-later
// The task "most-probable-path" (2.11): the path between two points of least Onsager-Machlup action, and all local minima.
#include "solver/paths/most_probable_path.hpp"

#include "experiments/tasks/shared/closed_forms.hpp"
#include "experiments/tasks/shared/task_cost.hpp"
#include "experiments/tasks/shared/task_group.hpp"
#include "experiments/tasks/shared/task_reader.hpp"

namespace umkehr {
namespace {

/// One number an axis, within it.
std::vector<double> read_path_end(TaskReader& in, const char* key) {
  const std::vector<double> point = in.numbers(key, in.space().dimension());
  for (std::size_t k = 0; in.space().has_grid() && k < point.size(); ++k) {
    const Axis& axis = in.grid().axis(k);
    if (point[k] < axis.from || point[k] > axis.to)
      refuse(*in.section.find(key), key,
             "lies outside the axis " + axis.name + "; widen it or move the point");
  }
  return point;
}

class MostProbablePathTask final : public Task {
 public:
  explicit MostProbablePathTask(TaskReader& in)
      : from_(read_path_end(in, "from")), to_(read_path_end(in, "to")), points_(in.count("points")) {}

  TaskText text() const override { return {"newton", "", std::to_string(points_) + " points"}; }

  void check(const Problem& on) const override {
    check_most_probable_path(on.process, from_, to_, on.start, on.stop, choices(on));
  }

  TaskCost cost(const Problem& on) const override {
    const double d = axes_of(on);
    return {0, (d - 1) + 2e-3 * d * static_cast<double>(points_), std::to_string(points_) + " points"};
  }

  /// A band of a matrix of all coordinates of the path, on up to four times as many pieces, and a lattice.
  TaskMemory memory(const Problem& on) const override {
    constexpr double lattice = 3e7;
    const double coordinates = static_cast<double>(points_) * axes_of(on);
    return {lattice + 4 * coordinates * (6 * axes_of(on) + 40) * sizeof(double),
            20 * coordinates * sizeof(double)};
  }

  SolvedTask solve(const Problem& on, Replays&, const Progress&) const override {
    const auto [found, seconds] =
        timed([&] { return most_probable_path(on.process, from_, to_, on.start, on.stop, choices(on)); });
    TaskGroup group(*this, on.grid,
                    {{"method", "newton"},
                     {"iterations", std::to_string(found.iterations)},
                     {"pieces", std::to_string(found.pieces)},
                     {"minima", std::to_string(found.minima.size())}});
    group.add_coordinate({"t", found.path.times, "time t of the process"});
    for (std::size_t k = 0; k < on.grid.dimension(); ++k)
      group.add("path_" + on.grid.names()[k], {"t"}, found.path.x[k]);
    group.add_scalar("action", found.action.total());
    group.add_scalar("action_kinetic", found.action.kinetic);
    group.add_scalar("action_divergence", found.action.divergence);
    group.add_scalar("action_killing", found.action.killing);
    group.add_scalar("action_error", found.action_error);
    add_minima(on.grid, found, group);
    return group.solved(seconds, found.warnings);
  }

  std::vector<TaskExtent> extents() const override {
    return {{"number of points", {static_cast<double>(points_)}}};
  }

  void add_closed_form(const Group& run, ClosedForms& known) const override { known.none(run.name); }

  /// In the plane `potential`(x, y) at the first time, on a grid fine enough for its lines.
  void add_for_figures(const Problem& on, const Group&, Group& out) const override {
    constexpr std::size_t points = 321;
    if (!on.process.potential || !on.grid.has_grid() || on.grid.dimension() != 2) return;
    std::vector<Axis> axes = on.grid.axes();
    for (Axis& axis : axes) axis.points = points;
    const Grid fine(std::move(axes));
    std::vector<double> values(fine.size());
    (*on.process.potential)(fine.centres(), on.start, values);
    for (const Axis& axis : fine.axes()) out.coordinates.push_back({axis.name, axis.centres(), ""});
    out.variables.push_back({"potential", {fine.axis(0).name, fine.axis(1).name}, std::move(values), "", ""});
  }

 private:
  MostProbablePathChoices choices(const Problem& on) const {
    return {.points = points_ - 1, .grid = on.grid.grid_if_any()};
  }

  static void add_minima(const Space& grid, const MostProbablePath& found, TaskGroup& group) {
    Coordinate minimum{"minimum", {}, "number of the local minimum, the best first", {}, true};
    for (std::size_t n = 0; n < found.minima.size(); ++n) minimum.values.push_back(static_cast<double>(n));
    group.add_coordinate(std::move(minimum));
    group.add("minima_action", {"minimum"}, found.minima);
    for (std::size_t k = 0; k < grid.dimension(); ++k) {
      std::vector<double> all;
      for (const Path& path : found.minimum_paths) all.insert(all.end(), path.x[k].begin(), path.x[k].end());
      group.add("minima_" + grid.names()[k], {"minimum", "t"}, std::move(all));
    }
  }

  std::vector<double> from_, to_;  // at `start` and at `stop`, one number an axis
  std::size_t points_;             // of the path, in time
};

}  // namespace

TaskKind most_probable_path_task() {
  using enum TaskKey::Type;
  const std::string equation = "2.11";
  return {
      "most-probable-path",
      {{"from", numbers, "where the path starts, a list of one number an axis"},
       {"to", numbers, "where it ends, a list of one number an axis", "points"},
       {"points", count, "the number of times", "how many times", count_range(5, 100'000), usual_count(201)}},
      {{"path_*", "most probable *", equation},
       {"action", "Onsager-Machlup action of the path", equation},
       {"action_kinetic", "its part int |x' - F|^2 / (2 D)", equation},
       {"action_divergence", "its part int div F / 2", equation},
       {"action_killing", "its part int V", equation},
       {"action_error", "error of the action, estimated with twice and four times as many pieces", equation},
       {"minima_*", "* of each minimum", equation},
       {"minima_action", "action of each minimum", equation}},
      read_as<MostProbablePathTask>,
      true,
      false};
}

}  // namespace umkehr
