# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs umkehr on a thousand mutated experiments and holds every one to what the command promises.

Each input is a shipped experiment, made small, or a seed of the fuzzer, in which one to three keys are scaled, swapped,
deleted, given an odd type or another formula. Whatever comes of it: an exit code of the list, no signal, nothing left
behind, a message with its place, an end in time; and where a result was written, finite numbers and densities.

    mutate_experiments.py UMKEHR SOURCES [--seed 1] [--count 1000] [--jobs 2] [--seconds 2] [--keep FOLDER]
"""

import argparse
import collections
import concurrent.futures
import pathlib
import random
import re
import subprocess
import sys
import tempfile

import h5py
import numpy as np

GRACE = 20  # seconds beyond --max-seconds for reading, checking and a busy machine
FORMULAS = ["0", "1/x", "log(x)", "-1e4*x", "x^2", "x^9", "exp(x^2)", "sin(50*x)", "abs(x)", "where(x < 0, 1, -1)",
            "t", "1/t", "sqrt(x)", "y", "1e308*x", "exp(-1000*x^2)", "2147483648", "-2147483648", "x +", ""]
FACTORS = [0, -1, 0.1, 0.5, 0.9, 1.1, 2, 10, 1e3, 1e-3, 1e9, 1e-9, 1e300, 1e-15]
ODD = ["true", '"text"', "[]", "[1, 2, 3]", "{}", "nan", "inf", "-inf", "1e-300", "0", "1979-05-27", "[[1.0]]"]
LINE = re.compile(r"^(?P<key>\s*[A-Za-z_][\w.]*\s*=\s*)(?P<value>.*?)(?P<comment>\s+#.*)?$")
NUMBER = re.compile(r"(?<![\w.])-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?(?![\w.])")
FORMULA = re.compile(r'"[^"]*[-+*/^(x][^"]*"')


def made_small(text):
    """Few points and times, and loose tolerances, so that most runs take milliseconds."""
    most = {0: 96, 1: 96, 2: 24, 3: 10}[min(text.count("[[axis]]"), 3)]
    text = re.sub(r"(?m)^(\s*points\s*=\s*)(\d+)", lambda m: m[1] + str(min(int(m[2]), most)), text)
    text = re.sub(r'(?m)^(\s*solve\s*=\s*"(?:fokker-planck|hjb)".*)$', r"\1\ntolerance = 1e-5", text)
    text = re.sub(r"(?m)^\s*tolerance = 1e-5\n((?:(?!\[\[).*\n)*?\s*(?:dt|tolerance)\s*=)", r"\1", text)
    return re.sub(r"(?m)^(\s*save\s*=\s*)(\d+)", lambda m: m[1] + str(min(int(m[2]), 4)), text)


def originals(sources):
    for file in sorted((sources / "experiments").glob("*.toml")):
        yield file.name, made_small(file.read_text())
    for file in sorted((sources / "validation/fuzzing/experiment").iterdir()):
        yield file.name, made_small(file.read_text(errors="replace"))


def scaled(rng, value):
    numbers = list(NUMBER.finditer(value))
    if not numbers:
        return other_formula(rng, value)
    one = rng.choice(numbers)
    number = float(one[0]) * rng.choice(FACTORS)
    is_whole = "." not in one[0] and "e" not in one[0].lower() and abs(number) < 1e15
    return value[: one.start()] + (str(int(number)) if is_whole else repr(number)) + value[one.end():]


def other_formula(rng, value):
    formulas = list(FORMULA.finditer(value))
    if not formulas:
        return rng.choice(ODD)
    one = rng.choice(formulas)
    return value[: one.start()] + '"' + rng.choice(FORMULAS) + '"' + value[one.end():]


def mutated(rng, text):
    lines = text.splitlines()
    keyed = [n for n, line in enumerate(lines) if LINE.match(line)]
    for _ in range(rng.choice([1, 1, 1, 2, 3])):
        n = rng.choice(keyed)
        line = LINE.match(lines[n])
        if not line:
            continue
        how = rng.choice(["scale", "scale", "scale", "formula", "formula", "swap", "delete", "odd", "twice"])
        value = line["value"]
        if how == "scale":
            value = scaled(rng, value)
        elif how == "formula":
            value = other_formula(rng, value)
        elif how == "swap":
            value = (LINE.match(lines[rng.choice(keyed)]) or line)["value"]
        elif how == "odd":
            value = rng.choice(ODD)
        if how == "delete":
            lines[n] = ""
        elif how == "twice":
            lines.insert(rng.randrange(len(lines)), lines[n])
        else:
            lines[n] = line["key"] + value
    return "\n".join(lines) + "\n"


def wrong_in_result(file):
    """What a result holds that it must not."""
    found = []

    def look(name, item):
        if not isinstance(item, h5py.Dataset) or item.dtype.kind != "f":
            return
        values = item[()]
        if not np.all(np.isfinite(values)):
            found.append(f"{name} is not finite")
        elif name.endswith("/density") and values.ndim > 1:
            flat = values.reshape(values.shape[0], -1)[1:]  # a point at the start may ripple
            if np.any(flat.min(axis=1) < -1e-6 * np.abs(flat.max(axis=1))):
                found.append(f"{name} is no density")

    with h5py.File(file) as result:
        result.visititems(look)
    return found


def problems(code, err, folder, experiment):
    left = {path.name for path in folder.iterdir()} - {experiment.name}
    result = experiment.with_suffix(".h5")
    if code < 0:
        return [f"signal {-code}"]
    if code not in (0, 2, 3, 4):
        return [f"exit code {code}"]
    if code == 0:
        unwanted = left - {result.name, result.with_suffix(".xdmf").name}
        return wrong_in_result(result) + [f"{name} left behind" for name in unwanted]
    found = [f"{name} left behind" for name in left]
    message = [line for line in err.splitlines() if line.startswith("umkehr: ") and "warning" not in line]
    if len(message) != 1:
        found.append("no single message")
    elif code == 2 and not re.search(r"\.toml:\d+:\d+: |task \"", message[0]):
        found.append("a message without place")
    elif code == 3 and not re.search(r"task \"|memory|--max-seconds", message[0]):
        found.append("a message without task")
    return found


def run(umkehr, text, seconds):
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        experiment = folder / "mutated.toml"
        experiment.write_text(text)
        words = [umkehr, "run", str(experiment), "--quiet", "--threads", "1", "--max-seconds", str(seconds)]
        try:
            ended = subprocess.run(words, capture_output=True, text=True, errors="replace", timeout=seconds + GRACE)
        except subprocess.TimeoutExpired:
            return None, ["did not end"], ""
        return ended.returncode, problems(ended.returncode, ended.stderr, folder, experiment), ended.stderr


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("umkehr")
    parser.add_argument("sources", type=pathlib.Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=2)
    parser.add_argument("--keep", type=pathlib.Path, help="a folder for the inputs that went wrong")
    given = parser.parse_args()
    rng = random.Random(given.seed)
    seeds = list(originals(given.sources))
    inputs = [(name, mutated(rng, text)) for name, text in (rng.choice(seeds) for _ in range(given.count))]
    codes, wrong = collections.Counter(), 0
    with concurrent.futures.ThreadPoolExecutor(given.jobs) as pool:
        outcomes = pool.map(lambda one: run(given.umkehr, one[1], given.seconds), inputs)
        for number, ((name, text), (code, found, err)) in enumerate(zip(inputs, outcomes)):
            codes[code] += 1
            if not found:
                continue
            wrong += 1
            print(f"{number} of {name}: {'; '.join(found)}: {err.strip().splitlines()[-1:]}", flush=True)
            if given.keep:
                given.keep.mkdir(parents=True, exist_ok=True)
                (given.keep / f"{number}_{pathlib.Path(name).stem}.toml").write_text(text)
    counts = ", ".join(f"{codes[code]} exit {code}" for code in sorted(codes, key=str))
    print(f"{given.count} mutated experiments of seed {given.seed}: {counts}; {wrong} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
