// SPDX-License-Identifier: GPL-3.0-or-later
// What the command can do: one function a verb, each in a file of its name. They return exit codes and throw what
// command.cpp turns into one.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "experiments/output/comparison/compare.hpp"

namespace umkehr {

struct RunOptions {
  std::filesystem::path experiment;
  std::filesystem::path output;  ///< empty: beside the experiment, ending in .h5
  std::vector<std::string> settings;
  std::vector<std::string> sweeps;  ///< KEY=V1,V2,...
  std::optional<int> threads;
  std::optional<double> max_seconds;
  bool json = false;
  bool quiet = false;
  bool dry_run = false;
  bool keep_going = false;  ///< what is finished is written although other tasks or runs fail
};
int run(const RunOptions& options);

struct CompareOptions {
  std::filesystem::path first;
  std::filesystem::path second;  ///< empty with `analytic`
  bool analytic = false;
  double rtol = default_rtol;
  double atol = default_atol;
  std::vector<std::string> only;  ///< names of what counts; empty: everything
  bool json = false;
};
int compare(const CompareOptions& options);

struct PlotOptions {
  std::filesystem::path result;
  std::filesystem::path output;  ///< a folder; empty: beside the result
  // As they were written; the Python that draws checks them, for it knows the figures.
  std::vector<std::string> only, formats;
  std::optional<std::string> width;
  bool all = false;
  bool list = false;
  bool no_titles = false;
};
int plot(const PlotOptions& options);

int info(const std::filesystem::path& result);

}  // namespace umkehr
