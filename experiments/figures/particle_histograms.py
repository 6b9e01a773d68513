# SPDX-License-Identifier: GPL-3.0-or-later
"""Histograms of particles with what a count may err, over the density of a grid and in units of that error."""
from functools import partial

import numpy as np

from . import drawing, plane_maps, ranges

MOMENTS = 4


def figures(result):
    for task in result.of("particles"):
        if "histogram" in task.variables and task.dimension in (1, 2):
            yield f"histogram_{task.name}", partial(_line if task.dimension == 1 else _plane, result, task)


def _shown(task):
    return ranges.times(task.variables["histogram"], 2 if drawing.narrow() else MOMENTS)


def _line(result, task):
    shown, reference = _shown(task), task.numbers.get("reference")
    rows = 1 if reference is None else 2
    figure = drawing.figure(2.1 * len(shown) + 1.7, 2.9 if rows == 1 else 4.4)
    drawing.title(figure, result.title, task.name)
    panels = figure.subplots(rows, len(shown), squeeze=False, sharex="col", sharey="row",
                             height_ratios=[2, 1][:rows])
    letter, points = next(iter(task.axes.items()))
    limits = _window(task, shown)
    for column, index in enumerate(shown):
        panels[0, column].set_title(drawing.time_label(task.times[index]))
        _density(panels[0, column], task, points, index)
        if rows == 2:
            _deviation(panels[1, column], points, task.numbers["deviation"][index])
        panels[-1, column].set(xlabel=f"${drawing.letter(letter)}$", xlim=limits)
    panels[0, 0].set_ylabel(f"$P({drawing.letter(letter)}, t)$")
    panels[0, 0].set_ylim(bottom=0)
    handles, names = panels[0, 0].get_legend_handles_labels()
    drawing.legend(panels[-1 if drawing.narrow() else 0, -1], handles=handles, labels=names, title=r"$\pm 2$ errors",
                   handlelength=1.2)
    if rows == 2:
        largest = np.nanmax(np.abs(task.numbers["deviation"][shown]), initial=0)
        panels[1, 0].set(ylabel="deviation / error", ylim=(-max(3.5, 1.1 * largest), max(3.5, 1.1 * largest)))
    return figure


def _density(panel, task, points, index):
    values, error = (task.variables[name][index] for name in ("histogram", "histogram_error"))
    if "reference" in task.numbers:
        panel.plot(points, task.numbers["reference"][index], color="0.72", linewidth=3.5,
                   label=drawing.plain(task.numbers["density"]))
    panel.fill_between(points, values - 2 * error, values + 2 * error, step="mid", color=drawing.COLOURS[0],
                       alpha=0.3, linewidth=0)
    panel.step(points, values, where="mid", color=drawing.COLOURS[0], linewidth=0.9, label="particles")


def _deviation(panel, points, values):
    panel.axhspan(-2, 2, color="0.92", linewidth=0, zorder=0)
    panel.axhline(0, color="0.6", linewidth=0.6, zorder=0)
    panel.plot(points, values, linestyle="none", marker="o", markersize=2, color=drawing.COLOURS[0])


def _window(task, shown):
    seen = task.variables["histogram"][shown] > 0
    inside = next(iter(task.axes.values()))[seen.any(axis=0)]
    margin = 0.05 * np.ptp(inside) if inside.size else 0
    return (inside[0] - margin, inside[-1] + margin) if margin > 0 else None


def _plane(result, task):
    values = task.variables["histogram"]
    shown = ranges.times(values, plane_maps.MAPS)
    seen = (values[shown] > 0).any(axis=0)
    limits = []
    for k, points in enumerate(task.axes.values()):
        inside = points[seen.any(axis=1 - k)]
        limits.append((inside[0], inside[-1]) if len(inside) > 1 else (points[0], points[-1]))
    page = plane_maps.Maps(result, task, [drawing.time_label(task.times[index]) for index in shown],
                           ranges.square(limits))
    for panel, index in zip(page.panels, shown):
        page.map(panel, values[index], vmin=0)
    return page.finish(f"particles, $P({page.letters}, t)$")
