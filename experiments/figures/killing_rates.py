# SPDX-License-Identifier: GPL-3.0-or-later
"""Bridges between the same ends under several rates of killing: their cost, and the work of finding them."""
from functools import partial

import numpy as np

from . import drawing

FEWEST = 3
COLUMNS = (("kl", r"cost $D_{KL}(H^*\Vert G)$"), ("iterations", "iterations"),
           ("unkilled_distance", "distance from the unkilled bridge"))


def figures(result):
    tasks = [task for task in result.of("schroedinger-bridge") if "killing" in task.numbers]
    if len({task.numbers["killing"] for task in tasks}) >= FEWEST:
        yield "killing", partial(_draw, result, tasks)


def _draw(result, tasks):
    places = np.arange(len(tasks))
    figure, row = drawing.row(3, 2.8, 0.26 * len(tasks) + 1.3, sharey=True)
    drawing.title(figure, result.title)
    for panel, (variable, label), colour in zip(row, COLUMNS, drawing.COLOURS):
        values = [task.numbers[variable] if variable in task.numbers else task.variables[variable] for task in tasks]
        panel.plot(values, places, "o", color=colour, markersize=5)
        panel.axvline(0, color="0.8", linewidth=0.6, zorder=0)
        panel.set_xlabel(label)
        panel.grid(axis="y", color="0.92", linewidth=0.6)
    for panel in row if drawing.narrow() else row[:1]:
        panel.set_yticks(places, [f"$V$ = {drawing.plain(task.numbers['killing'])}" for task in tasks])
        panel.invert_yaxis()
    return figure
