// SPDX-License-Identifier: GPL-3.0-or-later
// Any bytes are an experiment or an ExperimentError, and the filled-in text of an experiment is a fixed point. The first
// line may be a setting of the command line, marked by "#set ".
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "experiments/output/result_file.hpp"
#include "experiments/tasks/experiment.hpp"
#include "experiments/tasks/sweep/sweep_input.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  std::vector<std::string> settings;
  if (text.starts_with("#set ")) settings.push_back(text.substr(5, text.find('\n') - 5));
  try {
    const umkehr::Sweep sweep = umkehr::parse_sweep(text, "fuzzed", "/nowhere", settings);
    if (umkehr::parse_sweep(sweep.text, "fuzzed", "/nowhere").text != sweep.text) {
      std::fprintf(stderr, "not a fixed point:\n%s\n", sweep.text.c_str());
      std::abort();
    }
  } catch (const umkehr::ExperimentError&) {
  } catch (const umkehr::ResultFileError&) {
  }
  return 0;
}
