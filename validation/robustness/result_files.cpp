// SPDX-License-Identifier: GPL-3.0-or-later
// Damaged, foreign and missing files, and places where none can be written: always a message that names the file,
// never a signal, a half file or a lost older one.
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include <algorithm>

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <fstream>
#include <functional>
#include <iterator>
#include <random>

#include "experiments/output/dataset.hpp"
#include "experiments/output/disk/hdf5.hpp"
#include "experiments/output/result_file.hpp"
#include "experiments/text/printable.hpp"
#include "validation/support/example_result.hpp"
#include "validation/support/temporary_folder.hpp"

using namespace umkehr;

namespace {

std::string bytes_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void put_bytes(const std::filesystem::path& file, const std::string& bytes) {
  std::ofstream(file, std::ios::binary | std::ios::trunc) << bytes;
}

std::string message_of(const std::function<void()>& call) {
  try {
    call();
  } catch (const ResultFileError& error) {
    return error.what();
  }
  return {};
}

void check_refused(const std::filesystem::path& file, const std::string& expected) {
  const std::string message = message_of([&] { read_result(file); });
  BOOST_TEST(message.find(file.string()) != std::string::npos, message);
  BOOST_TEST(message.find(expected) != std::string::npos,
             "\"" << message << "\" lacks \"" << expected << "\"");
}

double peak_memory_mb() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

// Reads a file with the given bytes: true if the reader accepted them. Anything but ResultFileError escapes.
bool accepts(const std::filesystem::path& file, const std::string& bytes) {
  put_bytes(file, bytes);
  try {
    read_result(file);
    return true;
  } catch (const ResultFileError&) {
    return false;
  }
}

void put_values(hid_t file, const char* name, const std::vector<double>& values) {
  const hdf5::Id set(H5Dopen2(file, name, H5P_DEFAULT), H5Dclose);
  hdf5::check(H5Dwrite(set, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()));
}

std::vector<double> values_of(hid_t file, const char* name) {
  const hdf5::Id set(H5Dopen2(file, name, H5P_DEFAULT), H5Dclose), space(H5Dget_space(set), H5Sclose);
  std::vector<double> values(static_cast<std::size_t>(H5Sget_simple_extent_npoints(space)));
  hdf5::check(H5Dread(set, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()));
  return values;
}

// A result file that `change` went over with the HDF5 library.
void check_changed(const std::function<void(hid_t file)>& change, const std::string& expected) {
  const TemporaryFolder folder;
  write_result(example_result(), folder / "changed.h5");
  {
    const hdf5::Id file(H5Fopen((folder / "changed.h5").c_str(), H5F_ACC_RDWR, H5P_DEFAULT), H5Fclose);
    change(file);
  }
  check_refused(folder / "changed.h5", expected);
}

void put_text(hid_t object, const char* name, const std::string& text) {
  const hdf5::Id type = hdf5::string_type(text.size()), space = hdf5::space_of({});
  if (H5Aexists(object, name) > 0) hdf5::check(H5Adelete(object, name));
  const hdf5::Id attribute(H5Acreate2(object, name, type, space, H5P_DEFAULT, H5P_DEFAULT), H5Aclose);
  hdf5::check(H5Awrite(attribute, type, text.data()));
}

void put_dataset(hid_t file, const char* name, hid_t type, const std::vector<hsize_t>& shape) {
  const hdf5::Id space = hdf5::space_of(shape);
  const hdf5::Id made(H5Dcreate2(file, name, type, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT), H5Dclose);
}

struct FileSizeLimit {
  explicit FileSizeLimit(rlim_t bytes) {
    getrlimit(RLIMIT_FSIZE, &before);
    const rlimit limited{bytes, before.rlim_max};
    setrlimit(RLIMIT_FSIZE, &limited);
  }
  ~FileSizeLimit() { setrlimit(RLIMIT_FSIZE, &before); }
  rlimit before{};
};

std::size_t open_files() {
  return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator("/proc/self/fd"), {}));
}

}  // namespace

BOOST_AUTO_TEST_CASE(flipped_bytes_never_crash_the_reader) {
  const TemporaryFolder folder;
  write_result(example_result(), folder / "good.h5");
  const std::string good = bytes_of(folder / "good.h5");
  std::mt19937_64 random(20240601);
  std::size_t refused = 0;
  for (int n = 0; n < 600; ++n) {
    std::string bad = good;
    // Half of them in the first bytes, where the structure of the file is densest.
    const std::size_t place = random() % (n % 2 == 0 ? good.size() : std::size_t{6000});
    const std::size_t width = n % 3 == 0 ? 8 : 1;
    for (std::size_t k = place; k < std::min(place + width, bad.size()); ++k)
      bad[k] = static_cast<char>(bad[k] ^ static_cast<char>(1 + random() % 255));
    if (!accepts(folder / "bad.h5", bad)) ++refused;
  }
  BOOST_TEST(refused > 200U);
  BOOST_TEST(peak_memory_mb() < 1024);
}

