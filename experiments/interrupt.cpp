// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/interrupt.hpp"

#include <csignal>

namespace umkehr {
namespace {

volatile std::sig_atomic_t noted = 0;

extern "C" void note_interrupt(int number) {
  noted = number;
}

}  // namespace

Interrupted::Interrupted(int number)
    : std::runtime_error(number == SIGTERM ? "terminated; nothing was written"
                                           : "interrupted; nothing was written"),
      number_(number) {}

void catch_interrupts() {
  struct sigaction action = {};
  action.sa_handler = note_interrupt;
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

void stop_if_interrupted() {
  if (noted != 0) throw Interrupted(noted);
}

}  // namespace umkehr
