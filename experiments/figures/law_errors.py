# SPDX-License-Identifier: GPL-3.0-or-later
"""How far each task is from the exact law over time or, where none is known, the tasks from each other.

Relative L1 for the density (finite volumes: of cell means), and for the score the L2 weighted by P where the
density exceeds 1e-10 of its maximum, as `umkehr compare` measures them.
"""
from functools import partial

import numpy as np

from . import drawing


def figures(result, tasks):
    errors = [(task.name, task.times, task.numbers["density_error"], task.numbers.get("score_error"))
              for task in tasks if "density_error" in task.numbers]
    differences = [(f"{pair.first.name},\n{pair.second.name}", pair.first.times, pair.numbers["difference"],
                    pair.numbers.get("score_difference"))
                   for pair in result.pairs if pair.of == "density" and pair.first in tasks and pair.second in tasks]
    if errors:
        yield "error", partial(_draw, result, errors, "error")
    elif differences:
        yield "difference", partial(_draw, result, differences, "difference")


def _draw(result, lines, measure):
    """A line is (label, times, density, score or None)."""
    with_score = any(score is not None and np.isfinite(score).any() for *_, score in lines)
    figure, row = drawing.row(2 if with_score else 1, 3.0, 2.9, 1.4)
    drawing.title(figure, result.title)
    for number, (name, times, *values) in enumerate(lines):
        for axes, value in zip(row, values):
            value = np.full(len(times), np.nan) if value is None else drawing.above_epsilon(value)
            axes.semilogy(times, value, label=drawing.plain(name), marker="o", markersize=2,
                          **drawing.task_line(number))
    row[0].set_ylabel(f"density, relative $L^1$ {measure}")
    if with_score:
        row[1].set_ylabel(f"score, relative $L^2(P)$ {measure}")
    for axes in row:
        drawing.machine_epsilon(axes)
        axes.set_xlabel("$t$")
    drawing.legend(row[-1])
    return figure
