#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sends signals at random moments of each kind of task, a third of them twice: `signal_stress.py UMKEHR [COUNT] [SEED]`.

Prints the exits, the partial files and the seconds until the exit; fails where one is not what was promised.
"""
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

SIGNALS = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]
BUMP = "initial = { gaussian = { mean = [0.0], covariance = [[0.25]] } }"
ROUND = "initial = { gaussian = { mean = [0.0, 0.0], covariance = [[0.25, 0.0], [0.0, 0.25]] } }"
AXIS = '[[axis]]\nname = "{}"\nfrom = -4.0\nto = 4.0\npoints = {}\n'
TIME = "[time]\nstop = 1.0\nsave = {}\n"


def on_a_line(points, task, save=3):
    return ('[process]\ndrift = ["x - x^3"]\ndiffusion = "0.5"\n' + TIME.format(save) + AXIS.format("x", points)
            + "[[task]]\n" + task)


def in_the_plane(points, task, save=3):
    return ('[process]\ndrift = ["x - x^3 + y", "-y - x"]\ndiffusion = "0.5"\n' + TIME.format(save)
            + AXIS.format("x", points) + AXIS.format("y", points) + "[[task]]\n" + task)


TASKS = {
    "fokker-planck, finite-volume": on_a_line(2048, f'solve = "fokker-planck"\ndt = 1e-7\n{BUMP}\n'),
    "fokker-planck, symmetrised":
        on_a_line(4000, f'solve = "fokker-planck"\nmethod = "fourier"\nscheme = "symmetrised"\n{BUMP}\n'),
    "fokker-planck, path-integral":
        on_a_line(6000, f'solve = "fokker-planck"\nmethod = "path-integral"\ndt = 1e-4\n{BUMP}\n'),
    "backward-kolmogorov": on_a_line(2048, 'solve = "backward-kolmogorov"\ndt = 1e-7\nterminal = "x"\n'),
    "spectrum, hermite": on_a_line(3000, 'solve = "spectrum"\nmethod = "hermite"\ncount = 4\n'),
    "spectrum, finite-volume":
        in_the_plane(500, 'solve = "spectrum"\nmethod = "finite-volume"\ncount = 20\n'),
    "hjb": on_a_line(2000, 'solve = "hjb"\nmethod = "finite-difference"\ndt = 1e-7\nterminal = "x^2"\n'),
    "most-probable-path":
        on_a_line(100, 'solve = "most-probable-path"\nfrom = [-1.0]\nto = [1.0]\npoints = 100000\n'),
    "action-gap": in_the_plane(
        96, f'name = "f"\nsolve = "fokker-planck"\nmethod = "finite-volume"\ntolerance = 1e-2\n{ROUND}\n'
        '[[task]]\nsolve = "action-gap"\nof = "f"\nscore = ["score_x + 0.1*sin(x)", "score_y"]\nstart = 0.1\n'),
    "writing": in_the_plane(
        192, f'solve = "fokker-planck"\nmethod = "finite-volume"\nscheme = "backward-euler"\ndt = 0.5\n{ROUND}\n', 21),
    "keep-going": on_a_line(
        256, f'name = "a"\nsolve = "fokker-planck"\n{BUMP}\n[[task]]\nname = "b"\nsolve = "fokker-planck"\n'
        f'dt = 1e-7\n{BUMP}\n'),
}


def wait_until_ready(child):
    """Until main() runs: while the system loads its libraries a program has no say in what a signal does."""
    while child.poll() is None:
        status = Path(f"/proc/{child.pid}/status").read_text()
        blocked = next(int(line.split()[1], 16) for line in status.splitlines() if line.startswith("SigBlk"))
        if blocked >> (signal.SIGTERM - 1) & 1:
            return
        time.sleep(0.001)


def one(umkehr, name, folder, chance):
    """(exit code, files that should not be there, seconds from the signal to the exit)"""
    (folder / "run.toml").write_text(TASKS[name])
    (folder / "run.h5").write_bytes(b"older")
    words = [umkehr, "run", "run.toml", "--quiet"] + (["--keep-going"] if name == "keep-going" else [])
    child = subprocess.Popen(words, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                             stderr=subprocess.DEVNULL)
    wait_until_ready(child)
    time.sleep(chance.uniform(0, 2.0))
    number, sent = chance.choice(SIGNALS), time.monotonic()
    child.send_signal(number)
    if chance.random() < 1 / 3:
        time.sleep(chance.choice([0, 0.001, 0.01]))
        child.send_signal(chance.choice(SIGNALS))
    code = child.wait()
    seconds = time.monotonic() - sent
    wrong = [file.name for file in folder.iterdir() if file.name not in ("run.toml", "run.h5", "run.xdmf")]
    result = (folder / "run.h5").read_bytes()
    if result != b"older" and not result.startswith(b"\x89HDF"):
        wrong.append("a result cut short")
    return code, wrong, seconds


def main():
    umkehr, count = os.path.abspath(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 200
    chance = random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else 0)
    runs = {name: [] for name in TASKS}
    for n in range(count):
        name = list(TASKS)[n % len(TASKS)]
        with tempfile.TemporaryDirectory() as folder:
            runs[name].append(one(umkehr, name, Path(folder), chance))
    for name, ends in runs.items():
        exits = dict(sorted(Counter(code for code, _, _ in ends).items()))
        print(f"{name:30} exits {exits}, partial files {sum(len(wrong) for _, wrong, _ in ends)}, "
              f"longest {max(seconds for _, _, seconds in ends):.3f} s")
    every = [end for ends in runs.values() for end in ends]
    bad = [end for end in every if end[0] not in (0, 129, 130, 143) or end[1]]
    print(f"{len(every)} signals, {len(bad)} with another exit or a partial file, "
          f"{sum(seconds > 1 for _, _, seconds in every)} that took more than a second")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