BOOST_AUTO_TEST_CASE(every_truncated_file_is_refused) {
  const TemporaryFolder folder;
  write_result(example_result(), folder / "good.h5");
  const std::string good = bytes_of(folder / "good.h5");
  for (std::size_t length = 0; length < good.size(); length += 1 + good.size() / 200)
    BOOST_TEST(!accepts(folder / "bad.h5", good.substr(0, length)), "cut to " << length << " bytes");
  BOOST_TEST(accepts(folder / "bad.h5", good));
}

BOOST_AUTO_TEST_CASE(a_damaged_chunk_is_refused_by_name) {
  const TemporaryFolder folder;
  write_result(example_result(), folder / "good.h5");
  std::string bytes = bytes_of(folder / "good.h5");
  haddr_t address = 0;
  {
    const hdf5::Id file(H5Fopen((folder / "good.h5").c_str(), H5F_ACC_RDONLY, H5P_DEFAULT), H5Fclose);
    const hdf5::Id density(H5Dopen2(file, "forward/density", H5P_DEFAULT), H5Dclose);
    hsize_t size = 0;
    const hdf5::Id space(H5Dget_space(density), H5Sclose);
    hdf5::check(H5Dget_chunk_info(density, space, 0, nullptr, nullptr, &address, &size));
    address += size / 2;
  }
  bytes[address] = static_cast<char>(bytes[address] ^ 0x10);
  put_bytes(folder / "bad.h5", bytes);
  check_refused(folder / "bad.h5", "forward/density");
}

BOOST_AUTO_TEST_CASE(what_is_no_result_is_refused) {
  const TemporaryFolder folder;
  check_refused(folder / "missing.h5", "does not exist");
  check_refused(folder.path(), "is a folder");
  put_bytes(folder / "empty.h5", "");
  check_refused(folder / "empty.h5", "is not an HDF5 file");
  put_bytes(folder / "text.h5", "t,x,density\n0,1,2\n");
  check_refused(folder / "text.h5", "is not an HDF5 file");
  {
    const hdf5::Id file(H5Fcreate((folder / "foreign.h5").c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT),
                        H5Fclose);
  }
  check_refused(folder / "foreign.h5", "is not a result of umkehr");
  check_refused("/dev/null", "is not an HDF5 file");
}

BOOST_AUTO_TEST_CASE(changed_results_are_refused) {
  check_changed([](hid_t file) { put_text(file, "source", "pde 0.31"); }, "is not a result of umkehr");
  check_changed([](hid_t file) { put_text(file, "schema_version", "99"); }, "schema version \"99\"");
  check_changed([](hid_t file) { H5Adelete(file, "schema_version"); }, "\"schema_version\": is missing");
  check_changed([](hid_t file) { H5Adelete(file, "experiment"); }, "\"experiment\": is missing");
  check_changed([](hid_t file) { H5Adelete(file, "title"); }, "\"title\": is missing");
  check_changed([](hid_t file) { H5Ldelete(file, "forward/t", H5P_DEFAULT); }, "forward/");
  check_changed([](hid_t file) { put_dataset(file, "stray", H5T_NATIVE_DOUBLE, {2}); }, "stray");
  check_changed([](hid_t file) { put_dataset(file, "forward/stray", H5T_NATIVE_DOUBLE, {2}); },
                "has not exactly one scale");
  check_changed(
      [](hid_t file) {
        put_dataset(file, "forward/huge", H5T_NATIVE_DOUBLE, {1UL << 62U, 1UL << 62U});
      },
      "forward/huge");
  check_changed([](hid_t file) { put_dataset(file, "forward/text", H5T_C_S1, {2}); },
                "does not hold numbers");
  check_changed(
      [](hid_t file) { H5Lcreate_soft("/nowhere", file, "forward/soft", H5P_DEFAULT, H5P_DEFAULT); },
      "forward/soft");
  check_changed([](hid_t file) { H5Lcreate_hard(file, "/", file, "forward/loop", H5P_DEFAULT, H5P_DEFAULT); },
                "forward/loop");
  check_changed(
      [](hid_t file) {
        const double value = 1;
        put_dataset(file, "forward/free", H5T_NATIVE_DOUBLE, {1});
        const hdf5::Id set(H5Dopen2(file, "forward/free", H5P_DEFAULT), H5Dclose);
        hdf5::check(H5Dwrite(set, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, &value));
      },
      "has not exactly one scale");
}

