# SPDX-License-Identifier: GPL-3.0-or-later
"""Mean and variance along each axis that is no angle, beside the exact ones and (2.35) as printed where it differs."""
import numpy as np

from . import drawing


def lines(tasks):
    """(Task, number of an axis, its name)"""
    return [(task, k, axis) for task in tasks for k, axis in enumerate(task.axes) if f"mean_{axis}" in task.numbers]


def draw(result, tasks):
    figure, panels = drawing.row(2, 3.0, 2.9, 1.4)
    drawing.title(figure, result.title)
    several = max(task.dimension for task in tasks) > 1
    for task, k, axis in lines(tasks):
        line = drawing.task_line(tasks.index(task)) | ({"color": drawing.COLOURS[k]} if several else {})
        label = drawing.plain(task.name) + (f", ${drawing.letter(axis)}$" if several else "")
        for panel, moment in zip(panels, ("mean", "variance")):
            panel.plot(task.times, task.numbers[f"{moment}_{axis}"], label=label, **line)
    known = next((task for task in tasks if any(name.startswith("exact_mean") for name in task.numbers)), None)
    if known is not None:
        _exact(panels, known)
    for panel, label in zip(panels, ("mean", "variance")):
        panel.set_xlabel("$t$")
        panel.set_ylabel(label)
    drawing.legend(panels[1])
    return figure


def _exact(panels, task):
    label = "exact"
    for _, _, axis in lines([task]):
        for panel, moment in zip(panels, ("mean", "variance")):
            panel.plot(task.times, task.numbers[f"exact_{moment}_{axis}"], ":k", linewidth=0.9, label=label)
        label = None
    printed = task.numbers.get("printed_variance")
    if printed is not None and np.nanmax(np.abs(printed - task.numbers[f"exact_variance_{axis}"]), initial=0) > 1e-6:
        panels[1].plot(task.times, printed, color="0.5", linewidth=1, label="(2.35) as printed")
