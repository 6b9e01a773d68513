// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <vector>

extern char** environ;

namespace umkehr {

inline std::string contents_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

inline void write_file(const std::filesystem::path& file, const std::string& text) {
  std::ofstream(file, std::ios::binary) << text;
}

/// How a program ended, and what it said.
struct Outcome {
  int code = -1;   ///< exit code, if no signal ended it
  int signal = 0;  ///< the signal that ended it
  std::string out;
  std::string err;
};

/// A program that runs beside the test, in a folder, its output kept in two files outside of it.
class RunningCommand {
 public:
  RunningCommand(std::vector<std::string> words, const std::filesystem::path& folder,
                 const std::filesystem::path& log)
      : out_(log.string() + ".out"), err_(log.string() + ".err") {
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 1, out_.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    posix_spawn_file_actions_addopen(&actions, 2, err_.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    posix_spawn_file_actions_addchdir_np(&actions, folder.c_str());
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    const int failure = posix_spawnp(&child_, words[0].c_str(), &actions, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    if (failure != 0) throw std::runtime_error("cannot start " + words[0]);
  }

  void send(int signal) const { kill(child_, signal); }

  /// Whether it is ready for a signal by now: blocks it, for a thread of its own that waits for it. Before the command's
  /// own program runs the system may have blocked all of them, and so do sanitizers where they start a thread of theirs.
  bool catches(int signal) const {
    std::error_code none;
    if (std::filesystem::read_symlink("/proc/" + std::to_string(child_) + "/exe", none) != UMKEHR_BINARY)
      return false;
    std::ifstream status("/proc/" + std::to_string(child_) + "/status");
    for (std::string word; status >> word;)
      if (word == "SigBlk:") {
        unsigned long long blocked = 0;
        status >> std::hex >> blocked;
        const auto is_blocked = [&](int number) { return (blocked >> (number - 1) & 1) != 0; };
        return is_blocked(signal) && !is_blocked(SIGCHLD);
      }
    return false;
  }

  Outcome wait() {
    int status = 0;
    waitpid(child_, &status, 0);
    Outcome outcome;
    if (WIFEXITED(status)) outcome.code = WEXITSTATUS(status);
    if (WIFSIGNALED(status)) outcome.signal = WTERMSIG(status);
    outcome.out = contents_of(out_);
    outcome.err = contents_of(err_);
    return outcome;
  }

 private:
  std::filesystem::path out_, err_;
  pid_t child_ = 0;
};

/// umkehr with these arguments, in a folder.
inline Outcome run_umkehr(std::vector<std::string> arguments, const std::filesystem::path& folder,
                          const std::filesystem::path& log) {
  arguments.insert(arguments.begin(), UMKEHR_BINARY);
  return RunningCommand(std::move(arguments), folder, log).wait();
}

/// A small experiment that is right, for tests that spoil it.
inline constexpr char small_experiment[] = R"(title = "small"
[process]
drift = ["-beta*x"]
diffusion = "1"
[process.define]
beta = "1 + t"
[time]
stop = 1.0
save = 3
[[axis]]
name = "x"
from = -4.0
to = 4.0
points = 32
[[task]]
name = "forward"
solve = "fokker-planck"
tolerance = 1e-4
initial = { gaussian = { mean = [0.0], covariance = [[0.25]] } }
)";

/// A text in which the first `what` was replaced.
inline std::string replaced(std::string text, const std::string& what, const std::string& by) {
  const std::size_t at = text.find(what);
  if (at == std::string::npos) throw std::runtime_error("nothing to replace: " + what);
  return text.replace(at, what.size(), by);
}

}  // namespace umkehr
