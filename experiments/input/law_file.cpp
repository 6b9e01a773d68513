// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>

#include "experiments/input/law_input.hpp"
#include "experiments/input/reading.hpp"
#include "experiments/input/samples/samples_file.hpp"
#include "experiments/output/dataset.hpp"
#include "experiments/output/disk/hdf5_read.hpp"
#include "experiments/output/result_file.hpp"
#include "experiments/text/nearest.hpp"
#include "experiments/text/short_number.hpp"
#include "grids/dense/dense_matrix.hpp"

namespace umkehr {
namespace {

constexpr std::size_t max_samples = 1'000'000;

/// What the array is, in the words of the key that names it.
struct SampleSource {
  const TomlValue& value;
  const char* key;
};

void check_shape(const SampleSource& source, std::vector<std::size_t> shape, std::size_t dimension) {
  const std::string read = hdf5::shape_text(shape);
  if (dimension == 1 && shape.size() == 1) shape.push_back(1);
  if (shape.size() == 2 && shape[1] == dimension && shape[0] >= 1 && shape[0] <= max_samples) return;
  refuse(source.value, source.key,
         "has the shape " + read + "; give one of shape (N, " + std::to_string(dimension) +
             ") with N from 1 to " + std::to_string(max_samples));
}

Samples read_array(Section& section, const std::filesystem::path& path, std::size_t dimension) {
  const TomlValue& file = *section.find("samples");
  const SamplesFormat format = samples_format(path);
  if (format != SamplesFormat::hdf5) {
    if (const TomlValue* dataset = section.find("dataset"))
      refuse(*dataset, "dataset",
             "names an array of an HDF5 file, but " + quoted(file) + " is one table; leave it out");
    return read_samples_file(path, format, [&](const auto& shape) {
      check_shape({file, "samples"}, shape, dimension);
    });
  }
  const TomlValue& name = section.with_default("dataset", TomlValue::of(std::string("x")));
  Dataset data = read_dataset(path, read_string(name, "dataset"), [&](const auto& shape) {
    check_shape({name, "dataset"}, shape, dimension);
  });
  return {std::move(data.shape), std::move(data.values), {}};
}

void check_finite_samples(const Samples& samples, Section& section) {
  const auto wrong = std::find_if(samples.values.begin(), samples.values.end(),
                                  [](double x) { return !(std::abs(x) <= 1e100); });
  if (wrong == samples.values.end()) return;
  const auto at = static_cast<std::size_t>(wrong - samples.values.begin());
  const bool has_name = section.has("dataset");
  const char* key = has_name ? "dataset" : "samples";
  refuse(*section.find(key), key,
         "holds " + short_number(*wrong) + " in " + samples.place(at) +
             (std::isfinite(*wrong) ? "; at most 1e100 in size" : "; samples must be finite"));
}

Samples read_finite_array(Section& section, const LawInput& input) {
  const std::filesystem::path path = existing_file(*section.find("samples"), "samples", input);
  Samples samples = read_array(section, path, input.grid.dimension());
  check_finite_samples(samples, section);
  return samples;
}

/// (N, d) in C order.
Points points_of(const std::vector<double>& values, std::size_t dimension) {
  Points points(dimension, values.size() / dimension);
  for (std::size_t i = 0; i < points.count(); ++i)
    for (std::size_t k = 0; k < dimension; ++k) points[k][i] = values[i * dimension + k];
  return points;
}

Points listed_points(const TomlValue& list, const std::string& key, std::size_t dimension) {
  std::vector<double> values;
  for (const TomlValue& point : read_list(list, key, 1, max_samples)) {
    const bool is_number = dimension == 1 && !point.is(TomlValue::Kind::array);
    const std::vector<double> numbers = is_number ? std::vector<double>{read_number(point, key, any_number)}
                                                  : read_numbers(point, key, dimension, any_number);
    values.insert(values.end(), numbers.begin(), numbers.end());
  }
  return points_of(values, dimension);
}

Eigen::MatrixXd covariance_of(const Samples& samples, Eigen::Index d) {
  const auto rows = static_cast<Eigen::Index>(samples.values.size()) / d;
  using Rows = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  const Eigen::Map<const Rows> x(samples.values.data(), rows, d);
  const Eigen::MatrixXd from_mean = x.rowwise() - x.colwise().mean();
  return from_mean.transpose() * from_mean / static_cast<double>(rows - 1);
}

/// The sample covariance times the square of a factor (Scott 1992; Silverman 1986, 4.3), as scipy.stats.gaussian_kde
/// has it: Scott N^(-1/(d+4)), Silverman (N (d+2)/4)^(-1/(d+4)).
Eigen::MatrixXd kernel_by_rule(const TomlValue& rule, const Samples& samples, std::size_t dimension) {
  const bool is_scott = read_choice(rule, "bandwidth", {"scott", "silverman"}) == "scott";
  const std::size_t count = samples.values.size() / dimension;
  if (count < 2) refuse(rule, "bandwidth", "needs two samples or more; give a number");
  const auto d = static_cast<double>(dimension), n = static_cast<double>(count);
  const double factor = std::pow(is_scott ? n : n * (d + 2) / 4, -1 / (d + 4));
  const Eigen::MatrixXd covariance = covariance_of(samples, static_cast<Eigen::Index>(dimension));
  const Eigen::VectorXd spread = symmetric_eigenvalues(covariance);
  double largest = 0;
  for (const double value : samples.values) largest = std::max(largest, std::abs(value));
  const double rounding = std::max(1e-14 * spread.maxCoeff(), 1e-24 * largest * largest);
  if (!covariance.allFinite() || !(spread.minCoeff() > rounding))
    refuse(rule, "bandwidth",
           "has nothing to go by: the samples do not spread in every direction; give a number");
  return factor * factor * covariance;
}

Eigen::MatrixXd kernel_of(const TomlValue& bandwidth, const Samples& samples, std::size_t dimension) {
  if (bandwidth.is(TomlValue::Kind::string)) return kernel_by_rule(bandwidth, samples, dimension);
  const double width = read_number(bandwidth, "bandwidth", {0, 1e100, true, true});
  const auto d = static_cast<Eigen::Index>(dimension);
  return width * width * Eigen::MatrixXd::Identity(d, d);
}

/// Each sample has a covariance of its own, of d^2 numbers.
void check_numbers(std::size_t count, std::size_t dimension, const TomlValue& file) {
  constexpr std::size_t max_numbers = std::size_t{1} << 28;
  const std::size_t most = max_numbers / (dimension * dimension);
  if (count > most)
    refuse(file, "samples",
           "has " + std::to_string(count) + " samples; at most " + std::to_string(most) + " in " +
               std::to_string(dimension) + " dimensions");
}

GaussianMixture mixture_of(const Samples& samples, std::size_t dimension, const Eigen::MatrixXd& covariance) {
  const auto d = static_cast<Eigen::Index>(dimension);
  const std::size_t count = samples.values.size() / dimension;
  std::vector<Gaussian> components(count);
  for (std::size_t n = 0; n < count; ++n)
    components[n] = {1.0 / static_cast<double>(count),
                     Eigen::Map<const Eigen::VectorXd>(samples.values.data() + n * dimension, d), covariance};
  return GaussianMixture(std::move(components));
}

void warn_of_points(std::size_t count, const TomlValue& file, const LawInput& input) {
  constexpr std::size_t few = 100;
  if (count > few)
    input.warnings.push_back(
        file.place.text() + ": samples: " + quoted(file) + " has " + std::to_string(count) +
        " samples and no `bandwidth`: the law is " + std::to_string(count) +
        " points, smoothed by the cells alone, so that densities at early times are spikes and "
        "scores lead back to the samples; bandwidth = \"scott\" makes it a smooth density, "
        "bandwidth = 0 keeps the points without this warning");
}

void warn_of_work(std::size_t count, const TomlValue& file, const LawInput& input) {
  if (!input.grid.has_grid()) return;
  const double pairs = static_cast<double>(count) * static_cast<double>(input.grid.size());
  if (pairs > 1e10)
    input.warnings.push_back(file.place.text() + ": samples: " + std::to_string(count) + " kernels on " +
                             std::to_string(input.grid.size()) + " cells are " + short_number(pairs) +
                             " exponentials for each density; fewer samples or points are faster");
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
  const std::vector<double>& saved = times.values;
  const auto distance = [&](double a) { return std::abs(a - time); };
  const auto nearest_time = std::min_element(saved.begin(), saved.end(),
                                             [&](double a, double b) { return distance(a) < distance(b); });
  if (distance(*nearest_time) <= 1e-9 * std::max(std::abs(time), 1e-3))
    return static_cast<std::size_t>(nearest_time - saved.begin());
  std::string list;
  for (std::size_t n = 0; n < std::min<std::size_t>(saved.size(), 20); ++n)
    list += (n > 0 ? ", " : "") + short_number(saved[n]);
  refuse(value, "time",
         "is not saved in that file; the nearest is " + short_number(*nearest_time) + ", saved are " + list +
             (saved.size() > 20 ? ", ... " + short_number(saved.back()) : ""));
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
  if (std::filesystem::is_regular_file(path, ignored)) {
    input.files.push_back(path);
    return path;
  }
  const bool exists = std::filesystem::exists(path, ignored);
  refuse(value, key,
         exists ? "is not a file but a folder, a pipe or a device"
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

Points read_points(TomlValue& value, const std::string& key, const LawInput& input) {
  if (value.is(TomlValue::Kind::array)) return listed_points(value, key, input.grid.dimension());
  if (value.is(TomlValue::Kind::string)) {
    TomlValue table;
    table.place = value.place;
    table.entries.push_back({"samples", value.place, value});
    return read_points(table, key, input);
  }
  Section section(value, key);
  section.require("samples", "a file of points");
  const Samples samples = read_finite_array(section, input);
  section.finish();
  return points_of(samples.values, input.grid.dimension());
}

Law read_samples(Section& section, const LawInput& input) {
  const TomlValue file = *section.find("samples");
  const std::size_t dimension = input.grid.dimension();
  const Samples samples = read_finite_array(section, input);
  const std::size_t count = samples.values.size() / dimension;
  check_numbers(count, dimension, file);
  if (!section.has("bandwidth")) warn_of_points(count, file, input);
  const TomlValue& bandwidth = section.with_default("bandwidth", TomlValue::of(0.0));
  const Eigen::MatrixXd kernel = kernel_of(bandwidth, samples, dimension);
  if (!kernel.isZero(0)) warn_of_work(count, file, input);
  return mixture_of(samples, dimension, kernel);
}

Law read_field(Section& section, const LawInput& input) {
  const std::filesystem::path path = existing_file(*section.find("field"), "field", input);
  const TomlValue name = section.require("variable", "a field of that file, such as \"forward/density\"");
  const TomlValue time = section.require("time", "one of that file's saved times");
  const Result result = read_outline(path);
  const Group* group = nullptr;
  const Variable& variable = find_variable(result, name, group);
  GriddedLaw law{grid_of(*group, variable, name, input), {}};
  const std::size_t n = index_of_time(*group->coordinate("t"), time);
  law.density = read_values_at(path, read_string(name, "variable"), {n});
  make_positive(law.density, name);
  return law;
}

}  // namespace umkehr
