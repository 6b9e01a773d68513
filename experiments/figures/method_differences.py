# SPDX-License-Identifier: GPL-3.0-or-later
"""How far the values of several methods on one grid are from each other: where, at the first time, and over time."""
from itertools import combinations

import numpy as np

from . import drawing

ALL_PAIRS = 3  # tasks; more of them are compared with the most accurate one
ACCURATE = ["hermite", "log-transform", "fourier", "spectral", "finite-difference", "finite-volume",
            "path-integral"]


def pairs(tasks):
    """Those to compare, the second the more accurate one. A spectrum has numbers of eigenvalues as its times."""
    ranked = sorted(tasks, key=_rank)
    if len(ranked) <= ALL_PAIRS:
        return [(b, a) for a, b in combinations(ranked, 2) if _same_problem(a, b)]
    return [(task, ranked[0]) for task in ranked[1:] if _same_problem(task, ranked[0])]


def _rank(task):
    method = task.attributes.get("method")
    return ACCURATE.index(method) if method in ACCURATE else len(ACCURATE)


def same_grid(a, b):
    return (list(a.axes) == list(b.axes) and np.array_equal(a.times, b.times)
            and all(np.array_equal(a.axes[name], b.axes[name]) for name in a.axes))


def _same_problem(a, b):
    return same_grid(a, b) and a.attributes.get("terminal") == b.attributes.get("terminal")


def figures(result, solve, name, letter):
    found = pairs(result.of(solve))
    if found:
        yield name + "_difference", lambda: _draw(result, found, letter)


def _draw(result, found, letter):
    panels = ["where"] * (found[0][0].dimension == 1) + ["when"] * (len(found[0][0].times) > 1)
    panels = panels or ["when"]
    figure, row = drawing.row(len(panels), 3.3, 2.9, 1.6)
    drawing.title(figure, result.title)
    for axes, panel in zip(row, panels):
        for number, (a, b) in enumerate(found):
            line = drawing.task_line(number) | {"label": f"{drawing.plain(a.name)},\n{drawing.plain(b.name)}"}
            (_where if panel == "where" else _when)(axes, a, b, line)
        drawing.machine_epsilon(axes, 1e-10)
    first = found[0][0]
    if panels[0] == "where":
        axis = drawing.letter(next(iter(first.axes)))
        time = drawing.time_label(first.times[0]).strip("$")
        row[0].set_xlabel(f"${axis}$")
        row[0].set_ylabel(rf"$|{letter}_a - {letter}_b|\,/\,\max|{letter}_b|$ at ${time}$")
    if panels[-1] == "when":
        row[-1].set_xlabel("$t$")
        row[-1].set_ylabel(rf"$\|{letter}_a - {letter}_b\|_1\,/\,\|{letter}_b\|_1$")
    drawing.legend(row[-1], title="$a$, $b$", labelspacing=0.8)
    return figure


def _size(values):
    return np.where(values > 0, values, 1)


def _where(axes, a, b, line):
    found, other = a.variables["value"][0], b.variables["value"][0]
    away = (found - other) / _size(np.abs(other).max())
    axes.semilogy(next(iter(a.axes.values())), drawing.above_epsilon(away), **line)


def _when(axes, a, b, line):
    found, other = (task.variables["value"].reshape(len(task.times), -1) for task in (a, b))
    away = np.abs(found - other).sum(axis=1) / _size(np.abs(other).sum(axis=1))
    axes.semilogy(a.times, drawing.above_epsilon(away), marker="o", markersize=2, **line)
