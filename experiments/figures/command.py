# SPDX-License-Identifier: GPL-3.0-or-later
"""Draws figures of a result file, as `umkehr plot --help` says.

Prints the name of each file written. Exit codes: 0 done, 2 wrong usage, 4 input or output failed, 128 and its number
after a signal.
"""
import io
import os
import re
import signal
import sys
import warnings

from . import options

NEEDED = ("matplotlib", "numpy", "h5py")


class Stopped(BaseException):
    """A signal was received."""


def stop(number, _):
    for other in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(other, signal.SIG_IGN)  # one is enough: what is unfinished is removed
    raise Stopped(number)


def complain(text, code):
    print(f"umkehr: {text}", file=sys.stderr)
    return code


def import_quietly():
    """matplotlib without what the user's environment, files and current folder would make of it. Figures of equal
    results are equal."""
    for name in ("MPLBACKEND", "MATPLOTLIBRC"):
        os.environ.pop(name, None)
    os.environ["MATPLOTLIBRC"] = os.devnull
    import logging
    logging.disable(logging.WARNING)  # such as that its cache lies in a temporary folder
    warnings.simplefilter("ignore")   # what is not a number is drawn as a gap
    here = os.open(".", os.O_PATH)
    os.chdir(os.path.dirname(os.path.abspath(__file__)))  # a matplotlibrc in the current folder would come first
    try:
        import matplotlib
        matplotlib.use("Agg")
        from . import catalogue  # noqa: F401
    finally:
        os.fchdir(here)
        os.close(here)


def with_modules_of_the_user():
    """Last, so that they add to those of the interpreter and replace none."""
    import site
    sys.path.append(site.getusersitepackages())


def save(figure, stem, chosen):
    """Each file appears whole or not at all."""
    if hasattr(figure, "film"):
        save_film(figure, stem)
        return
    # Without dates and versions equal results give equal bytes.
    metadata = {"png": {"Software": None}, "svg": {"Date": None}, "pdf": {"CreationDate": None, "Producer": None}}
    for kind in chosen:
        drawn = io.BytesIO()
        figure.savefig(drawn, format=kind, metadata=metadata[kind])
        target = stem.with_name(f"{stem.name}.{kind}")
        unfinished = target.with_name(f".{target.name}.{os.getpid()}")
        try:
            unfinished.write_bytes(drawn.getvalue())
            os.replace(unfinished, target)
        finally:
            unfinished.unlink(missing_ok=True)
        print(target, flush=True)


def save_film(figure, stem):
    """What moves is a GIF, whatever formats pictures have."""
    target = stem.with_name(f"{stem.name}.gif")
    unfinished = stem.with_name(f".{stem.name}.{os.getpid()}.gif")
    try:
        figure.film.write(figure, unfinished)
        os.replace(unfinished, target)
    finally:
        unfinished.unlink(missing_ok=True)
    print(target, flush=True)


def keep_the_result(asked, stem):
    """A result may bear the name of a figure, whatever the link."""
    for kind in [*asked.format, "gif"]:
        target = stem.with_name(f"{stem.name}.{kind}")
        if target.exists() and target.samefile(asked.result):
            raise options.WrongUsage(f"{target}: the figure would replace the result that it is drawn from; "
                                     "give another folder with -o DIR")


def draw(asked):
    from . import catalogue, drawing, result_file

    found = dict(catalogue.figures(result_file.read(asked.result, asked.numbers)))
    if asked.list:
        print(*found, sep="\n", flush=True)
        return
    chosen = options.choose_figures(asked, list(found), catalogue)
    drawing.apply(asked.width, asked.titles, asked.dots)
    if chosen:
        asked.output.mkdir(parents=True, exist_ok=True)
    for name in chosen:
        figure = found[name]()
        drawing.lay_out(figure)
        stem = asked.output / re.sub(r"[^A-Za-z0-9_.-]", "_", name)
        keep_the_result(asked, stem)
        save(figure, stem, asked.format)
    left = [name for name in found if name not in chosen]
    if not found:
        complain(f"{asked.result}: no task of this file holds a field that has a figure; nothing to draw", 0)
    elif left and not asked.only:
        complain(f"not drawn: {', '.join(left)}; give --only NAME,... or --all", 0)


def run(argv):
    asked = options.read(argv)
    try:
        import_quietly()
    except ImportError as missing:
        name = missing.name if missing.name in NEEDED else str(missing)
        return complain(f"figures need the Python module {name}, which {sys.executable} does not have; install it "
                        f"(Debian: python3-{missing.name or 'matplotlib'}), or name an interpreter that has it in "
                        "UMKEHR_PYTHON", 4)
    try:
        draw(asked)
    except OSError as failure:
        return complain(f"{failure.filename or asked.result}: {failure.strerror or 'damaged HDF5 file'}", 4)
    except options.WrongUsage:
        raise
    except Exception as failure:  # whatever a damaged file provokes: a message, not a stack trace
        return complain(f"{asked.result}: cannot be drawn: {failure or type(failure).__name__}", 4)
    return 0


def main(argv=None):
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, stop)
    try:
        with_modules_of_the_user()
        code = run(argv)
    except Stopped as stopped:
        code = 128 + stopped.args[0]
    except SystemExit as leaving:
        code = leaving.code
    except Exception as failure:
        code = complain(f"{failure or type(failure).__name__}", getattr(failure, "exit_code", 4))
    try:
        sys.stdout and sys.stdout.flush()
    except OSError:  # said before; the interpreter would try again and print a trace
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    return code
