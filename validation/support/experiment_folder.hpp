// SPDX-License-Identifier: GPL-3.0-or-later
// For tests of the command: a folder that holds one experiment, small.toml.
#pragma once

#include <string>
#include <vector>

#include "validation/support/run_command.hpp"
#include "validation/support/temporary_folder.hpp"

namespace umkehr {

using Words = std::vector<std::string>;

inline bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

struct ExperimentFolder {
  TemporaryFolder files, logs;
  explicit ExperimentFolder(const std::string& experiment = small_experiment) {
    write_file(files / "small.toml", experiment);
  }
  Outcome umkehr(const Words& arguments) const { return run_umkehr(arguments, files.path(), logs / "log"); }
  /// umkehr run small.toml --quiet ...
  Outcome run(Words arguments) const {
    arguments.insert(arguments.begin(), {"run", "small.toml", "--quiet"});
    return umkehr(arguments);
  }
  Outcome shell(const std::string& script) const {
    return RunningCommand({"/bin/sh", "-c", script}, files.path(), logs / "log").wait();
  }
};

}  // namespace umkehr
