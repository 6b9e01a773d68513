// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/command/runs/finished_run.hpp"

#include <cerrno>
#include <iostream>
#include <optional>
#include <system_error>

#include "experiments/command/machine/exit_code.hpp"
#include "experiments/command/runs/summary.hpp"
#include "experiments/output/disk/free_memory.hpp"
#include "experiments/text/printable.hpp"
#include "experiments/text/short_number.hpp"
#include "grids/failure.hpp"

namespace umkehr {
namespace {

/// All but the end of what a run prints: that comes when the result is in its place, and what comes before shows whether
/// it can be printed at all.
std::string print_result(const Run& run, const RunOptions& options) {
  if (options.json)
    std::cout << summary_json(run);
  else if (!options.quiet)
    print_summary(run, std::cout);
  std::cout.flush();
  if (!std::cout)
    throw std::system_error(EIO, std::generic_category(),
                            "standard output could not be written, so the result was not either");
  return options.json ? "\n" : options.quiet ? "" : written_line(run) + "\n";
}

}  // namespace

void warn(const std::string& warning) {
  std::cerr << "umkehr: warning: " << printable(warning, true) << "\n";
}

void note(const std::string& remark) {
  std::cerr << "umkehr: note: " << remark << "\n";
}

void check_memory(double needed) {
  const std::optional<double> free = free_memory();
  if (free && needed > *free)
    throw OutOfMemory("the run would take about " + size_text(needed) + " of memory, but only " +
                      size_text(*free) + " are free; take fewer points or save fewer times");
}

int write_and_print(SolvedRun& solved, const RunOptions& options,
                    std::chrono::steady_clock::time_point start) {
  if (solved.run().result.groups.empty()) throw NumericalFailure("no task was solved; nothing was written");
  solved.prepare(start);
  const std::string end = print_result(solved.run(), options);
  solved.commit();
  std::cout << end;
  return solved.run().result.failed.empty() ? exit_code::done : exit_code::numerical_failure;
}

}  // namespace umkehr
