#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Draws the figures that fit a result file: `plot.py RESULT.h5 [-o DIR] [--format png,svg]`.

Prints the name of each file written. Exit codes: 0 done, 2 wrong usage, 4 input or output failed.
"""
import argparse
import io
import os
import re
import sys
import warnings
from pathlib import Path

sys.dont_write_bytecode = True  # an installed folder stays as it was
FORMATS = ("png", "svg", "pdf")
# Without dates and versions equal results give equal bytes.
METADATA = {"png": {"Software": None}, "svg": {"Date": None}, "pdf": {"CreationDate": None, "Producer": None}}


def formats(text):
    chosen = [name.strip().lower() for name in text.split(",") if name.strip()]
    wrong = [name for name in chosen if name not in FORMATS]
    if wrong or not chosen:
        raise argparse.ArgumentTypeError(f'"{text[:80]}": give one or more of {", ".join(FORMATS)}')
    return chosen


def arguments(argv):
    parser = argparse.ArgumentParser(prog="umkehr plot",
                                     description="Draw the figures that fit a result file.")
    parser.add_argument("result", type=Path, help="result file (.h5)")
    parser.add_argument("-o", "--output", type=Path,
                        help="folder for the figures; default: beside the result, its name")
    parser.add_argument("--format", type=formats, default=["png", "svg"], help="default: png,svg")
    return parser.parse_args(argv)


def save(figure, stem, chosen):
    """Each file appears whole or not at all."""
    for kind in chosen:
        drawn = io.BytesIO()
        figure.savefig(drawn, format=kind, metadata=METADATA[kind])
        target = stem.with_name(f"{stem.name}.{kind}")
        unfinished = target.with_name(f".{target.name}.{os.getpid()}")
        try:
            unfinished.write_bytes(drawn.getvalue())
            os.replace(unfinished, target)
        finally:
            unfinished.unlink(missing_ok=True)
        figure.set_layout_engine("none")  # found while drawing the first format, and slow
        print(target, flush=True)


def draw(path, folder, chosen):
    import catalogue
    import result
    from matplotlib import pyplot

    found = result.read(path)
    folder.mkdir(parents=True, exist_ok=True)
    count = 0
    for name, figure in catalogue.figures(found):
        save(figure, folder / re.sub(r"[^A-Za-z0-9_.-]", "_", name), chosen)
        pyplot.close(figure)
        count += 1
    if not count:
        print(f"{path}: no task of this file holds a field that has a figure; nothing to draw", file=sys.stderr)


def main(argv=None):
    options = arguments(argv)
    warnings.simplefilter("ignore")  # what is not a number is drawn as a gap
    try:
        import matplotlib
        matplotlib.use("Agg")
        import h5py  # noqa: F401
        import scipy  # noqa: F401
    except ImportError as missing:
        print(f"umkehr: figures need the Python module {missing.name}, which {sys.executable} does not have; "
              f"install it (Debian: python3-{missing.name}), or name an interpreter that has it in UMKEHR_PYTHON",
              file=sys.stderr)
        return 4
    try:
        draw(options.result, options.output or options.result.with_suffix(""), options.format)
    except KeyboardInterrupt:
        return 130
    except OSError as failure:
        print(f"{failure.filename or options.result}: {failure.strerror or 'damaged HDF5 file'}",
              file=sys.stderr)
        return 4
    except Exception as failure:  # whatever a damaged file provokes: a message, not a stack trace
        print(f"{options.result}: cannot be drawn: {failure or type(failure).__name__}", file=sys.stderr)
        return 4
    return 0


if __name__ == "__main__":
    sys.exit(main())
