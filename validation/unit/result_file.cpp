// SPDX-License-Identifier: GPL-3.0-or-later
// What is written is read back, bit for bit, and equal results give equal files.
#include <malloc.h>
#include <algorithm>
#include <cstdint>

#include <rapidcheck.h>
#include <bit>
#include <boost/property_tree/xml_parser.hpp>
#include <boost/test/unit_test.hpp>
#include <fstream>
#include <iterator>
#include <sstream>

#include "experiments/output/dataset.hpp"
#include "experiments/output/disk/hdf5.hpp"
#include "experiments/output/info.hpp"
#include "experiments/output/result_file.hpp"
#include "validation/support/example_result.hpp"
#include "validation/support/temporary_folder.hpp"

using namespace umkehr;

namespace {

std::string bytes_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

bool same_bits(const std::vector<double>& a, const std::vector<double>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](double x, double y) {
    return std::bit_cast<std::uint64_t>(x) == std::bit_cast<std::uint64_t>(y);
  });
}

void check_same(const Result& a, const Result& b) {
  BOOST_TEST(a.title == b.title);
  BOOST_TEST(a.source == b.source);
  BOOST_TEST((a.experiment == b.experiment));
  BOOST_TEST_REQUIRE(a.groups.size() == b.groups.size());
  for (std::size_t g = 0; g < a.groups.size(); ++g) {
    const Group &of_a = a.groups[g], &of_b = b.groups[g];
    BOOST_TEST(of_a.name == of_b.name);
    BOOST_TEST((of_a.attributes == of_b.attributes));
    BOOST_TEST_REQUIRE(of_a.coordinates.size() == of_b.coordinates.size());
    for (std::size_t k = 0; k < of_a.coordinates.size(); ++k) {
      BOOST_TEST(of_a.coordinates[k].name == of_b.coordinates[k].name);
      BOOST_TEST(of_a.coordinates[k].long_name == of_b.coordinates[k].long_name);
      BOOST_TEST(same_bits(of_a.coordinates[k].values, of_b.coordinates[k].values));
    }
    BOOST_TEST_REQUIRE(of_a.variables.size() == of_b.variables.size());
    for (std::size_t k = 0; k < of_a.variables.size(); ++k) {
      BOOST_TEST(of_a.variables[k].name == of_b.variables[k].name);
      BOOST_TEST((of_a.variables[k].dimensions == of_b.variables[k].dimensions));
      BOOST_TEST(of_a.variables[k].long_name == of_b.variables[k].long_name);
      BOOST_TEST(of_a.variables[k].equation == of_b.variables[k].equation);
      BOOST_TEST(same_bits(of_a.variables[k].values, of_b.variables[k].values));
    }
  }
}

Result round_trip(const Result& result) {
  const TemporaryFolder folder;
  write_result(result, folder / "result.h5");
  return read_result(folder / "result.h5");
}

}  // namespace

BOOST_AUTO_TEST_CASE(everything_comes_back) {
  const Result result = example_result();
  check_same(round_trip(result), result);
}

BOOST_AUTO_TEST_CASE(any_text_comes_back) {
  Result result = example_result();
  result.title = "";
  result.experiment = std::string(200 * 1024, 'e') + " \xE2\x88\x82P/\xE2\x88\x82t\n";
  result.groups[0].attributes = {{"method", ""}, {"scheme", "tab\tand \"quotes\"\n"}};
  check_same(round_trip(result), result);
}

BOOST_AUTO_TEST_CASE(any_bits_come_back) {
  BOOST_TEST(rc::check("values of every kind, any number of points", [] {
    Group group{"g", {{"t", {0, 1}, "time"}, {"x", {}, "x"}}, {}, {}};
    const auto bits =
        *rc::gen::resize(200, rc::gen::nonEmpty(rc::gen::arbitrary<std::vector<std::uint64_t>>()));
    Variable field{"field", {"t", "x"}, {}, "", ""};
    for (const std::uint64_t one : bits) {
      group.coordinates[1].values.push_back(static_cast<double>(field.values.size()) / 3);
      field.values.push_back(std::bit_cast<double>(one));
    }
    field.values.insert(field.values.end(), field.values.rbegin(), field.values.rend());
    group.variables = {field};
    const Result back = round_trip({"", "umkehr", "", {group}});
    RC_ASSERT(same_bits(back.groups[0].variables[0].values, field.values));
    RC_ASSERT(same_bits(back.groups[0].coordinates[1].values, group.coordinates[1].values));
  }));
}

BOOST_AUTO_TEST_CASE(equal_results_give_equal_bytes_whatever_the_heap_held) {
  const TemporaryFolder folder;
  write_result(example_result(), folder / "a.h5");
  write_result(example_result(7), folder / "between.h5");
  mallopt(M_PERTURB, 0xA5);
  write_result(example_result(), folder / "b.h5");
  mallopt(M_PERTURB, 0);
  BOOST_TEST((bytes_of(folder / "a.h5") == bytes_of(folder / "b.h5")));
  BOOST_TEST((bytes_of(folder / "a.h5") != bytes_of(folder / "between.h5")));
}

