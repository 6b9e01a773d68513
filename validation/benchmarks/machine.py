# SPDX-License-Identifier: GPL-3.0-or-later
"""Speeds of this machine, measured in this run: the least that a sweep over a field, or a product, can cost."""
import time
from threading import Thread

import numpy as np


class Machine:
    def __init__(self, threads):
        self.threads = threads
        self.memory = self._copy(12_000_000, 1)   # elements a thread: far beyond any cache
        self.cache = self._copy(16_384, 400)      # 2 x 128 KiB a thread
        self.arithmetic = self._multiply(1024)

    def limit(self, cells, bytes_a_cell):
        """Seconds to move so many bytes for each cell, from cache when read and write copies fit there."""
        return cells * bytes_a_cell / (self.cache if cells * 16 <= 1 << 20 else self.memory)

    def _copy(self, size, repeats):
        """Bytes read and written a second by all threads together."""
        best = np.inf
        pairs = [(np.ones(size), np.zeros(size)) for _ in range(self.threads)]

        def work(source, target):
            for _ in range(repeats):
                np.copyto(target, source)

        for _ in range(5):
            workers = [Thread(target=work, args=pair) for pair in pairs]
            begin = time.perf_counter()
            for worker in workers:
                worker.start()
            for worker in workers:
                worker.join()
            best = min(best, time.perf_counter() - begin)
        return 16 * size * repeats * self.threads / best

    @staticmethod
    def _multiply(size):
        """Multiplications and additions a second in a product of matrices on all threads."""
        best, a = np.inf, np.ones((size, size))
        for _ in range(5):
            begin = time.perf_counter()
            a @ a
            best = min(best, time.perf_counter() - begin)
        return 2 * size ** 3 / best

    def __str__(self):
        return (f"copy on {self.threads} threads: {self.memory / 1e9:.1f} GB/s from memory, "
                f"{self.cache / 1e9:.0f} GB/s from cache; products of matrices {self.arithmetic / 1e9:.0f} GFLOP/s")
