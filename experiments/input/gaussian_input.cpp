// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/input/gaussian_input.hpp"

#include "experiments/text/short_number.hpp"
#include "experiments/text/table.hpp"
#include "grids/dense/dense_matrix.hpp"

namespace umkehr {
namespace {

constexpr std::size_t max_components = 100'000;
constexpr char of_a_delta[] = " (for a delta, give { point = [...] })";

void check_positive_definite(const TomlValue& value, const char* key, const Eigen::MatrixXd& matrix) {
  const Eigen::VectorXd spread = symmetric_eigenvalues(matrix);
  if (!(spread.minCoeff() > 1e-14 * spread.maxCoeff()))
    refuse(value, key,
           "is not positive definite; its smallest eigenvalue is " + short_number(spread.minCoeff()) +
               of_a_delta);
}

Eigen::MatrixXd read_covariance(const TomlValue& value, std::size_t dimension) {
  const auto d = static_cast<Eigen::Index>(dimension);
  Eigen::MatrixXd matrix(d, d);
  Eigen::Index row = 0;
  for (const TomlValue& numbers : read_list(value, "covariance", dimension, dimension))
    matrix.row(row++) = read_vector(numbers, "covariance", dimension);
  if ((matrix - matrix.transpose()).cwiseAbs().maxCoeff() > 1e-12 * matrix.cwiseAbs().maxCoeff())
    refuse(value, "covariance", "is not symmetric; make entries (k, l) and (l, k) equal");
  check_positive_definite(value, "covariance", matrix);
  return 0.5 * (matrix + matrix.transpose());
}

double read_variance_of_axis(const TomlValue& value) {
  const double variance = read_number(value, "variance", {0, any_positive.high, true, true});
  if (variance == 0)
    refuse(value, "variance", std::string("is no width; give a number above 0") + of_a_delta);
  return variance;
}

Eigen::MatrixXd read_variance(const TomlValue& value, std::size_t dimension) {
  const auto d = static_cast<Eigen::Index>(dimension);
  const bool is_list = value.is(TomlValue::Kind::array);
  Eigen::VectorXd variances = Eigen::VectorXd::Constant(d, is_list ? 1 : read_variance_of_axis(value));
  Eigen::Index axis = 0;
  if (is_list)
    for (const TomlValue& element : read_list(value, "variance", dimension, dimension))
      variances[axis++] = read_variance_of_axis(element);
  const Eigen::MatrixXd matrix = variances.asDiagonal();
  check_positive_definite(value, "variance", matrix);
  return matrix;
}

Eigen::MatrixXd read_spread(Section& section, std::size_t dimension) {
  const TomlValue *variance = section.find("variance"), *covariance = section.find("covariance");
  if (variance && covariance)
    refuse(*variance, "variance", "stands beside a covariance; give one of the two");
  if (variance) return read_variance(*variance, dimension);
  if (!covariance) section.refuse_unknown();  // a misspelt key says more than a missing one
  return read_covariance(
      section.require("covariance", "a list of rows, such as [[1.0]], or \"variance\", a number"), dimension);
}

Gaussian read_mean_and_spread(Section& section, std::size_t dimension) {
  Gaussian gaussian;
  gaussian.mean = read_vector(section.require("mean", "a list of one number an axis"), "mean", dimension);
  gaussian.covariance = read_spread(section, dimension);
  section.finish();
  return gaussian;
}

Gaussian read_component(TomlValue& table, std::size_t dimension) {
  Section section(table, "mixture");
  const double weight = read_number(section.require("weight", "its positive share"), "weight", any_positive);
  Gaussian gaussian = read_mean_and_spread(section, dimension);
  gaussian.weight = weight;
  return gaussian;
}

}  // namespace

Eigen::VectorXd read_vector(const TomlValue& value, std::string_view key, std::size_t dimension) {
  const std::vector<double> numbers = read_numbers(value, key, dimension, any_number);
  return Eigen::Map<const Eigen::VectorXd>(numbers.data(), static_cast<Eigen::Index>(dimension));
}

Gaussian read_gaussian(Section& section, std::size_t dimension) {
  return read_mean_and_spread(section, dimension);
}

GaussianMixture read_mixture(TomlValue& list, std::size_t dimension) {
  read_list(list, "mixture", 1, max_components);
  std::vector<Gaussian> components;
  double total = 0;
  for (TomlValue& table : list.elements) {
    components.push_back(read_component(table, dimension));
    total += components.back().weight;
  }
  for (Gaussian& component : components) component.weight /= total;
  return GaussianMixture(std::move(components));
}

}  // namespace umkehr