BOOST_AUTO_TEST_CASE(a_field_far_larger_than_a_chunk_comes_back) {
  Group group{"g",
              {{"t", {0, 1}, ""}, {"x", equally_spaced(0, 1, 900), ""}, {"y", equally_spaced(0, 1, 700), ""}},
              {},
              {}};
  group.variables = {spreading_gaussian(group, "density")};
  const Result result{"", "umkehr", "", {group}};
  check_same(round_trip(result), result);
}

BOOST_AUTO_TEST_CASE(a_link_stays_a_link) {
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder / "elsewhere");
  std::ofstream(folder / "elsewhere" / "real.h5") << "older";
  std::filesystem::create_symlink(folder / "elsewhere" / "real.h5", folder / "link.h5");
  write_result(example_result(), folder / "link.h5");
  BOOST_TEST(std::filesystem::is_symlink(folder / "link.h5"));
  check_same(read_result(folder / "elsewhere" / "real.h5"), example_result());
}

BOOST_AUTO_TEST_CASE(results_that_do_not_fit_are_refused) {
  const TemporaryFolder folder;
  const auto refused = [&](auto change) {
    Result result = example_result();
    change(result.groups[0]);
    BOOST_CHECK_THROW(write_result(result, folder / "result.h5"), std::invalid_argument);
  };
  refused([](Group& group) { group.name = "a/b"; });
  refused([](Group& group) { group.name = ""; });
  refused([](Group& group) { group.variables[0].name = "1st"; });
  refused([](Group& group) { group.variables[1].name = "density"; });
  refused([](Group& group) { group.variables[1].name = "x"; });
  refused([](Group& group) { group.variables[0].values.pop_back(); });
  refused([](Group& group) { group.variables[0].dimensions[1] = "z"; });
  refused([](Group& group) { group.coordinates[0].values.clear(); });
  BOOST_TEST(folder.files() == 0U);
}

namespace {

// An item's "FILE:/PATH", read, and of the shape that it states.
std::vector<double> values_of(const boost::property_tree::ptree& item, const TemporaryFolder& folder) {
  const std::string text = item.data();
  const std::size_t colon = text.find(':');
  // As a viewer does it: the readers of experiments refuse such views.
  const hdf5::Id file = hdf5::open_file(folder / text.substr(0, colon));
  const hdf5::Id data(H5Dopen2(file, text.substr(colon + 1).c_str(), H5P_DEFAULT), H5Dclose);
  const hdf5::Id space(H5Dget_space(data), H5Sclose);
  std::vector<hsize_t> shape(static_cast<std::size_t>(H5Sget_simple_extent_ndims(space)));
  H5Sget_simple_extent_dims(space, shape.data(), nullptr);
  std::istringstream stated(item.get<std::string>("<xmlattr>.Dimensions"));
  std::size_t count = 1;
  for (const hsize_t length : shape) {
    hsize_t number = 0;
    stated >> number;
    BOOST_TEST(number == length);
    count *= length;
  }
  std::vector<double> values(count);
  BOOST_TEST(H5Dread(data, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()) >= 0);
  return values;
}

Result with_scores() {
  Result result = example_result();
  Group& plane = result.groups[1];
  for (const char* axis : {"x", "y"}) {
    plane.variables.push_back(spreading_gaussian(plane, std::string("score_") + axis));
    for (double& value : plane.variables.back().values) value += axis[0];
  }
  return result;
}

}  // namespace

BOOST_AUTO_TEST_CASE(the_scene_puts_every_value_at_its_place) {
  const TemporaryFolder folder;
  const Result result = with_scores();
  const Group& plane = result.groups[1];
  write_result(result, folder / "a & plane.h5");
  boost::property_tree::ptree tree;
  read_xml((folder / "a & plane.xdmf").string(), tree, boost::property_tree::xml_parser::trim_whitespace);
  BOOST_TEST(tree.get<std::string>("Xdmf.<xmlattr>.Version") == "3.0");
  const auto& collection = tree.get_child("Xdmf.Domain.Grid");
  BOOST_TEST(collection.get<std::string>("<xmlattr>.CollectionType") == "Temporal");
  std::size_t time = 0;
  for (const auto& [tag, grid] : collection) {
    if (tag != "Grid") continue;
    BOOST_TEST(grid.get<double>("Time.<xmlattr>.Value") == 0.5 * static_cast<double>(time));
    const std::vector<double> points = values_of(grid.get_child("Geometry.DataItem"), folder);
    BOOST_TEST_REQUIRE(points.size() == 3U * 8 * 5);
    std::map<std::string, std::vector<double>> shown;
    for (const auto& [name, attribute] : grid)
      if (name == "Attribute")
        shown[attribute.get<std::string>("<xmlattr>.Name") + " " +
              attribute.get<std::string>("<xmlattr>.AttributeType")] =
            values_of(attribute.get_child("DataItem"), folder);
    BOOST_TEST_REQUIRE(shown.size() == 3U);
    for (std::size_t i = 0; i < 40; ++i) {
      const double x = points[3 * i], y = points[3 * i + 1];
      BOOST_TEST(points[3 * i + 2] == 0.0);
      // Which cell that is, by the position alone.
      const auto k = static_cast<std::size_t>(std::lround((x + 3) * 7 / 6)),
                 l = static_cast<std::size_t>(std::lround((y + 2) * 4 / 4));
      const std::size_t at = (time * 8 + k) * 5 + l;
      BOOST_TEST(x == plane.coordinates[1].values[k]);
      BOOST_TEST(y == plane.coordinates[2].values[l]);
      BOOST_TEST(shown["density Scalar"].at(i) == plane.variables[0].values[at]);
      BOOST_TEST(shown["log_density Scalar"].at(i) == plane.variables[1].values[at]);
      BOOST_TEST(shown["score Vector"].at(3 * i) == plane.variables[2].values[at]);
      BOOST_TEST(shown["score Vector"].at(3 * i + 1) == plane.variables[3].values[at]);
      BOOST_TEST(shown["score Vector"].at(3 * i + 2) == 0.0);
    }
    ++time;
  }
  BOOST_TEST(time == 3U);
}

