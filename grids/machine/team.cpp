// SPDX-License-Identifier: GPL-3.0-or-later
#include "grids/machine/team.hpp"

#include <omp.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <deque>
#include <exception>
#include <utility>
#include <vector>

#include "grids/machine/arithmetic_mode.hpp"
#include "grids/machine/helper_thread.hpp"
#include "grids/machine/pause.hpp"

namespace umkehr::team {
namespace {

using Clock = std::chrono::steady_clock;

constexpr double worth_a_seat = 15e3;     // nanoseconds: shorter work is done before another thread is awake
constexpr double worth_a_thread = 300e3;  // nanoseconds of work a thread would have saved before it is made
constexpr std::size_t pieces_a_seat = 8;
constexpr double min_piece = 2e3;          // nanoseconds
constexpr double lost = 200e3;             // nanoseconds of waiting that tell of a core busy elsewhere
constexpr double rest_after_waiting = 10;  // times as long as was waited

/// How many SharesAnything there are.
std::atomic<int> shares_anything = 0;

double nanoseconds_since(Clock::time_point start) {
  return std::chrono::duration<double, std::nano>(Clock::now() - start).count();
}

/// Waits awake while `goes_on`, for so long at most.
template <class Condition>
void wait_awake(std::chrono::nanoseconds most, const Condition& goes_on) {
  if (most.count() == 0) return;
  const Clock::time_point end = Clock::now() + most;
  for (unsigned n = 1; goes_on() && (n % 16 != 0 || Clock::now() < end); ++n) pause_core();
}

/// The items of one seat; others take from them when theirs are done.
struct alignas(64) Range {
  std::atomic<std::size_t> next = 0;
  std::size_t last = 0;
};

/// What is being done, where helpers find it while they are called.
struct Job {
  Act act = nullptr;
  const void* work = nullptr;
  std::size_t seats = 1, piece = 1;
  std::deque<Range> ranges;
  ArithmeticMode mode = ArithmeticMode::of_this_thread();
  std::atomic<bool> failed = false;
  std::exception_ptr failure;

  void divide(const Shared& shared, std::size_t between);
  std::size_t take_pieces(std::size_t seat);
};

void Job::divide(const Shared& shared, std::size_t between) {
  seats = between;
  const double least = shares_anything > 0 ? 1 : min_piece / shared.nanoseconds;
  const double even = static_cast<double>(shared.count) / static_cast<double>(seats * pieces_a_seat);
  piece = static_cast<std::size_t>(std::max(1.0, std::max(std::min(least, 4 * even), even)));
  while (ranges.size() < seats) ranges.emplace_back();
  for (std::size_t n = 0; n < seats; ++n) {
    ranges[n].next.store(shared.count * n / seats, std::memory_order_relaxed);
    ranges[n].last = shared.count * (n + 1) / seats;
  }
}

/// First one's own, so that they stay where they were cached, then what others have not begun; returns how many.
std::size_t Job::take_pieces(std::size_t seat) {
  std::size_t taken = 0;
  try {
    for (std::size_t n = 0; n < seats; ++n) {
      Range& range = ranges[(seat + n) % seats];
      while (!failed.load(std::memory_order_relaxed)) {
        const std::size_t first = range.next.fetch_add(piece, std::memory_order_relaxed);
        if (first >= range.last) break;
        act(work, {first, std::min(first + piece, range.last), seat});
        ++taken;
      }
    }
  } catch (...) {
    if (!failed.exchange(true)) failure = std::current_exception();
  }
  return taken;
}

enum State : int { resting, called, inside };

struct alignas(64) Helper {
  explicit Helper(Job& shared) : job(shared) {}

  std::atomic<int> state = resting;
  Job& job;
  std::size_t seat = 0;
  Clock::time_point back = Clock::time_point::min();  // not called before

  void serve();
  void wait_for_call();
  void call(std::size_t at);
  void dismiss(double patience);
};

void* serve(void* helper) {
  static_cast<Helper*>(helper)->serve();
  return nullptr;
}

void Helper::wait_for_call() {
  static const std::chrono::nanoseconds most = time_awake();
  wait_awake(most, [this] { return state.load(std::memory_order_relaxed) == resting; });
  state.wait(resting, std::memory_order_relaxed);
}

void Helper::serve() {
  for (;;) {
    wait_for_call();
    int expected = called;
    if (!state.compare_exchange_strong(expected, inside, std::memory_order_acquire)) continue;
    job.mode.set();
    job.take_pieces(seat);
    state.store(resting, std::memory_order_release);
    state.notify_one();
  }
}

void Helper::call(std::size_t at) {
  seat = at;
  state.store(called, std::memory_order_release);
  state.notify_one();
}

/// A helper that has not come is not waited for. One that holds a piece for much longer than pieces take has lost its
/// core to another process: it is left alone for a while.
void Helper::dismiss(double patience) {
  int expected = called;
  if (state.compare_exchange_strong(expected, resting, std::memory_order_acquire)) return;
  const auto is_inside = [this] { return state.load(std::memory_order_acquire) == inside; };
  if (!is_inside()) return;
  const Clock::time_point start = Clock::now();
  wait_awake(std::chrono::microseconds(20), is_inside);
  while (is_inside()) state.wait(inside, std::memory_order_acquire);
  const double waited = nanoseconds_since(start);
  if (waited > patience)
    back = Clock::now() + std::chrono::nanoseconds(static_cast<long>(rest_after_waiting * waited));
}

class Team {
 public:
  /// Never destroyed: helpers wait on it until the process ends.
  static Team& only() {
    static Team& team = *new Team;
    return team;
  }

