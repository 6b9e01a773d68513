// SPDX-License-Identifier: GPL-3.0-or-later
// Figures are drawn by matplotlib: the Python package experiments/figures, beside the installed command or in the
// source tree.
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <iostream>
#include <system_error>

#include "experiments/command/machine/exit_code.hpp"
#include "experiments/command/machine/interrupt.hpp"
#include "experiments/command/machine/processors.hpp"
#include "experiments/command/runs/verbs.hpp"
#include "experiments/output/disk/memory_file.hpp"
#include "experiments/output/disk/unfinished.hpp"
#include "experiments/output/result_file.hpp"
#include "experiments/tasks/figure_numbers/figure_numbers.hpp"
#include "experiments/text/printable.hpp"

extern char** environ;

namespace umkehr {
namespace {

std::filesystem::path package() {
  std::error_code ignored;
  const std::filesystem::path self = std::filesystem::read_symlink("/proc/self/exe", ignored);
  const std::filesystem::path installed = self.parent_path().parent_path() / UMKEHR_INSTALLED_FIGURES;
  const std::filesystem::path source = UMKEHR_FIGURES;
  for (const std::filesystem::path& folder : {installed, source})
    if (std::filesystem::exists(folder / "__main__.py", ignored)) return folder;
  throw std::system_error(
      ENOENT, std::generic_category(),
      "the package that draws figures is neither at " + installed.string() + " nor at " + source.string());
}

constexpr char named_interpreter[] = "UMKEHR_PYTHON";

/// Debian's own interpreter knows Debian's packages; another one may come first in PATH.
std::string interpreter() {
  std::error_code ignored;
  const char* named = std::getenv(named_interpreter);
  if (named && *named) return named;
  return std::filesystem::exists("/usr/bin/python3", ignored) ? "/usr/bin/python3" : "python3";
}

/// What a child starts with. It leads a process group, so that what a terminal sends reaches this process alone, which
/// then ends the child; nothing is blocked but what would stop one in the background that prints.
class ChildAttributes {
 public:
  ChildAttributes() {
    sigset_t blocked, usual;
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGTTOU);
    sigemptyset(&usual);
    sigaddset(&usual, SIGPIPE);
    sigaddset(&usual, SIGXFSZ);
    posix_spawnattr_init(&attributes_);
    posix_spawnattr_setpgroup(&attributes_, 0);
    posix_spawnattr_setsigmask(&attributes_, &blocked);
    posix_spawnattr_setsigdefault(&attributes_, &usual);
    posix_spawnattr_setflags(&attributes_,
                             POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }
  ~ChildAttributes() { posix_spawnattr_destroy(&attributes_); }
  ChildAttributes(const ChildAttributes&) = delete;
  ChildAttributes& operator=(const ChildAttributes&) = delete;
  const posix_spawnattr_t* get() const { return &attributes_; }

 private:
  posix_spawnattr_t attributes_;
};

/// This process's, and large pages for what Python reads (see large_blocks.cpp), unless the user has set others.
std::vector<char*> environment_of_child() {
  static char large_pages[] = "GLIBC_TUNABLES=glibc.malloc.hugetlb=1";
  std::vector<char*> variables;
  if (std::getenv("GLIBC_TUNABLES") == nullptr) variables.push_back(large_pages);
  for (char** variable = environ; *variable; ++variable) variables.push_back(*variable);
  variables.push_back(nullptr);
  return variables;
}

pid_t start(std::vector<std::string> words, const std::filesystem::path& folder) {
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  const std::vector<char*> environment = environment_of_child();
  const unfinished::Hold hold;
  pid_t child = 0;
  const int failure = posix_spawnp(&child, words[0].c_str(), nullptr, ChildAttributes().get(),
                                   arguments.data(), environment.data());
  if (failure != 0)
    throw std::system_error(failure, std::generic_category(),
                            "figures are drawn by Python, named in " + std::string(named_interpreter) +
                                "; cannot start " + words[0]);
  unfinished::note_child(child, folder);
  return child;
}

/// Its number is free for others only when it is no longer noted.
int wait_for(pid_t child) {
  siginfo_t ended = {};
  while (waitid(P_PID, static_cast<id_t>(child), &ended, WEXITED | WNOWAIT) < 0)
    if (errno != EINTR) throw std::system_error(errno, std::generic_category(), "waiting for python3");
  const unfinished::Hold hold;
  int status = 0;
  waitpid(child, &status, 0);
  unfinished::forget_child();
  constexpr int traceback = 1;  // which the scripts themselves never end with
  if (WIFEXITED(status) && WEXITSTATUS(status) == traceback)
    throw std::system_error(ENOEXEC, std::generic_category(),
                            interpreter() + " ended with exit 1 before it could say why (" +
                                named_interpreter + " names the Python that draws figures)");
  return WIFSIGNALED(status) ? exit_code::signal + WTERMSIG(status) : WEXITSTATUS(status);
}

std::filesystem::path folder_of(const PlotOptions& options) {
  if (!options.output.empty()) return options.output;
  const std::filesystem::path result = std::filesystem::absolute(options.result);
  return result.has_extension() ? std::filesystem::path(result).replace_extension()
                                : std::filesystem::path(result.string() + "_figures");
}

/// Whether the figures that were asked for may include one of that name. Python knows the names; it checks them.
bool is_asked_for(const PlotOptions& options, const std::string& figure) {
  return !options.list &&
         (options.only.empty() ||
          std::any_of(options.only.begin(), options.only.end(),
                      [&](const std::string& names) { return names.find(figure) != std::string::npos; }));
}

/// What Python draws beside the fields of the result; nothing for an experiment that cannot be read again, such as one
/// whose samples are gone.
Result numbers_of(const PlotOptions& options, const Result& outline) {
  choose_threads(std::nullopt);
  try {
    const Sweep sweep =
        parse_sweep(outline.experiment, "the file's experiment", options.result.parent_path());
    return figure_numbers(options.result, outline, sweep,
                          [&](const std::string& figure) { return is_asked_for(options, figure); });
  } catch (const ExperimentError& error) {
    std::cerr << "umkehr: note: figures lack moments, errors and differences, since the experiment cannot be "
                 "read again: "
              << printable(error.what(), true) << std::endl;
    return {};
  }
}

/// -I: neither variables nor files of the user or of the current folder change what is imported; -B: an installed folder
/// stays as it was; names of files are bytes in every locale.
std::vector<std::string> command_of(const PlotOptions& options, const std::filesystem::path& numbers) {
  std::vector<std::string> words = {interpreter(), "-I", "-B", "-X", "utf8", package().string()};
  words.push_back(std::filesystem::absolute(options.result).string());
  words.push_back("--numbers=" + numbers.string());
  words.push_back("--output=" + folder_of(options).string());
  for (const std::string& names : options.only) words.push_back("--only=" + names);
  for (const std::string& names : options.formats) words.push_back("--format=" + names);
  if (options.width) words.push_back("--width=" + *options.width);
  if (options.all) words.push_back("--all");
  if (options.list) words.push_back("--list");
  if (options.no_titles) words.push_back("--no-titles");
  return words;
}

}  // namespace

int plot(const PlotOptions& options) {
  const Result outline =
      read_outline(options.result);  // a damaged file gets the same message from every verb
  say_when_interrupted("the figures named above are whole");
  const MemoryFile numbers(image_of(numbers_of(options, outline)));
  return wait_for(start(command_of(options, numbers.path()), folder_of(options)));
}

}  // namespace umkehr
