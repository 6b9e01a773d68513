// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/output/info.hpp"

#include <iostream>

#include "experiments/command/machine/exit_code.hpp"
#include "experiments/command/runs/verbs.hpp"
#include "experiments/output/result_file.hpp"

namespace umkehr {

int info(const std::filesystem::path& result) {
  print_info(read_result(result), std::cout);
  return exit_code::done;
}

}  // namespace umkehr
