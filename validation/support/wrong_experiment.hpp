// SPDX-License-Identifier: GPL-3.0-or-later
// A small experiment that is spoilt, and what umkehr must say of it.
#pragma once

#include <boost/test/unit_test.hpp>
#include <ostream>
#include <string>
#include <vector>

#include "validation/support/run_command.hpp"
#include "validation/support/temporary_folder.hpp"

namespace umkehr {

/// An experiment with one replacement, and what the message must say.
struct WrongExperiment {
  std::string what, by;
  std::vector<std::string> message;

  friend std::ostream& operator<<(std::ostream& out, const WrongExperiment& wrong) {
    return out << wrong.by.substr(0, 80);
  }
};

inline const std::string usual_initial = "{ gaussian = { mean = [0.0], covariance = [[0.25]] } }";
inline const std::string rest_of_task = "tolerance = 1e-4\ninitial = " + usual_initial;

/// The task of the small experiment, replaced from its `solve` on, which stands on line 17.
inline WrongExperiment task(const std::string& text, std::vector<std::string> told) {
  return {"solve = \"fokker-planck\"\n" + rest_of_task, text, std::move(told)};
}

/// One more task after the usual one; its first line is line 21.
inline WrongExperiment later(const std::string& text, std::vector<std::string> told) {
  return {rest_of_task, rest_of_task + "\n[[task]]\n" + text, std::move(told)};
}

/// The exit code is 2, the message has all its parts, and no file is left.
inline void check_refused(const WrongExperiment& wrong, const std::string& experiment = small_experiment) {
  const TemporaryFolder folder, logs;
  write_file(folder / "bad.toml", replaced(experiment, wrong.what, wrong.by));
  const Outcome outcome = run_umkehr({"run", "bad.toml"}, folder.path(), logs / "log");
  BOOST_TEST(outcome.signal == 0);
  BOOST_TEST(outcome.code == 2, outcome.err);
  BOOST_TEST(outcome.out == "");
  BOOST_TEST(outcome.err.starts_with("umkehr: bad.toml:"), outcome.err);
  BOOST_TEST(outcome.err.size() < 1200, outcome.err);
  for (const std::string& part : wrong.message)
    BOOST_TEST(outcome.err.find(part) != std::string::npos, "\"" << part << "\" is not in " << outcome.err);
  BOOST_TEST(folder.files() == 1u);
}

}  // namespace umkehr
