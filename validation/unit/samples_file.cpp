// SPDX-License-Identifier: GPL-3.0-or-later
// Samples out of tables of text and .npy arrays, and the kernels that rules make of them.
#include "experiments/input/samples/samples_file.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>

#include "experiments/output/result_file.hpp"
#include "experiments/tasks/experiment.hpp"
#include "validation/support/run_command.hpp"
#include "validation/support/temporary_folder.hpp"

using namespace umkehr;

namespace {

void any_shape(const std::vector<std::size_t>&) {}

Samples text(const std::string& table) {
  return parse_samples_text(table, "data.csv", any_shape);
}

void check_rows(const std::string& table, const std::vector<double>& expected) {
  const Samples samples = text(table);
  BOOST_TEST(samples.shape == (std::vector<std::size_t>{2, expected.size() / 2}),
             boost::test_tools::per_element());
  BOOST_TEST(samples.values == expected, boost::test_tools::per_element());
}

void check_refused(const std::string& table, const std::string& expected) {
  try {
    text(table);
    BOOST_ERROR("accepted: " << table);
  } catch (const ResultFileError& error) {
    BOOST_TEST(std::string(error.what()).find(expected) != std::string::npos, error.what());
  }
}

std::string npy(const std::string& header, const std::string& data, char version = 1) {
  std::string bytes = std::string("\x93NUMPY") + version + '\0';
  bytes += static_cast<char>(header.size());
  bytes += '\0';
  if (version > 1) bytes += std::string(2, '\0');
  return bytes + header + data;
}

std::string header(const std::string& type, const std::string& order, const std::string& shape) {
  return "{'descr': '" + type + "', 'fortran_order': " + order + ", 'shape': " + shape + ", }\n";
}

template <typename Number>
std::string bytes_of(const std::vector<Number>& values) {
  return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(Number)};
}

void check_npy(const std::string& bytes, const std::vector<double>& expected) {
  const Samples samples = parse_samples_npy(bytes, "data.npy", any_shape);
  BOOST_TEST(samples.values == expected, boost::test_tools::per_element());
}

void check_npy_refused(const std::string& bytes, const std::string& expected) {
  try {
    parse_samples_npy(bytes, "data.npy", any_shape);
    BOOST_ERROR("accepted, where this was expected: " << expected);
  } catch (const ResultFileError& error) {
    BOOST_TEST(std::string(error.what()).find(expected) != std::string::npos, error.what());
  }
}

constexpr double points[6][3] = {{0.5, -1.0, 0.25}, {1.5, 0.5, -0.75}, {-0.25, 0.125, 1.0},
                                 {2.0, -0.5, 0.5},  {-1.0, 1.5, 0.75}, {0.75, 0.25, -1.5}};

std::string all_points(std::size_t dimension) {
  std::string table;
  for (const auto& point : points)
    for (std::size_t k = 0; k < dimension; ++k)
      table += std::to_string(point[k]) + (k + 1 < dimension ? "," : "\n");
  return table;
}

Experiment with_samples(std::size_t dimension, const std::string& bandwidth, const std::string& table) {
  const TemporaryFolder folder;
  std::string axes;
  for (std::size_t k = 0; k < dimension; ++k)
    axes += std::string("[[axis]]\nname = \"") + "xyz"[k] + "\"\nfrom = -6\nto = 6\npoints = 8\n";
  write_file(folder / "data.csv", table);
  return parse_experiment(
      "[process]\nname = \"brownian\"\ndiffusion = 1.0\n[time]\nstop = 1.0\nsave = 2\n" + axes +
          "[[task]]\nsolve = \"fokker-planck\"\ninitial = { samples = \"data.csv\"" + bandwidth + " }\n",
      "test.toml", folder.path(), {});
}

Eigen::MatrixXd kernel(std::size_t dimension, const std::string& bandwidth) {
  const Experiment experiment = with_samples(dimension, ", bandwidth = " + bandwidth, all_points(dimension));
  const ForwardRun& task = *experiment.tasks.at(0)->forward;
  return std::get<GaussianMixture>(task.initial).components().at(5).covariance;
}

void check_kernel(std::size_t dimension, const std::string& rule, const std::vector<double>& expected) {
  const Eigen::MatrixXd found = kernel(dimension, rule);
  BOOST_TEST_REQUIRE(static_cast<std::size_t>(found.size()) == expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i)
    BOOST_TEST(std::abs(found.reshaped()[static_cast<Eigen::Index>(i)] - expected[i]) < 1e-14);
}

}  // namespace

BOOST_AUTO_TEST_CASE(tables_are_read_as_others_write_them) {
  check_rows("1,2\n3,4\n", {1, 2, 3, 4});
  check_rows("x,y\n1, 2\n 3 ,4", {1, 2, 3, 4});
  check_rows("\xEF\xBB\xBF\"x, in m\",\"y\"\r\n1,2\r\n\r\n3,4\r\n", {1, 2, 3, 4});
  check_rows("# made by hand\n1 2  # first\n\n3\t4\n", {1, 2, 3, 4});
  check_rows("x;y\n1.5;2\n3;-4e-1\n", {1.5, 2, 3, -0.4});
  check_rows("\"1\",\"+2\"\r3,.5\r", {1, 2, 3, 0.5});
  check_rows("0.1\n1e-400\n", {0.1, 0});
  BOOST_TEST(text("x\n\n7\n").place(0) == "line 3");
  BOOST_TEST(std::isinf(text("1e400\n").values[0]));
}

