// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/tasks/shared/score_input.hpp"

#include <algorithm>
#include <cmath>

#include "experiments/input/grid_sample.hpp"
#include "experiments/output/dataset.hpp"
#include "experiments/output/disk/hdf5_read.hpp"
#include "experiments/output/result_file.hpp"
#include "experiments/text/short_number.hpp"
#include "grids/failure.hpp"
#include "solver/kolmogorov/narrow_feature.hpp"

namespace umkehr {
namespace {

/// Of one variable an axis: "g/score" stands for g/score_x, g/score_y, ..., in one dimension also for itself.
Dataset read_component(const std::filesystem::path& file, const std::string& variable,
                       const std::string& axis, std::size_t dimension, const ShapeCheck& check) {
  const std::string with_axis = variable + "_" + axis;
  if (dimension > 1) return read_dataset(file, with_axis, check);
  try {
    return read_dataset(file, variable, check);
  } catch (const ResultFileError&) {
    return read_dataset(file, with_axis, check);
  }
}

std::vector<double> read_score_axis(const std::filesystem::path& file, const std::string& group,
                                    const std::string& name, const TomlValue& variable) {
  constexpr std::size_t max_points = 1'000'000;
  const std::string path = group + name, where = "has in " + file.string() + " coordinates \"" + path + "\" ";
  const auto check_shape = [&](const std::vector<std::size_t>& shape) {
    if (shape.size() != 1 || shape[0] < 2 || shape[0] > max_points)
      refuse(variable, "variable",
             where + "of shape " + hdf5::shape_text(shape) + "; a list of 2 to " +
                 std::to_string(max_points) + " ascending numbers is needed");
  };
  std::vector<double> x = read_dataset(file, path, check_shape).values;
  for (std::size_t n = 0; n < x.size(); ++n) {
    const std::string place = where + "with [" + std::to_string(n) + "] = " + short_number(x[n]);
    if (!(std::abs(x[n]) <= 1e100)) refuse(variable, "variable", place + ", which is not finite");
    if (n > 0 && !(x[n - 1] < x[n]))
      refuse(variable, "variable",
             place + ", which is not above the " + short_number(x[n - 1]) + " before it; they must ascend");
  }
  return x;
}

/// The cells of a coordinate, periodic where the experiment's axis is and covers the same.
Axis axis_of(const std::vector<double>& centres, const Axis& own, const TomlValue& variable) {
  Axis axis = equal_cells(own.name, centres, variable, "variable");
  const double near = 1e-9 * own.length();
  if (std::abs(axis.from - own.from) < near && std::abs(axis.to - own.to) < near)
    axis.boundary = own.boundary;
  return axis;
}

TrialScore read_field_score(TomlValue& table, const TaskInput& input) {
  Section section(table, "score");
  if (!input.laws.grid.has_grid())
    refuse(table, "score", "lies on a grid, and this experiment has a [space] without cells; give formulas");
  const std::filesystem::path file =
      existing_file(section.require("field", "an HDF5 file that holds the score"), "field", input.laws);
  const TomlValue& name = section.require("variable", "the score in that file, such as \"model/score\"");
  const std::string variable = read_string(name, "variable");
  section.finish();
  const std::size_t slash = variable.rfind('/');
  const std::string group = slash == std::string::npos ? "" : variable.substr(0, slash + 1);
  const Grid& own = input.laws.grid;
  const std::vector<double> times = read_score_axis(file, group, "t", name);
  std::vector<Axis> axes;
  std::vector<std::size_t> shape = {times.size()};
  for (const Axis& axis : own.axes()) {
    axes.push_back(axis_of(read_score_axis(file, group, axis.name, name), axis, name));
    shape.push_back(axes.back().points);
  }
  const Grid grid(std::move(axes));
  std::vector<History> components;
  for (const Axis& axis : own.axes()) {
    const Dataset data = read_component(file, variable, axis.name, own.dimension(), [&](const auto& found) {
      if (found != shape)
        refuse(name, "variable",
               "has the shape " + hdf5::shape_text(found) +
                   "; its coordinates t and those of the axes have " + hdf5::shape_text(shape));
    });
    History component(times, grid.size());
    for (std::size_t n = 0; n < times.size(); ++n)
      std::copy_n(data.values.begin() + static_cast<std::ptrdiff_t>(n * grid.size()), grid.size(),
                  component[n].begin());
    for (std::size_t i = 0; i < data.values.size(); ++i)
      if (!std::isfinite(data.values[i]))
        refuse(name, "variable",
               "holds " + short_number(data.values[i]) + " at time " + std::to_string(i / grid.size()) +
                   ", cell " + std::to_string(i % grid.size()) + "; a score must be finite");
    components.push_back(std::move(component));
  }
  return TrialScore::of_field(grid, std::move(components));
}

/// One formula an axis; a lone one may stand without brackets in one dimension.
std::vector<const TomlValue*> written_formulas(const TomlValue& value, std::size_t dimension) {
  std::vector<const TomlValue*> formulas;
  if (!value.is(TomlValue::Kind::array))
    formulas.push_back(&value);
  else
    for (const TomlValue& element : value.elements) formulas.push_back(&element);
  if (formulas.size() != dimension)
    refuse(value, "score",
           "has " + std::to_string(formulas.size()) + " formulas; give one for each of the " +
               std::to_string(dimension) + " axes");
  return formulas;
}

/// One that names the exact score without depending on it, as in 0*score_x, does so too.
bool mentions_exact_score(const TomlValue& formula, const TaskInput& input) {
  try {
    input.laws.formulas.read(formula, "score");
    return false;
  } catch (const ExperimentError&) {
    return true;
  }
}

TrialScore read_formula_score(const TomlValue& value, const TaskInput& input) {
  const std::size_t d = input.laws.grid.dimension();
  std::vector<std::string> exact;
  for (const std::string& name : input.laws.grid.names()) exact.push_back("score_" + name);
  const FormulaInput extended = input.laws.formulas.with_axes(exact);
  const std::vector<const TomlValue*> written = written_formulas(value, d);
  std::vector<Coefficient> both, own;
  for (const TomlValue* formula : written) both.emplace_back(extended.read(*formula, "score"));
  for (const TomlValue* formula : written)
    if (mentions_exact_score(*formula, input)) return TrialScore::of_exact_score(std::move(both));
  for (const TomlValue* formula : written) own.emplace_back(input.laws.formulas.read(*formula, "score"));
  return TrialScore::of(std::move(own));
}

/// A pole between the centres makes the gap infinite, a peak there makes it wrong.
void refuse_narrow(const TomlValue& written, const Formula& score, const Grid& grid, double t) {
  try {
    require_wide_features(Coefficient(score * score), grid, t, "its square");
  } catch (const UnfitProblem& narrow) {
    refuse(written, "score", std::string("does not fit the grid: ") + narrow.what());
  }
}

/// Where it can be seen before the run: of formulas that do not hold the exact score.
void check_formulas(const TomlValue& value, double start, double stop, const TaskInput& input) {
  constexpr int looks = 5;
  for (const TomlValue* written : written_formulas(value, input.laws.grid.dimension())) {
    if (mentions_exact_score(*written, input)) continue;
    const Formula score = input.laws.formulas.read(*written, "score");
    for (int n = 0; n < looks; ++n) {
      const double t = start + (stop - start) * (n + 0.5) / looks;  // ends may be singular
      if (const auto point = extremes(score, t, input.laws.grid).where_not_finite)
        refuse(*written, "score",
               "is not finite at " + *point + ", t = " + short_number(t) +
                   "; it must be finite on the whole grid");
      refuse_narrow(*written, score, input.laws.grid, t);
    }
  }
}

std::string text_as_written(const TomlValue& value) {
  return value.is(TomlValue::Kind::string) ? value.string : quoted(value);
}

}  // namespace

WrittenScore read_score(TomlValue& value, const TaskInput& input) {
  if (value.is(TomlValue::Kind::table)) {
    TrialScore score = read_field_score(value, input);
    return {std::move(score), text_as_written(value.find("variable")->value)};
  }
  WrittenScore written{read_formula_score(value, input), ""};
  for (const TomlValue* formula : written_formulas(value, input.laws.grid.dimension()))
    written.text += (written.text.empty() ? "" : ", ") + text_as_written(*formula);
  return written;
}

void check_score(const WrittenScore& written, const TomlValue& value, double start, double stop,
                 const TaskInput& input) {
  if (!written.score.is_field() && input.laws.grid.has_grid()) check_formulas(value, start, stop, input);
  try {
    written.score.check_times(start, stop);
  } catch (const UnfitProblem& error) {
    refuse(value, "score", error.what());
  }
}

}  // namespace umkehr
