// SPDX-License-Identifier: GPL-3.0-or-later
// Work shared between threads. Every loop that may run on several threads goes through here: small work runs on the
// thread that has it, larger work in pieces that whoever is free takes next. The thread that shares works too, and waits
// for nothing but pieces that others have begun; a core that is busy elsewhere holds up nobody. Helpers wait awake for
// some microseconds and then asleep (OMP_WAIT_POLICY and GOMP_SPINCOUNT change that).
//
// At most as many threads work as omp_get_max_threads() says, which OMP_NUM_THREADS and omp_set_num_threads set. What
// is shared must not care who does it, nor in which order: sums over items are kept apart and added afterwards.
#pragma once

#include <cstddef>
#include <limits>
#include <type_traits>

namespace umkehr {

struct Shared {
  std::size_t count = 0;                                        ///< items
  double nanoseconds = 0;                                       ///< that an item takes one thread, roughly
  std::size_t seats = std::numeric_limits<std::size_t>::max();  ///< threads at most
};

/// Items [first, last); the threads at work have different seats below the most.
struct Piece {
  std::size_t first, last, seat;
};

namespace team {

/// Seats that work of so many nanoseconds may need, now or later.
std::size_t seats(double nanoseconds);

/// Whether the system has refused a thread that there was work for.
bool is_short_of_threads();

/// While it lives, all threads get a piece of the smallest work, so that small tests see what many threads do.
class SharesAnything {
 public:
  SharesAnything();
  ~SharesAnything();
  SharesAnything(const SharesAnything&) = delete;
  SharesAnything& operator=(const SharesAnything&) = delete;
};

using Act = void (*)(const void* work, const Piece& piece);
/// An exception in a piece leaves here, after the others have stopped.
void share(const Shared& shared, Act act, const void* work);

}  // namespace team

/// work(piece) for pieces that make up all items; what a piece sets up costs once for many items.
template <class Work>
void share_pieces(const Shared& shared, const Work& work) {
  team::share(
      shared, [](const void* each, const Piece& piece) { (*static_cast<const Work*>(each))(piece); }, &work);
}

/// work(n) for each item.
template <class Work>
void share(std::size_t count, double nanoseconds, const Work& work) {
  share_pieces({count, nanoseconds}, [&](const Piece& piece) {
    for (std::size_t n = piece.first; n < piece.last; ++n) work(n);
  });
}

}  // namespace umkehr