  /// False while another thread, or this one further up, shares work.
  bool enter() { return !busy_.exchange(true, std::memory_order_acquire); }
  void leave() { busy_.store(false, std::memory_order_release); }
  bool is_short() const { return !can_hire_; }
  std::size_t size_for(double nanoseconds, std::size_t wanted);
  void work(const Shared& shared, std::size_t size, Act act, const void* what);

 private:
  void hire(std::size_t size);
  void call(std::size_t size);

  std::atomic<bool> busy_ = false;
  Job job_;
  std::deque<Helper> helpers_;
  std::vector<Helper*> at_work_;
  double foregone_ = 0;
  std::atomic<bool> can_hire_ = true;
};

/// Threads are made once the work that they would have saved pays for them.
std::size_t Team::size_for(double nanoseconds, std::size_t wanted) {
  if (wanted > helpers_.size() + 1 && can_hire_) {
    foregone_ += nanoseconds / static_cast<double>(wanted);
    if (foregone_ >= worth_a_thread || shares_anything > 0) hire(wanted);
  }
  return std::min(wanted, helpers_.size() + 1);
}

void Team::hire(std::size_t size) {
  foregone_ = 0;
  while (can_hire_ && helpers_.size() + 1 < size) {
    Helper& helper = helpers_.emplace_back(job_);
    can_hire_ = start_helper_thread(serve, &helper);
    if (!can_hire_) helpers_.pop_back();
  }
}

void Team::call(std::size_t size) {
  at_work_.clear();
  const Clock::time_point now = Clock::now();
  for (Helper& helper : helpers_)
    if (at_work_.size() + 1 < size && helper.back <= now) at_work_.push_back(&helper);
}

void Team::work(const Shared& shared, std::size_t size, Act act, const void* what) {
  call(size);
  job_.act = act;
  job_.work = what;
  job_.mode = ArithmeticMode::of_this_thread();
  job_.divide(shared, at_work_.size() + 1);
  const Clock::time_point start = Clock::now();
  for (std::size_t n = 0; n < at_work_.size(); ++n) at_work_[n]->call(n + 1);
  const std::size_t taken = job_.take_pieces(0);
  const double a_piece = nanoseconds_since(start) / static_cast<double>(std::max<std::size_t>(taken, 1));
  for (Helper* helper : at_work_) helper->dismiss(lost + 4 * a_piece);
  if (job_.failed.exchange(false)) std::rethrow_exception(std::exchange(job_.failure, nullptr));
}

std::size_t max_threads() {
  int most = std::min(omp_get_max_threads(), omp_get_thread_limit());
  if (omp_get_dynamic()) most = std::min(most, omp_get_num_procs());
  return static_cast<std::size_t>(std::max(most, 1));
}

}  // namespace

std::size_t seats(double nanoseconds) {
  if (shares_anything > 0) return max_threads();
  const double deserved = std::min(nanoseconds / worth_a_seat, static_cast<double>(max_threads()));
  return std::max<std::size_t>(static_cast<std::size_t>(deserved), 1);
}

bool is_short_of_threads() {
  return Team::only().is_short();
}

SharesAnything::SharesAnything() {
  ++shares_anything;
}
SharesAnything::~SharesAnything() {
  --shares_anything;
}

void share(const Shared& shared, Act act, const void* work) {
  if (shared.count == 0) return;
  const double nanoseconds = shared.nanoseconds * static_cast<double>(shared.count);
  const std::size_t most = std::min({seats(nanoseconds), shared.seats, shared.count});
  Team& team = Team::only();
  if (most == 1 || !team.enter()) return act(work, {0, shared.count, 0});
  struct Leave {
    Team& entered;
    ~Leave() { entered.leave(); }
  } const leave{team};
  const std::size_t size = team.size_for(nanoseconds, most);
  if (size == 1) return act(work, {0, shared.count, 0});
  team.work(shared, size, act, work);
}

}  // namespace umkehr::team
