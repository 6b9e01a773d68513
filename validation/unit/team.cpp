// SPDX-License-Identifier: GPL-3.0-or-later
// Shared work: every item once, on no more threads than there may be; exceptions, work within work, several that share at
// once; arithmetic as the sharing thread's; helpers that never come.
#include "grids/machine/team.hpp"

#include <omp.h>
#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <cmath>
#include <thread>
#include <vector>

#include "grids/failure.hpp"
#include "solver/stepping/flush_to_zero.hpp"

namespace {

using namespace umkehr;

struct Threads {
  explicit Threads(int count) : before(omp_get_max_threads()) { omp_set_num_threads(count); }
  ~Threads() { omp_set_num_threads(before); }
  int before;
};

/// Keeps a core busy, so that others get their turn.
double labour(std::size_t n) {
  double sum = 0;
  for (std::size_t i = 1; i < 4000; ++i) sum += std::sin(static_cast<double>(n * i));
  return sum;
}

BOOST_AUTO_TEST_CASE(every_item_is_done_once_by_any_number_of_threads) {
  const team::SharesAnything small;
  for (const int threads : {1, 2, 3, 5, 16})
    for (const std::size_t count : {0u, 1u, 2u, 3u, 7u, 64u, 1000u, 4097u}) {
      const Threads used(threads);
      std::vector<std::atomic<int>> done(count);
      share(count, 1, [&](std::size_t n) { ++done[n]; });
      std::size_t once = 0;
      for (const auto& each : done) once += each == 1;
      BOOST_TEST(once == count);
    }
}

BOOST_AUTO_TEST_CASE(seats_stay_below_what_was_asked_for) {
  const team::SharesAnything small;
  const Threads used(5);
  std::vector<std::atomic<int>> at(3);
  std::atomic<bool> fits = true, clash = false;
  for (int round = 0; round < 50; ++round)
    share_pieces({64, 1e3, 3}, [&](const Piece& piece) {
      if (piece.seat >= 3) return void(fits = false);
      if (at[piece.seat]++ != 0) clash = true;
      labour(piece.first);
      --at[piece.seat];
    });
  BOOST_TEST(fits.load());
  BOOST_TEST(!clash.load());
}

BOOST_AUTO_TEST_CASE(long_work_is_done_by_several_threads_and_short_work_by_one) {
  const Threads used(2);
  const auto others = [](std::size_t items, double nanoseconds) {
    std::atomic<int> pieces = 0;
    const auto end =
        std::chrono::steady_clock::now() + std::chrono::seconds(30);  // a busy machine lets it wait
    share_pieces({items, nanoseconds}, [&](const Piece& piece) {
      if (piece.seat > 0) ++pieces;
      for (std::size_t n = piece.first; n < piece.last; ++n)
        for (bool once = true; once || (items > 200 && pieces == 0 && std::chrono::steady_clock::now() < end);
             once = false)
          labour(n);
    });
    return pieces.load();
  };
  for (int round = 0; round < 20; ++round) BOOST_TEST(others(100, 10) == 0);
  BOOST_TEST(others(400, 50e3) > 0);
}

BOOST_AUTO_TEST_CASE(an_exception_leaves_by_the_thread_that_shares) {
  const team::SharesAnything small;
  const Threads used(3);
  for (const std::size_t bad : {0u, 500u, 999u})
    BOOST_CHECK_THROW(share(1000, 1,
                            [&](std::size_t n) {
                              if (n == bad) throw UnfitProblem("bad");
                            }),
                      UnfitProblem);
  std::atomic<int> done = 0;
  share(1000, 1, [&](std::size_t) { ++done; });
  BOOST_TEST(done == 1000);
}

BOOST_AUTO_TEST_CASE(work_within_work_and_several_that_share_at_once) {
  const team::SharesAnything small;
  const Threads used(3);
  std::atomic<int> done = 0;
  const auto nested = [&] { share(20, 1, [&](std::size_t) { share(30, 1, [&](std::size_t) { ++done; }); }); };
  nested();
  BOOST_TEST(done == 600);
  std::vector<std::jthread> others;
  for (int n = 0; n < 4; ++n)
    others.emplace_back([&] {
      for (int round = 0; round < 50; ++round) nested();
    });
  others.clear();
  BOOST_TEST(done == 600 * 201);
}

BOOST_AUTO_TEST_CASE(helpers_compute_as_the_thread_that_shares) {
  const team::SharesAnything small;
  const Threads used(3);
  const auto subnormals = [] {
    std::atomic<int> kept = 0;
    share(300, 1, [&](std::size_t n) {
      volatile double least = 1e-300;
      labour(n);
      kept += least * 1e-15 > 0;
    });
    return kept.load();
  };
  {
    const FlushToZero guard;
    const int kept = subnormals();
    BOOST_TEST((kept == 0 || kept == 300));  // 300 where the processor has no such mode
  }
  BOOST_TEST(subnormals() == 300);
}

BOOST_AUTO_TEST_CASE(signals_reach_no_helper) {
  const team::SharesAnything small;
  const Threads used(4);
  std::atomic<int> open = 0;
  const pthread_t own = pthread_self();
  share(64, 1, [&](std::size_t n) {
    labour(n);
    sigset_t blocked;
    pthread_sigmask(SIG_SETMASK, nullptr, &blocked);
    if (!pthread_equal(own, pthread_self()) && sigismember(&blocked, SIGINT) == 0) ++open;
  });
  BOOST_TEST(open == 0);
}

BOOST_AUTO_TEST_CASE(a_forked_process_works_alone) {
  const team::SharesAnything small;
  const Threads used(3);
  share(100, 1, labour);
  const pid_t child = fork();
  if (child == 0) {
    std::atomic<int> done = 0;
    for (int round = 0; round < 20; ++round) share(100, 1, [&](std::size_t) { ++done; });
    _exit(done == 2000 ? 0 : 1);
  }
  int status = -1;
  waitpid(child, &status, 0);
  BOOST_TEST((WIFEXITED(status) && WEXITSTATUS(status) == 0));
}

BOOST_AUTO_TEST_CASE(threads_that_cannot_be_made_are_done_without) {
  const team::SharesAnything small;
  const Threads used(200);
  const pid_t child = fork();
  if (child == 0) {
    const rlimit none = {0, 0};
    const bool limited = (geteuid() != 0 || setuid(65534) == 0) && setrlimit(RLIMIT_NPROC, &none) == 0;
    std::atomic<int> done = 0;
    share(1000, 1, [&](std::size_t) { ++done; });
    _exit(limited && team::is_short_of_threads() && done == 1000 ? 0 : 1);
  }
  int status = -1;
  waitpid(child, &status, 0);
  BOOST_TEST((WIFEXITED(status) && WEXITSTATUS(status) == 0));
  BOOST_TEST(!team::is_short_of_threads());
}

}  // namespace
