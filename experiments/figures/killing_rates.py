# SPDX-License-Identifier: GPL-3.0-or-later
"""Bridges between the same ends under several rates of killing: their cost, and the work of finding them."""
import tomllib

import numpy as np

from . import drawing

FEWEST = 3


def figures(result):
    written = {task.get("name"): task for task in tomllib.loads(result.experiment).get("task", [])}
    rates = [(task, written.get(task.name, task.attributes).get("killing"))
             for task in result.of("schroedinger-bridge")]
    rates = [(task, str(rate)) for task, rate in rates if rate is not None]
    if len(rates) >= FEWEST:
        yield "killing", lambda: _draw(result, *zip(*rates))


def _draw(result, tasks, rates):
    places = np.arange(len(tasks))
    figure, row = drawing.row(3, 2.8, 0.26 * len(tasks) + 1.3, sharey=True)
    drawing.title(figure, result.title)
    reference = next((task for task, rate in zip(tasks, rates) if rate.strip() == "0"), tasks[0])
    columns = (("kl", r"cost $D_{KL}(H^*\Vert G)$"), ("iterations", "iterations"),
               (None, "distance from the unkilled bridge"))
    for panel, (variable, label), colour in zip(row, columns, drawing.COLOURS):
        values = [_distance(task, reference) if variable is None else float(task.variables[variable])
                  for task in tasks]
        panel.plot(values, places, "o", color=colour, markersize=5)
        panel.axvline(0, color="0.8", linewidth=0.6, zorder=0)
        panel.set_xlabel(label)
        panel.grid(axis="y", color="0.92", linewidth=0.6)
    for panel in row if drawing.narrow() else row[:1]:
        panel.set_yticks(places, [f"$V$ = {drawing.plain(rate)}" for rate in rates])
        panel.invert_yaxis()
    return figure


def _distance(task, reference):
    """Largest relative L1 distance of the densities over the saved times."""
    ours, other = task.variables["density"], reference.variables["density"]
    axes = tuple(range(1, ours.ndim))
    return (np.abs(ours - other).sum(axis=axes) / other.sum(axis=axes)).max()
