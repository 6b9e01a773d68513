// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/tasks/figure_numbers/figure_numbers.hpp"

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

#include "experiments/tasks/figure_numbers/density_numbers.hpp"
#include "experiments/tasks/figure_numbers/method_pairs.hpp"
#include "experiments/tasks/figure_numbers/particle_numbers.hpp"
#include "experiments/tasks/figure_numbers/shown_tasks.hpp"
#include "experiments/tasks/shared/closed_forms.hpp"
#include "grids/quadrature.hpp"

namespace umkehr {
namespace {

bool has_fields(const ShownTask& shown, const std::string& variable) {
  const Variable* found = shown.run.find(variable);
  std::vector<std::string> dimensions = {"t"};
  for (const std::string& name : shown.grid().names()) dimensions.push_back(name);
  return found != nullptr && found->dimensions == dimensions;
}

/// Walls that absorb leave another law than that of the line.
bool has_absorbing_walls(const Grid& grid) {
  return std::any_of(grid.axes().begin(), grid.axes().end(),
                     [](const Axis& axis) { return axis.boundary == Boundary::absorbing; });
}

std::optional<ExactLaw> law_of(const ShownTask& shown) {
  if (!shown.task->forward || has_absorbing_walls(shown.grid())) return std::nullopt;
  return known_law(*shown.experiment, affine_process(*shown.experiment), *shown.task->forward).law;
}

double bridge_distance(const ShownTask& shown, const ShownTask& from) {
  double largest = 0;
  for (std::size_t n = 0; n < shown.run.coordinate("t")->values.size(); ++n)
    largest = std::max(largest, relative_l1(shown.read("density", n), from.read("density", n)));
  return largest;
}

bool is_path_integral(const ShownTask& shown) {
  return shown.note("method") == "path-integral";
}

class Numbers {
 public:
  Numbers(const std::vector<ShownTask>& shown, const IsWanted& is_wanted)
      : shown_(shown), is_wanted_(is_wanted) {}

  std::vector<Group> all() {
    for (const ShownTask& one : shown_) groups_.push_back(of_task(one));
    add_unkilled_distances();
    add_histograms();
    for (const char* solve : {"fokker-planck", "backward-kolmogorov", "hjb", "spectrum"}) add_pairs(solve);
    return std::move(groups_);
  }

 private:
  Group of_task(const ShownTask& shown) {
    Group out{shown.run.name, {}, {}, {}};
    if (!shown.index.empty()) out.attributes = shown.run.attributes;
    if (has_fields(shown, "density")) {
      check_grid(shown.grid(), shown.run);
      for (const std::string& name : shown.run.find("density")->dimensions)
        out.coordinates.push_back(*shown.run.coordinate(name));
      const std::optional<ExactLaw> law = law_of(shown);
      is_law_known_ = is_law_known_ || law.has_value();
      add_density_numbers(shown, law, is_wanted_, out);
    }
    shown.task->add_for_figures(*shown.experiment, shown.run, out);
    return out;
  }

  /// From the bridge without killing, else from the first one.
  void add_unkilled_distances() {
    const ShownTask* unkilled = nullptr;
    for (std::size_t n = 0; n < shown_.size(); ++n) {
      if (!is_bridge(n)) continue;
      const bool is_unkilled = groups_[n].attributes.at("is_killed") == "no";
      if (unkilled == nullptr || is_unkilled) unkilled = &shown_[n];
      if (is_unkilled) break;
    }
    const bool is_drawn = is_wanted_("killing");
    for (std::size_t n = 0; n < shown_.size(); ++n)
      if (is_bridge(n))
        groups_[n].variables.push_back(
            {"unkilled_distance",
             {},
             {is_drawn ? bridge_distance(shown_[n], *unkilled) : std::numeric_limits<double>::quiet_NaN()},
             "",
             ""});
  }

  void add_histograms() {
    const bool is_drawn = is_wanted_("histogram") || is_wanted_("first_passage");
    for (const ShownTask& one : shown_)
      if (std::optional<Group> group = histogram_group(one, shown_, is_drawn))
        groups_.push_back(std::move(*group));
  }

  bool is_bridge(std::size_t n) const {
    return groups_[n].attributes.contains("killing") && has_fields(shown_[n], "density");
  }

  /// Densities are held against the law itself, where it is known, but for series of path integrals.
  void add_pairs(const std::string& solve) {
    const std::string variable = solve == "fokker-planck" ? "density"
                                 : solve == "spectrum"    ? "eigenvalue"
                                                          : "value";
    const bool is_drawn = is_wanted_("difference") || is_wanted_("path_integral") || is_wanted_("spectrum");
    for (const MethodPair& pair : method_pairs(shown_, solve, variable)) {
      if (variable != "eigenvalue" && !has_fields(*pair.first, variable)) continue;
      if (variable == "density" && is_law_known_ && !is_path_integral(*pair.first)) continue;
      groups_.push_back(pair_group(pair, variable, is_drawn));
    }
  }

  const std::vector<ShownTask>& shown_;
  const IsWanted& is_wanted_;
  std::vector<Group> groups_;
  bool is_law_known_ = false;
};

}  // namespace

Result figure_numbers(const std::filesystem::path& file, const Result& outline, const Sweep& sweep,
                      const IsWanted& is_wanted) {
  const std::vector<ShownTask> shown = shown_tasks(file, outline, sweep);
  std::vector<Group> groups = Numbers(shown, is_wanted).all();
  for (Group& group : expectation_groups(file, outline, sweep)) groups.push_back(std::move(group));
  return {outline.title, outline.source, "", std::move(groups)};
}

}  // namespace umkehr
