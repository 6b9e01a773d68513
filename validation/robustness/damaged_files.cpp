// SPDX-License-Identifier: GPL-3.0-or-later
// Result and sample files with bytes flipped, zeroed or cut off, given to every verb that reads them: never a signal, never
// without end. UMKEHR_DAMAGED_FILES says how many; `make validate-full` asks for 500.
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <map>
#include <random>

#include "validation/support/run_command.hpp"
#include "validation/support/temporary_folder.hpp"

using namespace umkehr;

namespace {

std::size_t number_of_files() {
  const char* asked = std::getenv("UMKEHR_DAMAGED_FILES");
  return asked ? static_cast<std::size_t>(std::strtoul(asked, nullptr, 10)) : 24;
}

using Random = std::mt19937_64;

std::vector<std::size_t> blocks_of(const std::string& bytes) {
  std::vector<std::size_t> places;
  for (const char* signature :
       {"FHDB", "FHIB", "FRHP", "BTHD", "BTLF", "BTIN", "OHDR", "OCHK", "GCOL", "FAHD", "FADB", "EAHD"})
    for (std::size_t at = bytes.find(signature); at != std::string::npos; at = bytes.find(signature, at + 1))
      places.push_back(at);
  return places;
}

void flip(std::string& bytes, std::size_t place, Random& random) {
  if (place < bytes.size())
    bytes[place] = static_cast<char>(bytes[place] ^ static_cast<char>(1 + random() % 255));
}

/// A third in the blocks that hold a file together, a third anywhere, a third zeroed or cut off.
std::string damaged(std::string bytes, std::size_t n, Random& random) {
  const std::vector<std::size_t> blocks = blocks_of(bytes);
  const std::size_t place = random() % bytes.size();
  if (n % 3 == 0 && !blocks.empty()) {
    flip(bytes, blocks[random() % blocks.size()] + random() % 96, random);
  } else if (n % 3 == 1) {
    flip(bytes, place, random);
  } else if (n % 2 == 0) {
    bytes.resize(place);
  } else {
    const std::size_t length = std::min<std::size_t>(bytes.size() - place, std::size_t{1} << random() % 10);
    bytes.replace(place, length, length, '\0');
  }
  return bytes;
}

const std::string gap =
    "[[task]]\nname = \"gap\"\nsolve = \"action-gap\"\nof = \"forward\"\ntolerance = 1e-2\nstart = 0.25\n";

class Folder {
 public:
  Folder() {
    write_file(folder_ / "good.toml", small_experiment);
    BOOST_TEST_REQUIRE(run({"run", "good.toml", "--quiet"}).code == 0);
    const std::string initial = "{ gaussian = { mean = [0.0], covariance = [[0.25]] } }";
    const auto with = [&](const char* name, const std::string& law) {
      write_file(folder_ / name, replaced(small_experiment, initial, law));
    };
    with("samples.toml", "{ samples = \"bad.h5\", dataset = \"forward/entropy\", bandwidth = 0.5 }");
    with("field.toml", "{ field = \"bad.h5\", variable = \"forward/density\", time = 1.0 }");
    with("npy.toml", "{ samples = \"bad.npy\", bandwidth = \"scott\" }");
    with("csv.toml", "{ samples = \"bad.csv\", bandwidth = \"silverman\" }");
    write_file(folder_ / "score.toml", std::string(small_experiment) + gap +
                                           "score = { field = \"bad.h5\", variable = \"forward/score\" }\n");
  }

  Outcome run(std::vector<std::string> words) {
    words.insert(words.begin(), {"timeout", "30", UMKEHR_BINARY});
    return RunningCommand(std::move(words), folder_.path(), log_ / "log").wait();
  }

  /// Counts how it ended, and complains of an end that no command may take.
  void check(const std::vector<std::string>& words, std::size_t n) {
    const Outcome outcome = run(words);
    ++ends_[words[0] + " exit " + std::to_string(outcome.code)];
    const bool is_allowed = outcome.code == 0 || outcome.code == 1 || outcome.code == 2 || outcome.code == 4;
    BOOST_TEST(is_allowed, "file " << n << ", " << words[0] << " " << words[1] << ": exit " << outcome.code
                                   << ", signal " << outcome.signal << ", " << outcome.err);
    BOOST_TEST(outcome.err.find('\x1b') == std::string::npos);
  }

  void put(const std::string& name, const std::string& bytes) { write_file(folder_ / name, bytes); }
  std::string bytes(const std::string& name) const { return contents_of(folder_ / name); }
  void tell() const {
    for (const auto& [end, count] : ends_) BOOST_TEST_MESSAGE(end << ": " << count);
  }

 private:
  TemporaryFolder folder_, log_;
  std::map<std::string, std::size_t> ends_;
};

}  // namespace

BOOST_AUTO_TEST_CASE(damaged_results_end_no_command_by_a_signal) {
  // Memory that nobody filled then looks like no address.
  setenv("MALLOC_PERTURB_", "165", 1);
  Folder folder;
  const std::string good = folder.bytes("good.h5");
  BOOST_TEST_REQUIRE(!blocks_of(good).empty());
  Random random(20261128);
  for (std::size_t n = 0; n < number_of_files(); ++n) {
    folder.put("bad.h5", damaged(good, n, random));
    folder.check({"compare", "good.h5", "bad.h5"}, n);
    folder.check({"info", "bad.h5"}, n);
    folder.check({"compare", "bad.h5", "--analytic"}, n);
    for (const char* experiment : {"samples.toml", "field.toml", "score.toml"})
      folder.check({"run", experiment, "--dry-run"}, n);
  }
  folder.tell();
}

BOOST_AUTO_TEST_CASE(every_block_of_a_heap_may_be_damaged) {
  setenv("MALLOC_PERTURB_", "165", 1);
  Folder folder;
  const std::string good = folder.bytes("good.h5");
  Random random(30);
  const std::size_t heap = good.find("FHDB");
  BOOST_TEST_REQUIRE(heap != std::string::npos);
  for (std::size_t n = 0; n < number_of_files(); ++n) {
    std::string bad = good;
    flip(bad, heap + 30 + 7 * n % 400, random);
    folder.put("bad.h5", bad);
    folder.check({"compare", "good.h5", "bad.h5"}, n);
  }
}

BOOST_AUTO_TEST_CASE(damaged_samples_end_no_command_by_a_signal) {
  Folder folder;
  std::string npy = std::string("\x93NUMPY\x01\0\x3b\0", 10) +
                    "{'descr': '<f8', 'fortran_order': False, 'shape': (40, 1)}\n";
  std::string csv = "x\n";
  Random random(7);
  for (int i = 0; i < 40; ++i) {
    const double x = static_cast<double>(random() % 2000) / 1000 - 1;
    npy.append(reinterpret_cast<const char*>(&x), sizeof x);
    csv += std::to_string(x) + "\n";
  }
  folder.put("bad.npy", npy);
  folder.put("bad.csv", csv);
  for (const char* experiment : {"npy.toml", "csv.toml"})
    BOOST_TEST_REQUIRE(folder.run({"run", experiment, "--dry-run"}).code == 0);
  for (std::size_t n = 0; n < number_of_files(); ++n) {
    folder.put("bad.npy", damaged(npy, n, random));
    folder.put("bad.csv", damaged(csv, n, random));
    for (const char* experiment : {"npy.toml", "csv.toml"}) folder.check({"run", experiment, "--dry-run"}, n);
  }
  folder.tell();
}
