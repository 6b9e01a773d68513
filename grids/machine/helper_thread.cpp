// SPDX-License-Identifier: GPL-3.0-or-later
#include "grids/machine/helper_thread.hpp"

#include <pthread.h>
#include <signal.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <string_view>

namespace umkehr::team {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t stack = 2u << 20;  // whatever the limit of the first thread's is
constexpr auto active = 100ms;
// Longer than what lies between two pieces of work in one step, too short for a core shared with others to miss.
constexpr auto usual = 20us;
constexpr double nanoseconds_a_spin = 10;

std::string_view environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

/// GOMP_SPINCOUNT: a number with k, M, G or T, or "infinite".
std::chrono::nanoseconds time_of(std::string_view spins) {
  char* end = nullptr;
  double count = std::strtod(spins.data(), &end);
  if (end == spins.data() || !std::isfinite(count)) return active;
  constexpr std::string_view units = "kmgt";
  const auto unit = units.find(static_cast<char>(*end | 0x20));
  if (*end != '\0' && unit != units.npos) count *= std::pow(1e3, static_cast<double>(unit + 1));
  const double most = std::chrono::duration<double, std::nano>(active).count();
  return std::chrono::nanoseconds(static_cast<long>(std::clamp(nanoseconds_a_spin * count, 0.0, most)));
}

}  // namespace

bool start_helper_thread(void* (*serve)(void*), void* own) {
  pthread_attr_t attributes;
  if (pthread_attr_init(&attributes) != 0) return false;
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  pthread_attr_setstacksize(&attributes, stack);
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  pthread_t thread;
  const bool started = pthread_create(&thread, &attributes, serve, own) == 0;
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  pthread_attr_destroy(&attributes);
  return started;
}

std::chrono::nanoseconds time_awake() {
  const std::string_view spins = environment("GOMP_SPINCOUNT"), policy = environment("OMP_WAIT_POLICY");
  if (!spins.empty()) return time_of(spins);
  if (policy.empty()) return usual;
  return (policy.front() | 0x20) == 'a' ? std::chrono::nanoseconds(active) : 0ns;
}

}  // namespace umkehr::team
