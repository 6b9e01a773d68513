// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/command/machine/interrupt.hpp"

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <mutex>

#include "experiments/command/machine/exit_code.hpp"
#include "experiments/output/disk/unfinished.hpp"

namespace umkehr {
namespace {

constexpr std::size_t watcher_stack = 1 << 20;  // enough to write a result, whatever `ulimit -s` says
constexpr std::array ending_signals = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGXCPU, SIGALRM, SIGUSR1, SIGUSR2};

sigset_t watched;
bool is_watching = false;
std::atomic<bool> is_ending = false;

// Never destroyed: a signal may come while the process leaves main().
struct Farewell {
  std::mutex outcome_mutex;  // apart from the other, which is kept while waiting for what sets the outcome
  std::string outcome = "nothing was written";  // from the first moment, before a verb can say so
  std::mutex save_mutex;
  std::function<std::string()> save;
};

Farewell& farewell() {
  static Farewell& only = *new Farewell;
  return only;
}

std::string what_happened(int number) {
  if (number == SIGINT) return "interrupted";
  if (number == SIGTERM) return "terminated";
  return std::string("ended by SIG") + sigabbrev_np(number);
}

std::string outcome_so_far() {
  const std::lock_guard lock(farewell().outcome_mutex);
  return farewell().outcome;
}

std::string with_outcome(int number, const std::string& outcome) {
  return what_happened(number) + (outcome.empty() ? "" : "; " + outcome);
}

// A terminal or pipe that takes nothing must not hold up the end.
void write_message(const std::string& message) {
  constexpr int patience = 100;  // milliseconds
  pollfd standard_error = {STDERR_FILENO, POLLOUT, 0};
  if (::poll(&standard_error, 1, patience) != 1) return;
  const std::string line = (isatty(STDERR_FILENO) != 0 ? "\r\033[K" : "") + ("umkehr: " + message + "\n");
  [[maybe_unused]] const ssize_t ignored = ::write(STDERR_FILENO, line.data(), line.size());
}

[[noreturn]] void wait_for_the_end() {
  for (;;) ::pause();
}

[[noreturn]] void end_by(int number) {
  if (is_ending.exchange(true)) wait_for_the_end();
  farewell().save_mutex.lock();
  const std::string saved = farewell().save ? farewell().save() : std::string();
  unfinished::remove_for_good();
  write_message(with_outcome(number, saved.empty() ? outcome_so_far() : saved));
  ::_exit(exit_code::signal + number);
}

void* watch(void*) {
  int number = 0;
  while (::sigwait(&watched, &number) != 0) continue;
  end_by(number);
}

bool is_default(int number) {
  struct sigaction action = {};
  return sigaction(number, nullptr, &action) == 0 && action.sa_handler == SIG_DFL;
}

int one_that_waits() {
  sigset_t waiting;
  if (sigpending(&waiting) != 0) return 0;
  for (const int number : ending_signals)
    if (sigismember(&watched, number) == 1 && sigismember(&waiting, number) == 1) return number;
  return 0;
}

}  // namespace

Interrupted::Interrupted(int number)
    : std::runtime_error(with_outcome(number, outcome_so_far())), number_(number) {}

void block_signals() {
  sigemptyset(&watched);
  for (const int number : ending_signals)
    if (is_default(number)) sigaddset(&watched, number);
  pthread_sigmask(SIG_BLOCK, &watched, nullptr);
}

void watch_signals() {
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, watcher_stack);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  pthread_t thread;
  is_watching = pthread_create(&thread, &attributes, watch, nullptr) == 0;
  pthread_attr_destroy(&attributes);
}

void stop_if_interrupted() {
  if (is_watching) return;
  if (const int number = one_that_waits()) throw Interrupted(number);
}

void say_when_interrupted(const std::string& outcome) {
  const std::lock_guard lock(farewell().outcome_mutex);
  farewell().outcome = outcome;
}

Rescue::Rescue(std::function<std::string()> save) {
  const std::lock_guard lock(farewell().save_mutex);
  farewell().save = std::move(save);
}

Rescue::~Rescue() {
  const std::lock_guard lock(farewell().save_mutex);
  farewell().save = nullptr;
}

void end_without_interruption() {
  if (is_ending.exchange(true)) wait_for_the_end();
}

}  // namespace umkehr
