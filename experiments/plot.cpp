// SPDX-License-Identifier: GPL-3.0-or-later
// Figures are drawn by matplotlib: experiments/figures/plot.py, beside the installed command or in the source tree.
#include <spawn.h>
#include <sys/wait.h>

#include <cerrno>
#include <cstdlib>
#include <system_error>

#include "experiments/exit_code.hpp"
#include "experiments/output/result_file.hpp"
#include "experiments/verbs.hpp"

extern char** environ;

namespace umkehr {
namespace {

std::filesystem::path script() {
  std::error_code ignored;
  const std::filesystem::path self = std::filesystem::read_symlink("/proc/self/exe", ignored);
  const std::filesystem::path installed =
      self.parent_path().parent_path() / UMKEHR_INSTALLED_FIGURES / "plot.py";
  if (std::filesystem::exists(installed, ignored)) return installed;
  const std::filesystem::path source = std::filesystem::path(UMKEHR_FIGURES) / "plot.py";
  if (std::filesystem::exists(source, ignored)) return source;
  throw std::system_error(
      ENOENT, std::generic_category(),
      "the figures' scripts are neither at " + installed.string() + " nor at " + source.string());
}

constexpr char named_interpreter[] = "UMKEHR_PYTHON";

/// Debian's own interpreter knows Debian's packages; another one may come first in PATH.
std::string interpreter() {
  std::error_code ignored;
  const char* named = std::getenv(named_interpreter);
  if (named && *named) return named;
  return std::filesystem::exists("/usr/bin/python3", ignored) ? "/usr/bin/python3" : "python3";
}

int wait_for(pid_t child) {
  int status = 0;
  while (waitpid(child, &status, 0) < 0)
    if (errno != EINTR) throw std::system_error(errno, std::generic_category(), "waiting for python3");
  return WIFSIGNALED(status) ? exit_code::signal + WTERMSIG(status) : WEXITSTATUS(status);
}

}  // namespace

int plot(const PlotOptions& options) {
  read_result(options.result);  // so that a damaged file gets the same message from every verb
  std::vector<std::string> words = {interpreter(), script().string(),
                                    std::filesystem::absolute(options.result).string()};
  if (!options.output.empty()) words.insert(words.end(), {"-o", options.output.string()});
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  pid_t child = 0;
  const int failure = posix_spawnp(&child, words[0].c_str(), nullptr, nullptr, arguments.data(), environ);
  if (failure != 0)
    throw std::system_error(failure, std::generic_category(),
                            "figures are drawn by Python, named in " + std::string(named_interpreter) +
                                "; cannot start " + words[0]);
  return wait_for(child);
}

}  // namespace umkehr
