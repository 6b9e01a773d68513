// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/command/machine/standard_streams.hpp"

#include <fcntl.h>
#include <unistd.h>

namespace umkehr {

void occupy_standard_streams() {
  for (int stream = STDIN_FILENO; stream <= STDERR_FILENO; ++stream)
    if (::fcntl(stream, F_GETFD) < 0) ::open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

}  // namespace umkehr
