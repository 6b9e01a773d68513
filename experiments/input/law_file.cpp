// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>

#include "experiments/input/law_input.hpp"
#include "experiments/input/nearest.hpp"
#include "experiments/input/reading.hpp"
#include "experiments/output/dataset.hpp"
#include "experiments/output/result_file.hpp"
#include "experiments/output/table.hpp"

namespace umkehr {
namespace {

constexpr std::size_t most_samples = 1'000'000;

[[noreturn]] void refuse_shape(const TomlValue& value, const Dataset& data, std::size_t dimension) {
  std::string shape;
  for (const std::size_t n : data.shape) shape += (shape.empty() ? "" : ", ") + std::to_string(n);
  refuse(value, "dataset",
         "has the shape (" + shape + "); give one of shape (N, " + std::to_string(dimension) +
             ") with N from 1 to " + std::to_string(most_samples));
}

GaussianMixture mixture_of(const Dataset& data, std::size_t dimension, double bandwidth) {
  const auto d = static_cast<Eigen::Index>(dimension);
  const Eigen::MatrixXd covariance = bandwidth * bandwidth * Eigen::MatrixXd::Identity(d, d);
  const std::size_t count = data.shape[0];
  std::vector<Gaussian> components(count);
  for (std::size_t n = 0; n < count; ++n)
    components[n] = {1.0 / static_cast<double>(count),
                     Eigen::Map<const Eigen::VectorXd>(data.values.data() + n * dimension, d), covariance};
  return GaussianMixture(std::move(components));
}

std::vector<std::string> names_of_variables(const Result& result) {
  std::vector<std::string> names;
  for (const Group& group : result.groups)
    for (const Variable& variable : group.variables)
      if (variable.dimensions.size() > 1) names.push_back(group.name + "/" + variable.name);
  return names;
}

const Variable& find_variable(const Result& result, const TomlValue& value, const Group*& group) {
  const std::string& path = read_string(value, "variable");
  const std::size_t slash = path.find('/');
  group = slash == std::string::npos ? nullptr : result.find(path.substr(0, slash));
  const Variable* variable = group ? group->find(path.substr(slash + 1)) : nullptr;
  const std::vector<std::string> names = names_of_variables(result);
  if (!variable || std::find(names.begin(), names.end(), path) == names.end())
    refuse(value, "variable", "is no field of that file; " + suggestion(path, names));
  return *variable;
}

Grid grid_of(const Group& group, const Variable& variable, const TomlValue& value, const LawInput& input) {
  std::vector<std::string> wanted = {"t"};
  for (const std::string& name : input.formulas.axes()) wanted.push_back(name);
  if (variable.dimensions != wanted)
    refuse(value, "variable", "has other axes than this experiment; it must depend on t and its axes");
  std::vector<Axis> axes;
  for (std::size_t k = 1; k < wanted.size(); ++k)
    axes.push_back(equal_cells(wanted[k], group.coordinate(wanted[k])->values, value, "variable"));
  return Grid(std::move(axes));
}

std::size_t index_of_time(const Coordinate& times, const TomlValue& value) {
  const double time = read_number(value, "time");
  std::string list;
  for (std::size_t n = 0; n < times.values.size(); ++n) {
    if (std::abs(times.values[n] - time) <= 1e-9 * std::max(std::abs(time), 1e-3)) return n;
    if (n < 20) list += (n > 0 ? ", " : "") + short_number(times.values[n]);
  }
  refuse(value, "time",
         "is not saved in that file; saved are " + list + (times.values.size() > 20 ? ", ..." : ""));
}

/// Cuts off the noise around zero that a spectral density carries.
void make_positive(std::vector<double>& density, const TomlValue& value) {
  const double largest = *std::max_element(density.begin(), density.end());
  for (double& p : density) {
    if (!std::isfinite(p) || p < -1e-10 * largest)
      refuse(value, "variable", "holds " + short_number(p) + "; a density must be finite and not negative");
    p = std::max(p, 0.0);
  }
  if (!(largest > 0))
    refuse(value, "variable", "vanishes at that time; a density must be positive somewhere");
}

}  // namespace

std::filesystem::path existing_file(const TomlValue& value, const std::string& key, const LawInput& input) {
  const std::filesystem::path path = input.directory / std::filesystem::path(read_string(value, key));
  std::error_code ignored;
  if (std::filesystem::is_regular_file(path, ignored)) return path;
  const bool exists = std::filesystem::exists(path, ignored);
  refuse(value, key,
         exists ? "is not a file; give an HDF5 file"
                : "does not exist; paths start from the experiment's folder");
}

Axis equal_cells(const std::string& name, const std::vector<double>& x, const TomlValue& value,
                 const std::string& key) {
  if (x.size() < 2) refuse(value, key, "has a single point along " + name + "; at least 2 are needed");
  const double spacing = (x.back() - x.front()) / static_cast<double>(x.size() - 1);
  for (std::size_t i = 0; i < x.size(); ++i)
    if (!(std::abs(x[i] - x.front() - spacing * static_cast<double>(i)) <
          1e-9 * std::abs(spacing) * static_cast<double>(x.size())))
      refuse(value, key, "has unequal cells along " + name + "; equal ones are needed");
  return {name, x.front() - spacing / 2, x.back() + spacing / 2, x.size(), Boundary::reflecting};
}

Law read_samples(Section& section, const LawInput& input) {
  const std::filesystem::path path = existing_file(*section.find("samples"), "samples", input);
  const TomlValue name = section.with_default("dataset", TomlValue::of(std::string("x")));
  const double bandwidth =
      read_number(section.with_default("bandwidth", TomlValue::of(0.0)), "bandwidth", {0, 1e100, true, true});
  Dataset data = read_dataset(path, read_string(name, "dataset"));
  const std::size_t dimension = input.grid.dimension();
  if (dimension == 1 && data.shape.size() == 1) data.shape.push_back(1);
  if (data.shape.size() != 2 || data.shape[1] != dimension || data.shape[0] < 1 ||
      data.shape[0] > most_samples)
    refuse_shape(name, data, dimension);
  const auto wrong =
      std::find_if(data.values.begin(), data.values.end(), [](double x) { return !(std::abs(x) <= 1e100); });
  if (wrong != data.values.end())
    refuse(name, "dataset", "holds " + short_number(*wrong) + "; samples must be finite");
  return mixture_of(data, dimension, bandwidth);
}

Law read_field(Section& section, const LawInput& input) {
  const std::filesystem::path path = existing_file(*section.find("field"), "field", input);
  const TomlValue name = section.require("variable", "a field of that file, such as \"forward/density\"");
  const TomlValue time = section.require("time", "one of that file's saved times");
  const Result result = read_result(path);
  const Group* group = nullptr;
  const Variable& variable = find_variable(result, name, group);
  GriddedLaw law{grid_of(*group, variable, name, input), {}};
  const std::size_t n = index_of_time(*group->coordinate("t"), time), size = law.grid.size();
  law.density.assign(variable.values.begin() + static_cast<std::ptrdiff_t>(n * size),
                     variable.values.begin() + static_cast<std::ptrdiff_t>((n + 1) * size));
  make_positive(law.density, name);
  return law;
}

}  // namespace umkehr
