# SPDX-License-Identifier: GPL-3.0-or-later
"""Our own Google Benchmark programs, run once a call."""
import json
import os
import subprocess
from pathlib import Path

UNITS = {"ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1.0}
STANDARD = {"name", "family_index", "per_family_instance_index", "run_name", "run_type", "repetitions",
            "repetition_index", "threads", "iterations", "real_time", "cpu_time", "time_unit", "label",
            "aggregate_name", "aggregate_unit", "error_occurred", "error_message"}
TASKS = {"t1": ["t1_finite_volume", "t1_spectral"], "t2": ["t2_finite_volume", "t2_fourier", "t2_hermite"],
         "t3": ["t3_bridge"], "formula": ["formula"]}


def programs(build, task):
    """Paths of the task's programs; says which are missing."""
    found = []
    for name in TASKS[task]:
        paths = [path for path in Path(build).rglob(f"benchmark_{name}") if os.access(path, os.X_OK)]
        if paths:
            found.append(paths[0])
        else:
            print(f"benchmark_{name}: not found in {build}")
    return found


def run(program, threads, shortest):
    """One row a benchmark, each run for at least `shortest` seconds: name, seconds and its counters."""
    environment = os.environ | {"OMP_NUM_THREADS": str(threads)}
    command = [str(program), "--benchmark_format=json", f"--benchmark_min_time={shortest}"]
    finished = subprocess.run(command, capture_output=True, text=True, env=environment)
    if finished.returncode != 0:
        raise RuntimeError(f"{program.name} failed: {finished.stderr.strip()[-300:]}")
    rows = []
    for entry in json.loads(finished.stdout)["benchmarks"]:
        if entry.get("run_type") == "aggregate":
            continue
        if entry.get("error_occurred"):
            raise RuntimeError(f"{entry['name']}: {entry.get('error_message')}")
        rows.append({"name": entry["name"], "label": entry.get("label", ""), "program": program.name,
                     "seconds": entry["real_time"] * UNITS[entry["time_unit"]],
                     "counters": {key: value for key, value in entry.items() if key not in STANDARD}})
    return rows