BOOST_AUTO_TEST_CASE(the_scene_is_no_task) {
  const TemporaryFolder folder;
  write_result(with_scores(), folder / "plane.h5");
  BOOST_TEST(read_result(folder / "plane.h5").groups.size() == 2U);
}

BOOST_AUTO_TEST_CASE(bounds_numbers_warnings_and_methods_come_back) {
  const TemporaryFolder folder;
  Result result = example_result();
  Group& line = result.groups[0];
  line.coordinates[0].is_integer = true;
  for (double& t : line.coordinates[0].values) t = std::round(t * 20);
  for (const double x : line.coordinates[1].values)
    line.coordinates[1].bounds.insert(line.coordinates[1].bounds.end(), {x - 0.02, x + 0.02});
  line.variables[0].cell_methods = "x: mean";
  line.variables[1].is_written = false;
  line.warnings = {"the first", "another, longer one: D = \u00bd"};
  write_result(result, folder / "a.h5");
  const Result again = read_result(folder / "a.h5");
  const Group& read = again.groups[0];
  BOOST_TEST(read.coordinates.size() == 2U);
  BOOST_TEST(read.coordinates[0].is_integer);
  BOOST_TEST(!read.coordinates[1].is_integer);
  BOOST_TEST(read.coordinates[0].values == line.coordinates[0].values);
  BOOST_TEST(read.coordinates[1].bounds == line.coordinates[1].bounds);
  BOOST_TEST(read.variables[0].cell_methods == "x: mean");
  BOOST_TEST(read.warnings == line.warnings);
  BOOST_TEST(read.attributes.size() == line.attributes.size());
  BOOST_TEST(read.find("mass") == nullptr);
  BOOST_TEST(read.variables.size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_line_needs_no_scene) {
  const TemporaryFolder folder;
  Result result = example_result();
  result.groups.pop_back();
  write_result(result, folder / "line.h5");
  BOOST_TEST(folder.files() == 1U);
}

BOOST_AUTO_TEST_CASE(datasets_of_other_programs_are_converted) {
  const TemporaryFolder folder;
  const float single[6] = {0.5F, 1, 2, 3, 4, -5};
  const short whole[3] = {-1, 0, 7};
  {
    const hdf5::Id file(H5Fcreate((folder / "data.h5").c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT),
                        H5Fclose);
    const auto put = [&](const char* name, const std::vector<hsize_t>& shape, hid_t type,
                         const void* values) {
      const hdf5::Id space = hdf5::space_of(shape);
      const hdf5::Id set(H5Dcreate2(file, name, type, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT),
                         H5Dclose);
      hdf5::check(H5Dwrite(set, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values));
    };
    put("x", {3, 2}, H5T_NATIVE_FLOAT, single);
    put("n", {3}, H5T_NATIVE_SHORT, whole);
  }
  const Dataset x = read_dataset(folder / "data.h5", "x");
  BOOST_TEST((x.shape == std::vector<std::size_t>{3, 2}));
  BOOST_TEST((x.values == std::vector<double>{0.5, 1, 2, 3, 4, -5}));
  BOOST_TEST((read_dataset(folder / "data.h5", "n").values == std::vector<double>{-1, 0, 7}));
  BOOST_CHECK_THROW(read_dataset(folder / "data.h5", "y"), ResultFileError);
  BOOST_CHECK_THROW(read_dataset(folder / "none.h5", "x"), ResultFileError);
}

BOOST_AUTO_TEST_CASE(info_names_all_that_a_file_holds) {
  std::ostringstream out;
  print_info(example_result(), out);
  const std::string text = out.str();
  for (const char* part :
       {"Schr\u00f6dinger's example", "umkehr 0.0.0", "forward", "plane", "method: fourier", "400 points",
        "-8 .. 8", "density", "(t, x, y)", "3 x 8 x 5", "1.5e-16", "2.6, 2.33a"})
    BOOST_TEST(text.find(part) != std::string::npos, part << " is not in\n" << text);
}