BOOST_AUTO_TEST_CASE(wrong_tables_are_refused_with_line_and_column) {
  check_refused("1,2\n3\n", "data.csv:2:1: has 1 values where 2");
  check_refused("x,y\n1,2\n3,4,5\n", "data.csv:3:5: has 3 values where 2");
  check_refused("1,2\n3,abc\n", "data.csv:2:3: \"abc\" is not a number");
  check_refused("\xC3\xA4,y\n\"\xC3\xA4\",2\n", "data.csv:2:1: ");
  check_refused("x;y\n1;2,5\n", "data.csv:2:3: \"2,5\" is not a number; decimals are written with a point");
  check_refused("1,,2\n", "data.csv:1:3: a value is missing");
  check_refused("1,2,\n", "data.csv:1:5: a value is missing");
  check_refused("1,\"2\n", "not closed");
  check_refused("1,x\n", "\"x\" is not a number");
  check_refused("0x10\n1\n2,3\n", "data.csv:3:");
  check_refused("", "holds no samples");
  check_refused("x,y\n# nothing\n", "holds no samples");
  check_refused("1,2\n3,\x1b[31m4\n", "data.csv:2:3: a control byte (\\x1b)");
  check_refused(std::string("1\0002\n", 4), "control byte (\\x00)");
  check_refused(
      "\xFF\xFE"
      "1\0",
      "UTF-16");
}

BOOST_AUTO_TEST_CASE(arrays_of_numpy_are_read_in_every_form) {
  const std::vector<double> values = {1, 2, 3, 4, 5, 6}, turned = {1, 4, 2, 5, 3, 6};
  check_npy(npy(header("<f8", "False", "(3, 2)"), bytes_of(values)), values);
  check_npy(npy(header("<f8", "True", "(3, 2)"), bytes_of(values)), turned);
  check_npy(npy(header("<f8", "False", "(6,)"), bytes_of(values), 2), values);
  check_npy(
      npy(header("<f4", "False", "(6,)"), bytes_of(std::vector<float>(values.begin(), values.end())), 3),
      values);
  check_npy(npy(header("<i4", "True", "(6,)"), bytes_of(std::vector<int>(values.begin(), values.end()))),
            values);
  check_npy(npy(header("|u1", "False", "(2,)"), "\x05\xFF"), {5, 255});
  check_npy(npy(header(">f8", "False", "(1, 1)"), std::string("\x3F\xF8\0\0\0\0\0\0", 8)), {1.5});
  check_npy(npy(header(">i2", "False", "(1,)"), "\x01\x02"), {258});
}

BOOST_AUTO_TEST_CASE(other_arrays_are_refused) {
  const std::string data = bytes_of(std::vector<double>(6));
  check_npy_refused(npy(header("<c16", "False", "(3,)"), data), "complex numbers");
  check_npy_refused(npy(header("|O", "False", "(6,)"), data), "Python objects");
  check_npy_refused(npy(header("|b1", "False", "(6,)"), data), "truth values");
  check_npy_refused(npy(header("<f2", "False", "(6,)"), data), "unusual length");
  check_npy_refused(npy(header("<U2", "False", "(6,)"), data), "texts");
  check_npy_refused(npy("{'descr': [('x', '<f8')], 'fortran_order': False, 'shape': (6,), }", data),
                    "records");
  check_npy_refused(npy(header("<f8", "False", "(7,)"), data), "cut off");
  check_npy_refused(npy(header("<f8", "False", "(5,)"), data), "followed by something else");
  check_npy_refused(npy(header("<f8", "False", "(4611686018427387904, 4611686018427387904)"), data),
                    "cut off");
  check_npy_refused(npy(header("<f8", "False", "(99999999999999999999,)"), data), "damaged .npy header");
  check_npy_refused(npy(header("<f8", "False", "(-1,)"), data), "damaged .npy header");
  check_npy_refused(npy("{'descr': '<f8'}", data), "damaged .npy header");
  check_npy_refused(npy("", data), "damaged .npy header");
  check_npy_refused(npy(header("<f8", "False", "(6,)"), data, 9), "version 9");
  const std::string good = npy(header("<f8", "False", "(6,)"), data);
  for (std::size_t length = 0; length < good.size(); ++length)
    BOOST_CHECK_THROW(parse_samples_npy(good.substr(0, length), "data.npy", any_shape), ResultFileError);
}

// The numbers are those of scipy.stats.gaussian_kde(points.T, bw_method=...).covariance.
BOOST_AUTO_TEST_CASE(kernels_by_rule_are_those_of_scipy) {
  check_kernel(1, "\"scott\"", {0.5941705326822141});
  check_kernel(1, "\"silverman\"", {0.6666326864153195});
  check_kernel(2, "\"scott\"",
               {0.669557469914744, -0.28662562924432533, -0.28662562924432533, 0.4072950191561863});
  check_kernel(3, "\"scott\"",
               {0.7291933192326401, -0.31215467432904115, -0.2721988760149239, -0.31215467432904115,
                0.4435717922215675, -0.004370165440606583, -0.2721988760149239, -0.004370165440606586,
                0.5606297950949579});
  check_kernel(3, "\"silverman\"",
               {0.684154370901096, -0.29287430261177055, -0.25538639187746387, -0.29287430261177055,
                0.41617438401132595, -0.004100240236564794, -0.25538639187746387, -0.004100240236564796,
                0.5260022474907399});
  check_kernel(2, "0.5", {0.25, 0, 0, 0.25});
}

BOOST_AUTO_TEST_CASE(wrong_bandwidths_are_refused) {
  for (const char* wrong : {"\"scot\"", "-1.0", "true", "[1.0]"})
    BOOST_CHECK_THROW(kernel(2, wrong), ExperimentError);
  // Equal but for the rounding of their mean.
  BOOST_CHECK_THROW(with_samples(1, ", bandwidth = \"scott\"", "0.3\n0.3\n0.3\n0.3\n0.3\n"), ExperimentError);
}
