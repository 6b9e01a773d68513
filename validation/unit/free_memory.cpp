// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/output/disk/free_memory.hpp"

#include <boost/test/unit_test.hpp>

#include "validation/support/run_command.hpp"
#include "validation/support/temporary_folder.hpp"

using namespace umkehr;

BOOST_AUTO_TEST_CASE(the_tightest_group_up_the_tree_counts) {
  const TemporaryFolder folder;
  std::filesystem::create_directories(folder / "slice/job");
  write_file(folder / "slice/memory.max", "1000000\n");
  write_file(folder / "slice/memory.current", "400000\n");
  write_file(folder / "slice/memory.stat", "anon 1\ninactive_file 100000\n");
  write_file(folder / "slice/job/memory.max", "max\n");
  write_file(folder / "slice/job/memory.current", "300000\n");
  const auto free = free_in_control_groups("0::/slice/job\n", folder.path());
  BOOST_REQUIRE(free.has_value());
  BOOST_TEST(*free == 700000);  // cached files can be given back
}

BOOST_AUTO_TEST_CASE(groups_of_version_one_are_read) {
  const TemporaryFolder folder;
  std::filesystem::create_directories(folder / "memory/job");
  write_file(folder / "memory/job/memory.limit_in_bytes", "500000\n");
  write_file(folder / "memory/job/memory.usage_in_bytes", "600000\n");
  write_file(folder / "memory/memory.limit_in_bytes", "9223372036854771712\n");
  write_file(folder / "memory/memory.usage_in_bytes", "1\n");
  const auto free = free_in_control_groups("5:cpu,memory:/job\n3:cpuset:/\n", folder.path());
  BOOST_REQUIRE(free.has_value());
  BOOST_TEST(*free == 0);
}

BOOST_AUTO_TEST_CASE(without_limits_groups_say_nothing) {
  const TemporaryFolder folder;
  BOOST_TEST(!free_in_control_groups("0::/\nnonsense\n", folder.path()).has_value());
  BOOST_TEST(free_memory().value_or(1) > 0);
}