BOOST_AUTO_TEST_CASE(coordinates_are_finite_and_ascend) {
  const auto changed = [](const char* name, std::size_t n, double value) {
    return [=](hid_t file) {
      std::vector<double> values = values_of(file, name);
      values[n] = value;
      put_values(file, name, values);
    };
  };
  check_changed(changed("forward/t", 3, std::nan("")),
                "\"forward/t\": does not ascend: [3] is nan, which is not finite");
  check_changed(changed("forward/t", 20, 1.0 / 0.0), "[20] is inf, which is not finite");
  check_changed(changed("plane/y", 2, -9),
                "\"plane/y\": does not ascend: [2] is -9, which is not above the -1 before it");
  check_changed(changed("forward/x", 1, -8), "[1] is -8, which is not above the -8");
}

BOOST_AUTO_TEST_CASE(what_lies_elsewhere_is_refused) {
  const TemporaryFolder folder;
  BOOST_TEST_REQUIRE(mkfifo((folder / "pipe").c_str(), 0600) == 0);
  check_refused(folder / "pipe", "a pipe or a device");
  const std::string pipe = (folder / "pipe").string();
  const std::vector<hsize_t> shape = {2};
  const auto with_list = [&](const std::function<void(hid_t list)>& set_up) {
    return [&, set_up](hid_t file) {
      const hdf5::Id list(H5Pcreate(H5P_DATASET_CREATE), H5Pclose), space = hdf5::space_of(shape);
      set_up(list);
      const hdf5::Id made(
          H5Dcreate2(file, "forward/elsewhere", H5T_NATIVE_DOUBLE, space, H5P_DEFAULT, list, H5P_DEFAULT),
          H5Dclose);
    };
  };
  check_changed(with_list([&](hid_t list) { H5Pset_external(list, pipe.c_str(), 0, 16); }),
                "\"forward/elsewhere\": keeps its values in another file");
  check_changed(with_list([&](hid_t list) {
                  const hdf5::Id space = hdf5::space_of(shape);
                  H5Pset_virtual(list, space, pipe.c_str(), "x", space);
                }),
                "(virtual)");
  check_changed(
      [&](hid_t file) {
        H5Lcreate_external(pipe.c_str(), "x", file, "forward/outside", H5P_DEFAULT, H5P_DEFAULT);
      },
      "\"forward/outside\": is reached by a link into another file");
  check_changed(
      [&](hid_t file) { H5Lcreate_external(pipe.c_str(), "/", file, "outside", H5P_DEFAULT, H5P_DEFAULT); },
      "a link into another file");
  check_changed(
      [](hid_t file) {
        const hdf5::Id type(H5Tcopy(H5T_NATIVE_DOUBLE), H5Tclose);
        hdf5::check(H5Tcommit2(file, "forward/kind", type, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
      },
      "\"forward/kind\": is a named type, not a dataset");
}

BOOST_AUTO_TEST_CASE(a_small_file_that_unpacks_to_a_large_one_is_refused_before) {
  const TemporaryFolder folder;
  {
    const hdf5::Id file(H5Fcreate((folder / "bomb.h5").c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT),
                        H5Fclose);
    const hdf5::Id list(H5Pcreate(H5P_DATASET_CREATE), H5Pclose);
    const std::vector<hsize_t> shape = {200'000'000, 1}, chunk = {1'000'000, 1};
    hdf5::check(H5Pset_chunk(list, 2, chunk.data()));
    hdf5::check(H5Pset_deflate(list, 1));
    const hdf5::Id set(
        H5Dcreate2(file, "x", H5T_NATIVE_DOUBLE, hdf5::space_of(shape), H5P_DEFAULT, list, H5P_DEFAULT),
        H5Dclose);
    const std::vector<double> zeros(1'000'000);
    const hdf5::Id from = hdf5::space_of(chunk), to = hdf5::space_of(shape);
    for (hsize_t n = 0; n < 3; ++n) {
      const std::vector<hsize_t> first = {n * chunk[0], 0};
      hdf5::check(H5Sselect_hyperslab(to, H5S_SELECT_SET, first.data(), nullptr, chunk.data(), nullptr));
      hdf5::check(H5Dwrite(set, H5T_NATIVE_DOUBLE, from, to, H5P_DEFAULT, zeros.data()));
    }
  }
  const double before = peak_memory_mb();
  const auto refuse = [](const std::vector<std::size_t>& shape) {
    if (shape[0] > 1'000'000) throw ResultFileError("too many");
  };
  BOOST_CHECK_THROW(read_dataset(folder / "bomb.h5", "x", refuse), ResultFileError);
  BOOST_TEST(message_of([&] { read_dataset(folder / "bomb.h5", "x"); }).find("promises more") !=
             std::string::npos);
  BOOST_TEST(peak_memory_mb() < before + 64);
}

BOOST_AUTO_TEST_CASE(what_steers_a_terminal_is_printed_as_an_escape) {
  BOOST_TEST(printable("Schr\u00f6dinger \x1b[31m\a\x7f") == "Schr\u00f6dinger \\x1b[31m\\x07\\x7f");
  BOOST_TEST(printable("a\u009bb\u202ec\xff") == "a\\x9bb\\u202ec\\xff");
  BOOST_TEST(printable("a\nb\tc") == "a\\x0ab c");
  BOOST_TEST(printable("a\nb\r", true) == "a\nb\\x0d");
}

BOOST_AUTO_TEST_CASE(places_where_nothing_can_be_written) {
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder / "folder.h5");
  std::filesystem::create_directory(folder / "scene.xdmf");
  BOOST_TEST_REQUIRE(mkfifo((folder / "pipe.h5").c_str(), 0600) == 0);
  const std::size_t before = folder.files();
  const std::pair<std::filesystem::path, std::string> places[] = {
      {folder / "missing" / "result.h5", "No such file or directory"},
      {folder / "folder.h5", "Is a directory"},
      {folder / "scene.h5", "Is a directory"},
      {folder / "pipe.h5", "not a file"},
      {"/dev/full", "not a file"},
      {"/proc/result.h5", "No such file or directory"},
      {folder / std::string(300, 'n'), "File name too long"}};
  for (const auto& [place, reason] : places) {
    const std::string message = message_of([&, to = place] { write_result(example_result(), to); });
    BOOST_TEST(message.find(place.string()) != std::string::npos, place << ": " << message);
    BOOST_TEST(message.find(reason) != std::string::npos, place << ": " << message);
    BOOST_TEST(message.find("-o FILE") != std::string::npos, message);
  }
  BOOST_TEST(folder.files() == before);
}

BOOST_AUTO_TEST_CASE(a_folder_of_others_is_left_alone) {
  if (geteuid() == 0) return;  // nothing is forbidden to root
  const TemporaryFolder folder;
  chmod(folder.path().c_str(), 0500);
  const std::string message = message_of([&] { write_result(example_result(), folder / "result.h5"); });
  BOOST_TEST(message.find("Permission denied") != std::string::npos, message);
  chmod(folder.path().c_str(), 0700);
  BOOST_TEST(folder.files() == 0U);
}

BOOST_AUTO_TEST_CASE(a_disk_that_fills_up_leaves_the_older_result_whole) {
  const TemporaryFolder folder;
  write_result(example_result(50), folder / "result.h5");
  const std::string older = bytes_of(folder / "result.h5");
  const std::size_t files = folder.files(), open = open_files();
  const std::size_t whole = [&] {
    const TemporaryFolder elsewhere;
    write_result(example_result(), elsewhere / "result.h5");
    return std::filesystem::file_size(elsewhere / "result.h5");
  }();
  for (std::size_t limit = 0; limit < whole; limit += whole / 25) {
    std::string message;
    {
      const FileSizeLimit full(limit);
      message = message_of([&] { write_result(example_result(), folder / "result.h5"); });
    }
    BOOST_TEST(message.find("File too large") != std::string::npos, "at " << limit << " bytes: " << message);
    BOOST_TEST_REQUIRE((bytes_of(folder / "result.h5") == older));
    BOOST_TEST(folder.files() == files);
  }
  BOOST_TEST(open_files() == open);
  write_result(example_result(), folder / "result.h5");
  BOOST_TEST(read_result(folder / "result.h5").groups.size() == 2U);
}

BOOST_AUTO_TEST_CASE(datasets_that_cannot_be_read_are_named) {
  const TemporaryFolder folder;
  write_result(example_result(), folder / "result.h5");
  const auto refused = [&](const std::string& dataset, const std::string& expected) {
    const std::string message = message_of([&] { read_dataset(folder / "result.h5", dataset); });
    BOOST_TEST(message.find("\"" + dataset + "\"") != std::string::npos, message);
    BOOST_TEST(message.find(expected) != std::string::npos, message);
  };
  refused("forward/densty", "did you mean \"density\"?");
  refused("forwerd/density", "did you mean \"forward\"?");
  refused("forward/nothing", "allowed: \"t\", \"x\"");
  refused("forward", "not a dataset");
  refused("", "empty string");
}
