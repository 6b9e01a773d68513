#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Our benchmark programs and their peers, in turn within one run, beside what the machine allows.

`peers.py --build DIR [--rounds 3] [--threads N]`. Each round runs every program of ours and every peer once
(A, B, A, B): the speed of a shared core drifts by more than the differences that matter. Medians are shown.
"""
import argparse
import os
import statistics
import sys
import time

BUDGET = 150.0  # seconds, after which no further round is begun
# Errors at which the fastest of ours is set beside the fastest peer.
LEVELS = {"t1": (5e-5, 1e-10), "t2": (5e-4, 1e-8), "t3 1-D": (1e-9,), "t3 2-D": (1e-9,)}
# A field is read and written once in each direction of a step; a formula reads its point and writes a value.
BYTES = {"t1": 16, "t2": 32, "formula": 16}
# Multiplications and additions of one sweep of a bridge on n points an axis, by their dimension.
SWEEP = {1: lambda n: 4 * n ** 2, 2: lambda n: 8 * n ** 3, 3: lambda n: 12 * n ** 4}


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", required=True, help="build tree that holds the benchmark programs")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    return parser.parse_args()


class Measured:
    """Seconds of each round by (task, program, method, N, steps), with the error and the limit."""

    def __init__(self):
        self.rows = {}

    def add(self, key, seconds, error, limit, comparable=True):
        fresh = {"seconds": [], "error": error, "limit": limit, "comparable": comparable}
        self.rows.setdefault(key, fresh)["seconds"].append(seconds)

    def seconds(self, key):
        return statistics.median(self.rows[key]["seconds"])


def measure_own_bridge(measured, row, machine):
    given, method = row["counters"], row["name"].removesuffix("/real_time")
    points, dimension = given["N"], int(given["dimension"])
    task = f"t3 {dimension}-D" if dimension else "t3 sweeps"
    limit = dimension and given["steps"] * SWEEP[dimension](points) / machine.arithmetic
    method += f", kernel {given['kernel_bytes'] / 1e6:.1f} MB"
    measured.add((task, "umkehr", method, points, given["steps"], None), row["seconds"], given["error"], limit or None,
                 dimension > 0)


def measure_own(measured, task, program, options, machine):
    for row in own.run(program, options.threads, 0.1):
        if task == "t3":
            measure_own_bridge(measured, row, machine)
            continue
        usual = 2 if task == "t2" else 1
        given = row["counters"]
        points, steps, dimension = given.get("N"), given.get("steps"), given.get("dimension", usual)
        if "s/point" in given:
            points = round(row["seconds"] / given["s/point"])
        cells = points and points ** dimension
        method = row["name"].removesuffix("/real_time")
        # Programs also measure how the cost grows: other dimensions and coefficients are other problems.
        comparable = dimension == usual and "time_dependent" not in method
        limit = given.get("limit_seconds")
        if task == "formula" and cells:
            limit = machine.limit(cells, BYTES[task]) * machine.threads  # formulas run on one thread here
        key = (task, "umkehr", f"{program.name.removeprefix('benchmark_')}: {method}", points, steps, cells)
        measured.add(key, row["seconds"], given.get("error"), limit or None, comparable)


def measure_peer(measured, task, entry, machine):
    program, method, points, steps, solve, error_of, *dimension = entry
    begin = time.perf_counter()
    repeats = 0
    while repeats == 0 or time.perf_counter() - begin < 0.1:
        density = solve()
        repeats += 1
    seconds = (time.perf_counter() - begin) / repeats
    cells = None if dimension else points ** 2 if task == "t2" else points
    task = f"t3 {dimension[0]}-D" if dimension else task
    swept = steps and "Fourier" not in method
    limit = steps * machine.limit(cells, BYTES[task]) if swept else None
    if task == "formula":
        limit = machine.limit(cells, BYTES[task]) * machine.threads
    error = error_of and error_of(density)
    measured.add((task, program, method, points, steps, cells), seconds, error, limit)


def text(value, form):
    return "-" if value is None else format(value, form)


def print_table(measured):
    print(f"{'task':10}{'program':18}{'method':64}{'N':>7}{'steps':>7}{'seconds':>12}{'ns/cell-step':>14}"
          f"{'L1 error':>11}{'limit s':>11}{'x limit':>9}")
    for key, row in sorted(measured.rows.items(), key=lambda item: (item[0][0], item[0][1] != "umkehr")):
        task, program, method, points, steps, cells = key
        seconds = measured.seconds(key)
        each = 1e9 * seconds / (cells * (steps or 1)) if cells and (steps or task == "formula") else None
        ratio = seconds / row["limit"] if row["limit"] else None
        print(f"{task:10}{program:18}{method[:63]:64}{text(points, '7.0f'):>7}{text(steps, '7.0f'):>7}"
              f"{seconds:12.3e}{text(each, '14.3f'):>14}{text(row['error'], '11.1e'):>11}"
              f"{text(row['limit'], '11.1e'):>11}{text(ratio, '9.1f'):>9}")


def print_fastest(measured):
    for task, levels in LEVELS.items():
        for level in levels:
            good = [key for key, row in measured.rows.items() if key[0] == task and row["comparable"]
                    and row["error"] is not None and row["error"] <= level]
            ours = min((key for key in good if key[1] == "umkehr"), key=measured.seconds, default=None)
            peer = min((key for key in good if key[1] != "umkehr"), key=measured.seconds, default=None)
            if ours and peer:
                a, b = measured.seconds(ours), measured.seconds(peer)
                print(f"{task} with an error below {level:.0e}: {ours[2]} {a:.2e} s, "
                      f"{peer[1]} ({peer[2]}) {b:.2e} s, {b / a:.1f} times as long")
            else:
                print(f"{task} with an error below {level:.0e}: nothing to compare, no entry of "
                      f"{'ours' if not ours else 'a peer'} reaches it")


def entries(threads):
    import peers_1d
    import peers_2d
    import peers_bridge
    import peers_formula
    return {"t1": list(peers_1d.entries()), "t2": list(peers_2d.entries(threads)),
            "t3": list(peers_bridge.entries()), "formula": list(peers_formula.entries())}


def run(options):
    programs = {task: own.programs(options.build, task) for task in own.TASKS}
    if not any(programs.values()):
        raise RuntimeError(f"no benchmark program in {options.build}: configure with -DUMKEHR_BENCHMARKS=ON")
    machine, peers = Machine(options.threads), entries(options.threads)
    print(machine)
    for task in peers:
        for entry in peers[task]:
            entry[4]()  # compiled, planned and paged in before the clock runs
    measured, begin = Measured(), time.monotonic()
    for turn in range(options.rounds):
        if turn and (time.monotonic() - begin) * (turn + 1) / turn > BUDGET:
            print(f"stopped after {turn} of {options.rounds} rounds, to keep within {BUDGET:.0f} s")
            break
        for task in peers:
            for program in programs[task]:
                measure_own(measured, task, program, options, machine)
            for entry in peers[task]:
                measure_peer(measured, task, entry, machine)
        print(f"round {turn + 1} of {options.rounds} done", file=sys.stderr)
    print_table(measured)
    print_fastest(measured)


if __name__ == "__main__":
    options = arguments()
    for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS"):
        os.environ[variable] = str(options.threads)  # before numpy and numba are imported
    sys.dont_write_bytecode = True
    import own
    from machine import Machine
    try:
        run(options)
    except (RuntimeError, OSError, ValueError) as failure:
        sys.exit(f"benchmarks: {failure}")
