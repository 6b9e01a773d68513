// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/tasks/task_kinds.hpp"

#include <boost/test/unit_test.hpp>

using namespace umkehr;

BOOST_AUTO_TEST_CASE(help_names_every_kind_and_key) {
  const std::string help = task_kinds_help();
  for (const TaskKind& kind : task_kinds()) {
    BOOST_TEST(help.find("    " + kind.name + " ") != std::string::npos, kind.name);
    for (const TaskKey& key : kind.keys) BOOST_TEST(help.find(key.name) != std::string::npos, key.name);
    for (const std::string& method : kind.methods) BOOST_TEST(help.find(method) != std::string::npos, method);
  }
  for (std::size_t line = 0; line < help.size(); line = help.find('\n', line) + 1)
    BOOST_TEST(help.find('\n', line) - line <= 120u);
}

BOOST_AUTO_TEST_CASE(what_tasks_write_is_known) {
  for (const char* name :
       {"density", "score_x", "control_y", "path_z", "kramers", "eigenvalue_imaginary", "endpoint_kl"})
    BOOST_TEST(is_written_by_a_task(name), name);
  for (const char* name : {"x", "beta", "score", "densit"}) BOOST_TEST(!is_written_by_a_task(name), name);
}
