# SPDX-License-Identifier: GPL-3.0-or-later
"""Results for the tests of figures: written by hand or by the command, and the words in what is drawn of them."""
import os
import subprocess
import sys
import warnings
from pathlib import Path

import h5py
import numpy as np

FIGURES = Path(__file__).resolve().parents[2] / "experiments" / "figures"
sys.path.insert(0, str(FIGURES.parent))
from figures import catalogue, drawing, result_file  # noqa: E402
from matplotlib.text import Text  # noqa: E402

UMKEHR = sys.argv[1] if len(sys.argv) > 1 else "umkehr"

# The head of small experiments, whose axes and tasks follow.
HEAD = """
title = "Small"
[process]
drift = {drift}
diffusion = 0.5
killing = "{killing}"
[time]
start = 0.0
stop = 1.0
save = 5
"""


def write_group(file, name, coordinates, attributes=(), **variables):
    """Each variable lies on the first coordinates, as many as it has dimensions, or on those of its pair."""
    group = file.create_group(name)
    group.attrs.update(dict(attributes))
    for axis, values in coordinates.items():
        group[axis] = values
        group[axis].make_scale(axis)
    for variable, values in variables.items():
        group[variable] = values
        for k, axis in enumerate(list(coordinates)[:np.ndim(values)]):
            group[variable].dims[k].attach_scale(group[axis])


def write_result(path, times, axes, density, **more):
    """Of one task "a"."""
    with h5py.File(path, "w") as file:
        file.attrs.update({"title": "A $ title", "source": "umkehr 0", "experiment": ""})
        write_group(file, "a", {"t": times, **axes}, density=density, **more)


def numbers_beside(path, task="a", **variables):
    """A file such as `umkehr plot` computes for a task."""
    numbers = path.with_suffix(".numbers")
    with h5py.File(numbers, "w") as file:
        for name, values in variables.items():
            file[f"{task}/{name}"] = values
    return numbers


def package(*arguments):
    """The package itself, as the command calls it."""
    return subprocess.run([sys.executable, FIGURES, *map(str, arguments)], capture_output=True, text=True)


def solve(folder, text):
    """The result of an experiment."""
    (folder / "r.toml").write_text(text)
    subprocess.run([UMKEHR, "run", "r.toml", "--quiet", "--threads", "1"], cwd=folder, check=True, capture_output=True)
    return folder / "r.h5"


def computed_numbers(result):
    """What `umkehr plot` hands to Python, in whose place a copier stands."""
    copier, numbers = result.with_suffix(".sh"), result.with_suffix(".numbers")
    copier.write_text(f"""#!/bin/sh
for word; do case "$word" in --numbers=*) cp "${{word#--numbers=}}" '{numbers}';; esac; done
""")
    copier.chmod(0o700)
    subprocess.run([UMKEHR, "plot", result], check=True, capture_output=True,
                   env=os.environ | {"UMKEHR_PYTHON": str(copier)})
    return numbers


def labels(file, numbers=None, **appearance):
    """Figure -> the texts in it, drawn here: a process and its imports for every file would be slow."""
    found = {}
    drawing.apply(dots=40, **appearance)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name, draw in catalogue.figures(result_file.read(file, numbers)):
            figure = draw()
            figure.set_layout_engine(None)  # which would draw everything several times
            figure.canvas.draw()
            found[name] = [text.get_text() for text in figure.findobj(Text) if text.get_visible()]
    return found
