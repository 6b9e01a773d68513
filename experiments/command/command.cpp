// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/command/command.hpp"

#include <csignal>
#include <iostream>
#include <new>
#include <system_error>

#include "experiments/command/command_line.hpp"
#include "experiments/command/machine/exit_code.hpp"
#include "experiments/command/machine/interrupt.hpp"
#include "experiments/command/machine/standard_streams.hpp"
#include "experiments/output/result_file.hpp"
#include "experiments/tasks/experiment.hpp"
#include "experiments/tasks/solving/analytic.hpp"
#include "experiments/text/printable.hpp"
#include "grids/failure.hpp"
#include "solver/stepping/march.hpp"

namespace umkehr {
namespace {

int complain(const std::string& message, int code) {
  std::cout.flush();
  std::cerr << "umkehr: " << printable(message, true) << std::endl;
  return code;
}

/// The exit code of whatever is being thrown.
int explain() {
  try {
    throw;
  } catch (const Interrupted& signal) {
    return complain(signal.what(), exit_code::signal + signal.number());
  } catch (const UsageError& error) {
    return complain(error.what(), exit_code::wrong_input);
  } catch (const ExperimentError& error) {
    return complain(error.what(), exit_code::wrong_input);
  } catch (const NoClosedForm& error) {
    return complain(error.what(), exit_code::wrong_input);
  } catch (const NumericalFailure& error) {
    return complain(error.what(), exit_code::numerical_failure);
  } catch (const ResultFileError& error) {
    return complain(error.what(), exit_code::file_failure);
  } catch (const std::system_error& error) {
    return complain(error.what(), exit_code::file_failure);
  } catch (const std::bad_alloc&) {
    return complain("out of memory; take fewer points or save fewer times", exit_code::numerical_failure);
  } catch (const UnfitProblem& error) {
    return complain(error.what(), exit_code::wrong_input);
  } catch (const std::logic_error& error) {
    return complain("a fault of umkehr's own, please report it: " + std::string(error.what()),
                    exit_code::numerical_failure);
  } catch (const std::exception& error) {
    return complain(error.what(), exit_code::numerical_failure);
  } catch (...) {
    return complain("failed for a reason that it does not know", exit_code::numerical_failure);
  }
}

}  // namespace

int command(int count, char** words) noexcept {
  std::signal(SIGPIPE,
              SIG_IGN);  // a closed pipe and a file that grew too large are errors of output like any other
  std::signal(SIGXFSZ, SIG_IGN);
  block_signals();
  occupy_standard_streams();
  watch_signals();
  int code = exit_code::done;
  try {
    code = parse_command_line(count, words)();
  } catch (...) {
    code = explain();
  }
  std::cout.flush();
  if (!std::cout && code == exit_code::done)
    code = complain("standard output could not be written", exit_code::file_failure);
  end_without_interruption();
  return code;
}

}  // namespace umkehr
