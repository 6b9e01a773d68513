// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/tasks/figure_numbers/method_pairs.hpp"

#include <algorithm>
#include <cmath>
#include <complex>
#include <limits>

#include "grids/interpolation/cell_averages.hpp"
#include "grids/quadrature.hpp"

namespace umkehr {
namespace {

constexpr std::size_t all_pairs = 3;
constexpr const char* most_accurate_first[] = {
    "hermite", "log-transform", "fourier", "spectral", "finite-difference", "finite-volume", "path-integral"};

std::ptrdiff_t rank_of(const ShownTask& task) {
  return std::find(std::begin(most_accurate_first), std::end(most_accurate_first), task.note("method")) -
         std::begin(most_accurate_first);
}

bool is_one_problem(const ShownTask& a, const ShownTask& b, const std::string& variable) {
  if (a.note("terminal") != b.note("terminal")) return false;
  if (a.run.find(variable)->dimensions != b.run.find(variable)->dimensions) return false;
  for (const std::string& name : a.run.find(variable)->dimensions)
    if (a.run.coordinate(name)->values != b.run.coordinate(name)->values) return false;
  return true;
}

/// Finite volumes give the density as means over cells.
bool has_means(const ShownTask& shown) {
  return shown.task->forward && shown.task->forward->choices.method == Method::finite_volume;
}

/// Reads both fields of a pair at one time after the other.
class Difference {
 public:
  Difference(const MethodPair& pair, const std::string& variable)
      : pair_(pair), grid_(pair.first->grid()), variable_(variable) {}

  double of_fields(std::size_t n) const {
    const auto [a, b] = fields(n);
    return relative_l1(a, b);
  }

  double of_scores(std::size_t n) const {
    std::vector<double> weight, a, b;
    for (const Axis& axis : grid_.axes()) {
      append(pair_.second->read("density", n), weight);
      append(pair_.first->read("score_" + axis.name, n), a);
      append(pair_.second->read("score_" + axis.name, n), b);
    }
    return weighted_relative_l2(weight, a, b);
  }

  std::vector<double> at_first_time() const {
    auto [a, b] = fields(0);
    const double scale = norm_max(b);
    for (std::size_t i = 0; i < a.size(); ++i) a[i] = std::abs(a[i] - b[i]) / (scale > 0 ? scale : 1);
    return a;
  }

 private:
  static void append(const std::vector<double>& part, std::vector<double>& all) {
    all.insert(all.end(), part.begin(), part.end());
  }

  std::pair<std::vector<double>, std::vector<double>> fields(std::size_t n) const {
    std::vector<double> a = pair_.first->read(variable_, n), b = pair_.second->read(variable_, n);
    const bool a_is_mean = has_means(*pair_.first), b_is_mean = has_means(*pair_.second);
    if (a_is_mean && !b_is_mean) b = cell_averages(grid_, b);
    if (b_is_mean && !a_is_mean) a = cell_averages(grid_, a);
    return {std::move(a), std::move(b)};
  }

  const MethodPair& pair_;
  const Grid& grid_;
  const std::string& variable_;
};

bool have_scores(const MethodPair& pair) {
  const std::vector<Axis>& axes = pair.first->grid().axes();
  return std::all_of(axes.begin(), axes.end(), [&](const Axis& axis) {
    return pair.first->has("score_" + axis.name) && pair.second->has("score_" + axis.name);
  });
}

std::complex<double> eigenvalue(const ShownTask& task, std::size_t n) {
  const bool is_complex = task.has("eigenvalue_imaginary");
  return {task.read("eigenvalue", n)[0], is_complex ? task.read("eigenvalue_imaginary", n)[0] : 0.0};
}

std::vector<double> eigenvalue_differences(const MethodPair& pair) {
  const std::size_t count = pair.first->run.coordinate("index")->values.size();
  std::vector<std::complex<double>> best;
  for (std::size_t n = 0; n < count; ++n) best.push_back(eigenvalue(*pair.second, n));
  std::vector<double> differences;
  for (std::size_t n = 0; n < count; ++n) {
    const std::complex<double> own = eigenvalue(*pair.first, n);
    double nearest = std::numeric_limits<double>::infinity();
    for (const std::complex<double>& other : best) nearest = std::min(nearest, std::abs(own - other));
    differences.push_back(nearest);
  }
  return differences;
}

/// A variable of the figures; none of its values is known unless it is wanted.
template <class Evaluate>
void add(Group& group, const std::string& name, const std::string& dimension, bool is_wanted,
         const Evaluate& evaluate) {
  const std::size_t size = group.coordinate(dimension)->values.size();
  group.variables.push_back(
      {name,
       {dimension},
       is_wanted ? evaluate() : std::vector<double>(size, std::numeric_limits<double>::quiet_NaN()),
       "",
       ""});
}

template <class At>
std::vector<double> over(std::size_t count, const At& at) {
  std::vector<double> all(count);
  for (std::size_t n = 0; n < count; ++n) all[n] = at(n);
  return all;
}

}  // namespace

std::vector<MethodPair> method_pairs(const std::vector<ShownTask>& tasks, const std::string& solve,
                                     const std::string& variable) {
  std::vector<const ShownTask*> ranked;
  for (const ShownTask& task : tasks)
    if (task.note("solve") == solve && task.has(variable) && !task.run.coordinate("diffusion"))
      ranked.push_back(&task);  // spectra over several D are no pairs
  std::stable_sort(ranked.begin(), ranked.end(),
                   [](const ShownTask* a, const ShownTask* b) { return rank_of(*a) < rank_of(*b); });
  const std::size_t models = ranked.size() > all_pairs ? 1 : ranked.size();
  std::vector<MethodPair> pairs;
  for (std::size_t j = 0; j < models; ++j)
    for (std::size_t i = j + 1; i < ranked.size(); ++i)
      if (is_one_problem(*ranked[i], *ranked[j], variable)) pairs.push_back({ranked[i], ranked[j]});
  return pairs;
}

Group pair_group(const MethodPair& pair, const std::string& variable, bool is_wanted) {
  const std::vector<std::string>& dimensions = pair.first->run.find(variable)->dimensions;
  Group group{"pair " + pair.first->run.name + " " + pair.second->run.name,
              {},
              {},
              {{"first", pair.first->label}, {"second", pair.second->label}, {"of", variable}}};
  for (const std::string& name : dimensions) group.coordinates.push_back(*pair.first->run.coordinate(name));
  if (variable == "eigenvalue") {
    add(group, "difference", "index", is_wanted, [&] { return eigenvalue_differences(pair); });
    return group;
  }
  const Difference difference(pair, variable);
  const Grid& grid = pair.first->grid();
  const std::size_t times = group.coordinate("t")->values.size();
  add(group, "difference", "t", is_wanted,
      [&] { return over(times, [&](std::size_t n) { return difference.of_fields(n); }); });
  if (variable == "density" && have_scores(pair))
    add(group, "score_difference", "t", is_wanted,
        [&] { return over(times, [&](std::size_t n) { return difference.of_scores(n); }); });
  if (variable == "value" && grid.dimension() == 1)
    add(group, "first_difference", grid.axis(0).name, is_wanted, [&] { return difference.at_first_time(); });
  return group;
}

}  // namespace umkehr
