// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/command/command.hpp"

int main(int count, char** words) {
  return umkehr::command(count, words);
}
