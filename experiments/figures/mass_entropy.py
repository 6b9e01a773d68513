# SPDX-License-Identifier: GPL-3.0-or-later
"""Mass M(t) and entropy h(t) = -int P ln P dx of every task."""
import numpy as np

from . import drawing

CONSERVED = 1e-6  # a mass that changes by less is drawn as its deviation


def figures(result, every):
    panels = [name for name in ("mass", "entropy") if any(name in task.variables for task in every)]
    if panels:
        yield "_and_".join(panels), lambda: _draw(result, every, panels)


def _draw(result, every, panels):
    figure, row = drawing.row(len(panels), 3.6, 2.9, 0.2)
    drawing.title(figure, result.title)
    for axes, name in zip(row, panels):
        tasks = [task for task in every if name in task.variables]
        (_mass if name == "mass" else _entropy)(axes, tasks)
        axes.set_xlabel("$t$")
    row[-1].legend(loc="best")
    return figure


def _mass(axes, tasks):
    drifts = [np.abs(task.variables["mass"] - task.variables["mass"][0]) for task in tasks]
    conserved = not any(np.nanmax(drift, initial=0) > CONSERVED for drift in drifts)
    for number, (task, drift) in enumerate(zip(tasks, drifts)):
        if conserved:
            axes.semilogy(task.times, drawing.above_epsilon(drift), label=drawing.plain(task.name),
                          **drawing.task_line(number))
        else:
            axes.plot(task.times, task.variables["mass"], label=drawing.plain(task.name),
                      **drawing.task_line(number))
    if conserved:
        drawing.machine_epsilon(axes)
    axes.set_ylabel(r"$|M(t) - M(t_0)|$" if conserved else "$M(t)$")


def _entropy(axes, tasks):
    for number, task in enumerate(tasks):
        axes.plot(task.times, task.variables["entropy"], label=drawing.plain(task.name),
                  **drawing.task_line(number))
    axes.set_ylabel(r"$h(t) = -\int P \ln P\, dx$")
